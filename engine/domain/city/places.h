/* places - the jurisdiction tree: one city, its counties, townships and villages; or a province and
 * its cities.
 *
 *       5111 乐山市                      index 0      tier city
 *        +- 511126 夹江县                      i      tier county
 *        |   +- 511126001 漹城街道             i+1    tier township
 *        |       +- 511126001001 ...           i+2    tier village
 *
 * Kept in the order of their codes, which is also the order of a walk from parent to children. So
 * a subtree is a half-open range of indexes, and "is it inside?" is two comparisons. Immutable
 * once loaded; any thread.
 *
 * Codes: 4, 6, 9 or 12 digits by tier (GB/T 2260 for the first six, GB/T 10114 for nine, the
 * statistical code for twelve). Names are not keys: many villages share one.
 *
 * A province's hotline has a place of 2 digits above its cities. That is of the city tier too, so
 * tables and books know no fifth: every climb that ends with no unit in a city goes on to it, and
 * what has no place stays there.
 */
#ifndef DOMAIN_CITY_PLACES_H
#define DOMAIN_CITY_PLACES_H

#include "domain/city/folder.h"
#include "domain/words.h"

struct place {
    uint32_t index;
};

#define PLACE_NONE ((struct place){UINT32_MAX})

enum { PLACE_CODE_BYTES = 12, PLACE_CANDIDATES_MAX = 8, PLACE_PATH_BYTES_MAX = 640 };

struct places;

/* Reads DIR/places.csv (code,name,kind,short_name). NULL where it cannot be read at all; check diag
 * for the rest. Allocates from the arena and lives as long. */
const struct places *places_load(struct folder folder, struct arena *arena, struct diag *diag);

uint32_t places_count(const struct places *places);

/* The file as it was read, for the policy's hash. */
struct span places_source(const struct places *places);

/* Does a province stand above the cities? */
bool places_have_province(const struct places *places);

static inline bool place_is_none(struct place place)
{
    return place.index == UINT32_MAX;
}

enum tier place_tier(const struct places *places, struct place place);

/* PLACE_NONE for place 0, the city itself or the province. */
struct place place_parent(const struct places *places, struct place place);

/* One behind the last index of the place's subtree, the place itself included. */
uint32_t place_limit(const struct places *places, struct place place);

/* Is the place that other one, or somewhere below it? */
bool place_is_within(const struct places *places, struct place place, struct place above);

/* The ancestor at a tier that is the place's own or higher. */
struct place place_at_tier(const struct places *places, struct place place, enum tier tier);

/* 4, 6, 9 or 12 digits; a province's 2. */
struct span place_code(const struct places *places, struct place place);

/* Always 12 digits, zeros behind. */
struct span place_code12(const struct places *places, struct place place);

struct span place_name(const struct places *places, struct place place);

/* As places.csv has it; may be empty or the full name again. */
struct span place_short_name(const struct places *places, struct place place);

/* 乡, 镇, 街道, 居委会, 村委会, 县 ... */
struct span place_kind(const struct places *places, struct place place);

/* 乐山市/夹江县/漹城街道, into a buffer of PLACE_PATH_BYTES_MAX; returns its length. */
size_t place_path(const struct places *places, struct place place, char *path);

/* By code of 2, 4, 6, 9 or 12 digits; zeros behind name the higher tier, as GB/T 2260 writes 511100
 * for 5111. */
struct place places_find_code(const struct places *places, struct span code);

/* Do these bytes look like a code, digits only, whether or not there is such a place? */
bool place_looks_like_code(struct span text);

enum resolution {
    RESOLVED,
    RESOLVED_NOTHING,   /* no place is called so */
    RESOLVED_AMBIGUOUS, /* several are; never guessed */
};

struct place_candidates {
    struct place places[PLACE_CANDIDATES_MAX];
    uint32_t count; /* all there are, also those beyond the array */
};

/* A path of names, upper tiers first, inside the city's tree: 夹江县/漹城街道, or without slashes
 * as 夹江县漹城街道, 四川省乐山市夹江县漹城街道, 夹江，漹城. Tiers may be left out. Full and short
 * names count, and what people make of full ones: 漹城街道办, 红旗村 for 红旗村委会; in any width,
 * and in traditional characters. What stands behind the last name is detail and ignored, such as
 * the road in 夹江县漹城街道迎春路12号; but where it begins with another place's name the two
 * contradict each other, and between slashes stand names and nothing else. Then it is
 * RESOLVED_NOTHING.
 *
 * Never guesses. All places that bear the last name below those named before are candidates, and
 * RESOLVED has exactly one. But where somebody bears the last name in full, those who are only
 * called so for short do not count: who writes 沙湾区 means the district, while 沙湾 may be the
 * district or its town. */
enum resolution places_resolve(const struct places *places, struct span path,
                               struct place_candidates *candidates);

struct names;

/* What all of them are called. */
const struct names *places_names(const struct places *places);

#endif
