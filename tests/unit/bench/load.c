/* The sender against a fake engine, a ROUTER in a thread of this test: an open loop does not wait
 * for answers, a closed one keeps to its window, and what is not accepted ends the benchmark. */
#include "bench/load.h"
#include "domain/policy.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum { CASES = 100, PER_MESSAGE = 7, MESSAGES = 15, WINDOW = 30, REPLY_BYTES_MAX = 4096 };

struct fake {
    void *context;
    uint32_t hold;  /* answers when so many messages are there */
    uint32_t most;  /* most that waited at a time, in cases */
    uint64_t spoil; /* the answer to this request says otherwise; 0: none does */
    Lianxin__V1__Outcome outcome;
    bool twice; /* and comes twice */
};

static struct policy *policy;
static struct parcels *parcels;
static void *context;
static pthread_t thread;
static struct fake fake;
static char front[64];

/* -- the fake ---------------------------------------------------------------------------------- */

struct waiting {
    uint8_t peer[16];
    size_t peer_bytes;
    uint64_t id;
    uint32_t cases;
};

static void answer(void *router, const struct waiting *waiting)
{
    Lianxin__V1__Answer one[PER_MESSAGE];
    Lianxin__V1__Answer *list[PER_MESSAGE];
    Lianxin__V1__Answers answers = LIANXIN__V1__ANSWERS__INIT;
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    uint8_t bytes[REPLY_BYTES_MAX];
    for (uint32_t i = 0; i < waiting->cases; i++) {
        lianxin__v1__answer__init(&one[i]);
        one[i].outcome = LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED;
        list[i] = &one[i];
    }
    if (waiting->id == fake.spoil && fake.outcome != LIANXIN__V1__OUTCOME__OUTCOME_UNSPECIFIED)
        one[0].outcome = fake.outcome;
    answers.answers = list;
    answers.n_answers = waiting->cases;
    reply.id = waiting->id;
    reply.body_case = LIANXIN__V1__REPLY__BODY_ANSWERS;
    reply.answers = &answers;
    size_t packed = lianxin__v1__reply__pack(&reply, bytes);
    for (int i = 0; i < (waiting->id == fake.spoil && fake.twice ? 2 : 1); i++) {
        zmq_send(router, waiting->peer, waiting->peer_bytes, ZMQ_SNDMORE);
        zmq_send(router, bytes, packed, 0);
    }
}

static bool take(void *router, struct waiting *waiting)
{
    zmq_msg_t message;
    int bytes = zmq_recv(router, waiting->peer, sizeof waiting->peer, 0);
    if (bytes < 0)
        return false;
    waiting->peer_bytes = (size_t)bytes;
    zmq_msg_init(&message);
    zmq_msg_recv(&message, router, 0);
    Lianxin__V1__Request *request =
        lianxin__v1__request__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    waiting->id = request->id;
    waiting->cases = (uint32_t)request->submit->n_cases;
    lianxin__v1__request__free_unpacked(request, NULL);
    zmq_msg_close(&message);
    return true;
}

/* Lets messages gather, up to hold and to what comes within a moment, and answers them all. */
static void *run_fake(void *self)
{
    struct waiting waiting[MESSAGES];
    uint32_t count = 0;
    uint32_t done = 0;
    int quiet_ms = 100;
    void *router = self;
    zmq_setsockopt(router, ZMQ_RCVTIMEO, &quiet_ms, sizeof quiet_ms);
    while (done < MESSAGES) {
        bool more = take(router, &waiting[count]);
        count += more;
        uint32_t cases = 0;
        for (uint32_t i = 0; i < count; i++)
            cases += waiting[i].cases;
        fake.most = cases > fake.most ? cases : fake.most;
        if (more && count < fake.hold)
            continue;
        for (uint32_t i = 0; i < count && (count >= fake.hold || !more); i++)
            answer(router, &waiting[i]);
        done += count;
        count = 0;
    }
    zmq_close(router);
    return NULL;
}

static void open_load(void)
{
    struct diag *diag = diag_create();
    struct cases cases;
    enum err err = policy_load("cities/leshan", diag, &policy);
    diag_destroy(&diag);
    cr_assert_eq(err, OK);
    cases_init(&cases, policy->city, "bench", CHANNEL_NONE, 1);
    parcels = parcels_make(&cases, CASES, PER_MESSAGE);
    cr_assert_eq(parcels->count, MESSAGES);
    context = zmq_ctx_new();
    snprintf(front, sizeof front, "ipc:///tmp/lianxin-load-%d", (int)getpid());
    fake = (struct fake){.hold = 1};
}

