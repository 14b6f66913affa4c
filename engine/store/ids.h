/* ids - the idempotency index: has this source said this external id before?
 *
 * In memory, key -> event. A list of segments, each twice as large as the one before, filled by
 * open addressing to seven eighths and then left as it is: nothing is ever rehashed, so no insert
 * is slow. 8 bytes an entry, so some 9 to 16 bytes a ticket. Half of the key's 64 bits are kept;
 * the caller confirms a hit against the record. One thread.
 *
 * Entries of the open group can be taken back, last ones first.
 */
#ifndef STORE_IDS_H
#define STORE_IDS_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum { IDS_SEGMENTS_MAX = 14 }; /* 2^16 + 2^17 + ... entries: beyond 100 million tickets */

struct ids_segment {
    uint32_t *tags;   /* upper half of the key's hash */
    uint32_t *events; /* 0: empty */
    uint64_t room;    /* a power of two */
    uint64_t count;
};

struct ids {
    struct ids_segment segments[IDS_SEGMENTS_MAX];
    uint32_t segments_count;
};

/* A search under way, newest segment first. */
struct ids_search {
    uint64_t hash;
    uint32_t segment; /* counted down */
    uint64_t place;
    bool begun;
};

void ids_fini(struct ids *ids);

/* ERR_FULL where the last segment is. The first insert of a segment maps its memory. */
MUST_CHECK enum err ids_insert(struct ids *ids, uint64_t hash, uint32_t event);

/* Takes back the last insert that was not taken back yet: the same hash and event. */
void ids_take_back(struct ids *ids, uint64_t hash, uint32_t event);

/* The next event whose key may be this one; 0 where there are no more. */
uint32_t ids_next(const struct ids *ids, struct ids_search *search);

#endif
