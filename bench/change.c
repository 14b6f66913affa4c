#include "bench/change.h"

#include "bench/document.h"

#include <stdbool.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { FLOORS_MAX = 3 };

/* By how a figure's name begins: the floors that may explain it. Unpacking stands for what the
 * processor can do. */
static const struct {
    const char *start;
    const char *floors[FLOORS_MAX];
} explained[] = {
    {"seconds", {"unpack_ns", "write_mb_s"}},
    {"cases_per_second", {"unpack_ns", "write_mb_s"}},
    {"acknowledged_seconds", {"unpack_ns", "write_mb_s"}},
    {"ack_us.p50", {"sync_us_p50", "zmq_round_trip_us_p50", "unpack_ns"}},
    {"ack_us.", {"sync_us_p99", "zmq_round_trip_us_p50", "unpack_ns"}},
    {"delivered_us.p50", {"sync_us_p50", "zmq_round_trip_us_p50", "unpack_ns"}},
    {"delivered_us.", {"sync_us_p99", "zmq_round_trip_us_p50", "unpack_ns"}},
    {"cpu_seconds.", {"unpack_ns"}},
    {"start_seconds", {"unpack_ns"}},
};

/* A single flush or round trip explains nothing of a wait that is so many times longer: there one
 * waited for one's turn. */
enum { SHARE_LEAST = 10 };

/* Of bandwidth more is cheaper; the other floors are times. */
static bool is_speed(const char *floor)
{
    return strcmp(floor, "write_mb_s") == 0;
}

/* What it costs in B by what it cost in A: 1.1 is a tenth slower. 1 where either lacks it. */
static double cost_of(const char *floor, const json_t *a_floors, const json_t *b_floors)
{
    double a = document_number(a_floors, floor, 0);
    double b = document_number(b_floors, floor, 0);
    if (a <= 0 || b <= 0)
        return 1;
    return is_speed(floor) ? a / b : b / a;
}

static const char *const *floors_of(const char *name)
{
    static const char *const none[FLOORS_MAX] = {NULL};
    for (size_t i = 0; i < COUNT(explained); i++)
        if (strncmp(name, explained[i].start, strlen(explained[i].start)) == 0)
            return explained[i].floors;
    return none;
}

/* Does nothing remain of the change, or its contrary, with the floor's share of it taken off? */
static bool explains(double cost, const struct samples *a, const struct samples *b)
{
    double factor = a->aim == AIM_HIGH ? cost : 1 / cost;
    struct samples scaled = *b;
    double before = ranks_median(a->values, a->count);
    double change = ranks_median(b->values, b->count) - before;
    for (size_t i = 0; i < scaled.count; i++)
        scaled.values[i] *= factor;
    double left = ranks_median(scaled.values, scaled.count) - before;
    if ((change > 0) != (factor < 1))
        return false; /* it moved the other way */
    return (left > 0) != (change > 0) ||
           ranks_chance(a->values, a->count, scaled.values, scaled.count) >= CHANGE_CHANCE;
}

/* Of two that are both microseconds. */
static bool is_too_small(const char *floor, const struct samples *a, const json_t *a_floors)
{
    return strstr(floor, "_us_") != NULL && strstr(a->name, "_us.") != NULL &&
           document_number(a_floors, floor, 0) * SHARE_LEAST < ranks_median(a->values, a->count);
}

static const char *find_floor(const struct samples *a, const struct samples *b,
                              const json_t *a_floors, const json_t *b_floors)
{
    const char *const *floors = floors_of(a->name);
    for (size_t i = 0; i < FLOORS_MAX && floors[i] != NULL; i++) {
        double cost = cost_of(floors[i], a_floors, b_floors);
        if (cost != 1 && !is_too_small(floors[i], a, a_floors) && explains(cost, a, b))
            return floors[i];
    }
    return NULL;
}

static enum change_kind way_of(const struct samples *a, const struct samples *b)
{
    bool grew = ranks_median(b->values, b->count) > ranks_median(a->values, a->count);
    if (a->aim == AIM_NONE)
        return CHANGE_CHANGED;
    return grew == (a->aim == AIM_HIGH) ? CHANGE_BETTER : CHANGE_WORSE;
}

static bool is_same(const struct samples *a, const struct samples *b)
{
    for (size_t i = 0; i < a->count; i++)
        if (a->values[i] != a->values[0])
            return false;
    for (size_t i = 0; i < b->count; i++)
        if (b->values[i] != a->values[0])
            return false;
    return true;
}

struct change change_of(const struct samples *a, const struct samples *b, const json_t *a_floors,
                        const json_t *b_floors)
{
    struct change verdict = {.kind = CHANGE_FEW,
                             .chance = ranks_chance(a->values, a->count, b->values, b->count)};
    if (is_same(a, b))
        verdict.kind = CHANGE_SAME;
    else if (ranks_chance_least(a->count, b->count) >= CHANGE_CHANCE)
        verdict.kind = CHANGE_FEW;
    else if (verdict.chance >= CHANGE_CHANCE)
        verdict.kind = CHANGE_NOISE;
    else if ((verdict.floor = find_floor(a, b, a_floors, b_floors)) != NULL)
        verdict.kind = CHANGE_MACHINE;
    else
        verdict.kind = way_of(a, b);
    return verdict;
}

const char *change_name(enum change_kind kind)
{
    static const char *const names[CHANGE_KINDS] = {
        [CHANGE_BETTER] = "better",           [CHANGE_WORSE] = "worse",
        [CHANGE_CHANGED] = "changed",         [CHANGE_SAME] = "the same",
        [CHANGE_NOISE] = "within the noise",  [CHANGE_MACHINE] = "the machine's",
        [CHANGE_FEW] = "too few runs to say",
    };
    return names[kind];
}
