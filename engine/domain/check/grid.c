#include "domain/check/grid.h"

enum { WORD_BITS = 64, HOUR_MINUTES = 60 };

/* -- building ---------------------------------------------------------------------------------- */

/* Where a cell's interval begins or ends, a new class begins. */
struct rulers {
    uint32_t size;
    uint8_t *begins; /* one more than size */
};

/* The times of an interval of hours. */
static struct interval minutes_of(struct interval hours)
{
    return (struct interval){(hours.first - 1) * HOUR_MINUTES + 1,
                             (hours.limit - 1) * HOUR_MINUTES + 1};
}

static void mark(struct rulers *rulers, struct interval interval)
{
    rulers->begins[interval.first] = rulers->begins[interval.limit] = 1;
}

static struct rulers measure(const struct table *table, const struct axis *axis, uint32_t size,
                             struct arena *arena)
{
    struct rulers rulers = {size, arena_take(arena, size + 1)};
    rulers.begins[0] = 1;
    for (uint32_t i = 0; i < table->rows_count; i++) {
        const struct values *values = &table->rows[i].values[axis->column];
        for (uint32_t j = 0; j < values->count; j++)
            mark(&rulers, values->intervals[j]);
        if (axis->hours == INPUT_COUNT)
            continue;
        values = &table->rows[i].values[axis->hours];
        for (uint32_t j = 0; j < values->count; j++)
            mark(&rulers, minutes_of(values->intervals[j]));
    }
    return rulers;
}

static void find_classes(const struct rulers *rulers, const uint8_t *may, struct axis *axis,
                         struct arena *arena)
{
    uint32_t *values = arena_take(arena, (rulers->size + 1) * sizeof *values);
    uint64_t *weights = arena_take(arena, (rulers->size + 1) * sizeof *weights);
    uint32_t *below = arena_take(arena, (rulers->size + 1) * sizeof *below);
    bool counted = false; /* has the class a value that can occur? */
    for (uint32_t value = 0; value <= rulers->size; value++) {
        if (value == rulers->size || rulers->begins[value]) {
            axis->classes += counted;
            counted = false;
        }
        below[value] = axis->classes;
        if (value == rulers->size || !may[value])
            continue;
        if (!counted)
            values[axis->classes] = value;
        counted = true;
        weights[axis->classes]++;
    }
    axis->values = values;
    axis->weights = weights;
    axis->below = below;
}

static void set_bits(uint64_t *bits, uint32_t first, uint32_t limit)
{
    for (uint32_t i = first; i < limit; i++)
        bits[i / WORD_BITS] |= 1ULL << i % WORD_BITS;
}

static void set_interval(const struct axis *axis, struct interval interval, uint64_t *bits)
{
    set_bits(bits, axis->below[interval.first], axis->below[interval.limit]);
}

/* Keeps of the times of a row those of its hours. */
static void keep_hours(const struct axis *axis, const struct values *hours, uint64_t *bits,
                       struct arena *arena)
{
    uint64_t *kept = arena_take(arena, (axis->words + 1) * sizeof *kept);
    for (uint32_t i = 0; i < hours->count; i++)
        set_interval(axis, minutes_of(hours->intervals[i]), kept);
    for (uint32_t w = 0; !hours->any && w < axis->words; w++)
        bits[w] &= kept[w];
}

static void fill_boxes(const struct grid *grid, const struct axis *axis, uint64_t *boxes,
                       uint64_t *whole, struct arena *arena)
{
    set_bits(whole + axis->at, 0, axis->classes);
    for (uint32_t i = 0; i < grid->table->rows_count; i++) {
        const struct table_row *row = &grid->table->rows[i];
        const struct values *values = &row->values[axis->column];
        uint64_t *bits = boxes + (size_t)i * grid->words + axis->at;
        if (values->any)
            set_bits(bits, 0, axis->classes);
        for (uint32_t j = 0; j < values->count; j++)
            set_interval(axis, values->intervals[j], bits);
        if (axis->hours != INPUT_COUNT)
            keep_hours(axis, &row->values[axis->hours], bits, arena);
    }
}

static void count_covers(const struct grid *grid, struct axis *axis, struct arena *arena)
{
    uint32_t *covers = arena_take(arena, (axis->classes + 1) * sizeof *covers);
    for (uint32_t i = 0; i < grid->table->rows_count; i++) {
        const uint64_t *bits = grid_box(grid, i) + axis->at;
        for (uint32_t w = 0; w < axis->words; w++)
            for (uint64_t rest = bits[w]; rest != 0; rest &= rest - 1)
                covers[w * WORD_BITS + (uint32_t)__builtin_ctzll(rest)]++;
    }
    axis->covers = covers;
}

