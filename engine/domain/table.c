#include "domain/table.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { HEAD_ROWS = 3, ALLOWED_MAX = 64, FAULT_BYTES = 256, ROW_ID_BYTES_MAX = 64 };

enum output {
    OUTPUT_CATEGORY,
    OUTPUT_FUNCTION,
    OUTPUT_TIER,
    OUTPUT_CO,
    OUTPUT_INFORMED,
    OUTPUT_REPORTER,
    OUTPUT_COUNT,
};

static const char *const output_names[OUTPUT_COUNT] = {"category", "function", "tier",
                                                       "co",       "informed", "reporter"};

/* What line 3 may say of a column instead of a list of allowed values. */
static const char *const output_types[OUTPUT_COUNT] = {"category", "function", "tier",
                                                       "function", "function", "shown"};

enum column_kind { COLUMN_INPUT, COLUMN_OUTPUT, COLUMN_NOTE };

struct column {
    enum column_kind kind;
    uint32_t which;                   /* enum input or enum output */
    uint32_t input;                   /* index among the inputs */
    struct span allowed[ALLOWED_MAX]; /* best first; none: all are, and alike */
    uint32_t allowed_count;
};

struct reading {
    const struct city *city;
    struct arena *arena;
    struct diag *diag;
    struct sheet sheet;
    struct table *table;
    struct column columns[SHEET_COLUMNS_MAX];
    uint32_t columns_count; /* the id's included */
    uint32_t outputs_count;
};

/* A row's standing by P: places in the lists of allowed values, column by column. */
struct standing {
    uint32_t row;
    uint32_t keys[OUTPUT_COUNT];
};

/* -- the head ---------------------------------------------------------------------------------- */

static void read_hit_policy(struct reading *reading)
{
    struct cell cell = sheet_cell(&reading->sheet.rows[0], 0);
    if (span_is(cell.text, "U"))
        reading->table->hit_policy = HIT_UNIQUE;
    else if (span_is(cell.text, "P"))
        reading->table->hit_policy = HIT_PRIORITY;
    else if (span_is(cell.text, "F"))
        reading->table->hit_policy = HIT_FIRST;
    else
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "'%.*s' is no hit policy; they are U (unique), P (priority), F (first)",
                       SPAN_ARG(cell.text));
}

static enum output output_find(struct span name)
{
    uint32_t output = 0;
    while (output < OUTPUT_COUNT && !span_is(name, output_names[output]))
        output++;
    return (enum output)output;
}

static bool is_taken(const struct reading *reading, enum column_kind kind, uint32_t which)
{
    for (uint32_t i = 1; i < reading->columns_count; i++)
        if (reading->columns[i].kind == kind && reading->columns[i].which == which)
            return true;
    return false;
}

static void read_column(struct reading *reading, struct cell cell)
{
    struct column *column = &reading->columns[reading->columns_count];
    struct span in = span_of_string("in:");
    struct span out = span_of_string("out:");
    struct span name = cell.text;
    *column = (struct column){.kind = COLUMN_NOTE};
    if (span_starts_with(name, in)) {
        column->kind = COLUMN_INPUT;
        column->which = input_find(span_of(name.data + in.bytes, name.bytes - in.bytes));
    } else if (span_starts_with(name, out)) {
        column->kind = COLUMN_OUTPUT;
        column->which = output_find(span_of(name.data + out.bytes, name.bytes - out.bytes));
    } else if (!span_starts_with(name, span_of_string("note:"))) {
        sheet_complain(
            &reading->sheet, cell, reading->diag,
            "'%.*s' is no kind of column; they begin with in:, out: or note:", SPAN_ARG(name));
    }
    bool unknown = (column->kind == COLUMN_INPUT && column->which == INPUT_COUNT) ||
                   (column->kind == COLUMN_OUTPUT && column->which == OUTPUT_COUNT);
    bool twice =
        column->kind != COLUMN_NOTE && !unknown && is_taken(reading, column->kind, column->which);
    if (unknown)
        sheet_complain(
            &reading->sheet, cell, reading->diag,
            "there is no '%.*s'; a row can look at in:channel, type, applicant, urgency, "
            "line, category, place, hour and write out:category, function, tier, co, "
            "informed, reporter",
            SPAN_ARG(name));
    if (twice)
        sheet_complain(&reading->sheet, cell, reading->diag, "column %.*s stands here twice",
                       SPAN_ARG(name));
    if (unknown || twice)
        column->kind = COLUMN_NOTE;
    if (column->kind == COLUMN_INPUT) {
        column->input = reading->table->inputs_count++;
        reading->table->inputs[column->input] = (enum input)column->which;
    }
    reading->outputs_count += column->kind == COLUMN_OUTPUT;
    reading->columns_count++;
}

