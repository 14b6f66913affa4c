/* The desk corrects what a ticket is about, or where: the book decides anew by that, and from then
 * on whenever the ticket is decided again. */
#include "tests/engine/small_bench.h"

#include <criterion/criterion.h>

#define ACCEPTED LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define REFUSED  LIANXIN__V1__OUTCOME__OUTCOME_REFUSED
#define INVALID  LIANXIN__V1__OUTCOME__OUTCOME_INVALID

#define UPSTAIRS "511100000000.urban"

static Lianxin__V1__Act correction(const char *id, const char *number, const char *category,
                                   const char *place)
{
    Lianxin__V1__Act act = bench_action(id, number, LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.category = (char *)category;
    act.place = (char *)place;
    return act;
}

/* Corrects, and expects the main unit to be this one. */
static void expect_unit(struct small_bench *bench, Lianxin__V1__Act act, const char *unit)
{
    Lianxin__V1__Reply *reply = bench_act(&bench->bench, &act);
    cr_expect_eq(outcome_of(reply), ACCEPTED, "%s: %s", act.external_id,
                 answer_of(reply, 0)->message);
    cr_expect_str_eq(answer_of(reply, 0)->unit, unit, "%s", act.external_id);
    reply_free(reply);
}

static void expect_refusal(struct small_bench *bench, Lianxin__V1__Act act,
                           Lianxin__V1__Outcome outcome, const char *field, const char *part)
{
    Lianxin__V1__Reply *reply = bench_act(&bench->bench, &act);
    const Lianxin__V1__Answer *answer = answer_of(reply, 0);
    cr_expect_eq(answer->outcome, outcome, "%s: %s", act.external_id, answer->message);
    cr_expect_str_eq(answer->field, field, "%s: %s", act.external_id, answer->message);
    cr_expect_not_null(strstr(answer->message, part), "'%s' is not in '%s'", part, answer->message);
    reply_free(reply);
}

Test(corrected, by_category_by_place_or_by_both_a_ticket_is_decided_anew)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    expect_unit(&bench, correction("category", number, "#0102", ""), TOWNSHIP);
    expect_unit(&bench, correction("place", number, "", "市中区/牟子镇"), "511102101000.general");
    expect_unit(&bench, correction("both", number, "0101", "511126"), URBAN);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    const Lianxin__V1__Event *event = last_event(reply);
    cr_expect_eq(reply->ticket->n_events, 4);
    cr_expect_str_eq(event->decision->category, "0101");
    cr_expect_str_eq(event->decision->place, "511126000000");
    cr_expect_str_eq(event->act->category, "0101");
    cr_expect_str_eq(event->act->place, "511126");
    cr_expect_str_eq(reply->ticket->category_name, "市容");
    cr_expect_str_eq(reply->ticket->place_name, "乐山市/夹江县");
    cr_expect_eq(part_of(event, TOWNSHIP)->state, LIANXIN__V1__STATE__STATE_RETURNED);
    cr_expect_eq(part_of(event, TOWNSHIP)->returns, 0, "it returned nothing itself");
    cr_expect_eq(part_of(event, URBAN)->state, LIANXIN__V1__STATE__STATE_ISSUED);
    cr_expect_eq(part_of(event, POLICE)->state, LIANXIN__V1__STATE__STATE_ISSUED);
    reply_free(reply);
    cr_expect_eq(count_feed(&bench, URBAN), 4, "who lost it hears on");
    cr_expect_eq(count_feed(&bench, TOWNSHIP), 3);
    small_bench_close(&bench);
}

/* Nobody waits for a co-unit that the book does not name any more. */
Test(corrected, away_from_its_co_units_a_ticket_is_nothing_of_theirs)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    expect_unit(&bench, correction("category", number, "#0102", ""), TOWNSHIP);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_eq(part_of(last_event(reply), POLICE)->state, LIANXIN__V1__STATE__STATE_RETURNED);
    cr_expect_eq(part_of(last_event(reply), POLICE)->returns, 0);
    reply_free(reply);
    small_bench_close(&bench);
}

