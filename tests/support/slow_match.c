#include "tests/support/slow_match.h"

bool slow_match_row(const struct table *table, const struct table_row *row, const uint32_t *values)
{
    for (uint32_t i = 0; i < table->inputs_count; i++) {
        const struct values *cell = &row->values[i];
        bool holds = cell->any;
        for (uint32_t j = 0; j < cell->count; j++)
            holds |= cell->intervals[j].first <= values[i] && values[i] < cell->intervals[j].limit;
        if (!holds)
            return false;
    }
    return true;
}

/* By P: the first output whose value stands elsewhere in its list decides. */
static bool stands_before(const struct table_row *a, const struct table_row *b)
{
    for (uint32_t i = 0; i < OUTPUT_COUNT; i++)
        if (a->standing[i] != b->standing[i])
            return a->standing[i] < b->standing[i];
    return false;
}

uint32_t slow_match(const struct table *table, const uint32_t *values)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < table->rows_count; i++) {
        if (!slow_match_row(table, &table->rows[i], values))
            continue;
        if (best == UINT32_MAX || (table->hit_policy == HIT_PRIORITY &&
                                   stands_before(&table->rows[i], &table->rows[best])))
            best = i;
    }
    if (best == UINT32_MAX && table->otherwise != NULL)
        return table->rows_count;
    return best;
}
