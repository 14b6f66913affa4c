#include "domain/decide.h"

#include "base/check.h"

static bool is_excluded(const struct excluded *excluded, struct unit unit)
{
    for (uint32_t i = 0; excluded != NULL && i < excluded->count; i++)
        if (excluded->units[i].index == unit.index)
            return true;
    return false;
}

/* Climbs from a place to the nearest unit with the function at the tier asked for or above. Notes
 * the places tried in climb, if there is one. */
static struct unit climb_to_unit(const struct city *city, struct function function,
                                 struct place place, enum tier tier,
                                 const struct excluded *excluded, struct decision *noted)
{
    const struct places *places = city_places(city);
    place = place_at_tier(places, place, tier);
    for (; !place_is_none(place); place = place_parent(places, place)) {
        if (noted != NULL)
            noted->climb[noted->climb_count++] = place;
        struct unit unit = city_unit(city, function, place);
        if (unit.index != UNIT_NONE.index && !is_excluded(excluded, unit))
            return unit;
    }
    return UNIT_NONE;
}

static void assign(struct decision *decision, struct unit unit, enum role role, uint8_t row)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++)
        if (decision->assignments[i].unit.index == unit.index)
            return;
    if (decision->assignments_count == ASSIGNMENTS_MAX)
        return; /* the book names at most 1 + 2 x RULES_UNITS_MAX; the last informed gives way */
    decision->assignments[decision->assignments_count++] = (struct assignment){unit, role, row};
}

/* Everything unclear goes to the desk, and nobody beside it. A climb that found nobody has ended at
 * the city already. */
static void send_to_desk(const struct city *city, uint8_t row, struct decision *decision)
{
    struct place root = {0};
    if (decision->climb_count == 0)
        decision->climb[decision->climb_count++] = root;
    assign(decision, city_unit(city, city_desk(city), root), ROLE_MAIN, row);
}

static void assign_others(const struct city *city, const struct function *functions, uint32_t count,
                          enum role role, uint8_t row, const struct excluded *excluded,
                          struct decision *decision)
{
    for (uint32_t i = 0; i < count; i++) {
        struct unit unit =
            climb_to_unit(city, functions[i], decision->place, decision->tier, excluded, NULL);
        if (unit.index != UNIT_NONE.index)
            assign(decision, unit, role, row);
    }
}

static void assign_by_book(const struct city *city, const struct outputs *outputs,
                           const struct excluded *excluded, struct decision *decision)
{
    struct unit main =
        climb_to_unit(city, outputs->function, decision->place, decision->tier, excluded, decision);
    if (main.index == UNIT_NONE.index) {
        decision->doubts |= DOUBT_NO_UNIT;
        send_to_desk(city, outputs->function_row, decision);
        return;
    }
    assign(decision, main, ROLE_MAIN, outputs->function_row);
    assign_others(city, outputs->co, outputs->co_count, ROLE_CO, outputs->co_row, excluded,
                  decision);
    assign_others(city, outputs->informed, outputs->informed_count, ROLE_INFORMED,
                  outputs->informed_row, excluded, decision);
}

void decide(const struct policy *policy, const struct facts *facts, const struct excluded *excluded,
            struct decision *decision)
{
    struct outputs outputs;
    rules_run(policy->rules, facts, &outputs);
    decision->place = facts->place;
    if (place_is_none(facts->place))
        decision->place.index = 0;
    decision->category = outputs.category;
    decision->function = outputs.function;
    decision->tier = outputs.tier != TIER_NONE ? outputs.tier : TIER_CITY;
    memcpy(decision->rows, outputs.rows, outputs.rows_count * sizeof outputs.rows[0]);
    decision->rows_count = outputs.rows_count;
    decision->climb_count = 0;
    decision->assignments_count = 0;
    decision->doubts = facts->doubts;
    decision->reporter_shown =
        outputs.reporter_shown && facts->type != TYPE_REPORT && !facts->secret;
    if (outputs.missed || outputs.function.index == FUNCTION_NONE.index)
        decision->doubts |= DOUBT_NO_RULE;
    if (decision->doubts != 0)
        send_to_desk(policy->city, outputs.function_row, decision);
    else
        assign_by_book(policy->city, &outputs, excluded, decision);
    CHECK(decision->assignments_count > 0 && decision->assignments[0].role == ROLE_MAIN);
}
