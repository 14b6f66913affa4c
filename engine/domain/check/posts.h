/* posts - which units the rows of a book can give a case to.
 *
 * A row names functions, and a tier, or leaves the tier to another table. A case it holds for may
 * be at each place that its cells let pass; the climb of decide.h from there ends at one unit of
 * the function. Whom a case is kept from, and who returned it, is left out: then it goes further
 * up.
 */
#ifndef DOMAIN_CHECK_POSTS_H
#define DOMAIN_CHECK_POSTS_H

#include "domain/check/looking.h"

struct posts;

/* Who sends a case to a unit. */
struct post {
    uint32_t table, row;
    struct function function;
    enum tier tier;     /* as asked */
    struct place place; /* of the case */
};

const struct posts *posts_find(struct looking *looking);

/* Does any row name the function, as main, co or informed? The desk has what others have not. */
bool posts_name(const struct posts *posts, struct function function);

/* Does a case get to the unit? *post says how, the first way there is. */
bool posts_reach(const struct posts *posts, struct unit unit);
struct post posts_way(const struct posts *posts, struct unit unit);

/* Has the table rows that say whose a case is? */
bool posts_names_main(const struct looked *looked);

#endif
