#include "domain/check/reach.h"

void reach_begin(const struct city *city, int32_t today, struct arena *arena, struct reach *reach)
{
    for (uint32_t i = 0; i < INPUT_COUNT; i++) {
        uint32_t size = input_size(city, (enum input)i);
        uint8_t *may = arena_take(arena, size);
        memset(may, 1, size);
        may[0] = !input_is_always_said((enum input)i);
        if (i == INPUT_DATE)
            memset(may, 0, input_date(today));
        reach->may[i] = may;
    }
}

/* The value that a row leaves behind, or 0 where it writes none. */
static uint32_t written(const struct row_outputs *outputs, enum input input)
{
    return input == INPUT_CATEGORY ? outputs->category.index + 1 : (uint32_t)outputs->urgency;
}

static bool writes_always(const struct table *table, enum input input)
{
    if (table->otherwise == NULL || written(&table->otherwise->outputs, input) == 0)
        return false;
    for (uint32_t i = 0; i < table->rows_count; i++)
        if (written(&table->rows[i].outputs, input) == 0)
            return false;
    return true;
}

static void pass(const struct city *city, const struct table *table, enum input input,
                 struct arena *arena, struct reach *reach)
{
    uint32_t size = input_size(city, input);
    uint8_t *may = arena_take(arena, size);
    if (!writes_always(table, input))
        memcpy(may, reach->may[input], size);
    bool by_rows = table->answer == ANSWER_ROW || table->answer == ANSWER_LISTS ||
                   table->answer == ANSWER_LIMITS;
    if (!by_rows && input == INPUT_CATEGORY)
        memset(may + 1, 1, size - 1); /* a vote may end above what its rows name */
    for (uint32_t i = 0; i < table->rows_count; i++)
        if (written(&table->rows[i].outputs, input) > 0)
            may[written(&table->rows[i].outputs, input)] = 1;
    if (table->otherwise != NULL && written(&table->otherwise->outputs, input) > 0)
        may[written(&table->otherwise->outputs, input)] = 1;
    reach->may[input] = may;
}

void reach_pass(const struct city *city, const struct table *table, struct arena *arena,
                struct reach *reach)
{
    pass(city, table, INPUT_CATEGORY, arena, reach);
    pass(city, table, INPUT_URGENCY, arena, reach);
}
