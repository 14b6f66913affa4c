/* samples - what a result measured, each figure with its value in every run.
 *
 * A result, or an entry of its series, holds figures as numbers, alone ("seconds") or in an object
 * ("ack_us.p99"); whatever is found there is one, so that a profile's own need not be made known
 * here. "runs" has the same names once a run. What was asked for, what must be 0, and what stands
 * beside the figures (floors, plots, setup) are none.
 */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include "bench/ranks.h"

#include <jansson.h>

enum { SAMPLES_MAX = 100, SAMPLES_NAME_BYTES = 64 };

/* Which way is good. */
enum aim { AIM_LOW, AIM_HIGH, AIM_NONE };

struct samples {
    char name[SAMPLES_NAME_BYTES]; /* its path */
    enum aim aim;
    size_t count;             /* of runs that have it; 1 where only the result itself does */
    double values[RANKS_MAX]; /* in the order of runs */
};

/* In the order of the result; returns how many. Runs beyond RANKS_MAX are left out. */
size_t samples_collect(const json_t *entry, struct samples figures[SAMPLES_MAX]);

/* NULL where there is none of that name. */
const struct samples *samples_find(const struct samples *figures, size_t count, const char *name);

#endif
