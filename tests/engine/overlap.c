/* While one group goes to the disk the next is built on it, as if it were there. Here both are
 * stepped by hand: store builds, and commit is held back, made to fail, or never comes. */
#include "tests/engine/requests.h"

#include "domain/number.h"
#include "stages/4_store.h"

#include <criterion/criterion.h>

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define DUPLICATE LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE
#define CONFLICT  LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT
#define TRY_AGAIN LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN

static struct bench_engine bench;
static struct adapter adapter;

static void set_up(void)
{
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
}

static void tear_down(void)
{
    adapter_close(&adapter);
    bench_close(&bench);
}

TestSuite(overlap, .init = set_up, .fini = tear_down);

static uint64_t passed(uint32_t stage)
{
    return cursor_observe(&engine_stage(bench.engine, stage)->cursor);
}

static void send(const char *id, const char *title)
{
    Lianxin__V1__Case one = bench_case(id);
    one.title = (char *)title;
    adapter_submit(&adapter, &one, 1);
}

/* Of others: with one command more they are worth a group ahead of the one that is written. */
enum { OTHERS = STORE_AHEAD_MIN - 1 };

static void send_others(void)
{
    static char ids[OTHERS][16];
    static Lianxin__V1__Case cases[OTHERS];
    for (uint32_t i = 0; i < OTHERS; i++) {
        snprintf(ids[i], sizeof ids[i], "other-%u", i);
        cases[i] = bench_case(ids[i]);
    }
    adapter_submit(&adapter, cases, OTHERS);
}

/* Up to the store, which does what has come as one group. */
static void build(uint64_t slots)
{
    for (uint32_t stage = INGRESS; stage <= STORE; stage++)
        bench_step_until(&bench, stage, slots);
}

static void send_and_build(const char *id, const char *title)
{
    uint64_t slots = passed(INGRESS) + 1;
    send(id, title);
    build(slots);
}

static void send_ahead_and_build(const char *id, const char *title)
{
    uint64_t slots = passed(INGRESS) + 1 + OTHERS;
    send(id, title);
    send_others();
    build(slots);
}

static void expect_next(Lianxin__V1__Outcome outcome, uint64_t serial)
{
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, &bench, ALL_STAGES);
    cr_expect_eq(outcome_of(reply), outcome, "is %d, was to be %d", outcome_of(reply), outcome);
    cr_expect_eq(answer_of(reply, 0)->serial, serial);
    reply_free(reply);
}

static void expect_silence(void)
{
    stage_step(engine_stage(bench.engine, INGRESS));
    cr_expect_null(adapter_look(&adapter));
}

static void expect_events(uint64_t events)
{
    Lianxin__V1__Reply *reply = bench_status(&bench);
    cr_expect_eq(reply->status->events, events);
    cr_expect_eq(reply->status->tickets, events);
    reply_free(reply);
}

Test(overlap, the_next_group_is_built_before_the_one_before_is_written)
{
    send_and_build("a", "一");
    send_ahead_and_build("b", "二");
    cr_expect_eq(passed(COMMIT), 0);
    expect_silence();
    stage_step(engine_stage(bench.engine, COMMIT));
    cr_expect_eq(passed(COMMIT), 1, "a group a step");
    expect_next(ACCEPTED, 1);
    stage_step(engine_stage(bench.engine, COMMIT));
    expect_next(ACCEPTED, 2);
    expect_next(ACCEPTED, 3);
    expect_events(2 + OTHERS);
}

/* What comes while a group is written goes into one when it has been, and not into one each. */
Test(overlap, a_few_wait_for_one_another)
{
    struct stage *store = engine_stage(bench.engine, STORE);
    send_and_build("a", "一");
    send("b", "二");
    for (uint32_t stage = INGRESS; stage < STORE; stage++)
        bench_step_until(&bench, stage, 2);
    cr_expect_not(stage_step(store));
    cr_expect_eq(store->patience_ms(store->self), SLEEP_UNTIL_RUNG);
    send("c", "三");
    for (uint32_t stage = INGRESS; stage < STORE; stage++)
        bench_step_until(&bench, stage, 3);
    stage_step(engine_stage(bench.engine, COMMIT));
    cr_expect_eq(store->patience_ms(store->self), SLEEP_NOT);
    cr_expect(stage_step(store));
    cr_expect_eq(passed(STORE), 3);
    stage_step(engine_stage(bench.engine, COMMIT));
    cr_expect_eq(passed(COMMIT), 3, "both in one");
    for (uint64_t serial = 1; serial <= 3; serial++)
        expect_next(ACCEPTED, serial);
}

