/* The whole engine, over real sockets and a real store, its stages stepped by hand in a random
 * order: a case reaches its units once and whole, resends are recognised, what is wrong is said,
 * and a restart loses nothing. */
#include "tests/engine/bench_engine.h"

#include <criterion/criterion.h>
#include <zmq.h>

static Lianxin__V1__Outcome outcome_of(Lianxin__V1__Reply *reply)
{
    return reply->answers->answers[0]->outcome;
}

static void free_reply(Lianxin__V1__Reply *reply)
{
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

struct seen {
    uint64_t count;
    uint64_t reporters;
    uint64_t last;
};

static bool see(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    struct seen *seen = self;
    cr_expect_str_eq(unit, "511126000000.environment");
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
    const char *const prefixes[] = {"511126000000.environment"};
    struct lianxin_watcher_options options = {.event = see, .self = seen};
    struct lianxin_watcher *watcher;
    cr_assert_eq(lianxin_watcher_open(bench->front, bench->feed, prefixes, 1, &options, &watcher),
                 OK);
    for (int i = 0; i < 200000 && seen->count < count; i++) {
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
        cr_assert_str_eq(reply->answers->answers[0]->unit, "511126000000.environment");
        free_reply(reply);
    }
    watch_until(&bench, &seen, 100);
    cr_assert_eq(seen.reporters, 50);
    bench_restart(&bench);
    watch_until(&bench, &again, 100);
    bench_close(&bench);
}

Test(engine, a_resend_gets_the_first_answer_and_other_content_a_conflict)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    Lianxin__V1__Case one = bench_case("same");
    Lianxin__V1__Reply *first = bench_submit(&bench, &one);
    one.received_ms = 1; /* may differ in a resend */
    Lianxin__V1__Reply *second = bench_submit(&bench, &one);
    cr_assert_eq(outcome_of(second), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
    cr_assert_str_eq(second->answers->answers[0]->number, first->answers->answers[0]->number);
    bench_restart(&bench);
    one.title = "别的事情";
    Lianxin__V1__Reply *third = bench_submit(&bench, &one);
    cr_assert_eq(outcome_of(third), LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT);
    cr_assert_str_eq(third->answers->answers[0]->number, first->answers->answers[0]->number);
    free_reply(first);
    free_reply(second);
    free_reply(third);
    bench_close(&bench);
}

Test(engine, what_is_invalid_is_said_and_does_not_harm_the_others)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    Lianxin__V1__Case cases[8];
    Lianxin__V1__Case *pointers[8];
    const char *const fields[8] = {NULL,   "source", "channel", "place",
                                   "text", "line",   "title",   "occurred_ms"};
    const char *const ids[8] = {"0", "1", "2", "3", "4", "5", "6", "7"};
    for (int i = 0; i < 8; i++) {
        cases[i] = bench_case(ids[i]);
        pointers[i] = &cases[i];
    }
    char long_line[18] = "12345678901234567";
    cases[1].source = "";
    cases[2].channel = LIANXIN__V1__CHANNEL__CHANNEL_UNSPECIFIED;
    cases[3].place = "511199";
    cases[4].text = "\xC3\x28";
    cases[5].line = long_line;
    cases[6].title = "\x01";
    cases[7].occurred_ms = INT64_MAX / 2;
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    submit.n_cases = 8;
    submit.cases = pointers;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    Lianxin__V1__Reply *reply = bench_ask(&bench, &request);
    cr_assert_eq(reply->answers->n_answers, 8);
    cr_assert_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    for (int i = 1; i < 8; i++) {
        const Lianxin__V1__Answer *answer = reply->answers->answers[i];
        cr_expect_eq(answer->outcome, LIANXIN__V1__OUTCOME__OUTCOME_INVALID, "case %d", i);
        cr_expect_str_eq(answer->field, fields[i]);
        cr_expect_neq(answer->message[0], '\0');
    }
    free_reply(reply);
    bench_close(&bench);
}

/* Sends frames as they are and gives the reply to them. */
static Lianxin__V1__Reply *send_frames(struct bench_engine *bench, const struct span *frames,
                                       int count)
{
    void *context = zmq_ctx_new();
    void *dealer = zmq_socket(context, ZMQ_DEALER);
    int linger = 0;
    zmq_setsockopt(dealer, ZMQ_LINGER, &linger, sizeof linger);
    cr_assert_eq(zmq_connect(dealer, bench->front), 0);
    for (int i = 0; i < count; i++)
        zmq_send(dealer, frames[i].data, frames[i].bytes, i + 1 < count ? ZMQ_SNDMORE : 0);
    zmq_msg_t message;
    zmq_msg_init(&message);
    int got = -1;
    for (int i = 0; i < 200000 && got < 0; i++) {
        bench_step(bench);
        got = zmq_msg_recv(&message, dealer, ZMQ_DONTWAIT);
    }
    cr_assert(got >= 0, "no reply");
    Lianxin__V1__Reply *reply =
        lianxin__v1__reply__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    zmq_msg_close(&message);
    zmq_close(dealer);
    zmq_ctx_term(context);
    cr_assert_not_null(reply);
    return reply;
}

