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

void tally_print(const json_t *entry)
{
    double low = 0, high = 0;
    size_t index;
    json_t *run;
    json_array_foreach(json_object_get(entry, "runs"), index, run)
    {
        double seconds = number(run, NULL, "seconds");
        low = index == 0 || seconds < low ? seconds : low;
        high = seconds > high ? seconds : high;
    }
    printf("%-20s %6.2f s (%.2f..%.2f) %9.0f cases/s   answered p50 %.0f us, p99 %.0f us   "
           "received p50 %.0f us, p99 %.0f us\n",
           json_string_value(json_object_get(entry, "profile")), number(entry, NULL, "seconds"),
           low, high, number(entry, NULL, "cases_per_second"), number(entry, "ack_us", "p50"),
           number(entry, "ack_us", "p99"), number(entry, "delivered_us", "p50"),
           number(entry, "delivered_us", "p99"));
    printf("%-20s CPU server %.2f s, harness %.2f s   %.0f MiB resident, %.0f bytes a case in the "
           "log; %s\n",
           "", number(entry, "cpu_seconds", "server"), number(entry, "cpu_seconds", "harness"),
           number(entry, NULL, "resident_mib"), number(entry, NULL, "stored_bytes_per_case"),
           json_string_value(json_object_get(entry, "durability")));
}
