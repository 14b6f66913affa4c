/* unit_names - what people call units.
 *
 * A unit is called by its name, and by what follows safely from it: 夹江县教育局 is 夹江教育局,
 * 乐山市夹江县生态环境局 is 夹江县生态环境局, 夹江县人民政府 is 夹江县政府, 漹城街道办事处 is
 * 漹城街道办, and the committee of a village goes by its place's names that end in 委会 or 委员会.
 * Abbreviations such as 人社局 do not follow from a table and are left. A unit that is called just
 * as its place, with nothing of an office in it, has no name here, since nobody could tell.
 *
 * One sorted array, folded as text.h folds. Immutable once built; any thread.
 */
#ifndef DOMAIN_CITY_UNIT_NAMES_H
#define DOMAIN_CITY_UNIT_NAMES_H

#include "domain/city/city.h"
#include "domain/city/names.h"

struct unit_name {
    struct span text;
    struct unit unit;
};

struct unit_names;

/* Lives as long as the arena. */
const struct unit_names *unit_names_build(const struct city *city, struct arena *arena);

uint32_t unit_names_count(const struct unit_names *names);

/* In the order of their texts, then of units. */
const struct unit_name *unit_names_at(const struct unit_names *names, uint32_t index);

struct name_range unit_names_find(const struct unit_names *names, struct span text);

/* Bytes of the longest. */
size_t unit_names_longest(const struct unit_names *names);

#endif
