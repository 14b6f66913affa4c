/* reach - which values a case can have when it comes to a table.
 *
 * At first those that cases have: 0, not said, only where an input may be absent. A table that
 * writes a category or an urgency for every case leaves only what it writes for those after it;
 * one that writes it for some adds to what they can have. Of a case that is not dispatched
 * no table behind writes anything but its category, so this is about those that are. Days before
 * the day of the check are over.
 *
 * Each input is looked at by itself: that two values cannot come together, since the row that
 * writes one does not hold for the other, is found out when a case is led there (witness.h).
 */
#ifndef DOMAIN_CHECK_REACH_H
#define DOMAIN_CHECK_REACH_H

#include "domain/rules/input.h"
#include "domain/rules/table.h"

struct reach {
    const uint8_t *may[INPUT_COUNT]; /* value -> can it occur? */
};

/* Before the first table. */
void reach_begin(const struct city *city, int32_t today, struct arena *arena, struct reach *reach);

/* Behind a table, from what it was before. */
void reach_pass(const struct city *city, const struct table *table, struct arena *arena,
                struct reach *reach);

#endif
