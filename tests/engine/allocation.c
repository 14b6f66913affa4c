/* Does anything on a case's path allocate? Counted by jemalloc, stage by stage, after a warm-up:
 * our own code nothing; LMDB the pages of a commit; libzmq its messages, and those in proportion.
 */
#include "tests/engine/requests.h"

#include "bench/cases.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <zmq.h>

enum { CASES_A_MESSAGE = 64, WARM_UP = 40, MEASURED = 60 };

struct account {
    const uint64_t *allocated; /* by this thread so far; jemalloc's own counter */
    uint64_t bytes[ENGINE_STAGES];
    uint64_t answered; /* bytes of all replies */
};

/* False under a sanitizer, whose allocator is another. */
static bool account_open(struct account *account)
{
    int (*control)(const char *, void *, size_t *, void *, size_t) = NULL;
    void *symbol = dlsym(RTLD_DEFAULT, "mallctl");
    size_t bytes = sizeof account->allocated;
    *account = (struct account){0};
    memcpy(&control, &symbol, sizeof control);
    return symbol != NULL &&
           control("thread.allocatedp", (void *)&account->allocated, &bytes, NULL, 0) == 0;
}

static void step_all(struct bench_engine *bench, struct account *account)
{
    for (uint32_t i = 0; i < ENGINE_STAGES; i++) {
        uint64_t before = *account->allocated;
        stage_step(engine_stage(bench->engine, i));
        account->bytes[i] += *account->allocated - before;
    }
}

static uint64_t drain(void *subscriber)
{
    uint64_t bytes = 0;
    zmq_msg_t message;
    zmq_msg_init(&message);
    while (zmq_msg_recv(&message, subscriber, ZMQ_DONTWAIT) >= 0)
        bytes += zmq_msg_size(&message);
    zmq_msg_close(&message);
    return bytes;
}

/* Every other place is to be found in the words, and some of the units that reports are about. */
static void leave_to_the_words(struct made_case *made, size_t index)
{
    if (index % 2 == 0)
        made->message.place = (char *)protobuf_c_empty_string;
    if (index % 8 == 0)
        made->message.type = LIANXIN__V1__TYPE__TYPE_REPORT;
}

static void submit(struct bench_engine *bench, struct account *account, struct cases *cases,
                   struct lianxin_client *client)
{
    static struct made_case made[CASES_A_MESSAGE];
    Lianxin__V1__Case *messages[CASES_A_MESSAGE];
    Lianxin__V1__Submit body = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    for (size_t i = 0; i < CASES_A_MESSAGE; i++) {
        cases_next(cases, &made[i]);
        leave_to_the_words(&made[i], i);
        messages[i] = &made[i].message;
    }
    body.n_cases = CASES_A_MESSAGE;
    body.cases = messages;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &body;
    cr_assert_eq(lianxin_client_start(client, &request), OK);
    Lianxin__V1__Reply *reply = NULL;
    enum err err = ERR_TIMEOUT;
    for (int i = 0; i < STEPS_MAX && err == ERR_TIMEOUT; i++) {
        step_all(bench, account);
        err = lianxin_client_step(client, 0, &reply);
    }
    cr_assert_eq(err, OK);
    for (size_t i = 0; i < reply->answers->n_answers; i++)
        cr_assert_eq(reply->answers->answers[i]->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    account->answered += lianxin__v1__reply__get_packed_size(reply);
    reply_free(reply);
}

static uint64_t store_bytes(const struct bench_engine *bench)
{
    char path[128];
    struct stat file;
    snprintf(path, sizeof path, "%s/data.mdb", bench->store);
    cr_assert_eq(stat(path, &file), 0);
    return (uint64_t)file.st_size;
}

static void *subscribe_to_all(struct bench_engine *bench)
{
    void *subscriber = zmq_socket(engine_context(bench->engine), ZMQ_SUB);
    int unlimited = 0;
    zmq_setsockopt(subscriber, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt(subscriber, ZMQ_LINGER, &unlimited, sizeof unlimited);
    zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, "", 0);
    cr_assert_eq(zmq_connect(subscriber, bench->feed), 0);
    return subscriber;
}

/* A quarter for what a library keeps beside the bytes themselves. */
static void expect_no_more_than(uint64_t allocated, uint64_t bytes, const char *whose)
{
    cr_expect_leq(allocated, bytes + bytes / 4, "%" PRIu64 " bytes for %" PRIu64 " of %s",
                  allocated, bytes, whose);
}

Test(engine, nothing_of_ours_allocates_for_a_case)
{
    struct bench_engine bench;
    struct account account;
    struct cases cases;
    struct lianxin_client *client;
    if (!account_open(&account)) { /* Criterion's own way of skipping leaks, and leaks fail */
        fprintf(stderr, "skipped: the allocator is not jemalloc\n");
        return;
    }
    bench_open(&bench, 0);
    cases_init(&cases, engine_policy(bench.engine)->city, "made", CHANNEL_NONE, 1);
    void *subscriber = subscribe_to_all(&bench);
    cr_assert_eq(lianxin_client_open(bench.front, NULL, &client), OK);
    for (int i = 0; i < WARM_UP; i++)
        submit(&bench, &account, &cases, client);
    cr_assert_gt(drain(subscriber), 0);
    memset(account.bytes, 0, sizeof account.bytes);
    account.answered = 0;
    uint64_t published = 0;
    uint64_t stored = store_bytes(&bench);
    for (int i = 0; i < MEASURED; i++) {
        submit(&bench, &account, &cases, client);
        published += drain(subscriber);
    }
    stored = store_bytes(&bench) - stored;
    for (uint32_t i = 0; i < ENGINE_STAGES; i++)
        fprintf(stderr, "%-8s %6.1f bytes a case\n", engine_stage(bench.engine, i)->name,
                (double)account.bytes[i] / (MEASURED * CASES_A_MESSAGE));
    cr_expect_eq(account.bytes[DECODE], 0);
    cr_expect_eq(account.bytes[ROUTE], 0);
    cr_expect_eq(account.bytes[READER], 0);
    expect_no_more_than(account.bytes[INGRESS], account.answered, "libzmq's answers");
    expect_no_more_than(account.bytes[STORE], stored, "LMDB's pages");
    expect_no_more_than(account.bytes[PUBLISH], published, "libzmq's feed messages");
    lianxin_client_close(&client);
    zmq_close(subscriber);
    bench_close(&bench);
}
