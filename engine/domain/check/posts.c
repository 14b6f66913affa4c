#include "domain/check/posts.h"

enum { ROW_BITS = 16 };

struct posts {
    uint32_t *ways; /* unit -> index of the way, plus 1; 0: there is none */
    struct post *list;
    uint32_t count;
    uint8_t *named; /* function -> is it? */
};

/* A function that is asked for at a tier, and from where: by which row, plus 1; 0: by none. */
struct asking {
    uint32_t everywhere;
    uint32_t *places;
};

struct finding_posts {
    struct looking *looking;
    struct posts *posts;
    struct asking *askings; /* [function][tier] */
    uint32_t tiers;         /* that any row asks for, a bit each */
};

bool posts_names_main(const struct looked *looked)
{
    for (uint32_t i = 0; looked_row(looked, i) != NULL; i++)
        if (looked_row(looked, i)->outputs.function.index != FUNCTION_NONE.index)
            return true;
    return false;
}

/* -- who asks for what ------------------------------------------------------------------------- */

static const struct values *places_of(const struct looked *looked, uint32_t row)
{
    for (uint32_t i = 0; i < looked->table->inputs_count; i++)
        if (looked->table->inputs[i] == INPUT_PLACE)
            return &looked_row(looked, row)->values[i];
    return NULL;
}

static uint32_t row_mark(const struct looked *looked, uint32_t row)
{
    return (looked->index << ROW_BITS | row) + 1;
}

static void ask_from(struct finding_posts *finding, const struct looked *looked, uint32_t row,
                     struct asking *asking)
{
    const struct values *places = places_of(looked, row);
    uint32_t count = places_count(city_places(finding->looking->city));
    if (asking->everywhere != 0)
        return;
    if (places == NULL || places->any) {
        asking->everywhere = row_mark(looked, row);
        return;
    }
    if (asking->places == NULL)
        asking->places = arena_take(finding->looking->arena, (count + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < places->count; i++)
        for (uint32_t value = places->intervals[i].first; value < places->intervals[i].limit;
             value++) /* where no place is said it is the city */
            asking->places[value > 0 ? value - 1 : 0] = row_mark(looked, row);
}

static void ask(struct finding_posts *finding, const struct looked *looked, uint32_t row,
                struct function function)
{
    const struct row_outputs *outputs = &looked_row(looked, row)->outputs;
    uint32_t tiers = outputs->tier != TIER_NONE ? 1u << outputs->tier : finding->tiers;
    finding->posts->named[function.index] = 1;
    for (uint32_t tier = TIER_CITY; tier < TIER_COUNT; tier++)
        if (tiers & 1u << tier)
            ask_from(finding, looked, row, &finding->askings[function.index * TIER_COUNT + tier]);
}

static void ask_for_row(struct finding_posts *finding, const struct looked *looked, uint32_t row)
{
    const struct row_outputs *outputs = &looked_row(looked, row)->outputs;
    if (outputs->function.index != FUNCTION_NONE.index)
        ask(finding, looked, row, outputs->function);
    for (uint32_t i = 0; i < outputs->co_count; i++)
        ask(finding, looked, row, outputs->co[i]);
    for (uint32_t i = 0; i < outputs->informed_count; i++)
        ask(finding, looked, row, outputs->informed[i]);
}

static uint32_t find_tiers(const struct looking *looking)
{
    uint32_t tiers = 0;
    for (uint32_t t = 0; t < looking->tables_count; t++)
        for (uint32_t i = 0; looked_row(&looking->tables[t], i) != NULL; i++)
            tiers |= 1u << looked_row(&looking->tables[t], i)->outputs.tier;
    tiers &= ~(1u << TIER_NONE);
    return tiers != 0 ? tiers : 1u << TIER_CITY; /* which decide takes where no row says one */
}

/* -- where that leads -------------------------------------------------------------------------- */

static struct unit climb(const struct city *city, struct function function, struct place place,
                         enum tier tier)
{
    const struct places *places = city_places(city);
    place = place_at_tier(places, place, tier);
    for (; !place_is_none(place); place = place_parent(places, place)) {
        struct unit unit = city_unit(city, function, place);
        if (unit.index != UNIT_NONE.index)
            return unit;
    }
    return UNIT_NONE;
}

static void follow(struct finding_posts *finding, struct function function, enum tier tier)
{
    const struct city *city = finding->looking->city;
    struct posts *posts = finding->posts;
    const struct asking *asking = &finding->askings[function.index * TIER_COUNT + tier];
    if (asking->everywhere == 0 && asking->places == NULL)
        return;
    for (uint32_t i = 0; i < places_count(city_places(city)); i++) {
        uint32_t mark = asking->everywhere != 0 ? asking->everywhere : asking->places[i];
        if (mark == 0)
            continue;
        struct unit unit = climb(city, function, (struct place){i}, tier);
        if (unit.index == UNIT_NONE.index || posts->ways[unit.index] != 0)
            continue;
        posts->list[posts->count++] = (struct post){
            (mark - 1) >> ROW_BITS, (mark - 1) & ((1u << ROW_BITS) - 1), function, tier, {i}};
        posts->ways[unit.index] = posts->count;
    }
}

const struct posts *posts_find(struct looking *looking)
{
    const struct city *city = looking->city;
    uint32_t functions = city_functions(city);
    struct posts *posts = arena_take(looking->arena, sizeof *posts);
    struct finding_posts finding = {
        .looking = looking,
        .posts = posts,
        .askings = arena_take(looking->arena,
                              ((size_t)functions * TIER_COUNT + 1) * sizeof *finding.askings),
        .tiers = find_tiers(looking)};
    posts->ways = arena_take(looking->arena, (city_units(city) + 1) * sizeof *posts->ways);
    posts->list = arena_take(looking->arena, (city_units(city) + 1) * sizeof *posts->list);
    posts->named = arena_take(looking->arena, functions + 1);
    posts->named[city_desk(city).index] = 1;
    for (uint32_t t = 0; t < looking->tables_count; t++)
        for (uint32_t i = 0; looked_row(&looking->tables[t], i) != NULL; i++)
            if (i == looking->tables[t].table->rows_count || !looking->tables[t].dead[i])
                ask_for_row(&finding, &looking->tables[t], i);
    for (uint32_t f = 0; f < functions; f++)
        for (uint32_t tier = TIER_CITY; tier < TIER_COUNT; tier++)
            follow(&finding, (struct function){f}, (enum tier)tier);
    return posts;
}

bool posts_name(const struct posts *posts, struct function function)
{
    return posts->named[function.index] != 0;
}

bool posts_reach(const struct posts *posts, struct unit unit)
{
    return posts->ways[unit.index] != 0;
}

struct post posts_way(const struct posts *posts, struct unit unit)
{
    return posts->list[posts->ways[unit.index] - 1];
}
