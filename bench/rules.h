/* rules - what a decision table costs as it grows: to read, to compile, to ask.
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

enum { BENCH_RULES_CASES = 4096 };

/* Asks cases a table, 1 at least; writes a table to out, or one JSON object. Returns an exit code:
 * EXIT_FAILURE where the matchers differ, which out or stderr says. */
int bench_rules(uint32_t cases, bool json, FILE *out);

#endif
