#include "base/check.h"
#include "base/clock.h"
#include "bench/floor_parts.h"
#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PACED_STEPS = 300 };

static const double paced_hz = 1000;
static const double part_seconds_max = 2;

static double seconds_since(int64_t start_ns)
{
    return (double)(clock_monotonic_ns(&clock_system) - start_ns) / 1e9;
}

double floor_run(uint64_t steps, floor_step *step, void *self)
{
    int64_t start_ns = clock_monotonic_ns(&clock_system);
    double seconds = 0;
    uint64_t taken = 0;
    while (taken < steps && seconds < part_seconds_max) {
        step(self, taken++);
        seconds = seconds_since(start_ns);
    }
    return taken == 0 ? 0 : seconds * (double)steps / (double)taken;
}

static void sleep_until(int64_t due_ns)
{
    struct timespec due = {.tv_sec = due_ns / 1000000000, .tv_nsec = due_ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
        continue;
}

struct paced_us floor_run_paced(double hz, floor_step *step, void *self)
{
    double figures[PACED_STEPS];
    uint32_t count = 0;
    int64_t start_ns = clock_monotonic_ns(&clock_system);
    double turn_ns = 1e9 / (hz > 0 ? hz : paced_hz);
    while (count < PACED_STEPS && (count == 0 || seconds_since(start_ns) < part_seconds_max)) {
        sleep_until(start_ns + (int64_t)(turn_ns * (count + 1)));
        int64_t step_ns = clock_monotonic_ns(&clock_system);
        step(self, count);
        figures[count++] = seconds_since(step_ns) * 1e6;
    }
    return (struct paced_us){.p50 = floor_quantile(figures, count, 0.5),
                             .p99 = floor_quantile(figures, count, 0.99)};
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

double floor_quantile(double *figures, uint32_t count, double quantile)
{
    CHECK(count > 0 && quantile >= 0 && quantile <= 1);
    qsort(figures, count, sizeof *figures, by_size);
    return figures[(uint32_t)(quantile * (count - 1) + 0.5)];
}

struct floor_share floor_share(uint64_t bytes, uint64_t steps)
{
    uint64_t least = bytes / STORE_GROUP_BYTES_MAX + 1;
    uint64_t count = steps > least ? steps : least;
    return (struct floor_share){.steps = count, .bytes = (size_t)(bytes / count) + 1};
}

/* splitmix64 */
uint8_t *floor_noise(size_t bytes)
{
    uint64_t state = bytes;
    uint8_t *noise = malloc(bytes);
    CHECK(noise != NULL);
    for (size_t i = 0; i < bytes; i++) {
        uint64_t value = state += 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        noise[i] = (uint8_t)(value >> 56);
    }
    return noise;
}

_Noreturn void floor_fail(const char *what, const char *why)
{
    fprintf(stderr, "lianxin: floors: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

void floor_must(bool good, const char *what)
{
    if (!good)
        floor_fail(what, strerror(errno));
}

void floor_path(const struct floors_plan *plan, const char *name, char path[FLOOR_PATH_BYTES])
{
    int bytes = snprintf(path, FLOOR_PATH_BYTES, "%s/%s", plan->directory, name);
    if (bytes >= FLOOR_PATH_BYTES)
        floor_fail(plan->directory, strerror(ENAMETOOLONG));
}

void floors_measure(const struct floors_plan *plan, struct floors *floors)
{
    CHECK(plan->messages_count > 0 && plan->cases > 0);
    *floors = (struct floors){0};
    floors_disk(plan, floors);
    floors_lmdb(plan, floors);
    floors_zmq(plan, floors);
    floors_pack(plan, floors);
    floors_ring(floors);
}
