/* The regime is the calendar's or the desk's choice: orders hold for what comes in after them, are
 * durable, once for each id, and stand in a record of their own where nothing else is legal. */
#include "tests/engine/small_bench.h"
#include "tests/support/city_file.h"

#include <criterion/criterion.h>

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define DUPLICATE LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE
#define CONFLICT  LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT
#define REFUSED   LIANXIN__V1__OUTCOME__OUTCOME_REFUSED

#define NORMAL    LIANXIN__V1__REGIME__REGIME_NORMAL
#define HOLIDAY   LIANXIN__V1__REGIME__REGIME_HOLIDAY
#define EMERGENCY LIANXIN__V1__REGIME__REGIME_EMERGENCY
#define CALENDAR  LIANXIN__V1__REGIME__REGIME_CALENDAR

static Lianxin__V1__Act order(const char *id, Lianxin__V1__Regime regime)
{
    Lianxin__V1__Act act = bench_action(id, "", LIANXIN__V1__VERB__VERB_REGIME, "");
    act.regime = regime;
    act.text = "汛期";
    return act;
}

static void expect_order(struct small_bench *bench, Lianxin__V1__Act act,
                         Lianxin__V1__Outcome outcome, char number[NUMBER_BYTES_MAX])
{
    Lianxin__V1__Reply *reply = bench_act(&bench->bench, &act);
    const Lianxin__V1__Answer *answer = answer_of(reply, 0);
    cr_expect_eq(answer->outcome, outcome, "%s: %s", act.external_id, answer->message);
    cr_expect_str_eq(answer->unit, "", "nobody has it to do");
    cr_expect_eq(answer->due_ms, 0);
    snprintf(number, NUMBER_BYTES_MAX, "%s", answer->number);
    reply_free(reply);
}

static void expect_regime(struct small_bench *bench, Lianxin__V1__Regime regime, bool ordered)
{
    Lianxin__V1__Reply *reply = bench_status(&bench->bench);
    cr_expect_eq(reply->status->regime, regime, "%d", (int)reply->status->regime);
    cr_expect_eq((bool)reply->status->regime_ordered, ordered);
    reply_free(reply);
}

/* The regime that a case is decided under, and who gets it. */
static void expect_decided(struct small_bench *bench, const char *id, Lianxin__V1__Regime regime,
                           const char *unit)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = small_case(id);
    small_ticket(bench, &one, number);
    Lianxin__V1__Reply *reply = small_lookup(bench, number);
    cr_expect_eq(last_event(reply)->decision->regime, regime, "%s", id);
    cr_expect_not_null(part_of(last_event(reply), unit), "%s", id);
    reply_free(reply);
}

Test(regime, is_the_calendars_until_the_desk_says_otherwise)
{
    struct small_bench bench;
    small_bench_open(&bench);
    city_file_write_text(&bench.small, "calendar.csv",
                         "date,kind,name\n2026-11-24,workday,\n2026-11-25,holiday,元旦\n");
    bench_restart(&bench.bench);
    expect_regime(&bench, NORMAL, false);
    expect_decided(&bench, "tuesday", NORMAL, URBAN);
    bench_pass_ms(&bench.bench, DAY_MS);
    expect_regime(&bench, HOLIDAY, false);
    expect_decided(&bench, "holiday", HOLIDAY, URBAN);
    char number[NUMBER_BYTES_MAX];
    expect_order(&bench, order("a", NORMAL), ACCEPTED, number);
    expect_regime(&bench, NORMAL, true);
    expect_decided(&bench, "at work", NORMAL, URBAN);
    expect_order(&bench, order("b", CALENDAR), ACCEPTED, number);
    expect_regime(&bench, HOLIDAY, false);
    small_bench_close(&bench);
}

Test(regime, that_was_ordered_holds_for_what_comes_in_and_after_a_restart)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    expect_order(&bench, order("a", EMERGENCY), ACCEPTED, number);
    for (int restarted = 0; restarted < 2; restarted++) {
        expect_regime(&bench, EMERGENCY, true);
        expect_decided(&bench, restarted ? "after" : "before", EMERGENCY, WATER);
        bench_restart(&bench.bench);
    }
    expect_order(&bench, order("b", CALENDAR), ACCEPTED, number);
    for (int restarted = 0; restarted < 2; restarted++) {
        expect_regime(&bench, NORMAL, false);
        expect_decided(&bench, restarted ? "later" : "late", NORMAL, URBAN);
        bench_restart(&bench.bench);
    }
    small_bench_close(&bench);
}