static void read_columns(struct reading *reading)
{
    const struct sheet_row *kinds = &reading->sheet.rows[1];
    reading->columns_count = 1;
    if (kinds->cells[0].text.bytes > 0)
        sheet_complain(&reading->sheet, kinds->cells[0], reading->diag,
                       "the first cell of line 2 is empty: below it stand the ids of the rows");
    for (uint32_t i = 1; i < kinds->count; i++)
        read_column(reading, kinds->cells[i]);
    if (reading->outputs_count == 0)
        diag_add(reading->diag, reading->sheet.path, kinds->line, 0,
                 "no column begins with out:, so the table decides nothing");
}

static struct span trim(struct span text)
{
    while (text.bytes > 0 && text.data[0] == ' ')
        text = span_of(text.data + 1, text.bytes - 1);
    while (text.bytes > 0 && text.data[text.bytes - 1] == ' ')
        text.bytes--;
    return text;
}

/* Splits at commas; returns the count, at most max. */
static uint32_t split(struct span text, struct span *items, uint32_t max)
{
    uint32_t count = 0;
    size_t start = 0;
    for (size_t i = 0; i <= text.bytes && count < max; i++) {
        if (i < text.bytes && text.data[i] != ',')
            continue;
        items[count++] = trim(span_of(text.data + start, i - start));
        start = i + 1;
    }
    return count;
}

/* Line 3: the type's word, or the allowed values, best first. */
static void read_types(struct reading *reading)
{
    const struct sheet_row *types = &reading->sheet.rows[2];
    for (uint32_t i = 1; i < reading->columns_count; i++) {
        struct column *column = &reading->columns[i];
        struct cell cell = sheet_cell(types, i);
        if (column->kind == COLUMN_NOTE || cell.text.bytes == 0)
            continue;
        const char *type = column->kind == COLUMN_INPUT ? input_name((enum input)column->which)
                                                        : output_types[column->which];
        if (span_is(cell.text, type) ||
            (column->which == INPUT_HOUR && span_is(cell.text, "number")))
            continue;
        column->allowed_count = split(cell.text, column->allowed, ALLOWED_MAX);
        if (column->allowed_count == 1 && column->kind == COLUMN_INPUT)
            sheet_complain(&reading->sheet, cell, reading->diag,
                           "'%.*s' is not the type of this column; write '%s', or a list of the "
                           "allowed values, best first",
                           SPAN_ARG(cell.text), type);
    }
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

static bool is_said(struct span text)
{
    return text.bytes > 0 && !span_is(text, "-");
}

/* "village, township": is each of the cell's values one of those that line 3 allows? */
static bool is_allowed(const struct column *column, struct span text)
{
    for (uint32_t i = 0; i < column->allowed_count; i++)
        if (span_equal(column->allowed[i], text))
            return true;
    return column->allowed_count == 0;
}

static bool read_functions(const struct reading *reading, struct cell cell,
                           struct function *functions, uint32_t *count)
{
    struct span items[RULES_UNITS_MAX + 1];
    uint32_t found = split(cell.text, items, RULES_UNITS_MAX + 1);
    if (found > RULES_UNITS_MAX) {
        sheet_complain(&reading->sheet, cell, reading->diag, "names more than %d functions",
                       RULES_UNITS_MAX);
        return false;
    }
    for (uint32_t i = 0; i < found; i++) {
        functions[i] = city_function(reading->city, items[i]);
        if (functions[i].index != FUNCTION_NONE.index)
            continue;
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "there is no function '%.*s' in functions.csv", SPAN_ARG(items[i]));
        return false;
    }
    *count = found;
    return true;
}

static void read_category(const struct reading *reading, struct cell cell,
                          struct row_outputs *outputs)
{
    struct span code = cell.text;
    if (code.data[0] == '#')
        code = span_of(code.data + 1, code.bytes - 1);
    outputs->category = city_category(reading->city, code);
    if (outputs->category.index == CATEGORY_NONE.index)
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "'%.*s' is no category of categories.csv; write a code such as #0301",
                       SPAN_ARG(cell.text));
}

