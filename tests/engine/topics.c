/* Subscriptions by hand: whoever subscribes to a prefix gets what lies below it and nothing else,
 * heads included; units whose keys begin alike are told apart; and subscriptions that make no
 * sense, or that are far too many, harm nobody. */
#include "tests/engine/requests.h"

#include <criterion/criterion.h>
#include <zmq.h>

#define TOPIC "unit."
/* Leshan has both, and one key is the beginning of the other. */
#define CONSTRUCTION "511100000000.construction"
#define HOUSING_FUND "511100000000.housing_fund"

struct subscriber {
    void *socket;
    const char *prefix; /* of topics */
    uint64_t messages, events, heads;
};

static void subscriber_open(struct subscriber *subscriber, void *context,
                            const struct bench_engine *bench, const char *prefix)
{
    int none = 0; /* for lingering; for queues it means no limit */
    *subscriber = (struct subscriber){.socket = zmq_socket(context, ZMQ_SUB), .prefix = prefix};
    zmq_setsockopt(subscriber->socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(subscriber->socket, ZMQ_SNDHWM, &none, sizeof none);
    zmq_setsockopt(subscriber->socket, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt(subscriber->socket, ZMQ_SUBSCRIBE, prefix, strlen(prefix));
    cr_assert_eq(zmq_connect(subscriber->socket, bench->feed), 0);
}

static bool is_below(const struct subscriber *subscriber, const char *unit)
{
    char topic[LIANXIN_UNIT_BYTES_MAX + sizeof TOPIC];
    snprintf(topic, sizeof topic, TOPIC "%s", unit);
    return strncmp(topic, subscriber->prefix, strlen(subscriber->prefix)) == 0;
}

static bool has_part(const Lianxin__V1__Event *event, const char *unit)
{
    for (size_t i = 0; i < event->n_assignments; i++)
        if (strcmp(event->assignments[i]->unit, unit) == 0)
            return true;
    return false;
}

/* Whoever hears a topic hears only of units below it, so below what was subscribed to. */
static void check_feed(struct subscriber *subscriber, const char *topic,
                       const Lianxin__V1__Feed *feed)
{
    const struct subscriber heard = {.prefix = topic};
    if (feed->n_events > 0) {
        cr_assert(is_below(&heard, feed->unit), "%s came on %s", feed->unit, topic);
        cr_assert(is_below(subscriber, feed->unit), "%s heard %s", subscriber->prefix, feed->unit);
    }
    cr_assert(feed->n_feeds == 0 || (feed->n_events == 0 && feed->n_heads == 0));
    for (size_t i = 0; i < feed->n_feeds; i++)
        check_feed(subscriber, topic, feed->feeds[i]);
    for (size_t i = 0; i < feed->n_events; i++)
        cr_assert(has_part(feed->events[i], feed->unit), "%s", feed->unit);
    for (size_t i = 0; i < feed->n_heads; i++)
        cr_assert(is_below(subscriber, feed->heads[i]->unit), "%s heard of %s", subscriber->prefix,
                  feed->heads[i]->unit);
    subscriber->events += feed->n_events;
    subscriber->heads += feed->n_heads;
}

/* One message, which is a topic and a Feed; false where there is none. */
static bool subscriber_hear(struct subscriber *subscriber)
{
    char topic[96];
    int bytes = zmq_recv(subscriber->socket, topic, sizeof topic - 1, ZMQ_DONTWAIT);
    if (bytes < 0)
        return false;
    cr_assert_lt(bytes, (int)sizeof topic);
    topic[bytes] = '\0';
    zmq_msg_t body;
    zmq_msg_init(&body);
    cr_assert_geq(zmq_msg_recv(&body, subscriber->socket, ZMQ_DONTWAIT), 0);
    cr_assert_not(zmq_msg_more(&body));
    Lianxin__V1__Feed *feed =
        lianxin__v1__feed__unpack(NULL, zmq_msg_size(&body), zmq_msg_data(&body));
    cr_assert_not_null(feed);
    check_feed(subscriber, topic, feed);
    lianxin__v1__feed__free_unpacked(feed, NULL);
    zmq_msg_close(&body);
    subscriber->messages++;
    return true;
}

/* Makes a ticket and gives it to the unit. */
static void give(struct bench_engine *bench, const char *id, const char *unit)
{
    Lianxin__V1__Case one = bench_case(id);
    Lianxin__V1__Reply *reply = bench_submit(bench, &one);
    Lianxin__V1__Act act =
        bench_action(id, answer_of(reply, 0)->number, LIANXIN__V1__VERB__VERB_REASSIGN, unit);
    Lianxin__V1__Reply *moved = bench_act(bench, &act);
    cr_assert_eq(outcome_of(moved), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    cr_assert_str_eq(answer_of(moved, 0)->unit, unit);
    reply_free(reply);
    reply_free(moved);
}

Test(topics, below_a_prefix_are_heard_and_no_others)
{
    static const char *const units[] = {CONSTRUCTION, HOUSING_FUND, "511126000000.tax",
                                        "511102000000.tax", "511126000000.police"};
    static const char *const prefixes[] = {"",
                                           "u",
                                           "unit.",
                                           "unit.511126",
                                           "unit.5111260",
                                           "unit.511102000000.tax",
                                           "unit." HOUSING_FUND,
                                           "unit." ENVIRONMENT,
                                           "unit.511126000000.environmental"};
    enum { COUNT = sizeof prefixes / sizeof prefixes[0], SILENT = COUNT - 1, ROUNDS = 10 };
    struct subscriber subscribers[COUNT];
    struct bench_engine bench;
    void *context = zmq_ctx_new();
    bench_open(&bench, 0);
    for (size_t i = 0; i < COUNT; i++)
        subscriber_open(&subscribers[i], context, &bench, prefixes[i]);
    for (int i = 0; i < 5 * ROUNDS; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        give(&bench, id, units[i % 5]);
        bench_pass_ms(&bench, 300); /* heads are announced after a second, and after ten */
        for (size_t j = 0; j < COUNT; j++)
            while (subscriber_hear(&subscribers[j]))
                continue;
    }
    bool all = false;
    for (int i = 0; i < STEPS_MAX && !all; i++) {
        all = true;
        bench_step(&bench);
        bench_pass_ms(&bench, 10);
        for (size_t j = 0; j < COUNT; j++) {
            while (subscriber_hear(&subscribers[j]))
                continue;
            all = all && (j == SILENT || (subscribers[j].events > 0 && subscribers[j].heads > 0));
        }
    }
    cr_expect(all, "somebody heard nothing");
    cr_expect_eq(subscribers[SILENT].events + subscribers[SILENT].heads, 0);
    for (size_t i = 0; i < COUNT; i++)
        zmq_close(subscribers[i].socket);
    zmq_ctx_term(context);
    bench_close(&bench);
}

struct told {
    uint64_t construction, fund;
};

static bool tell_apart(void *self, const char *unit, uint64_t sequence,
                       const Lianxin__V1__Event *event)
{
    struct told *told = self;
    uint64_t *last = strcmp(unit, CONSTRUCTION) == 0 ? &told->construction : &told->fund;
    cr_assert(strcmp(unit, CONSTRUCTION) == 0 || strcmp(unit, HOUSING_FUND) == 0, "%s", unit);
    cr_assert_eq(sequence, ++*last);
    cr_assert(has_part(event, unit), "%s", unit);
    return true;
}

static void watch(struct bench_engine *bench, const char *prefix, struct told *told,
                  uint64_t construction, uint64_t fund)
{
    struct lianxin_watcher_options options = {
        .event = tell_apart, .self = told, .clock = &bench->clock};
    struct lianxin_watcher *watcher;
    cr_assert_eq(lianxin_watcher_open(bench->front, bench->feed, &prefix, 1, &options, &watcher),
                 OK);
    for (int i = 0; i < STEPS_MAX && (told->construction < construction || told->fund < fund ||
                                      !lianxin_watcher_caught_up(watcher));
         i++) {
        bench_step(bench);
        bench_pass_ms(bench, 1);
        cr_assert_eq(lianxin_watcher_step(watcher, 0), OK, "%s", lianxin_why());
    }
    cr_expect_eq(told->construction, construction);
    cr_expect_eq(told->fund, fund);
    lianxin_watcher_close(&watcher);
}

/* No function's code is the beginning of another's; city check sees to it. */
Test(topics, of_one_unit_are_not_another_units)
{
    struct bench_engine bench;
    struct told construction = {0};
    struct told fund = {0};
    bench_open(&bench, 0);
    give(&bench, "a", CONSTRUCTION);
    give(&bench, "b", HOUSING_FUND);
    give(&bench, "c", CONSTRUCTION);
    watch(&bench, CONSTRUCTION, &construction, 2, 0);
    watch(&bench, HOUSING_FUND, &fund, 0, 1);
    Lianxin__V1__Reply *reply = bench_replay(&bench, CONSTRUCTION, 1, 0);
    cr_assert_eq(reply->feed->n_events, 2);
    cr_assert_eq(reply->feed->n_heads, 1);
    reply_free(reply);
    bench_close(&bench);
}

/* More subscriptions than are kept, too long ones, and messages that are no subscriptions. */
Test(topics, that_make_no_sense_or_are_too_many_harm_nobody, .timeout = 300)
{
    enum { MANY = 9000, LONGEST = 600 };
    struct bench_engine bench;
    struct told told = {0};
    void *context = zmq_ctx_new();
    struct subscriber greedy;
    char topic[LONGEST + 1];
    int none = 0;
    bench_open(&bench, 0);
    give(&bench, "before", CONSTRUCTION);
    subscriber_open(&greedy, context, &bench, "nothing begins so");
    for (int i = 0; i < MANY; i++) {
        int bytes = snprintf(topic, sizeof topic, "x%d", i);
        zmq_setsockopt(greedy.socket, ZMQ_SUBSCRIBE, topic, (size_t)bytes);
        if (i % 256 == 0)
            bench_step(&bench);
    }
    /* Each subscription is answered with the heads below it, and be there none. */
    for (int i = 0; i < STEPS_MAX && greedy.messages < MANY; i++) {
        bench_step(&bench);
        while (subscriber_hear(&greedy))
            continue;
    }
    cr_assert_geq(greedy.messages, MANY);
    void *rude = zmq_socket(context, ZMQ_XSUB);
    zmq_setsockopt(rude, ZMQ_LINGER, &none, sizeof none);
    cr_assert_eq(zmq_connect(rude, bench.feed), 0);
    memset(topic, 'u', sizeof topic);
    for (size_t bytes = 0; bytes < 400; bytes++) {
        topic[0] = (char)(bytes % 4);
        zmq_send(rude, topic, bytes, ZMQ_DONTWAIT);
        bench_step(&bench);
    }
    topic[0] = 1;
    zmq_send(rude, topic, LONGEST, ZMQ_DONTWAIT); /* costs the connection */
    watch(&bench, CONSTRUCTION, &told, 1, 0);
    give(&bench, "after", CONSTRUCTION);
    zmq_close(greedy.socket);
    zmq_close(rude);
    zmq_ctx_term(context);
    told = (struct told){0};
    watch(&bench, CONSTRUCTION, &told, 2, 0);
    bench_close(&bench);
}
