/* ids - the idempotency index: from a key's hash to the event that has the key.
 *
 *      segment 0   64 Ki slots    full
 *      segment 1  128 Ki slots    full
 *      segment 2  256 Ki slots    is being filled
 *
 * In memory, built anew at start. It must take any number of keys without ever stopping to rehash:
 * when a segment is 7/8 full the next one, twice as large, is begun, on address space reserved at
 * start. A slot is a 32-bit tag and a 32-bit event number in two arrays: 8 bytes. Right after a
 * step the newest segment is all but empty, so a key costs between 9 and 18 bytes, 13 on average.
 *
 * A bucket is the 16 tags of one cache line. It is filled from the front and spills into the next,
 * so that a look that finds the last tag of a bucket empty is over: a key that is not there, which
 * is nearly every key, costs about one line a segment, and those are fetched side by side.
 *
 * A tag is no proof: the caller confirms a hit against the event's record, and asks on.
 *
 * Keys are taken back newest first only (a group that could not be committed), which undoes their
 * insertion exactly: nothing that was inserted later can depend on them.
 */
#ifndef STORE_IDS_H
#define STORE_IDS_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum { IDS_SEGMENTS = 13 };

struct segment {
    uint32_t *tags; /* 0: empty */
    uint32_t *events;
    uint32_t buckets; /* a power of two */
    uint32_t count;
    uint32_t limit;
};

struct ids {
    struct segment segments[IDS_SEGMENTS];
    uint32_t newest;
    uint64_t count;
};

/* Reserves the address space of all segments: 4 GiB. ERR_FULL. */
MUST_CHECK enum err ids_create(struct ids *ids);
void ids_destroy(struct ids *ids);

/* All it can ever hold: 469 million. */
uint64_t ids_capacity(void);

void ids_push(struct ids *ids, uint64_t hash, uint32_t event);

/* Takes back the one pushed last. */
void ids_pop(struct ids *ids, uint64_t hash, uint32_t event);

/* The candidates for a hash, one after the other. */
struct ids_look {
    uint64_t hash;
    uint32_t segment;
    uint32_t bucket;
    uint32_t tag_index; /* within the bucket, the next to look at */
};

struct ids_look ids_look(const struct ids *ids, uint64_t hash);

/* False: there is none, or no other. */
bool ids_next(const struct ids *ids, struct ids_look *look, uint32_t *event);

#endif
