/* A disk that fails, a store that stands still, senders that repeat themselves, and messages that
 * are too long: the sender is told, nothing is stored half, and the engine goes on. */
#include "tests/engine/bench_engine.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

enum { STEPS_MAX = 200000, MESSAGE_BYTES_MAX = 4 * 1024 * 1024 };

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define DUPLICATE LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE
#define CONFLICT  LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT
#define TRY_AGAIN LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN

static Lianxin__V1__Reply *submit(struct bench_engine *bench, const char *id)
{
    Lianxin__V1__Case one = bench_case(id);
    return bench_submit(bench, &one);
}

static void expect_outcome(Lianxin__V1__Reply *reply, size_t index, Lianxin__V1__Outcome outcome)
{
    cr_assert_lt(index, reply->answers->n_answers);
    cr_expect_eq(reply->answers->answers[index]->outcome, outcome, "%d instead of %d: %s",
                 reply->answers->answers[index]->outcome, outcome,
                 reply->answers->answers[index]->message);
}

static void expect_submitted(struct bench_engine *bench, const char *id,
                             Lianxin__V1__Outcome outcome)
{
    Lianxin__V1__Reply *reply = submit(bench, id);
    expect_outcome(reply, 0, outcome);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

static Lianxin__V1__Reply *ask_status(struct bench_engine *bench)
{
    Lianxin__V1__Status what = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &what;
    return bench_ask(bench, &request);
}

static void expect_intake(struct bench_engine *bench, bool open, uint64_t tickets)
{
    Lianxin__V1__Reply *reply = ask_status(bench);
    cr_expect_eq(reply->status->refusing[0] == '\0', open, "intake: %s", reply->status->refusing);
    cr_expect_eq(reply->status->tickets, tickets);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

/* -- the disk ---------------------------------------------------------------------------------- */

/* From here on no file grows beyond what the store's has now: each write of new pages fails. */
static void let_writes_fail(const struct bench_engine *bench, struct rlimit *before)
{
    char path[128];
    struct stat file;
    snprintf(path, sizeof path, "%s/data.mdb", bench->store);
    cr_assert_eq(stat(path, &file), 0);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, before), 0);
    struct rlimit limit = {(rlim_t)file.st_size, before->rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

Test(faults, when_writing_fails_senders_try_again_reads_go_on_and_nothing_is_half_stored)
{
    struct bench_engine bench;
    struct rlimit before;
    static char text[20000];
    memset(text, 'x', sizeof text - 1);
    bench_open(&bench, 0);
    expect_submitted(&bench, "first", ACCEPTED);
    let_writes_fail(&bench, &before);
    Lianxin__V1__Case large = bench_case("large");
    large.text = text;
    for (int i = 0; i < 3; i++) {
        Lianxin__V1__Reply *reply = bench_submit(&bench, &large);
        expect_outcome(reply, 0, TRY_AGAIN);
        lianxin__v1__reply__free_unpacked(reply, NULL);
    }
    expect_intake(&bench, false, 1);
    expect_submitted(&bench, "first", DUPLICATE);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    Lianxin__V1__Reply *reply = bench_submit(&bench, &large);
    expect_outcome(reply, 0, ACCEPTED);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    expect_intake(&bench, true, 2);
    bench_restart(&bench);
    expect_intake(&bench, true, 2);
    bench_close(&bench);
}

/* -- standing still ---------------------------------------------------------------------------- */

static struct lianxin_client *start_one(struct bench_engine *bench, const char *id)
{
    Lianxin__V1__Case one = bench_case(id);
    Lianxin__V1__Case *cases[] = {&one};
    Lianxin__V1__Submit body = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    struct lianxin_client *client;
    body.n_cases = 1;
    body.cases = cases;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &body;
    cr_assert_eq(lianxin_client_open(bench->front, NULL, &client), OK);
    cr_assert_eq(lianxin_client_start(client, &request), OK);
    return client;
}

/* Steps one stage, or all of them for ENGINE_STAGES, until the answer is there. */
static void expect_answer(struct bench_engine *bench, struct lianxin_client **client,
                          uint32_t stage, Lianxin__V1__Outcome outcome)
{
    Lianxin__V1__Reply *reply = NULL;
    enum err err = ERR_TIMEOUT;
    for (int i = 0; i < STEPS_MAX && err == ERR_TIMEOUT; i++) {
        if (stage < ENGINE_STAGES)
            bench_step_stage(bench, stage);
        else
            bench_step(bench);
        err = lianxin_client_step(*client, 0, &reply);
    }
    cr_assert_eq(err, OK);
    expect_outcome(reply, 0, outcome);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    lianxin_client_close(client);
}

static void await_taken_in(struct bench_engine *bench, struct lianxin_client *client,
                           uint64_t slots)
{
    Lianxin__V1__Reply *reply;
    const struct cursor *taken = &engine_stage(bench->engine, STAGE_INGRESS)->cursor;
    for (int i = 0; i < STEPS_MAX && cursor_observe(taken) < slots; i++) {
        bench_step_stage(bench, STAGE_INGRESS);
        cr_assert_eq(lianxin_client_step(client, 0, &reply), ERR_TIMEOUT);
    }
    cr_assert_eq(cursor_observe(taken), slots);
}

Test(faults, while_the_store_stands_still_for_over_a_second_what_comes_is_told_to_try_again)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    struct lianxin_client *waiting = start_one(&bench, "waiting");
    await_taken_in(&bench, waiting, 1);
    bench.monotonic_ns = 1000 * 1000000LL;
    struct lianxin_client *soon = start_one(&bench, "soon");
    await_taken_in(&bench, soon, 2);
    bench.monotonic_ns += 1;
    struct lianxin_client *late = start_one(&bench, "late");
    expect_answer(&bench, &late, STAGE_INGRESS, TRY_AGAIN);
    expect_answer(&bench, &waiting, ENGINE_STAGES, ACCEPTED);
    expect_answer(&bench, &soon, ENGINE_STAGES, ACCEPTED);
    expect_submitted(&bench, "late", ACCEPTED);
    expect_intake(&bench, true, 3);
    bench_close(&bench);
}

/* -- senders that repeat themselves ------------------------------------------------------------ */

Test(faults, two_senders_of_one_id_in_one_group_get_one_ticket)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    struct lianxin_client *first = start_one(&bench, "same");
    await_taken_in(&bench, first, 1);
    struct lianxin_client *second = start_one(&bench, "same");
    await_taken_in(&bench, second, 2);
    expect_answer(&bench, &first, ENGINE_STAGES, ACCEPTED);
    expect_answer(&bench, &second, ENGINE_STAGES, DUPLICATE);
    expect_intake(&bench, true, 1);
    bench_close(&bench);
}

