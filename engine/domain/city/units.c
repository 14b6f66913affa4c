/* units - 承办单位: every function at every place of a tier that has it, and the exceptions. */
#include "base/check.h"
#include "domain/city/city_parts.h"

#include <stdlib.h>

static const char *const header[] = {"place", "function", "name", "basis"};
enum { COLUMNS = sizeof header / sizeof header[0] };

/* A place where a unit may be, while the table is read. */
struct post {
    struct span name; /* of the unit; empty: there is none */
    uint32_t line;    /* of the exception that said so; 0: its function's pattern did */
};

struct posts {
    const struct city *city;
    struct post *posts; /* [function][place] */
};

static struct post *post_at(const struct posts *posts, struct function function, struct place place)
{
    return &posts->posts[(size_t)function.index * places_count(posts->city->places) + place.index];
}

/* The pattern with {place} replaced by the place's name. */
static struct span fill_pattern(struct span pattern, struct span place, struct arena *arena)
{
    const uint8_t *mark = memmem(pattern.data, pattern.bytes, PLACE_MARK, strlen(PLACE_MARK));
    if (mark == NULL)
        return pattern;
    struct span before = span_of(pattern.data, (size_t)(mark - pattern.data));
    size_t used = before.bytes + strlen(PLACE_MARK);
    struct span behind = span_of(pattern.data + used, pattern.bytes - used);
    size_t room = before.bytes + place.bytes + behind.bytes + 1;
    char *name = arena_take(arena, room);
    snprintf(name, room, "%.*s%.*s%.*s", SPAN_ARG(before), SPAN_ARG(place), SPAN_ARG(behind));
    return span_of(name, room - 1);
}

static void fill_posts(struct posts *posts, struct arena *arena)
{
    const struct city *city = posts->city;
    for (uint32_t f = 0; f < city->functions_count; f++)
        for (uint32_t p = 0; p < places_count(city->places); p++) {
            struct place place = {p};
            struct span pattern = city->functions[f].patterns[place_tier(city->places, place)];
            if (pattern.bytes > 0)
                post_at(posts, (struct function){f}, place)->name =
                    fill_pattern(pattern, place_name(city->places, place), arena);
        }
}

static struct place read_place(const struct city *city, const struct sheet *sheet, struct cell cell,
                               struct diag *diag)
{
    struct span code = sheet_code(cell.text);
    struct place place = places_find_code(city->places, code);
    if (sheet_is_mangled(code))
        sheet_complain(sheet, cell, diag,
                       "'%.*s' is what a spreadsheet makes of a long code; write it in full with "
                       "a # in front",
                       SPAN_ARG(code));
    else if (place_is_none(place))
        sheet_complain(sheet, cell, diag, "there is no place '%.*s'; write a code of places.csv",
                       SPAN_ARG(code));
    return place;
}

static struct function read_function(const struct city *city, const struct sheet *sheet,
                                     struct cell cell, struct diag *diag)
{
    struct function function = city_function(city, cell.text);
    if (function.index == FUNCTION_NONE.index && city->functions_count > 0)
        sheet_complain(sheet, cell, diag,
                       "there is no function '%.*s'; write a code of functions.csv",
                       SPAN_ARG(cell.text));
    return function;
}

static void read_exception(struct posts *posts, const struct sheet *sheet,
                           const struct sheet_row *row, struct diag *diag)
{
    const struct city *city = posts->city;
    struct cell name = row->cells[2];
    struct place place = read_place(city, sheet, row->cells[0], diag);
    struct function function = read_function(city, sheet, row->cells[1], diag);
    if (name.text.bytes == 0)
        sheet_complain(sheet, name, diag,
                       "a name is missing; write - to say that there is no such unit");
    else
        city_check_name(sheet, name, UNIT_NAME_BYTES_MAX, diag);
    if (place_is_none(place) || function.index == FUNCTION_NONE.index)
        return;
    struct post *post = post_at(posts, function, place);
    bool removed = span_is(name.text, "-");
    if (post->line != 0)
        sheet_complain(sheet, row->cells[0], diag, "this unit stands here already (line %u)",
                       post->line);
    else if (removed && place.index == 0)
        sheet_complain(sheet, name, diag,
                       "%.*s's own unit cannot be taken away, since every climb ends there; "
                       "name one",
                       SPAN_ARG(city_name(city)));
    else
        *post = (struct post){removed ? span_of(NULL, 0) : name.text, row->line};
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

static void collect_units(struct city *city, const struct posts *posts, struct arena *arena)
{
    uint32_t width = places_count(city->places);
    uint32_t cells = city->functions_count * width;
    uint32_t count = 0;
    for (uint32_t i = 0; i < cells; i++)
        count += posts->posts[i].name.bytes > 0;
    city->units = arena_take(arena, count * sizeof *city->units);
    for (uint32_t i = 0; i < cells; i++) {
        struct function function = {i / width};
        struct place place = {i % width};
        if (posts->posts[i].name.bytes > 0)
            city->units[city->units_count++] = (struct unit_record){
                .key = make_key(city, function, place, arena),
                .name = posts->posts[i].name,
                .place = place,
                .function = function,
            };
    }
    qsort(city->units, count, sizeof *city->units, by_key);
}

/* All of one place stand side by side: most climbs begin at a county, of which there are few. */
static uint32_t *unit_at(const struct city *city, struct function function, struct place place)
{
    return &city->units_at[(size_t)place.index * city->functions_count + function.index];
}

static void index_units(struct city *city, struct arena *arena)
{
    size_t cells = (size_t)city->functions_count * places_count(city->places);
    city->units_at = arena_take(arena, cells * sizeof *city->units_at);
    for (size_t i = 0; i < cells; i++)
        city->units_at[i] = UNIT_NONE.index;
    for (uint32_t i = 0; i < city->units_count; i++)
        *unit_at(city, city->units[i].function, city->units[i].place) = i;
}

bool units_load(struct city *city, struct folder folder, struct arena *arena, struct diag *diag)
{
    struct sheet sheet;
    bool opened = city_open_sheet(city, SOURCE_UNITS, folder, "units.csv", header, COLUMNS, arena,
                                  diag, &sheet);
    if (city->places == NULL)
        return false;
    size_t cells = (size_t)city->functions_count * places_count(city->places);
    struct posts posts = {city, calloc(cells + 1, sizeof *posts.posts)};
    CHECK(posts.posts != NULL);
    fill_posts(&posts, arena);
    for (uint32_t i = 1; opened && i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag))
            read_exception(&posts, &sheet, &sheet.rows[i], diag);
    collect_units(city, &posts, arena);
    index_units(city, arena);
    free(posts.posts);
    return opened;
}

uint32_t city_units(const struct city *city)
{
    return city->units_count;
}

struct unit city_unit(const struct city *city, struct function function, struct place place)
{
    CHECK(function.index < city->functions_count && place.index < places_count(city->places));
    return (struct unit){*unit_at(city, function, place)};
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
