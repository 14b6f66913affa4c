/* explain_case - where a case would go: what decode, route and store would make of it. */
#include "base/check.h"
#include "stages/3_route.h"
#include "stages/explaining_parts.h"
#include "stages/lookup.h"

/* The state of the ticket that the case would join; false where it would become one of its own. */
static bool join(const struct explaining *explaining, const struct ticket *ticket,
                 const struct decision *decision, struct ticket_state *state,
                 char number[NUMBER_BYTES_MAX], uint32_t *doubts)
{
    struct store_reader *reader = explaining->explainer->reader;
    struct wire_lookup lookup = {.number = ticket->number};
    struct event_view last;
    struct misfit misfit;
    uint64_t serial;
    *doubts = DOUBT_EARLIER_UNKNOWN;
    if (reader == NULL || !lookup_serial(reader, &lookup, &serial, &misfit) ||
        lookup_last(reader, serial, &last) != OK)
        return false;
    *doubts = 0;
    bool readable = wire_event_state(last.open, state, number);
    CHECK(readable);
    return tickets_may_join(state, decision->kept_from);
}

/* What the store would do with what route has decided. */
static bool settle(struct explaining *explaining, const struct ticket *ticket, int64_t now_ms,
                   struct outlook *outlook, struct routing *routing, struct ticket_state *state,
                   char number[NUMBER_BYTES_MAX])
{
    const struct policy *policy = outlook->by.policy;
    bool strict = explaining->asked->strict;
    uint32_t doubts;
    number[0] = '\0';
    if (routing->decision.disposition == DISPOSITION_ATTACH) {
        if (join(explaining, ticket, &routing->decision, state, number, &doubts))
            return true;
        number[0] = '\0';
        route_anew(policy, ticket, strict, doubts, outlook->by.scratch, &outlook->facts, routing,
                   &explaining->misfit);
        if (strict && doubts != 0)
            route_refuse_unknown(ticket, &explaining->misfit);
        if (!routing->valid)
            return false;
    }
    struct dues dues = decide_dues(policy, &routing->decision, now_ms);
    tickets_begin(state, policy->city, &routing->decision, &dues);
    return true;
}

/* What is in force when the case comes in: what was asked for; else now what is, and at another
 * time what the calendar says. */
static enum regime regime_of(const struct explaining *explaining, const struct supposed *supposed,
                             const struct policy *policy, int64_t now_ms)
{
    enum regime ordered = supposed->at_ms == 0 ? explaining->explainer->ordered : REGIME_NONE;
    if (supposed->regime == REGIME_CALENDAR)
        ordered = REGIME_NONE;
    else if (supposed->regime != REGIME_NONE)
        ordered = supposed->regime;
    return regime_in_force(policy, ordered, now_ms);
}

static bool decide_case(struct explaining *explaining, const struct supposed *supposed,
                        struct shelved by, struct outlook *outlook)
{
    int64_t now_ms = supposed->at_ms != 0 ? supposed->at_ms : explaining->explainer->now_ms;
    struct ticket ticket;
    struct routing routing;
    struct ticket_state state;
    char number[NUMBER_BYTES_MAX];
    *outlook = (struct outlook){.by = by};
    if (!suppose_read(explaining, supposed->bytes, &ticket))
        return false;
    facts_set_moment(&ticket.facts, now_ms);
    ticket.facts.regime = regime_of(explaining, supposed, by.policy, now_ms);
    route_decide(by.policy, &ticket, explaining->asked->strict, by.scratch, &outlook->facts,
                 &routing, &explaining->misfit);
    if (!routing.valid || !settle(explaining, &ticket, now_ms, outlook, &routing, &state, number))
        return false;
    outlook->decision = routing.decision;
    suppose_event(explaining, outlook, supposed->bytes, now_ms, number, &state);
    return true;
}

struct span explain_case(struct explaining *explaining)
{
    const struct wire_explain *asked = explaining->asked;
    struct supposed supposed = {asked->ticket, asked->at_ms, asked->regime};
    struct outlook outlook;
    struct outlook before;
    struct misfit refused;
    struct shelved other;
    if (!explaining_other(explaining, &other))
        return explaining_refuse(explaining);
    bool good = decide_case(explaining, &supposed, explaining->explainer->in_force, &before);
    if (!suppose_is_asked(explaining, other))
        return good ? explaining_answer(explaining, &before, NULL, NULL)
                    : explaining_refuse_case(explaining);
    refused = explaining->misfit;
    if (!suppose_all(explaining, &supposed))
        return explaining_refuse(explaining);
    if (other.policy == NULL)
        other = explaining->explainer->in_force;
    if (!decide_case(explaining, &supposed, other, &outlook))
        return explaining_refuse_case(explaining);
    return explaining_answer(explaining, &outlook, good ? &before : NULL, good ? NULL : &refused);
}
