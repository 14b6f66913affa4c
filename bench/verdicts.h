/* verdicts - for each made-up case the unit that the slow matcher gives it to.
 *
 * What it says depends on the moment and the regime in which the engine took the case in, so they
 * are worked out for the moment that the first event asked for tells; for events of another one
 * that the book tells from it (a run over midnight) each is judged for itself. The cases are made
 * once more from their seed and must come in the order of their numbers, from 1. Judging a year
 * takes a while, so verdicts are kept in a file, by everything that they depend on:
 *
 *      DIRECTORY/verdicts-<hash of policy, seed, kind and moment>
 *
 * A file with fewer cases than are asked for is gone on with. One thread.
 */
#ifndef BENCH_VERDICTS_H
#define BENCH_VERDICTS_H

#include "bench/cases.h"
#include "domain/policy.h"

struct verdicts;

/* For the cases that `cases` is about to make, as cases_init() left it, up to number `count`, by
 * the policy of a city's directory. Borrows all of them. */
struct verdicts *verdicts_create(const struct policy *policy, const char *city,
                                 const struct cases *cases, uint64_t count, const char *directory);

/* The main unit of a case taken in at that moment. */
struct unit verdicts_unit(struct verdicts *verdicts, uint64_t number, int64_t time_ms);

void verdicts_free(struct verdicts **verdicts);

#endif
