#include "domain/table.h"

#include "base/check.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    HEAD_ROWS = 3,
    ALLOWED_MAX = 64,
    FAULT_BYTES = 256,
    ROW_ID_BYTES_MAX = 64,
    SHOWN_BYTES = 48
};

enum column_kind { COLUMN_INPUT, COLUMN_OUTPUT, COLUMN_NOTE };

struct column {
    enum column_kind kind;
    uint32_t which;                /* enum input or enum output */
    uint32_t input;                /* index among the inputs */
    struct values domain;          /* of an input: what line 3 allows */
    uint32_t allowed[ALLOWED_MAX]; /* of an output, best first; none: all are, and alike */
    uint32_t allowed_count;
};

struct reading {
    const struct city *city;
    struct arena *arena;
    struct diag *diag;
    struct sheet sheet;
    struct table *table;
    struct column columns[RULES_COLUMNS_MAX];
    uint32_t columns_count; /* the id's included */
    uint32_t outputs_count;
};

/* As output_value(), with a finding. */
static bool find_value(const struct reading *reading, enum output output, struct cell cell,
                       struct span item, uint32_t *value)
{
    if (output_value(reading->city, output, item, value))
        return true;
    sheet_complain(&reading->sheet, cell, reading->diag, "'%.*s' %s",
                   SPAN_ARG(utf8_clip(item, SHOWN_BYTES)), output_kinds[output].remedy);
    return false;
}

/* -- the head ---------------------------------------------------------------------------------- */

static void read_hit_policy(struct reading *reading)
{
    struct cell cell = reading->sheet.rows[0].cells[0];
    if (span_is(cell.text, "U"))
        reading->table->hit_policy = HIT_UNIQUE;
    else if (span_is(cell.text, "P"))
        reading->table->hit_policy = HIT_PRIORITY;
    else if (span_is(cell.text, "F"))
        reading->table->hit_policy = HIT_FIRST;
    else
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "'%.*s' is no hit policy known here; those are U (unique), P (priority), "
                       "F (first)",
                       SPAN_ARG(cell.text));
}

static bool is_taken(const struct reading *reading, const struct column *column)
{
    for (uint32_t i = 1; i < reading->columns_count; i++)
        if (reading->columns[i].kind == column->kind && reading->columns[i].which == column->which)
            return true;
    return false;
}

/* What line 2 says of a column. One that makes no sense is read on as a note. */
static struct column understand_column(const struct reading *reading, struct cell cell)
{
    struct column column = {.kind = COLUMN_NOTE, .domain = {.any = true}};
    struct span in = span_of_string("in:");
    struct span out = span_of_string("out:");
    struct span kind = cell.text;
    if (span_starts_with(kind, span_of_string("note:")))
        return column;
    bool is_input = span_starts_with(kind, in);
    bool is_output = span_starts_with(kind, out);
    if (is_input)
        column.which = input_find(span_of(kind.data + in.bytes, kind.bytes - in.bytes));
    if (is_output)
        column.which = output_find(span_of(kind.data + out.bytes, kind.bytes - out.bytes));
    if ((!is_input && !is_output) || (is_input && column.which == INPUT_COUNT) ||
        (is_output && column.which == OUTPUT_COUNT)) {
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "'%.*s' is no kind of column; they are in:channel, type, applicant, "
                       "urgency, line, category, place, hour, regime, earlier, answered, "
                       "respondent, text, out:category, function, tier, co, informed, reporter, "
                       "disposition, advice, urgency, limit, sign, weight, and note:...",
                       SPAN_ARG(utf8_clip(kind, SHOWN_BYTES)));
        return column;
    }
    column.kind = is_input ? COLUMN_INPUT : COLUMN_OUTPUT;
    if (is_taken(reading, &column)) {
        sheet_complain(&reading->sheet, cell, reading->diag, "column %.*s stands here twice",
                       SPAN_ARG(kind));
        column.kind = COLUMN_NOTE;
    }
    return column;
}

static void read_columns(struct reading *reading)
{
    const struct sheet_row *kinds = &reading->sheet.rows[1];
    struct table *table = reading->table;
    if (kinds->cells[0].text.bytes > 0)
        sheet_complain(&reading->sheet, kinds->cells[0], reading->diag,
                       "the first cell of line 2 is empty: below it stand the ids of the rows");
    for (reading->columns_count = 1; reading->columns_count < kinds->count;) {
        struct column column = understand_column(reading, kinds->cells[reading->columns_count]);
        if (column.kind == COLUMN_INPUT) {
            column.input = table->inputs_count++;
            table->inputs[column.input] = (enum input)column.which;
        }
        reading->outputs_count += column.kind == COLUMN_OUTPUT;
        reading->columns[reading->columns_count++] = column;
    }
    if (reading->outputs_count == 0)
        diag_add(reading->diag, reading->sheet.path, kinds->line, 0,
                 "no column begins with out:, so the table decides nothing");
}

static void read_domain(struct reading *reading, struct column *column, struct cell cell,
                        struct span text)
{
    char fault[FAULT_BYTES];
    enum input input = (enum input)column->which;
    const char *type = input == INPUT_HOUR ? "number" : input_name(input);
    if (span_is(text, type) || cell_parse(reading->city, input, text, reading->arena,
                                          &column->domain, fault, sizeof fault))
        return;
    column->domain = (struct values){.any = true};
    sheet_complain(&reading->sheet, cell, reading->diag,
                   "write '%s', or the allowed values, for the type of this column: %s", type,
                   fault);
}