static void close_load(void)
{
    unlink(front + strlen("ipc://"));
    parcels_free(&parcels);
    policy_destroy(&policy);
}

static void begin_fake(void)
{
    void *router = zmq_socket(context, ZMQ_ROUTER);
    cr_assert_eq(zmq_bind(router, front), 0);
    cr_assert_eq(pthread_create(&thread, NULL, run_fake, router), 0);
}

static void expect_all_answered(const struct load *load)
{
    cr_expect_eq(load->answered, CASES);
    for (uint32_t i = 0; i < MESSAGES; i++) {
        cr_expect_geq(load->sent_ns[i], load->planned_ns[i]);
        cr_expect_geq(load->answered_ns[i], load->sent_ns[i]);
        cr_expect_geq(load->end_ns, load->answered_ns[i]);
    }
}

static void run(uint32_t window, const int64_t *due_ns)
{
    struct load load;
    begin_fake();
    load_init(&load, parcels, window, due_ns);
    load_run(&load, front);
    pthread_join(thread, NULL);
    expect_all_answered(&load);
    load_free(&load);
    zmq_ctx_term(context);
}

TestSuite(load, .init = open_load, .fini = close_load);

Test(load, makes_parcels_of_all_cases)
{
    uint64_t number = 1;
    for (uint32_t i = 0; i < parcels->count; i++) {
        const struct parcel *parcel = &parcels->list[i];
        Lianxin__V1__Request *request =
            lianxin__v1__request__unpack(NULL, parcel->frame.bytes, parcel->frame.data);
        cr_assert_eq(parcel->first, number);
        cr_assert_eq(request->id, i + 1);
        cr_assert_eq(request->submit->n_cases, parcel->count);
        for (uint32_t j = 0; j < parcel->count; j++)
            cr_assert_eq(strtoull(request->submit->cases[j]->external_id, NULL, 10), number++);
        lianxin__v1__request__free_unpacked(request, NULL);
    }
    cr_assert_eq(number, CASES + 1);
}

/* The fake answers only when no more comes. */
Test(load, closed_fills_its_window_and_no_more)
{
    fake.hold = MESSAGES;
    run(WINDOW, NULL);
    cr_expect_eq(fake.most, WINDOW / PER_MESSAGE * PER_MESSAGE, "%u", fake.most);
}

/* The fake answers nothing before it has all. */
Test(load, open_sends_without_waiting_for_answers)
{
    int64_t due_ns[MESSAGES];
    for (int i = 0; i < MESSAGES; i++)
        due_ns[i] = i * 1000000;
    fake.hold = MESSAGES;
    run(0, due_ns);
    cr_expect_eq(fake.most, CASES);
}

/* Planned all at once: what is sent late counts from when it should have been sent. */
Test(load, open_counts_from_the_planned_moment)
{
    struct load load;
    int64_t due_ns[MESSAGES] = {0};
    begin_fake();
    load_init(&load, parcels, 0, due_ns);
    load_run(&load, front);
    pthread_join(thread, NULL);
    for (int i = 0; i < MESSAGES; i++)
        cr_expect_eq(load.planned_ns[i], load.start_ns);
    load_free(&load);
    zmq_ctx_term(context);
}

/* Two may be answered and two more sent before the third answer comes, with the last of the first.
 */
Test(load, leaves_the_rest_under_way_when_it_has_enough)
{
    struct load load;
    begin_fake();
    load_init(&load, parcels, 3 * PER_MESSAGE, NULL);
    load.enough = 3;
    load_run(&load, front);
    cr_expect_geq(load.answered, 3 * PER_MESSAGE);
    cr_expect_leq(load.answered, 5 * PER_MESSAGE);
    load_free(&load);
    exit(0); /* the fake waits for nothing any more, but its peer is gone */
}

Test(load, ends_where_a_case_is_not_accepted, .exit_code = 1)
{
    fake.spoil = 5;
    fake.outcome = LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN;
    run(WINDOW, NULL);
}

Test(load, ends_where_an_answer_comes_twice, .exit_code = 1)
{
    fake.spoil = 5;
    fake.twice = true;
    run(WINDOW, NULL);
}
