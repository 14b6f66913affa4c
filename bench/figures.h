/* figures - the numbers that a run comes to, each with its place in the JSON, and what repeats of
 * it come to together.
 *
 * All are kept as doubles in one list, so that medians, printing and JSON go through it by a table
 * instead of naming each again.
 */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <jansson.h>
#include <stdint.h>

enum figure {
    FIGURE_SECONDS, /* first case sent to last event received and last answer */
    FIGURE_CASES_PER_SECOND,
    FIGURE_ACKNOWLEDGED_SECONDS, /* to the last answer */
    FIGURE_ACK_P50,
    FIGURE_ACK_P99,
    FIGURE_ACK_P999,
    FIGURE_ACK_MAX,
    FIGURE_DELIVERED_P50, /* to the main unit's subscriber, from the same moment as the answer */
    FIGURE_DELIVERED_P99,
    FIGURE_DELIVERED_P999,
    FIGURE_DELIVERED_MAX,
    FIGURE_LATE_P99, /* open loop: the sender itself, behind the plan */
    FIGURE_LATE_MAX,
    FIGURE_CPU_INGRESS,
    FIGURE_CPU_DECODE,
    FIGURE_CPU_ROUTE,
    FIGURE_CPU_STORE,
    FIGURE_CPU_COMMIT,
    FIGURE_CPU_PUBLISH,
    FIGURE_CPU_READER,
    FIGURE_CPU_ENGINE_OTHER, /* libzmq's threads, and what threads do between stages */
    FIGURE_CPU_HARNESS,
    FIGURE_ENGINE_CORES, /* the engine's CPU seconds a second */
    FIGURE_RESIDENT,     /* VmRSS at the end */
    FIGURE_ANONYMOUS,    /* RssAnon: without the store's pages that are mapped */
    FIGURE_STORED_PER_CASE,
    FIGURE_WRITTEN_PER_CASE,
    FIGURE_COMMITS,
    FIGURE_WAKEUPS,       /* of the pipeline's threads and the reader's, together */
    FIGURE_STORE_BYTES,   /* at the end */
    FIGURE_EVENTS,        /* received, co-units' included */
    FIGURE_START_SECONDS, /* of the engine, to its first answer */
    FIGURE_COUNT,
};

struct figures {
    double values[FIGURE_COUNT];
};

struct spread {
    double median, min, max;
};

/* Over count repeats, 1 at least. */
struct spread figures_spread(const struct figures *const *repeats, uint32_t count,
                             enum figure figure);

/* The median of each figure by itself. */
struct figures figures_median(const struct figures *const *repeats, uint32_t count);

/* Sets them all in a JSON object, in the groups that they stand in: ack_us {p50, ...}. */
void figures_into_json(const struct figures *figures, json_t *object);

/* "spread": of those that noise is told by. */
json_t *figures_spread_json(const struct figures *const *repeats, uint32_t count);

/* A number with as many digits as can matter: six that count. */
json_t *figure_json(double value);

#endif
