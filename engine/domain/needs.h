/* needs - what an open ticket needs of a human, now.
 *
 *      doubtful   the desk has it to decide: in doubt, after a return, or since the book would by
 *                 now not dispatch it
 *      unsigned   a main or co-unit has not signed in time
 *      returned   it came back and nobody has signed it since, or went round until the desk had it
 *      overdue    the main unit has not answered in time
 *
 * Pure; any thread.
 */
#ifndef DOMAIN_NEEDS_H
#define DOMAIN_NEEDS_H

#include "domain/tickets.h"

struct needs {
    uint32_t bits; /* 1 << enum need; 0: nothing, all is under way */
    uint32_t part; /* whose unit is waited for; the main part but where only a co-unit is late */
};

/* desk is the key of the desk's unit; doubtful, whether the decision that gave the main part has
 * doubts, or dispatches nothing. A ticket that is closed needs nothing. */
struct needs needs_of(const struct ticket_state *state, struct span desk, bool doubtful,
                      int64_t now_ms);

static inline bool needs_has(const struct needs *needs, enum need need)
{
    return (needs->bits >> need & 1) != 0;
}

#endif
