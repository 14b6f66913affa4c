/* bench - the harness: what one profile asks of the engine, done, measured, proven and told.
 *
 *      options -> profile -> { run, run, ... } a point -> floors -> table or JSON
 *
 * A profile is a function that makes runs (run.h) and files each under a point: repeats of the same
 * share one; a series (a rate, a number of years) has several. Everything is the main thread's but
 * what catch.h says.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "bench/floors.h"
#include "bench/run.h"
#include "domain/policy.h"

#include <stdio.h>

enum { BENCH_YEAR = 642189 /* what Leshan's hotline takes in a year */, BENCH_POINTS_MAX = 64 };

struct bench_options {
    const char *profile;
    uint32_t per_message; /* cases; 0: the profile's own */
    bool text_only;       /* cases have neither place nor category */
    uint32_t threads;     /* of the engine's pipeline */
    uint32_t runs;        /* repeats; 0: the profile's own */
    uint32_t cases;       /* of a run; 0: the profile's own */
    uint64_t seed;
    double rate;     /* cases a second; 0: the profile's own */
    double compress; /* time runs so much faster; 0: the profile's own */
    uint32_t years;  /* growth goes so far; 0: ten */
    double p99_ms;   /* ramp: what still counts as good */
    double seconds;  /* idle: for how long; 0: a minute */
    const char *city;
    bool json;
    bool no_floors;        /* they take some seconds */
    const char *program;   /* the engine's; NULL: the one that runs */
    const char *directory; /* for stores; build/bench, unless a test says so */
};

/* One point of a series, or all there is. */
struct point {
    const char *key; /* "rate"; NULL: there is no series */
    double value;
    struct run **runs;
    uint32_t runs_count;
};

struct bench {
    const struct bench_options *options;
    struct policy *policy;
    struct cases cases; /* the next to be made */
    struct verdicts *verdicts;
    uint64_t judged_limit; /* numbers below it are judged */
    struct point points[BENCH_POINTS_MAX];
    uint32_t points_count;
    uint32_t chosen; /* the point that stands for all of them */
    /* As the profile chose, where the options left it to that. */
    uint32_t per_message, years;
    uint32_t window; /* of the latest closed loop; 0: there was none */
    bool paced;      /* there was an open loop */
    double compress;
    double highest_rate; /* ramp: the best that was good enough; 0: none was, or it is no ramp */
    bool has_floors;
    struct floors floors;
};

/* Runs a profile and prints its result to out: with options->json one JSON object, else a table.
 * Returns 0; 1 where a case was lost, doubled or misdirected, which stderr says, too. */
int bench_run(const struct bench_options *options, FILE *out);

/* Is there a profile of that name? */
bool bench_has_profile(const char *name);

/* -- for profiles ------------------------------------------------------------------------------ */

/* An option, or what the profile takes where it was not given. */
uint32_t bench_cases(const struct bench *bench, uint32_t own);
uint32_t bench_runs(const struct bench *bench, uint32_t own);
uint32_t bench_per_message(struct bench *bench, uint32_t own);

/* The cases up to this number are to be judged. Before the first run. */
void bench_expect(struct bench *bench, uint64_t cases);

/* The next cases, packed. */
struct parcels *bench_parcels(struct bench *bench, uint32_t count, uint32_t per_message);

/* A directory for a server, and the server in it, started. */
void bench_serve(const struct bench *bench, struct server *server);

/* Puts a load on the server and files the run under the point (key, value), which is made if it is
 * not there. Closed with a window, or open with due_ns. */
struct run *bench_measure(struct bench *bench, const struct server *server,
                          const struct parcels *parcels, uint32_t window, const int64_t *due_ns,
                          const char *key, double value);

/* The same, filed nowhere. */
struct run *bench_measure_apart(struct bench *bench, const struct server *server,
                                const struct parcels *parcels, uint32_t window,
                                const int64_t *due_ns);

/* Files a run, whose owner the bench then is. */
void bench_file(struct bench *bench, struct run *run, const char *key, double value);

/* Measures the floors for what the last run filed did with these parcels. */
void bench_floors(struct bench *bench, const struct parcels *parcels, double paced_hz);

/* The same for so many commits and bytes. */
void bench_floors_of(struct bench *bench, const struct parcels *parcels, uint64_t commits,
                     uint64_t bytes, double paced_hz);

/* -- profiles ---------------------------------------------------------------------------------- */

void profile_year(struct bench *bench);
void profile_flood(struct bench *bench);
void profile_day(struct bench *bench);
void profile_peak(struct bench *bench);
void profile_latency(struct bench *bench);
void profile_ramp(struct bench *bench);
void profile_restart(struct bench *bench);
void profile_growth(struct bench *bench);
void profile_floors(struct bench *bench);
void profile_idle(struct bench *bench);

#endif
