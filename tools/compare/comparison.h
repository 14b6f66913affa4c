/* comparison - a difference of two books, told: on a terminal, as JSON, as a page to print.
 *
 * All say the same: what was edited; how many tickets would be handled otherwise and in what; of
 * those that would go elsewhere the moves by row, by unit, by tier and by category; what else
 * changes, by its values and rows; the load of each unit before and after. Each group is shown with
 * some of its tickets, by number; titles only where the sampler was asked for them.
 */
#ifndef TOOLS_COMPARE_COMPARISON_H
#define TOOLS_COMPARE_COMPARISON_H

#include "tools/named_book.h"
#include "tools/compare/difference.h"
#include "tools/compare/edits.h"
#include "tools/compare/sampler.h"

#include <stdio.h>

struct comparison {
    const struct difference *difference;
    const struct edits *edits;
    const char *books[SIDES]; /* as they were named */
    char hashes[SIDES][NAMED_BOOK_HASH_BYTES];
    const char *store;
    int64_t made_ms; /* now, for the page */
    struct sampler *sampler;
};

void comparison_print(const struct comparison *comparison, FILE *out);
void comparison_print_json(const struct comparison *comparison, FILE *out);
void comparison_print_page(const struct comparison *comparison, FILE *out);

/* -- for those who tell it ------------------------------------------------------------------- */

/* Ends whose load changes, those that change most first; how many. ends has room for all. */
uint32_t comparison_loads(const struct difference *difference, uint32_t *ends);

/* The charts of the page, and its table of edits. */
void comparison_draw(const struct difference *difference, FILE *out);
void comparison_write_edits(const struct edits *edits, FILE *out);

/* One behind the last edit of the file that the first is of. */
uint32_t comparison_file_limit(const struct edits *edits, uint32_t first);

/* The first and last day with a ticket. False where there is none. */
MUST_CHECK bool comparison_days(const struct difference *difference, int32_t *first, int32_t *last);

#endif
