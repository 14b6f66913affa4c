/* year, flood, floors - as many cases as a city has in a year, as fast as the engine takes them.
 *
 * Closed loop: 16,384 cases are under way at a time, 64 a message unless said, which is how an
 * adapter hands over what has gathered. flood lets four times as many be under way: the engine's
 * batches grow with what waits, and so does what each case waits.
 *
 * Each repeat has a fresh store and an engine of its own, and all send the same messages. floors
 * has no engine: what the machine alone takes for these messages, as if 1,024 cases made a commit.
 */
#include "bench/bench.h"
#include "bench/disk.h"

enum { WINDOW = 16384, FLOOD_WINDOW = 65536, PER_MESSAGE = 64, RUNS = 3, GROUP = 1024 };

static void push(struct bench *bench, uint32_t window)
{
    uint32_t cases = bench_cases(bench, BENCH_YEAR);
    uint32_t runs = bench_runs(bench, RUNS);
    bench_expect(bench, cases);
    struct parcels *parcels = bench_parcels(bench, cases, bench_per_message(bench, PER_MESSAGE));
    for (uint32_t i = 0; i < runs; i++) {
        struct server server;
        bench_serve(bench, &server);
        bench_measure(bench, &server, parcels, window, NULL, NULL, 0);
        server_end(&server, SIGTERM);
        server_fini(&server);
    }
    bench_floors(bench, parcels, 0);
    parcels_free(&parcels);
}

void profile_year(struct bench *bench)
{
    push(bench, WINDOW);
}

void profile_flood(struct bench *bench)
{
    push(bench, FLOOD_WINDOW);
}

void profile_floors(struct bench *bench)
{
    uint32_t cases = bench_cases(bench, BENCH_YEAR);
    struct parcels *parcels = bench_parcels(bench, cases, bench_per_message(bench, PER_MESSAGE));
    disk_check(bench->options->directory);
    bench_floors_of(bench, parcels, cases / GROUP + 1, parcels->bytes, 0);
    parcels_free(&parcels);
}