Test(faults, a_resend_in_other_company_is_recognised_case_by_case)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    expect_submitted(&bench, "a", ACCEPTED);
    expect_submitted(&bench, "b", ACCEPTED);
    bench_restart(&bench);
    Lianxin__V1__Case cases[] = {bench_case("new"), bench_case("b"), bench_case("b"),
                                 bench_case("a"), bench_case("new")};
    cases[2].title = "别的事情";
    Lianxin__V1__Case *pointers[] = {&cases[0], &cases[1], &cases[2], &cases[3], &cases[4]};
    const Lianxin__V1__Outcome outcomes[] = {ACCEPTED, DUPLICATE, CONFLICT, DUPLICATE, DUPLICATE};
    Lianxin__V1__Submit body = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    body.n_cases = 5;
    body.cases = pointers;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &body;
    Lianxin__V1__Reply *reply = bench_ask(&bench, &request);
    for (size_t i = 0; i < 5; i++)
        expect_outcome(reply, i, outcomes[i]);
    cr_expect_str_eq(reply->answers->answers[0]->number, reply->answers->answers[4]->number);
    cr_expect_str_eq(reply->answers->answers[1]->number, reply->answers->answers[2]->number);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    expect_intake(&bench, true, 3);
    bench_close(&bench);
}

/* -- too long ---------------------------------------------------------------------------------- */

static uint64_t count_disconnects(struct bench_engine *bench, struct lianxin_client *client)
{
    Lianxin__V1__Status what = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply = NULL;
    enum err err = ERR_TIMEOUT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &what;
    cr_assert_eq(lianxin_client_start(client, &request), OK);
    for (int i = 0; i < STEPS_MAX && err == ERR_TIMEOUT; i++) {
        bench_step(bench);
        err = lianxin_client_step(client, 0, &reply);
    }
    cr_assert_eq(err, OK);
    uint64_t disconnects = reply->status->disconnects;
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return disconnects;
}

Test(faults, a_message_beyond_4_mib_drops_its_connection_is_counted_and_harms_nobody)
{
    struct bench_engine bench;
    struct lianxin_client *client;
    void *context = zmq_ctx_new();
    void *dealer = zmq_socket(context, ZMQ_DEALER);
    int none = 0;
    uint8_t *bytes = calloc(1, MESSAGE_BYTES_MAX + 1);
    bench_open(&bench, 0);
    cr_assert_eq(lianxin_client_open(bench.front, NULL, &client), OK);
    cr_expect_eq(count_disconnects(&bench, client), 0);
    zmq_setsockopt(dealer, ZMQ_LINGER, &none, sizeof none);
    cr_assert_eq(zmq_connect(dealer, bench.front), 0);
    cr_assert_eq(zmq_send(dealer, bytes, MESSAGE_BYTES_MAX + 1, 0), MESSAGE_BYTES_MAX + 1);
    uint64_t disconnects = 0;
    for (int i = 0; i < STEPS_MAX && disconnects == 0; i++)
        disconnects = count_disconnects(&bench, client);
    cr_expect_gt(disconnects, 0);
    lianxin_client_close(&client);
    expect_submitted(&bench, "afterwards", ACCEPTED);
    zmq_close(dealer);
    zmq_ctx_term(context);
    free(bytes);
    bench_close(&bench);
}