/* Where an input stands among the table's; INPUT_COUNT where it is not asked. */
static uint32_t column_of(const struct table *table, enum input input)
{
    for (uint32_t i = 0; i < table->inputs_count; i++)
        if (table->inputs[i] == input)
            return i;
    return INPUT_COUNT;
}

void grid_build(const struct table *table, const struct reach *reach, const struct city *city,
                struct arena *arena, struct grid *grid)
{
    *grid = (struct grid){.table = table};
    for (uint32_t i = 0; i < table->inputs_count; i++) {
        if (table->inputs[i] == INPUT_TEXT ||
            (table->inputs[i] == INPUT_HOUR && column_of(table, INPUT_TIME) != INPUT_COUNT))
            continue;
        struct axis *axis = &grid->axes[grid->axes_count++];
        *axis = (struct axis){.input = table->inputs[i], .column = i, .at = grid->words};
        axis->hours = axis->input == INPUT_TIME ? column_of(table, INPUT_HOUR) : INPUT_COUNT;
        struct rulers rulers = measure(table, axis, input_size(city, axis->input), arena);
        find_classes(&rulers, reach->may[axis->input], axis, arena);
        axis->words = (axis->classes + WORD_BITS - 1) / WORD_BITS;
        grid->words += axis->words;
    }
    uint64_t *boxes =
        arena_take(arena, ((size_t)table->rows_count * grid->words + 1) * sizeof *boxes);
    uint64_t *whole = arena_take(arena, (grid->words + 1) * sizeof *whole);
    grid->boxes = boxes;
    grid->whole = whole;
    for (uint32_t i = 0; i < grid->axes_count; i++)
        fill_boxes(grid, &grid->axes[i], boxes, whole, arena);
    for (uint32_t i = 0; i < grid->axes_count; i++)
        count_covers(grid, &grid->axes[i], arena);
}

/* -- boxes ------------------------------------------------------------------------------------- */

uint32_t box_rarest(const uint64_t *box, const struct axis *axis)
{
    uint32_t rarest = axis->classes;
    for (uint32_t w = 0; w < axis->words; w++)
        for (uint64_t rest = box[axis->at + w]; rest != 0; rest &= rest - 1) {
            uint32_t class = w * WORD_BITS + (uint32_t)__builtin_ctzll(rest);
            if (rarest == axis->classes || axis->covers[class] < axis->covers[rarest])
                rarest = class;
        }
    return rarest;
}

static bool axis_meets(const struct axis *axis, const uint64_t *a, const uint64_t *b)
{
    for (uint32_t w = axis->at; w < axis->at + axis->words; w++)
        if ((a[w] & b[w]) != 0)
            return true;
    return false;
}

bool boxes_meet(const struct grid *grid, const uint64_t *a, const uint64_t *b)
{
    for (uint32_t i = 0; i < grid->axes_count; i++)
        if (!axis_meets(&grid->axes[i], a, b))
            return false;
    return true;
}

bool axis_is_within(const struct axis *axis, const uint64_t *a, const uint64_t *b)
{
    for (uint32_t w = axis->at; w < axis->at + axis->words; w++)
        if ((a[w] & ~b[w]) != 0)
            return false;
    return true;
}

bool box_is_within(const struct grid *grid, const uint64_t *a, const uint64_t *b)
{
    for (uint32_t i = 0; i < grid->axes_count; i++)
        if (!axis_is_within(&grid->axes[i], a, b))
            return false;
    return true;
}

void axis_keep(const struct axis *axis, uint64_t *a, const uint64_t *b)
{
    for (uint32_t w = axis->at; w < axis->at + axis->words; w++)
        a[w] &= b[w];
}

void box_keep(const struct grid *grid, uint64_t *a, const uint64_t *b)
{
    for (uint32_t w = 0; w < grid->words; w++)
        a[w] &= b[w];
}

void axis_drop(const struct axis *axis, uint64_t *a, const uint64_t *b)
{
    for (uint32_t w = axis->at; w < axis->at + axis->words; w++)
        a[w] &= ~b[w];
}

volume box_volume(const struct grid *grid, const uint64_t *box)
{
    volume product = 1;
    for (uint32_t i = 0; i < grid->axes_count; i++) {
        const struct axis *axis = &grid->axes[i];
        uint64_t sum = 0;
        for (uint32_t w = 0; w < axis->words; w++)
            for (uint64_t rest = box[axis->at + w]; rest != 0; rest &= rest - 1)
                sum += axis->weights[w * WORD_BITS + (uint32_t)__builtin_ctzll(rest)];
        product *= sum;
    }
    return product;
}
