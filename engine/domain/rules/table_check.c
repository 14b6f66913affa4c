/* table_check - what must hold for a table as a whole. */
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

/* The cell of line 2 that says so, or NULL. */
static const struct cell *find_column(const struct reading *reading, enum column_kind kind,
                                      uint32_t which)
{
    for (uint32_t i = 1; i < reading->columns_count; i++)
        if (reading->columns[i].kind == kind && reading->columns[i].which == which)
            return &reading->sheet.rows[1].cells[i];
    return NULL;
}

/* What a table that adds up must have, and must not. */
static void check_sum(const struct reading *reading)
{
    const struct table *table = reading->table;
    for (uint32_t i = 1; i < reading->columns_count; i++)
        if (reading->columns[i].kind == COLUMN_OUTPUT &&
            reading->columns[i].which != OUTPUT_CATEGORY &&
            reading->columns[i].which != OUTPUT_WEIGHT)
            sheet_complain(&reading->sheet, reading->sheet.rows[1].cells[i], reading->diag,
                           "a C+ table writes out:category and out:weight, and nothing else");
    if (find_column(reading, COLUMN_OUTPUT, OUTPUT_CATEGORY) == NULL ||
        find_column(reading, COLUMN_OUTPUT, OUTPUT_WEIGHT) == NULL)
        diag_add(reading->diag, reading->sheet.path, reading->sheet.rows[1].line, 0,
                 "a C+ table adds up weights of categories: it needs out:category and out:weight");
    if (table->otherwise != NULL)
        sheet_complain(&reading->sheet, table->otherwise->where, reading->diag,
                       "a C+ table has no else row: where no row holds, nothing is added");
}

/* Of a table that picks one row. */
static void check_pick(const struct reading *reading)
{
    const struct table *table = reading->table;
    const struct cell *weight = find_column(reading, COLUMN_OUTPUT, OUTPUT_WEIGHT);
    const struct cell *text = find_column(reading, COLUMN_INPUT, INPUT_TEXT);
    if (weight != NULL)
        sheet_complain(&reading->sheet, *weight, reading->diag,
                       "out:weight is for C+ tables; here one row decides alone");
    if (text != NULL && table->hit_policy == HIT_UNIQUE)
        sheet_complain(&reading->sheet, *text, reading->diag,
                       "in:text cannot stand in a U table: words of any two rows may stand in one "
                       "text; use P or F");
    else if (text != NULL && table->otherwise == NULL)
        sheet_complain(&reading->sheet, *text, reading->diag,
                       "a table with in:text needs an else row, since people may say anything");
}

void table_check(const struct reading *reading)
{
    check_ids(reading);
    if (reading->table->hit_policy == HIT_SUM)
        check_sum(reading);
    else
        check_pick(reading);
    if (reading->table->hit_policy == HIT_UNIQUE && !reading->table->has_text)
        check_unique(reading);
}
