/* Adapters send again: while the first is still under way, after it was committed, after a crash,
 * in other company, from two places at once. Whatever they do, an id is one ticket for ever, and
 * who sends it again is told of that one. */
#include "tests/engine/requests.h"

#include <criterion/criterion.h>

static void expect_same_answer(const Lianxin__V1__Answer *again, Lianxin__V1__Outcome outcome,
                               const Lianxin__V1__Answer *first)
{
    cr_expect_eq(again->outcome, outcome, "outcome %d: %s", again->outcome, again->message);
    cr_expect_str_eq(again->number, first->number);
    cr_expect_eq(again->serial, first->serial);
    cr_expect_str_eq(again->unit, first->unit);
    cr_expect_str_neq(again->number, "");
}

static void expect_tickets(struct bench_engine *bench, uint64_t tickets)
{
    Lianxin__V1__Reply *reply = bench_status(bench);
    cr_expect_eq(reply->status->tickets, tickets);
    cr_expect_eq(reply->status->events, tickets);
    reply_free(reply);
    reply = bench_replay(bench, ENVIRONMENT, 1, 0);
    cr_expect_eq(reply->feed->n_events, tickets);
    reply_free(reply);
}

Test(resend, of_the_same_content_gets_the_first_answer_and_of_other_a_conflict)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    Lianxin__V1__Case one = bench_case("same");
    Lianxin__V1__Case other = bench_case("same");
    Lianxin__V1__Case elsewhere = bench_case("same");
    other.title = "别的事情";
    elsewhere.source = "another adapter";
    Lianxin__V1__Reply *first = bench_submit(&bench, &one);
    for (int restarted = 0; restarted < 2; restarted++) {
        one.received_ms = 1 + restarted; /* may differ in a resend */
        Lianxin__V1__Reply *second = bench_submit(&bench, &one);
        Lianxin__V1__Reply *third = bench_submit(&bench, &other);
        expect_same_answer(answer_of(second, 0), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE,
                           answer_of(first, 0));
        expect_same_answer(answer_of(third, 0), LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT,
                           answer_of(first, 0));
        reply_free(second);
        reply_free(third);
        if (restarted == 0)
            bench_restart(&bench);
    }
    expect_tickets(&bench, 1);
    Lianxin__V1__Reply *reply = bench_submit(&bench, &elsewhere);
    cr_assert_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    reply_free(reply);
    reply_free(first);
    bench_close(&bench);
}