Test(corrected, holds_when_the_ticket_is_decided_again_also_after_a_restart)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    one.category = "0102";
    one.place = "511102101";
    small_ticket(&bench, &one, number);
    expect_unit(&bench, correction("category", number, "0101", ""), "511102000000.urban");
    expect_unit(&bench, correction("place", number, "", "511126001"), URBAN);
    bench_restart(&bench.bench);
    Lianxin__V1__Act back = bench_action("back", number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    expect_unit(&bench, back, UPSTAIRS);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_str_eq(last_event(reply)->decision->category, "0101");
    cr_expect_str_eq(last_event(reply)->decision->place, "511126001000");
    cr_expect_eq(last_event(reply)->decision->n_doubts, 0);
    reply_free(reply);
    small_bench_close(&bench);
}

/* Only a correction corrects: what else stands in an act of another kind is its own affair. */
Test(corrected, by_an_act_of_another_kind_nothing_is)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act back = bench_action("back", number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    back.category = "02";
    back.place = "511102101";
    expect_unit(&bench, back, UPSTAIRS);
    small_bench_close(&bench);
}

Test(corrected, a_doubtful_ticket_goes_from_the_desk_to_a_unit)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    one.category = "";
    one.place = "红旗村";
    struct became became = small_submit(&bench, &one);
    cr_expect_str_eq(became.answer->unit, DESK);
    memcpy(number, became.number, sizeof number);
    reply_free(became.reply);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_eq(last_event(reply)->decision->n_doubts, 2, "neither what nor where");
    reply_free(reply);
    expect_unit(&bench, correction("what", number, "0102", ""), DESK);
    reply = small_lookup(&bench, number);
    cr_assert_eq(last_event(reply)->decision->n_doubts, 1);
    cr_expect_str_eq(last_event(reply)->decision->doubts[0], "several places are called so");
    reply_free(reply);
    expect_unit(&bench, correction("where", number, "", "漹城街道/红旗村"), "511126001000.general");
    reply = small_lookup(&bench, number);
    cr_expect_eq(last_event(reply)->decision->n_doubts, 0);
    reply_free(reply);
    small_bench_close(&bench);
}

Test(corrected, to_what_means_nothing_or_several_things_is_invalid)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    const struct {
        const char *category, *place, *field, *part;
    } bad[] = {
        {"", "", "place", "is required to correct, or a category"},
        {"9999", "", "category", "is not a category of 乐山市"},
        {"市容", "", "category", "write a code"},
        {"0102", "511199", "place", "there is no such code"},
        {"", "没有这个地方", "place", "is called so"},
        {"", "红旗村", "place", "牟子镇/红旗村"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_refusal(&bench, correction("bad", number, bad[i].category, bad[i].place), INVALID,
                       bad[i].field, bad[i].part);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_eq(reply->ticket->n_events, 1);
    reply_free(reply);
    small_bench_close(&bench);
}

Test(corrected, after_an_answer_or_a_close_nothing_is)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act act = bench_action("sign", number, LIANXIN__V1__VERB__VERB_SIGN, URBAN);
    small_act(&bench, &act);
    act = bench_action("answer", number, LIANXIN__V1__VERB__VERB_ANSWER, URBAN);
    small_act(&bench, &act);
    expect_refusal(&bench, correction("late", number, "0102", ""), REFUSED, "verb",
                   "has answered already; legal now: close, reassign");
    act = bench_action("close", number, LIANXIN__V1__VERB__VERB_CLOSE, "");
    small_act(&bench, &act);
    expect_refusal(&bench, correction("later", number, "0102", ""), REFUSED, "verb", "is closed");
    small_bench_close(&bench);
}

Test(corrected, once_however_often_it_is_sent)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act act = correction("again", number, "0102", "");
    small_act(&bench, &act);
    for (int restarted = 0; restarted < 2; restarted++) {
        Lianxin__V1__Reply *reply = bench_act(&bench.bench, &act);
        cr_expect_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
        cr_expect_str_eq(answer_of(reply, 0)->unit, TOWNSHIP);
        reply_free(reply);
        bench_restart(&bench.bench);
    }
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_eq(reply->ticket->n_events, 2);
    reply_free(reply);
    small_bench_close(&bench);
}

