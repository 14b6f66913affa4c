/* tail - what the events behind the watermark say that no table says yet.
 *
 * A fold over events in their order, begun anew when the tables have caught up. The writer has one,
 * from which it writes the tables; each reader has its own, of what its snapshot holds beyond the
 * tables, so that no memory is shared between threads.
 *
 * Bounded: the writer takes no group that its tail has no room for, so no log ends with more. All
 * its space is reserved when it is made. One thread.
 */
#ifndef STORE_TAIL_H
#define STORE_TAIL_H

#include "store/group.h"
#include "store/ids.h"
#include "store/recent.h"

enum { TAIL_EVENTS_MAX = 131072, TAIL_PLACES_MAX = TAIL_EVENTS_MAX * STORE_FEEDS_PER_EVENT_MAX };

struct tail_place {
    uint32_t feed;
    uint32_t sequence;
    uint32_t event;
};

struct tail_last {
    uint64_t serial;
    uint64_t event;
};

struct tail_day {
    int32_t day;
    uint64_t first;
};

/* What becomes of an event in here. Its places stand elsewhere. */
struct tail_note {
    uint64_t hash; /* of its key */
    uint32_t serial;
    int32_t day; /* the latest of its own and those before */
    uint8_t places_count;
    bool ticket_open;
};

_Static_assert(STORE_FEEDS_PER_EVENT_MAX <= UINT8_MAX, "places_count holds them");

/* All lists are in the order of events; the places until they are sorted. */
struct tail {
    uint64_t begin; /* the first event that is in no table */
    uint64_t limit; /* one behind the last event added */
    int32_t day;    /* the latest that has an event, in tables or here */
    struct tail_place *places;
    struct tail_place *sorting; /* room for as many */
    struct id_tag *ids;         /* one an event */
    struct tail_last *lasts;    /* one for each event that is not its ticket's first */
    struct tail_day *days;
    uint32_t *opened; /* tickets that begin here and are open after it: serials, ascending */
    uint32_t *closed; /* tickets that a later event than their first closes */
    uint32_t places_count, lasts_count, days_count, opened_count, closed_count;
    struct recent last_of;   /* ticket -> its last event, where that is not its first */
    struct recent head_of;   /* feed -> its last sequence */
    struct recent closed_by; /* ticket -> the event that closes it, of those in closed */
};

/* The part of a key that the index of ids goes by. */
uint64_t hash_of_key(const uint8_t key[DIGEST_BYTES]);

void tail_init(struct tail *tail);

/* A zeroed tail is fine. */
void tail_fini(struct tail *tail);

/* Begins anew at an event; day is the latest that the tables know. */
void tail_reset(struct tail *tail, uint64_t begin, int32_t day);

/* Does it take so many events more? */
bool tail_has_room(const struct tail *tail, uint64_t events);

/* Puts the places in the order of their feeds; those of one feed stay in theirs. */
void tail_sort_places(struct tail *tail);

/* The event must be number limit, and there must be room. */
void tail_add(struct tail *tail, const struct event_view *view);

/* The same by what was noted of it; places are its own. */
void tail_add_noted(struct tail *tail, const struct tail_note *note,
                    const struct tail_place *places);

/* Each 0 where the tail does not know: the ticket's last event, the day's first, the feed's last
 * sequence. */
uint64_t tail_last(const struct tail *tail, uint64_t serial);
uint64_t tail_day(const struct tail *tail, int32_t day);
uint32_t tail_head(const struct tail *tail, uint32_t feed);

/* Did a later event than its first close the ticket here? It is open where the tables or opened
 * have it, and this says no. */
bool tail_closes(const struct tail *tail, uint64_t serial);

#endif
