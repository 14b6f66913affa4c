/* day - a day in numbers, each with the name and the label of what it counts. */
#include "wire/rare.h"

#include <stdlib.h>

/* A list of counts that grows in the arena, up to what was made room for. */
struct counts {
    Lianxin__V1__Count **list;
    size_t count;
};

static struct counts make_counts(struct arena *arena, size_t room)
{
    return (struct counts){.list = arena_take(arena, room * sizeof(Lianxin__V1__Count *))};
}

static void add(struct arena *arena, struct counts *counts, char *name, char *label,
                uint64_t number)
{
    Lianxin__V1__Count *count = arena_take(arena, sizeof *count);
    lianxin__v1__count__init(count);
    count->name = name;
    count->label = label;
    count->count = number;
    counts->list[counts->count++] = count;
}

/* Those of a closed list that were counted at all. */
static struct counts count_words(struct arena *arena, const struct word_list *words,
                                 const uint64_t *numbers)
{
    struct counts counts = make_counts(arena, words->count);
    for (uint32_t i = 1; i < words->count; i++)
        if (numbers[i] > 0)
            add(arena, &counts, arena_copy(arena, span_of_string(word_name(words, i))),
                arena_copy(arena, span_of_string(word_label(words, i))), numbers[i]);
    return counts;
}

static int by_bytes(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* How often each of the names stands in the list, which is sorted for that. */
static struct counts
count_names(struct arena *arena, const struct city *city, struct span *names, uint32_t names_count,
            char *(*label)(struct arena *arena, const struct city *city, struct span name))
{
    struct counts counts = make_counts(arena, names_count);
    uint32_t limit;
    if (names_count > 0)
        qsort(names, names_count, sizeof *names, by_bytes);
    for (uint32_t first = 0; first < names_count; first = limit) {
        limit = first + 1;
        while (limit < names_count && span_equal(names[limit], names[first]))
            limit++;
        add(arena, &counts, arena_copy(arena, names[first]), label(arena, city, names[first]),
            limit - first);
    }
    return counts;
}

static char *label_category(struct arena *arena, const struct city *city, struct span code)
{
    struct category category = city_category(city, code);
    bool known = category.index != CATEGORY_NONE.index;
    return arena_copy(arena, known ? category_name(city, category)
                                   : span_of_string("(no longer a category)"));
}

enum { LEVEL_BYTES = 2 /* of a category's code */ };

static void cut_to_first_level(struct span *codes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (codes[i].bytes > LEVEL_BYTES)
            codes[i].bytes = LEVEL_BYTES;
}

struct span wire_day_reply(struct arena *arena, uint64_t id, const struct policy *policy,
                           struct wire_day *day)
{
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    Lianxin__V1__DayReport report = LIANXIN__V1__DAY_REPORT__INIT;
    const struct city *city = policy->city;
    cut_to_first_level(day->categories, day->categories_count);
    struct counts channels = count_words(arena, &channel_words, day->channels);
    struct counts types = count_words(arena, &type_words, day->types);
    struct counts dispositions = count_words(arena, &disposition_words, day->dispositions);
    struct counts tiers = count_words(arena, &tier_words, day->tiers);
    struct counts acts = count_words(arena, &verb_words, day->acts);
    struct counts units = count_names(arena, city, day->units, day->units_count, rare_unit_name);
    struct counts categories =
        count_names(arena, city, day->categories, day->categories_count, label_category);
    report.cases = day->cases;
    report.channels = channels.list;
    report.n_channels = channels.count;
    report.types = types.list;
    report.n_types = types.count;
    report.dispositions = dispositions.list;
    report.n_dispositions = dispositions.count;
    report.tiers = tiers.list;
    report.n_tiers = tiers.count;
    report.units = units.list;
    report.n_units = units.count;
    report.categories = categories.list;
    report.n_categories = categories.count;
    report.acts = acts.list;
    report.n_acts = acts.count;
    report.doubtful = day->doubtful;
    report.open = day->open;
    report.late = day->late;
    report.provisional = day->provisional;
    report.next = day->next;
    reply.id = id;
    reply.body_case = LIANXIN__V1__REPLY__BODY_REPORT;
    reply.report = &report;
    return rare_pack(arena, &reply.base);
}
