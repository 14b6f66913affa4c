#include "domain/rules/hit_policy.h"

#include "base/check.h"

static const char *const signs[HIT_POLICY_COUNT] = {
    [HIT_UNIQUE] = "U",     [HIT_ANY] = "A",     [HIT_PRIORITY] = "P",     [HIT_FIRST] = "F",
    [HIT_RULE_ORDER] = "R", [HIT_COLLECT] = "C", [HIT_OUTPUT_ORDER] = "O", [HIT_LEAST] = "C<",
    [HIT_GREATEST] = "C>",  [HIT_SUM] = "C+",    [HIT_NUMBER] = "C#",      [HIT_WEIGHTS] = "W"};

const char *const hit_policy_list =
    "U (unique), A (any), P (priority), F (first), R (rule order), O (output order), C (collect), "
    "C< (least), C> (greatest), C+ (sum), C# (number), W (weights)";

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

enum answer hit_policy_answer(enum hit_policy hit_policy, bool votes)
{
    switch (hit_policy) {
    case HIT_UNIQUE:
    case HIT_ANY:
    case HIT_PRIORITY:
    case HIT_FIRST:
        return ANSWER_ROW;
    case HIT_RULE_ORDER:
    case HIT_COLLECT:
    case HIT_OUTPUT_ORDER:
        return ANSWER_LISTS;
    case HIT_LEAST:
        return ANSWER_LIMITS;
    case HIT_GREATEST:
        return votes ? ANSWER_VOTE : ANSWER_LIMITS;
    case HIT_SUM:
    case HIT_NUMBER:
        return ANSWER_VOTE;
    case HIT_WEIGHTS:
        return ANSWER_WEIGHTS;
    case HIT_POLICY_COUNT:
        break;
    }
    CHECK(hit_policy < HIT_POLICY_COUNT);
    return ANSWER_ROW;
}

bool hit_policy_may_write(enum hit_policy hit_policy, enum answer answer, enum output output)
{
    switch (answer) {
    case ANSWER_ROW:
        return output != OUTPUT_WEIGHT;
    case ANSWER_LISTS:
        return output == OUTPUT_CO || output == OUTPUT_INFORMED;
    case ANSWER_LIMITS:
        return output == OUTPUT_LIMIT || output == OUTPUT_SIGN;
    case ANSWER_WEIGHTS:
        return output == OUTPUT_CATEGORY;
    case ANSWER_VOTE:
        return output == OUTPUT_CATEGORY || (output == OUTPUT_WEIGHT && hit_policy != HIT_NUMBER);
    }
    return false;
}

const char *hit_policy_writers(enum output output)
{
    switch (output) {
    case OUTPUT_CATEGORY:
        return "U, A, P and F take that of one row; C+ adds up weights, C> goes by the greatest "
               "weight, C# by the number of rows";
    case OUTPUT_WEIGHT:
        return "C+ adds weights up, C> goes by the greatest";
    case OUTPUT_CO:
    case OUTPUT_INFORMED:
        return "U, A, P and F take those of one row, R, C and O those of all rows that hold";
    case OUTPUT_LIMIT:
    case OUTPUT_SIGN:
        return "U, A, P and F take that of one row, C< the shortest of all rows that hold, C> the "
               "longest";
    default:
        return "a case has one, so one row must decide: use U, A, P or F";
    }
}
