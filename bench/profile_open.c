/* day, peak, latency - cases come when they come, and each should be answered at once.
 *
 *      day       2,000 cases over the hours of a Wednesday, as many as Leshan's hotline has
 *      peak      8,000, a quarter of them within one hour of the afternoon: a storm, a burst main
 *      latency   10, 1,000 and 10,000 a second, some seconds each: idle, busy, and far beyond
 *
 * Open loop, a case a message unless said. A day is pressed into 20 s (4,320 times as fast), so its
 * busiest minutes are as many cases a second as a city of ten million has in a bad hour.
 */
#include "bench/bench.h"
#include "bench/fail.h"
#include "bench/schedule.h"

#include "base/check.h"

#include <stdlib.h>

enum {
    DAY_CASES = 2000,
    PEAK_CASES = 8000,
    COMPRESS = 4320,
    WEDNESDAY = 3,
    BURST_HOUR = 16,
    LATENCY_SECONDS = 6,
    LATENCY_RUNS = 3,
};

static int64_t *moments(uint32_t count)
{
    int64_t *due_ns = calloc(count, sizeof *due_ns);
    CHECK(due_ns != NULL);
    return due_ns;
}

/* On a fresh store and engine. */
static void send_at(struct bench *bench, const struct parcels *parcels, const int64_t *due_ns,
                    const char *key, double value)
{
    struct server server;
    bench_serve(bench, &server);
    bench_measure(bench, &server, parcels, 0, due_ns, key, value);
    server_end(&server, SIGTERM);
    server_fini(&server);
}

/* -- day, peak --------------------------------------------------------------------------------- */

static struct arrivals load_arrivals(const char *city)
{
    struct arrivals arrivals;
    struct diag *diag = diag_create();
    struct arena *arena = arena_create();
    arrivals_load(city, arena, diag, &arrivals);
    diag_print(diag, stderr);
    if (diag_count(diag) > 0)
        fail("%s does not say when its people call", city);
    arena_destroy(&arena);
    diag_destroy(&diag);
    return arrivals;
}

static void live_day(struct bench *bench, uint32_t own_cases, double burst_share)
{
    struct arrivals arrivals = load_arrivals(bench->options->city);
    uint32_t cases = bench_cases(bench, own_cases);
    bench->compress = bench->options->compress > 0 ? bench->options->compress : COMPRESS;
    bench_expect(bench, cases);
    struct parcels *parcels = bench_parcels(bench, cases, bench_per_message(bench, 1));
    struct schedule_day day = {.arrivals = &arrivals,
                               .weekday = WEDNESDAY,
                               .burst_share = burst_share,
                               .burst_hour = BURST_HOUR,
                               .compress = bench->compress};
    int64_t *due_ns = moments(parcels->count);
    schedule_day(due_ns, parcels->count, &day, bench->options->seed);
    for (uint32_t i = 0; i < bench_runs(bench, 1); i++)
        send_at(bench, parcels, due_ns, NULL, 0);
    bench_floors(bench, parcels, 0);
    free(due_ns);
    parcels_free(&parcels);
}

void profile_day(struct bench *bench)
{
    live_day(bench, DAY_CASES, 0);
}

void profile_peak(struct bench *bench)
{
    live_day(bench, PEAK_CASES, 0.25);
}

/* -- latency ----------------------------------------------------------------------------------- */

static const double rates[] = {10, 1000, 10000};
enum { RATES = sizeof rates / sizeof rates[0], STANDARD_RATE = 1 /* that stands for all */ };

static uint32_t cases_at(const struct bench *bench, double rate)
{
    uint32_t cases = (uint32_t)(rate * LATENCY_SECONDS);
    uint32_t most = bench_cases(bench, cases);
    return cases < 1 ? 1 : cases < most ? cases : most;
}

static void pace(struct bench *bench, double rate, bool with_floors)
{
    uint32_t per_message = bench_per_message(bench, 1);
    struct parcels *parcels = bench_parcels(bench, cases_at(bench, rate), per_message);
    int64_t *due_ns = moments(parcels->count);
    schedule_rate(due_ns, parcels->count, rate / per_message, bench->options->seed);
    for (uint32_t i = 0; i < bench_runs(bench, LATENCY_RUNS); i++)
        send_at(bench, parcels, due_ns, "rate", rate);
    if (with_floors)
        bench_floors(bench, parcels, rate / per_message);
    free(due_ns);
    parcels_free(&parcels);
}

void profile_latency(struct bench *bench)
{
    if (bench->options->rate > 0) {
        bench_expect(bench, cases_at(bench, bench->options->rate));
        pace(bench, bench->options->rate, true);
        return;
    }
    uint64_t cases = 0;
    for (uint32_t i = 0; i < RATES; i++)
        cases += cases_at(bench, rates[i]);
    bench_expect(bench, cases);
    for (uint32_t i = 0; i < RATES; i++)
        pace(bench, rates[i], i == STANDARD_RATE);
    bench->chosen = STANDARD_RATE;
}
