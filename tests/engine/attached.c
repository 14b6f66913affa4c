/* Cases that are about an earlier ticket: while that is open they become one more event of it,
 * which all who have a part hear; else they are cases of their own, or doubtful where there is no
 * such ticket. */
#include "tests/engine/small_bench.h"

#include <criterion/criterion.h>

#define ATTACH   LIANXIN__V1__DISPOSITION__DISPOSITION_ATTACH
#define DISPATCH LIANXIN__V1__DISPOSITION__DISPOSITION_DISPATCH

static Lianxin__V1__Case case_about(const char *id, const char *number)
{
    Lianxin__V1__Case one = small_case(id);
    one.earlier_ticket = (char *)number;
    one.title = "还没有处理";
    return one;
}

static void answer_and_close(struct small_bench *bench, const char *number, const char *unit)
{
    const Lianxin__V1__Verb verbs[] = {LIANXIN__V1__VERB__VERB_SIGN, LIANXIN__V1__VERB__VERB_ANSWER,
                                       LIANXIN__V1__VERB__VERB_CLOSE};
    const char *const ids[] = {"sign", "answer", "close"};
    for (size_t i = 0; i < 3; i++) {
        Lianxin__V1__Act act = bench_action(ids[i], number, verbs[i], i < 2 ? unit : "");
        small_act(bench, &act);
    }
}

Test(attached, to_an_open_ticket_a_case_is_one_more_event_of_it)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case first = small_case("first");
    Lianxin__V1__Reporter reporter = LIANXIN__V1__REPORTER__INIT;
    reporter.phone = "13900000000";
    small_ticket(&bench, &first, number);
    Lianxin__V1__Case more = case_about("more", number);
    more.reporter = &reporter;
    for (int restarted = 0; restarted < 2; restarted++) {
        Lianxin__V1__Reply *reply = bench_submit(&bench.bench, &more);
        const Lianxin__V1__Answer *answer = answer_of(reply, 0);
        cr_expect_eq(answer->outcome, restarted ? LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE
                                                : LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
        cr_expect_str_eq(answer->number, number);
        cr_expect_eq(answer->serial, 1);
        cr_expect_eq(answer->disposition, ATTACH);
        cr_expect_str_eq(answer->unit, URBAN);
        cr_expect_eq(answer->due_ms, BENCH_DAY_MS + 3 * DAY_MS);
        reply_free(reply);
        bench_restart(&bench.bench);
    }
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_assert_eq(reply->ticket->n_events, 2);
    cr_expect_str_eq(last_event(reply)->story->title, "还没有处理");
    cr_expect_eq(last_event(reply)->decision->disposition, ATTACH);
    cr_expect_eq(last_event(reply)->n_assignments, reply->ticket->events[0]->n_assignments);
    cr_expect_eq(part_of(last_event(reply), URBAN)->state, LIANXIN__V1__STATE__STATE_ISSUED);
    cr_expect_str_eq(reply->ticket->category_name, "市容", "as it was first decided");
    reply_free(reply);
    cr_expect_eq(count_feed(&bench, URBAN), 2);
    cr_expect_eq(count_feed(&bench, POLICE), 2);
    cr_expect_eq(count_feed(&bench, DESK), 0);
    reply = bench_status(&bench.bench);
    cr_expect_eq(reply->status->tickets, 1);
    reply_free(reply);
    small_bench_close(&bench);
}

Test(attached, to_a_closed_ticket_nothing_is_and_the_case_is_decided_as_if_it_named_none)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case first = small_case("first");
    small_ticket(&bench, &first, number);
    answer_and_close(&bench, number, URBAN);
    Lianxin__V1__Case more = case_about("more", number);
    more.category = "0102";
    struct became became = small_submit(&bench, &more);
    cr_expect_str_neq(became.number, number);
    cr_expect_eq(became.answer->disposition, DISPATCH);
    cr_expect_str_eq(became.answer->unit, TOWNSHIP);
    cr_expect_eq(became.answer->due_ms, BENCH_DAY_MS + 3 * DAY_MS);
    reply_free(became.reply);
    Lianxin__V1__Reply *reply = small_lookup(&bench, became.number);
    cr_expect_eq(reply->ticket->n_events, 1);
    cr_expect_eq(last_event(reply)->decision->n_doubts, 0);
    cr_expect_str_eq(last_event(reply)->case_->earlier_ticket, number);
    reply_free(reply);
    reply = small_lookup(&bench, number);
    cr_expect_eq(reply->ticket->n_events, 4);
    reply_free(reply);
    reply = bench_submit(&bench.bench, &more);
    cr_expect_str_eq(answer_of(reply, 0)->number, became.number);
    cr_expect_eq(answer_of(reply, 0)->disposition, DISPATCH);
    reply_free(reply);
    small_bench_close(&bench);
}

