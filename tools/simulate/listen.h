/* listen - the subscribers of a made-up day: what the feeds hand over, checked and kept.
 *
 * Three watch: one everything, one a county, one the desk. Each checks that every unit's sequence
 * goes on by one; that of everything keeps what each event says, once, until it is taken in the
 * order of the log, and counts the units that it has yet to hear of it from. One thread.
 */
#ifndef TOOLS_SIMULATE_LISTEN_H
#define TOOLS_SIMULATE_LISTEN_H

#include "proto/lianxin.h"
#include "tools/simulate/people.h"

enum { LISTENERS = 3, LISTEN_EVERYTHING = 0 };

struct listen;

/* One subscriber. */
struct listener {
    struct listen *listen;
    struct lianxin_watcher *watcher;
    char prefix[UNIT_KEY_BYTES_MAX];
    uint64_t *sequences; /* by unit: the last handed over */
    uint64_t handed;
    uint64_t owed; /* what everything's listener saw go to its units */
};

struct listen {
    const struct city *city;
    struct listener listeners[LISTENERS];
    struct news *news; /* heard and not taken yet, in no order */
    size_t news_count, news_room;
    uint8_t *heard; /* by event number */
    size_t heard_room;
    uint64_t events;    /* different ones */
    uint64_t owed;      /* units that an event went to and that have not told it yet */
    uint64_t gaps;      /* sequences that did not go on by one */
    uint8_t *published; /* by case index: its main unit's feed had it */
    uint32_t cases;
};

MUST_CHECK enum err listen_open(struct listen *listen, const struct city *city, uint32_t cases,
                                const char *front, const char *feed);
void listen_close(struct listen *listen);

/* Hands over what has come; waits for it up to timeout_ms. */
MUST_CHECK enum err listen_step(struct listen *listen, int timeout_ms);

/* Has every event up to this many been heard, from each unit that it went to, by each who
 * subscribed to that unit? */
bool listen_heard(const struct listen *listen, uint64_t events);

/* What was heard since the last time, in the order of the log; borrowed until the next step. */
const struct news *listen_take(struct listen *listen, size_t *count);

#endif
