/* rules - what a decision table costs as it grows: to read, to compile, to prove, to ask.
 *
 * Tables of made_table.h with 500 to 20,000 rows, of 10 columns and 2,000 keywords. A case is
 * matched with its text and without, where everything is in the caches and where nothing is, and by
 * the slow matcher that looks at every row; all must name the same rows.
 */
#ifndef BENCH_RULES_H
#define BENCH_RULES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Asks cases a table, 1 at least, of those with up to rows_max rows; writes a table to out, or one
 * JSON object. Returns an exit code: EXIT_FAILURE where the matchers differ, which out or stderr
 * says. */
int bench_rules(uint32_t cases, uint32_t rows_max, bool json, FILE *out);

#endif
