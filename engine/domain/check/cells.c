/* cells - cells that can never hold, since no case has what they ask for when it comes to them. */
#include "domain/check/looking.h"
#include "domain/check/witness.h"
#include "domain/city/date.h"

#include <stdio.h>

static bool is_empty(const uint64_t *box, const struct axis *axis)
{
    return box_rarest(box, axis) == axis->classes;
}

static void add_never(struct looking *looking, const struct looked *looked, uint32_t row,
                      const struct axis *axis)
{
    char kind[32];
    snprintf(kind, sizeof kind, "in:%s", input_name(axis->input));
    struct check_finding *finding =
        looking_add(looking, looked, row, kind, FLAW_NEVER, SEVERITY_WARNING);
    finding->text =
        findings_print(looking->findings,
                       "row %.*s never holds: no case has such a %s when it comes to this table",
                       SPAN_ARG(looked->table->rows[row].id), input_name(axis->input));
    finding->remedy = "ask for what the tables before can write, or take the row out";
    finding->shows = "there is no case to show, which is what is wrong";
}

/* The day behind the last on which a row holds; -1 where there is one to come. */
static int32_t last_day(const struct looked *looked, uint32_t row, const struct axis *axis)
{
    const struct values *values = &looked->table->rows[row].values[axis->column];
    return values->count == 0 ? -1 : input_day(values->intervals[values->count - 1].limit - 1);
}

static void add_expired(struct looking *looking, const struct looked *looked, uint32_t row,
                        const struct axis *axis)
{
    char date[DATE_BYTES_MAX];
    struct check_finding *finding =
        looking_add(looking, looked, row, "until", FLAW_EXPIRED, SEVERITY_WARNING);
    date_format(last_day(looked, row, axis), date);
    finding->text = findings_print(looking->findings, "row %.*s held for the last time on %s",
                                   SPAN_ARG(looked->table->rows[row].id), date);
    finding->remedy = "take it out, or say until when it is to hold";
    finding->shows = "there is no case to come that it holds for";
}

void look_at_cells(struct looking *looking, const struct looked *looked)
{
    for (uint32_t row = 0; row < looked->table->rows_count; row++)
        for (uint32_t i = 0; i < looked->grid.axes_count && !looked->dead[row]; i++) {
            const struct axis *axis = &looked->grid.axes[i];
            if (!is_empty(grid_box(&looked->grid, row), axis))
                continue;
            looked->dead[row] = 1;
            if (axis->input == INPUT_DATE && last_day(looked, row, axis) >= 0)
                add_expired(looking, looked, row, axis);
            else
                add_never(looking, looked, row, axis);
        }
}
