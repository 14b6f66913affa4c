/* tally - what a setting of Redis came to: figures a run, their medians, as JSON and for people.
 *
 * The JSON has the names that a result of `lianxin bench` has, so the two can be read side by side.
 */
#ifndef BENCH_REDIS_TALLY_H
#define BENCH_REDIS_TALLY_H

#include "bench/ranks.h"
#include "bench/redis/push.h"

#include <jansson.h>

struct setting {
    const char *profile;
    const char *appendfsync;
    const char *durability; /* what it means */
    uint32_t per_write;
    uint32_t rate; /* cases a second; 0: closed loop */
};

enum { TALLY_FIGURES = 15, TALLY_RUNS_MAX = RANKS_MAX };

struct tally {
    double figures[TALLY_FIGURES];
};

/* What the server used, and the CPU time of this process, are those of the run alone. */
struct tally tally_of(const struct push *push, uint32_t cases, const struct process_usage *used,
                      double harness_seconds);

/* An entry of the series: medians, and the runs. */
json_t *tally_json(const struct setting *setting, uint32_t cases, const struct tally *runs,
                   uint32_t runs_count);

/* The entry as `lianxin bench` prints its own. */
void tally_print(const json_t *entry);

#endif
