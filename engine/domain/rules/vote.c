#include "domain/rules/vote.h"

struct vote {
    const struct city *city;
    const uint32_t *parents; /* a category each; UINT32_MAX at the top */
    uint32_t *weights;       /* a category each, with its subtree; all 0 between two votes */
};

/* Categories from first on, below limit; those of one parent. */
struct siblings {
    uint32_t first, limit;
};

static uint32_t *parents_of(const struct city *city, struct arena *arena)
{
    uint32_t count = city_categories(city);
    uint32_t *parents = arena_take(arena, (count + 1) * sizeof *parents);
    for (uint32_t i = 0; i < count; i++)
        parents[i] = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) /* a parent stands before its children, the last wins */
        for (uint32_t j = i + 1; j < category_limit(city, (struct category){i}); j++)
            parents[j] = i;
    return parents;
}

struct vote *vote_create(const struct city *city, struct arena *arena)
{
    struct vote *vote = arena_take(arena, sizeof *vote);
    vote->city = city;
    vote->parents = parents_of(city, arena);
    vote->weights = arena_take(arena, (city_categories(city) + 1) * sizeof *vote->weights);
    return vote;
}

static void add_weights(struct vote *vote, const struct table *table, struct match_rows rows)
{
    for (uint32_t i = 0; i < rows.count; i++) {
        const struct row_outputs *row = &table->rows[rows.rows[i]].outputs;
        for (uint32_t at = row->category.index; at != UINT32_MAX; at = vote->parents[at])
            vote->weights[at] += row->weight;
    }
}

static void forget_weights(struct vote *vote, const struct table *table, struct match_rows rows)
{
    for (uint32_t i = 0; i < rows.count; i++)
        for (uint32_t at = table->rows[rows.rows[i]].outputs.category.index; at != UINT32_MAX;
             at = vote->parents[at])
            vote->weights[at] = 0;
}

static struct siblings children_of(const struct vote *vote, struct category category)
{
    if (category.index == CATEGORY_NONE.index)
        return (struct siblings){0, city_categories(vote->city)};
    return (struct siblings){category.index + 1, category_limit(vote->city, category)};
}

static uint32_t sibling_behind(const struct vote *vote, uint32_t category)
{
    return category_limit(vote->city, (struct category){category});
}

/* The most that any of them weighs, and how many weigh as much. 0 where none weighs anything. */
static uint32_t heaviest(const struct vote *vote, struct siblings siblings, uint32_t *count)
{
    uint32_t most = 0;
    *count = 0;
    for (uint32_t i = siblings.first; i < siblings.limit; i = sibling_behind(vote, i)) {
        uint32_t weight = vote->weights[i];
        if (weight > most)
            *count = 0;
        most = weight > most ? weight : most;
        *count += weight > 0 && weight == most;
    }
    return most;
}

/* Down from a category as far as the way is clear. */
static struct category descend(const struct vote *vote, struct category from)
{
    for (;;) {
        uint32_t count;
        struct siblings children = children_of(vote, from);
        uint32_t most = heaviest(vote, children, &count);
        if (count != 1)
            return from;
        from.index = children.first;
        while (vote->weights[from.index] != most)
            from.index = sibling_behind(vote, from.index);
    }
}

static void name_candidates(const struct vote *vote, struct vote_result *result)
{
    uint32_t count;
    struct siblings children = children_of(vote, result->category);
    uint32_t most = heaviest(vote, children, &count);
    for (uint32_t i = children.first;
         count > 1 && i < children.limit && result->candidates_count < CATEGORY_CANDIDATES_MAX;
         i = sibling_behind(vote, i))
        if (vote->weights[i] == most)
            result->candidates[result->candidates_count++] = descend(vote, (struct category){i});
}

static uint32_t heaviest_row(const struct vote *vote, const struct table *table,
                             struct match_rows rows, struct category category)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        const struct row_outputs *outputs = &table->rows[row].outputs;
        bool within = outputs->category.index >= category.index &&
                      outputs->category.index < category_limit(vote->city, category);
        if (within && (best == UINT32_MAX || outputs->weight > table->rows[best].outputs.weight))
            best = row;
    }
    return best;
}

void vote_count(struct vote *vote, const struct table *table, struct match_rows rows,
                struct vote_result *result)
{
    result->candidates_count = 0;
    result->category = CATEGORY_NONE;
    result->row = UINT32_MAX;
    if (rows.count == 0)
        return;
    add_weights(vote, table, rows);
    result->category = descend(vote, CATEGORY_NONE);
    name_candidates(vote, result);
    result->row = heaviest_row(
        vote, table, rows,
        result->category.index != CATEGORY_NONE.index ? result->category : result->candidates[0]);
    forget_weights(vote, table, rows);
}
