#include "bench/redis/tally.h"

#include "base/check.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Each with its place in the JSON. */
static const struct {
    const char *group, *name;
} figures[] = {
    {NULL, "seconds"},
    {NULL, "cases_per_second"},
    {"ack_us", "p50"},
    {"ack_us", "p99"},
    {"ack_us", "p999"},
    {"ack_us", "max"},
    {"delivered_us", "p50"},
    {"delivered_us", "p99"},
    {"delivered_us", "p999"},
    {"delivered_us", "max"},
    {"cpu_seconds", "server"},
    {"cpu_seconds", "harness"},
    {NULL, "resident_mib"},
    {NULL, "stored_bytes_per_case"},
    {NULL, "written_bytes_per_case"},
};

_Static_assert(COUNT(figures) == TALLY_FIGURES, "a name for each");

static double us(const struct histogram *histogram, double share)
{
    return (double)histogram_quantile(histogram, share) / 1e3;
}

struct tally tally_of(const struct push *push, uint32_t cases, const struct process_usage *used,
                      double harness_seconds)
{
    return (struct tally){{
        push->seconds,
        cases / push->seconds,
        us(&push->ack, 0.5),
        us(&push->ack, 0.99),
        us(&push->ack, 0.999),
        (double)push->ack.max / 1e3,
        us(&push->received, 0.5),
        us(&push->received, 0.99),
        us(&push->received, 0.999),
        (double)push->received.max / 1e3,
        used->cpu_seconds,
        harness_seconds,
        (double)used->resident_bytes / (1024 * 1024),
        (double)used->log_bytes / cases,
        (double)used->written_bytes / cases,
    }};
}

static json_t *figures_json(const struct tally *tally)
{
    json_t *object = json_object();
    for (size_t i = 0; i < TALLY_FIGURES; i++) {
        json_t *in = object;
        if (figures[i].group != NULL) {
            in = json_object_get(object, figures[i].group);
            if (in == NULL)
                json_object_set_new(object, figures[i].group, in = json_object());
        }
        json_object_set_new(in, figures[i].name, json_real(tally->figures[i]));
    }
    return object;
}

/* Medians above, and the runs below them, as in every result. */
json_t *tally_json(const struct setting *setting, uint32_t cases, const struct tally *runs,
                   uint32_t runs_count)
{
    double values[TALLY_RUNS_MAX];
    struct tally medians;
    CHECK(runs_count > 0 && runs_count <= TALLY_RUNS_MAX);
    json_t *list = json_array();
    for (size_t i = 0; i < TALLY_FIGURES; i++) {
        for (uint32_t run = 0; run < runs_count; run++)
            values[run] = runs[run].figures[i];
        medians.figures[i] = ranks_median(values, runs_count);
    }
    for (uint32_t run = 0; run < runs_count; run++)
        json_array_append_new(list, figures_json(&runs[run]));
    json_t *entry = figures_json(&medians);
    json_object_set_new(entry, "profile", json_string(setting->profile));
    json_object_set_new(entry, "cases", json_integer(cases));
    json_object_set_new(entry, "per_message", json_integer(setting->per_write));
    json_object_set_new(entry, "durability", json_string(setting->durability));
    if (setting->rate > 0)
        json_object_set_new(entry, "rate", json_integer(setting->rate));
    json_object_set_new(entry, "lost", json_integer(0));
    json_object_set_new(entry, "doubled", json_integer(0));
    json_object_set_new(entry, "runs", list);
    return entry;
}

static double number(const json_t *entry, const char *group, const char *name)
{
    const json_t *in = group == NULL ? entry : json_object_get(entry, group);
    return json_number_value(json_object_get(in, name));
}

/* Of the runs, where there are several. */
static void print_range(const json_t *entry, const char *name, int decimals)
{
    double low = 0, high = 0;
    size_t index;
    json_t *run;
    const json_t *runs = json_object_get(entry, "runs");
    json_array_foreach(runs, index, run)
    {
        double value = number(run, NULL, name);
        low = index == 0 || value < low ? value : low;
        high = index == 0 || value > high ? value : high;
    }
    if (json_array_size(runs) > 1)
        printf("  (%.*f to %.*f)", decimals, low, decimals, high);
    putchar('\n');
}

static void print_waits(const json_t *entry, const char *label, const char *group)
{
    printf("  %-24s %.0f us half of all, %.0f us 99 %%, %.0f us 99.9 %%, %.0f us at most\n", label,
           number(entry, group, "p50"), number(entry, group, "p99"), number(entry, group, "p999"),
           number(entry, group, "max"));
}

void tally_print(const json_t *entry)
{
    printf("\n%s: %s\n", json_string_value(json_object_get(entry, "profile")),
           json_string_value(json_object_get(entry, "durability")));
    printf("  %-24s %.0f cases, %zu runs: none lost, none doubled, none damaged\n", "proof",
           number(entry, NULL, "cases"), json_array_size(json_object_get(entry, "runs")));
    printf("  %-24s %.3f s", "first sent to last event", number(entry, NULL, "seconds"));
    print_range(entry, "seconds", 3);
    printf("  %-24s %.0f", "cases a second", number(entry, NULL, "cases_per_second"));
    print_range(entry, "cases_per_second", 0);
    print_waits(entry, "acknowledged within", "ack_us");
    print_waits(entry, "delivered within", "delivered_us");
    printf("  %-24s server %.2f, harness %.2f\n", "CPU seconds",
           number(entry, "cpu_seconds", "server"), number(entry, "cpu_seconds", "harness"));
    printf("  %-24s %.0f bytes in the log, %.0f written to the disk\n", "a case",
           number(entry, NULL, "stored_bytes_per_case"),
           number(entry, NULL, "written_bytes_per_case"));
    printf("  %-24s %.0f MiB\n", "resident", number(entry, NULL, "resident_mib"));
}