Test(engine, messages_that_are_no_requests_are_refused_and_the_engine_goes_on)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    static uint8_t large[3 * 1024 * 1024] = {0x08, 0x01, 0x1A, 0xFA, 0xFF, 0xBF, 0x01};
    const uint8_t garbage[] = {0xFF, 0xFF, 0xFF};
    const uint8_t version_2[] = {0x08, 0x02, 0x3A, 0x00};
    const uint8_t nothing_asked[] = {0x08, 0x01};
    const uint8_t status[] = {0x08, 0x01, 0x10, 0x07, 0x3A, 0x00};
    const struct {
        struct span frames[3];
        int count;
    } bad[] = {
        {{{garbage, sizeof garbage}}, 1},
        {{{version_2, sizeof version_2}}, 1},
        {{{nothing_asked, sizeof nothing_asked}}, 1},
        {{{garbage, 0}}, 1},
        {{{status, sizeof status}, {garbage, sizeof garbage}}, 2},
        {{{large, sizeof large}}, 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Lianxin__V1__Reply *reply = send_frames(&bench, bad[i].frames, bad[i].count);
        cr_expect_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR, "message %zu", i);
        if (reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR)
            cr_expect_neq(reply->error->message[0], '\0');
        free_reply(reply);
    }
    struct span good = {status, sizeof status};
    Lianxin__V1__Reply *reply = send_frames(&bench, &good, 1);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_STATUS);
    cr_assert_eq(reply->id, 7);
    free_reply(reply);
    bench_close(&bench);
}

static Lianxin__V1__Reply *act(struct bench_engine *bench, const char *id, const char *number,
                               Lianxin__V1__Verb verb, const char *unit)
{
    Lianxin__V1__Act one = LIANXIN__V1__ACT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    one.source = "test-act";
    one.external_id = (char *)id;
    one.number = (char *)number;
    one.verb = verb;
    one.unit = (char *)unit;
    if (verb == LIANXIN__V1__VERB__VERB_RETURN)
        one.reason = LIANXIN__V1__REASON__REASON_NOT_OUR_DUTY;
    request.body_case = LIANXIN__V1__REQUEST__BODY_ACT;
    request.act = &one;
    return bench_ask(bench, &request);
}

Test(engine, acts_are_durable_idempotent_and_refused_where_illegal)
{
    struct bench_engine bench;
    const char *unit = "511126000000.environment";
    bench_open(&bench, 0);
    Lianxin__V1__Case one = bench_case("for acts");
    Lianxin__V1__Reply *submitted = bench_submit(&bench, &one);
    const char *number = submitted->answers->answers[0]->number;
    const struct {
        const char *id, *unit;
        Lianxin__V1__Verb verb;
        Lianxin__V1__Outcome outcome;
    } acts[] = {
        {"a", unit, LIANXIN__V1__VERB__VERB_ANSWER, LIANXIN__V1__OUTCOME__OUTCOME_REFUSED},
        {"b", "511126000000.tax", LIANXIN__V1__VERB__VERB_SIGN,
         LIANXIN__V1__OUTCOME__OUTCOME_REFUSED},
        {"c", unit, LIANXIN__V1__VERB__VERB_SIGN, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED},
        {"c", unit, LIANXIN__V1__VERB__VERB_SIGN, LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE},
        {"d", unit, LIANXIN__V1__VERB__VERB_RETURN, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED},
        {"e", unit, LIANXIN__V1__VERB__VERB_SIGN, LIANXIN__V1__OUTCOME__OUTCOME_REFUSED},
    };
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (i == 3)
            bench_restart(&bench);
        Lianxin__V1__Reply *reply = act(&bench, acts[i].id, number, acts[i].verb, acts[i].unit);
        cr_expect_eq(outcome_of(reply), acts[i].outcome, "act %zu: %d %s", i, outcome_of(reply),
                     reply->answers->answers[0]->message);
        if (i == 4) /* decided anew, one tier up */
            cr_expect_str_eq(reply->answers->answers[0]->unit, "511100000000.environment");
        free_reply(reply);
    }
    free_reply(submitted);
    bench_close(&bench);
}

Test(engine, a_full_store_says_try_again_and_still_answers_questions)
{
    struct bench_engine bench;
    static char text[30000];
    memset(text, 'x', sizeof text - 1);
    bench_open(&bench, 4 * 1024 * 1024);
    uint64_t accepted = 0;
    Lianxin__V1__Outcome outcome = LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED;
    while (outcome == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED) {
        char id[16];
        snprintf(id, sizeof id, "%llu", (unsigned long long)accepted);
        Lianxin__V1__Case one = bench_case(id);
        one.text = text;
        Lianxin__V1__Reply *reply = bench_submit(&bench, &one);
        outcome = outcome_of(reply);
        accepted += outcome == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED;
        free_reply(reply);
        cr_assert_lt(accepted, 1000);
    }
    cr_assert_eq(outcome, LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN);
    Lianxin__V1__Status what = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &what;
    Lianxin__V1__Reply *reply = bench_ask(&bench, &request);
    cr_assert_eq(reply->status->tickets, accepted);
    cr_assert_neq(reply->status->refusing[0], '\0');
    free_reply(reply);
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
