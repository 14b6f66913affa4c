/* hit_policy - how the rows of a table that hold answer together.
 *
 *      U   unique         no two rows hold for the same case            \
 *      A   any            rows that hold for the same case write alike   |  one row answers
 *      P   priority       the row whose outputs stand first in line 3    |
 *      F   first          the first row in the file                     /
 *      R   rule order     the functions of all rows that hold, as in the file   \
 *      C   collect        the same                                               |  lists
 *      O   output order   the same, as they stand in line 3                     /
 *      C<  least          the shortest limit of all rows that hold      \  limits, or
 *      C>  greatest       the longest limit, or the greatest weight      |
 *      C+  sum            the sum of the weights                         |  a vote (vote.h)
 *      C#  number         the number of the rows                        /
 *      W   weights        which categories keywords leave: a form of its own (weights.h)
 *
 * This is the one place that knows which is which, and what each may write.
 */
#ifndef DOMAIN_RULES_HIT_POLICY_H
#define DOMAIN_RULES_HIT_POLICY_H

#include "domain/rules/output.h"

enum hit_policy {
    HIT_UNIQUE,
    HIT_ANY,
    HIT_PRIORITY,
    HIT_FIRST,
    HIT_RULE_ORDER,
    HIT_COLLECT,
    HIT_OUTPUT_ORDER,
    HIT_LEAST,
    HIT_GREATEST,
    HIT_SUM,
    HIT_NUMBER,
    HIT_WEIGHTS,
    HIT_POLICY_COUNT,
};

/* What comes of the rows that hold. */
enum answer {
    ANSWER_ROW,     /* all that one of them writes */
    ANSWER_LISTS,   /* out:co and out:informed of all of them, each function once */
    ANSWER_LIMITS,  /* out:limit and out:sign, each of one of them */
    ANSWER_VOTE,    /* the category that most speaks for */
    ANSWER_WEIGHTS, /* which categories are left; its rows are keywords, and have no cells */
};

/* By its sign in the first cell of a table; HIT_POLICY_COUNT where there is none such. */
enum hit_policy hit_policy_find(struct span sign);

/* "C+". */
const char *hit_policy_sign(enum hit_policy hit_policy);

/* All of them with what they mean, for messages. */
extern const char *const hit_policy_list;

/* votes: the table writes categories or weights. */
enum answer hit_policy_answer(enum hit_policy hit_policy, bool votes);

/* May a table with this policy and answer write the output? */
bool hit_policy_may_write(enum hit_policy hit_policy, enum answer answer, enum output output);

/* Which policies write the output, for messages. */
const char *hit_policy_writers(enum output output);

#endif
