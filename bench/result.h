/* result - what a benchmark came to, as one JSON object or as a table for people. */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include "bench/bench.h"

#include <jansson.h>

/* One object on one line. */
void result_print_json(const struct bench *bench, FILE *out);

void result_print_table(const struct bench *bench, FILE *out);

/* -- what both say ----------------------------------------------------------------------------- */

/* Each figure's median over the repeats of a point. */
struct figures result_median(const struct point *point);

/* The least and the most over the repeats, beside the median. */
struct spread result_spread(const struct point *point, enum figure figure);

/* Of all repeats of a point together. */
struct proof result_proof(const struct point *point);

/* How a figure stands to its floor. */
struct ratio {
    const char *name;       /* seconds_to_lmdb_append */
    const char *floor_name; /* in words */
    enum figure figure;
    double floor; /* in the figure's unit */
    double ratio; /* 0: it would mean nothing: an open loop's seconds are planned, and in a closed
                     one an answer's time is that of its turn in the window */
};

enum { RATIOS = 6 };

void result_ratios(const struct bench *bench, struct ratio ratios[RATIOS]);

#endif
