/* table_validity - columns from and until: the days on which a row holds.
 *
 * They ask of the date of receipt what a cell of in:date asks too. So a table that has them has a
 * column of dates, whether in:date stands there or not, and in it each row what both let pass.
 */
#include "base/check.h"
#include "domain/rules/scale.h"
#include "domain/rules/table_parts.h"

void table_add_dates(struct reading *reading)
{
    struct table *table = reading->table;
    bool dated = false;
    reading->dates = 0;
    for (uint32_t i = 1; i < reading->columns_count; i++)
        dated |=
            reading->columns[i].kind == COLUMN_FROM || reading->columns[i].kind == COLUMN_UNTIL;
    while (reading->dates < table->inputs_count && table->inputs[reading->dates] != INPUT_DATE)
        reading->dates++;
    if (dated && reading->dates == table->inputs_count)
        table->inputs[table->inputs_count++] = INPUT_DATE;
}

/* What one of the two says, or what it is where it says nothing. */
static bool read_day(const struct reading *reading, struct cell cell, uint32_t unsaid,
                     uint32_t *date)
{
    char fault[FAULT_BYTES];
    struct span text = cell_fold(cell.text, reading->arena);
    *date = unsaid;
    if (text.bytes == 0 || span_is(text, "-"))
        return true;
    if (scale_read(INPUT_DATE, text, date, fault, sizeof fault))
        return true;
    sheet_complain(&reading->sheet, cell, reading->diag, "%s", fault);
    return false;
}

/* The intervals of values within [first, limit). */
static struct values cut(struct values values, uint32_t first, uint32_t limit, struct arena *arena)
{
    struct interval *intervals = arena_take(arena, (values.count + 1) * sizeof *intervals);
    uint32_t count = 0;
    if (values.any && first < limit)
        intervals[count++] = (struct interval){first, limit};
    for (uint32_t i = 0; i < values.count; i++) {
        struct interval part = values.intervals[i];
        part.first = part.first > first ? part.first : first;
        part.limit = part.limit < limit ? part.limit : limit;
        if (part.first < part.limit)
            intervals[count++] = part;
    }
    return (struct values){.intervals = intervals, .count = count};
}

static const struct cell *cell_of(const struct reading *reading, const struct sheet_row *row,
                                  enum column_kind kind)
{
    for (uint32_t i = 1; i < reading->columns_count; i++)
        if (reading->columns[i].kind == kind)
            return &row->cells[i];
    return NULL;
}

void table_read_validity(const struct reading *reading, const struct sheet_row *row, bool otherwise,
                         struct values *dates)
{
    const struct cell *from = cell_of(reading, row, COLUMN_FROM);
    const struct cell *until = cell_of(reading, row, COLUMN_UNTIL);
    uint32_t first = 1;
    uint32_t limit = DATES_MAX + 1;
    bool begins = from == NULL || read_day(reading, *from, first, &first);
    bool ends = until == NULL || read_day(reading, *until, limit, &limit);
    if (!begins || !ends || (first == 1 && limit == DATES_MAX + 1))
        return;
    const struct cell *where = limit <= DATES_MAX ? until : from;
    CHECK(where != NULL); /* one of them has narrowed the days */
    if (otherwise) {
        sheet_complain(&reading->sheet, *where, reading->diag,
                       "the else row holds for all that no other row holds for; write '-'");
        return;
    }
    struct values both = cut(*dates, first, limit, reading->arena);
    if (both.count > 0)
        *dates = both;
    else
        sheet_complain(&reading->sheet, *where, reading->diag,
                       "the row holds on no day: it begins on the day in 'from' and ends before "
                       "the day in 'until'%s",
                       dates->any ? "" : ", and in:date lets no day between them pass");
}
