/* hints - places and units that a case's words mention.
 *
 * Works on the name hits of text.h, inside the city's tree only. A longer name hides those inside
 * it; short forms that could as well be part of a road's or a shop's name do not count, and of
 * villages only names with 村, 社区 or a committee do. Never guesses: names that contradict each
 * other are ambiguous. Immutable once built; any thread; looking up allocates nothing.
 */
#ifndef DOMAIN_CITY_HINTS_H
#define DOMAIN_CITY_HINTS_H

#include "domain/city/city.h"
#include "domain/text/text.h"

struct hints;

/* Adds the names of all places and units to the keywords, before they are compiled. Lives as long
 * as the arena. */
const struct hints *hints_build(const struct city *city, struct keywords *keywords,
                                struct arena *arena);

/* The place that the words are about, RESOLVED: the deepest where the names found lie in each
 * other, or else what all of them lie in, if that is a county or below. RESOLVED_AMBIGUOUS with the
 * candidates where that is the city. The first part of the hits is the address: a place found there
 * wins, and the other parts only say where in it.
 *
 * A government or a bureau that is named is where it is only if nothing else is found:
 * 我住漹城街道, 向夹江县政府反映 is about 漹城街道. So is the city, which all have in common. */
enum resolution hints_place(const struct hints *hints, const struct text_hits *hits,
                            struct place_candidates *candidates);

/* The unit that the words name in full, or UNIT_NONE; of several the one named first. One that is
 * only asked or told something does not count: 请夹江县教育局查处. */
struct unit hints_unit(const struct hints *hints, const struct text_hits *hits);

/* The unit that a text begins with, 夹江县教育局 in 夹江县教育局张某某, or UNIT_NONE: the longest
 * name, behind names of places it lies in. Of several with that name the one that lies in the
 * place, which may be PLACE_NONE. */
struct unit hints_unit_at_start(const struct hints *hints, struct span text, struct place place);

#endif
