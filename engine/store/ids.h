/* ids - the idempotency index: has this source said this external id before?
 *
 * In memory, key -> event: one table of buckets, each a cache line.
 *
 *      bucket   | 7 tags | 7 events | 7 bytes more of the tags | how many there are |
 *                 28 bytes  28 bytes   7 bytes                    1 byte
 *
 * A key goes into the bucket that its tag says, or if that is full into the next one that is not;
 * so a search ends in the first bucket that is not full. Seven eighths full at most, which is one
 * line nearly always: to look for a key costs the same after ten years as on the first day.
 *
 * The order of tags is the order of buckets. So when the table is full it is copied into one a
 * fifth larger from front to back, both read and written in order, and the old one's memory is
 * given back on the way: a few nanoseconds an entry, some 50 ms after ten years, once in two.
 *
 * 10.5 to 12.5 bytes an entry. 40 of the key's bits are kept; the caller confirms a hit against the
 * record. One thread.
 */
#ifndef STORE_IDS_H
#define STORE_IDS_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum { IDS_BUCKET = 7, IDS_MAX = 1 << 30 };

/* What is kept of a key, also in the table of ids on the disk. */
struct id_tag {
    uint32_t tag;
    uint8_t more;
} __attribute__((packed));

struct ids_bucket {
    uint32_t tags[IDS_BUCKET];
    uint32_t events[IDS_BUCKET];
    uint8_t more[IDS_BUCKET];
    uint8_t count;
};

_Static_assert(sizeof(struct ids_bucket) == 64, "a line each, where the table is aligned to pages");

struct ids {
    struct ids_bucket *buckets;
    uint64_t buckets_count;
    uint64_t count; /* entries */
};

/* A search under way. */
struct ids_search {
    uint64_t hash;
    uint64_t bucket;
    uint32_t slot;
    bool begun;
};

struct id_tag id_tag_of(uint64_t hash);

/* A zeroed struct ids is an empty index. */
void ids_fini(struct ids *ids);

/* Room for so many entries and a tenth more, made at once. ERR_FULL: see ids_insert(). */
MUST_CHECK enum err ids_expect(struct ids *ids, uint64_t count);

/* ERR_FULL where there are IDS_MAX already, or no memory can be mapped for more. */
MUST_CHECK enum err ids_insert(struct ids *ids, uint64_t hash, uint32_t event);

/* The same for events that follow each other, much faster than one by one. Those before the one
 * that is refused are kept. */
MUST_CHECK enum err ids_insert_all(struct ids *ids, const struct id_tag *tags, uint32_t count,
                                   uint32_t first_event);

/* Takes an entry out again. */
void ids_take_back(struct ids *ids, uint64_t hash, uint32_t event);

/* Fetches the line that a search for this key reads first. */
void ids_look_ahead(const struct ids *ids, uint64_t hash);

/* The next event whose key may be this one; 0 where there are no more. */
uint32_t ids_next(const struct ids *ids, struct ids_search *search);

#endif
