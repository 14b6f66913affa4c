/* store_act - what units and the desk do to a ticket. */
#include "stages/recall.h"
#include "stages/storing.h"

#include <stdio.h>

/* A return decides the case anew, without the units that returned it. */
static void decide_anew(struct store_stage *stage, const struct slot *slot, uint64_t serial,
                        uint64_t last, struct ticket_state *state, struct decision *decision)
{
    const struct policy *policy = slot->arrival.policy;
    uint32_t doubts = recall_doubts(state, slot->ticket.act.verb);
    struct excluded excluded;
    tickets_excluded(state, policy->city, &excluded);
    recall_decide(stage, slot, serial, last, &excluded, doubts, decision);
    struct dues dues = decide_dues(policy, decision, slot->arrival.time_ms);
    tickets_redecided(state, policy->city, decision, &dues);
}

/* The unit's own clock begins with its assignment, however late the ticket is; how long it is, the
 * book says. */
static struct dues dues_of_reassigned(struct store_stage *stage, const struct slot *slot,
                                      uint64_t serial, uint64_t last)
{
    struct decision decision;
    recall_decide(stage, slot, serial, last, NULL, 0, &decision);
    return decide_dues(slot->arrival.policy, &decision, slot->arrival.time_ms);
}

/* A report or complaint never reaches whom it is about, not by the desk's hand either. */
static bool is_kept_from(struct store_stage *stage, const struct slot *slot, uint64_t serial,
                         uint64_t last)
{
    const struct city *city = slot->arrival.policy->city;
    return slot->ticket.act.verb == VERB_REASSIGN &&
           recall_is_kept_from(stage, city, serial, last,
                               city_unit_by_key(city, slot->ticket.act.to_unit));
}

/* The message is there already. */
static bool refuse_act(struct store_stage *stage, struct slot *slot, const char *field)
{
    slot->misfit.field = field;
    slot->misfit.value = (struct span){0};
    storing_refuse(stage, slot, OUTCOME_REFUSED);
    return true;
}

static bool apply(struct store_stage *stage, struct slot *slot, uint64_t serial,
                  const struct event_view *last, struct ticket_state *state)
{
    struct act act = slot->ticket.act;
    struct misfit *refusal = &slot->misfit;
    struct decision decision;
    struct keeping keeping;
    if (is_kept_from(stage, slot, serial, last->number)) {
        snprintf(refusal->message, sizeof refusal->message,
                 "the ticket is about %.*s or a unit above it, and is kept from it",
                 SPAN_ARG(act.to_unit));
        return refuse_act(stage, slot, "to_unit");
    }
    if (act.verb == VERB_REASSIGN && tickets_is_open(state))
        act.dues = dues_of_reassigned(stage, slot, serial, last->number);
    enum move move = tickets_apply(state, &act, refusal->message, sizeof refusal->message);
    if (move == MOVE_REFUSED) {
        storing_name_main(state, &slot->receipt);
        return refuse_act(stage, slot, "verb");
    }
    if (move == MOVE_REDECIDE)
        decide_anew(stage, slot, serial, last->number, state, &decision);
    storing_begin(stage, slot, serial, last->number, state, &keeping);
    keeping.text.decision = move == MOVE_REDECIDE ? &decision : NULL;
    storing_name_main(state, &slot->receipt);
    storing_tell_all(stage, &keeping, storing_shows_reporter(stage, serial));
    return storing_append(stage, slot, &keeping);
}

bool store_act(struct store_stage *stage, struct slot *slot)
{
    struct event_view last;
    struct ticket_state state;
    uint64_t serial;
    if (!storing_find(stage, slot->ticket.number, &serial, &last)) {
        snprintf(slot->misfit.message, sizeof slot->misfit.message, "there is no ticket %.*s",
                 SPAN_ARG(slot->ticket.number));
        return refuse_act(stage, slot, "number");
    }
    storing_read_state(&last, &state, &slot->receipt);
    slot->receipt.serial = serial;
    return apply(stage, slot, serial, &last, &state);
}
