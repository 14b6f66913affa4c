/* volume - how many cases a table's rows leave out, exactly.
 *
 * Of each row is counted what it has beyond the rows before it: where none meets it, the product of
 * its cells; else what is left of its box once they are cut out. The sum is what all have, and the
 * rest is missing. A case of it is found by halving: of an axis either half is looked at by itself
 * where something is missing there. It counts what is there and looks for nothing, so that a
 * table's being complete costs no more than its having a gap. Rows with words are none of this.
 */
#ifndef DOMAIN_CHECK_VOLUME_H
#define DOMAIN_CHECK_VOLUME_H

#include "domain/check/grid.h"

struct volumes;

/* For a table without words; apart where no two of its rows meet. Cutting takes so many steps at
 * most, each time it counts. */
struct volumes *volumes_create(const struct grid *grid, bool apart, uint32_t steps,
                               struct arena *arena);

/* How many cases of a box no row has. False where that took too many steps. */
MUST_CHECK bool volumes_missing(struct volumes *volumes, const uint64_t *box, volume *missing);

/* Narrows a box in which cases are missing to a class each axis whose cases all are. */
MUST_CHECK bool volumes_bisect(struct volumes *volumes, uint64_t *box);

#endif
