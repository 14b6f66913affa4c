/* values - a set of an input's numbers, as a cell lets them pass.
 *
 * Kept as half-open intervals. What is absent, 0, passes "-" and "absent" only: neither x nor
 * not(x) says anything about it.
 */
#ifndef DOMAIN_RULES_VALUES_H
#define DOMAIN_RULES_VALUES_H

#include <stdbool.h>
#include <stdint.h>

struct interval {
    uint32_t first, limit;
};

struct values {
    const struct interval *intervals; /* sorted, apart from each other; 0 is what is absent */
    uint32_t count;
    bool any; /* "-"; then there are no intervals */
};

bool values_have(const struct values *values, uint32_t value);

/* Is there a value that both have? */
bool values_meet(const struct values *a, const struct values *b);

/* Does b have every value of a? */
bool values_within(const struct values *a, const struct values *b);

#endif
