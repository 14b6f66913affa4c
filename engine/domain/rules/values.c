#include "domain/rules/values.h"

bool values_have(const struct values *values, uint32_t value)
{
    if (values->any)
        return true;
    for (uint32_t i = 0; i < values->count; i++)
        if (value >= values->intervals[i].first && value < values->intervals[i].limit)
            return true;
    return false;
}

bool values_meet(const struct values *a, const struct values *b)
{
    if (a->any || b->any)
        return true;
    for (uint32_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->intervals[i].limit <= b->intervals[j].first)
            i++;
        else if (b->intervals[j].limit <= a->intervals[i].first)
            j++;
        else
            return true;
    }
    return false;
}

bool values_within(const struct values *a, const struct values *b)
{
    if (a->any || b->any)
        return b->any;
    uint32_t j = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        while (j < b->count && b->intervals[j].limit < a->intervals[i].limit)
            j++;
        if (j == b->count || a->intervals[i].first < b->intervals[j].first)
            return false;
    }
    return true;
}
