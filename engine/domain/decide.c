#include "domain/decide.h"

#include "base/check.h"

_Static_assert(1 + RULES_INFORMED_MAX == ASSIGNMENTS_MAX,
               "of whom rows name, as many as a ticket has room for are kept");

static bool is_excluded(const struct excluded *excluded, struct unit unit)
{
    for (uint32_t i = 0; excluded != NULL && i < excluded->count; i++)
        if (excluded->units[i].index == unit.index)
            return true;
    return false;
}

bool decide_is_kept_from(const struct city *city, struct unit about, struct unit unit)
{
    if (about.index == UNIT_NONE.index)
        return false;
    if (unit.index == about.index)
        return true;
    if (unit.index == UNIT_NONE.index)
        return false;
    struct function function = unit_function(city, unit);
    struct function accused = unit_function(city, about);
    return place_is_within(city_places(city), unit_place(city, unit), unit_place(city, about)) &&
           (function.index == accused.index || accused.index == city_government(city).index);
}

/* What may get a ticket: not who returned it, nor whom it is a report or complaint about. */
struct reach {
    const struct city *city;
    const struct excluded *excluded;
    struct unit kept_from;
};

static bool reaches(const struct reach *reach, struct unit unit)
{
    return unit.index != UNIT_NONE.index && !is_excluded(reach->excluded, unit) &&
           !decide_is_kept_from(reach->city, reach->kept_from, unit);
}

/* Climbs from a place to the nearest unit with the function at the tier asked for or above. Notes
 * the places tried in the decision's climb, if there is one. */
static struct unit climb_to_unit(const struct reach *reach, struct function function,
                                 struct place place, enum tier tier, struct decision *noted)
{
    const struct places *places = city_places(reach->city);
    place = place_at_tier(places, place, tier);
    for (; !place_is_none(place); place = place_parent(places, place)) {
        if (noted != NULL)
            noted->climb[noted->climb_count++] = place;
        struct unit unit = city_unit(reach->city, function, place);
        if (reaches(reach, unit))
            return unit;
    }
    return UNIT_NONE;
}

struct unit decide_climb(const struct city *city, struct function function, struct place place,
                         enum tier tier, const struct excluded *excluded, struct unit kept_from)
{
    struct reach reach = {city, excluded, kept_from};
    return climb_to_unit(&reach, function, place, tier, NULL);
}

/* One unit more, unless it is there already; where there is no room, that is a doubt. */
static void assign(struct decision *decision, struct unit unit, enum role role, uint8_t row)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++)
        if (decision->assignments[i].unit.index == unit.index)
            return;
    if (decision->assignments_count == ASSIGNMENTS_MAX) {
        decision->doubts |= DOUBT_CROWDED;
        return;
    }
    decision->assignments[decision->assignments_count++] = (struct assignment){unit, role, row};
}

/* Everything unclear goes to the desk, and nobody beside it; what is not dispatched is the desk's
 * too. A climb that found nobody has ended at the city already. The desk is never kept from a case:
 * somebody must have it. */
static void send_to_desk(const struct city *city, uint8_t row, struct decision *decision)
{
    struct place root = {0};
    if (decision->climb_count == 0)
        decision->climb[decision->climb_count++] = root;
    assign(decision, city_unit(city, city_desk(city), root), ROLE_MAIN, row);
}

static void assign_others(const struct reach *reach, const struct named *named, enum role role,
                          struct decision *decision)
{
    for (uint32_t i = 0; i < named->count; i++) {
        struct unit unit =
            climb_to_unit(reach, named->functions[i], decision->place, decision->tier, NULL);
        if (unit.index != UNIT_NONE.index)
            assign(decision, unit, role, named->rows[i]);
    }
}

static void assign_by_book(const struct reach *reach, const struct outputs *outputs,
                           struct decision *decision)
{
    struct unit main =
        climb_to_unit(reach, outputs->function, decision->place, decision->tier, decision);
    if (main.index == UNIT_NONE.index) {
        decision->doubts |= DOUBT_NO_UNIT;
        send_to_desk(reach->city, outputs->function_row, decision);
        return;
    }
    assign(decision, main, ROLE_MAIN, outputs->function_row);
    assign_others(reach, &outputs->co, ROLE_CO, decision);
    assign_others(reach, &outputs->informed, ROLE_INFORMED, decision);
    if ((decision->doubts & DOUBT_CROWDED) == 0)
        return;
    decision->assignments_count = decision->climb_count = 0;
    send_to_desk(reach->city, outputs->function_row, decision);
}

