#include "bench/samples.h"

#include "bench/document.h"

#include <stdbool.h>
#include <string.h>

/* Members of a result that are no figures. */
static const char *const others[] = {
    "cases", "rate",   "years", "lost",   "doubled", "misdirected",  "judged",   "damaged",
    "setup", "floors", "runs",  "ratios", "spread",  "histogram_us", "timeline", "series",
};

/* By how a name begins; what is told of none of them is better low. */
static const struct {
    const char *start;
    enum aim aim;
} aims[] = {
    {"cases_per_second", AIM_HIGH}, {"highest_", AIM_HIGH},
    {"commits", AIM_NONE},          {"cpu_seconds.harness", AIM_NONE},
    {"sent_late_us.", AIM_NONE},    {"wakeups.", AIM_NONE},
    {"events", AIM_NONE},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static enum aim aim_of(const char *name)
{
    for (size_t i = 0; i < COUNT(aims); i++)
        if (strncmp(name, aims[i].start, strlen(aims[i].start)) == 0)
            return aims[i].aim;
    return AIM_LOW;
}

static bool is_figure(const char *name)
{
    for (size_t i = 0; i < COUNT(others); i++)
        if (strcmp(name, others[i]) == 0)
            return false;
    return true;
}

static size_t collect_values(const json_t *entry, const char *name, double values[RANKS_MAX])
{
    const json_t *runs = json_object_get(entry, "runs");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(runs) && count < RANKS_MAX; i++) {
        const json_t *value = document_at(json_array_get(runs, i), name);
        if (json_is_number(value))
            values[count++] = json_number_value(value);
    }
    if (count == 0)
        values[count++] = document_number(entry, name, 0);
    return count;
}

static size_t add(const json_t *entry, const char *within, const char *key, struct samples *samples)
{
    int length = snprintf(samples->name, sizeof samples->name, "%s%s%s", within,
                          within[0] == '\0' ? "" : ".", key);
    if (length >= SAMPLES_NAME_BYTES)
        return 0; /* nothing that this program wrote */
    samples->aim = aim_of(samples->name);
    samples->count = collect_values(entry, samples->name, samples->values);
    return 1;
}

size_t samples_collect(const json_t *entry, struct samples figures[SAMPLES_MAX])
{
    size_t count = 0;
    const char *key, *inner;
    json_t *member, *value;
    json_object_foreach((json_t *)entry, key, member)
    {
        if (!is_figure(key))
            continue;
        if (json_is_number(member) && count < SAMPLES_MAX)
            count += add(entry, "", key, &figures[count]);
        json_object_foreach(member, inner, value)
        {
            if (json_is_number(value) && count < SAMPLES_MAX)
                count += add(entry, key, inner, &figures[count]);
        }
    }
    return count;
}

const struct samples *samples_find(const struct samples *figures, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(figures[i].name, name) == 0)
            return &figures[i];
    return NULL;
}
