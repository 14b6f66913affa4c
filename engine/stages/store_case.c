/* store_case - a case becomes a ticket, or one more event of the ticket that it is about. */
#include "stages/3_route.h"
#include "stages/storing.h"

static void answer_case(struct slot *slot, const struct decision *decision,
                        const struct ticket_state *state)
{
    struct receipt *receipt = &slot->receipt;
    receipt->disposition = decision->disposition;
    receipt->advice = decision->advice;
    storing_name_main(state, receipt);
}

/* Its units are at hand, and need not be found by their keys. */
static void tell_assigned(struct keeping *keeping, const struct decision *decision)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        const struct assignment *assignment = &decision->assignments[i];
        storing_tell(keeping, assignment->unit,
                     decision->reporter_shown && assignment->role == ROLE_MAIN);
    }
}

static void name_ticket(struct store_stage *stage, struct slot *slot)
{
    int32_t day = day_of_ms(slot->arrival.time_ms);
    uint64_t ordinal = store_next(stage->store) - store_day_first(stage->store, day) + 1;
    slot->receipt.number_bytes =
        (uint8_t)number_format_on(&stage->stem, day, ordinal, slot->receipt.number);
}

static bool begin_ticket(struct store_stage *stage, struct slot *slot,
                         const struct decision *decision)
{
    const struct policy *policy = slot->arrival.policy;
    int64_t now_ms = slot->arrival.time_ms;
    struct ticket_state state;
    struct dues dues = decide_dues(policy, decision, now_ms);
    struct keeping keeping;
    name_ticket(stage, slot);
    tickets_begin(&state, policy->city, decision, &dues);
    storing_begin(stage, slot, 0, 0, &state, &keeping);
    keeping.text.decision = decision;
    tell_assigned(&keeping, decision);
    answer_case(slot, decision, &state);
    return storing_append(stage, slot, &keeping);
}

/* The ticket goes on as it is; whoever has a part in it hears what more was said. Whose reporter
 * was not shown at first asked for secrecy, and would be known by the second. */
static bool attach(struct store_stage *stage, struct slot *slot, uint64_t serial,
                   const struct event_view *last, const struct ticket_state *state)
{
    const struct decision *decision = &slot->routing.decision;
    struct keeping keeping;
    bool shown = decision->reporter_shown && storing_shows_reporter(stage, serial);
    storing_begin(stage, slot, serial, last->number, state, &keeping);
    keeping.text.decision = decision;
    answer_case(slot, decision, state);
    storing_tell_all(stage, &keeping, shown);
    return storing_append(stage, slot, &keeping);
}

/* The earlier ticket takes no more, or is not ours: a case like any other. Only now shows whether
 * it is doubtful. */
static bool begin_anew(struct store_stage *stage, struct slot *slot, uint32_t doubts)
{
    const struct arrival *arrival = &slot->arrival;
    struct facts facts;
    struct routing routing;
    route_anew(arrival->policy, &slot->ticket, arrival->strict, doubts, stage->scratch, &facts,
               &routing, &slot->misfit);
    if (routing.valid)
        return begin_ticket(stage, slot, &routing.decision);
    slot->receipt.number_bytes = 0;
    storing_refuse(stage, slot, OUTCOME_INVALID);
    return true;
}

static bool refuse_unknown(struct store_stage *stage, struct slot *slot)
{
    route_refuse_unknown(&slot->ticket, &slot->misfit);
    storing_refuse(stage, slot, OUTCOME_INVALID);
    return true;
}

static bool store_about_earlier(struct store_stage *stage, struct slot *slot)
{
    uint64_t serial;
    struct event_view last;
    struct ticket_state state;
    if (!storing_find(stage, slot->ticket.number, &serial, &last))
        return slot->arrival.strict ? refuse_unknown(stage, slot)
                                    : begin_anew(stage, slot, DOUBT_EARLIER_UNKNOWN);
    storing_read_state(&last, &state, &slot->receipt);
    return tickets_may_join(&state, slot->routing.decision.kept_from)
               ? attach(stage, slot, serial, &last, &state)
               : begin_anew(stage, slot, 0);
}

bool store_case(struct store_stage *stage, struct slot *slot)
{
    const struct decision *decision = &slot->routing.decision;
    return decision->disposition == DISPOSITION_ATTACH ? store_about_earlier(stage, slot)
                                                       : begin_ticket(stage, slot, decision);
}
