/* ramp - the highest rate at which 99 % of the answers still come in time.
 *
 * Open loop, two seconds at each rate, each on a fresh store and engine: the rate is doubled until
 * it is too much (--p99-ms), and then what lies between the last good and the first bad one is
 * halved a few times. Latency counts from the planned moments, so at a rate that the engine cannot
 * take it grows for as long as that lasts: there is no doubt which rates those are. A hiccup of the
 * disk is no limit of the engine's, so a rate that fails is tried once more. The climb ends where
 * the cases do not last for a quarter of a second.
 */
#include "bench/bench.h"
#include "bench/schedule.h"

#include "base/check.h"

#include <stdlib.h>

enum { FIRST_RATE = 1000, CASES_MAX = 262144, STEP_SECONDS = 2, HALVINGS = 4 };

static const double seconds_least = 0.25;

struct ramp {
    struct bench *bench;
    struct parcels *parcels;
    uint32_t per_message;
    int64_t *due_ns;
    double good, bad; /* rates; 0: none yet */
};

/* For two seconds, or until there are no more cases. */
static struct run *try_rate(struct ramp *ramp, double rate)
{
    struct server server;
    double messages = rate / ramp->per_message * STEP_SECONDS;
    uint32_t most = ramp->parcels->count;
    uint32_t count = messages < 1 ? 1 : messages < most ? (uint32_t)messages : most;
    struct parcels some = parcels_first(ramp->parcels, count);
    schedule_rate(ramp->due_ns, count, rate / ramp->per_message, ramp->bench->options->seed);
    bench_serve(ramp->bench, &server);
    struct run *run = bench_measure_apart(ramp->bench, &server, &some, 0, ramp->due_ns);
    server_end(&server, SIGTERM);
    server_fini(&server);
    return run;
}

static bool is_in_time(const struct ramp *ramp, const struct run *run)
{
    return run->figures.values[FIGURE_ACK_P99] / 1000 <= ramp->bench->options->p99_ms;
}

/* Is the rate good? */
static bool step(struct ramp *ramp, double rate)
{
    struct run *run = try_rate(ramp, rate);
    if (!is_in_time(ramp, run) && proof_is_whole(&run->proof)) {
        free(run);
        run = try_rate(ramp, rate);
    }
    bool good = is_in_time(ramp, run);
    bench_file(ramp->bench, run, "rate", rate);
    if (good)
        ramp->good = rate;
    else
        ramp->bad = rate;
    return good;
}

static void climb(struct ramp *ramp)
{
    double rate = ramp->bench->options->rate > 0 ? ramp->bench->options->rate : FIRST_RATE;
    while (step(ramp, rate) && ramp->parcels->cases / (2 * rate) >= seconds_least)
        rate *= 2;
    for (uint32_t i = 0; i < HALVINGS && ramp->bad > 0; i++)
        step(ramp, (ramp->good + ramp->bad) / 2);
}

/* The best rate stands for all; the first where none was good. */
static void choose(struct ramp *ramp)
{
    struct bench *bench = ramp->bench;
    bench->chosen = 0;
    for (uint32_t i = 0; i < bench->points_count; i++)
        if (bench->points[i].value == ramp->good)
            bench->chosen = i;
    bench->highest_rate = ramp->good;
}

void profile_ramp(struct bench *bench)
{
    uint32_t cases = bench_cases(bench, CASES_MAX);
    struct ramp ramp = {.bench = bench, .per_message = bench_per_message(bench, 1)};
    bench_expect(bench, cases);
    ramp.parcels = bench_parcels(bench, cases, ramp.per_message);
    ramp.due_ns = calloc(ramp.parcels->count, sizeof *ramp.due_ns);
    CHECK(ramp.due_ns != NULL);
    climb(&ramp);
    choose(&ramp);
    uint32_t count = bench->points[bench->chosen].runs[0]->cases / ramp.per_message;
    struct parcels some = parcels_first(ramp.parcels, count > 0 ? count : 1);
    bench_floors(bench, &some, ramp.good / ramp.per_message);
    free(ramp.due_ns);
    parcels_free(&ramp.parcels);
}
