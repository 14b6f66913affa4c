/* fake - an engine for tests of the client library, stepped by hand.
 *
 * A ROUTER and an XPUB in the test's own thread, next to what is tested: what one has sent the
 * other finds at its next step, so there is nothing to wait for. The test decides which requests
 * are answered, how often, when, and what is published; time passes when it says so. By default the
 * sockets are inproc; for what only a real connection can show (restarts), they are ipc.
 */
#ifndef TESTS_UNIT_CLIENT_FAKE_H
#define TESTS_UNIT_CLIENT_FAKE_H

#include "proto/lianxin.h"

enum { FAKE_UNITS_MAX = 40, ROUTE_BYTES_MAX = 16 };

/* Units are 511126000001.urban and so on; index 0 is the first. A feed has `length` events, of
 * which event n has the number unit_index * 1000000 + n. */
struct fake {
    void *context, *router, *xpub;
    char front[64], feed[64];
    char folder[32]; /* empty with inproc */
    struct clock clock;
    int64_t now_ns;
    void (*on_clock)(struct fake *); /* or NULL: called whenever somebody asks for the time */
    uint64_t length[FAKE_UNITS_MAX];
    uint32_t subscriptions; /* heard so far */
    char subscribed[64];    /* the latest */
};

struct asked {
    uint8_t route[ROUTE_BYTES_MAX];
    size_t route_bytes;
    Lianxin__V1__Request *request;
    size_t bytes; /* of the request */
    uint64_t digest;
};

void fake_open(struct fake *fake);
void fake_open_ipc(struct fake *fake);
void fake_close(struct fake *fake);

/* Ends the connections of an ipc engine, and takes new ones at the same places. */
void fake_stop(struct fake *fake);
void fake_start(struct fake *fake);

void fake_pass_ms(struct fake *fake, int64_t ms);

/* The next request; false if none waits. */
bool fake_hear(struct fake *fake, struct asked *asked);
void fake_forget(struct asked *asked);

/* Any reply; sets its id. */
void fake_reply(struct fake *fake, const struct asked *asked, Lianxin__V1__Reply *reply);
void fake_reply_error(struct fake *fake, const struct asked *asked, const char *message);
void fake_reply_nonsense(struct fake *fake, const struct asked *asked);

/* To a Submit: for each case the same outcome, with its external id as number. */
void fake_answer(struct fake *fake, const struct asked *asked, Lianxin__V1__Outcome outcome);
/* For each case its own. */
void fake_answer_each(struct fake *fake, const struct asked *asked,
                      const Lianxin__V1__Outcome *outcomes, size_t count);

/* To a Replay: what the feed has of [first, first + limit), at most events_max. */
void fake_replay(struct fake *fake, const struct asked *asked, size_t events_max);
/* The next request must be this Replay; serves it. */
void fake_expect_replay(struct fake *fake, uint32_t unit, uint64_t first);

const char *fake_unit(uint32_t index);
void fake_publish(struct fake *fake, uint32_t unit, uint64_t first, size_t count);
/* Stretches of two units in one message, on the topic unit.511126. */
struct stretch {
    uint32_t unit;
    uint64_t first;
    size_t count;
};
void fake_publish_two(struct fake *fake, struct stretch one, struct stretch other);
/* The heads of units [first, limit) with events, on the topic unit.<prefix>. */
void fake_heads(struct fake *fake, const char *prefix, uint32_t first, uint32_t limit);
void fake_publish_raw(struct fake *fake, const char *topic, const Lianxin__V1__Feed *feed);
/* Takes in what subscribers asked for. */
void fake_listen(struct fake *fake);

/* A small generator, so that a seed is all there is to a random test. */
uint64_t random_next(uint64_t *state);
uint64_t random_seed(void); /* the environment's SEED, or always the same; printed */

#endif