Test(attached, to_a_ticket_that_does_not_exist_it_is_doubtful_or_strictly_invalid)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    number_format(day_of_ms(BENCH_START_MS), 77, number);
    Lianxin__V1__Case one = case_about("ghost", number);
    Lianxin__V1__Reply *reply = bench_submit_all(&bench.bench, &one, 1, true);
    cr_expect_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_INVALID);
    cr_expect_str_eq(answer_of(reply, 0)->field, "earlier_ticket");
    cr_expect_not_null(strstr(answer_of(reply, 0)->message, number));
    cr_expect_not_null(strstr(answer_of(reply, 0)->message, "without strict"));
    cr_expect_str_eq(answer_of(reply, 0)->number, "");
    reply_free(reply);
    struct became became = small_submit(&bench, &one);
    cr_expect_str_eq(became.answer->unit, DESK);
    cr_expect_eq(became.answer->disposition, DISPATCH);
    reply_free(became.reply);
    reply = small_lookup(&bench, became.number);
    const Lianxin__V1__Decision *decision = last_event(reply)->decision;
    cr_assert_eq(decision->n_doubts, 1);
    cr_expect_str_eq(decision->doubts[0], "there is no earlier ticket of that number");
    cr_expect_eq(part_of(last_event(reply), DESK)->state, LIANXIN__V1__STATE__STATE_ISSUED);
    reply_free(reply);
    reply = bench_status(&bench.bench);
    cr_expect_eq(reply->status->invalid, 1);
    reply_free(reply);
    small_bench_close(&bench);
}

/* Route could not know that the ticket is closed; what is doubtful is found out by the store. */
Test(attached, to_a_closed_ticket_a_doubtful_case_is_invalid_where_that_was_asked_for)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case first = small_case("first");
    small_ticket(&bench, &first, number);
    answer_and_close(&bench, number, URBAN);
    Lianxin__V1__Case more = case_about("more", number);
    more.category = "";
    Lianxin__V1__Reply *reply = bench_submit_all(&bench.bench, &more, 1, true);
    cr_expect_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_INVALID);
    cr_expect_str_eq(answer_of(reply, 0)->field, "category", "%s", answer_of(reply, 0)->message);
    cr_expect_str_eq(answer_of(reply, 0)->number, "");
    reply_free(reply);
    struct became became = small_submit(&bench, &more);
    cr_expect_str_eq(became.answer->unit, DESK);
    reply_free(became.reply);
    small_bench_close(&bench);
}

/* It is in the ring before the store has looked at the one that it is about. */
Test(attached, to_a_ticket_of_the_same_message)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    number_format(day_of_ms(BENCH_START_MS), 1, number);
    Lianxin__V1__Case cases[] = {small_case("first"), case_about("second", number),
                                 case_about("third", number)};
    Lianxin__V1__Reply *reply = bench_submit_all(&bench.bench, cases, 3, false);
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(answer_of(reply, i)->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
        cr_expect_str_eq(answer_of(reply, i)->number, number);
        cr_expect_eq(answer_of(reply, i)->disposition, i == 0 ? DISPATCH : ATTACH);
    }
    reply_free(reply);
    reply = small_lookup(&bench, number);
    cr_expect_eq(reply->ticket->n_events, 3);
    reply_free(reply);
    small_bench_close(&bench);
}

/* Whoever asked for secrecy goes on to have it, whatever the book shows of others that follow up.
 */
