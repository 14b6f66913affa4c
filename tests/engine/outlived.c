/* A ticket outlives the city that it was decided by: its unit, place, category, line and row may
 * all be gone. Whoever had a part can still act, every question has an answer, and what is decided
 * anew goes to the desk with a doubt. */
#include "tests/engine/small_bench.h"

#include <criterion/criterion.h>

/* 夹江县 has gone, and with it what the book was about. */
static void shrink(struct small_bench *bench)
{
    small_city_write(&bench->small, "../places",
                     "code,name,kind,short_name\n5111,乐山市,地级市,\n511102,市中区,市辖区,\n"
                     "511102101,牟子镇,镇,\n");
    small_city_write(&bench->small, "../functions",
                     "code,name,city,county,township,village,basis\n"
                     "desk,热线,{place}热线,,,,\n"
                     "fund,公积金,{place}公积金中心,,,,\n");
    small_city_write(&bench->small, "../units", "place,function,name,basis\n");
    small_city_write(&bench->small, "../lines",
                     "number,name,function,mode,basis\n12345,热线,desk,main,\n");
    small_city_write(&bench->small, "../categories", "code,name\n#09,其他\n");
    small_city_write(&bench->small, "book", "table,note\nlater,\n");
    small_city_write(&bench->small, "later",
                     "F,事项,紧急程度,职能,时限,签收\n"
                     ",in:category,in:urgency,out:function,out:limit,out:sign\n"
                     ",category,urgency,function,limit,limit\n"
                     "soon,#09,critical,fund,2h,30min\nfund,#09,-,fund,3wd,1wd\n"
                     "alarm,-,critical,desk,2h,30min\nelse,-,-,desk,1wd,1wd\n");
    bench_restart(&bench->bench);
}

static Lianxin__V1__Respondent accused = LIANXIN__V1__RESPONDENT__INIT;

enum { TICKETS = 4 };

/* Dispatched; a report; doubtful, with candidates; transferred. */
static void submit_all(struct small_bench *bench, char numbers[TICKETS][NUMBER_BYTES_MAX])
{
    Lianxin__V1__Case cases[TICKETS] = {small_case("open"), small_case("report"),
                                        small_case("doubtful"), small_case("fire")};
    accused.name = "夹江县城管局";
    cases[1].type = LIANXIN__V1__TYPE__TYPE_REPORT;
    cases[1].respondent = &accused;
    cases[2].place = "红旗村";
    cases[3].type = LIANXIN__V1__TYPE__TYPE_HELP;
    cases[3].category = "03";
    cases[3].line = "12319";
    for (size_t i = 0; i < TICKETS; i++)
        small_ticket(bench, &cases[i], numbers[i]);
}

static void ask(struct small_bench *bench, Lianxin__V1__Request *request,
                Lianxin__V1__Reply__BodyCase body)
{
    Lianxin__V1__Reply *reply = bench_ask(&bench->bench, request);
    cr_expect_eq(reply->body_case, body, "%d: %s", (int)reply->body_case,
                 reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR ? reply->error->message : "");
    reply_free(reply);
}

static void ask_all(struct small_bench *bench, char numbers[TICKETS][NUMBER_BYTES_MAX])
{
    Lianxin__V1__Desk desk = LIANXIN__V1__DESK__INIT;
    Lianxin__V1__Report report = LIANXIN__V1__REPORT__INIT;
    Lianxin__V1__Explain explain = LIANXIN__V1__EXPLAIN__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_DESK;
    request.desk = &desk;
    ask(bench, &request, LIANXIN__V1__REPLY__BODY_DESK);
    report.day = "2026-11-24";
    request.body_case = LIANXIN__V1__REQUEST__BODY_REPORT;
    request.report = &report;
    ask(bench, &request, LIANXIN__V1__REPLY__BODY_REPORT);
    request.body_case = LIANXIN__V1__REQUEST__BODY_EXPLAIN;
    request.explain = &explain;
    explain.body_case = LIANXIN__V1__EXPLAIN__BODY_NUMBER;
    for (size_t i = 0; i < TICKETS; i++) {
        explain.number = numbers[i];
        ask(bench, &request, LIANXIN__V1__REPLY__BODY_EXPLANATION);
        reply_free(small_lookup(bench, numbers[i]));
    }
}

static void expect_main(const Lianxin__V1__Event *event, const char *unit)
{
    const Lianxin__V1__Assignment *part = part_of(event, unit);
    cr_assert_not_null(part, "%s, but %s", unit, event->assignments[0]->unit);
    cr_expect_eq(part->role, LIANXIN__V1__ROLE__ROLE_MAIN);
    cr_expect_eq(part->state, LIANXIN__V1__STATE__STATE_ISSUED);
}

Test(outlived, every_question_has_an_answer)
{
    struct small_bench bench;
    char numbers[TICKETS][NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    submit_all(&bench, numbers);
    ask_all(&bench, numbers);
    shrink(&bench);
    ask_all(&bench, numbers);
    Lianxin__V1__Reply *reply = small_lookup(&bench, numbers[0]);
    cr_expect_str_eq(reply->ticket->unit_names[0], "(no longer a unit)");
    cr_expect_str_eq(reply->ticket->place_name, "");
    cr_expect_str_eq(reply->ticket->category_name, "");
    reply_free(reply);
    small_bench_close(&bench);
}

Test(outlived, what_a_unit_that_is_gone_returns_is_the_desks)
{
    struct small_bench bench;
    char numbers[TICKETS][NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    submit_all(&bench, numbers);
    shrink(&bench);
    for (int i = 0; i < 2; i++) {
        const char *unit = i == 0 ? URBAN : "511100000000.urban";
        Lianxin__V1__Act act = bench_action(i == 0 ? "back" : "back too", numbers[i],
                                            LIANXIN__V1__VERB__VERB_RETURN, unit);
        small_act(&bench, &act);
        Lianxin__V1__Reply *reply = small_lookup(&bench, numbers[i]);
        const Lianxin__V1__Event *event = last_event(reply);
        expect_main(event, DESK);
        cr_expect_eq(part_of(event, unit)->state, LIANXIN__V1__STATE__STATE_RETURNED);
        cr_expect_gt(event->decision->n_doubts, 0);
        cr_expect_str_eq(event->decision->category, "");
        reply_free(reply);
    }
    ask_all(&bench, numbers);
    small_bench_close(&bench);
}

Test(outlived, what_the_desk_corrects_or_gives_away_goes_by_the_new_city)
{
    struct small_bench bench;
    char numbers[TICKETS][NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    submit_all(&bench, numbers);
    shrink(&bench);
    Lianxin__V1__Act act = bench_action("right", numbers[0], LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.category = "09";
    act.place = "511102101";
    small_act(&bench, &act);
    Lianxin__V1__Reply *reply = small_lookup(&bench, numbers[0]);
    expect_main(last_event(reply), FUND);
    reply_free(reply);
    act = bench_action("half right", numbers[2], LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.place = "511102101";
    small_act(&bench, &act);
    reply = small_lookup(&bench, numbers[2]);
    expect_main(last_event(reply), DESK);
    cr_expect_gt(last_event(reply)->decision->n_doubts, 0, "its category is gone");
    reply_free(reply);
    act = bench_action("give", numbers[1], LIANXIN__V1__VERB__VERB_REASSIGN, FUND);
    small_act(&bench, &act);
    Lianxin__V1__Case more = small_case("more");
    more.place = "511102";
    more.category = "09";
    more.earlier_ticket = numbers[2];
    reply_free(small_submit(&bench, &more).reply);
    ask_all(&bench, numbers);
    small_bench_close(&bench);
}
