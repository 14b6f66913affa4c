/* lines - 热线: the numbers that were merged into 12345, with the function behind each. */
#include "base/check.h"
#include "domain/city_parts.h"

#include <stdlib.h>

static const char *const header[] = {"number", "name", "function", "mode", "basis"};
enum { COLUMNS = sizeof header / sizeof header[0], NUMBER_DIGITS_MAX = 15 };

/* How a line was merged (国办发〔2020〕53号): whole, both numbers kept, a sub-centre; the source
 * does not say; never merged, since it saves lives; 12345 itself. */
static const char *const modes[] = {"merged", "dual", "subcentre", "unstated", "emergency", "main"};

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
    if (!place_looks_like_code(number.text) || number.text.bytes > NUMBER_DIGITS_MAX) {
        sheet_complain(sheet, number, diag, "'%.*s' is no number to dial; digits only, at most %d",
                       SPAN_ARG(number.text), NUMBER_DIGITS_MAX);
        return;
    }
    if (!is_mode(row->cells[3].text))
        sheet_complain(sheet, row->cells[3], diag,
                       "'%.*s' is no mode; they are merged, dual, subcentre, unstated, emergency, "
                       "main",
                       SPAN_ARG(row->cells[3].text));
    struct function owner = FUNCTION_NONE;
    if (function.text.bytes > 0) {
        owner = city_function(city, function.text);
        if (owner.index == FUNCTION_NONE.index)
            sheet_complain(sheet, function, diag, "there is no function '%.*s' in functions.csv",
                           SPAN_ARG(function.text));
    }
    for (uint32_t i = 0; i < city->lines_count; i++)
        if (span_equal(city->lines[i].number, number.text))
            sheet_complain(sheet, number, diag, "line %.*s stands here twice",
                           SPAN_ARG(number.text));
    city->lines[city->lines_count++] = (struct line_record){number.text, row->cells[1].text, owner};
}

bool lines_load(struct city *city, const char *directory, struct arena *arena, struct diag *diag)
{
    struct sheet sheet;
    if (!city_open_sheet(city, SOURCE_LINES, directory, "lines.csv", header, COLUMNS, arena, diag,
                         &sheet))
        return false;
    city->lines = arena_take(arena, sheet.count * sizeof *city->lines);
    for (uint32_t i = 1; i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag))
            read_row(city, &sheet, &sheet.rows[i], diag);
    return true;
}

uint32_t city_lines(const struct city *city)
{
    return city->lines_count;
}

struct line city_line(const struct city *city, struct span number)
{
    for (uint32_t i = 0; i < city->lines_count; i++)
        if (span_equal(city->lines[i].number, number))
            return (struct line){i};
    return LINE_NONE;
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
