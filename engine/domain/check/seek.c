#include "domain/check/seek.h"

enum { DEPTH_MAX = 48, VARIANTS_MAX = 64, HOUR_MINUTES = 60 };

struct seeker {
    const struct looking *looking;
    const struct looked *looked;
    struct region given;
    struct region levels[DEPTH_MAX];
    char text[WANTS_TEXT_BYTES];
    uint32_t row, steps;
    enum goal goal;
    struct point *point;
};

struct seeker *seeker_create(const struct looking *looking, const struct looked *looked)
{
    struct seeker *seeker = arena_take(looking->arena, sizeof *seeker);
    size_t words = looked->grid.words + 1;
    uint64_t *boxes = arena_take(looking->arena, (DEPTH_MAX + 1) * words * sizeof *boxes);
    seeker->looking = looking;
    seeker->looked = looked;
    seeker->given.box = boxes + DEPTH_MAX * words;
    for (uint32_t i = 0; i < DEPTH_MAX; i++)
        seeker->levels[i].box = boxes + i * words;
    return seeker;
}

/* -- regions ----------------------------------------------------------------------------------- */

static void set_box(const struct grid *grid, const uint64_t *box, struct region *region)
{
    memcpy(region->box, box, grid->words * sizeof *box);
}

struct region *seeker_region(struct seeker *seeker)
{
    struct region *region = &seeker->given;
    set_box(&seeker->looked->grid, seeker->looked->grid.whole, region);
    region->wants.any_count = region->wants.none_count = 0;
    region->wants.crowded = false;
    return region;
}

void region_keep_row(const struct looked *looked, uint32_t row, struct region *region)
{
    box_keep(&looked->grid, region->box, grid_box(&looked->grid, row));
    wants_cell(&region->wants, &looked->table->rows[row].text);
}

static void copy(const struct seeker *seeker, const struct region *from, struct region *to)
{
    set_box(&seeker->looked->grid, from->box, to);
    to->wants.any_count = from->wants.any_count;
    to->wants.none_count = from->wants.none_count;
    to->wants.crowded = from->wants.crowded;
    memcpy(to->wants.any, from->wants.any, from->wants.any_count * sizeof from->wants.any[0]);
    memcpy(to->wants.none, from->wants.none, from->wants.none_count * sizeof from->wants.none[0]);
}

/* -- asking ------------------------------------------------------------------------------------ */

bool seeker_point(struct seeker *seeker, const struct region *region, struct point *point)
{
    const struct grid *grid = &seeker->looked->grid;
    *point = (struct point){.text = seeker->text, .second = UINT32_MAX};
    for (uint32_t i = 0; i < grid->axes_count; i++) {
        const struct axis *axis = &grid->axes[i];
        uint32_t class = box_rarest(region->box, axis);
        if (class == axis->classes)
            return false;
        point->values[axis->input] = axis->values[class];
        if (axis->input == INPUT_TIME)
            point->values[INPUT_HOUR] = (axis->values[class] - 1) / HOUR_MINUTES + 1;
    }
    return wants_text(&region->wants, seeker->looking->keywords, seeker->text, &point->bytes);
}

bool seeker_both(struct seeker *seeker, uint32_t one, uint32_t other, struct point *point)
{
    const struct looked *looked = seeker->looked;
    if (!boxes_meet(&looked->grid, grid_box(&looked->grid, one), grid_box(&looked->grid, other)))
        return false;
    struct region *region = seeker_region(seeker);
    region_keep_row(looked, one, region);
    region_keep_row(looked, other, region);
    return seeker_point(seeker, region, point);
}

static const struct text_hits *scan(const struct seeker *seeker, const struct point *point)
{
    struct span text = span_of(point->text, point->bytes);
    return point->bytes > 0 ? text_scan(seeker->looking->scratch->text, &text, 1) : NULL;
}

uint32_t seeker_winner(struct seeker *seeker, const struct point *point)
{
    const struct looked *looked = seeker->looked;
    return matcher_match(looked->matcher, point->values, scan(seeker, point), looked->room);
}

struct match_rows seeker_held(struct seeker *seeker, const struct point *point)
{
    const struct looked *looked = seeker->looked;
    return matcher_match_all(looked->matcher, point->values, scan(seeker, point), looked->room);
}

/* -- searching --------------------------------------------------------------------------------- */

static enum found look(struct seeker *seeker, struct region *region, uint32_t depth);

static enum found worse(enum found a, enum found b)
{
    return a == FOUND_YES || b == FOUND_YES ? FOUND_YES : a > b ? a : b;
}

/* In the parts of the region where a row does not hold for its words. */
static enum found look_without_words(struct seeker *seeker, const struct region *region,
                                     const struct text_cell *cell, uint32_t depth)
{
    enum found found = FOUND_NO;
    struct region *part = &seeker->levels[depth + 1];
    for (uint32_t i = 0; i < cell->count && found != FOUND_YES; i++)
        for (uint32_t way = 0; found != FOUND_YES; way++) {
            copy(seeker, region, part);
            if (!wants_break(&part->wants, &cell->clauses[i], way))
                break;
            found = way < VARIANTS_MAX ? worse(found, look(seeker, part, depth + 1))
                                       : worse(found, FOUND_OPEN);
            if (way == VARIANTS_MAX)
                break;
        }
    return found;
}

