/* row_stats - how the rows of a book have done: what they decided, what came back, what was late.
 *
 *      first event      cites rows; each part names the row that gave it
 *      a return         of a part counts for that row, however long ago it gave it
 *      an answer        that came late as well, and a part that is open and late by now
 *
 * Counted is what stands in the log: the decisions that were made, and nothing is decided anew.
 * Parts that the desk gave by hand have no row and are counted as the desk's.
 */
#ifndef TOOLS_RULES_ROW_STATS_H
#define TOOLS_RULES_ROW_STATS_H

#include "tools/history.h"

struct row_stat {
    struct span name; /* table/row */
    uint64_t hits;    /* decisions that cite it */
    uint64_t parts;   /* main and co-parts that it gave */
    uint64_t returns; /* of those */
    uint64_t overdue; /* of those: answered late, or open and late */
};

struct row_stats {
    struct arena *arena;
    struct row_stat *list; /* in the order in which they were first met */
    uint32_t count, room;
    uint32_t *found;         /* hash table of 2 x room: index + 1, or 0 */
    uint64_t decisions;      /* of cases that came in, and of those decided anew */
    struct row_stat by_desk; /* parts given by hand; it has no name */
};

/* Walks the store. policy: only what this policy of the store decided; 0: whatever did. now_ms is
 * when what is open is late. What went wrong is in diag. */
MUST_CHECK enum err row_stats_count(const struct store_look *look, uint32_t policy, int64_t now_ms,
                                    struct row_stats *stats, struct diag *diag);

void row_stats_free(struct row_stats *stats);

enum row_order { ORDER_HITS, ORDER_RETURNS, ORDER_OVERDUE, ORDER_ROW, ORDERS };

/* The most first; by name where they are alike. */
void row_stats_sort(struct row_stats *stats, enum row_order order);

#endif
