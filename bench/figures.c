#include "bench/figures.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *group; /* NULL: in the object itself */
    const char *name;
} places[FIGURE_COUNT] = {
    [FIGURE_SECONDS] = {NULL, "seconds"},
    [FIGURE_CASES_PER_SECOND] = {NULL, "cases_per_second"},
    [FIGURE_ACKNOWLEDGED_SECONDS] = {NULL, "acknowledged_seconds"},
    [FIGURE_ACK_P50] = {"ack_us", "p50"},
    [FIGURE_ACK_P99] = {"ack_us", "p99"},
    [FIGURE_ACK_P999] = {"ack_us", "p999"},
    [FIGURE_ACK_MAX] = {"ack_us", "max"},
    [FIGURE_DELIVERED_P50] = {"delivered_us", "p50"},
    [FIGURE_DELIVERED_P99] = {"delivered_us", "p99"},
    [FIGURE_DELIVERED_P999] = {"delivered_us", "p999"},
    [FIGURE_DELIVERED_MAX] = {"delivered_us", "max"},
    [FIGURE_LATE_P99] = {"sent_late_us", "p99"},
    [FIGURE_LATE_MAX] = {"sent_late_us", "max"},
    [FIGURE_CPU_INGRESS] = {"cpu_seconds", "ingress"},
    [FIGURE_CPU_DECODE] = {"cpu_seconds", "decode"},
    [FIGURE_CPU_ROUTE] = {"cpu_seconds", "route"},
    [FIGURE_CPU_STORE] = {"cpu_seconds", "store"},
    [FIGURE_CPU_COMMIT] = {"cpu_seconds", "commit"},
    [FIGURE_CPU_PUBLISH] = {"cpu_seconds", "publish"},
    [FIGURE_CPU_READER] = {"cpu_seconds", "reader"},
    [FIGURE_CPU_ENGINE_OTHER] = {"cpu_seconds", "engine_other"},
    [FIGURE_CPU_HARNESS] = {"cpu_seconds", "harness"},
    [FIGURE_ENGINE_CORES] = {NULL, "engine_cores"},
    [FIGURE_RESIDENT] = {NULL, "resident_mib"},
    [FIGURE_ANONYMOUS] = {NULL, "resident_anonymous_mib"},
    [FIGURE_STORED_PER_CASE] = {NULL, "stored_bytes_per_case"},
    [FIGURE_WRITTEN_PER_CASE] = {NULL, "written_bytes_per_case"},
    [FIGURE_COMMITS] = {NULL, "commits"},
    [FIGURE_WAKEUPS] = {"wakeups", "all"},
    [FIGURE_STORE_BYTES] = {NULL, "store_bytes"},
    [FIGURE_EVENTS] = {NULL, "events"},
    [FIGURE_START_SECONDS] = {NULL, "start_seconds"},
};

/* Those whose spread is told. */
static const struct {
    enum figure figure;
    const char *name;
} told[] = {
    {FIGURE_SECONDS, "seconds"},      {FIGURE_CASES_PER_SECOND, "cases_per_second"},
    {FIGURE_ACK_P50, "ack_us_p50"},   {FIGURE_ACK_P99, "ack_us_p99"},
    {FIGURE_ACK_P999, "ack_us_p999"}, {FIGURE_START_SECONDS, "start_seconds"},
};

enum { REPEATS_MAX = 1000 };

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

struct spread figures_spread(const struct figures *const *repeats, uint32_t count,
                             enum figure figure)
{
    double sorted[REPEATS_MAX] = {0};
    CHECK(count > 0 && count <= REPEATS_MAX);
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = repeats[i]->values[figure];
    qsort(sorted, count, sizeof *sorted, by_size);
    double below = sorted[(count - 1) / 2];
    double above = sorted[count / 2];
    return (struct spread){(below + above) / 2, sorted[0], sorted[count - 1]};
}

struct figures figures_median(const struct figures *const *repeats, uint32_t count)
{
    struct figures median;
    for (uint32_t i = 0; i < FIGURE_COUNT; i++)
        median.values[i] = figures_spread(repeats, count, (enum figure)i).median;
    return median;
}

json_t *figure_json(double value)
{
    char text[64];
    if (value == floor(value) && fabs(value) < 1e15)
        return json_integer((json_int_t)value);
    snprintf(text, sizeof text, "%.6g", value);
    return json_real(strtod(text, NULL));
}

static json_t *group_of(json_t *object, const char *name)
{
    json_t *group = json_object_get(object, name);
    if (group == NULL) {
        group = json_object();
        json_object_set_new(object, name, group);
    }
    return group;
}

void figures_into_json(const struct figures *figures, json_t *object)
{
    for (uint32_t i = 0; i < FIGURE_COUNT; i++) {
        json_t *in = places[i].group == NULL ? object : group_of(object, places[i].group);
        json_object_set_new(in, places[i].name, figure_json(figures->values[i]));
    }
}

json_t *figures_spread_json(const struct figures *const *repeats, uint32_t count)
{
    json_t *all = json_object();
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        struct spread spread = figures_spread(repeats, count, told[i].figure);
        json_object_set_new(all, told[i].name,
                            json_pack("{s:o, s:o, s:o}", "median", figure_json(spread.median),
                                      "min", figure_json(spread.min), "max",
                                      figure_json(spread.max)));
    }
    return all;
}
