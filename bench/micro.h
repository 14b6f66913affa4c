/* micro - what each piece of a case's way costs alone.
 *
 * Each benchmark does one thing over many made-up inputs, always the same for the same size, and
 * has a name, the CPU time of one operation (median of the rounds), and a hash of what came out.
 * The hash is there so that no benchmark can rot: one that no longer does what it did has another,
 * and two that do the same thing in two ways must have the same.
 */
#ifndef BENCH_MICRO_H
#define BENCH_MICRO_H

#include <stdint.h>
#include <stdio.h>

enum { MICRO_SIZE = 4096 }; /* how many inputs, unless said otherwise */

/* Runs them all over size inputs (1 at least) and writes a table to out. Returns an exit code: 0,
 * or EXIT_FAILURE where the city cannot be loaded or two ways to one result differ; out says which.
 */
int bench_micro(uint32_t size, FILE *out);

#endif
