/* city - everything that is true of a city before anybody writes a rule.
 *
 *   places.csv      code, name, kind, short_name                  the jurisdiction tree
 *   functions.csv   code, name, city, county, township, village, basis
 *                   what units are responsible for; per tier the name of the unit that has it, with
 *                   {place} for the place's name; an empty cell: nobody has it at that tier
 *   units.csv       place, function, name, basis                  exceptions, name by name; a name
 *                   of "-" says that there is no such unit
 *   lines.csv       number, name, function, mode, basis           the merged hotlines
 *   categories.csv  code, name                                    3 levels: 03, 0301, 030102
 *   calendar.csv    date, kind, name                              see calendar.h
 *
 * A unit is a function at a place. functions x places of the tiers with a name, changed by
 * units.csv, yields them all: some 40 rows give some 2,000 units. Immutable once loaded; any
 * thread.
 */
#ifndef DOMAIN_CITY_CITY_H
#define DOMAIN_CITY_CITY_H

#include "domain/city/calendar.h"
#include "domain/city/places.h"
#include "domain/text/text.h"

struct function {
    uint32_t index;
};
struct unit {
    uint32_t index;
};
struct line {
    uint32_t index;
};
struct category {
    uint32_t index;
};

#define FUNCTION_NONE ((struct function){UINT32_MAX})
#define UNIT_NONE     ((struct unit){UINT32_MAX})
#define LINE_NONE     ((struct line){UINT32_MAX})
#define CATEGORY_NONE ((struct category){UINT32_MAX})

enum {
    UNIT_KEY_BYTES_MAX = 64,     /* 511126000000.urban */
    FUNCTION_CODE_BYTES_MAX = 32 /* lower-case letters, digits, '_'; begins with a letter */
};

struct city;

/* Reads and checks a whole directory. Adds everything that is wrong to diag; the city is usable
 * only if nothing was added. NULL where a file is missing or unreadable. Lives as long as the
 * arena. */
const struct city *city_load(struct folder folder, struct arena *arena, struct diag *diag);

const struct places *city_places(const struct city *city);

const struct calendar *city_calendar(const struct city *city);

/* The words to look for in texts. While a policy is loaded, its tables add theirs; policy_load()
 * compiles them and policy_destroy() closes them. */
struct keywords *city_keywords(const struct city *city);

/* What its places and units are called in texts; their names are keywords of the above. */
struct hints;
const struct hints *city_hints(const struct city *city);

/* The name of place 0. */
struct span city_name(const struct city *city);

/* The files as they were read, in a fixed order, for the policy's hash and the store. */
enum { CITY_SOURCES = 6 };
struct source {
    const char *name; /* functions.csv */
    struct span content;
};
const struct source *city_sources(const struct city *city);

/* -- functions */
uint32_t city_functions(const struct city *city);
struct function city_function(const struct city *city, struct span code); /* or FUNCTION_NONE */
struct span function_code(const struct city *city, struct function function);
struct span function_name(const struct city *city, struct function function);

/* The function of the desk itself, code "desk": where everything doubtful goes. A city must have
 * it at the city tier. */
struct function city_desk(const struct city *city);

/* The function of the governments themselves, code "general": all units of its place stand below
 * such a unit. FUNCTION_NONE where a city has none. */
struct function city_government(const struct city *city);

/* -- units; indexes in the order of their keys */
uint32_t city_units(const struct city *city);

/* The unit with a function at exactly this place, or UNIT_NONE. */
struct unit city_unit(const struct city *city, struct function function, struct place place);

/* By key, 511126000000.urban; or UNIT_NONE. */
struct unit city_unit_by_key(const struct city *city, struct span key);

struct span unit_key(const struct city *city, struct unit unit);
struct span unit_name(const struct city *city, struct unit unit);
struct place unit_place(const struct city *city, struct unit unit);
struct function unit_function(const struct city *city, struct unit unit);

/* -- lines */
uint32_t city_lines(const struct city *city);
struct line city_line(const struct city *city, struct span number); /* or LINE_NONE */
struct span line_number(const struct city *city, struct line line);
struct span line_name(const struct city *city, struct line line);
struct function line_function(const struct city *city, struct line line); /* or FUNCTION_NONE */

/* -- categories; in the order of their codes, so a subtree is a range of indexes */
uint32_t city_categories(const struct city *city);
struct category city_category(const struct city *city, struct span code); /* or CATEGORY_NONE */
struct span category_code(const struct city *city, struct category category);
struct span category_name(const struct city *city, struct category category);
/* One behind the last index of its subtree. */
uint32_t category_limit(const struct city *city, struct category category);

#endif
