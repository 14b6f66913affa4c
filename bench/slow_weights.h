/* slow_weights - what a table of weights leaves, worked out the obvious way.
 *
 * Judges weights.c, of which it shares no more than the table as it is read: each keyword is looked
 * for anew, and whether a category is left is told by the codes. For slow_match.h.
 */
#ifndef BENCH_SLOW_WEIGHTS_H
#define BENCH_SLOW_WEIGHTS_H

#include "bench/slow_match.h"

struct slow_left {
    const struct table *table; /* NULL: nothing was weighed, all is left */
    bool columns[16];
    struct span only; /* the code of the one category of the one column that is left, or empty */
};

struct slow_left slow_weigh(const struct city *city, const struct table *table,
                            struct slow_case asked);

bool slow_is_left(const struct city *city, const struct slow_left *left, struct category category);

#endif
