#include "domain/rules/table.h"

#include "base/utf8.h"
#include "domain/rules/table_parts.h"
#include "domain/rules/weights.h"

#include <stdio.h>

enum { HEAD_ROWS = 3, ROW_ID_BYTES_MAX = 64 };

bool table_find_value(const struct reading *reading, enum output output, struct cell cell,
                      struct span item, uint32_t *value)
{
    if (output_value(reading->city, output, item, value))
        return true;
    sheet_complain(&reading->sheet, cell, reading->diag, "'%.*s' %s",
                   SPAN_ARG(utf8_clip(item, SHOWN_BYTES)), output_kinds[output].remedy);
    return false;
}

/* -- rows -------------------------------------------------------------------------------------- */

static bool is_row_id(struct span id)
{
    bool good = id.bytes > 0 && id.bytes <= ROW_ID_BYTES_MAX;
    for (size_t i = 0; good && i < id.bytes; i++)
        good = (id.data[i] >= 'a' && id.data[i] <= 'z') ||
               (id.data[i] >= '0' && id.data[i] <= '9') || id.data[i] == '-' || id.data[i] == '_';
    return good;
}

static uint32_t place_in_list(const struct column *column, uint32_t value)
{
    uint32_t place = 0;
    while (place < column->allowed_count && column->allowed[place] != value)
        place++;
    return place;
}

/* An advice is the whole cell, commas and all. */
static void read_text_output(const struct reading *reading, enum output output, struct cell cell,
                             struct row_outputs *outputs)
{
    if (span_is(cell.text, "-"))
        return;
    if (cell.text.bytes > RULES_ADVICE_BYTES_MAX)
        sheet_complain(&reading->sheet, cell, reading->diag, "%s: %d bytes at most, this has %zu",
                       output_kinds[output].remedy, RULES_ADVICE_BYTES_MAX, cell.text.bytes);
    else
        outputs->advice = cell.text;
}

/* Reads a cell into the outputs. Its standing is the place of its first value in the column's list;
 * a cell that says nothing stands behind all. */
static void read_output(const struct reading *reading, const struct column *column,
                        struct cell cell, struct row_outputs *outputs, uint32_t *standing)
{
    enum output output = (enum output)column->which;
    struct span rest = cell_fold(cell.text, reading->arena);
    struct span item;
    *standing = column->allowed_count;
    if (output_kinds[output].values_max == 0) {
        read_text_output(reading, output, cell, outputs);
        return;
    }
    if (rest.bytes == 0 || span_is(rest, "-"))
        return;
    for (uint32_t count = 0; cell_next_item(&rest, &item); count++) {
        uint32_t value;
        if (!table_find_value(reading, output, cell, item, &value))
            return;
        if (count == output_kinds[output].values_max) {
            sheet_complain(&reading->sheet, cell, reading->diag,
                           "names more than %u; other units go to out:co or out:informed, and at "
                           "most %d each",
                           count, RULES_UNITS_MAX);
            return;
        }
        uint32_t place = place_in_list(column, value);
        if (column->allowed_count > 0 && place == column->allowed_count)
            sheet_complain(&reading->sheet, cell, reading->diag,
                           "'%.*s' is not among the allowed values of line 3",
                           SPAN_ARG(utf8_clip(item, SHOWN_BYTES)));
        if (count == 0)
            *standing = place;
        output_write(output, value, outputs);
    }
}

static void read_input(const struct reading *reading, const struct column *column, struct cell cell,
                       bool otherwise, struct values *values)
{
    char fault[FAULT_BYTES];
    struct span text = cell_fold(cell.text, reading->arena);
    if (!cell_parse(reading->city, (enum input)column->which, text, reading->arena, values, fault,
                    sizeof fault))
        sheet_complain(&reading->sheet, cell, reading->diag, "%s", fault);
    else if (otherwise && !values->any)
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "the else row holds for all that no other row holds for; write '-'");
    else if (!values->any && !values_meet(values, &column->domain))
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "lets nothing pass that line 3 allows; change either");
    else if (!values->any && !span_starts_with(text, span_of_string("not")) &&
             !values_within(values, &column->domain))
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "names a value that line 3 does not allow; change either");
}

static void read_text(const struct reading *reading, struct cell cell, bool otherwise,
                      struct text_cell *words)
{
    char fault[FAULT_BYTES];
    struct span text = cell_fold(cell.text, reading->arena);
    if (!text_cell_parse(city_keywords(reading->city), text, reading->arena, words, fault,
                         sizeof fault))
        sheet_complain(&reading->sheet, cell, reading->diag, "%s", fault);
    else if (otherwise && words->count > 0)
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "the else row holds for all that no other row holds for; write '-'");
}

/* A row that votes says for what, and how much. */
static void check_said(const struct reading *reading, const struct column *column, struct cell cell)
{
    bool said = cell.text.bytes > 0 && !span_is(cell.text, "-");
    if (!said && (column->which == OUTPUT_CATEGORY || column->which == OUTPUT_WEIGHT))
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "is empty; each row of a %s table says it",
                       hit_policy_sign(reading->table->hit_policy));
}

static bool has_width(const struct reading *reading, const struct sheet_row *row)
{
    return sheet_fits_to(&reading->sheet, row, reading->sheet.rows[1].count, "but line 2",
                         reading->diag);
}

