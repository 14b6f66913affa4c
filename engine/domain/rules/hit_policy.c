#include "domain/rules/hit_policy.h"

#include "base/check.h"

static const char *const signs[HIT_POLICY_COUNT] = {
    [HIT_UNIQUE] = "U", [HIT_ANY] = "A", [HIT_PRIORITY] = "P", [HIT_FIRST] = "F", [HIT_SUM] = "C+"};

const char *const hit_policy_list =
    "U (unique), A (any), P (priority), F (first), C+ (collect and add up)";

enum hit_policy hit_policy_find(struct span sign)
{
    uint32_t hit_policy = 0;
    while (hit_policy < HIT_POLICY_COUNT && !span_is(sign, signs[hit_policy]))
        hit_policy++;
    return (enum hit_policy)hit_policy;
}

const char *hit_policy_sign(enum hit_policy hit_policy)
{
    CHECK(hit_policy < HIT_POLICY_COUNT);
    return signs[hit_policy];
}

enum answer hit_policy_answer(enum hit_policy hit_policy)
{
    return hit_policy == HIT_SUM ? ANSWER_VOTE : ANSWER_ROW;
}

bool hit_policy_may_write(enum hit_policy hit_policy, enum output output)
{
    if (hit_policy_answer(hit_policy) == ANSWER_ROW)
        return output != OUTPUT_WEIGHT;
    return output == OUTPUT_CATEGORY || output == OUTPUT_WEIGHT;
}

const char *hit_policy_writers(enum output output)
{
    switch (output) {
    case OUTPUT_CATEGORY:
        return "U, A, P and F take that of one row; C+ adds up weights";
    case OUTPUT_WEIGHT:
        return "C+ adds weights up";
    default:
        return "one row must decide: use U, A, P or F";
    }
}
