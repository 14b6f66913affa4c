/* first - what a table would be that goes by the order of its rows.
 *
 * F reads well and ages badly: a row that is moved, or written at the end, decides otherwise
 * without anybody's having said so. If no two rows meet, it is U already; if all that meet and
 * differ stand in the order of what one column says, it is P by that column, and the order is
 * found.
 */
#include "domain/check/looking.h"
#include "domain/check/witness.h"
#include "domain/rules/cell.h"

enum { VALUES_MAX = 64, COLUMNS_MAX = 16 };

/* An out: column by which the table might go. */
struct ladder {
    uint32_t column; /* of the sheet */
    struct span values[VALUES_MAX];
    uint32_t values_count;
    uint64_t before[VALUES_MAX]; /* value -> those that must stand behind it */
    bool broken;
};

struct order {
    struct ladder ladders[COLUMNS_MAX];
    uint32_t count;
    bool meets;          /* do any two rows? */
    uint32_t one, other; /* that meet and differ, the first there are */
};

static struct span first_item(struct span cell)
{
    struct span item = {0};
    return cell_next_item(&cell, &item) ? item : cell;
}

static const struct sheet_row *sheet_row_of(const struct table *table, uint32_t row)
{
    uint32_t line = table->rows[row].where.line;
    uint32_t i = row; /* lines are counted from 1, and three stand before the first row */
    while (i < table->sheet.count && table->sheet.rows[i].line != line)
        i++;
    return &table->sheet.rows[i];
}

/* The number of a value in a ladder; VALUES_MAX where there are too many, or it says nothing. */
static uint32_t step_of(struct ladder *ladder, const struct table *table, uint32_t row)
{
    struct span value = first_item(sheet_cell(sheet_row_of(table, row), ladder->column).text);
    if (value.bytes == 0 || span_is(value, "-"))
        return VALUES_MAX;
    for (uint32_t i = 0; i < ladder->values_count; i++)
        if (span_equal(ladder->values[i], value))
            return i;
    if (ladder->values_count == VALUES_MAX)
        return VALUES_MAX;
    ladder->values[ladder->values_count] = value;
    return ladder->values_count++;
}

static void begin_ladders(const struct table *table, struct order *order)
{
    const struct sheet_row *kinds = &table->sheet.rows[1];
    for (uint32_t i = 1; i < kinds->count && order->count < COLUMNS_MAX; i++)
        if (span_starts_with(kinds->cells[i].text, span_of_string("out:")) &&
            !span_is(kinds->cells[i].text, "out:advice"))
            order->ladders[order->count++].column = i;
}

/* One row is to stand before another, by each column that might be gone by. */
static void note(const struct table *table, uint32_t one, uint32_t other, struct order *order)
{
    for (uint32_t i = 0; i < order->count; i++) {
        struct ladder *ladder = &order->ladders[i];
        uint32_t upper = ladder->broken ? VALUES_MAX : step_of(ladder, table, one);
        uint32_t lower = ladder->broken ? VALUES_MAX : step_of(ladder, table, other);
        if (upper == VALUES_MAX || upper == lower)
            ladder->broken = true;
        else if (lower != VALUES_MAX)
            ladder->before[upper] |= 1ULL << lower;
    }
}

/* Sorts the values so that none stands before what it must stand behind; false in a circle. */
static bool sort_ladder(const struct ladder *ladder, struct span sorted[VALUES_MAX])
{
    uint64_t left = ladder->values_count == VALUES_MAX ? ~0ULL : (1ULL << ladder->values_count) - 1;
    for (uint32_t done = 0; left != 0; done++) {
        uint64_t behind = 0;
        for (uint64_t rest = left; rest != 0; rest &= rest - 1)
            behind |= ladder->before[__builtin_ctzll(rest)];
        if ((left & ~behind) == 0)
            return false;
        uint32_t next = (uint32_t)__builtin_ctzll(left & ~behind);
        sorted[done] = ladder->values[next];
        left &= ~(1ULL << next);
    }
    return true;
}

static const char *say_ladder(struct looking *looking, const struct table *table,
                              const struct ladder *ladder, const struct span *sorted)
{
    const char *list = "";
    for (uint32_t i = 0; i < ladder->values_count; i++)
        list = findings_print(looking->findings, "%s%s%.*s", list, i > 0 ? ", " : "",
                              SPAN_ARG(sorted[i]));
    return findings_print(looking->findings,
                          "write P instead of F, and for the allowed values of %.*s in line 3 "
                          "\"%s\", which decides as the order of the rows does",
                          SPAN_ARG(table->sheet.rows[1].cells[ladder->column].text), list);
}

static const char *find_remedy(struct looking *looking, const struct table *table,
                               const struct order *order)
{
    struct span sorted[VALUES_MAX] = {{0}};
    if (!order->meets)
        return "write U instead of F: no two rows meet, so nothing else changes";
    if (order->one == ROW_NONE)
        return "write A instead of F: rows that meet say the same, so nothing else changes";
    for (uint32_t i = 0; i < order->count; i++)
        if (!order->ladders[i].broken && sort_ladder(&order->ladders[i], sorted))
            return say_ladder(looking, table, &order->ladders[i], sorted);
    return "narrow the rows until no two meet and write U, or give them an order by the allowed "
           "values of an out: column and write P; where it must stay, waive this with the reason";
}

/* Where there are no words the boxes tell. */
static bool may_meet(const struct looked *looked, uint32_t one, uint32_t other)
{
    struct point point;
    if (looked->table->has_text)
        return seeker_both(looked->seeker, one, other, &point);
    return boxes_meet(&looked->grid, grid_box(&looked->grid, one), grid_box(&looked->grid, other));
}

static void find_order(const struct looked *looked, struct order *order)
{
    const struct table *table = looked->table;
    begin_ladders(table, order);
    for (uint32_t other = 1; other < table->rows_count; other++)
        for (uint32_t one = 0; one < other; one++) {
            if (!may_meet(looked, one, other))
                continue;
            order->meets = true;
            if (outputs_alike(&table->rows[one].outputs, &table->rows[other].outputs))
                continue;
            if (order->one == ROW_NONE) {
                order->one = one;
                order->other = other;
            }
            note(table, one, other, order);
        }
}

void look_at_first(struct looking *looking, const struct looked *looked)
{
    struct order *order = arena_take(looking->arena, sizeof *order);
    const struct table *table = looked->table;
    order->one = order->other = ROW_NONE;
    find_order(looked, order);
    struct check_finding *finding =
        looking_add_table(looking, looked, FLAW_FIRST, SEVERITY_WARNING);
    finding->text = findings_print(looking->findings,
                                   "table %.*s goes by F: whoever moves a row, or adds one, may "
                                   "change what others decide",
                                   SPAN_ARG(table->name));
    finding->remedy = find_remedy(looking, table, order);
    struct point point;
    if (order->one == ROW_NONE || !seeker_both(looked->seeker, order->one, order->other, &point)) {
        finding->shows = "no case is decided by the order, so there is none to show";
        return;
    }
    struct aim aim = {looked, order->one, order->other, NULL, &point};
    aim.row = seeker_winner(looked->seeker, &point);
    aim.with = aim.row == order->other ? order->one : order->other;
    witness_show(looking, &aim,
                 findings_print(looking->findings, "%.*s, not %.*s, has by its place",
                                SPAN_ARG(table->rows[aim.row].id),
                                SPAN_ARG(table->rows[aim.with].id)),
                 finding);
}
