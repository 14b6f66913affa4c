/* match - a compiled table: which row holds for a case?
 *
 *              rows  0 1 2 3 4 5 6 7 ...
 *      channel=phone 1 0 1 1 0 0 1 0         a bit vector a class of values
 *      place=...     1 1 0 1 0 0 0 0
 *      type=help     0 1 1 1 1 0 1 0
 *      AND           0 0 0 1 0 0 0 0   ->    row 3
 *
 * Values that pass the same rows of a column share a class and its vector. Rows stand in the order
 * of their rank, best first, so the first bit of the AND is the answer; where weights are added up,
 * all bits are. A summary has one bit for each 64 rows: where its AND is 0, the 64 are not looked
 * at. Of the rows that ask for words (text_column.h) only those are looked at for which a text has
 * some, and of those only the ones that the other columns let pass. Columns in which every cell is
 * "-" are left out. Immutable; any thread; a scratch belongs to
 * one; matching allocates nothing.
 */
#ifndef DOMAIN_RULES_MATCH_H
#define DOMAIN_RULES_MATCH_H

#include "domain/rules/table.h"

struct matcher;
struct match_scratch;

/* Of tables that are asked one after the other about the same case. */
void matchers_compile(const struct table *const *tables, uint32_t count, const struct city *city,
                      struct arena *arena, const struct matcher **matchers);

/* Of one alone. */
const struct matcher *matcher_compile(const struct table *table, const struct city *city,
                                      struct arena *arena);

struct match_scratch *match_scratch_create(const struct matcher *matcher, struct arena *arena);

/* The index of the row that holds best for these values (one an input, as input.h has them) and for
 * what stands in the text; the else row's where none does, UINT32_MAX where there is no else row
 * either. hits may be NULL: a case without words. */
uint32_t matcher_match(const struct matcher *matcher, const uint32_t *values,
                       const struct text_hits *hits, struct match_scratch *scratch);

/* The row of a rank, 0 the best; below the number of rows. */
uint32_t matcher_row(const struct matcher *matcher, uint32_t rank);

/* Which cells keep the row of a rank from holding: a bit, 1 << enum input, for each input that it
 * does not let pass; 0 where it holds. */
uint32_t matcher_failing(const struct matcher *matcher, uint32_t rank, const uint32_t *values,
                         const struct text_hits *hits, struct match_scratch *scratch);

struct match_rows {
    const uint32_t *rows; /* indexes in the table, best first */
    uint32_t count;
};

/* All rows that hold, without the else row. They stand in the scratch until its next use. */
struct match_rows matcher_match_all(const struct matcher *matcher, const uint32_t *values,
                                    const struct text_hits *hits, struct match_scratch *scratch);

#endif
