#include "domain/check/looking.h"

#include "base/check.h"

#include <stdio.h>

bool looked_picks(const struct looked *looked)
{
    return looked->table->answer == ANSWER_ROW;
}

bool looked_covers(const struct looking *looking, const struct looked *looked, uint32_t row,
                   uint32_t other)
{
    return box_is_within(&looked->grid, grid_box(&looked->grid, row),
                         grid_box(&looked->grid, other)) &&
           text_cell_implies(looking->keywords, &looked->table->rows[row].text,
                             &looked->table->rows[other].text);
}

const struct table_row *looked_row(const struct looked *looked, uint32_t row)
{
    if (row < looked->table->rows_count)
        return &looked->table->rows[row];
    return row == looked->table->rows_count ? looked->table->otherwise : NULL;
}

/* table/row-id */
static struct span name_of(const struct looking *looking, const struct looked *looked, uint32_t row)
{
    return rules_row_name(looking->policy->rules,
                          (struct row){(uint16_t)looked->index, (uint16_t)row});
}

/* -- where ------------------------------------------------------------------------------------- */

/* The cell of a row in the column of that kind; its id where there is no such column. */
static struct cell cell_of(const struct table *table, const struct table_row *row, const char *kind)
{
    const struct sheet *sheet = &table->sheet;
    uint32_t column = 0;
    while (kind != NULL && column < sheet->rows[1].count &&
           !span_is(sheet->rows[1].cells[column].text, kind))
        column++;
    if (kind == NULL || column == sheet->rows[1].count)
        return row->where;
    for (uint32_t i = 0; i < sheet->count; i++)
        if (sheet->rows[i].line == row->where.line)
            return sheet_cell(&sheet->rows[i], column);
    return row->where;
}

struct check_finding *looking_add(struct looking *looking, const struct looked *looked,
                                  uint32_t row, const char *kind, enum flaw flaw,
                                  enum severity severity)
{
    struct cell cell = cell_of(looked->table, looked_row(looked, row), kind);
    struct check_finding *finding = findings_add(looking->findings, flaw, severity,
                                                 looked->table->sheet.path, cell.line, cell.column);
    finding->about =
        findings_print(looking->findings, "%.*s", SPAN_ARG(name_of(looking, looked, row)));
    return finding;
}

struct check_finding *looking_add_table(struct looking *looking, const struct looked *looked,
                                        enum flaw flaw, enum severity severity)
{
    const struct sheet *sheet = &looked->table->sheet;
    struct cell cell = sheet->rows[0].cells[0];
    struct check_finding *finding =
        findings_add(looking->findings, flaw, severity, sheet->path, cell.line, cell.column);
    finding->about = findings_print(looking->findings, "%.*s", SPAN_ARG(looked->table->name));
    return finding;
}

/* Of the tables of the book, the part before rules/TABLE.csv. */
static struct span folder_name(const struct looking *looking)
{
    CHECK(looking->tables_count > 0);
    const struct table *table = looking->tables[0].table;
    size_t bytes = strlen(table->sheet.path);
    size_t own = strlen(table->source.name);
    return span_of(table->sheet.path, bytes > own ? bytes - own : 0);
}

/* The line of a file whose first cell is this, with a # or without; 0 where there is none. */
static uint32_t line_of(struct span content, struct span code)
{
    uint32_t line = 1;
    for (size_t at = 0; at < content.bytes; line++) {
        struct span rest = span_of(content.data + at, content.bytes - at);
        const uint8_t *end = memchr(rest.data, '\n', rest.bytes);
        struct span first = sheet_code(rest);
        if (span_starts_with(first, code) && first.bytes > code.bytes &&
            first.data[code.bytes] == ',')
            return line;
        at = end != NULL ? (size_t)(end + 1 - content.data) : content.bytes;
    }
    return 0;
}

struct check_finding *looking_add_line(struct looking *looking, const char *name, struct span code,
                                       enum flaw flaw, enum severity severity)
{
    const struct source *sources = city_sources(looking->city);
    uint32_t line = 0;
    for (uint32_t i = 0; i < CITY_SOURCES; i++)
        if (strcmp(sources[i].name, name) == 0)
            line = line_of(sources[i].content, code);
    const char *file =
        findings_print(looking->findings, "%.*s%s", SPAN_ARG(folder_name(looking)), name);
    return findings_add(looking->findings, flaw, severity, file, line, line > 0);
}
