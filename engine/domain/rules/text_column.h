/* text_column - a table's in:text column, compiled: in which rows do the words of a text hold?
 *
 *      row 0   any(施工, 工地) all(夜间)      夜间 ---> row 0, still to be checked
 *      row 1   any(噪音, 噪声)                噪音 ---> row 1
 *      row 2   any(噪音) none(演练)             \----> row 2, still to be checked
 *      row 3   none(演练)                     needs no word: always a candidate, to be checked
 *
 * A row that needs words is a candidate where a text has one of the words of one of its clauses,
 * its key: of the clauses that whose words are least to be expected, the longest. What else its
 * cell says is asked of candidates only. So a word that a cell forbids costs nothing, though most
 * texts have some; and of a table few rows are looked at. Immutable; any thread.
 */
#ifndef DOMAIN_RULES_TEXT_COLUMN_H
#define DOMAIN_RULES_TEXT_COLUMN_H

#include "domain/rules/table.h"

struct text_column;

/* rows: rank -> index of the row in the table. The keys' words are sought among the keywords. */
const struct text_column *text_column_compile(const struct table *table, const uint32_t *rows,
                                              struct keywords *keywords, struct arena *arena);

/* The rows that need no word, a bit each, by rank. */
const uint64_t *text_column_always(const struct text_column *column);

/* There are no more candidates than these. */
uint32_t text_column_candidates_max(const struct text_column *column);

/* Writes the ranks of the rows that have a word for their key, in no order and perhaps several
 * times; returns how many. hits may be NULL: a case without words. */
uint32_t text_column_candidates(const struct text_column *column, const struct text_hits *hits,
                                uint32_t *ranks);

/* Does all hold that the cell of a candidate asks for? hits as above. */
bool text_column_holds(const struct text_column *column, uint32_t rank,
                       const struct text_hits *hits);

#endif
