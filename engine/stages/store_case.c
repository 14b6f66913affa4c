/* store_case - a case becomes a ticket, or one more event of the ticket that it is about. */
#include "stages/storing.h"

#include <stdio.h>

static void answer_case(struct slot *slot, const struct decision *decision,
                        const struct ticket_state *state)
{
    struct receipt *receipt = &slot->receipt;
    receipt->disposition = decision->disposition;
    receipt->advice = decision->advice;
    storing_name_main(state, receipt);
}

static bool begin_ticket(struct store_stage *stage, struct slot *slot,
                         const struct decision *decision)
{
    const struct policy *policy = slot->arrival.policy;
    int64_t now_ms = slot->arrival.time_ms;
    int32_t day = day_of_ms(now_ms);
    uint64_t number = store_next(stage->store);
    number_format(day, number - store_day_first(stage->store, day) + 1, slot->receipt.number);
    struct ticket_state state;
    struct dues dues = decide_dues(policy, decision, now_ms);
    struct keeping keeping;
    tickets_begin(&state, policy->city, decision, &dues);
    storing_begin(stage, slot, 0, 0, &state, &keeping);
    keeping.text.decision = decision;
    answer_case(slot, decision, &state);
    return storing_append(stage, slot, decision->reporter_shown, &keeping);
}

/* The ticket goes on as it is; whoever has a part in it hears what more was said. */
static bool attach(struct store_stage *stage, struct slot *slot, uint64_t serial,
                   const struct event_view *last, const struct ticket_state *state)
{
    const struct decision *decision = &slot->routing.decision;
    struct keeping keeping;
    storing_begin(stage, slot, serial, last->number, state, &keeping);
    keeping.text.decision = decision;
    answer_case(slot, decision, state);
    return storing_append(stage, slot, decision->reporter_shown, &keeping);
}

/* What route would have refused, had it known. */
static bool refuse_doubtful(struct store_stage *stage, struct slot *slot, const struct facts *facts,
                            const struct decision *decision)
{
    struct misfit *refusal = &slot->receipt.refusal;
    facts_refuse_doubts(slot->arrival.policy->city, facts, decision->doubts,
                        decision->category_candidates, decision->category_candidates_count,
                        refusal);
    slot->receipt.number[0] = '\0';
    storing_refuse(stage, slot, OUTCOME_INVALID, refusal->field);
    return true;
}

/* The earlier ticket is closed, or not ours, or with whom this must not reach: a case like any
 * other. */
static bool begin_anew(struct store_stage *stage, struct slot *slot, uint32_t doubts)
{
    const struct policy *policy = slot->arrival.policy;
    struct facts facts = slot->ticket.facts;
    struct misfit misfit;
    struct decision decision;
    bool resolved =
        facts_resolve(policy->city, &slot->ticket.words, false, stage->scratch, &facts, &misfit);
    CHECK(resolved); /* route resolved it */
    facts.earlier = FLAG_NO;
    facts.doubts |= doubts;
    decide(policy, &facts, NULL, stage->scratch, &decision);
    if (slot->arrival.strict && decision.doubts != 0)
        return refuse_doubtful(stage, slot, &facts, &decision);
    return begin_ticket(stage, slot, &decision);
}

static bool refuse_unknown(struct store_stage *stage, struct slot *slot)
{
    struct misfit *refusal = &slot->receipt.refusal;
    snprintf(refusal->message, sizeof refusal->message,
             "there is no ticket %.*s; leave it out, or submit without strict",
             SPAN_ARG(slot->ticket.number));
    storing_refuse(stage, slot, OUTCOME_INVALID, "earlier_ticket");
    return true;
}

/* Would whom this report is about read it with the earlier ticket? */
static bool would_reach_accused(const struct slot *slot, const struct ticket_state *state)
{
    const struct city *city = slot->arrival.policy->city;
    struct unit about = slot->routing.decision.kept_from;
    for (uint32_t i = 0; i < state->count; i++) {
        struct unit unit = city_unit_by_key(city, span_of_string(state->parts[i].unit));
        if (decide_is_kept_from(city, about, unit))
            return true;
    }
    return false;
}

static bool store_about_earlier(struct store_stage *stage, struct slot *slot)
{
    uint64_t serial;
    struct event_view last;
    struct ticket_state state;
    if (!storing_find(stage, slot->ticket.number, &serial, &last))
        return slot->arrival.strict ? refuse_unknown(stage, slot)
                                    : begin_anew(stage, slot, DOUBT_EARLIER_UNKNOWN);
    bool readable = wire_event_state(last.open, &state, slot->receipt.number);
    CHECK(readable);
    return tickets_is_open(&state) && !would_reach_accused(slot, &state)
               ? attach(stage, slot, serial, &last, &state)
               : begin_anew(stage, slot, 0);
}

bool store_case(struct store_stage *stage, struct slot *slot)
{
    const struct decision *decision = &slot->routing.decision;
    return decision->disposition == DISPOSITION_ATTACH ? store_about_earlier(stage, slot)
                                                       : begin_ticket(stage, slot, decision);
}
