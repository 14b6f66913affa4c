/* city_parts - what city.c and the files that read its tables know of each other, and nobody else.
 */
#ifndef DOMAIN_CITY_CITY_PARTS_H
#define DOMAIN_CITY_CITY_PARTS_H

#include "domain/city/codes.h"
#include "domain/city/folder.h"
#include "domain/city/hints.h"

/* In the pattern of a unit's name. */
#define PLACE_MARK "{place}"

enum { CITY_NAME_BYTES_MAX = 128, UNIT_NAME_BYTES_MAX = 256 };

struct function_record {
    struct span code, name;
    struct span patterns[TIER_COUNT]; /* of unit names, by tier; empty: nobody has it there */
    struct cell where;
};

struct unit_record {
    struct span key, name;
    struct place place;
    struct function function;
};

struct line_record {
    struct span number, name;
    struct function function;
    struct cell where;
};

struct category_record {
    struct span code, name;
    uint32_t limit;
    struct cell where;
};

struct city {
    const struct places *places;
    const struct calendar *calendar;
    struct keywords *keywords;
    const struct hints *hints;
    struct function_record *functions;
    uint32_t functions_count;
    struct function desk, government;
    struct unit_record *units; /* in the order of their keys */
    uint32_t units_count;
    uint32_t *units_at;        /* [place][function] -> unit, or UINT32_MAX */
    struct line_record *lines; /* as in the file */
    uint32_t lines_count;
    struct codes *lines_by_number;
    struct category_record *categories; /* in the order of their codes */
    uint32_t categories_count;
    struct codes *categories_by_code;
    struct source sources[CITY_SOURCES];
};

/* Each reads one file into the city; what is wrong goes to diag. False where there is no sheet. */
bool functions_load(struct city *city, struct folder folder, struct arena *arena,
                    struct diag *diag);
bool units_load(struct city *city, struct folder folder, struct arena *arena, struct diag *diag);
bool lines_load(struct city *city, struct folder folder, struct arena *arena, struct diag *diag);
bool categories_load(struct city *city, struct folder folder, struct arena *arena,
                     struct diag *diag);

/* Says so where a name is missing or longer than bytes_max. */
void city_check_name(const struct sheet *sheet, struct cell cell, size_t bytes_max,
                     struct diag *diag);

/* Opens the file NAME, checks its header and keeps its source. */
bool city_open_sheet(struct city *city, uint32_t source, struct folder folder, const char *name,
                     const char *const *header, uint32_t columns, struct arena *arena,
                     struct diag *diag, struct sheet *sheet);

/* Of city.sources; places.csv is 0. */
enum {
    SOURCE_PLACES,
    SOURCE_FUNCTIONS,
    SOURCE_UNITS,
    SOURCE_LINES,
    SOURCE_CATEGORIES,
    SOURCE_CALENDAR
};

#endif
