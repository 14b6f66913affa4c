/* compare - what changed from one result of `lianxin bench --json` to another.
 *
 * Results compare where the same was done: the same profile, on the same cases. What else differs
 * in their setup (commit, threads, machine) is listed, since that is what the change may be due to;
 * then the floors that stood beside them, then each figure with its verdict.
 */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H

#include <stdio.h>

/* Prints it and returns 0; or says on stderr, a line each, why the two cannot be compared, and
 * returns 1. */
int bench_compare(const char *a, const char *b, FILE *out);

#endif