static void read_tier(const struct reading *reading, struct cell cell, struct row_outputs *outputs)
{
    outputs->tier = (enum tier)word_find(&tier_words, cell.text);
    if (outputs->tier == TIER_NONE)
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "'%.*s' is no tier; they are city, county, township, village",
                       SPAN_ARG(cell.text));
}

static void read_reporter(const struct reading *reading, struct cell cell,
                          struct row_outputs *outputs)
{
    outputs->reporter = span_is(cell.text, "shown")      ? REPORTER_SHOWN
                        : span_is(cell.text, "withheld") ? REPORTER_WITHHELD
                                                         : REPORTER_UNSAID;
    if (outputs->reporter == REPORTER_UNSAID)
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "'%.*s' makes no sense here; the reporter is shown or withheld",
                       SPAN_ARG(cell.text));
}

static void read_output(const struct reading *reading, const struct column *column,
                        struct cell cell, struct row_outputs *outputs)
{
    uint32_t one = 0;
    if (!is_said(cell.text))
        return;
    if (!is_allowed(column, cell.text))
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "'%.*s' is not among the allowed values of line 3", SPAN_ARG(cell.text));
    switch ((enum output)column->which) {
    case OUTPUT_CATEGORY:
        read_category(reading, cell, outputs);
        return;
    case OUTPUT_FUNCTION: {
        struct function functions[RULES_UNITS_MAX];
        if (read_functions(reading, cell, functions, &one) && one == 1)
            outputs->function = functions[0];
        else if (one > 1)
            sheet_complain(&reading->sheet, cell, reading->diag,
                           "names several functions; the main unit has one, the others go to "
                           "out:co");
        return;
    }
    case OUTPUT_TIER:
        read_tier(reading, cell, outputs);
        return;
    case OUTPUT_CO:
        (void)read_functions(reading, cell, outputs->co, &outputs->co_count);
        return;
    case OUTPUT_INFORMED:
        (void)read_functions(reading, cell, outputs->informed, &outputs->informed_count);
        return;
    case OUTPUT_REPORTER:
        read_reporter(reading, cell, outputs);
        return;
    case OUTPUT_COUNT:
        break;
    }
    CHECK(!"an output");
}

static void read_input(const struct reading *reading, const struct column *column, struct cell cell,
                       bool otherwise, struct values *values)
{
    char fault[FAULT_BYTES];
    if (!cell_parse(reading->city, (enum input)column->which, cell.text, reading->arena, values,
                    fault, sizeof fault))
        sheet_complain(&reading->sheet, cell, reading->diag, "%s", fault);
    else if (otherwise && !values->any)
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "the else row holds for all that no other row holds for; write '-'");
}

