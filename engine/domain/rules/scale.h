/* scale - inputs whose values follow each other: hours, dates, times of day.
 *
 *      8   08:30   2026-10-01              one of them
 *      [8..18)   [2026-10-01..2026-10-07]  a range, its ends with [ ], without ( )
 *      [22:00..06:00)                      a range of times over midnight
 *      >= 18   < 08:30   >= 2026-05-01     a comparison
 *
 * Dates are read as people write them (date.h), times as 08:30, 8:30 and 08:30:00, and 24:00 where
 * a range ends. Pure.
 */
#ifndef DOMAIN_RULES_SCALE_H
#define DOMAIN_RULES_SCALE_H

#include "domain/rules/input.h"
#include "domain/rules/values.h"

enum { SCALE_PARTS_MAX = 2 };

/* Is it such an input? */
bool scale_has(enum input input);

/* What line 3 of a table calls its values: "number", "date", "time". */
const char *scale_type(enum input input);

/* Reads one item of a folded cell; returns of how many parts it is. 0 with a fault that says what
 * is wrong and what would be right; 256 bytes hold any. */
MUST_CHECK uint32_t scale_parse(enum input input, struct span item,
                                struct interval parts[SCALE_PARTS_MAX], char *fault,
                                size_t fault_bytes);

/* Reads a value alone, which may be the one behind the last. False with a fault, as above. */
MUST_CHECK bool scale_read(enum input input, struct span text, uint32_t *value, char *fault,
                           size_t fault_bytes);

#endif
