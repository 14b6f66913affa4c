/* What subscribers hear of a batch: random prefixes over a small tree of units, real sockets, and
 * for each subscriber a plain list of what it should hear. */
#include "stages/outbox.h"
#include "wire/put.h"

#include "lianxin.pb-c.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

enum {
    FEEDS = 48,
    SUBSCRIBERS = 6,
    ROUNDS = 60,
    EVENTS_MAX = 300,
    OPEN_BYTES_MAX = 16,
    WAIT_MS = 5000, /* for what will come; nothing is timed */
};

#define ENDPOINT "inproc://outbox"

static uint32_t seed;
static void *context, *xpub;
static struct arena *arena;
static struct prefixes *prefixes;
static struct outbox *outbox;
static char units[FEEDS][24];
static uint32_t heads[FEEDS];

struct subscriber {
    void *socket;
    char prefix[PREFIX_BYTES_MAX];
    uint32_t sequence[FEEDS]; /* heard last */
    uint32_t messages;
};

static uint32_t random_below(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)seed * limit >> 32);
}

static void set_up(void)
{
    int none = 0;
    int verbose = 1;
    int wait_ms = WAIT_MS;
    context = zmq_ctx_new();
    xpub = zmq_socket(context, ZMQ_XPUB);
    zmq_setsockopt(xpub, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(xpub, ZMQ_SNDHWM, &none, sizeof none);
    zmq_setsockopt(xpub, ZMQ_RCVTIMEO, &wait_ms, sizeof wait_ms);
    zmq_setsockopt(xpub, ZMQ_XPUB_VERBOSE, &verbose, sizeof verbose);
    cr_assert_eq(zmq_bind(xpub, ENDPOINT), 0);
    arena = arena_create();
    prefixes = prefixes_create(arena);
    outbox = outbox_create(xpub, prefixes, arena);
    outbox_grow(outbox, FEEDS);
    for (uint32_t i = 0; i < FEEDS; i++) {
        snprintf(units[i], sizeof units[i], "5111%02u.f%u", i / 4, i % 4);
        outbox_name(outbox, i, span_of_string(units[i]));
    }
    arena_seal(arena);
}

static void tear_down(void)
{
    outbox_fini(outbox);
    zmq_close(xpub);
    zmq_ctx_term(context);
    arena_destroy(&arena);
}

TestSuite(outbox, .init = set_up, .fini = tear_down);

/* Hears one coming or going, as publish does. */
static void hear(void)
{
    uint8_t frame[1 + PREFIX_BYTES_MAX];
    int bytes = zmq_recv(xpub, frame, sizeof frame, 0);
    cr_assert_gt(bytes, 0);
    struct span prefix = span_of(frame + 1, (size_t)bytes - 1);
    if (frame[0] == 1) {
        uint32_t index = prefixes_add(prefixes, prefix);
        if (index != PREFIX_NONE)
            outbox_widen(outbox, index);
    } else {
        uint32_t index = prefixes_remove(prefixes, prefix);
        if (index != PREFIX_NONE)
            outbox_narrow(outbox, index);
    }
}

static void come(struct subscriber *subscriber, const char *prefix)
{
    int none = 0;
    int wait_ms = WAIT_MS;
    *subscriber = (struct subscriber){.socket = zmq_socket(context, ZMQ_SUB)};
    snprintf(subscriber->prefix, sizeof subscriber->prefix, "%s", prefix);
    for (uint32_t i = 0; i < FEEDS; i++)
        subscriber->sequence[i] = heads[i];
    zmq_setsockopt(subscriber->socket, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt(subscriber->socket, ZMQ_RCVTIMEO, &wait_ms, sizeof wait_ms);
    zmq_setsockopt(subscriber->socket, ZMQ_SUBSCRIBE, prefix, strlen(prefix));
    cr_assert_eq(zmq_connect(subscriber->socket, ENDPOINT), 0);
    hear();
}

/* Heard of when nobody with that prefix is left. */
static void leave(struct subscriber *subscriber, bool last)
{
    zmq_close(subscriber->socket);
    if (last)
        hear();
}

/* An Event whose number is its place in its feed. */
static void add(uint32_t feed, uint8_t open[OPEN_BYTES_MAX])
{
    uint32_t sequence = ++heads[feed];
    uint8_t *end = put_number(open, 1, sequence);
    cr_assert(outbox_has_room(outbox));
    outbox_add(outbox, feed, sequence, span_of(open, (size_t)(end - open)));
}

static uint32_t feed_named(const char *unit)
{
    uint32_t feed = 0;
    while (feed < FEEDS && strcmp(units[feed], unit) != 0)
        feed++;
    cr_assert_lt(feed, FEEDS, "%s", unit);
    return feed;
}

static bool is_below(const struct subscriber *subscriber, uint32_t feed)
{
    return prefix_covers(span_of_string(subscriber->prefix), span_of_string(units[feed]));
}

static void take(struct subscriber *subscriber, const Lianxin__V1__Feed *feed)
{
    uint32_t index = feed_named(feed->unit);
    cr_assert(is_below(subscriber, index), "%s heard %s", subscriber->prefix, feed->unit);
    cr_assert_gt(feed->n_events, 0);
    for (size_t i = 0; i < feed->n_events; i++) {
        cr_assert_eq(feed->events[i]->number, ++subscriber->sequence[index], "%s", feed->unit);
        cr_assert_eq(feed->first + i, feed->events[i]->number);
    }
}

static void receive(struct subscriber *subscriber)
{
    zmq_msg_t message;
    zmq_msg_init(&message);
    cr_assert_geq(zmq_msg_recv(&message, subscriber->socket, 0), 0, "%s waits", subscriber->prefix);
    cr_assert(zmq_msg_more(&message));
    cr_assert_geq(zmq_msg_recv(&message, subscriber->socket, 0), 0);
    cr_assert_not(zmq_msg_more(&message));
    Lianxin__V1__Feed *feed =
        lianxin__v1__feed__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    cr_assert_not_null(feed);
    cr_assert_neq(feed->n_feeds, 1, "one feed needs nothing around it");
    if (feed->n_feeds == 0)
        take(subscriber, feed);
    for (size_t i = 0; i < feed->n_feeds; i++)
        take(subscriber, feed->feeds[i]);
    lianxin__v1__feed__free_unpacked(feed, NULL);
    zmq_msg_close(&message);
    subscriber->messages++;
}

/* Receives until all is there; and then nothing more is. */
static void drain(struct subscriber *subscriber)
{
    for (uint32_t feed = 0; feed < FEEDS; feed++)
        while (is_below(subscriber, feed) && subscriber->sequence[feed] < heads[feed])
            receive(subscriber);
    char rest;
    cr_assert_eq(zmq_recv(subscriber->socket, &rest, 1, ZMQ_DONTWAIT), -1, "%s heard more",
                 subscriber->prefix);
}

static const char *random_prefix(char *buffer)
{
    static const char *const whole[] = {"", "u", "unit.", "unit.5111", "x"};
    uint32_t kind = random_below(8);
    if (kind < 5)
        return whole[kind];
    uint32_t feed = random_below(FEEDS);
    snprintf(buffer, PREFIX_BYTES_MAX, "unit.%.*s",
             kind == 5   ? 5
             : kind == 6 ? 7
                         : 24,
             units[feed]);
    return buffer;
}

static void batch(void)
{
    static uint8_t open[EVENTS_MAX][OPEN_BYTES_MAX];
    uint32_t count = random_below(EVENTS_MAX);
    for (uint32_t i = 0; i < count; i++)
        add(random_below(FEEDS), open[i]);
    outbox_flush(outbox);
}

static bool is_alone(const struct subscriber *subscribers, const struct subscriber *one)
{
    uint32_t same = 0;
    for (uint32_t i = 0; i < SUBSCRIBERS; i++)
        same += strcmp(subscribers[i].prefix, one->prefix) == 0;
    return same == 1;
}

Test(outbox, each_hears_its_own_in_order_and_nothing_else)
{
    struct subscriber subscribers[SUBSCRIBERS];
    char buffer[PREFIX_BYTES_MAX];
    seed = 7;
    for (uint32_t i = 0; i < SUBSCRIBERS; i++)
        come(&subscribers[i], random_prefix(buffer));
    for (uint32_t round = 0; round < ROUNDS; round++) {
        batch();
        for (uint32_t i = 0; i < SUBSCRIBERS; i++)
            drain(&subscribers[i]);
        struct subscriber *changed = &subscribers[random_below(SUBSCRIBERS)];
        leave(changed, is_alone(subscribers, changed));
        come(changed, random_prefix(buffer));
    }
    for (uint32_t i = 0; i < SUBSCRIBERS; i++) {
        leave(&subscribers[i], is_alone(subscribers, &subscribers[i]));
        strcpy(subscribers[i].prefix, "gone");
    }
    cr_expect_eq(prefixes_count(prefixes), 0);
}

static uint32_t messages_for(struct subscriber *subscriber, uint32_t feeds)
{
    static uint8_t open[FEEDS][OPEN_BYTES_MAX];
    subscriber->messages = 0;
    for (uint32_t feed = 0; feed < feeds; feed++)
        add(feed, open[feed]);
    outbox_flush(outbox);
    drain(subscriber);
    return subscriber->messages;
}

Test(outbox, whom_nobody_tells_apart_come_in_one_message)
{
    struct subscriber all;
    struct subscriber county;
    struct subscriber unit;
    come(&all, "unit.");
    cr_expect_eq(messages_for(&all, FEEDS), 1);
    come(&county, "unit.511100");
    cr_expect_eq(messages_for(&all, FEEDS), 2);
    come(&unit, "unit.511100.f1");
    cr_expect_eq(messages_for(&all, FEEDS), 3);
    drain(&county);
    cr_expect_eq(county.messages, 1 + 2);
    drain(&unit);
    cr_expect_eq(unit.messages, 1);
    leave(&county, true);
    cr_expect_eq(messages_for(&all, FEEDS), 2);
    leave(&unit, true);
    cr_expect_eq(messages_for(&all, FEEDS), 1);
    leave(&all, true);
}

Test(outbox, a_message_ends_when_it_is_large_enough)
{
    enum { BYTES = 20000, EVENTS = 30, FIT = 4 /* the last begins below 64 KiB */ };
    static uint8_t open[EVENTS][OPEN_BYTES_MAX + BYTES];
    struct subscriber all;
    come(&all, "");
    for (uint32_t i = 0; i < EVENTS; i++) {
        uint8_t *ticket = put_head(put_number(open[i], 1, ++heads[0]), 6, BYTES);
        memset(ticket, 'x', BYTES);
        outbox_add(outbox, 0, heads[0], span_of(open[i], (size_t)(ticket - open[i]) + BYTES));
    }
    outbox_flush(outbox);
    drain(&all);
    cr_expect_eq(all.messages, (EVENTS + FIT - 1) / FIT);
    leave(&all, true);
}

Test(outbox, once_there_were_too_many_prefixes_each_unit_has_its_topic)
{
    char prefix[PREFIX_BYTES_MAX];
    struct subscriber all;
    struct subscriber unknown;
    for (uint32_t i = 0; i < PREFIXES_MAX; i++) {
        snprintf(prefix, sizeof prefix, "x%u", i);
        prefixes_add(prefixes, span_of_string(prefix));
    }
    come(&unknown, "unit.511100.f1");
    come(&all, "unit.");
    cr_expect(prefixes_overflowed(prefixes));
    cr_expect_eq(messages_for(&all, FEEDS), FEEDS);
    drain(&unknown);
    cr_expect_eq(unknown.messages, 1);
    leave(&all, true);
    leave(&unknown, true);
}
