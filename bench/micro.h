/* micro - what each piece of a case's way costs alone.
 *
 * Each benchmark does one thing to many made-up inputs, one after the other, and has a name, the
 * CPU time of one operation (median and least of some rounds), and a hash of what came out. The
 * hash is there so that no benchmark can rot: one that no longer does what it did has another. It
 * is of the first inputs, and the same in every run that has those. Where there are two ways to a
 * result, a quick one and an obvious one or ours and a library's, both must have the same.
 */
#ifndef BENCH_MICRO_H
#define BENCH_MICRO_H

#include <stdint.h>
#include <stdio.h>

enum { MICRO_SIZE = 4096 }; /* how many inputs, unless said otherwise */

/* Runs them all over size inputs, 1 at least, of a city, and writes a table to out. Returns
 * an exit code: EXIT_FAILURE where the city cannot be loaded, two ways to a result differ, or two
 * rounds over the same inputs do; out says which. */
int bench_micro(const char *city, uint32_t size, FILE *out);

#endif
