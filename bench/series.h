/* series - what of a result is drawn, as columns for gnuplot.
 *
 *      marks      assignments that gnuplot loads: profile, cases, runs, p50, p99, p999, sync ...
 *      histogram  low_us high_us share      latencies, forty bins a decade; shares add up to 1
 *      timeline   from to acknowledged received p99_us       seconds, cases a second
 *      series     an entry a line, columns named in the first: rate, years, what was measured
 *
 * What an entry does not have is "?".
 */
#ifndef BENCH_SERIES_H
#define BENCH_SERIES_H

#include <stdio.h>

/* Prints one of these and returns 0; or says on stderr why not and returns 1: the file is no
 * result, or has nothing of that kind. */
int bench_series(const char *path, const char *what, FILE *out);

#endif
