#include "stages/3_route.h"

#include <stdio.h>

static void route_case(const struct slot *slot, struct routing *routing)
{
    const struct policy *policy = slot->arrival.policy;
    struct facts facts = slot->ticket.facts;
    routing->valid = facts_resolve(policy->city, &slot->ticket.words, slot->arrival.strict, &facts,
                                   &routing->misfit);
    if (routing->valid)
        decide(policy, &facts, NULL, &routing->decision);
}

/* Where an act goes to must exist; who acts need not, since a ticket outlives its policy. */
static void route_act(const struct slot *slot, struct routing *routing)
{
    const struct act *act = &slot->ticket.act;
    const struct city *city = slot->arrival.policy->city;
    routing->valid =
        act->verb != VERB_REASSIGN || city_unit_by_key(city, act->to_unit).index != UNIT_NONE.index;
    if (routing->valid)
        return;
    routing->misfit = (struct misfit){.field = "to_unit", .value = act->to_unit};
    snprintf(routing->misfit.message, sizeof routing->misfit.message,
             "no unit of %.*s has this key; keys look like %.*s", SPAN_ARG(city_name(city)),
             SPAN_ARG(unit_key(city, (struct unit){0})));
}

static uint64_t route_work(void *self, uint64_t next, uint64_t limit)
{
    const struct pipeline *pipeline = self;
    for (uint64_t i = next; i < limit; i++) {
        struct slot *slot = pipeline_slot(pipeline, i);
        if (!slot->ticket.valid)
            continue;
        if (slot->arrival.command == COMMAND_CASE)
            route_case(slot, &slot->routing);
        else
            route_act(slot, &slot->routing);
    }
    return limit;
}

void route_init(struct pipeline *pipeline)
{
    pipeline->route = (struct stage){
        .name = "route",
        .gate = {.cursors = {&pipeline->decode.cursor}, .count = 1},
        .work = route_work,
        .self = pipeline,
        .clock = pipeline->clock,
    };
}
