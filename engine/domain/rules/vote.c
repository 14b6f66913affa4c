#include "domain/rules/vote.h"

/* A category, as it is asked for again and again. */
struct node {
    uint32_t parent; /* UINT32_MAX at the top */
    uint32_t limit;  /* of its subtree: its next sibling, if there is one */
    uint32_t weight; /* with its subtree; 0 between two votes */
};

struct vote {
    struct node *nodes; /* one a category */
    uint32_t nodes_count;
};

/* Categories from first on, below limit; those of one parent. */
struct siblings {
    uint32_t first, limit;
};

struct vote *vote_create(const struct city *city, struct arena *arena)
{
    struct vote *vote = arena_take(arena, sizeof *vote);
    vote->nodes_count = city_categories(city);
    vote->nodes = arena_take(arena, (vote->nodes_count + 1) * sizeof *vote->nodes);
    for (uint32_t i = 0; i < vote->nodes_count; i++)
        vote->nodes[i] = (struct node){UINT32_MAX, category_limit(city, (struct category){i}), 0};
    for (uint32_t i = 0; i < vote->nodes_count; i++) /* a parent stands before its children */
        for (uint32_t j = i + 1; j < vote->nodes[i].limit; j++)
            vote->nodes[j].parent = i; /* the last wins */
    return vote;
}

const struct ballot *vote_ballots(const struct table *table, struct arena *arena)
{
    struct ballot *ballots = arena_take(arena, (table->rows_count + 1) * sizeof *ballots);
    for (uint32_t i = 0; i < table->rows_count; i++) {
        const struct row_outputs *outputs = &table->rows[i].outputs;
        uint32_t weight = table->hit_policy == HIT_NUMBER ? 1 : outputs->weight;
        ballots[i] = (struct ballot){outputs->category.index, weight};
    }
    return ballots;
}

static void add_weights(struct vote *vote, bool greatest, const struct ballot *ballots,
                        struct match_rows rows)
{
    for (uint32_t i = 0; i < rows.count; i++) {
        const struct ballot *ballot = &ballots[rows.rows[i]];
        for (uint32_t at = ballot->category; at != UINT32_MAX; at = vote->nodes[at].parent) {
            uint32_t weight = vote->nodes[at].weight;
            uint32_t least = weight > ballot->weight ? weight : ballot->weight;
            vote->nodes[at].weight = greatest ? least : weight + ballot->weight;
        }
    }
}

static void forget_weights(struct vote *vote, const struct ballot *ballots, struct match_rows rows)
{
    for (uint32_t i = 0; i < rows.count; i++)
        for (uint32_t at = ballots[rows.rows[i]].category; at != UINT32_MAX;
             at = vote->nodes[at].parent)
            vote->nodes[at].weight = 0;
}

static struct siblings children_of(const struct vote *vote, struct category category)
{
    if (category.index == CATEGORY_NONE.index)
        return (struct siblings){0, vote->nodes_count};
    return (struct siblings){category.index + 1, vote->nodes[category.index].limit};
}

/* The most that any of them weighs, and how many weigh as much. 0 where none weighs anything. */
static uint32_t heaviest(const struct vote *vote, struct siblings siblings, uint32_t *count)
{
    uint32_t most = 0;
    *count = 0;
    for (uint32_t i = siblings.first; i < siblings.limit; i = vote->nodes[i].limit) {
        uint32_t weight = vote->nodes[i].weight;
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
        while (vote->nodes[from.index].weight != most)
            from.index = vote->nodes[from.index].limit;
    }
}

static void name_candidates(const struct vote *vote, struct vote_result *result)
{
    uint32_t count;
    struct siblings children = children_of(vote, result->category);
    uint32_t most = heaviest(vote, children, &count);
    for (uint32_t i = children.first;
         count > 1 && i < children.limit && result->candidates_count < CATEGORY_CANDIDATES_MAX;
         i = vote->nodes[i].limit)
        if (vote->nodes[i].weight == most)
            result->candidates[result->candidates_count++] = descend(vote, (struct category){i});
}

static uint32_t heaviest_row(const struct vote *vote, const struct ballot *ballots,
                             struct match_rows rows, struct category category)
{
    uint32_t best = UINT32_MAX;
    uint32_t limit = vote->nodes[category.index].limit;
    for (uint32_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        bool within = ballots[row].category >= category.index && ballots[row].category < limit;
        if (within && (best == UINT32_MAX || ballots[row].weight > ballots[best].weight))
            best = row;
    }
    return best;
}

void vote_count(struct vote *vote, enum hit_policy hit_policy, const struct ballot *ballots,
                struct match_rows rows, struct vote_result *result)
{
    result->candidates_count = 0;
    result->category = CATEGORY_NONE;
    result->row = UINT32_MAX;
    if (rows.count == 0)
        return;
    add_weights(vote, hit_policy == HIT_GREATEST, ballots, rows);
    result->category = descend(vote, CATEGORY_NONE);
    name_candidates(vote, result);
    result->row = heaviest_row(
        vote, ballots, rows,
        result->category.index != CATEGORY_NONE.index ? result->category : result->candidates[0]);
    forget_weights(vote, ballots, rows);
}
