/* parcels - made-up cases, packed into the very messages that will be sent, before any clock
 * starts.
 *
 * Making and packing a case costs more than the engine may take for it, so it is done ahead, and
 * while the clock runs a message is handed to libzmq as it lies here. The id of a parcel's request
 * is its index plus 1; the external ids of its cases are their numbers, first to first + count - 1.
 */
#ifndef BENCH_PARCELS_H
#define BENCH_PARCELS_H

#include "base/arena.h"
#include "bench/cases.h"

struct parcel {
    struct span frame;
    uint64_t first; /* number of its first case; cases are numbered from 1 */
    uint32_t count; /* of its cases */
};

struct parcels {
    struct arena *arena;
    struct parcel *list;
    uint32_t count;
    uint64_t first; /* number of the first case of all */
    uint32_t cases;
    uint64_t bytes; /* of all frames */
};

/* Makes the next so many cases, per_message of them a parcel; the last may have fewer. */
struct parcels *parcels_make(struct cases *cases, uint32_t count, uint32_t per_message);

/* The first so many of them, as if there were no more; borrows them, and is not to be freed. */
struct parcels parcels_first(const struct parcels *parcels, uint32_t count);

/* NULL inside is fine. */
void parcels_free(struct parcels **parcels);

#endif
