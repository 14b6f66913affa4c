/* cell - one cell of a decision table: the set of values it lets pass.
 *
 * Unary tests in the manner of S-FEEL:
 *
 *      -  or empty        anything, also a value that is absent
 *      phone, sms         one of these
 *      not(phone, sms)    any other
 *      #0301  #511126     a code with its whole subtree; a place also as a path of names
 *      [8..18)  >= 18     hours, dates and times of day (scale.h)
 *      absent             where the case does not say
 *
 * What is absent passes "-" and "absent" only: not(x) is not simply the rest, and not(absent) is
 * all that can be said. Columns of words have cells of their own (text_cell.h).
 */
#ifndef DOMAIN_RULES_CELL_H
#define DOMAIN_RULES_CELL_H

#include "domain/rules/input.h"
#include "domain/rules/values.h"

enum { CELL_INTERVALS_MAX = 1024 };

/* A cell as it is meant: trimmed, and full-width commas, brackets, dashes, colons, number signs
 * and comparison signs made the ASCII ones. A copy in the arena. */
struct span cell_fold(struct span text, struct arena *arena);

/* Takes the next item, trimmed, off a folded list with commas; false at the end. */
bool cell_next_item(struct span *rest, struct span *item);

/* Reads a folded cell. False with a fault that says what is wrong and what would be right; 256
 * bytes hold any. */
MUST_CHECK bool cell_parse(const struct city *city, enum input input, struct span text,
                           struct arena *arena, struct values *values, char *fault,
                           size_t fault_bytes);

#endif
