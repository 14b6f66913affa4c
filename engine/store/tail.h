/* tail - what the events behind the watermark say that no table says yet.
 *
 * A fold over events in their order, begun anew when the tables have caught up. The writer has one,
 * from which it writes the tables; each reader has its own, of what its snapshot holds beyond the
 * tables, so that no memory is shared between threads. Grows with the events since the last
 * derivation and keeps its memory when begun anew. One thread.
 */
#ifndef STORE_TAIL_H
#define STORE_TAIL_H

#include "store/group.h"

struct tail_place {
    uint32_t feed;
    uint32_t sequence;
    uint32_t event;
};

struct tail_id {
    uint64_t hash;
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

/* All lists are in the order of events. */
struct tail {
    uint64_t begin; /* the first event that is in no table */
    uint64_t limit; /* one behind the last event added */
    int32_t day;    /* the latest that has an event, in tables or here */
    struct tail_place *places;
    struct tail_id *ids;
    struct tail_last *lasts; /* one for each act */
    struct tail_day *days;
    uint32_t places_count, places_room;
    uint32_t ids_count, ids_room;
    uint32_t lasts_count, lasts_room;
    uint32_t days_count, days_room;
};

/* The part of a key that the index of ids goes by. */
uint64_t hash_of_key(const uint8_t key[DIGEST_BYTES]);

/* Begins anew at an event; day is the latest that the tables know. A zeroed tail may be reset. */
void tail_reset(struct tail *tail, uint64_t begin, int32_t day);

void tail_fini(struct tail *tail);

/* The event must be number limit. */
void tail_add(struct tail *tail, const struct event_view *view);

/* Each 0 where the tail does not know: the ticket's last event, the day's first, the feed's last
 * sequence. */
uint64_t tail_last(const struct tail *tail, uint64_t serial);
uint64_t tail_day(const struct tail *tail, int32_t day);
uint32_t tail_head(const struct tail *tail, uint32_t feed);

#endif
