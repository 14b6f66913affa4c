/* The whole engine, over real sockets and a real store, its stages stepped by hand in a random
 * order: a case reaches its units once and whole, and a restart loses nothing. */
#include "tests/engine/requests.h"

#include <criterion/criterion.h>
#include <zmq.h>

struct seen {
    uint64_t count;
    uint64_t reporters;
    uint64_t last;
};

static bool see(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    struct seen *seen = self;
    cr_expect_str_eq(unit, ENVIRONMENT);
    cr_expect_eq(sequence, seen->last + 1);
    cr_expect_str_eq(event->story->title, "夜间施工噪声");
    cr_expect_eq(event->case_->channel, LIANXIN__V1__CHANNEL__CHANNEL_WECHAT);
    seen->last = sequence;
    seen->count++;
    seen->reporters += event->reporter != NULL;
    return true;
}

static void watch_until(struct bench_engine *bench, struct seen *seen, uint64_t count)
{
    const char *const prefixes[] = {ENVIRONMENT};
    struct lianxin_watcher_options options = {.event = see, .self = seen};
    struct lianxin_watcher *watcher;
    cr_assert_eq(lianxin_watcher_open(bench->front, bench->feed, prefixes, 1, &options, &watcher),
                 OK);
    for (int i = 0; i < STEPS_MAX && seen->count < count; i++) {
        bench_step(bench);
        cr_assert_eq(lianxin_watcher_step(watcher, 0), OK);
    }
    cr_assert_eq(seen->count, count);
    lianxin_watcher_close(&watcher);
}

Test(engine, a_case_reaches_its_units_feed_once_also_after_a_restart)
{
    struct bench_engine bench;
    struct seen seen = {0};
    struct seen again = {0};
    Lianxin__V1__Reporter reporter = LIANXIN__V1__REPORTER__INIT;
    reporter.name = "王女士";
    bench_open(&bench, 0);
    for (int i = 0; i < 100; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        Lianxin__V1__Case one = bench_case(id);
        if (i % 2 == 0)
            one.reporter = &reporter;
        Lianxin__V1__Reply *reply = bench_submit(&bench, &one);
        cr_assert_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
        cr_assert_str_eq(answer_of(reply, 0)->unit, ENVIRONMENT);
        reply_free(reply);
    }
    watch_until(&bench, &seen, 100);
    cr_assert_eq(seen.reporters, 50);
    bench_restart(&bench);
    watch_until(&bench, &again, 100);
    bench_close(&bench);
}

Test(engine, an_endpoint_that_others_could_reach_is_refused)
{
    cr_assert_null(engine_endpoint_fault("tcp://127.0.0.1:5111"));
    cr_assert_null(engine_endpoint_fault("ipc:///tmp/x"));
    cr_assert_not_null(engine_endpoint_fault("tcp://0.0.0.0:5111"));
    cr_assert_not_null(engine_endpoint_fault("tcp://*:5111"));
    cr_assert_not_null(engine_endpoint_fault("tcp://127.example.org:5111"));
    cr_assert_not_null(engine_endpoint_fault("udp://127.0.0.1:1"));
}

/* What the reader had made and ingress had not sent yet; a leak fails under make asan. */
Test(engine, a_question_that_was_answered_but_not_told_is_answered_after_a_restart)
{
    struct bench_engine bench;
    struct adapter adapter;
    Lianxin__V1__Status what = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.version = LIANXIN_VERSION;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &what;
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    adapter_request(&adapter, &request);
    while (cursor_observe(&engine_stage(bench.engine, READER)->cursor) == 0) {
        stage_step(engine_stage(bench.engine, INGRESS));
        stage_step(engine_stage(bench.engine, READER));
    }
    cr_assert_null(adapter_look(&adapter));
    bench_restart(&bench);
    Lianxin__V1__Reply *reply = bench_status(&bench);
    cr_expect_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_STATUS);
    reply_free(reply);
    adapter_close(&adapter);
    bench_close(&bench);
}

/* What libzmq had to tell of them goes nowhere; a leak fails under make asan. */
Test(engine, adapters_may_leave_while_it_ends)
{
    enum { ADAPTERS = 64 };
    struct bench_engine bench;
    struct adapter adapters[ADAPTERS];
    bench_open(&bench, 0);
    for (int i = 0; i < ADAPTERS; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        Lianxin__V1__Case one = bench_case(id);
        adapter_open(&adapters[i], &bench);
        adapter_submit(&adapters[i], &one, 1);
        reply_free(adapter_receive(&adapters[i], &bench, ALL_STAGES));
    }
    for (int i = 0; i < ADAPTERS; i++)
        zmq_close(adapters[i].dealer);
    bench_restart(&bench);
    for (int i = 0; i < ADAPTERS; i++)
        zmq_ctx_term(adapters[i].context);
    Lianxin__V1__Reply *reply = bench_status(&bench);
    cr_expect_eq(reply->status->tickets, ADAPTERS);
    reply_free(reply);
    bench_close(&bench);
}
