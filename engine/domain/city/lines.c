/* lines - 热线: the numbers that were merged into 12345, with the function behind each. */
#include "base/check.h"
#include "domain/city/city_parts.h"

static const char *const header[] = {"number", "name", "function", "mode", "basis"};
enum { COLUMNS = sizeof header / sizeof header[0], NUMBER_DIGITS_MAX = CODE_BYTES_MAX };

/* How a line was merged (国办发〔2020〕53号): 整体并入, 双号并行, 设分中心; the source does not
 * say; never merged, since it saves lives; not merged, since it is not the city government's; 12345
 * itself. */
static const char *const modes[] = {"merged",    "dual",     "subcentre", "unstated",
                                    "emergency", "separate", "main"};

static bool is_mode(struct span text)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (span_is(text, modes[i]))
            return true;
    return false;
}

static void read_row(struct city *city, const struct sheet *sheet, const struct sheet_row *row,
                     struct diag *diag)
{
    struct cell number = row->cells[0];
    struct cell function = row->cells[2];
    if (sheet_is_mangled(number.text)) {
        sheet_complain(sheet, number, diag,
                       "'%.*s' is what a spreadsheet makes of a long number; format the column as "
                       "text, and write it in full",
                       SPAN_ARG(number.text));
        return;
    }
    if (!place_looks_like_code(number.text) || number.text.bytes > NUMBER_DIGITS_MAX) {
        sheet_complain(sheet, number, diag, "'%.*s' is no number to dial; digits only, at most %d",
                       SPAN_ARG(number.text), NUMBER_DIGITS_MAX);
        return;
    }
    if (!is_mode(row->cells[3].text))
        sheet_complain(sheet, row->cells[3], diag,
                       "'%.*s' is no mode; they are merged, dual, subcentre, unstated, emergency, "
                       "separate, main",
                       SPAN_ARG(row->cells[3].text));
    struct function owner = FUNCTION_NONE;
    if (function.text.bytes > 0) {
        owner = city_function(city, function.text);
        if (owner.index == FUNCTION_NONE.index && city->functions_count > 0)
            sheet_complain(sheet, function, diag,
                           "there is no function '%.*s'; write a code of functions.csv",
                           SPAN_ARG(function.text));
    }
    city_check_name(sheet, row->cells[1], CITY_NAME_BYTES_MAX, diag);
    city->lines[city->lines_count++] =
        (struct line_record){number.text, row->cells[1].text, owner, number};
}

static void index_lines(const struct sheet *sheet, struct city *city, struct arena *arena,
                        struct diag *diag)
{
    city->lines_by_number = codes_create(city->lines_count, arena);
    for (uint32_t i = 0; i < city->lines_count; i++) {
        const struct line_record *line = &city->lines[i];
        uint32_t before = codes_find(city->lines_by_number, line->number);
        if (before != CODE_NONE)
            sheet_complain(sheet, line->where, diag, "number %.*s stands here already (line %u)",
                           SPAN_ARG(line->number), city->lines[before].where.line);
        codes_add(city->lines_by_number, line->number, i);
    }
}

bool lines_load(struct city *city, struct folder folder, struct arena *arena, struct diag *diag)
{
    struct sheet sheet;
    if (!city_open_sheet(city, SOURCE_LINES, folder, "lines.csv", header, COLUMNS, arena, diag,
                         &sheet))
        return false;
    city->lines = arena_take(arena, sheet.count * sizeof *city->lines);
    for (uint32_t i = 1; i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag))
            read_row(city, &sheet, &sheet.rows[i], diag);
    index_lines(&sheet, city, arena, diag);
    return true;
}

uint32_t city_lines(const struct city *city)
{
    return city->lines_count;
}

struct line city_line(const struct city *city, struct span number)
{
    return (struct line){codes_find(city->lines_by_number, number)};
}

static const struct line_record *record_at(const struct city *city, struct line line)
{
    CHECK(line.index < city->lines_count);
    return &city->lines[line.index];
}

struct span line_number(const struct city *city, struct line line)
{
    return record_at(city, line)->number;
}

struct span line_name(const struct city *city, struct line line)
{
    return record_at(city, line)->name;
}

struct function line_function(const struct city *city, struct line line)
{
    return record_at(city, line)->function;
}
