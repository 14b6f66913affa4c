/* Does anything on a case's path allocate? Our own code nothing, in any stage, after a warm-up;
 * LMDB the pages of a commit; libzmq its messages, and those in proportion.
 *
 * Who asked is found out allocation by allocation (allocated.h), and jemalloc's counter of the
 * thread says that none was missed. With stages stepped by hand each has an account of its own;
 * then an engine with threads does the same work.
 */
#include "tests/engine/allocated.h"
#include "tests/engine/requests.h"

#include "bench/cases.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zmq.h>

enum { CASES_A_MESSAGE = 64, WARM_UP = 40, MEASURED = 60, WAIT_MS = 10000 };

/* Each case's way is the same, so that what is said of so many is said of all. */
enum { CASES = MEASURED * CASES_A_MESSAGE };

struct account {
    struct allocated stages[ENGINE_STAGES];
    uint64_t counted[ENGINE_STAGES]; /* by jemalloc, on this thread */
    uint64_t answered;               /* bytes of all replies */
};

/* Criterion's own way of skipping leaks, and leaks fail. */
static bool can_tell(void)
{
    if (allocated_open())
        return true;
    fprintf(stderr, "skipped: the allocator is not jemalloc\n");
    return false;
}

/* -- who it was, is told rightly --------------------------------------------------------------- */

static void *volatile kept; /* so that no compiler leaves an allocation out */

static void expect_one(const struct allocated *account, enum allocator by, uint64_t least)
{
    for (uint32_t i = 0; i < ALLOCATORS; i++)
        if (i == by)
            cr_expect_geq(account->bytes[i], least, "%s", allocator_name(by));
        else
            cr_expect_eq(account->bytes[i], 0, "%s, not %s", allocator_name((enum allocator)i),
                         allocator_name(by));
}

Test(allocated, whoever_asks_is_found_on_the_stack)
{
    struct allocated account = {0};
    zmq_msg_t message;
    if (!can_tell())
        return;
    allocated_listen(true);
    uint64_t before = allocated_by_this_thread();
    allocated_note(&account);
    kept = malloc(1000);
    kept = realloc(kept, 100000);
    kept = realloc(kept, 110000);
    free(kept);
    kept = strdup("through libc");
    allocated_note(NULL);
    free(kept);
    expect_one(&account, BY_US, 211000);
    cr_expect_eq(allocated_by_this_thread() - before, allocated_sum(&account));
    allocated_clear(&account);
    allocated_note(&account);
    zmq_msg_init_size(&message, 5000);
    allocated_note(NULL);
    zmq_msg_close(&message);
    expect_one(&account, BY_ZMQ, 5000);
    allocated_clear(&account);
    Lianxin__V1__Case one = bench_case("1");
    uint8_t packed[256];
    size_t bytes = lianxin__v1__case__pack(&one, packed);
    allocated_note(&account);
    Lianxin__V1__Case *unpacked = lianxin__v1__case__unpack(NULL, bytes, packed);
    allocated_note(NULL);
    lianxin__v1__case__free_unpacked(unpacked, NULL);
    expect_one(&account, BY_PROTOBUF, sizeof one);
}

/* -- cases ------------------------------------------------------------------------------------- */

/* Every other place is to be found in the words, and some of the units that reports are about. */
static void leave_to_the_words(struct made_case *made, size_t index)
{
    if (index % 2 == 0)
        made->message.place = (char *)protobuf_c_empty_string;
    if (index % 8 == 0)
        made->message.type = LIANXIN__V1__TYPE__TYPE_REPORT;
}

static void start_submit(struct cases *cases, struct lianxin_client *client)
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
}

