/* alike - was the same done for two results? And what was not the same around it?
 *
 * Profile, cases, city, seed and how they were handed over must be the same, and nothing may have
 * been lost; the rest of the setup (commit, threads, machine, versions) may differ, and is what a
 * change is due to.
 */
#ifndef BENCH_ALIKE_H
#define BENCH_ALIKE_H

#include "base/diag.h"

#include <jansson.h>
#include <stdbool.h>

/* Adds a finding for each reason why they cannot be compared. */
void alike_check(const json_t *a, const char *a_path, const json_t *b, const char *b_path,
                 struct diag *diag);

/* A line for each part of the setup that differs, or "nothing". */
void alike_print_setup(const json_t *a, const json_t *b, FILE *out);

/* Do both have the same there, or nothing? */
bool alike_at(const json_t *a, const json_t *b, const char *path);

#endif
