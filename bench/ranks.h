/* ranks - do two small sets of measurements differ by more than chance?
 *
 * The rank-sum test of Wilcoxon, Mann and Whitney, exact: of all the ways to deal the measurements
 * out to two sides, how many set the sides at least as far apart as they are? It supposes nothing
 * of how measurements are spread, which with five runs nobody knows, and one wild run counts no
 * more than its rank. Equal values share the mean of their ranks, and are counted with it.
 */
#ifndef BENCH_RANKS_H
#define BENCH_RANKS_H

#include <stddef.h>

enum { RANKS_MAX = 50 }; /* measurements a side; the work grows with their fourth power */

/* The share of all ways to deal, 0 to 1: small where chance alone would hardly do this. Both sides
 * have from 1 to RANKS_MAX. */
double ranks_chance(const double *a, size_t a_count, const double *b, size_t b_count);

/* The least that so many on each side could ever give: where they are wholly apart. */
double ranks_chance_least(size_t a_count, size_t b_count);

/* The middle one, or the mean of the middle two, of at least one. */
double ranks_median(const double *values, size_t count);

#endif
