/* hints - places and units that a case's words mention.
 *
 * Works on the name hits of text.h, inside the city's tree only. A longer name hides those inside
 * it; short forms that could as well be part of a road's or a shop's name do not count (DOMAIN's
 * M19: parsers that take road names for provinces). Never guesses: names that contradict each other
 * are ambiguous. Immutable once built; any thread; looking up allocates nothing.
 */
#ifndef DOMAIN_HINTS_H
#define DOMAIN_HINTS_H

#include "domain/city.h"
#include "domain/text.h"

struct hints;

/* Adds the names of all places and units to the keywords. Lives as long as the arena. */
const struct hints *hints_build(const struct city *city, struct keywords *keywords,
                                struct arena *arena);

/* The place that the words are about: the deepest that all names found agree on. RESOLVED_AMBIGUOUS
 * with the candidates where they do not. */
enum resolution hints_place(const struct hints *hints, const struct text_hits *hits,
                            struct place_candidates *candidates);

/* The unit that the words name in full, or UNIT_NONE; of several the one named first. */
struct unit hints_unit(const struct hints *hints, const struct text_hits *hits);

#endif
