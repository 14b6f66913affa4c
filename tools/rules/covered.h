/* covered - which rows the cases of a store's history hit, were they to come in under a book.
 *
 * Each is decided as it came in, at the moment and under the regime of then, and also those that
 * were attached to another ticket. Cases whose story is erased are passed over.
 */
#ifndef TOOLS_RULES_COVERED_H
#define TOOLS_RULES_COVERED_H

#include "tools/rules/coverage.h"
#include "tools/history.h"

struct covered {
    struct coverage coverage;
    uint64_t cases;   /* decided */
    uint64_t unknown; /* that name a place or category which the city does not have */
};

/* Walks the store; what went wrong is in diag. Lives as long as the arena and the policy. */
MUST_CHECK enum err covered_count(const struct store_look *look, const struct policy *policy,
                                  struct arena *arena, struct diag *diag, struct covered *covered);

#endif