static void read_allowed(struct reading *reading, struct column *column, struct cell cell,
                         struct span text)
{
    struct span item;
    if (span_is(text, output_kinds[column->which].type))
        return;
    while (cell_next_item(&text, &item)) {
        if (column->allowed_count == ALLOWED_MAX) {
            sheet_complain(&reading->sheet, cell, reading->diag, "lists more than %d values",
                           ALLOWED_MAX);
            return;
        }
        if (find_value(reading, (enum output)column->which, cell, item,
                       &column->allowed[column->allowed_count]))
            column->allowed_count++;
    }
}

/* Line 3: the type's word, or the allowed values, best first. */
static void read_types(struct reading *reading)
{
    const struct sheet_row *types = &reading->sheet.rows[2];
    bool ordered = false;
    if (types->cells[0].text.bytes > 0) /* empty lines are not read: this may be the first row */
        sheet_complain(&reading->sheet, types->cells[0], reading->diag,
                       "the first cell of line 3 is empty, and behind it stands a type per column");
    for (uint32_t i = 1; i < reading->columns_count; i++) {
        struct column *column = &reading->columns[i];
        struct cell cell = sheet_cell(types, i);
        struct span text = cell_fold(cell.text, reading->arena);
        if (text.bytes == 0)
            continue;
        if (column->kind == COLUMN_INPUT)
            read_domain(reading, column, cell, text);
        if (column->kind == COLUMN_OUTPUT)
            read_allowed(reading, column, cell, text);
        ordered |= column->allowed_count > 0;
    }
    if (reading->table->hit_policy == HIT_PRIORITY && !ordered)
        diag_add(reading->diag, reading->sheet.path, types->line, 0,
                 "P goes by the order of allowed values, and no out: column lists any; list them "
                 "here, best first, or use F");
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
        if (!find_value(reading, output, cell, item, &value))
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
    *read = (struct table_row){
        .id = id.text,
        .values = values,
        .outputs = {.category = CATEGORY_NONE, .function = FUNCTION_NONE},
        .where = id,
    };
    for (uint32_t i = 1, output = 0; i < reading->columns_count; i++) {
        const struct column *column = &reading->columns[i];
        if (column->kind == COLUMN_INPUT)
            read_input(reading, column, row->cells[i], otherwise, &values[column->input]);
        if (column->kind == COLUMN_OUTPUT)
            read_output(reading, column, row->cells[i], &read->outputs, &read->standing[output++]);
    }
    if (otherwise && table->otherwise != NULL)
        sheet_complain(&reading->sheet, id, reading->diag, "there is an else row already (line %u)",
                       table->otherwise->where.line);
    else if (otherwise)
        table->otherwise = read;
    else
        table->rows_count++;
}

/* -- the whole --------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const struct table_row *const *left = a;
    const struct table_row *const *right = b;
    int order = span_compare((*left)->id, (*right)->id);
    return order != 0 ? order : ((*left)->where.line > (*right)->where.line ? 1 : -1);
}

static void check_ids(const struct reading *reading)
{
    const struct table *table = reading->table;
    const struct table_row **sorted = calloc(table->rows_count + 1, sizeof *sorted);
    CHECK(sorted != NULL);
    for (uint32_t i = 0; i < table->rows_count; i++)
        sorted[i] = &table->rows[i];
    qsort(sorted, table->rows_count, sizeof *sorted, by_id);
    for (uint32_t i = 1; i < table->rows_count; i++)
        if (span_equal(sorted[i - 1]->id, sorted[i]->id))
            sheet_complain(&reading->sheet, sorted[i]->where, reading->diag,
                           "row id %.*s stands here twice (line %u)", SPAN_ARG(sorted[i]->id),
                           sorted[i - 1]->where.line);
    free(sorted);
}

static bool rows_meet(const struct table *table, const struct table_row *a,
                      const struct table_row *b)
{
    for (uint32_t i = 0; i < table->inputs_count; i++)
        if (!values_meet(&a->values[i], &b->values[i]))
            return false;
    return true;
}

/* Every pair, until nobody would read the findings any more. */
static void check_unique(const struct reading *reading)
{
    const struct table *table = reading->table;
    for (uint32_t i = 0; i < table->rows_count && diag_count(reading->diag) < DIAG_MAX; i++)
        for (uint32_t j = 0; j < i; j++)
            if (rows_meet(table, &table->rows[i], &table->rows[j]))
                sheet_complain(&reading->sheet, table->rows[i].where, reading->diag,
                               "rows %.*s and %.*s hold for the same cases, which U forbids; "
                               "narrow one, or use P",
                               SPAN_ARG(table->rows[j].id), SPAN_ARG(table->rows[i].id));
}

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
    read_hit_policy(reading);
    (void)has_width(reading, &sheet->rows[0]);
    read_columns(reading);
    (void)has_width(reading, &sheet->rows[2]);
    read_types(reading);
    for (uint32_t i = HEAD_ROWS; i < sheet->count; i++)
        read_row(reading, &sheet->rows[i]);
    if (sheet->count == HEAD_ROWS)
        diag_add(reading->diag, sheet->path, 0, 0, "has no rows, so the table decides nothing");
    check_ids(reading);
    if (table->hit_policy == HIT_UNIQUE)
        check_unique(reading);
}

struct table *table_read(const char *directory, struct span name, const struct city *city,
                         struct arena *arena, struct diag *diag)
{
    char path[1024];
    struct reading reading = {.city = city, .arena = arena, .diag = diag};
    snprintf(path, sizeof path, "%s/rules/%.*s.csv", directory, SPAN_ARG(name));
    if (sheet_read(path, arena, diag, &reading.sheet) != OK || !has_shape(&reading.sheet, diag))
        return NULL;
    reading.table = arena_take(arena, sizeof *reading.table);
    reading.table->name = name;
    reading.table->source = (struct source){
        arena_copy(arena, span_of_string(path + strlen(directory) + 1)), reading.sheet.source};
    read_table(&reading);
    return reading.table;
}