static void read_row(struct reading *reading, const struct sheet_row *row)
{
    struct table *table = reading->table;
    struct cell id = row->cells[0];
    bool otherwise = span_is(id.text, "else");
    if (!sheet_fits(&reading->sheet, row, reading->columns_count, reading->diag))
        return;
    if (!is_row_id(id.text)) {
        sheet_complain(&reading->sheet, id, reading->diag,
                       "'%.*s' is no row id; use lower-case letters, digits, '-' and '_', and keep "
                       "it for ever: decisions cite it",
                       SPAN_ARG(id.text));
        return;
    }
    struct table_row *read =
        otherwise ? arena_take(reading->arena, sizeof *read) : &table->rows[table->rows_count++];
    struct values *values = arena_take(reading->arena, (table->inputs_count + 1) * sizeof *values);
    *read = (struct table_row){
        .id = id.text,
        .values = values,
        .outputs = {.category = CATEGORY_NONE, .function = FUNCTION_NONE},
        .where = id,
    };
    for (uint32_t i = 1; i < reading->columns_count; i++) {
        const struct column *column = &reading->columns[i];
        if (column->kind == COLUMN_INPUT)
            read_input(reading, column, row->cells[i], otherwise, &values[column->input]);
        if (column->kind == COLUMN_OUTPUT)
            read_output(reading, column, row->cells[i], &read->outputs);
    }
    if (otherwise && table->otherwise != NULL)
        sheet_complain(&reading->sheet, id, reading->diag, "there is an else row already");
    if (otherwise)
        table->otherwise = read;
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

static void check_unique(const struct reading *reading)
{
    const struct table *table = reading->table;
    for (uint32_t i = 0; i < table->rows_count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (rows_meet(table, &table->rows[i], &table->rows[j]))
                sheet_complain(&reading->sheet, table->rows[i].where, reading->diag,
                               "rows %.*s and %.*s hold for the same cases, which U forbids; "
                               "narrow one, or use P",
                               SPAN_ARG(table->rows[j].id), SPAN_ARG(table->rows[i].id));
}

static uint32_t place_in_list(const struct column *column, struct span text)
{
    for (uint32_t i = 0; i < column->allowed_count; i++)
        if (span_equal(column->allowed[i], text))
            return i;
    return column->allowed_count;
}

static int by_standing(const void *a, const void *b)
{
    const struct standing *left = a;
    const struct standing *right = b;
    for (uint32_t i = 0; i < OUTPUT_COUNT; i++)
        if (left->keys[i] != right->keys[i])
            return left->keys[i] < right->keys[i] ? -1 : 1;
    return left->row < right->row ? -1 : 1;
}

/* The cells of a row again, by the line that its id stands in. */
static const struct sheet_row *sheet_row_of(const struct sheet *sheet, uint32_t line)
{
    uint32_t low = 0;
    uint32_t high = sheet->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (sheet->rows[middle].line <= line)
            low = middle;
        else
            high = middle;
    }
    return &sheet->rows[low];
}

static void rank_by_priority(const struct reading *reading)
{
    struct table *table = reading->table;
    struct standing *standings = calloc(table->rows_count + 1, sizeof *standings);
    CHECK(standings != NULL);
    for (uint32_t i = 0; i < table->rows_count; i++) {
        const struct sheet_row *row = sheet_row_of(&reading->sheet, table->rows[i].where.line);
        uint32_t keys = 0;
        standings[i].row = i;
        for (uint32_t c = 1; c < reading->columns_count; c++) {
            const struct column *column = &reading->columns[c];
            if (column->kind == COLUMN_OUTPUT && column->allowed_count > 0)
                standings[i].keys[keys++] = place_in_list(column, sheet_cell(row, c).text);
        }
    }
    qsort(standings, table->rows_count, sizeof *standings, by_standing);
    for (uint32_t i = 0; i < table->rows_count; i++)
        table->rows[standings[i].row].rank = i;
    free(standings);
}

static void rank(const struct reading *reading)
{
    struct table *table = reading->table;
    for (uint32_t i = 0; i < table->rows_count; i++)
        table->rows[i].rank = i;
    if (table->hit_policy == HIT_PRIORITY)
        rank_by_priority(reading);
    if (table->hit_policy == HIT_UNIQUE)
        check_unique(reading);
}

struct table *table_read(const char *directory, struct span name, const struct city *city,
                         struct arena *arena, struct diag *diag)
{
    char path[1024];
    struct reading *reading = arena_take(arena, sizeof *reading);
    reading->city = city;
    reading->arena = arena;
    reading->diag = diag;
    snprintf(path, sizeof path, "%s/rules/%.*s.csv", directory, SPAN_ARG(name));
    if (sheet_read(path, arena, diag, &reading->sheet) != OK)
        return NULL;
    if (reading->sheet.count < HEAD_ROWS || reading->sheet.count > RULES_ROWS_MAX + HEAD_ROWS) {
        diag_add(diag, path, 0, 0,
                 reading->sheet.count < HEAD_ROWS
                     ? "needs three lines before its rows: hit policy and labels, kinds, types"
                     : "has more than %d rows",
                 RULES_ROWS_MAX);
        return NULL;
    }
    struct table *table = arena_take(arena, sizeof *table);
    reading->table = table;
    table->name = name;
    table->source = (struct source){arena_copy(arena, span_of_string(path + strlen(directory) + 1)),
                                    reading->sheet.source};
    table->rows = arena_take(arena, reading->sheet.count * sizeof *table->rows);
    read_hit_policy(reading);
    read_columns(reading);
    read_types(reading);
    for (uint32_t i = HEAD_ROWS; i < reading->sheet.count; i++)
        read_row(reading, &reading->sheet.rows[i]);
    if (table->rows_count == 0 && table->otherwise == NULL)
        diag_add(diag, path, 0, 0, "has no rows");
    check_ids(reading);
    rank(reading);
    return table;
}
