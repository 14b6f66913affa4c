/* text_column - a table's in:text column, compiled: in which rows do the words of a text hold?
 *
 *      keyword 施工 ---> clause 0, any(施工, 工地) of row 0      row 0 wants 2 clauses
 *              夜间 ---> clause 1, all(夜间) of row 0
 *                   \--> clause 2, none(夜间) of row 3          row 3 wants none
 *
 * all(a, b) counts as two clauses of one keyword. A row holds when as many of its clauses are met
 * as it wants and none of its none(...) is. So only the rows are looked at that share a keyword
 * with the text. The answer is a bit vector over ranks, as match.h wants it. Immutable; any thread;
 * the scratch belongs to one.
 */
#ifndef DOMAIN_RULES_TEXT_COLUMN_H
#define DOMAIN_RULES_TEXT_COLUMN_H

#include "domain/rules/table.h"

struct text_column;
struct text_column_scratch;

/* rows: rank -> index of the row in the table. */
const struct text_column *text_column_compile(const struct table *table, const uint32_t *rows,
                                              struct arena *arena);

struct text_column_scratch *text_column_scratch_create(const struct text_column *column,
                                                       struct arena *arena);

/* A bit a row, by rank, and a summary: a bit for each word of the vector that may not be 0. */
struct text_vector {
    const uint64_t *vector;
    const uint64_t *summary;
};

/* hits may be NULL: a case without words. Holds until the next time. Allocates nothing. */
struct text_vector text_column_match(const struct text_column *column, const struct text_hits *hits,
                                     struct text_column_scratch *scratch);

#endif