/* What the book said, as the decision keeps it. */
static void take_over(const struct facts *facts, const struct outputs *outputs,
                      struct decision *decision)
{
    decision->category = outputs->category;
    decision->function = outputs->function;
    decision->tier = outputs->tier != TIER_NONE ? outputs->tier : TIER_CITY;
    memcpy(decision->rows, outputs->rows, outputs->rows_count * sizeof outputs->rows[0]);
    decision->rows_count = outputs->rows_count;
    decision->disposition = outputs->disposition;
    decision->advice = outputs->advice;
    decision->urgency = outputs->urgency;
    decision->limit = outputs->limit;
    decision->sign_limit = outputs->sign_limit;
    memcpy(decision->category_candidates, outputs->candidates, sizeof outputs->candidates);
    decision->category_candidates_count =
        outputs->category.index == CATEGORY_NONE.index ? outputs->candidates_count : 0;
    decision->category_from_words = outputs->category_from_words;
    decision->reporter_shown =
        outputs->reporter_shown && facts->type != TYPE_REPORT && !facts->secret;
}

/* Doubts about what is dispatched; what is not needs no unit. */
static uint32_t doubts_of(const struct policy *policy, const struct facts *facts,
                          const struct outputs *outputs)
{
    uint32_t doubts = facts->doubts;
    bool to_desk = outputs->function.index == city_desk(policy->city).index;
    if (outputs->disposition != DISPOSITION_DISPATCH)
        return (facts->doubts & DOUBT_EARLIER_UNKNOWN) | (outputs->crowded ? DOUBT_CROWDED : 0);
    if (outputs->missed || outputs->function.index == FUNCTION_NONE.index)
        doubts |= DOUBT_NO_RULE;
    if (outputs->crowded)
        doubts |= DOUBT_CROWDED;
    if (to_desk && outputs->category.index == CATEGORY_NONE.index)
        doubts |= DOUBT_CATEGORY_UNCLEAR;
    return doubts;
}

void decide(const struct policy *policy, const struct facts *facts, const struct excluded *excluded,
            struct scratch *scratch, struct decision *decision)
{
    struct outputs outputs;
    rules_run(policy->rules, facts, scratch, &outputs);
    decision->place = facts->place;
    if (place_is_none(facts->place))
        decision->place.index = 0;
    decision->place_from_words = facts->place_from_words;
    decision->place_candidates = facts->places;
    decision->regime = facts->regime;
    bool accuses = facts->type == TYPE_REPORT || facts->type == TYPE_COMPLAINT;
    decision->kept_from = accuses ? facts->about : UNIT_NONE;
    decision->climb_count = decision->assignments_count = 0;
    take_over(facts, &outputs, decision);
    decision->doubts = doubts_of(policy, facts, &outputs);
    struct reach reach = {policy->city, excluded, decision->kept_from};
    if (decision->disposition != DISPOSITION_DISPATCH) {
        send_to_desk(policy->city, 0, decision);
        assign_others(&reach, &outputs.informed, ROLE_INFORMED, decision);
    } else if (decision->doubts != 0) {
        send_to_desk(policy->city, outputs.function_row, decision);
    } else {
        assign_by_book(&reach, &outputs, decision);
    }
    CHECK(decision->assignments_count > 0 && decision->assignments[0].role == ROLE_MAIN);
}

struct dues decide_dues(const struct policy *policy, const struct decision *decision,
                        int64_t now_ms)
{
    const struct calendar *calendar = city_calendar(policy->city);
    bool provisional = false;
    if (decision->disposition != DISPOSITION_DISPATCH)
        return (struct dues){.issued_ms = now_ms};
    int64_t due_ms = calendar_due_ms(calendar, now_ms, decision->limit, &provisional);
    int64_t sign_by_ms = calendar_due_ms(calendar, now_ms, decision->sign_limit, &provisional);
    return (struct dues){now_ms, due_ms, sign_by_ms, provisional};
}
