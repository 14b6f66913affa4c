#include "domain/rules/weights.h"

#include "base/check.h"

#include <string.h>

enum { NO_ROW = UINT32_MAX };

struct weigher {
    const struct weights *weights;
    const uint32_t *row_of; /* a keyword each that there was */
    uint32_t keywords_count;
};

const struct weigher *weigher_create(const struct weights *weights, const struct city *city,
                                     struct arena *arena)
{
    uint32_t count = keywords_count(city_keywords(city));
    struct weigher *weigher = arena_take(arena, sizeof *weigher);
    uint32_t *row_of = arena_take(arena, (count + 1) * sizeof *row_of);
    memset(row_of, 0xFF, count * sizeof *row_of);
    for (uint32_t i = 0; i < weights->rows_count; i++)
        if (weights->keywords[i] < count) /* not one too many, of which the book is told */
            row_of[weights->keywords[i]] = i;
    *weigher = (struct weigher){weights, row_of, count};
    return weigher;
}

uint32_t weigher_row(const struct weigher *weigher, uint32_t keyword)
{
    return keyword < weigher->keywords_count ? weigher->row_of[keyword] : (uint32_t)NO_ROW;
}

/* Words that other tables of weights look for have no row here. */
static void add_up(const struct weigher *weigher, struct text_words words, int32_t *sums)
{
    const struct weights *weights = weigher->weights;
    for (uint32_t i = 0; i < words.count; i++) {
        uint32_t row = weigher_row(weigher, words.list[i]);
        if (row == NO_ROW)
            continue;
        for (uint32_t column = 0; column < WEIGHTS_COLUMNS_MAX; column++)
            sums[column] += weights->rows[row][column];
    }
}

static void compare(const struct weights *weights, struct weighing *weighing)
{
    const int32_t *sums = weighing->sums;
    int32_t next = weights->columns_count == 1 ? 0 : INT32_MIN;
    weighing->best = 0;
    for (uint32_t i = 1; i < weights->columns_count; i++)
        if (sums[i] > sums[weighing->best])
            weighing->best = i;
    for (uint32_t i = 0; i < weights->columns_count; i++)
        if (i != weighing->best && sums[i] > next)
            next = sums[i];
    weighing->lead = sums[weighing->best] - next;
    weighing->clear = weighing->lead >= weights->margin;
    weighing->possible = 0;
    for (uint32_t i = 0; i < weights->columns_count; i++)
        if (sums[weighing->best] - sums[i] < weights->margin)
            weighing->possible |= 1u << i;
}

/* Of several that speak alike the first in the file, whatever the order of the words. */
static uint32_t heaviest_row(const struct weigher *weigher, struct text_words words, uint32_t best)
{
    const struct weights *weights = weigher->weights;
    uint32_t heaviest = NO_ROW;
    for (uint32_t i = 0; i < words.count; i++) {
        uint32_t row = weigher_row(weigher, words.list[i]);
        if (row == NO_ROW)
            continue;
        int more =
            heaviest == NO_ROW ? 1 : weights->rows[row][best] - weights->rows[heaviest][best];
        if (more > 0 || (more == 0 && row < heaviest))
            heaviest = row;
    }
    return heaviest;
}

void weigher_weigh(const struct weigher *weigher, const struct text_hits *hits,
                   struct weighing *weighing)
{
    struct text_words words = {.count = 0};
    memset(weighing, 0, sizeof *weighing);
    if (hits != NULL)
        words = text_sought(hits, TEXT_WEIGHING);
    add_up(weigher, words, weighing->sums);
    compare(weigher->weights, weighing);
    weighing->row = heaviest_row(weigher, words, weighing->best);
}

bool weights_rule_out(const struct weights *weights, uint32_t possible, uint32_t category)
{
    uint32_t columns = weights->columns_of[category];
    return columns != 0 && (columns & possible) == 0;
}
