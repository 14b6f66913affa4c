/* difference - every ticket of a store, decided by two books, and what comes out otherwise.
 *
 *      first event -> recalled -> facts -+-> decide by OLD -+-> change -> groups, loads, days
 *                                        +-> decide by NEW -+
 *
 * Each case is looked at as it came in: its words, the hour and the regime of then, before the desk
 * said anything. What is compared are the two books, not what was stored. Not compared, and counted
 * apart: whose story was erased, since its words are gone, and what was attached to another ticket,
 * which is no ticket.
 */
#ifndef TOOLS_COMPARE_DIFFERENCE_H
#define TOOLS_COMPARE_DIFFERENCE_H

#include "tools/compare/groups.h"
#include "tools/history.h"

enum { DIFFERENCE_DAYS_MAX = 36525 };

struct difference {
    const struct pair *pair;
    uint64_t tickets;  /* compared */
    uint64_t erased;   /* not compared */
    uint64_t attached; /* no tickets */
    uint64_t changed;  /* tickets, in whatever aspect */
    uint64_t aspects[ASPECTS];
    uint64_t by_other_rows;       /* the same in all aspects, but sent there by another row */
    uint64_t not_resolved[SIDES]; /* what they say of place or category means nothing there */
    struct groups groups;
    uint64_t *loads[SIDES]; /* tickets, of each end */
    uint32_t *moved_days;   /* of each day from the first on: tickets that go elsewhere */
    uint32_t *days;         /* and all */
    int32_t first_day, days_count;
};

/* Walks the store; what went wrong is in diag. The pair must outlive the difference. */
MUST_CHECK enum err difference_count(const struct store_look *look, const struct pair *pair,
                                     uint32_t threads, struct difference *difference,
                                     struct diag *diag);

void difference_free(struct difference *difference);

#endif
