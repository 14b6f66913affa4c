#include "domain/rules/weights.h"

#include "base/check.h"

#include <string.h>

enum { NO_ROW = UINT32_MAX, LANE = 8 };

_Static_assert(WEIGHTS_COLUMNS_MAX % LANE == 0, "columns fall into whole lanes");

/* What a keyword says of some columns, in one look at memory. */
struct lane {
    int16_t weights[LANE];
};

struct weigher {
    const struct weights *weights;
    uint32_t first, limit;  /* numbers of the keywords */
    const uint32_t *row_of; /* keyword - first -> row, or NO_ROW */
    const struct lane
        *lanes[WEIGHTS_COLUMNS_MAX / LANE]; /* likewise; all 0 where there is no row */
    uint32_t lanes_count;
};

static const struct lane *make_lane(const struct weigher *weigher, size_t lane, struct arena *arena)
{
    const struct weights *weights = weigher->weights;
    struct lane *made = arena_take(arena, (weigher->limit - weigher->first + 1) * sizeof *made);
    for (uint32_t i = 0; i < weights->rows_count; i++)
        if (weights->keywords[i] < weigher->limit)
            memcpy(&made[weights->keywords[i] - weigher->first], &weights->rows[i][lane * LANE],
                   sizeof *made);
    return made;
}

const struct weigher *weigher_create(const struct weights *weights, const struct city *city,
                                     struct arena *arena)
{
    uint32_t count = keywords_count(city_keywords(city));
    struct weigher *weigher = arena_take(arena, sizeof *weigher);
    *weigher = (struct weigher){.weights = weights, .first = count};
    for (uint32_t i = 0; i < weights->rows_count; i++) {
        uint32_t keyword = weights->keywords[i];
        if (keyword >= count) /* one too many, of which the book is told */
            continue;
        weigher->first = keyword < weigher->first ? keyword : weigher->first;
        weigher->limit = keyword >= weigher->limit ? keyword + 1 : weigher->limit;
    }
    weigher->limit = weigher->limit > weigher->first ? weigher->limit : weigher->first;
    uint32_t *row_of = arena_take(arena, (weigher->limit - weigher->first + 1) * sizeof *row_of);
    memset(row_of, 0xFF, (weigher->limit - weigher->first) * sizeof *row_of);
    for (uint32_t i = 0; i < weights->rows_count; i++)
        if (weights->keywords[i] < weigher->limit)
            row_of[weights->keywords[i] - weigher->first] = i;
    weigher->row_of = row_of;
    weigher->lanes_count = (weights->columns_count + LANE - 1) / LANE;
    for (size_t lane = 0; lane < weigher->lanes_count; lane++)
        weigher->lanes[lane] = make_lane(weigher, lane, arena);
    return weigher;
}

uint32_t weigher_row(const struct weigher *weigher, uint32_t keyword)
{
    uint32_t at = keyword - weigher->first; /* beyond all where it is below the first */
    return at < weigher->limit - weigher->first ? weigher->row_of[at] : (uint32_t)NO_ROW;
}

/* Sums of few words need no more than the 16 bits of a weight, so that they are added eight at a
 * time. Words that other tables of weights look for have no row here. */
static void add_up(const struct weigher *weigher, struct text_words words, size_t lane,
                   int32_t *sums)
{
    enum { FEW = 32 };
    _Static_assert(FEW * WEIGHTS_WEIGHT_MAX <= INT16_MAX, "few weights fit");
    const struct lane *lanes = weigher->lanes[lane];
    for (uint32_t first = 0; first < words.count; first += FEW) {
        uint32_t limit = words.count - first < FEW ? words.count : first + FEW;
        struct lane few = {.weights = {0}};
        for (uint32_t i = first; i < limit; i++) {
            uint32_t at = words.list[i] - weigher->first;
            if (at < weigher->limit - weigher->first)
                for (uint32_t column = 0; column < LANE; column++)
                    few.weights[column] =
                        (int16_t)(few.weights[column] + lanes[at].weights[column]);
        }
        for (uint32_t column = 0; column < LANE; column++)
            sums[column] += few.weights[column];
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

/* Of several that speak alike the first in the file, whatever the order of the words. Rows are
 * looked at only of words that speak no less than those before. */
static uint32_t heaviest_row(const struct weigher *weigher, struct text_words words, uint32_t best)
{
    const struct lane *lanes = weigher->lanes[best / LANE];
    uint32_t heaviest = NO_ROW;
    int32_t most = INT32_MIN;
    for (uint32_t i = 0; i < words.count; i++) {
        uint32_t at = words.list[i] - weigher->first;
        if (at >= weigher->limit - weigher->first || lanes[at].weights[best % LANE] < most)
            continue;
        uint32_t row = weigher->row_of[at];
        if (row == NO_ROW || (lanes[at].weights[best % LANE] == most && row >= heaviest))
            continue;
        most = lanes[at].weights[best % LANE];
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
    for (size_t lane = 0; lane < weigher->lanes_count; lane++)
        add_up(weigher, words, lane, weighing->sums + lane * LANE);
    compare(weigher->weights, weighing);
    weighing->row = heaviest_row(weigher, words, weighing->best);
}

bool weights_rule_out(const struct weights *weights, uint32_t possible, uint32_t category)
{
    uint32_t columns = weights->columns_of[category];
    return columns != 0 && (columns & possible) == 0;
}
