/* parcels - made-up cases, packed into the very messages that will be sent, before any clock
 * starts.
 *
 * Making and packing a case costs more than the engine may take for it, so it is done ahead. All
 * messages lie one behind the other as they go over the wire, each with its head (zmtp.h), so while
 * the clock runs any number of them is sent with one write. The id of a parcel's request is its
 * index plus 1; the external ids of its cases are their numbers, first to first + count - 1.
 */
#ifndef BENCH_PARCELS_H
#define BENCH_PARCELS_H

#include "base/arena.h"
#include "bench/cases.h"

struct parcel {
    struct span frame; /* the request; its head stands before it */
    uint64_t first;    /* number of its first case; cases are numbered from 1 */
    uint32_t count;    /* of its cases */
};

struct parcels {
    struct arena *arena;
    uint8_t *wire; /* address space; the parcels' bytes from its start on */
    struct parcel *list;
    uint32_t count;
    uint64_t first; /* number of the first case of all */
    uint32_t cases;
    uint64_t bytes; /* of all of that */
};

/* Makes the next so many cases, per_message of them a parcel; the last may have fewer. */
struct parcels *parcels_make(struct cases *cases, uint32_t count, uint32_t per_message);

/* Where the bytes of a parcel, with its head, begin in wire; for index == count where all end. */
size_t parcels_offset(const struct parcels *parcels, uint32_t index);

/* The first so many of them, as if there were no more; borrows them, and is not to be freed. */
struct parcels parcels_first(const struct parcels *parcels, uint32_t count);

/* NULL inside is fine. */
void parcels_free(struct parcels **parcels);

#endif