/* Two are under way: the third has to wait until the store has seen that the first is durable. */
Test(overlap, no_more_is_built_than_there_is_room_for)
{
    struct stage *store = engine_stage(bench.engine, STORE);
    send_and_build("a", "一");
    send_ahead_and_build("b", "二");
    send("c", "三");
    send_others();
    for (uint32_t stage = INGRESS; stage < STORE; stage++)
        bench_step_until(&bench, stage, 3 + 2 * OTHERS);
    cr_expect_not(stage_step(store));
    cr_expect_eq(store->patience_ms(store->self), SLEEP_UNTIL_RUNG);
    stage_step(engine_stage(bench.engine, COMMIT));
    cr_expect_eq(store->patience_ms(store->self), SLEEP_NOT);
    cr_expect(stage_step(store));
    cr_expect_eq(passed(STORE), 3 + 2 * OTHERS);
    for (uint64_t serial = 1; serial <= 3; serial++)
        expect_next(ACCEPTED, serial);
    expect_next(ACCEPTED, 3 + OTHERS);
    expect_next(DUPLICATE, 3);
}

Test(overlap, what_was_built_is_found_before_it_is_durable)
{
    send_and_build("a", "一");
    uint64_t slots = passed(INGRESS) + 2 + OTHERS;
    send("a", "一");
    send("a", "另一件事");
    send_others();
    build(slots);
    cr_expect_eq(passed(COMMIT), 0);
    expect_silence(); /* a duplicate of what may yet fail is not told either */
    expect_next(ACCEPTED, 1);
    expect_next(DUPLICATE, 1);
    expect_next(CONFLICT, 1);
    expect_next(ACCEPTED, 2);
    expect_events(1 + OTHERS);
}

/* The number of the day's tickets is known before anybody was told of it. */
static void number_of(uint64_t serial, char number[NUMBER_BYTES_MAX])
{
    number_format(day_of_ms(BENCH_START_MS), serial, number);
}

static void send_act_ahead_and_build(const char *id, const char *number)
{
    uint64_t slots = passed(INGRESS) + 1 + OTHERS;
    Lianxin__V1__Act act = bench_action(id, number, LIANXIN__V1__VERB__VERB_SIGN, ENVIRONMENT);
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_ACT;
    request.act = &act;
    adapter_request(&adapter, &request);
    send_others();
    build(slots);
}

Test(overlap, a_ticket_is_acted_on_before_it_is_durable)
{
    char number[NUMBER_BYTES_MAX];
    number_of(1, number);
    send_and_build("a", "一");
    send_act_ahead_and_build("sign", number);
    cr_expect_eq(passed(COMMIT), 0);
    expect_next(ACCEPTED, 1);
    expect_next(ACCEPTED, 1);
    Lianxin__V1__Reply *reply = bench_lookup(&bench, number);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_TICKET);
    cr_expect_eq(reply->ticket->n_events, 2);
    reply_free(reply);
}

/* A case, what is built on it in a group without events and in one with: all of it goes, and comes
 * again as if it had never been. */
Test(overlap, a_group_that_fails_takes_with_it_what_was_built_on_it)
{
    struct stage *commit = engine_stage(bench.engine, COMMIT);
    char number[NUMBER_BYTES_MAX];
    number_of(OTHERS + 1, number);
    send_others();
    expect_next(ACCEPTED, 1);
    send_and_build("a", "一");
    send_ahead_and_build("a", "一");
    send_act_ahead_and_build("sign", number);
    bench_limit_files(1);
    cr_expect_not(stage_step(commit));
    cr_expect_not(stage_step(commit), "it waits for the store");
    cr_expect_eq(commit->patience_ms(commit->self), SLEEP_UNTIL_RUNG);
    bench_limit_files(UINT64_MAX);
    cr_expect_not(stage_step(commit), "what is to be told again must not be written");
    expect_silence();
    for (int i = 0; i < 5; i++)
        expect_next(TRY_AGAIN, 0);
    expect_events(OTHERS);
    send("b", "二");
    send("a", "一");
    expect_next(ACCEPTED, OTHERS + 1);
    expect_next(ACCEPTED, OTHERS + 2);
    expect_events(OTHERS + 2);
}

/* What was durable before the failure is nobody's to take back, though the store has not seen it.
 */
Test(overlap, a_group_that_fails_leaves_the_one_before_it)
{
    struct stage *commit = engine_stage(bench.engine, COMMIT);
    send_and_build("a", "一");
    send_ahead_and_build("b", "二");
    cr_expect(stage_step(commit));
    bench_limit_files(1);
    cr_expect_not(stage_step(commit));
    bench_limit_files(UINT64_MAX);
    expect_next(ACCEPTED, 1);
    expect_next(TRY_AGAIN, 0);
    expect_next(TRY_AGAIN, 0);
    expect_events(1);
    send_and_build("b", "二");
    expect_next(ACCEPTED, 2);
}

/* Nor is anything lost or kept by half when the engine ends between the two. */
Test(overlap, a_crash_leaves_whole_groups)
{
    send_and_build("a", "一");
    send_ahead_and_build("b", "二");
    stage_step(engine_stage(bench.engine, COMMIT));
    bench_restart(&bench);
    expect_events(1);
    send("a", "一");
    expect_next(DUPLICATE, 1);
    send("b", "二");
    expect_next(ACCEPTED, 2);
}
