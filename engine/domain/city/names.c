#include "domain/city/names.h"

#include "base/check.h"
#include "domain/text/fold.h"

#include <stdio.h>
#include <stdlib.h>

enum { INSTEAD_MAX = 5, NAMES_MAX = INSTEAD_MAX + 2, CHARACTER_BYTES = 3 };

struct names {
    struct name *list;
    uint32_t count;
    size_t longest;
};

/* How full names end, and what people write instead; the first ending that fits counts. */
static const struct {
    enum tier tier;
    const char *ending;
    const char *instead[INSTEAD_MAX];
} endings[] = {
    {TIER_CITY, "省", {""}},
    {TIER_CITY, "市", {""}},
    {TIER_CITY, "藏族羌族自治州", {"", "州"}},
    {TIER_CITY, "藏族自治州", {"", "州"}},
    {TIER_CITY, "彝族自治州", {"", "州"}},
    {TIER_CITY, "自治州", {"", "州"}},
    {TIER_COUNTY, "彝族自治县", {"", "县"}},
    {TIER_COUNTY, "藏族自治县", {"", "县"}},
    {TIER_COUNTY, "羌族自治县", {"", "县"}},
    {TIER_COUNTY, "自治县", {"", "县"}},
    {TIER_COUNTY, "县", {""}},
    {TIER_COUNTY, "区", {""}},
    {TIER_COUNTY, "市", {""}},
    {TIER_TOWNSHIP, "街道", {"", "街道办", "街道办事处", "街办"}},
    {TIER_TOWNSHIP, "镇", {""}},
    {TIER_TOWNSHIP, "彝族乡", {"", "乡"}},
    {TIER_TOWNSHIP, "乡", {""}},
    {TIER_VILLAGE, "社区居民委员会", {"", "社区", "社区居委会", "居委会"}},
    {TIER_VILLAGE, "社区居委会", {"", "社区", "社区居民委员会", "居委会"}},
    {TIER_VILLAGE, "居民委员会", {"", "居委会"}},
    {TIER_VILLAGE, "居委会", {"", "居民委员会"}},
    {TIER_VILLAGE, "村村民委员会", {"", "村", "村委会", "村民委员会", "村村委会"}},
    {TIER_VILLAGE, "村村委会", {"", "村", "村委会", "村民委员会", "村村民委员会"}},
    {TIER_VILLAGE, "村民委员会", {"", "村", "村委会", "村村委会", "村村民委员会"}},
    {TIER_VILLAGE, "村委会", {"", "村", "村民委员会", "村村委会", "村村民委员会"}},
    {TIER_VILLAGE, "社区", {"", "社区居委会", "社区居民委员会", "居委会"}},
    {TIER_VILLAGE, "村", {"", "村委会", "村民委员会", "村村委会", "村村民委员会"}},
};

/* -- building ---------------------------------------------------------------------------------- */

/* The names of one place, the full one first. */
struct list {
    struct name names[NAMES_MAX];
    uint32_t count;
};

static void add(struct list *list, struct span text, enum name_form form)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (span_equal(list->names[i].text, text))
            return;
    CHECK(list->count < NAMES_MAX);
    list->names[list->count++] = (struct name){.text = text, .form = form};
}

static struct span folded(struct span text, struct arena *arena)
{
    uint8_t *copy = arena_take(arena, text.bytes + 1);
    return span_of(copy, fold(text, copy));
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
    struct span name = list->names[0].text;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct span ending = span_of_string(endings[i].ending);
        if (endings[i].tier != tier || name.bytes <= ending.bytes || !span_ends_with(name, ending))
            continue;
        struct span stem = span_of(name.data, name.bytes - ending.bytes);
        for (size_t j = 0; j < INSTEAD_MAX && endings[i].instead[j] != NULL; j++) {
            const char *instead = endings[i].instead[j];
            struct span made = join(stem, instead, arena);
            if (made.bytes > CHARACTER_BYTES) /* nobody says one character alone */
                add(list, made, instead[0] == '\0' ? NAME_BARE : NAME_SAID);
        }
        return;
    }
}

/* The short name comes last: where it is one of those that people make, its form is known. */
static struct list list_names(const struct places *places, struct place place, struct arena *arena)
{
    struct list list = {.count = 0};
    struct span short_name = place_short_name(places, place);
    add(&list, folded(place_name(places, place), arena), NAME_FULL);
    add_variants(&list, place_tier(places, place), arena);
    if (short_name.bytes > 0)
        add(&list, folded(short_name, arena), NAME_BARE);
    return list;
}

static int by_text(const void *a, const void *b)
{
    const struct name *left = a;
    const struct name *right = b;
    int order = span_compare(left->text, right->text);
    return order != 0 ? order
                      : (left->place.index > right->place.index) -
                            (left->place.index < right->place.index);
}

const struct names *names_build(const struct places *places, struct arena *arena)
{
    struct names *names = arena_take(arena, sizeof *names);
    size_t room = (size_t)places_count(places) * NAMES_MAX;
    names->list = arena_take(arena, room * sizeof *names->list);
    for (uint32_t i = 0; i < places_count(places); i++) {
        struct list list = list_names(places, (struct place){i}, arena);
        for (uint32_t j = 0; j < list.count; j++) {
            struct name *name = &names->list[names->count++];
            *name = list.names[j];
            name->place.index = i;
            if (name->text.bytes > names->longest)
                names->longest = name->text.bytes;
        }
    }
    qsort(names->list, names->count, sizeof *names->list, by_text);
    return names;
}

/* -- looking ----------------------------------------------------------------------------------- */

uint32_t names_count(const struct names *names)
{
    return names->count;
}

const struct name *names_at(const struct names *names, uint32_t index)
{
    CHECK(index < names->count);
    return &names->list[index];
}

struct name_range name_range_find(const void *list, uint32_t count, name_text_at *text_at,
                                  struct span text)
{
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (span_compare(text_at(list, middle), text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    struct name_range range = {low, low};
    while (range.limit < count && span_equal(text_at(list, range.limit), text))
        range.limit++;
    return range;
}

static struct span text_at(const void *list, uint32_t index)
{
    return ((const struct name *)list)[index].text;
}

struct name_range names_find(const struct names *names, struct span text)
{
    return name_range_find(names->list, names->count, text_at, text);
}

size_t names_longest(const struct names *names)
{
    return names->longest;
}
