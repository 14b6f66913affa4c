/* What units and the desk do to tickets: durable and idempotent where it is legal; where it is not,
 * it is refused with what would be, and the ticket stays as it was. */
#include "tests/engine/requests.h"

#include "domain/number.h"

#include <criterion/criterion.h>

enum { DAY_MS = 24 * 3600 * 1000 };

#define SIGN     LIANXIN__V1__VERB__VERB_SIGN
#define RETURN   LIANXIN__V1__VERB__VERB_RETURN
#define REASSIGN LIANXIN__V1__VERB__VERB_REASSIGN
#define ANSWER   LIANXIN__V1__VERB__VERB_ANSWER
#define CLOSE    LIANXIN__V1__VERB__VERB_CLOSE
#define CORRECT  LIANXIN__V1__VERB__VERB_CORRECT
#define REGIME   LIANXIN__V1__VERB__VERB_REGIME

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define DUPLICATE LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE
#define CONFLICT  LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT
#define INVALID   LIANXIN__V1__OUTCOME__OUTCOME_INVALID
#define REFUSED   LIANXIN__V1__OUTCOME__OUTCOME_REFUSED

#define UPSTAIRS "511100000000.environment" /* who gets what ENVIRONMENT returns */
#define TAX      "511126000000.tax"

struct tried {
    const char *id;
    Lianxin__V1__Verb verb;
    const char *unit;
    Lianxin__V1__Outcome outcome;
    const char *field;
    const char *part; /* of the message */
};

static void expect_act(struct bench_engine *bench, const char *number, const struct tried *tried)
{
    Lianxin__V1__Act act = bench_action(tried->id, number, tried->verb, tried->unit);
    Lianxin__V1__Reply *reply = bench_act(bench, &act);
    const Lianxin__V1__Answer *answer = answer_of(reply, 0);
    cr_expect_eq(answer->outcome, tried->outcome, "%s: %d %s", tried->id, answer->outcome,
                 answer->message);
    cr_expect_str_eq(answer->field, tried->field, "%s: %s", tried->id, answer->field);
    cr_expect_not_null(strstr(answer->message, tried->part), "%s: '%s' is not in '%s'", tried->id,
                       tried->part, answer->message);
    reply_free(reply);
}

/* The number of a ticket made of a case with this id. */
static void make_ticket(struct bench_engine *bench, const char *id, char number[NUMBER_BYTES_MAX])
{
    Lianxin__V1__Case one = bench_case(id);
    Lianxin__V1__Reply *reply = bench_submit(bench, &one);
    cr_assert_eq(outcome_of(reply), ACCEPTED);
    snprintf(number, NUMBER_BYTES_MAX, "%s", answer_of(reply, 0)->number);
    reply_free(reply);
}

static uint64_t count_events(struct bench_engine *bench)
{
    Lianxin__V1__Reply *reply = bench_status(bench);
    uint64_t events = reply->status->events;
    reply_free(reply);
    return events;
}

Test(acts, that_are_illegal_are_refused_with_what_would_be_legal_also_after_a_restart)
{
    const struct tried tries[] = {
        {"a", ANSWER, ENVIRONMENT, REFUSED, "verb", "legal now: sign, return, correct, reassign"},
        {"b", SIGN, TAX, REFUSED, "verb", "its main unit is " ENVIRONMENT},
        {"c", CLOSE, "", REFUSED, "verb", "has not answered yet; legal now: sign"},
        {"d", REASSIGN, ENVIRONMENT, REFUSED, "verb", "is the main unit already"},
        {"e", SIGN, ENVIRONMENT, ACCEPTED, "", ""},
        {"f", SIGN, ENVIRONMENT, REFUSED, "verb", "signed already; legal now: answer, return"},
        {"g", RETURN, ENVIRONMENT, ACCEPTED, "", ""},
        {"h", SIGN, ENVIRONMENT, REFUSED, "verb", "has returned it; legal now: correct"},
        {"i", RETURN, ENVIRONMENT, REFUSED, "verb", "has returned it"},
        {"j", SIGN, UPSTAIRS, ACCEPTED, "", ""},
        {"k", ANSWER, UPSTAIRS, ACCEPTED, "", ""},
        {"l", RETURN, UPSTAIRS, REFUSED, "verb", "legal now: close, reassign"},
        {"m", CLOSE, "", ACCEPTED, "", ""},
        {"n", REASSIGN, TAX, REFUSED, "verb", "is closed; nothing is legal any more"},
        {"o", CLOSE, "", REFUSED, "verb", "is closed"},
    };
    enum { COUNT = sizeof tries / sizeof tries[0] };
    struct bench_engine bench;
    char number[NUMBER_BYTES_MAX];
    uint64_t events = 1;
    uint64_t refused = 0;
    bench_open(&bench, 0);
    make_ticket(&bench, "for acts", number);
    for (size_t i = 0; i < COUNT; i++) {
        if (i % 4 == 3) {
            bench_restart(&bench);
            refused = 0;
        }
        expect_act(&bench, number, &tries[i]);
        events += tries[i].outcome == ACCEPTED;
        refused += tries[i].outcome == REFUSED;
        Lianxin__V1__Reply *reply = bench_status(&bench);
        cr_expect_eq(reply->status->events, events);
        cr_expect_eq(reply->status->refused, refused);
        reply_free(reply);
    }
    bench_close(&bench);
}

