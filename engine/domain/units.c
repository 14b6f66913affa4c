/* units - 承办单位: every function at every place of a tier that has it, and the exceptions. */
#include "base/check.h"
#include "domain/city_parts.h"

#include <stdlib.h>

static const char *const header[] = {"place", "function", "name", "basis"};
enum { COLUMNS = sizeof header / sizeof header[0] };

/* While reading, names lie in a matrix [function][place]; an empty one is no unit. */
struct matrix {
    struct city *city;
    struct span *names;
};

static struct span *name_at(const struct matrix *matrix, struct function function,
                            struct place place)
{
    return &matrix
                ->names[(size_t)function.index * places_count(matrix->city->places) + place.index];
}

/* The pattern with {place} replaced by the place's name. */
static struct span fill_pattern(struct span pattern, struct span place, struct arena *arena)
{
    static const char mark[] = "{place}";
    char text[512];
    const char *at = memmem(pattern.data, pattern.bytes, mark, sizeof mark - 1);
    if (at == NULL)
        return pattern;
    size_t before = (size_t)((const uint8_t *)at - pattern.data);
    size_t behind = pattern.bytes - before - (sizeof mark - 1);
    int bytes = snprintf(text, sizeof text, "%.*s%.*s%.*s", (int)before, (const char *)pattern.data,
                         SPAN_ARG(place), (int)behind, at + sizeof mark - 1);
    if ((size_t)bytes >= sizeof text)
        bytes = sizeof text - 1;
    struct span made = span_of(text, (size_t)bytes);
    return span_of(arena_copy(arena, made), made.bytes);
}

static void fill_matrix(struct matrix *matrix, struct arena *arena)
{
    const struct city *city = matrix->city;
    for (uint32_t f = 0; f < city->functions_count; f++)
        for (uint32_t p = 0; p < places_count(city->places); p++) {
            struct place place = {p};
            struct span pattern = city->functions[f].patterns[place_tier(city->places, place)];
            if (pattern.bytes > 0)
                *name_at(matrix, (struct function){f}, place) =
                    fill_pattern(pattern, place_name(city->places, place), arena);
        }
}

static void read_exception(struct matrix *matrix, const struct sheet *sheet,
                           const struct sheet_row *row, struct diag *diag)
{
    const struct city *city = matrix->city;
    struct cell code = row->cells[0];
    struct cell function_cell = row->cells[1];
    struct cell name = row->cells[2];
    struct place place = places_find_code(city->places, code.text);
    struct function function = city_function(city, function_cell.text);
    if (place_is_none(place))
        sheet_complain(sheet, code, diag, "there is no place '%.*s' in places.csv",
                       SPAN_ARG(code.text));
    if (function.index == FUNCTION_NONE.index)
        sheet_complain(sheet, function_cell, diag, "there is no function '%.*s' in functions.csv",
                       SPAN_ARG(function_cell.text));
    if (name.text.bytes == 0)
        sheet_complain(sheet, name, diag,
                       "a name is missing; write '-' to say that there is no such unit");
    if (place_is_none(place) || function.index == FUNCTION_NONE.index || name.text.bytes == 0)
        return;
    bool removed = span_is(name.text, "-");
    if (removed && place_tier(city->places, place) == TIER_CITY) {
        sheet_complain(sheet, name, diag,
                       "the city's unit with function %.*s cannot be taken away: every climb must "
                       "end there",
                       SPAN_ARG(function_cell.text));
        return;
    }
    if (removed)
        name.text.bytes = 0;
    *name_at(matrix, function, place) = name.text;
}

static struct span make_key(const struct city *city, struct function function, struct place place,
                            struct arena *arena)
{
    char key[UNIT_KEY_BYTES_MAX];
    int bytes = snprintf(key, sizeof key, "%.*s.%.*s", SPAN_ARG(place_code12(city->places, place)),
                         SPAN_ARG(function_code(city, function)));
    CHECK(bytes > 0 && (size_t)bytes < sizeof key);
    return span_of(arena_copy(arena, span_of(key, (size_t)bytes)), (size_t)bytes);
}

static int by_key(const void *a, const void *b)
{
    return span_compare(((const struct unit_record *)a)->key, ((const struct unit_record *)b)->key);
}

static void collect(struct matrix *matrix, struct arena *arena)
{
    struct city *city = matrix->city;
    size_t cells = (size_t)city->functions_count * places_count(city->places);
    uint32_t count = 0;
    for (size_t i = 0; i < cells; i++)
        count += matrix->names[i].bytes > 0;
    city->units = arena_take(arena, count * sizeof *city->units);
    city->units_at = arena_take(arena, cells * sizeof *city->units_at);
    for (uint32_t f = 0; f < city->functions_count; f++)
        for (uint32_t p = 0; p < places_count(city->places); p++) {
            struct span name = *name_at(matrix, (struct function){f}, (struct place){p});
            if (name.bytes > 0)
                city->units[city->units_count++] = (struct unit_record){
                    make_key(city, (struct function){f}, (struct place){p}, arena),
                    name,
                    {p},
                    {f},
                };
        }
    qsort(city->units, city->units_count, sizeof *city->units, by_key);
    memset(city->units_at, 0xFF, cells * sizeof *city->units_at);
    for (uint32_t i = 0; i < city->units_count; i++)
        city->units_at[(size_t)city->units[i].function.index * places_count(city->places) +
                       city->units[i].place.index] = i;
}

bool units_load(struct city *city, const char *directory, struct arena *arena, struct diag *diag)
{
    struct sheet sheet;
    struct matrix matrix = {.city = city};
    bool opened = city_open_sheet(city, SOURCE_UNITS, directory, "units.csv", header, COLUMNS,
                                  arena, diag, &sheet);
    matrix.names = arena_take(arena, (size_t)city->functions_count * places_count(city->places) *
                                         sizeof *matrix.names);
    fill_matrix(&matrix, arena);
    for (uint32_t i = 1; opened && i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag))
            read_exception(&matrix, &sheet, &sheet.rows[i], diag);
    collect(&matrix, arena);
    return opened;
}

uint32_t city_units(const struct city *city)
{
    return city->units_count;
}

struct unit city_unit(const struct city *city, struct function function, struct place place)
{
    CHECK(function.index < city->functions_count && place.index < places_count(city->places));
    return (struct unit){
        city->units_at[(size_t)function.index * places_count(city->places) + place.index]};
}

struct unit city_unit_by_key(const struct city *city, struct span key)
{
    uint32_t low = 0;
    uint32_t high = city->units_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = span_compare(city->units[middle].key, key);
        if (order == 0)
            return (struct unit){middle};
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return UNIT_NONE;
}

static const struct unit_record *record_at(const struct city *city, struct unit unit)
{
    CHECK(unit.index < city->units_count);
    return &city->units[unit.index];
}

struct span unit_key(const struct city *city, struct unit unit)
{
    return record_at(city, unit)->key;
}

struct span unit_name(const struct city *city, struct unit unit)
{
    return record_at(city, unit)->name;
}

struct place unit_place(const struct city *city, struct unit unit)
{
    return record_at(city, unit)->place;
}

struct function unit_function(const struct city *city, struct unit unit)
{
    return record_at(city, unit)->function;
}
