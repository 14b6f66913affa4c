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
#include "bench/fail.h"
#include "bench/load.h"
#include "bench/schedule.h"

#include "base/check.h"

#include <inttypes.h>
#include <stdlib.h>

enum { RUNS = 5, TRIAL_CASES = 1000, TRIAL_HZ = 1000, PER_MESSAGE = 64, WINDOW = 16384 };

static uint64_t events_of(const struct server *server)
{
    Lianxin__V1__Reply *reply = server_status(server);
    uint64_t events = reply->status->events;
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return events;
}

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

/* Lets go of the engine while it has its hands full. */
static void kill_under_load(const struct server *server, const struct parcels *parcels,
                            uint32_t enough, uint64_t *accepted)
{
    struct load load;
    load_init(&load, parcels, WINDOW, NULL);
    load.enough = enough;
    load_run(&load, server->context, server->front);
    *accepted += load.accepted;
    load_free(&load);
}

static void start_killed(struct bench *bench, struct server *server, double years)
{
    struct parcels *parcels = some_more(bench);
    uint64_t accepted = events_of(server);
    kill_under_load(server, parcels, parcels->count / 2, &accepted);
    server_end(server, SIGKILL);
    server_start(server);
    uint64_t events = events_of(server);
    if (events < accepted)
        fail("%" PRIu64 " cases were accepted before the kill, and the store has %" PRIu64,
             accepted, events);
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
