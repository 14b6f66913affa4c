/* names - what places are called, and which one is meant.
 *
 * A place is called by its full name, by its short name in places.csv, and by what people make of
 * the full one: 夹江县 is 夹江, 漹城街道 is 漹城 or 漹城街道办, 红旗村委会 is 红旗村 or 红旗. All
 * names of a city stand in one sorted array, those who share one beside each other. Immutable once
 * built; any thread; looking up allocates nothing. Behind places.h, which is what others include.
 */
#ifndef DOMAIN_NAMES_H
#define DOMAIN_NAMES_H

#include "domain/places.h"

struct names;

/* Of all places, whose tree must be complete. Lives as long as the arena. */
const struct names *names_build(const struct places *places, struct arena *arena);

/* As places_resolve. */
enum resolution names_resolve(const struct names *names, const struct places *places,
                              struct span path, struct place_candidates *candidates);

#endif
