#include "domain/city/city_parts.h"

bool city_open_sheet(struct city *city, uint32_t source, struct folder folder, const char *name,
                     const char *const *header, uint32_t columns, struct arena *arena,
                     struct diag *diag, struct sheet *sheet)
{
    if (folder_read(folder, name, arena, diag, sheet) != OK)
        return false;
    city->sources[source] = (struct source){name, sheet->source};
    return sheet_has_header(sheet, header, columns, diag);
}

void city_check_name(const struct sheet *sheet, struct cell cell, size_t bytes_max,
                     struct diag *diag)
{
    if (cell.text.bytes == 0)
        sheet_complain(sheet, cell, diag, "a name is missing");
    else if (cell.text.bytes > bytes_max)
        sheet_complain(sheet, cell, diag, "a name has at most %zu bytes, this has %zu", bytes_max,
                       cell.text.bytes);
}

/* Each file is read though an earlier one had errors, so that all of them are said at once. */
const struct city *city_load(struct folder folder, struct arena *arena, struct diag *diag)
{
    struct city *city = arena_take(arena, sizeof *city);
    size_t before = diag_count(diag);
    city->keywords = keywords_create(arena);
    city->places = places_load(folder, arena, diag);
    city->calendar = calendar_load(folder, arena, diag);
    bool whole = functions_load(city, folder, arena, diag);
    whole &= lines_load(city, folder, arena, diag);
    whole &= categories_load(city, folder, arena, diag);
    whole &= units_load(city, folder, arena, diag);
    if (!whole || city->places == NULL || city->calendar == NULL)
        return NULL;
    if (diag_count(diag) == before) /* names that are missing cannot be looked for */
        city->hints = hints_build(city, city->keywords, arena);
    city->sources[SOURCE_PLACES] = (struct source){"places.csv", places_source(city->places)};
    city->sources[SOURCE_CALENDAR] =
        (struct source){"calendar.csv", calendar_source(city->calendar)};
    return city;
}

const struct places *city_places(const struct city *city)
{
    return city->places;
}

const struct calendar *city_calendar(const struct city *city)
{
    return city->calendar;
}

struct keywords *city_keywords(const struct city *city)
{
    return city->keywords;
}

const struct hints *city_hints(const struct city *city)
{
    return city->hints;
}

struct span city_name(const struct city *city)
{
    return place_name(city->places, (struct place){0});
}

const struct source *city_sources(const struct city *city)
{
    return city->sources;
}
