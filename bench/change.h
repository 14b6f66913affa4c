/* change - has a figure changed beyond the noise, and was it the program that changed it?
 *
 * First the runs are asked: only where an exact rank test finds less than CHANGE_CHANCE is there a
 * change at all. Some thirty figures are compared at a time, so at one in twenty there would be a
 * false alarm each time; at one in a hundred, every third. Five runs a side can reach it, four
 * cannot.
 *
 * Then the floors are asked, for the two results were measured at different times. A floor is what
 * the machine does without the engine; if it moved the same way as the figure, and the figure's
 * change is gone once that is taken off, the change is put down to the machine. A floor is measured
 * once or a few times and has noise of its own; so it only ever takes a verdict away. Floors that
 * depend on what the engine writes (how many bytes, how many commits) would excuse the engine with
 * its own doing, and are not asked; nor is a single flush where a case waited for dozens of them.
 */
#ifndef BENCH_CHANGE_H
#define BENCH_CHANGE_H

#include "bench/samples.h"

#define CHANGE_CHANCE 0.01

enum change_kind {
    CHANGE_BETTER,
    CHANGE_WORSE,
    CHANGE_CHANGED, /* of a figure that is good neither high nor low */
    CHANGE_SAME,    /* in every run */
    CHANGE_NOISE,
    CHANGE_MACHINE,
    CHANGE_FEW, /* runs */
    CHANGE_KINDS,
};

struct change {
    enum change_kind kind;
    double chance;     /* that runs of one kind would lie as far apart */
    const char *floor; /* CHANGE_MACHINE: which */
};

/* The floors are those that were measured beside the figures, or NULL. */
struct change change_of(const struct samples *a, const struct samples *b, const json_t *a_floors,
                        const json_t *b_floors);

const char *change_name(enum change_kind kind);

#endif
