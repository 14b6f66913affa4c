/* table_check - what must hold for a table as a whole, whatever its cells say; what follows from
 * them is for the check of the book (domain/check). */
#include "base/check.h"
#include "domain/rules/table_parts.h"

#include <stdlib.h>

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

/* The cell of line 2 that says so, or NULL. */
static const struct cell *find_column(const struct reading *reading, enum column_kind kind,
                                      uint32_t which)
{
    for (uint32_t i = 1; i < reading->columns_count; i++)
        if (reading->columns[i].kind == kind && reading->columns[i].which == which)
            return &reading->sheet.rows[1].cells[i];
    return NULL;
}

/* What this table cannot write, and which would. */
static void check_outputs(const struct reading *reading)
{
    const struct table *table = reading->table;
    for (uint32_t i = 1; i < reading->columns_count; i++) {
        enum output output = (enum output)reading->columns[i].which;
        if (reading->columns[i].kind == COLUMN_OUTPUT &&
            !hit_policy_may_write(table->hit_policy, table->answer, output))
            sheet_complain(&reading->sheet, reading->sheet.rows[1].cells[i], reading->diag,
                           "%s cannot write out:%s: %s", hit_policy_sign(table->hit_policy),
                           output_kinds[output].name, hit_policy_writers(output));
    }
}

/* What a table that counts votes must have, and must not. */
static void check_vote(const struct reading *reading)
{
    const struct table *table = reading->table;
    const char *sign = hit_policy_sign(table->hit_policy);
    bool weighs = table->hit_policy != HIT_NUMBER;
    if (find_column(reading, COLUMN_OUTPUT, OUTPUT_CATEGORY) == NULL ||
        (weighs && find_column(reading, COLUMN_OUTPUT, OUTPUT_WEIGHT) == NULL))
        diag_add(reading->diag, reading->sheet.path, reading->sheet.rows[1].line, 0,
                 "in a %s table rows speak for categories: it needs out:category%s", sign,
                 weighs ? " and out:weight" : "");
    if (table->otherwise != NULL)
        sheet_complain(&reading->sheet, table->otherwise->where, reading->diag,
                       "a %s table has no else row: where no row holds, none speaks", sign);
}

/* Words of any two rows may stand in one text, and people may say anything. */
static void check_text(const struct reading *reading)
{
    const struct table *table = reading->table;
    const struct cell *text = find_column(reading, COLUMN_INPUT, INPUT_TEXT);
    if (text == NULL)
        return;
    if (table->hit_policy == HIT_UNIQUE || table->hit_policy == HIT_ANY)
        sheet_complain(&reading->sheet, *text, reading->diag,
                       "in:text cannot stand in %s table: words of any two rows may stand in one "
                       "text; use P or F",
                       table->hit_policy == HIT_UNIQUE ? "a U" : "an A");
    else if ((table->answer == ANSWER_ROW || table->answer == ANSWER_LIMITS) &&
             table->otherwise == NULL)
        sheet_complain(&reading->sheet, *text, reading->diag,
                       "a table with in:text needs an else row, since people may say anything");
}

/* O goes by the order of allowed values. */
static void check_order(const struct reading *reading)
{
    for (uint32_t i = 1; i < reading->columns_count; i++)
        if (reading->columns[i].kind == COLUMN_OUTPUT && reading->columns[i].allowed_count == 0)
            sheet_complain(&reading->sheet, sheet_cell(&reading->sheet.rows[2], i), reading->diag,
                           "O goes by the order of allowed values; list them here, best first, or "
                           "use R, which goes by the order of the rows");
}

/* The row that says the longest limit of minutes, or the shortest of working days; or NULL. */
static const struct table_row *extreme_row(const struct table *table, bool natural, bool sign)
{
    const struct table_row *extreme = NULL;
    uint32_t most = 0;
    for (uint32_t i = 0; i < table->rows_count; i++) {
        const struct table_row *row = &table->rows[i];
        struct time_limit limit = sign ? row->outputs.sign_limit : row->outputs.limit;
        bool further = extreme == NULL || (natural ? limit.count > most : limit.count < most);
        if (limit.count == 0 || limit.natural != natural || !further)
            continue;
        extreme = row;
        most = limit.count;
    }
    return extreme;
}

/* n working days end with a day, n days or more after a moment; so n days of minutes are over
 * before. More of them may or may not be, as the weekend has it. */
static void check_limits(const struct reading *reading, bool sign)
{
    const struct table *table = reading->table;
    const struct table_row *longest = extreme_row(table, true, sign);
    const struct table_row *shortest = extreme_row(table, false, sign);
    if (longest == NULL || shortest == NULL)
        return;
    struct time_limit minutes = sign ? longest->outputs.sign_limit : longest->outputs.limit;
    struct time_limit days = sign ? shortest->outputs.sign_limit : shortest->outputs.limit;
    char texts[2][TIME_LIMIT_BYTES_MAX];
    size_t bytes[] = {time_limit_format(minutes, texts[0]), time_limit_format(days, texts[1])};
    if (minutes.count > days.count * DAY_MINUTES)
        sheet_complain(&reading->sheet, longest->where, reading->diag,
                       "%.*s here and %.*s in row %.*s: which is shorter is another matter each "
                       "week; write both in hours or both in working days, or use P with the "
                       "limits in order",
                       (int)bytes[0], texts[0], (int)bytes[1], texts[1], SPAN_ARG(shortest->id));
}

void table_check(const struct reading *reading)
{
    const struct table *table = reading->table;
    check_ids(reading);
    check_outputs(reading);
    check_text(reading);
    if (table->answer == ANSWER_VOTE)
        check_vote(reading);
    if (table->answer == ANSWER_LIMITS) {
        check_limits(reading, false);
        check_limits(reading, true);
    }
    if (table->hit_policy == HIT_OUTPUT_ORDER)
        check_order(reading);
}
