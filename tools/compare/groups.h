/* groups - changes that are alike, counted, with some tickets of each as samples.
 *
 * Two changes are of one group where aspect, values, rows and category agree. The samples are the
 * tickets whose serials have the smallest hashes: drawn evenly from the whole of a group, and the
 * same whoever counted which ticket, so that what two threads counted can be added up, and groups
 * into coarser ones.
 */
#ifndef TOOLS_COMPARE_GROUPS_H
#define TOOLS_COMPARE_GROUPS_H

#include "tools/compare/change.h"

enum { SAMPLES_MAX = 10 };

/* Serials, by their hash; behind count they are 0. */
struct samples {
    uint32_t count;
    uint32_t serials[SAMPLES_MAX];
};

struct group {
    struct change key;
    uint64_t count;
    struct samples samples;
};

/* Zeroed is empty. One thread at a time. */
struct groups {
    struct group *list; /* in the order in which they were first met */
    uint32_t count;
    uint32_t room;
    uint32_t *found; /* hash table of 2 x room: index + 1, or 0 */
};

void groups_add_one(struct groups *groups, const struct change *key, uint32_t serial);
void groups_add_all(struct groups *groups, const struct groups *more);
void groups_free(struct groups *groups);

/* What of a key tells groups apart; the rest is as if all had it alike. */
enum {
    KEEP_VALUES = 1,
    KEEP_TIERS = 2, /* where: instead of the ends their tiers, as groups_tier() counts them */
    KEEP_ROWS = 4,
    KEEP_CATEGORY = 8
};

/* Adds up the groups of one aspect by what is kept, the most first. With `of`, a coarse group that
 * came of keeping `of_keep`, only those that are in it. The result is to be freed. */
struct groups groups_fold(const struct pair *pair, const struct groups *groups, uint32_t aspect,
                          uint32_t keep, const struct group *of, uint32_t of_keep);

/* The tier of a unit; the desk, which is of none, is one by itself; beyond the tiers the
 * dispositions of what is not dispatched. */
enum { GROUPS_DESK = TIER_NONE, GROUPS_TIERS = TIER_COUNT + DISPOSITION_COUNT };
uint32_t groups_tier(const struct pair *pair, uint32_t end);
const char *groups_tier_name(uint32_t tier);
const char *groups_tier_label(uint32_t tier);

#endif
