#include "stages/recalled.h"

#include "stages/3_route.h"
#include "stages/lookup.h"

/* Reads back through the ticket, from the event to its first: what the desk had corrected. */
static enum err collect_corrections(struct store_reader *reader, const struct event_view *event,
                                    struct recalled *recalled)
{
    struct event_view view = *event;
    struct act act;
    while (view.number != event->serial) {
        if (view.kind == KIND_ACT && wire_event_act(view.open, &act))
            recall_note(&act, &recalled->corrected);
        if (view.previous >= view.number || view.previous < event->serial ||
            store_reader_event(reader, view.previous, &view) != OK)
            return ERR_DAMAGED;
    }
    recalled->first = (struct event_parts){view.open, view.story, {0}};
    recalled->received_ms = view.time_ms;
    recalled->erased = view.erased;
    return OK;
}

/* How the ticket stood after the act, and before it was decided anew. */
static enum err apply_act(struct store_reader *reader, const struct event_view *event,
                          struct recalled *recalled)
{
    struct event_view before;
    struct act act;
    char number[NUMBER_BYTES_MAX];
    char message[160];
    if (store_reader_event(reader, event->previous, &before) != OK ||
        !wire_event_state(before.open, &recalled->state, number) ||
        !wire_event_act(event->open, &act))
        return ERR_DAMAGED;
    if (tickets_apply(&recalled->state, &act, message, sizeof message) != MOVE_REDECIDE)
        return ERR_DAMAGED;
    recalled->doubts = recall_doubts(&recalled->state, act.verb);
    return OK;
}

/* A case about an earlier ticket that became one of its own: was there such a ticket then? */
static uint32_t doubts_about_earlier(struct store_reader *reader, const struct event_view *event)
{
    struct wire_lookup lookup = {.number = wire_event_earlier(event->open)};
    struct misfit misfit;
    uint64_t serial;
    if (lookup.number.bytes == 0)
        return 0;
    bool found = lookup_serial(reader, &lookup, &serial, &misfit) && serial < event->number;
    struct event_view first;
    if (found)
        found = store_reader_event(reader, serial, &first) == OK && first.serial == serial;
    return found ? 0 : DOUBT_EARLIER_UNKNOWN;
}

enum err recalled_read(struct store_reader *reader, const struct event_view *event,
                       struct recalled *recalled)
{
    struct wire_decision decided;
    if (!wire_event_decision(event->open, &decided))
        return ERR_NOT_FOUND;
    *recalled = (struct recalled){
        .first = {event->open, event->story, {0}},
        .received_ms = event->time_ms,
        .decided_ms = event->time_ms,
        .policy = decided.policy,
        .regime = decided.regime,
        .by_case = event->kind == KIND_CASE,
        .attached = event->kind == KIND_CASE && event->serial != event->number,
        .erased = event->erased,
    };
    if (recalled->by_case) {
        recalled->doubts = recalled->attached ? 0 : doubts_about_earlier(reader, event);
        return OK;
    }
    enum err err = collect_corrections(reader, event, recalled);
    return err == OK ? apply_act(reader, event, recalled) : err;
}

/* As route decides, and store where the earlier ticket takes no more. */
static bool decide_case(const struct recalled *recalled, const struct policy *policy,
                        struct scratch *scratch, struct facts *facts, struct decision *decision,
                        struct misfit *misfit)
{
    struct ticket ticket = {.valid = true};
    struct routing routing;
    if (!wire_event_case(recalled->first.open, recalled->first.story, &ticket.facts,
                         &ticket.words)) {
        *misfit = (struct misfit){.field = "case"};
        return false;
    }
    facts_set_moment(&ticket.facts, recalled->received_ms);
    ticket.facts.regime = recalled->regime;
    route_decide(policy, &ticket, false, scratch, facts, &routing, misfit);
    if (routing.valid && routing.decision.disposition == DISPOSITION_ATTACH && !recalled->attached)
        route_anew(policy, &ticket, false, recalled->doubts, scratch, facts, &routing, misfit);
    *decision = routing.decision;
    return routing.valid;
}

bool recalled_decide(const struct recalled *recalled, const struct policy *policy,
                     struct scratch *scratch, struct facts *facts, struct excluded *excluded,
                     struct decision *decision, struct misfit *misfit)
{
    excluded->count = 0;
    if (recalled->by_case && !recalled->erased)
        return decide_case(recalled, policy, scratch, facts, decision, misfit);
    tickets_excluded(&recalled->state, policy->city, excluded);
    recall_anew(policy, &recalled->first, &recalled->corrected, recalled->received_ms,
                recalled->regime, excluded, recalled->doubts, scratch, facts, decision);
    return true;
}