Test(attached, to_a_secret_ticket_nobody_is_shown_who_said_more)
{
    struct small_bench bench;
    small_bench_open(&bench);
    small_city_write(&bench.small, "triage",
                     "F,原工单,处理方式,来电人\n"
                     ",in:earlier,out:disposition,out:reporter\n"
                     ",earlier,disposition,reporter\n"
                     "follow-up,yes,attach,shown\n"
                     "else,-,dispatch,\n");
    bench_restart(&bench.bench);
    for (int secret = 0; secret < 2; secret++) {
        char number[NUMBER_BYTES_MAX];
        Lianxin__V1__Reporter reporter = LIANXIN__V1__REPORTER__INIT;
        reporter.phone = "13900000000";
        Lianxin__V1__Case first = small_case(secret ? "secret" : "open");
        first.reporter = &reporter;
        first.secret = secret;
        small_ticket(&bench, &first, number);
        Lianxin__V1__Case more = case_about(secret ? "more of it" : "more", number);
        more.reporter = &reporter;
        struct became became = small_submit(&bench, &more);
        cr_expect_str_eq(became.number, number);
        reply_free(became.reply);
        Lianxin__V1__Reply *reply = small_lookup(&bench, number);
        cr_assert_eq(reply->ticket->n_events, 2);
        cr_expect_eq(last_event(reply)->reporter != NULL, !secret);
        reply_free(reply);
    }
    small_bench_close(&bench);
}

/* Decided again it is what it has become. */
Test(attached, to_nothing_a_case_goes_on_as_a_ticket_of_its_own)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case first = small_case("first");
    small_ticket(&bench, &first, number);
    answer_and_close(&bench, number, URBAN);
    Lianxin__V1__Case more = case_about("more", number);
    struct became became = small_submit(&bench, &more);
    Lianxin__V1__Act act =
        bench_action("back", became.number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    small_act(&bench, &act);
    Lianxin__V1__Reply *reply = small_lookup(&bench, became.number);
    cr_expect_eq(last_event(reply)->decision->disposition, DISPATCH);
    cr_expect_not_null(part_of(last_event(reply), "511100000000.urban"));
    reply_free(reply);
    reply_free(became.reply);
    small_bench_close(&bench);
}

/* Its sender may not have heard the first answer, and somebody waits on the line. */
Test(attached, to_nothing_a_case_that_is_transferred_says_so_again)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case first = small_case("first");
    small_ticket(&bench, &first, number);
    answer_and_close(&bench, number, URBAN);
    Lianxin__V1__Case more = case_about("more", number);
    more.type = LIANXIN__V1__TYPE__TYPE_HELP;
    more.category = "03";
    for (int again = 0; again < 3; again++) {
        Lianxin__V1__Reply *reply = bench_submit(&bench.bench, &more);
        cr_expect_eq(outcome_of(reply), again ? LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE
                                              : LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
        cr_expect_eq(answer_of(reply, 0)->disposition,
                     LIANXIN__V1__DISPOSITION__DISPOSITION_TRANSFER);
        cr_expect_str_eq(answer_of(reply, 0)->advice, "119", "%d", again);
        reply_free(reply);
        if (again == 1)
            bench_restart(&bench.bench);
    }
    small_bench_close(&bench);
}

/* What the desk has to decide is the ticket, whatever more is said of it. */
Test(attached, to_a_doubtful_ticket_a_case_leaves_its_doubts_on_the_desks_list)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case first = small_case("first");
    first.place = "红旗村";
    small_ticket(&bench, &first, number);
    Lianxin__V1__Case more = case_about("more", number);
    reply_free(small_submit(&bench, &more).reply);
    Lianxin__V1__Desk asked = LIANXIN__V1__DESK__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_DESK;
    request.desk = &asked;
    Lianxin__V1__Reply *reply = bench_ask(&bench.bench, &request);
    cr_assert_eq(reply->desk->n_items, 1);
    cr_expect_str_eq(reply->desk->items[0]->ticket, number);
    cr_expect_eq(reply->desk->items[0]->n_doubts, 1);
    cr_expect_eq(reply->desk->items[0]->n_places, 2);
    reply_free(reply);
    small_bench_close(&bench);
}
