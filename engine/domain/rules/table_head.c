/* table_head - the three lines above a table's rows. */
#include "base/utf8.h"
#include "domain/rules/scale.h"
#include "domain/rules/table_parts.h"

void table_read_hit_policy(struct reading *reading)
{
    struct cell cell = reading->sheet.rows[0].cells[0];
    reading->table->hit_policy = hit_policy_find(cell.text);
    if (reading->table->hit_policy != HIT_POLICY_COUNT)
        return;
    reading->table->hit_policy = HIT_FIRST; /* which asks nothing more of the rows */
    sheet_complain(&reading->sheet, cell, reading->diag, "'%.*s' is no hit policy; they are %s",
                   SPAN_ARG(utf8_clip(cell.text, SHOWN_BYTES)), hit_policy_list);
}

static bool is_taken(const struct reading *reading, const struct column *column)
{
    for (uint32_t i = 1; i < reading->columns_count; i++)
        if (reading->columns[i].kind == column->kind && reading->columns[i].which == column->which)
            return true;
    return false;
}

/* The column, or a note where there is one of its kind already. */
static struct column once(const struct reading *reading, struct cell cell, struct column column)
{
    if (is_taken(reading, &column)) {
        sheet_complain(&reading->sheet, cell, reading->diag, "column %.*s stands here twice",
                       SPAN_ARG(cell.text));
        column.kind = COLUMN_NOTE;
    }
    return column;
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
    if (span_is(kind, "from") || span_is(kind, "until")) {
        column.kind = span_is(kind, "from") ? COLUMN_FROM : COLUMN_UNTIL;
        return once(reading, cell, column);
    }
    bool is_input = span_starts_with(kind, in);
    bool is_output = span_starts_with(kind, out);
    if (is_input)
        column.which = input_find(span_of(kind.data + in.bytes, kind.bytes - in.bytes));
    if (is_output)
        column.which = output_find(span_of(kind.data + out.bytes, kind.bytes - out.bytes));
    if ((!is_input && !is_output) || (is_input && column.which == INPUT_COUNT) ||
        (is_output && column.which == OUTPUT_COUNT)) {
        sheet_complain(
            &reading->sheet, cell, reading->diag,
            "'%.*s' is no kind of column; they are in:channel, type, applicant, "
            "urgency, line, category, place, hour, date, time, regime, earlier, "
            "answered, respondent, text, out:category, function, tier, co, informed, reporter, "
            "disposition, advice, urgency, limit, sign, weight, from, until, "
            "and note:...",
            SPAN_ARG(utf8_clip(kind, SHOWN_BYTES)));
        return column;
    }
    column.kind = is_input ? COLUMN_INPUT : COLUMN_OUTPUT;
    return once(reading, cell, column);
}

void table_read_columns(struct reading *reading)
{
    const struct sheet_row *kinds = &reading->sheet.rows[1];
    struct table *table = reading->table;
    if (kinds->cells[0].text.bytes > 0)
        sheet_complain(&reading->sheet, kinds->cells[0], reading->diag,
                       "the first cell of line 2 is empty: below it stand the ids of the rows");
    bool votes = false;
    for (reading->columns_count = 1; reading->columns_count < kinds->count;) {
        struct column column = understand_column(reading, kinds->cells[reading->columns_count]);
        if (column.kind == COLUMN_INPUT) {
            column.input = table->inputs_count++;
            table->inputs[column.input] = (enum input)column.which;
            table->has_text |= column.which == INPUT_TEXT;
        }
        reading->outputs_count += column.kind == COLUMN_OUTPUT;
        votes |= column.kind == COLUMN_OUTPUT &&
                 (column.which == OUTPUT_CATEGORY || column.which == OUTPUT_WEIGHT);
        reading->columns[reading->columns_count++] = column;
    }
    table->answer = hit_policy_answer(table->hit_policy, votes);
    table_add_dates(reading);
    if (reading->outputs_count == 0)
        diag_add(reading->diag, reading->sheet.path, kinds->line, 0,
                 "no column begins with out:, so the table decides nothing");
}

/* The allowed values, and that nothing is said: no list forbids that. */
static struct values with_absent(struct values listed, struct arena *arena)
{
    struct interval *intervals = arena_take(arena, (listed.count + 1) * sizeof *intervals);
    bool adjoins = listed.intervals[0].first <= 1;
    intervals[0] = (struct interval){0, adjoins ? listed.intervals[0].limit : 1};
    for (uint32_t i = adjoins, next = 1; i < listed.count; i++)
        intervals[next++] = listed.intervals[i];
    return (struct values){.intervals = intervals, .count = listed.count + !adjoins};
}

static void read_domain(struct reading *reading, struct column *column, struct cell cell,
                        struct span text)
{
    char fault[FAULT_BYTES];
    enum input input = (enum input)column->which;
    const char *type = scale_has(input) ? scale_type(input) : input_name(input);
    if (span_is(text, type))
        return;
    if (input == INPUT_TEXT) {
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "write 'text' for the type of this column");
        return;
    }
    if (cell_parse(reading->city, input, text, reading->arena, &column->domain, fault,
                   sizeof fault)) {
        if (!column->domain.any)
            column->domain = with_absent(column->domain, reading->arena);
        return;
    }
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
        if (table_find_value(reading, (enum output)column->which, cell, item,
                             &column->allowed[column->allowed_count]))
            column->allowed_count++;
    }
}

/* Each function's place in the column's list; those that it lacks stand behind. */
static const uint32_t *places_of(const struct reading *reading, const struct column *column)
{
    uint32_t count = city_functions(reading->city);
    uint32_t *places = arena_take(reading->arena, (count + 1) * sizeof *places);
    for (uint32_t i = 0; i < count; i++)
        places[i] = column->allowed_count;
    for (uint32_t i = 0; i < column->allowed_count; i++)
        places[column->allowed[i]] = i;
    return places;
}

static void keep_order(struct reading *reading, const struct column *column)
{
    if (reading->table->hit_policy != HIT_OUTPUT_ORDER)
        return;
    if (column->which == OUTPUT_CO)
        reading->table->co_places = places_of(reading, column);
    if (column->which == OUTPUT_INFORMED)
        reading->table->informed_places = places_of(reading, column);
}

/* Line 3: the type's word, or the allowed values, best first. */
void table_read_types(struct reading *reading)
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
        if (column->kind == COLUMN_OUTPUT) {
            read_allowed(reading, column, cell, text);
            keep_order(reading, column);
        }
        if ((column->kind == COLUMN_FROM || column->kind == COLUMN_UNTIL) && !span_is(text, "date"))
            sheet_complain(&reading->sheet, cell, reading->diag,
                           "write 'date' for the type of this column");
        ordered |= column->allowed_count > 0;
    }
    if (reading->table->hit_policy == HIT_PRIORITY && !ordered)
        diag_add(reading->diag, reading->sheet.path, types->line, 0,
                 "P goes by the order of allowed values, and no out: column lists any; list them "
                 "here, best first, or use F");
}
