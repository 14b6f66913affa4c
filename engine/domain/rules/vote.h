/* vote - how rows that hold find a category together.
 *
 *      row      weight
 *      #070101     6             07 环境 9 -- 0701 噪声 9 --+-- 070101 施工噪声 6
 *      #0701       2       ->                               +-- 070102 社会噪声 1       -> 070101
 *      #070102     1             01 城管 5 -- 0102 环卫 5
 *      #0102       5
 *
 * By C+ each row adds its weight to its category and to all above that; by C# each adds one; by C>
 * a category weighs what the heaviest row does that speaks for it or for one below. From the top of
 * the tree the way goes to the heaviest child, as long as there is one that is heavier than its
 * siblings. Where several weigh most it ends above them, and they are the candidates, each taken as
 * far down as its own part of the tree is clear. Pure; a vote belongs to one thread.
 */
#ifndef DOMAIN_RULES_VOTE_H
#define DOMAIN_RULES_VOTE_H

#include "domain/rules/match.h"

struct vote;

struct vote *vote_create(const struct city *city, struct arena *arena);

/* What a row says. */
struct ballot {
    uint32_t category;
    uint32_t weight;
};

/* One a row of the table. */
const struct ballot *vote_ballots(const struct table *table, struct arena *arena);

struct vote_result {
    struct category category; /* NONE: no row held, or the top of the tree was tied */
    struct category candidates[CATEGORY_CANDIDATES_MAX]; /* where it was tied; as the codes go */
    uint32_t candidates_count;
    /* The heaviest row of the category's subtree, or of the first candidate's where there is no
     * category; of several the first in the file. UINT32_MAX where no row held. */
    uint32_t row;
};

/* By the policy of the ballots' table. Allocates nothing. */
void vote_count(struct vote *vote, enum hit_policy hit_policy, const struct ballot *ballots,
                struct match_rows rows, struct vote_result *result);

#endif