/* Returns the bytes of the reply. */
static uint64_t expect_accepted(enum err err, Lianxin__V1__Reply *reply)
{
    cr_assert_eq(err, OK);
    for (size_t i = 0; i < reply->answers->n_answers; i++)
        cr_assert_eq(reply->answers->answers[i]->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    uint64_t bytes = lianxin__v1__reply__get_packed_size(reply);
    reply_free(reply);
    return bytes;
}

static void *subscribe_to_all(void *context, const char *feed)
{
    void *subscriber = zmq_socket(context, ZMQ_SUB);
    int unlimited = 0;
    zmq_setsockopt(subscriber, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt(subscriber, ZMQ_LINGER, &unlimited, sizeof unlimited);
    zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, "", 0);
    cr_assert_eq(zmq_connect(subscriber, feed), 0);
    return subscriber;
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

/* -- stage by stage ---------------------------------------------------------------------------- */

static void step_all(struct bench_engine *bench, struct account *account)
{
    for (uint32_t i = 0; i < ENGINE_STAGES; i++) {
        uint64_t before = allocated_by_this_thread();
        allocated_note(&account->stages[i]);
        stage_step(engine_stage(bench->engine, i));
        allocated_note(NULL);
        account->counted[i] += allocated_by_this_thread() - before;
    }
}

static void submit(struct bench_engine *bench, struct account *account, struct cases *cases,
                   struct lianxin_client *client)
{
    Lianxin__V1__Reply *reply = NULL;
    enum err err = ERR_TIMEOUT;
    start_submit(cases, client);
    for (int i = 0; i < STEPS_MAX && err == ERR_TIMEOUT; i++) {
        step_all(bench, account);
        err = lianxin_client_step(client, 0, &reply);
    }
    account->answered += expect_accepted(err, reply);
}

static uint64_t store_bytes(const struct bench_engine *bench)
{
    char path[128];
    struct stat file;
    snprintf(path, sizeof path, "%s/data.mdb", bench->store);
    cr_assert_eq(stat(path, &file), 0);
    return (uint64_t)file.st_size;
}

static void print_head(void)
{
    fprintf(stderr, "%-10s", "a case");
    for (uint32_t i = 0; i < ALLOCATORS; i++)
        fprintf(stderr, " %10s", allocator_name((enum allocator)i));
    fprintf(stderr, "  bytes\n");
}

static void print_account(const char *name, const struct allocated *account)
{
    fprintf(stderr, "%-10s", name);
    for (uint32_t i = 0; i < ALLOCATORS; i++)
        fprintf(stderr, " %10.1f", (double)account->bytes[i] / CASES);
    fprintf(stderr, "\n");
}

/* A quarter for what a library keeps beside the bytes themselves. */
static void expect_no_more_than(uint64_t allocated, uint64_t bytes, const char *whose)
{
    cr_expect_leq(allocated, bytes + bytes / 4, "%" PRIu64 " bytes for %" PRIu64 " of %s",
                  allocated, bytes, whose);
}

/* Nobody but one library, or nobody at all, and all of it was seen. */
static void expect_only(struct account *account, uint32_t stage, enum allocator by)
{
    for (uint32_t i = 0; i < ALLOCATORS; i++)
        if (i != by || by == BY_US)
            cr_expect_eq(account->stages[stage].bytes[i], 0, "stage %u: %" PRIu64 " bytes by %s",
                         stage, account->stages[stage].bytes[i], allocator_name((enum allocator)i));
    cr_expect_eq(allocated_sum(&account->stages[stage]), account->counted[stage], "stage %u",
                 stage);
}

Test(engine, nothing_of_ours_allocates_for_a_case)
{
    struct bench_engine bench;
    struct account account = {.answered = 0};
    struct cases cases;
    struct lianxin_client *client;
    if (!can_tell())
        return;
    bench_open(&bench, 0);
    cases_init(&cases, engine_policy(bench.engine)->city, "made", CHANNEL_NONE, 1);
    void *subscriber = subscribe_to_all(engine_context(bench.engine), bench.feed);
    cr_assert_eq(lianxin_client_open(bench.front, NULL, &client), OK);
    for (int i = 0; i < WARM_UP; i++)
        submit(&bench, &account, &cases, client);
    cr_assert_gt(drain(subscriber), 0);
    account = (struct account){.answered = 0};
    allocated_listen(true);
    uint64_t published = 0;
    uint64_t stored = store_bytes(&bench);
    for (int i = 0; i < MEASURED; i++) {
        submit(&bench, &account, &cases, client);
        published += drain(subscriber);
    }
    allocated_listen(false);
    stored = store_bytes(&bench) - stored;
    print_head();
    for (uint32_t i = 0; i < ENGINE_STAGES; i++)
        print_account(engine_stage(bench.engine, i)->name, &account.stages[i]);
    print_account("elsewhere", allocated_elsewhere()); /* client, subscriber, libzmq's threads */
    expect_only(&account, INGRESS, BY_ZMQ);
    expect_only(&account, DECODE, BY_US);
    expect_only(&account, ROUTE, BY_US);
    expect_only(&account, STORE, BY_LMDB);
    expect_only(&account, COMMIT, BY_LMDB);
    expect_only(&account, PUBLISH, BY_ZMQ);
    expect_only(&account, READER, BY_US);
    expect_no_more_than(account.stages[INGRESS].bytes[BY_ZMQ], account.answered,
                        "libzmq's answers");
    expect_no_more_than(account.stages[COMMIT].bytes[BY_LMDB], stored, "LMDB's pages");
    expect_no_more_than(account.stages[PUBLISH].bytes[BY_ZMQ], published, "libzmq's feed messages");
    lianxin_client_close(&client);
    zmq_close(subscriber);
    bench_close(&bench);
}

/* -- with threads ------------------------------------------------------------------------------ */

static struct engine *start_with(struct bench_engine *bench, uint32_t threads)
{
    struct engine_options options = {.city = bench->city,
                                     .store = bench->store,
                                     .front = bench->front,
                                     .feed = bench->feed,
                                     .threads = threads};
    struct diag *diag = diag_create();
    struct engine *engine;
    cr_assert_eq(engine_create(&options, diag, &engine), OK);
    diag_destroy(&diag);
    cr_assert_eq(engine_start(engine), OK);
    return engine;
}

static void submit_and_wait(struct cases *cases, struct lianxin_client *client, void *subscriber)
{
    Lianxin__V1__Reply *reply = NULL;
    enum err err = ERR_TIMEOUT;
    start_submit(cases, client);
    for (int i = 0; i < STEPS_MAX && err == ERR_TIMEOUT; i++)
        err = lianxin_client_step(client, WAIT_MS, &reply);
    expect_accepted(err, reply);
    drain(subscriber);
}

/* Those of the test's own thread, which is adapter and unit, are kept apart; what is left is of the
 * engine's threads and of libzmq's. */
static void measure_with(uint32_t threads)
{
    struct bench_engine bench;
    struct allocated own = {0};
    struct cases cases;
    struct lianxin_client *client;
    char name[32];
    bench_open(&bench, 0);
    engine_destroy(&bench.engine);
    struct engine *engine = start_with(&bench, threads);
    cases_init(&cases, engine_policy(engine)->city, "made", CHANNEL_NONE, 1);
    void *subscriber = subscribe_to_all(engine_context(engine), bench.feed);
    cr_assert_eq(lianxin_client_open(bench.front, NULL, &client), OK);
    allocated_note(&own);
    for (int i = 0; i < WARM_UP; i++)
        submit_and_wait(&cases, client, subscriber);
    allocated_clear(allocated_elsewhere());
    allocated_listen(true);
    for (int i = 0; i < MEASURED; i++)
        submit_and_wait(&cases, client, subscriber);
    allocated_listen(false);
    snprintf(name, sizeof name, "threads %u", threads);
    print_account(name, allocated_elsewhere());
    cr_expect_eq(allocated_elsewhere()->bytes[BY_US], 0, "%u threads", threads);
    cr_expect_eq(allocated_elsewhere()->bytes[BY_PROTOBUF], 0, "%u threads", threads);
    cr_expect_eq(allocated_elsewhere()->bytes[BY_OTHERS], 0, "%u threads", threads);
    cr_expect_gt(allocated_elsewhere()->bytes[BY_LMDB], 0, "%u threads", threads);
    allocated_note(NULL);
    lianxin_client_close(&client);
    zmq_close(subscriber);
    engine_stop(engine);
    engine_destroy(&engine);
    bench_close(&bench);
}

Test(engine, nothing_of_ours_allocates_on_any_thread)
{
    static const uint32_t threads[] = {1, 2, 4, 6};
    if (!can_tell())
        return;
    print_head();
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++)
        measure_with(threads[i]);
}