/* A correction may leave it where it is; its clock begins anew, since its unit was given it anew.
 */
Test(corrected, to_the_same_unit_it_is_given_anew)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    bench_pass_ms(&bench.bench, HOUR_MS);
    expect_unit(&bench, correction("same", number, "", "511126001001"), URBAN);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_eq(part_of(last_event(reply), URBAN)->issued_ms, BENCH_START_MS + HOUR_MS);
    cr_expect_eq(part_of(last_event(reply), URBAN)->state, LIANXIN__V1__STATE__STATE_ISSUED);
    reply_free(reply);
    small_bench_close(&bench);
}

/* It was dispatched once, so nobody may close it unseen; and it has no deadline that would show it.
 */
Test(corrected, to_what_the_book_does_not_dispatch_it_waits_on_the_desks_list)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    expect_unit(&bench, correction("court", number, "03", ""), DESK);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_eq(last_event(reply)->decision->disposition,
                 LIANXIN__V1__DISPOSITION__DISPOSITION_REDIRECT);
    cr_expect_eq(part_of(last_event(reply), DESK)->state, LIANXIN__V1__STATE__STATE_ISSUED);
    reply_free(reply);
    Lianxin__V1__Desk asked = LIANXIN__V1__DESK__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_DESK;
    request.desk = &asked;
    reply = bench_ask(&bench.bench, &request);
    cr_assert_eq(reply->desk->n_items, 1);
    cr_expect_str_eq(reply->desk->items[0]->ticket, number);
    cr_expect_eq(reply->desk->items[0]->needs[0], LIANXIN__V1__NEED__NEED_DOUBTFUL);
    reply_free(reply);
    small_bench_close(&bench);
}

/* The desk that had it for good says otherwise. */
Test(corrected, after_the_third_return_the_book_is_asked_again)
{
    static const char *const units[] = {URBAN, UPSTAIRS, DESK};
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    for (size_t i = 0; i < 3; i++)
        expect_unit(&bench,
                    bench_action(units[i], number, LIANXIN__V1__VERB__VERB_RETURN, units[i]),
                    i == 0 ? UPSTAIRS : DESK);
    expect_unit(&bench, correction("what", number, "0102", ""), TOWNSHIP);
    small_bench_close(&bench);
}

/* Whoever has it at night gets what came in by day as if it were still day. */
Test(corrected, a_ticket_is_decided_as_at_the_moment_it_came_in)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    small_city_write(&bench.small, "assign",
                     "F,日,时,止,事项,层级,职能\n"
                     ",in:date,in:time,until,in:category,out:tier,out:function\n"
                     ",date,time,date,category,tier,function\n"
                     "old,-,-,2026-11-24,#0101,county,roads\n"
                     "day,2026-11-24,[08:00..18:00),2026-11-25,#0101,county,urban\n"
                     "rubbish,-,-,-,#0102,county,health\n"
                     "else,-,-,-,-,county,water\n");
    bench_restart(&bench.bench);
    Lianxin__V1__Case one = small_case("one");
    one.category = "0102";
    small_ticket(&bench, &one, number);
    bench_pass_ms(&bench.bench, 19 * HOUR_MS);
    expect_unit(&bench, correction("later", number, "0101", ""), URBAN);
    small_bench_close(&bench);
}

/* The desk cannot say what line it came over, and need not: it has looked. */
Test(corrected, a_ticket_of_an_unknown_line_goes_from_the_desk_to_a_unit)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    one.line = "99999";
    small_ticket(&bench, &one, number);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_assert_eq(last_event(reply)->decision->n_doubts, 1);
    cr_expect_not_null(part_of(last_event(reply), DESK));
    reply_free(reply);
    expect_unit(&bench, correction("what", number, "0101", ""), URBAN);
    Lianxin__V1__Act back = bench_action("back", number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    expect_unit(&bench, back, UPSTAIRS);
    small_bench_close(&bench);
}
