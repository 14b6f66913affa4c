/* A case that brings the engine down: what was in work is taken alone afterwards, and set aside
 * when the engine fails a second time. The failure is noted as a signal handler would note it; then
 * the engine ends with nothing drained. */
#include "tests/engine/requests.h"

#include <criterion/criterion.h>

enum { CASES = 3 };

static struct lianxin_client *send_three(struct bench_engine *bench)
{
    Lianxin__V1__Case cases[CASES] = {bench_case("a"), bench_case("b"), bench_case("c")};
    Lianxin__V1__Case *messages[CASES] = {&cases[0], &cases[1], &cases[2]};
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    struct lianxin_client *client;
    submit.n_cases = CASES;
    submit.cases = messages;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    cr_assert_eq(lianxin_client_open(bench->front, NULL, &client), OK);
    cr_assert_eq(lianxin_client_start(client, &request), OK);
    return client;
}

static uint64_t done(struct bench_engine *bench, uint32_t stage)
{
    return cursor_observe(&engine_stage(bench->engine, stage)->cursor);
}

/* Sends the three and lets decode begin what it may, but store nothing; then fails. Returns how
 * many were in work. */
static uint64_t fail_with_three_in_work(struct bench_engine *bench)
{
    struct lianxin_client *client = send_three(bench);
    Lianxin__V1__Reply *reply = NULL;
    for (int i = 0; i < STEPS_MAX && done(bench, INGRESS) < CASES; i++) {
        stage_step(engine_stage(bench->engine, INGRESS));
        cr_assert_eq(lianxin_client_step(client, 0, &reply), ERR_TIMEOUT);
    }
    for (int i = 0; i < 2 * CASES; i++)
        stage_step(engine_stage(bench->engine, DECODE));
    uint64_t begun = done(bench, DECODE);
    engine_note_failure(bench->engine);
    lianxin_client_close(&client);
    bench_restart(bench);
    return begun;
}

static void expect_outcomes(struct bench_engine *bench, Lianxin__V1__Outcome first,
                            Lianxin__V1__Outcome others)
{
    struct lianxin_client *client = send_three(bench);
    Lianxin__V1__Reply *reply = NULL;
    enum err err = ERR_TIMEOUT;
    for (int i = 0; i < STEPS_MAX && err == ERR_TIMEOUT; i++) {
        bench_step(bench);
        err = lianxin_client_step(client, 0, &reply);
    }
    cr_assert_eq(err, OK);
    cr_assert_eq(reply->answers->n_answers, CASES);
    cr_expect_eq(reply->answers->answers[0]->outcome, first);
    for (int i = 1; i < CASES; i++)
        cr_expect_eq(reply->answers->answers[i]->outcome, others);
    if (first == LIANXIN__V1__OUTCOME__OUTCOME_INVALID)
        cr_expect(strstr(reply->answers->answers[0]->message, "set aside") != NULL);
    reply_free(reply);
    lianxin_client_close(&client);
}

Test(guard, what_was_in_work_at_two_failures_is_set_aside_and_nothing_else)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    cr_expect_eq(fail_with_three_in_work(&bench), CASES);
    cr_expect_eq(fail_with_three_in_work(&bench), 1, "a suspect is in work alone");
    expect_outcomes(&bench, LIANXIN__V1__OUTCOME__OUTCOME_INVALID,
                    LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    bench_restart(&bench);
    expect_outcomes(&bench, LIANXIN__V1__OUTCOME__OUTCOME_INVALID,
                    LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
    bench_close(&bench);
}

Test(guard, what_passes_alone_is_suspect_no_longer)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    cr_expect_eq(fail_with_three_in_work(&bench), CASES);
    expect_outcomes(&bench, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED,
                    LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    engine_stop(bench.engine);
    bench_restart(&bench);
    cr_expect_eq(fail_with_three_in_work(&bench), CASES);
    expect_outcomes(&bench, LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE,
                    LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
    bench_close(&bench);
}
