/* slow_match - the obvious matcher: looks at every row as it is written.
 *
 * Judges the quick one, in tests and in benchmarks. It shares no code with it, nor with the sets of
 * cell.c: it walks the rows, their intervals and their keywords one by one, looks for each keyword
 * with memmem unless it is told which stand there, and keeps the best row by the table's hit
 * policy.
 */
#ifndef BENCH_SLOW_MATCH_H
#define BENCH_SLOW_MATCH_H

#include "domain/rules/table.h"

/* What is asked of a table. */
struct slow_case {
    const uint32_t *values; /* one an input */
    struct span folded;     /* its words; empty: it has none */
    const struct keywords *keywords;
    const uint8_t *stands; /* a keyword each: does it stand in the words? NULL: look for it */
    const struct slow_left *left; /* what a table of weights left; NULL: all (slow_weights.h) */
};

/* As matcher_match. */
uint32_t slow_match(const struct table *table, struct slow_case asked);

/* Does this row hold, whatever other rows do? */
bool slow_match_row(const struct table *table, const struct table_row *row, struct slow_case asked);

/* The functions that the rows that hold name in out:co, or in out:informed, each once and in the
 * order of the table's policy, the else row's where none holds; returns how many. There must be
 * room for all of the city's. */
uint32_t slow_list(const struct city *city, const struct table *table, struct slow_case asked,
                   enum output output, struct function *functions);

/* What the rows that hold say in out:limit, or in out:sign, that is over first by C<, or last by
 * C>, for who begins at that moment; the else row's where none holds. Count 0: none says any. */
struct time_limit slow_limit(const struct city *city, const struct table *table,
                             struct slow_case asked, enum output output, int64_t time_ms);

/* Does any row of a vote, of those for categories that are left? */
bool slow_holds_any(const struct city *city, const struct table *table, struct slow_case asked);

/* Where a vote's rows lead, by its category's code, or "" for nowhere; by weighing, for each code
 * anew, all rows whose code begins with it. */
struct span slow_vote(const struct city *city, const struct table *table, struct slow_case asked);

#endif
