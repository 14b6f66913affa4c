#include "bench/schedule.h"

#include <math.h>
#include <stdlib.h>

enum { HOUR_MS = 3600 * 1000, MS_NS = 1000000, STREAM = 0x5ced };

/* Above 0, at most 1. */
static double random_unit(struct random *random)
{
    const uint64_t parts = UINT64_C(1) << 40;
    return (double)(random_below(random, parts) + 1) / (double)parts;
}

void schedule_rate(int64_t *due_ns, uint32_t count, double hz, uint64_t seed)
{
    struct random random = random_begin(seed, STREAM);
    double at = 0;
    for (uint32_t i = 0; i < count; i++) {
        due_ns[i] = (int64_t)at;
        at += -log(random_unit(&random)) / hz * 1e9;
    }
}

static int64_t draw_ms(const struct schedule_day *day, struct random *random)
{
    if (random_unit(random) <= day->burst_share)
        return (int64_t)day->burst_hour * HOUR_MS + random_between(random, 0, HOUR_MS - 1);
    return arrivals_draw_ms(day->arrivals, day->weekday, random);
}

static int by_moment(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

void schedule_day(int64_t *due_ns, uint32_t count, const struct schedule_day *day, uint64_t seed)
{
    struct random random = random_begin(seed, STREAM);
    for (uint32_t i = 0; i < count; i++)
        due_ns[i] = (int64_t)((double)draw_ms(day, &random) * MS_NS / day->compress);
    qsort(due_ns, count, sizeof *due_ns, by_moment);
}
