/* A store that stands still: what came before waits, what comes after a second is told to try again
 * at once and enters no slot, questions are answered all the while. The engine's clock is moved by
 * hand, and the store stage simply not stepped. */
#include "tests/engine/requests.h"

#include "stages/pipeline.h"

#include <criterion/criterion.h>

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define TRY_AGAIN LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN

enum { STALL_MS = 1000 };

static void expect_answer(struct adapter *adapter, struct bench_engine *bench, uint32_t one_stage,
                          size_t count, Lianxin__V1__Outcome outcome)
{
    Lianxin__V1__Reply *reply = adapter_receive(adapter, bench, one_stage);
    cr_assert_eq(reply->answers->n_answers, count);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(answer_of(reply, i)->outcome, outcome, "case %zu: %d", i,
                     answer_of(reply, i)->outcome);
    reply_free(reply);
}

/* A status, with ingress and reader stepped and nothing else. */
static Lianxin__V1__Reply *ask_status(struct adapter *adapter, struct bench_engine *bench)
{
    Lianxin__V1__Status status = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply = NULL;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    adapter_request(adapter, &request);
    for (int i = 0; i < STEPS_MAX && reply == NULL; i++) {
        stage_step(engine_stage(bench->engine, INGRESS));
        stage_step(engine_stage(bench->engine, READER));
        reply = adapter_look(adapter);
    }
    cr_assert_not_null(reply);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_STATUS);
    return reply;
}

Test(stall, of_more_than_a_second_is_told_at_once_and_what_waited_is_done_later)
{
    struct bench_engine bench;
    struct adapter early;
    struct adapter late;
    bench_open(&bench, 0);
    adapter_open(&early, &bench);
    adapter_open(&late, &bench);
    Lianxin__V1__Case first = bench_case("first");
    Lianxin__V1__Case second = bench_case("second");
    Lianxin__V1__Case third = bench_case("third");
    adapter_submit(&early, &first, 1);
    bench_step_until(&bench, INGRESS, 1);
    bench_pass_ms(&bench, STALL_MS);
    adapter_submit(&late, &second, 1);
    bench_step_until(&bench, INGRESS, 2); /* not more than a second: it waits, too */
    bench_pass_ms(&bench, 1);
    adapter_submit(&late, &third, 1);
    expect_answer(&late, &bench, INGRESS, 1, TRY_AGAIN);
    Lianxin__V1__Reply *reply = ask_status(&late, &bench);
    cr_expect_eq(reply->status->try_again, 1);
    cr_expect_eq(reply->status->events, 0);
    reply_free(reply);
    cr_assert_eq(cursor_observe(&engine_stage(bench.engine, INGRESS)->cursor), 2);
    cr_assert_null(adapter_look(&early));

    expect_answer(&early, &bench, ALL_STAGES, 1, ACCEPTED);
    expect_answer(&late, &bench, ALL_STAGES, 1, ACCEPTED);
    adapter_submit(&late, &third, 1); /* as it was told to */
    expect_answer(&late, &bench, ALL_STAGES, 1, ACCEPTED);
    reply = bench_status(&bench);
    cr_expect_eq(reply->status->tickets, 3);
    reply_free(reply);
    adapter_close(&early);
    adapter_close(&late);
    bench_close(&bench);
}

/* With all slots taken, a message is held back without an answer, until the stall. */
Test(stall, with_a_full_ring_is_told_also_to_who_was_held_back)
{
    static Lianxin__V1__Case cases[LIANXIN_SUBMIT_CASES_MAX];
    static char ids[LIANXIN_SUBMIT_CASES_MAX][16];
    enum { MESSAGES = PIPELINE_SLOTS / LIANXIN_SUBMIT_CASES_MAX, TRIES = 1000 };
    struct bench_engine bench;
    struct adapter adapter;
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    for (uint32_t i = 0; i <= MESSAGES; i++) {
        for (uint32_t j = 0; j < LIANXIN_SUBMIT_CASES_MAX; j++) {
            snprintf(ids[j], sizeof ids[j], "%u/%u", i, j);
            cases[j] = bench_case(ids[j]);
        }
        adapter_submit(&adapter, cases, LIANXIN_SUBMIT_CASES_MAX);
    }
    bench_step_until(&bench, INGRESS, PIPELINE_SLOTS);
    for (int i = 0; i < TRIES; i++) {
        stage_step(engine_stage(bench.engine, INGRESS));
        cr_assert_null(adapter_look(&adapter));
    }
    bench_pass_ms(&bench, STALL_MS + 1);
    expect_answer(&adapter, &bench, INGRESS, LIANXIN_SUBMIT_CASES_MAX, TRY_AGAIN);
    adapter_submit(&adapter, cases, LIANXIN_SUBMIT_CASES_MAX);
    expect_answer(&adapter, &bench, INGRESS, LIANXIN_SUBMIT_CASES_MAX, TRY_AGAIN);
    for (uint32_t i = 0; i < MESSAGES; i++)
        expect_answer(&adapter, &bench, ALL_STAGES, LIANXIN_SUBMIT_CASES_MAX, ACCEPTED);
    adapter_submit(&adapter, cases, LIANXIN_SUBMIT_CASES_MAX);
    expect_answer(&adapter, &bench, ALL_STAGES, LIANXIN_SUBMIT_CASES_MAX, ACCEPTED);
    Lianxin__V1__Reply *reply = bench_status(&bench);
    cr_expect_eq(reply->status->tickets, (MESSAGES + 1) * LIANXIN_SUBMIT_CASES_MAX);
    cr_expect_eq(reply->status->try_again, 2 * LIANXIN_SUBMIT_CASES_MAX);
    reply_free(reply);
    adapter_close(&adapter);
    bench_close(&bench);
}
