/* pair - two books side by side, with one numbering for what both of them know.
 *
 *      number     0    1    2    3    4
 *      old        a    b    c         e         units, functions or categories, by key:
 *      new        a         c    d    e         a, b ... in order, each once
 *
 * So what two decisions say can be compared and counted, though their cities need not be the same.
 * Policies must outlive it. Immutable once made; any thread.
 */
#ifndef TOOLS_COMPARE_PAIR_H
#define TOOLS_COMPARE_PAIR_H

#include "domain/alike.h"
#include "domain/decide.h"

enum side { SIDE_OLD, SIDE_NEW, SIDES };

#define COMMON_NONE UINT32_MAX

/* One numbering. */
struct numbering {
    uint32_t count;
    uint32_t *number[SIDES]; /* of an index of that side */
    uint32_t *index[SIDES];  /* of a number; COMMON_NONE where that side does not have it */
};

struct pair {
    const struct policy *policies[SIDES];
    enum alike alike;
    struct numbering units, functions, categories;
};

void pair_init(struct pair *pair, const struct policy *old_policy, const struct policy *new_policy,
               struct arena *arena);

/* Of the first side that has it. Lives as long as the policies. */
struct span pair_unit_key(const struct pair *pair, uint32_t number);
struct span pair_unit_name(const struct pair *pair, uint32_t number);
enum tier pair_unit_tier(const struct pair *pair, uint32_t number);
bool pair_unit_is_desk(const struct pair *pair, uint32_t number);
struct span pair_function_name(const struct pair *pair, uint32_t number);
struct span pair_category_code(const struct pair *pair, uint32_t number);
struct span pair_category_name(const struct pair *pair, uint32_t number);

#endif
