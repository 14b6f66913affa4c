/* match - a compiled table: which row holds for a case?
 *
 *              rows  0 1 2 3 4 5 6 7 ...
 *      channel=phone 1 0 1 1 0 0 1 0         a bit vector a class of values
 *      place=...     1 1 0 1 0 0 0 0
 *      type=help     0 1 1 1 1 0 1 0
 *      AND           0 0 0 1 0 0 0 0   ->    row 3
 *
 * Values that pass the same rows of a column share a class and its vector. Rows stand in the order
 * of their rank, best first, so the first bit of the AND is the answer. A summary has one bit for
 * each 64 rows: where its AND is 0, the 64 are not looked at. Columns in which every cell is "-"
 * are left out. Immutable; any thread; matching allocates nothing.
 */
#ifndef DOMAIN_MATCH_H
#define DOMAIN_MATCH_H

#include "domain/table.h"

struct matcher;

struct matcher *matcher_compile(const struct table *table, const struct city *city,
                                struct arena *arena);

/* The index of the row that holds best for these values (one an input column of the table), the
 * else row's where none does, UINT32_MAX where there is no else row either. */
uint32_t matcher_match(const struct matcher *matcher, const uint32_t *values);

#endif
