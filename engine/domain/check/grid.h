/* grid - a table's rows as boxes over the values that cases can have.
 *
 *      type      help   complaint  the rest        an axis a column; values that pass the same
 * cells category  #01 but #0101   #0101   the rest  are a class
 *
 *      row 3     0 1 0 | 1 1 0                     a bit a class: the row holds for what has one of
 *                                                  its classes on every axis
 *
 * Values that no case can have when it comes to the table, since an earlier one has written others
 * (reach.h), are left out. Columns of words are none of this (wants.h). So rows are boxes, and what
 * holds of them is a matter of ANDs and products. A table that asks for the hour and for the time
 * of day has one axis for both, in minutes, since they do not come apart. Immutable once built.
 */
#ifndef DOMAIN_CHECK_GRID_H
#define DOMAIN_CHECK_GRID_H

#include "domain/check/reach.h"
#include "domain/rules/table.h"

/* How many cases: products over a dozen axes go beyond 64 bits. */
typedef unsigned __int128 volume;

struct axis {
    enum input input;
    uint32_t column; /* among the table's inputs */
    uint32_t hours;  /* likewise, of an axis of times; INPUT_COUNT: the hour is not asked */
    uint32_t classes;
    const uint32_t *values;  /* class -> its first value that can occur */
    const uint64_t *weights; /* class -> how many can */
    const uint32_t *covers;  /* class -> how many rows let it pass */
    const uint32_t *below; /* where a cell's interval begins or ends: how many classes are below */
    uint32_t at, words;    /* where its bits stand in a box */
};

struct grid {
    const struct table *table;
    struct axis axes[INPUT_COUNT];
    uint32_t axes_count;
    uint32_t words; /* of a box */
    const uint64_t *whole;
    const uint64_t *boxes; /* one a row */
};

void grid_build(const struct table *table, const struct reach *reach, const struct city *city,
                struct arena *arena, struct grid *grid);

static inline const uint64_t *grid_box(const struct grid *grid, uint32_t row)
{
    return grid->boxes + (size_t)row * grid->words;
}

static inline bool box_has(const uint64_t *box, const struct axis *axis, uint32_t class)
{
    return (box[axis->at + class / 64] >> class % 64 & 1) != 0;
}

/* The first class of a box on an axis that covers least; axis->classes where it has none. */
uint32_t box_rarest(const uint64_t *box, const struct axis *axis);

/* Is there a case in both? */
bool boxes_meet(const struct grid *grid, const uint64_t *a, const uint64_t *b);

/* Has b every case of a? */
bool box_is_within(const struct grid *grid, const uint64_t *a, const uint64_t *b);

/* The same on one axis. */
bool axis_is_within(const struct axis *axis, const uint64_t *a, const uint64_t *b);

/* Keeps of a what is in b; on one axis, or on all. */
void axis_keep(const struct axis *axis, uint64_t *a, const uint64_t *b);
void box_keep(const struct grid *grid, uint64_t *a, const uint64_t *b);

/* Keeps of a what is not in b on an axis. */
void axis_drop(const struct axis *axis, uint64_t *a, const uint64_t *b);

volume box_volume(const struct grid *grid, const uint64_t *box);

#endif