Test(acts, on_tickets_that_do_not_exist_are_refused)
{
    struct bench_engine bench;
    char known[NUMBER_BYTES_MAX];
    char numbers[5][NUMBER_BYTES_MAX];
    bench_open(&bench, 0);
    make_ticket(&bench, "the only one", known);
    expect_act(&bench, known, &(struct tried){"sign", SIGN, ENVIRONMENT, ACCEPTED, "", ""});
    int32_t today = day_of_ms(BENCH_START_MS);
    number_format(today, 2, numbers[0]); /* the event is the act's */
    number_format(today, 3, numbers[1]);
    number_format(today, 999999999999999, numbers[2]);
    number_format(today - 1, 1, numbers[3]);
    number_format(today + 1, 1, numbers[4]);
    for (size_t i = 0; i < 5; i++) {
        Lianxin__V1__Reply *reply = bench_lookup(&bench, numbers[i]);
        cr_expect_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR, "%s", numbers[i]);
        reply_free(reply);
        expect_act(
            &bench, numbers[i],
            &(struct tried){"ghost", SIGN, ENVIRONMENT, REFUSED, "number", "there is no ticket"});
    }
    cr_assert_eq(count_events(&bench), 2);
    bench_close(&bench);
}

/* Serials run on over midnight, numbers do not: a day has no more tickets than came on it. */
Test(acts, on_a_number_beyond_its_day_do_not_reach_the_next_days_tickets)
{
    struct bench_engine bench;
    char number[NUMBER_BYTES_MAX];
    char tomorrows[NUMBER_BYTES_MAX];
    bench_open(&bench, 0);
    make_ticket(&bench, "today", number);
    bench_pass_ms(&bench, DAY_MS);
    make_ticket(&bench, "tomorrow", tomorrows);
    number_format(day_of_ms(BENCH_START_MS), 2, number);
    cr_assert_str_neq(number, tomorrows);
    for (int restarted = 0; restarted < 2; restarted++) {
        Lianxin__V1__Reply *reply = bench_lookup(&bench, number);
        cr_expect_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR);
        reply_free(reply);
        expect_act(
            &bench, number,
            &(struct tried){"x", SIGN, ENVIRONMENT, REFUSED, "number", "there is no ticket"});
        bench_restart(&bench);
    }
    cr_expect_eq(count_events(&bench), 2);
    expect_act(&bench, tomorrows, &(struct tried){"y", SIGN, ENVIRONMENT, ACCEPTED, "", ""});
    bench_close(&bench);
}