/* In the parts of the region where a row does not hold. What it is behind, on the axes looked at,
 * is taken from the others, so that they lie apart. The region is left as what the row has of it.
 */
static enum found look_outside(struct seeker *seeker, struct region *region, uint32_t row,
                               uint32_t depth)
{
    const struct grid *grid = &seeker->looked->grid;
    const uint64_t *box = grid_box(grid, row);
    enum found found = FOUND_NO;
    for (uint32_t i = 0; i < grid->axes_count && found != FOUND_YES; i++) {
        const struct axis *axis = &grid->axes[i];
        if (axis_is_within(axis, region->box, box))
            continue;
        struct region *part = &seeker->levels[depth + 1];
        copy(seeker, region, part);
        axis_drop(axis, part->box, box);
        found = worse(found, look(seeker, part, depth + 1));
        axis_keep(axis, region->box, box);
    }
    if (found == FOUND_YES)
        return found;
    const struct text_cell *cell = &seeker->looked->table->rows[row].text;
    return worse(found, look_without_words(seeker, region, cell, depth));
}

static const struct row_outputs *outputs_of(const struct seeker *seeker, uint32_t row)
{
    const struct table_row *read = looked_row(seeker->looked, row);
    return read != NULL ? &read->outputs : NULL;
}

static bool are_alike(const struct seeker *seeker, uint32_t a, uint32_t b)
{
    const struct row_outputs *one = outputs_of(seeker, a);
    const struct row_outputs *other = outputs_of(seeker, b);
    return one != NULL && other != NULL && outputs_alike(one, other);
}

/* Where the second row holds too, one that differs may stand before it, at another case. */
static enum found look_between(struct seeker *seeker, const struct region *region, uint32_t second,
                               uint32_t depth)
{
    const struct table *table = seeker->looked->table;
    enum found found = FOUND_NO;
    struct region *part = &seeker->levels[depth + 1];
    for (uint32_t i = 0; i < table->rows_count && found != FOUND_YES; i++) {
        if (i == seeker->row || i == second || are_alike(seeker, i, seeker->row) ||
            !boxes_meet(&seeker->looked->grid, region->box, grid_box(&seeker->looked->grid, i)) ||
            !looked_ranks(seeker->looked, seeker->row, i) ||
            (second < table->rows_count && !looked_ranks(seeker->looked, i, second)))
            continue;
        copy(seeker, region, part);
        region_keep_row(seeker->looked, i, part);
        found = worse(found, look(seeker, part, depth + 1));
    }
    return found;
}

/* The row wins: would the outputs be others without it? */
static enum found look_at_second(struct seeker *seeker, struct region *region, struct point *point,
                                 uint32_t depth)
{
    const struct table *table = seeker->looked->table;
    struct match_rows held = seeker_held(seeker, point);
    uint32_t second = held.count > 1             ? held.rows[1]
                      : table->otherwise != NULL ? table->rows_count
                                                 : UINT32_MAX;
    point->second = second;
    if (second == UINT32_MAX || !are_alike(seeker, second, seeker->row))
        return FOUND_YES;
    enum found found = FOUND_NO;
    if (second < table->rows_count)
        found = look_outside(seeker, region, second, depth);
    return found == FOUND_YES ? found : worse(found, look_between(seeker, region, second, depth));
}

static enum found look(struct seeker *seeker, struct region *region, uint32_t depth)
{
    struct point point;
    if (region->wants.crowded || seeker->steps == 0 || depth + 1 == DEPTH_MAX)
        return FOUND_OPEN;
    seeker->steps--;
    if (!seeker_point(seeker, region, &point))
        return FOUND_NO;
    uint32_t winner = seeker_winner(seeker, &point);
    if (winner == seeker->row && seeker->goal == GOAL_WINS) {
        *seeker->point = point;
        return FOUND_YES;
    }
    if (winner == seeker->row) {
        enum found found = look_at_second(seeker, region, &point, depth);
        if (found == FOUND_YES && seeker->point->text == NULL)
            *seeker->point = point;
        return found;
    }
    if (winner >= seeker->looked->table->rows_count)
        return FOUND_NO; /* the row itself does not hold here */
    return look_outside(seeker, region, winner, depth);
}

enum found seek(struct seeker *seeker, const struct region *region, uint32_t row, enum goal goal,
                uint32_t steps, struct point *point)
{
    seeker->row = row;
    seeker->goal = goal;
    seeker->steps = steps;
    seeker->point = point;
    point->text = NULL;
    copy(seeker, region, &seeker->levels[0]);
    return look(seeker, &seeker->levels[0], 0);
}
