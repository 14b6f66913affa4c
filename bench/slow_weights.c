#include "bench/slow_weights.h"

#include "domain/rules/weights.h"

_Static_assert(WEIGHTS_COLUMNS_MAX == 16, "as many as slow_left has");

static uint32_t times_in(struct span text, struct span keyword)
{
    uint32_t times = 0;
    while (text.bytes > 0) {
        const uint8_t *at = memmem(text.data, text.bytes, keyword.data, keyword.bytes);
        if (at == NULL)
            break;
        times++;
        text = span_of(at + 1, text.bytes - (size_t)(at + 1 - text.data));
    }
    return times;
}

/* 1, 2, 4, 8 and 16 times count one more each. */
static int32_t counted(uint32_t times)
{
    return (times >= 1) + (times >= 2) + (times >= 4) + (times >= 8) + (times >= 16);
}

struct slow_left slow_weigh(const struct city *city, const struct table *table,
                            struct slow_case asked)
{
    const struct weights *weights = table->weights;
    struct slow_left left = {.table = NULL};
    int32_t sums[WEIGHTS_COLUMNS_MAX] = {0};
    int32_t most = INT32_MIN;
    uint32_t columns = 0;
    for (uint32_t i = 0; i < table->rows_count; i++) {
        uint32_t keyword = weights->keywords[i];
        if (asked.stands != NULL && !asked.stands[keyword])
            continue;
        int32_t times = counted(times_in(asked.folded, keyword_text(asked.keywords, keyword)));
        for (uint32_t c = 0; c < weights->columns_count; c++)
            sums[c] += times * weights->rows[i][c];
        if (times > 0)
            left.table = table;
    }
    for (uint32_t c = 0; c < weights->columns_count; c++)
        most = sums[c] > most ? sums[c] : most;
    for (uint32_t c = 0; c < weights->columns_count; c++) {
        left.columns[c] = most - sums[c] < weights->margin;
        columns += left.columns[c];
        if (left.columns[c] && weights->columns[c].count == 1)
            left.only = category_code(city, weights->columns[c].categories[0]);
    }
    bool alone = weights->columns_count > 1 || most >= weights->margin;
    if (left.table == NULL || columns > 1 || !alone)
        left.only = (struct span){0};
    return left;
}

bool slow_is_left(const struct city *city, const struct slow_left *left, struct category category)
{
    bool listed = false;
    struct span code = category_code(city, category);
    for (uint32_t c = 0; left->table != NULL && c < left->table->weights->columns_count; c++) {
        const struct weights_column *column = &left->table->weights->columns[c];
        for (uint32_t i = 0; i < column->count; i++)
            if (span_starts_with(code, category_code(city, column->categories[i]))) {
                if (left->columns[c])
                    return true;
                listed = true;
            }
    }
    return !listed;
}
