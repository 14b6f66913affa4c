#include "stages/3_route.h"

#include "base/fetch.h"

#include <stdio.h>

enum { SLOTS_AHEAD = 4, COMMANDS_AHEAD = 2 };

struct route_stage {
    struct pipeline *pipeline;
    struct scratch *scratch; /* of the book in */
    uint8_t book;            /* this place */
};

static void resolve_and_decide(const struct policy *policy, const struct ticket *ticket,
                               bool strict, uint32_t doubts, struct scratch *scratch,
                               struct facts *facts, struct routing *routing, struct misfit *misfit)
{
    struct decision *decision = &routing->decision;
    routing->valid = facts_resolve(policy->city, &ticket->words, strict, scratch, facts, misfit);
    if (!routing->valid)
        return;
    facts->doubts |= doubts;
    decide(policy, facts, NULL, scratch, decision);
    routing->valid = !strict || decision->doubts == 0;
    if (!routing->valid)
        facts_refuse_doubts(policy->city, facts, decision->doubts, decision->category_candidates,
                            decision->category_candidates_count, misfit);
}

void route_decide(const struct policy *policy, const struct ticket *ticket, bool strict,
                  struct scratch *scratch, struct facts *facts, struct routing *routing,
                  struct misfit *misfit)
{
    *facts = ticket->facts;
    resolve_and_decide(policy, ticket, strict, 0, scratch, facts, routing, misfit);
}

void route_anew(const struct policy *policy, const struct ticket *ticket, bool strict,
                uint32_t doubts, struct scratch *scratch, struct facts *facts,
                struct routing *routing, struct misfit *misfit)
{
    *facts = ticket->facts;
    facts->earlier = FLAG_NO;
    resolve_and_decide(policy, ticket, strict, doubts, scratch, facts, routing, misfit);
}

void route_refuse_unknown(const struct ticket *ticket, struct misfit *misfit)
{
    *misfit = (struct misfit){.field = "earlier_ticket"};
    snprintf(misfit->message, sizeof misfit->message,
             "there is no ticket %.*s; leave it out, or submit without strict",
             SPAN_ARG(ticket->number));
}

static void route_case(struct route_stage *stage, struct slot *slot)
{
    struct facts facts;
    route_decide(slot->arrival.policy, &slot->ticket, slot->arrival.strict, stage->scratch, &facts,
                 &slot->routing, &slot->misfit);
}

/* Where an act goes to must exist; who acts need not, since a ticket outlives its policy. */
static bool route_reassign(struct slot *slot)
{
    const struct act *act = &slot->ticket.act;
    const struct city *city = slot->arrival.policy->city;
    if (city_unit_by_key(city, act->to_unit).index != UNIT_NONE.index)
        return true;
    slot->misfit = (struct misfit){.field = "to_unit", .value = act->to_unit};
    snprintf(slot->misfit.message, sizeof slot->misfit.message,
             "no unit of %.*s has this key; keys look like %.*s", SPAN_ARG(city_name(city)),
             SPAN_ARG(unit_key(city, (struct unit){0})));
    return false;
}

/* What the desk corrects a case to must mean one thing. */
static bool route_correct(struct route_stage *stage, struct slot *slot)
{
    const struct act *act = &slot->ticket.act;
    struct case_words words = {.category = act->category, .place = act->place};
    struct facts facts;
    return facts_resolve(slot->arrival.policy->city, &words, true, stage->scratch, &facts,
                         &slot->misfit);
}

static void route_act(struct route_stage *stage, struct slot *slot)
{
    slot->routing.valid = true;
    if (slot->ticket.act.verb == VERB_REASSIGN)
        slot->routing.valid = route_reassign(slot);
    if (slot->ticket.act.verb == VERB_CORRECT)
        slot->routing.valid = route_correct(stage, slot);
}

/* What is read of a slot that decode has just written, and what will be written where store,
 * publish and ingress have read. */
static void expect(struct slot *slot)
{
    fetch(slot, &slot->routing);
    fetch_to_write(&slot->routing, &slot->batch);
}

/* The command itself, when its slot is here: all of a usual one. */
static void expect_command(const struct slot *slot)
{
    enum { USUAL_BYTES = 512 };
    const struct span bytes = slot->arrival.bytes;
    fetch(bytes.data, bytes.data + (bytes.bytes < USUAL_BYTES ? bytes.bytes : USUAL_BYTES));
}

/* From its first command on, which is the one that it comes with: the place may have been that of
 * another book before. */
static bool is_another(const struct route_stage *stage, const struct arrival *arrival)
{
    return arrival->book != stage->book || arrival->command == COMMAND_BOOK;
}

static void use(struct route_stage *stage, uint8_t book)
{
    stage->book = book;
    stage->scratch = stage->pipeline->books[book].scratches[BOOK_ROUTE];
}

static uint64_t route_work(void *self, uint64_t next, uint64_t limit)
{
    struct route_stage *stage = self;
    for (uint64_t i = next; i < limit; i++) {
        struct slot *slot = pipeline_slot(stage->pipeline, i);
        if (i + SLOTS_AHEAD < limit)
            expect(pipeline_slot(stage->pipeline, i + SLOTS_AHEAD));
        if (i + COMMANDS_AHEAD < limit)
            expect_command(pipeline_slot(stage->pipeline, i + COMMANDS_AHEAD));
        if (is_another(stage, &slot->arrival))
            use(stage, slot->arrival.book);
        if (!slot->ticket.valid)
            continue;
        if (slot->arrival.command == COMMAND_CASE)
            route_case(stage, slot);
        else if (slot->arrival.command == COMMAND_ACT)
            route_act(stage, slot);
    }
    return limit;
}

void route_stage_create(struct pipeline *pipeline, struct arena *arena)
{
    struct route_stage *stage = arena_take(arena, sizeof *stage);
    stage->pipeline = pipeline;
    use(stage, 0);
    pipeline->route = (struct stage){
        .name = "route",
        .gate = {.cursors = {&pipeline->decode.cursor}, .count = 1},
        .work = route_work,
        .self = stage,
        .clock = pipeline->clock,
    };
}
