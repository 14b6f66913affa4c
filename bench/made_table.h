/* made_table - a random decision table as large as one likes, and a city for it.
 *
 *      channel, type, applicant, urgency, line, category, place, hour, regime, text -> tier
 *
 * A city of 41 places and 110 categories, so that its own names are few beside the table's
 * keywords; half of the cells say something. It is written as CSV, into a directory that is removed
 * again, and read as any city is; always the same for the same numbers.
 */
#ifndef BENCH_MADE_TABLE_H
#define BENCH_MADE_TABLE_H

#include "domain/rules/match.h"

struct made_table {
    struct arena *arena;
    const struct city *city; /* its keywords are compiled */
    const struct table *table;
    const struct matcher *matcher;
    double read_ms, compile_ms; /* what the table and its matcher took, CPU time */
    size_t matcher_bytes;
    uint64_t random;
};

/* A table of rows, and as many keywords with those of the city. Trouble ends the program. */
void made_table_make(struct made_table *made, uint32_t rows, uint32_t keywords);
void made_table_free(struct made_table *made);

/* What it takes to prove a book of such a table alone, CPU time in milliseconds; and what is found
 * wrong with it, which is random, so nearly everything that can be. */
double made_table_check(uint32_t rows, uint32_t keywords, uint32_t *findings);

/* A random value for each of its inputs, 0 (not said) among them. */
void made_table_values(struct made_table *made, uint32_t *values);

/* A text of so many bytes at most, some keywords in it; the arena's. */
struct span made_table_text(struct made_table *made, size_t bytes);

#endif