/* Both are in the ring before the store looks at either, so they meet in one group. */
Test(resend, before_the_first_is_committed_is_a_duplicate_all_the_same)
{
    struct bench_engine bench;
    struct adapter adapter;
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    Lianxin__V1__Case one = bench_case("twice in flight");
    adapter_submit(&adapter, &one, 1);
    adapter_submit(&adapter, &one, 1);
    one.title = "别的事情";
    adapter_submit(&adapter, &one, 1);
    bench_step_until(&bench, INGRESS, 3);
    Lianxin__V1__Reply *first = adapter_receive(&adapter, &bench, ALL_STAGES);
    Lianxin__V1__Reply *second = adapter_receive(&adapter, &bench, ALL_STAGES);
    Lianxin__V1__Reply *third = adapter_receive(&adapter, &bench, ALL_STAGES);
    cr_assert_eq(outcome_of(first), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    expect_same_answer(answer_of(second, 0), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE,
                       answer_of(first, 0));
    expect_same_answer(answer_of(third, 0), LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT,
                       answer_of(first, 0));
    expect_tickets(&bench, 1);
    reply_free(first);
    reply_free(second);
    reply_free(third);
    adapter_close(&adapter);
    bench_close(&bench);
}

Test(resend, in_other_company_finds_each_case_again)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    Lianxin__V1__Case a = bench_case("a");
    Lianxin__V1__Case b = bench_case("b");
    Lianxin__V1__Case c = bench_case("c");
    Lianxin__V1__Case d = bench_case("d");
    Lianxin__V1__Case together[] = {a, b, a, c};
    Lianxin__V1__Case again[] = {c, d, b, a, d};
    const int known_as[] = {3, -1, 1, 0, -1}; /* where in the first message */
    Lianxin__V1__Reply *first = bench_submit_all(&bench, together, 4, false);
    expect_same_answer(answer_of(first, 2), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE,
                       answer_of(first, 0));
    Lianxin__V1__Reply *second = bench_submit_all(&bench, again, 5, true);
    for (size_t i = 0; i < 5; i++)
        if (known_as[i] >= 0)
            expect_same_answer(answer_of(second, i), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE,
                               answer_of(first, (size_t)known_as[i]));
    cr_expect_eq(answer_of(second, 1)->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    expect_same_answer(answer_of(second, 4), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE,
                       answer_of(second, 1));
    expect_tickets(&bench, 4);
    reply_free(first);
    reply_free(second);
    bench_close(&bench);
}

/* One of two adapters with the same ids wins; the other is told who did. */
Test(resend, by_two_adapters_at_once_makes_one_ticket)
{
    enum { RACES = 20 };
    struct bench_engine bench;
    struct adapter a;
    struct adapter b;
    bench_open(&bench, 0);
    adapter_open(&a, &bench);
    adapter_open(&b, &bench);
    for (uint64_t race = 0; race < RACES; race++) {
        bool same = race % 2 == 0;
        char id[16];
        snprintf(id, sizeof id, "%d", (int)race);
        Lianxin__V1__Case of_a = bench_case(id);
        Lianxin__V1__Case of_b = bench_case(id);
        if (!same)
            of_b.title = "别的事情";
        adapter_submit(&a, &of_a, 1);
        adapter_submit(&b, &of_b, 1);
        bench_step_until(&bench, INGRESS, 2 * race + 2);
        Lianxin__V1__Reply *to_a = adapter_receive(&a, &bench, ALL_STAGES);
        Lianxin__V1__Reply *to_b = adapter_receive(&b, &bench, ALL_STAGES);
        bool a_won = outcome_of(to_a) == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED;
        cr_expect_eq(outcome_of(a_won ? to_a : to_b), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
        expect_same_answer(answer_of(a_won ? to_b : to_a, 0),
                           same ? LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE
                                : LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT,
                           answer_of(a_won ? to_a : to_b, 0));
        reply_free(to_a);
        reply_free(to_b);
    }
    expect_tickets(&bench, RACES);
    adapter_close(&a);
    adapter_close(&b);
    bench_close(&bench);
}

/* The engine dies when the case has come so far; what the adapter then hears depends on whether the
 * commit was before, and never on whether the answer was. */
static void expect_after_crash_behind(uint32_t stage, Lianxin__V1__Outcome outcome)
{
    struct bench_engine bench;
    struct adapter adapter;
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    Lianxin__V1__Case one = bench_case("crash");
    adapter_submit(&adapter, &one, 1);
    for (uint32_t passed = INGRESS; passed <= stage; passed++)
        bench_step_until(&bench, passed, 1);
    cr_assert_null(adapter_look(&adapter));
    bench_restart(&bench);
    adapter_submit(&adapter, &one, 1);
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, &bench, ALL_STAGES);
    cr_expect_eq(outcome_of(reply), outcome, "stage %u: outcome %d", stage, outcome_of(reply));
    cr_expect_eq(answer_of(reply, 0)->serial, 1);
    expect_tickets(&bench, 1);
    reply_free(reply);
    adapter_close(&adapter);
    bench_close(&bench);
}

Test(resend, after_a_crash_gets_the_answer_that_was_lost)
{
    expect_after_crash_behind(INGRESS, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    expect_after_crash_behind(ROUTE, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    expect_after_crash_behind(STORE, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    expect_after_crash_behind(COMMIT, LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
    expect_after_crash_behind(PUBLISH, LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
}

Test(resend, of_an_adapter_that_left_without_its_answer_is_a_duplicate)
{
    struct bench_engine bench;
    struct adapter adapter;
    bench_open(&bench, 0);
    Lianxin__V1__Case one = bench_case("left");
    adapter_open(&adapter, &bench);
    adapter_submit(&adapter, &one, 1);
    bench_step_until(&bench, INGRESS, 1);
    adapter_close(&adapter);
    Lianxin__V1__Reply *reply = bench_submit(&bench, &one);
    cr_assert_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
    reply_free(reply);
    expect_tickets(&bench, 1);
    bench_close(&bench);
}

/* Its answers wait in queues that are its own. */
Test(resend, an_adapter_that_does_not_read_its_answers_holds_nobody_up)
{
    enum { MESSAGES = 5000, AMONG_THEM = 50 };
    struct bench_engine bench;
    struct adapter deaf;
    bench_open(&bench, 0);
    adapter_open(&deaf, &bench);
    Lianxin__V1__Case one = bench_case("deaf");
    for (uint32_t i = 0; i < MESSAGES; i++) {
        adapter_submit(&deaf, &one, 1);
        if (i % (MESSAGES / AMONG_THEM) != 0)
            continue;
        Lianxin__V1__Reply *reply = bench_submit(&bench, &one);
        cr_assert(outcome_of(reply) == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED ||
                  outcome_of(reply) == LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
        reply_free(reply);
    }
    for (uint32_t i = 0; i < MESSAGES; i++)
        reply_free(adapter_receive(&deaf, &bench, ALL_STAGES));
    expect_tickets(&bench, 1);
    adapter_close(&deaf);
    bench_close(&bench);
}
