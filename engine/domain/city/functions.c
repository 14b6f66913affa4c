/* functions - 职能: what units are responsible for, and what the unit that has it is called. */
#include "base/check.h"
#include "domain/city/city_parts.h"

static const char *const header[] = {"code",     "name",    "city", "county",
                                     "township", "village", "basis"};
enum { COLUMNS = sizeof header / sizeof header[0], FIRST_PATTERN = 2 };

static bool is_code(struct span text)
{
    bool good = text.bytes > 0 && text.bytes <= FUNCTION_CODE_BYTES_MAX && text.data[0] >= 'a' &&
                text.data[0] <= 'z';
    for (size_t i = 0; good && i < text.bytes; i++)
        good = (text.data[i] >= 'a' && text.data[i] <= 'z') ||
               (text.data[i] >= '0' && text.data[i] <= '9') || text.data[i] == '_';
    return good;
}

/* A pattern may hold {place} once, and where its places have units each it must. */
static void check_pattern(const struct city *city, const struct sheet *sheet, struct cell cell,
                          enum tier tier, struct diag *diag)
{
    struct span text = cell.text;
    if (text.bytes == 0)
        return;
    if (text.bytes > CITY_NAME_BYTES_MAX) {
        sheet_complain(sheet, cell, diag, "a unit's name has at most %d bytes, {place} apart",
                       CITY_NAME_BYTES_MAX);
        return;
    }
    const uint8_t *mark = memmem(text.data, text.bytes, PLACE_MARK, strlen(PLACE_MARK));
    const uint8_t *first = memchr(text.data, '{', text.bytes);
    const uint8_t *last = memrchr(text.data, '{', text.bytes);
    if (first != NULL && (first != mark || last != mark))
        sheet_complain(sheet, cell, diag, "only {place} may stand in braces, and only once");
    else if (mark == NULL &&
             (tier != TIER_CITY || (city->places != NULL && places_have_province(city->places))))
        sheet_complain(sheet, cell, diag,
                       "names every unit of the %s tier '%.*s'; write {place} for the place",
                       word_name(&tier_words, tier), SPAN_ARG(text));
}

/* A feed is subscribed to by the beginning of its unit's key, so who asks for 511126000000.water
 * would hear of 511126000000.water_works too. */
static void check_beginning(const struct city *city, const struct sheet *sheet, struct cell code,
                            struct diag *diag)
{
    for (uint32_t i = 0; i < city->functions_count; i++) {
        struct span other = city->functions[i].code;
        if (span_equal(other, code.text) ||
            !(span_starts_with(other, code.text) || span_starts_with(code.text, other)))
            continue;
        sheet_complain(sheet, code, diag,
                       "function %.*s and function %.*s (line %u) begin alike, and who watches the "
                       "shorter would hear of the other's cases; rename one",
                       SPAN_ARG(code.text), SPAN_ARG(other), city->functions[i].where.line);
    }
}

static void read_row(struct city *city, const struct sheet *sheet, const struct sheet_row *row,
                     struct diag *diag)
{
    struct cell code = row->cells[0];
    if (!is_code(code.text)) {
        sheet_complain(sheet, code, diag,
                       "'%.*s' is no function code; use at most %d lower-case letters, digits and "
                       "'_', a letter first",
                       SPAN_ARG(code.text), FUNCTION_CODE_BYTES_MAX);
        return;
    }
    struct function known = city_function(city, code.text);
    if (known.index != FUNCTION_NONE.index) {
        sheet_complain(sheet, code, diag, "function %.*s stands here already (line %u)",
                       SPAN_ARG(code.text), city->functions[known.index].where.line);
        return;
    }
    city_check_name(sheet, row->cells[1], CITY_NAME_BYTES_MAX, diag);
    if (row->cells[FIRST_PATTERN].text.bytes == 0)
        sheet_complain(sheet, row->cells[FIRST_PATTERN], diag,
                       "function %.*s has no unit at the city tier, where every climb must end; "
                       "name one",
                       SPAN_ARG(code.text));
    check_beginning(city, sheet, code, diag);
    struct function_record *record = &city->functions[city->functions_count++];
    *record = (struct function_record){code.text, row->cells[1].text, {{0}}, code};
    for (uint32_t tier = TIER_CITY; tier < TIER_COUNT; tier++) {
        struct cell pattern = row->cells[FIRST_PATTERN + tier - TIER_CITY];
        check_pattern(city, sheet, pattern, (enum tier)tier, diag);
        record->patterns[tier] = pattern.text;
    }
}

bool functions_load(struct city *city, struct folder folder, struct arena *arena, struct diag *diag)
{
    struct sheet sheet;
    city->desk = city->government = FUNCTION_NONE;
    if (!city_open_sheet(city, SOURCE_FUNCTIONS, folder, "functions.csv", header, COLUMNS, arena,
                         diag, &sheet))
        return false;
    city->functions = arena_take(arena, sheet.count * sizeof *city->functions);
    for (uint32_t i = 1; i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag))
            read_row(city, &sheet, &sheet.rows[i], diag);
    city->desk = city_function(city, span_of_string("desk"));
    city->government = city_function(city, span_of_string("general"));
    if (city->desk.index == FUNCTION_NONE.index)
        diag_add(diag, sheet.path, 0, 0,
                 "there is no function desk; add one with a unit at the city tier, where all that "
                 "is doubtful goes");
    return true;
}

uint32_t city_functions(const struct city *city)
{
    return city->functions_count;
}

struct function city_function(const struct city *city, struct span code)
{
    for (uint32_t i = 0; i < city->functions_count; i++)
        if (span_equal(city->functions[i].code, code))
            return (struct function){i};
    return FUNCTION_NONE;
}

static const struct function_record *record_at(const struct city *city, struct function function)
{
    CHECK(function.index < city->functions_count);
    return &city->functions[function.index];
}

struct span function_code(const struct city *city, struct function function)
{
    return record_at(city, function)->code;
}

struct span function_name(const struct city *city, struct function function)
{
    return record_at(city, function)->name;
}

struct function city_desk(const struct city *city)
{
    return city->desk;
}

struct function city_government(const struct city *city)
{
    return city->government;
}
