/* growth - what years in the store do to throughput, latency and start.
 *
 * With 0, 1, ... ten years (--years) in the store, at each of these
 *
 *      start     an engine is started on what is there
 *      latency   3,000 cases, 1,000 a second, open loop, one a message
 *      flood     one more year, 64 a message, closed loop, which also fills the store
 *
 * A point's latencies are those of the paced cases, and all else that it tells is of the flood. All
 * cases must arrive once; those of the first point are judged by the slow matcher, too.
 */
#include "bench/bench.h"
#include "bench/schedule.h"

#include "base/check.h"

#include <stdlib.h>

enum { YEARS = 10, PACED_CASES = 3000, PACED_HZ = 1000, PER_MESSAGE = 64, WINDOW = 16384 };

/* Latencies of the one, all else of the other. */
static void take_latencies(struct run *run, const struct run *paced)
{
    for (uint32_t i = FIGURE_ACK_P50; i <= FIGURE_LATE_MAX; i++)
        run->figures.values[i] = paced->figures.values[i];
    run->ack = paced->ack;
    proof_add(&run->proof, &paced->proof);
}

static uint32_t paced_cases(const struct bench *bench)
{
    uint32_t most = bench_cases(bench, PACED_CASES);
    return most < PACED_CASES ? most : PACED_CASES;
}

static struct run *pace(struct bench *bench, const struct server *server)
{
    struct parcels *parcels = bench_parcels(bench, paced_cases(bench), 1);
    int64_t *due_ns = calloc(parcels->count, sizeof *due_ns);
    CHECK(due_ns != NULL);
    schedule_rate(due_ns, parcels->count, PACED_HZ, bench->options->seed);
    struct run *run = bench_measure_apart(bench, server, parcels, 0, due_ns);
    free(due_ns);
    parcels_free(&parcels);
    return run;
}

static void live_year(struct bench *bench, const struct server *server, uint32_t year, bool is_last)
{
    uint32_t cases = bench_cases(bench, BENCH_YEAR);
    struct run *paced = pace(bench, server);
    struct parcels *parcels = bench_parcels(bench, cases, bench_per_message(bench, PER_MESSAGE));
    struct run *run = bench_measure(bench, server, parcels, WINDOW, NULL, "years", year);
    take_latencies(run, paced);
    if (is_last)
        bench_floors(bench, parcels, 0);
    free(paced);
    parcels_free(&parcels);
}

void profile_growth(struct bench *bench)
{
    struct server server;
    bench->years = bench->options->years > 0 ? bench->options->years : YEARS;
    bench_expect(bench, paced_cases(bench) + bench_cases(bench, BENCH_YEAR));
    bench_serve(bench, &server);
    for (uint32_t year = 0; year <= bench->years; year++) {
        if (year > 0)
            server_start(&server);
        live_year(bench, &server, year, year == bench->years);
        server_end(&server, SIGTERM);
    }
    server_fini(&server);
}