static void complain_of_id(const struct reading *reading, struct cell id)
{
    struct span shown = utf8_clip(id.text, SHOWN_BYTES);
    if (sheet_is_dated(id.text))
        sheet_complain(&reading->sheet, id, reading->diag,
                       "'%.*s' is the date that a spreadsheet makes of an id such as 3-1; format "
                       "the column as text, or begin the id with a letter",
                       SPAN_ARG(shown));
    else
        sheet_complain(&reading->sheet, id, reading->diag,
                       "'%.*s' is no row id; use up to %d lower-case letters, digits, '-' and "
                       "'_', and keep it for ever: decisions cite it",
                       SPAN_ARG(shown), ROW_ID_BYTES_MAX);
}

static void read_row(struct reading *reading, const struct sheet_row *row)
{
    struct table *table = reading->table;
    struct cell id = row->cells[0];
    bool otherwise = span_is(id.text, "else");
    if (!has_width(reading, row))
        return;
    if (!is_row_id(id.text)) {
        complain_of_id(reading, id);
        return;
    }
    struct table_row *read =
        otherwise ? arena_take(reading->arena, sizeof *read) : &table->rows[table->rows_count];
    struct values *values = arena_take(reading->arena, (table->inputs_count + 1) * sizeof *values);
    for (uint32_t i = 0; i < table->inputs_count; i++)
        values[i].any = true;
    *read = (struct table_row){
        .id = id.text,
        .values = values,
        .outputs = {.category = CATEGORY_NONE, .function = FUNCTION_NONE},
        .where = id,
    };
    for (uint32_t i = 1, output = 0; i < reading->columns_count; i++) {
        const struct column *column = &reading->columns[i];
        if (column->kind == COLUMN_INPUT && column->which == INPUT_TEXT)
            read_text(reading, row->cells[i], otherwise, &read->text);
        else if (column->kind == COLUMN_INPUT)
            read_input(reading, column, row->cells[i], otherwise, &values[column->input]);
        if (column->kind == COLUMN_OUTPUT)
            read_output(reading, column, row->cells[i], &read->outputs, &read->standing[output++]);
        if (column->kind == COLUMN_OUTPUT && table->answer == ANSWER_VOTE && !otherwise)
            check_said(reading, column, row->cells[i]);
    }
    if (reading->dates < table->inputs_count)
        table_read_validity(reading, row, otherwise, &values[reading->dates]);
    if (otherwise && table->otherwise != NULL)
        sheet_complain(&reading->sheet, id, reading->diag, "there is an else row already (line %u)",
                       table->otherwise->where.line);
    else if (otherwise)
        table->otherwise = read;
    else
        table->rows_count++;
}

/* -- the whole ----------------------------------------------------------------------------------
 */

/* Is there enough to read rows at all? */
static bool has_shape(const struct sheet *sheet, struct diag *diag)
{
    if (sheet->count < HEAD_ROWS)
        diag_add(diag, sheet->path, 0, 0,
                 "needs three lines before its rows: hit policy and labels, kinds, types");
    else if (sheet->count > RULES_ROWS_MAX + HEAD_ROWS)
        diag_add(diag, sheet->path, 0, 0, "has %u rows; a table has at most %d",
                 sheet->count - HEAD_ROWS, RULES_ROWS_MAX);
    else if (sheet->rows[1].count > RULES_COLUMNS_MAX)
        diag_add(diag, sheet->path, sheet->rows[1].line, 0,
                 "has %u columns; a table has at most %d", sheet->rows[1].count, RULES_COLUMNS_MAX);
    else
        return true;
    return false;
}

static void read_table(struct reading *reading)
{
    struct table *table = reading->table;
    const struct sheet *sheet = &reading->sheet;
    table->rows = arena_take(reading->arena, sheet->count * sizeof *table->rows);
    table_read_hit_policy(reading);
    (void)has_width(reading, &sheet->rows[0]);
    table_read_columns(reading);
    (void)has_width(reading, &sheet->rows[2]);
    table_read_types(reading);
    for (uint32_t i = HEAD_ROWS; i < sheet->count; i++)
        read_row(reading, &sheet->rows[i]);
    if (sheet->count == HEAD_ROWS)
        diag_add(reading->diag, sheet->path, 0, 0, "has no rows, so the table decides nothing");
    table_check(reading);
}

struct table *table_read(struct folder folder, struct span name, const struct city *city,
                         struct arena *arena, struct diag *diag)
{
    char file[128];
    struct reading reading = {.city = city, .arena = arena, .diag = diag};
    snprintf(file, sizeof file, "rules/%.*s.csv", SPAN_ARG(name));
    if (folder_read(folder, file, arena, diag, &reading.sheet) != OK ||
        !has_shape(&reading.sheet, diag))
        return NULL;
    reading.table = arena_take(arena, sizeof *reading.table);
    reading.table->name = name;
    reading.table->sheet = reading.sheet;
    reading.table->source =
        (struct source){arena_copy(arena, span_of_string(file)), reading.sheet.source};
    if (weights_is(&reading.sheet))
        weights_read(&reading);
    else
        read_table(&reading);
    return reading.table;
}
