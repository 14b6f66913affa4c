#include "domain/check/volume.h"

#include "base/check.h"

#include <stdlib.h>

enum { DEPTH_MAX = 256, WORD_BITS = 64, PAIRS_A_STEP = 16 };

struct volumes {
    const struct grid *grid;
    uint32_t *order;  /* rows, the largest first, so that small ones are within those before */
    uint32_t *before; /* of the row at hand: those that meet it */
    uint64_t *levels; /* boxes, one a depth */
    uint64_t *half;
    bool apart; /* no two rows meet */
    uint32_t steps_max, steps;
};

struct sized {
    volume size;
    uint32_t row;
};

static int by_size(const void *a, const void *b)
{
    const struct sized *left = a;
    const struct sized *right = b;
    if (left->size != right->size)
        return left->size > right->size ? -1 : 1;
    return left->row < right->row ? -1 : 1;
}

static uint32_t *order_rows(const struct grid *grid, struct arena *arena)
{
    struct sized *sized = arena_take(arena, (grid->table->rows_count + 1) * sizeof *sized);
    uint32_t *order = arena_take(arena, (grid->table->rows_count + 1) * sizeof *order);
    for (uint32_t i = 0; i < grid->table->rows_count; i++)
        sized[i] = (struct sized){box_volume(grid, grid_box(grid, i)), i};
    qsort(sized, grid->table->rows_count, sizeof *sized, by_size);
    for (uint32_t i = 0; i < grid->table->rows_count; i++)
        order[i] = sized[i].row;
    return order;
}

struct volumes *volumes_create(const struct grid *grid, bool apart, uint32_t steps,
                               struct arena *arena)
{
    struct volumes *volumes = arena_take(arena, sizeof *volumes);
    size_t words = grid->words + 1;
    *volumes = (struct volumes){
        .grid = grid,
        .order = order_rows(grid, arena),
        .before = arena_take(arena, (grid->table->rows_count + 1) * sizeof(uint32_t)),
        .levels = arena_take(arena, (DEPTH_MAX + 1) * words * sizeof(uint64_t)),
        .half = arena_take(arena, words * sizeof(uint64_t)),
        .apart = apart,
        .steps_max = steps,
    };
    return volumes;
}

static uint64_t *level(const struct volumes *volumes, uint32_t depth)
{
    return volumes->levels + depth * ((size_t)volumes->grid->words + 1);
}

static void copy(const struct grid *grid, uint64_t *to, const uint64_t *from)
{
    memcpy(to, from, grid->words * sizeof *to);
}

/* Adds what the box at a depth has beyond the rows that meet it, from one of them on. False where
 * that took too long. */
static bool add_beyond(struct volumes *volumes, uint32_t count, uint32_t from, uint32_t depth,
                       volume *sum)
{
    const struct grid *grid = volumes->grid;
    uint64_t *box = level(volumes, depth);
    while (from < count && !boxes_meet(grid, box, grid_box(grid, volumes->before[from])))
        from++;
    if (from == count) {
        *sum += box_volume(grid, box);
        return true;
    }
    if (volumes->steps++ >= volumes->steps_max || depth + 1 == DEPTH_MAX)
        return false;
    const uint64_t *cut = grid_box(grid, volumes->before[from]);
    for (uint32_t i = 0; i < grid->axes_count; i++) {
        const struct axis *axis = &grid->axes[i];
        if (axis_is_within(axis, box, cut))
            continue;
        uint64_t *part = level(volumes, depth + 1);
        copy(grid, part, box);
        axis_drop(axis, part, cut);
        if (!add_beyond(volumes, count, from + 1, depth + 1, sum))
            return false;
        axis_keep(axis, box, cut);
    }
    return true;
}

bool volumes_missing(struct volumes *volumes, const uint64_t *box, volume *missing)
{
    const struct grid *grid = volumes->grid;
    volume covered = 0;
    volumes->steps = 0;
    for (uint32_t i = 0; i < grid->table->rows_count; i++) {
        uint32_t row = volumes->order[i];
        uint32_t count = 0;
        if (!boxes_meet(grid, box, grid_box(grid, row)))
            continue;
        uint64_t *own = level(volumes, 0);
        copy(grid, own, box);
        box_keep(grid, own, grid_box(grid, row));
        for (uint32_t j = 0; !volumes->apart && j < i; j++)
            if (boxes_meet(grid, own, grid_box(grid, volumes->order[j])))
                volumes->before[count++] = volumes->order[j];
        volumes->steps += volumes->apart ? 0 : i / PAIRS_A_STEP;
        if (!add_beyond(volumes, count, 0, 0, &covered) || volumes->steps > volumes->steps_max)
            return false;
    }
    volume all = box_volume(grid, box);
    CHECK(covered <= all);
    *missing = all - covered;
    return true;
}

static uint32_t count_classes(const struct axis *axis, const uint64_t *box)
{
    uint32_t count = 0;
    for (uint32_t w = axis->at; w < axis->at + axis->words; w++)
        count += (uint32_t)__builtin_popcountll(box[w]);
    return count;
}

/* Leaves the lower half of an axis's classes in one of two boxes that are alike, the rest in the
 * other. */
static void halve(const struct axis *axis, uint64_t *lower, uint64_t *upper)
{
    uint32_t half = count_classes(axis, lower) / 2;
    for (uint32_t class = 0; class < axis->classes; class ++) {
        if (!box_has(lower, axis, class))
            continue;
        uint64_t *without = half > 0 ? upper : lower;
        without[axis->at + class / WORD_BITS] &= ~(1ULL << class % WORD_BITS);
        half -= half > 0;
    }
}

bool volumes_bisect(struct volumes *volumes, uint64_t *box)
{
    const struct grid *grid = volumes->grid;
    for (uint32_t i = 0; i < grid->axes_count; i++)
        while (count_classes(&grid->axes[i], box) > 1) {
            volume missing;
            copy(grid, volumes->half, box);
            halve(&grid->axes[i], box, volumes->half);
            if (!volumes_missing(volumes, box, &missing))
                return false;
            if (missing == 0)
                copy(grid, box, volumes->half);
        }
    return true;
}
