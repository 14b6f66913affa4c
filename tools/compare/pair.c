#include "tools/compare/pair.h"

#include "base/check.h"

#include <stdlib.h>

/* A thing of one side by its key. */
struct keyed {
    struct span key;
    uint32_t side;
    uint32_t index;
};

typedef struct span key_of(const struct city *city, uint32_t index);

static struct span key_of_unit(const struct city *city, uint32_t index)
{
    return unit_key(city, (struct unit){index});
}

static struct span key_of_function(const struct city *city, uint32_t index)
{
    return function_code(city, (struct function){index});
}

static struct span key_of_category(const struct city *city, uint32_t index)
{
    return category_code(city, (struct category){index});
}

static int by_key(const void *a, const void *b)
{
    const struct keyed *first = a;
    const struct keyed *second = b;
    int order = span_compare(first->key, second->key);
    return order != 0 ? order : (first->side > second->side) - (first->side < second->side);
}

static void number_all(const struct pair *pair, const uint32_t counts[SIDES], key_of *key,
                       struct arena *arena, struct numbering *numbering)
{
    uint32_t all = counts[SIDE_OLD] + counts[SIDE_NEW];
    struct keyed *keyed = arena_take(arena, (all + 1) * sizeof *keyed);
    uint32_t used = 0;
    for (uint32_t side = 0; side < SIDES; side++) {
        numbering->number[side] = arena_take(arena, (counts[side] + 1) * sizeof(uint32_t));
        numbering->index[side] = arena_take(arena, (all + 1) * sizeof(uint32_t));
        for (uint32_t i = 0; i < counts[side]; i++)
            keyed[used++] = (struct keyed){key(pair->policies[side]->city, i), side, i};
    }
    qsort(keyed, all, sizeof *keyed, by_key);
    numbering->count = 0;
    for (uint32_t i = 0; i < all; i++) {
        if (i == 0 || !span_equal(keyed[i].key, keyed[i - 1].key)) {
            numbering->index[SIDE_OLD][numbering->count] = COMMON_NONE;
            numbering->index[SIDE_NEW][numbering->count] = COMMON_NONE;
            numbering->count++;
        }
        numbering->number[keyed[i].side][keyed[i].index] = numbering->count - 1;
        numbering->index[keyed[i].side][numbering->count - 1] = keyed[i].index;
    }
}

void pair_init(struct pair *pair, const struct policy *old_policy, const struct policy *new_policy,
               struct arena *arena)
{
    const struct city *cities[SIDES] = {old_policy->city, new_policy->city};
    *pair = (struct pair){.policies = {old_policy, new_policy},
                          .alike = policies_alike(old_policy, new_policy)};
    const uint32_t units[SIDES] = {city_units(cities[0]), city_units(cities[1])};
    const uint32_t functions[SIDES] = {city_functions(cities[0]), city_functions(cities[1])};
    const uint32_t categories[SIDES] = {city_categories(cities[0]), city_categories(cities[1])};
    number_all(pair, units, key_of_unit, arena, &pair->units);
    number_all(pair, functions, key_of_function, arena, &pair->functions);
    number_all(pair, categories, key_of_category, arena, &pair->categories);
}

/* The city that has a number, and its index there. */
static const struct city *city_that_has(const struct pair *pair, const struct numbering *numbering,
                                        uint32_t number, uint32_t *index)
{
    CHECK(number < numbering->count);
    uint32_t side = numbering->index[SIDE_OLD][number] != COMMON_NONE ? SIDE_OLD : SIDE_NEW;
    *index = numbering->index[side][number];
    return pair->policies[side]->city;
}

struct span pair_unit_key(const struct pair *pair, uint32_t number)
{
    uint32_t index;
    const struct city *city = city_that_has(pair, &pair->units, number, &index);
    return unit_key(city, (struct unit){index});
}

struct span pair_unit_name(const struct pair *pair, uint32_t number)
{
    uint32_t index;
    const struct city *city = city_that_has(pair, &pair->units, number, &index);
    return unit_name(city, (struct unit){index});
}

enum tier pair_unit_tier(const struct pair *pair, uint32_t number)
{
    uint32_t index;
    const struct city *city = city_that_has(pair, &pair->units, number, &index);
    return place_tier(city_places(city), unit_place(city, (struct unit){index}));
}

bool pair_unit_is_desk(const struct pair *pair, uint32_t number)
{
    uint32_t index;
    const struct city *city = city_that_has(pair, &pair->units, number, &index);
    return unit_function(city, (struct unit){index}).index == city_desk(city).index;
}

struct span pair_function_name(const struct pair *pair, uint32_t number)
{
    uint32_t index;
    const struct city *city = city_that_has(pair, &pair->functions, number, &index);
    return function_name(city, (struct function){index});
}

struct span pair_category_code(const struct pair *pair, uint32_t number)
{
    uint32_t index;
    const struct city *city = city_that_has(pair, &pair->categories, number, &index);
    return category_code(city, (struct category){index});
}

struct span pair_category_name(const struct pair *pair, uint32_t number)
{
    uint32_t index;
    const struct city *city = city_that_has(pair, &pair->categories, number, &index);
    return category_name(city, (struct category){index});
}