Test(acts, that_are_malformed_are_invalid_and_say_where)
{
    const struct {
        const char *number;
        struct tried tried;
    } bad[] = {
        {"", {"a", SIGN, ENVIRONMENT, INVALID, "number", "is required"}},
        {"20261124-000001-0", {"a", SIGN, ENVIRONMENT, INVALID, "number", "check digit"}},
        {"twelve", {"a", SIGN, ENVIRONMENT, INVALID, "number", "is no ticket number"}},
        {NULL, {"", SIGN, ENVIRONMENT, INVALID, "external_id", "is required"}},
        {NULL, {"a", LIANXIN__V1__VERB__VERB_UNSPECIFIED, "", INVALID, "verb", "is required"}},
        {NULL, {"a", (Lianxin__V1__Verb)8, "", INVALID, "verb", "is no Verb"}},
        {NULL, {"a", SIGN, "", INVALID, "unit", "is required to sign"}},
        {NULL, {"a", REASSIGN, "", INVALID, "to_unit", "is required to reassign"}},
        {NULL, {"a", REASSIGN, "511126000000.magic", INVALID, "to_unit", "has this key"}},
        {NULL, {"a", CORRECT, "", INVALID, "place", "is required to correct, or a category"}},
        {NULL, {"a", REGIME, "", INVALID, "number", "leave the number out"}},
        {"", {"a", REGIME, "", INVALID, "regime", "is required to choose a regime"}},
    };
    struct bench_engine bench;
    char number[NUMBER_BYTES_MAX];
    bench_open(&bench, 0);
    make_ticket(&bench, "for bad acts", number);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_act(&bench, bad[i].number != NULL ? bad[i].number : number, &bad[i].tried);
    cr_assert_eq(count_events(&bench), 1);
    bench_close(&bench);
}

Test(acts, are_one_for_ever_by_source_and_external_id)
{
    const struct tried tries[] = {
        {"a", SIGN, ENVIRONMENT, ACCEPTED, "", ""},    {"a", SIGN, ENVIRONMENT, DUPLICATE, "", ""},
        {"a", ANSWER, ENVIRONMENT, CONFLICT, "", ""},  {"b", RETURN, ENVIRONMENT, ACCEPTED, "", ""},
        {"a", SIGN, ENVIRONMENT, DUPLICATE, "", ""}, /* though it would be illegal by now */
        {"b", RETURN, ENVIRONMENT, DUPLICATE, "", ""},
    };
    struct bench_engine bench;
    char number[NUMBER_BYTES_MAX];
    bench_open(&bench, 0);
    make_ticket(&bench, "for acts", number);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        expect_act(&bench, number, &tries[i]);
        bench_restart(&bench);
    }
    /* Cases and acts share one space of ids. */
    Lianxin__V1__Act act = bench_action("for acts", number, SIGN, UPSTAIRS);
    act.source = "test";
    Lianxin__V1__Reply *reply = bench_act(&bench, &act);
    cr_expect_eq(outcome_of(reply), CONFLICT);
    cr_expect_str_eq(answer_of(reply, 0)->number, number);
    reply_free(reply);
    cr_assert_eq(count_events(&bench), 3);
    bench_close(&bench);
}

/* Both are in the ring before the store looks at either. */
Test(acts, that_meet_are_done_in_the_order_in_which_they_came)
{
    struct bench_engine bench;
    struct adapter adapter;
    char number[NUMBER_BYTES_MAX];
    const Lianxin__V1__Verb verbs[] = {SIGN, SIGN, ANSWER, CLOSE, CLOSE};
    const Lianxin__V1__Outcome outcomes[] = {ACCEPTED, REFUSED, ACCEPTED, ACCEPTED, REFUSED};
    const char *const ids[] = {"a", "b", "c", "d", "e"};
    bench_open(&bench, 0);
    make_ticket(&bench, "for acts", number);
    adapter_open(&adapter, &bench);
    for (size_t i = 0; i < 5; i++) {
        Lianxin__V1__Act act = bench_action(ids[i], number, verbs[i], ENVIRONMENT);
        Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
        request.body_case = LIANXIN__V1__REQUEST__BODY_ACT;
        request.act = &act;
        adapter_request(&adapter, &request);
    }
    bench_step_until(&bench, INGRESS, 6);
    for (size_t i = 0; i < 5; i++) {
        Lianxin__V1__Reply *reply = adapter_receive(&adapter, &bench, ALL_STAGES);
        cr_expect_eq(outcome_of(reply), outcomes[i], "act %zu", i);
        reply_free(reply);
    }
    adapter_close(&adapter);
    bench_close(&bench);
}
