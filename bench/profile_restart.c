/* restart - how long an engine takes from the start of its process to its first answer.
 *
 *      years 0    on no store: tables of the city are read and compiled, a store is made
 *      years N    killed (SIGKILL) in the middle of a load, with N years in the store: the log's
 * tail is read back and what is derived from it done again
 *
 * Some starts of each. Behind each the engine is given a second of cases, 1,000 a second, so that
 * it is known to work, and what it holds in memory by then; a killed one must still have every case
 * that it had accepted.
 */
#include "bench/bench.h"
#include "bench/load.h"
#include "bench/schedule.h"

#include "base/check.h"

#include <stdlib.h>

enum { RUNS = 5, TRIAL_CASES = 1000, TRIAL_HZ = 1000, PER_MESSAGE = 64, WINDOW = 16384 };

static struct parcels *some_more(struct bench *bench)
{
    uint32_t cases = bench_cases(bench, TRIAL_CASES);
    return bench_parcels(bench, cases < TRIAL_CASES ? cases : TRIAL_CASES, 1);
}

/* A second of cases on an engine just started. */
static void try_out(struct bench *bench, const struct server *server, double years)
{
    struct parcels *parcels = some_more(bench);
    int64_t *due_ns = calloc(parcels->count, sizeof *due_ns);
    CHECK(due_ns != NULL);
    schedule_rate(due_ns, parcels->count, TRIAL_HZ, bench->options->seed);
    bench_measure(bench, server, parcels, 0, due_ns, "years", years);
    free(due_ns);
    parcels_free(&parcels);
}

static void start_afresh(struct bench *bench)
{
    struct server server;
    bench_serve(bench, &server);
    try_out(bench, &server, 0);
    server_end(&server, SIGTERM);
    server_fini(&server);
}

/* Sends cases until half of them are answered, and lets go of the engine while it has its hands
 * full. Returns how many messages, of the first, were answered. */
static uint32_t load_half(const struct server *server, const struct parcels *parcels)
{
    struct load load;
    uint32_t answered = 0;
    load_init(&load, parcels, WINDOW, NULL);
    load.enough = (parcels->count + 1) / 2;
    load_run(&load, server->front);
    while (answered < parcels->count && load.answered_ns[answered] != 0)
        answered++;
    load_free(&load);
    return answered;
}

/* What was accepted once is a duplicate now. */
static void expect_known(const struct server *server, const struct parcels *parcels, uint32_t count)
{
    struct load load;
    if (count == 0)
        return;
    struct parcels accepted = parcels_first(parcels, count);
    load_init(&load, &accepted, WINDOW, NULL);
    load.outcome = LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE;
    load_run(&load, server->front);
    load_free(&load);
}

static void start_killed(struct bench *bench, struct server *server, double years)
{
    struct parcels *parcels = some_more(bench);
    uint32_t answered = load_half(server, parcels);
    server_end(server, SIGKILL);
    server_start(server);
    expect_known(server, parcels, answered);
    parcels_free(&parcels);
    try_out(bench, server, years);
}

/* The store that is found again and again. */
static void fill(struct bench *bench, struct server *server)
{
    uint32_t cases = bench_cases(bench, BENCH_YEAR);
    bench->years = bench->options->years > 0 ? bench->options->years : 1;
    bench_serve(bench, server);
    for (uint32_t year = 0; year < bench->years; year++) {
        struct parcels *parcels = bench_parcels(bench, cases, PER_MESSAGE);
        free(bench_measure_apart(bench, server, parcels, WINDOW, NULL));
        parcels_free(&parcels);
    }
}

void profile_restart(struct bench *bench)
{
    struct server server;
    bench->per_message = 1;
    bench_expect(bench, (uint64_t)bench_runs(bench, RUNS) * TRIAL_CASES);
    for (uint32_t i = 0; i < bench_runs(bench, RUNS); i++)
        start_afresh(bench);
    fill(bench, &server);
    for (uint32_t i = 0; i < bench_runs(bench, RUNS); i++)
        start_killed(bench, &server, bench->years);
    server_end(&server, SIGTERM);
    server_fini(&server);
}
