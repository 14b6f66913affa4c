#include "tools/compare/groups.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { FIRST_ROOM = 64 };

/* -- samples ----------------------------------------------------------------------------------- */

static uint64_t rank_of(uint32_t serial)
{
    return XXH3_64bits(&serial, sizeof serial);
}

static void add_sample(struct samples *samples, uint32_t serial)
{
    uint64_t rank = rank_of(serial);
    if (samples->count == SAMPLES_MAX && rank >= rank_of(samples->serials[SAMPLES_MAX - 1]))
        return;
    uint32_t at = samples->count < SAMPLES_MAX ? samples->count++ : SAMPLES_MAX - 1;
    for (; at > 0 && rank_of(samples->serials[at - 1]) > rank; at--)
        samples->serials[at] = samples->serials[at - 1];
    samples->serials[at] = serial;
}

static void add_samples(struct samples *samples, const struct samples *more)
{
    for (uint32_t i = 0; i < more->count; i++)
        add_sample(samples, more->serials[i]);
}

/* -- groups ------------------------------------------------------------------------------------ */

/* Keys are compared byte by byte, so they must have no byte that is nobody's. */
_Static_assert(sizeof(struct change) ==
                   2 * sizeof(uint32_t) + SIDES * (sizeof(struct value) + sizeof(struct row)),
               "no padding");

static uint32_t *slot_of(const struct groups *groups, const struct change *key)
{
    uint32_t mask = 2 * groups->room - 1;
    uint32_t at = (uint32_t)XXH3_64bits(key, sizeof *key) & mask;
    while (groups->found[at] != 0 &&
           memcmp(&groups->list[groups->found[at] - 1].key, key, sizeof *key) != 0)
        at = (at + 1) & mask;
    return &groups->found[at];
}

static void grow(struct groups *groups)
{
    groups->room = groups->room == 0 ? FIRST_ROOM : 2 * groups->room;
    free(groups->found);
    groups->list = realloc(groups->list, groups->room * sizeof *groups->list);
    groups->found = calloc((size_t)2 * groups->room, sizeof *groups->found);
    CHECK(groups->list != NULL && groups->found != NULL);
    for (uint32_t i = 0; i < groups->count; i++)
        *slot_of(groups, &groups->list[i].key) = i + 1;
}

static struct group *group_of(struct groups *groups, const struct change *key)
{
    if (groups->count == groups->room)
        grow(groups);
    uint32_t *slot = slot_of(groups, key);
    if (*slot == 0) {
        groups->list[groups->count] = (struct group){.key = *key};
        *slot = ++groups->count;
    }
    return &groups->list[*slot - 1];
}

static void add(struct groups *groups, const struct change *key, uint64_t count,
                const struct samples *samples)
{
    struct group *group = group_of(groups, key);
    group->count += count;
    add_samples(&group->samples, samples);
}

void groups_add_one(struct groups *groups, const struct change *key, uint32_t serial)
{
    struct group *group = group_of(groups, key);
    group->count++;
    add_sample(&group->samples, serial);
}

void groups_add_all(struct groups *groups, const struct groups *more)
{
    for (uint32_t i = 0; i < more->count; i++)
        add(groups, &more->list[i].key, more->list[i].count, &more->list[i].samples);
}

void groups_free(struct groups *groups)
{
    free(groups->list);
    free(groups->found);
    *groups = (struct groups){.count = 0};
}

/* -- coarser ----------------------------------------------------------------------------------- */

uint32_t groups_tier(const struct pair *pair, uint32_t end)
{
    if (!change_end_is_unit(pair, end))
        return TIER_COUNT + (uint32_t)change_end_disposition(pair, end);
    return pair_unit_is_desk(pair, end) ? GROUPS_DESK : (uint32_t)pair_unit_tier(pair, end);
}

const char *groups_tier_name(uint32_t tier)
{
    if (tier == GROUPS_DESK)
        return "desk";
    return tier < TIER_COUNT ? word_name(&tier_words, tier)
                             : word_name(&disposition_words, tier - TIER_COUNT);
}

const char *groups_tier_label(uint32_t tier)
{
    if (tier == GROUPS_DESK)
        return "热线";
    return tier < TIER_COUNT ? word_label(&tier_words, tier)
                             : word_label(&disposition_words, tier - TIER_COUNT);
}

static struct change keep_of(const struct pair *pair, const struct change *key, uint32_t keep)
{
    struct change kept = {.aspect = key->aspect, .category = COMMON_NONE};
    if (keep & KEEP_CATEGORY)
        kept.category = key->category;
    for (enum side side = 0; side < SIDES; side++) {
        if (keep & KEEP_VALUES)
            kept.values[side] = key->values[side];
        if (keep & KEEP_TIERS)
            kept.values[side].words[0] = groups_tier(pair, key->values[side].words[0]);
        kept.rows[side] = keep & KEEP_ROWS ? key->rows[side] : ROW_NONE;
    }
    return kept;
}

static int by_count(const void *a, const void *b)
{
    const struct group *first = a;
    const struct group *second = b;
    if (first->count != second->count)
        return first->count < second->count ? 1 : -1;
    return memcmp(&first->key, &second->key, sizeof first->key);
}

struct groups groups_fold(const struct pair *pair, const struct groups *groups, uint32_t aspect,
                          uint32_t keep, const struct group *of, uint32_t of_keep)
{
    struct groups coarse = {.count = 0};
    for (uint32_t i = 0; i < groups->count; i++) {
        const struct group *group = &groups->list[i];
        if (group->key.aspect != aspect)
            continue;
        struct change wider = keep_of(pair, &group->key, of_keep);
        if (of != NULL && memcmp(&wider, &of->key, sizeof wider) != 0)
            continue;
        struct change key = keep_of(pair, &group->key, keep);
        add(&coarse, &key, group->count, &group->samples);
    }
    if (coarse.count > 0)
        qsort(coarse.list, coarse.count, sizeof *coarse.list, by_count);
    return coarse;
}
