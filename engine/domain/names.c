#include "domain/names.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAMES_MAX = 6, STEPS_MAX = 8, CHARACTER_BYTES = 3 };

/* One name of one place. */
struct bearer {
    struct span name;
    uint32_t place;
    bool full;
};

struct names {
    struct bearer *bearers; /* by name, then by place */
    uint32_t count;
};

/* How full names end, and what people write instead; the first ending that fits counts. */
static const struct {
    enum tier tier;
    const char *ending;
    const char *instead[3];
} endings[] = {
    {TIER_CITY, "市", {""}},
    {TIER_COUNTY, "自治县", {"", "县"}},
    {TIER_COUNTY, "县", {""}},
    {TIER_COUNTY, "区", {""}},
    {TIER_COUNTY, "市", {""}},
    {TIER_TOWNSHIP, "街道", {"", "街道办", "街道办事处"}},
    {TIER_TOWNSHIP, "镇", {""}},
    {TIER_TOWNSHIP, "乡", {""}},
    {TIER_VILLAGE, "社区居民委员会", {"", "社区", "社区居委会"}},
    {TIER_VILLAGE, "社区居委会", {"", "社区", "社区居民委员会"}},
    {TIER_VILLAGE, "居民委员会", {"", "居委会"}},
    {TIER_VILLAGE, "居委会", {"", "居民委员会"}},
    {TIER_VILLAGE, "村民委员会", {"", "村", "村委会"}},
    {TIER_VILLAGE, "村委会", {"", "村", "村民委员会"}},
    {TIER_VILLAGE, "社区", {"", "社区居委会", "社区居民委员会"}},
    {TIER_VILLAGE, "村", {"", "村委会", "村民委员会"}},
};

/* -- building ---------------------------------------------------------------------------------- */

/* The names of one place, the full one first. */
struct list {
    struct span names[NAMES_MAX];
    uint32_t count;
};

static void add(struct list *list, struct span name)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (span_equal(list->names[i], name))
            return;
    CHECK(list->count < NAMES_MAX);
    list->names[list->count++] = name;
}

static bool ends_with(struct span text, struct span ending)
{
    return text.bytes > ending.bytes &&
           span_equal(span_of(text.data + text.bytes - ending.bytes, ending.bytes), ending);
}

static struct span join(struct span front, const char *back, struct arena *arena)
{
    char text[PLACE_PATH_BYTES_MAX];
    int bytes = snprintf(text, sizeof text, "%.*s%s", SPAN_ARG(front), back);
    CHECK(bytes > 0 && (size_t)bytes < sizeof text);
    return span_of(arena_copy(arena, span_of(text, (size_t)bytes)), (size_t)bytes);
}

static void add_variants(struct list *list, enum tier tier, struct arena *arena)
{
    struct span name = list->names[0];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct span ending = span_of_string(endings[i].ending);
        if (endings[i].tier != tier || !ends_with(name, ending))
            continue;
        struct span stem = span_of(name.data, name.bytes - ending.bytes);
        for (size_t j = 0; j < 3 && endings[i].instead[j] != NULL; j++) {
            struct span made = join(stem, endings[i].instead[j], arena);
            if (made.bytes > CHARACTER_BYTES) /* nobody says one character alone */
                add(list, made);
        }
        return;
    }
}

static struct list list_names(const struct places *places, struct place place, struct arena *arena)
{
    struct list list = {.count = 0};
    add(&list, place_name(places, place));
    if (place_short_name(places, place).bytes > 0)
        add(&list, place_short_name(places, place));
    add_variants(&list, place_tier(places, place), arena);
    return list;
}

static int by_name(const void *a, const void *b)
{
    const struct bearer *left = a;
    const struct bearer *right = b;
    int order = span_compare(left->name, right->name);
    return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

const struct names *names_build(const struct places *places, struct arena *arena)
{
    struct names *names = arena_take(arena, sizeof *names);
    uint32_t room = places_count(places) * NAMES_MAX;
    names->bearers = arena_take(arena, room * sizeof *names->bearers);
    for (uint32_t i = 0; i < places_count(places); i++) {
        struct list list = list_names(places, (struct place){i}, arena);
        for (uint32_t j = 0; j < list.count; j++)
            names->bearers[names->count++] = (struct bearer){list.names[j], i, j == 0};
    }
    qsort(names->bearers, names->count, sizeof *names->bearers, by_name);
    return names;
}

/* -- resolving --------------------------------------------------------------------------------- */

/* Where (name, place) stands, or would stand. */
static uint32_t lower_bound(const struct names *names, struct span name, uint32_t place)
{
    struct bearer wanted = {.name = name, .place = place};
    uint32_t low = 0;
    uint32_t high = names->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (by_name(&names->bearers[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool bears(const struct names *names, struct place place, struct span name)
{
    uint32_t at = lower_bound(names, name, place.index);
    return at < names->count && names->bearers[at].place == place.index &&
           span_equal(names->bearers[at].name, name);
}

/* Do the steps above the last name ancestors of the place, in order, perhaps with gaps? */
static bool stands_below(const struct names *names, const struct places *places, struct place place,
                         const struct span *steps, uint32_t steps_count)
{
    while (steps_count > 0) {
        place = place_parent(places, place);
        if (place_is_none(place))
            return false;
        if (bears(names, place, steps[steps_count - 1]))
            steps_count--;
    }
    return true;
}

/* 0 where there are none, or more than any path has. */
static uint32_t split_path(struct span path, struct span *steps)
{
    uint32_t count = 0;
    size_t start = 0;
    for (size_t i = 0; i <= path.bytes; i++) {
        if (i < path.bytes && path.data[i] != '/')
            continue;
        struct span step = sheet_trim(span_of(path.data + start, i - start));
        if (step.bytes > 0 && count == STEPS_MAX)
            return 0;
        if (step.bytes > 0)
            steps[count++] = step;
        start = i + 1;
    }
    return count;
}

static void collect(const struct names *names, const struct places *places,
                    const struct span *steps, uint32_t count, bool full_only,
                    struct place_candidates *candidates)
{
    struct span last = steps[count - 1];
    for (uint32_t i = lower_bound(names, last, 0);
         i < names->count && span_equal(names->bearers[i].name, last); i++) {
        struct place place = {names->bearers[i].place};
        if ((full_only && !names->bearers[i].full) ||
            !stands_below(names, places, place, steps, count - 1))
            continue;
        if (candidates->count < PLACE_CANDIDATES_MAX)
            candidates->places[candidates->count] = place;
        candidates->count++;
    }
}

enum resolution names_resolve(const struct names *names, const struct places *places,
                              struct span path, struct place_candidates *candidates)
{
    struct span steps[STEPS_MAX];
    uint32_t count = split_path(path, steps);
    candidates->count = 0;
    if (count == 0)
        return RESOLVED_NOTHING;
    collect(names, places, steps, count, true, candidates);
    if (candidates->count == 0)
        collect(names, places, steps, count, false, candidates);
    return candidates->count == 0   ? RESOLVED_NOTHING
           : candidates->count == 1 ? RESOLVED
                                    : RESOLVED_AMBIGUOUS;
}