Test(regime, orders_stand_in_a_record_that_the_first_of_them_opens)
{
    struct small_bench bench;
    char first[NUMBER_BYTES_MAX];
    char second[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    expect_order(&bench, order("a", EMERGENCY), ACCEPTED, first);
    bench_restart(&bench.bench);
    expect_order(&bench, order("b", HOLIDAY), ACCEPTED, second);
    cr_expect_str_eq(first, second);
    Lianxin__V1__Reply *reply = small_lookup(&bench, first);
    Lianxin__V1__Event **events = reply->ticket->events;
    cr_assert_eq(reply->ticket->n_events, 3);
    const Lianxin__V1__Regime regimes[] = {CALENDAR, EMERGENCY, HOLIDAY};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(events[i]->kind, LIANXIN__V1__KIND__KIND_ACT);
        cr_expect_eq(events[i]->act->regime, regimes[i]);
        cr_expect_null(events[i]->decision);
        cr_expect_eq(part_of(events[i], DESK)->role, LIANXIN__V1__ROLE__ROLE_INFORMED);
    }
    cr_expect_str_eq(events[1]->story->text, "汛期");
    reply_free(reply);
    cr_expect_eq(count_feed(&bench, DESK), 2, "it hears of orders, not of the opening");
    small_bench_close(&bench);
}

Test(regime, is_ordered_once_however_often_the_order_is_sent)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    char again[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    expect_order(&bench, order("a", EMERGENCY), ACCEPTED, number);
    expect_order(&bench, order("b", CALENDAR), ACCEPTED, number);
    for (int restarted = 0; restarted < 2; restarted++) {
        expect_order(&bench, order("a", EMERGENCY), DUPLICATE, again);
        cr_expect_str_eq(again, number);
        expect_order(&bench, order("a", HOLIDAY), CONFLICT, again);
        expect_regime(&bench, NORMAL, false);
        bench_restart(&bench.bench);
    }
    small_bench_close(&bench);
}

Test(regime, in_its_record_nothing_else_is_legal)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    const struct {
        const char *id;
        Lianxin__V1__Verb verb;
        const char *unit;
    } tries[] = {
        {"sign", LIANXIN__V1__VERB__VERB_SIGN, DESK},
        {"return", LIANXIN__V1__VERB__VERB_RETURN, DESK},
        {"reassign", LIANXIN__V1__VERB__VERB_REASSIGN, URBAN},
        {"answer", LIANXIN__V1__VERB__VERB_ANSWER, DESK},
        {"close", LIANXIN__V1__VERB__VERB_CLOSE, ""},
        {"correct", LIANXIN__V1__VERB__VERB_CORRECT, ""},
    };
    small_bench_open(&bench);
    expect_order(&bench, order("a", EMERGENCY), ACCEPTED, number);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        Lianxin__V1__Act act = bench_action(tries[i].id, number, tries[i].verb, tries[i].unit);
        act.category = tries[i].verb == LIANXIN__V1__VERB__VERB_CORRECT ? "0101" : "";
        Lianxin__V1__Reply *reply = bench_act(&bench.bench, &act);
        cr_expect_eq(outcome_of(reply), REFUSED, "%s", tries[i].id);
        cr_expect_not_null(strstr(answer_of(reply, 0)->message, "nobody acts on it"), "%s: %s",
                           tries[i].id, answer_of(reply, 0)->message);
        reply_free(reply);
    }
    expect_regime(&bench, EMERGENCY, true);
    /* Nor is a case attached to it. */
    Lianxin__V1__Case one = small_case("one");
    one.earlier_ticket = number;
    struct became became = small_submit(&bench, &one);
    cr_expect_str_neq(became.number, number);
    reply_free(became.reply);
    small_bench_close(&bench);
}

/* All in the ring before the store looks at the first: each is stamped as it came in, and none was
 * durable then. */
Test(regime, holds_only_from_when_it_is_durable)
{
    struct small_bench bench;
    struct adapter adapter;
    small_bench_open(&bench);
    adapter_open(&adapter, &bench.bench);
    Lianxin__V1__Act act = order("a", EMERGENCY);
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_ACT;
    request.act = &act;
    adapter_request(&adapter, &request);
    Lianxin__V1__Case one = small_case("beside");
    adapter_submit(&adapter, &one, 1);
    bench_step_until(&bench.bench, INGRESS, 2);
    reply_free(adapter_receive(&adapter, &bench.bench, ALL_STAGES));
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, &bench.bench, ALL_STAGES);
    cr_expect_str_eq(answer_of(reply, 0)->unit, URBAN);
    reply_free(reply);
    expect_decided(&bench, "behind", EMERGENCY, WATER);
    adapter_close(&adapter);
    small_bench_close(&bench);
}
