/* run - one load on one engine, measured and proven.
 *
 *      status, CPU -> subscribe -> [ clock: send, answers, events ] -> status, CPU -> proof
 *
 * Only what stands in brackets is timed. The engine runs and goes on running: what load there was
 * before, and what comes after, is the profile's business.
 */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "bench/figures.h"
#include "bench/histogram.h"
#include "bench/parcels.h"
#include "bench/proof.h"
#include "bench/server.h"

struct run_plan {
    const struct server *server;
    const struct city *city;
    const struct parcels *parcels;
    uint32_t window;           /* closed loop: cases under way */
    const int64_t *due_ns;     /* open loop: see load.h; NULL: closed */
    struct verdicts *verdicts; /* NULL: where cases belong is not judged */
};

enum { RUN_SLICES = 50, RUN_THREADS_MAX = 8, RUN_THREAD_BYTES = 64 };

/* A stretch of the run. */
struct slice {
    double second;                   /* its end, from the start of the run */
    uint64_t acknowledged, received; /* cases in it: answered, at their main unit */
    double p99_us;                   /* of the answers in it; 0 where there are none */
};

struct run {
    struct figures figures;
    uint32_t cases;
    struct proof proof;
    struct histogram ack; /* a value a case */
    struct slice slices[RUN_SLICES];
    struct {
        char stages[RUN_THREAD_BYTES];
        uint64_t wakeups;
    } threads[RUN_THREADS_MAX];
    uint32_t threads_count;
};

/* What an engine with a subscriber takes that has nothing to do for so long. Only costs are filled.
 */
void run_idle(const struct server *server, double seconds, struct run *run);

/* Fills all of it; figures that are a profile's own stay 0 (start_seconds is the server's). */
void run_measure(const struct run_plan *plan, struct run *run);

#endif
