/* read_explain - why a case goes where it goes: a ticket's last decision, or one that would be
 * made.
 *
 * A dry run is what the stages do, on this thread: decoded, resolved and decided by the same
 * functions, and written as the event that it would become; only that nobody stores it. So a ticket
 * and a case that nobody submitted are explained alike, from an event.
 */
#include "stages/3_route.h"
#include "stages/lookup.h"
#include "stages/reading.h"
#include "stages/recall.h"

struct explaining {
    struct reader_stage *stage;
    struct inquiry *inquiry;
    struct arena *arena;
    struct explained_row rows[RULES_CITED_MAX];
    struct wire_explanation said;
};

static void refuse_case(struct explaining *explaining, const struct misfit *misfit)
{
    struct inquiry *inquiry = explaining->inquiry;
    reading_reply(
        inquiry, wire_explanation_refusal(explaining->arena, inquiry->id, inquiry->policy, misfit));
}

/* -- clocks ------------------------------------------------------------------------------------ */

static void count_citizens_clock(struct explaining *explaining, struct time_limit limit)
{
    struct wire_explanation *said = &explaining->said;
    said->citizen_due_ms = calendar_due_ms(city_calendar(explaining->inquiry->policy->city),
                                           said->received_ms, limit, &said->citizen_provisional);
}

/* Days that a deadline in working days steps over. */
static void list_uncounted(struct explaining *explaining, const struct dues *dues)
{
    const struct calendar *calendar = city_calendar(explaining->inquiry->policy->city);
    int32_t first = day_of_ms(dues->issued_ms) + 1;
    int32_t limit = day_of_ms(dues->due_ms);
    int32_t *days = arena_take(explaining->arena, (size_t)(limit - first + 1) * sizeof *days);
    for (int32_t day = first; day < limit; day++)
        if (!calendar_is_working(calendar, day))
            days[explaining->said.uncounted_count++] = day;
    explaining->said.uncounted = days;
}

static void explain_clocks(struct explaining *explaining)
{
    struct wire_decision decided;
    struct ticket_state state;
    struct time_limit limit;
    char number[NUMBER_BYTES_MAX];
    bool readable = wire_event_state(explaining->said.last, &state, number);
    CHECK(readable);
    uint32_t main = tickets_main(&state);
    if (!wire_event_decision(explaining->said.decided, &decided) || main == UINT32_MAX ||
        state.parts[main].dues.due_ms == 0 || !time_limit_parse(decided.limit, &limit))
        return;
    count_citizens_clock(explaining, limit);
    if (!limit.natural)
        list_uncounted(explaining, &state.parts[main].dues);
}

static void reply(struct explaining *explaining)
{
    struct inquiry *inquiry = explaining->inquiry;
    explaining->said.rows = explaining->rows;
    explain_clocks(explaining);
    reading_reply(inquiry, wire_explanation_reply(explaining->arena, inquiry->id, inquiry->policy,
                                                  &explaining->said));
}

/* -- a ticket ---------------------------------------------------------------------------------- */

/* The last event that decided about the ticket; of a case that was attached to it only that it
 * was. */
static struct span find_decided(const struct explaining *explaining, uint32_t count)
{
    const struct event_parts *parts = explaining->stage->parts;
    struct wire_decision decided;
    for (; count > 0; count--)
        if (wire_event_decision(parts[count - 1].open, &decided) &&
            decided.disposition != DISPOSITION_ATTACH)
            return parts[count - 1].open;
    return explaining->said.first.open;
}

/* The case's facts as it was decided by. */
static bool recall_decided(struct explaining *explaining, uint32_t count, struct facts *facts)
{
    const struct reader_stage *stage = explaining->stage;
    const struct wire_explanation *said = &explaining->said;
    struct case_words corrected = {.category = {0}};
    struct wire_decision decided;
    struct misfit misfit;
    struct act act;
    for (; count > 0; count--)
        if (wire_event_act(stage->parts[count - 1].open, &act))
            recall_note(&act, &corrected);
    return wire_event_decision(said->decided, &decided) &&
           recall_facts(explaining->inquiry->policy, &said->first, &corrected, said->received_ms,
                        decided.regime, stage->scratch, facts, &misfit);
}

/* A row that the decision cites, with what the case had for it where that is known. */
static void explain_cited(struct explaining *explaining, struct span name,
                          const struct explained_row *held, uint32_t held_count)
{
    struct wire_explanation *said = &explaining->said;
    const struct policy *policy = explaining->inquiry->policy;
    struct row row;
    for (uint32_t i = 0; i < held_count; i++)
        if (span_equal(held[i].name, name)) {
            explaining->rows[said->rows_count++] = held[i];
            return;
        }
    if (rules_find_row(policy->rules, name, &row))
        explain_row(policy, row, explaining->arena, &explaining->rows[said->rows_count++]);
}

/* Decided anew with what is stored, the same rows hold, unless it has been erased meanwhile. */
static void explain_rows(struct explaining *explaining, uint32_t count)
{
    const struct policy *policy = explaining->inquiry->policy;
    struct explained_row *held = arena_take(explaining->arena, RULES_CITED_MAX * sizeof *held);
    struct span names[RULES_CITED_MAX];
    struct wire_decision decided;
    struct facts facts;
    uint32_t held_count = 0;
    if (!wire_event_decision(explaining->said.decided, &decided) ||
        decided.policy != policy->number)
        return;
    if (recall_decided(explaining, count, &facts))
        held_count =
            explain_facts(policy, &facts, explaining->stage->scratch, explaining->arena, held);
    uint32_t names_count = wire_event_rows(explaining->said.decided, names);
    for (uint32_t i = 0; i < names_count; i++)
        explain_cited(explaining, names[i], held, held_count);
}

static void explain_ticket(struct explaining *explaining, struct span number)
{
    struct reader_stage *stage = explaining->stage;
    struct wire_lookup lookup = {.number = number};
    struct event_view first;
    uint64_t serial;
    uint32_t count;
    if (!reading_ticket(stage, explaining->inquiry, &lookup, &serial, &count))
        return;
    if (store_reader_event(stage->reader, serial, &first) != OK) {
        reading_refuse_damaged(explaining->inquiry);
        return;
    }
    explaining->said.first = (struct event_parts){first.open, first.story, {0}};
    explaining->said.received_ms = first.time_ms;
    explaining->said.last = stage->parts[count - 1].open;
    explaining->said.decided = find_decided(explaining, count);
    explain_rows(explaining, count);
    reply(explaining);
}

/* -- a case ------------------------------------------------------------------------------------ */

/* The state of the ticket that the case would join; false where it would become one of its own. */
static bool join(struct explaining *explaining, const struct ticket *ticket,
                 const struct decision *decision, struct ticket_state *state,
                 char number[NUMBER_BYTES_MAX], uint32_t *doubts)
{
    struct reader_stage *stage = explaining->stage;
    struct wire_lookup lookup = {.number = ticket->number};
    struct event_view last;
    struct misfit misfit;
    uint64_t serial;
    uint64_t last_number;
    *doubts = DOUBT_EARLIER_UNKNOWN;
    if (!lookup_serial(stage->reader, &lookup, &serial, &misfit) ||
        store_reader_last(stage->reader, serial, &last_number) != OK ||
        store_reader_event(stage->reader, last_number, &last) != OK)
        return false;
    *doubts = 0;
    bool readable = wire_event_state(last.open, state, number);
    CHECK(readable);
    return tickets_may_join(state, decision->kept_from);
}

/* The event that it would become. */
static void write_event(struct explaining *explaining, struct span bytes, const char *number,
                        const struct ticket_state *state, const struct decision *decision)
{
    const struct inquiry *inquiry = explaining->inquiry;
    struct event_text text = {
        .time_ms = inquiry->time_ms,
        .kind = KIND_CASE,
        .ticket = number,
        .state = state,
        .policy = inquiry->policy,
        .decision = decision,
        .submitted = bytes,
    };
    uint8_t *room = arena_take(explaining->arena, wire_event_bytes_max(&text));
    wire_event_write(&text, room, &explaining->said.first);
    explaining->said.received_ms = inquiry->time_ms;
    explaining->said.last = explaining->said.decided = explaining->said.first.open;
}

/* What the store would do with what route has decided. */
static bool settle(struct explaining *explaining, const struct ticket *ticket, bool strict,
                   struct facts *facts, struct routing *routing, struct misfit *misfit,
                   struct ticket_state *state, char number[NUMBER_BYTES_MAX])
{
    const struct policy *policy = explaining->inquiry->policy;
    uint32_t doubts;
    number[0] = '\0';
    if (routing->decision.disposition == DISPOSITION_ATTACH) {
        if (join(explaining, ticket, &routing->decision, state, number, &doubts))
            return true;
        number[0] = '\0';
        route_anew(policy, ticket, strict, doubts, explaining->stage->scratch, facts, routing,
                   misfit);
        if (strict && doubts != 0)
            route_refuse_unknown(ticket, misfit);
        if (!routing->valid)
            return false;
    }
    struct dues dues = decide_dues(policy, &routing->decision, explaining->inquiry->time_ms);
    tickets_begin(state, policy->city, &routing->decision, &dues);
    return true;
}

static void explain_case(struct explaining *explaining, const struct wire_explain *asked)
{
    const struct inquiry *inquiry = explaining->inquiry;
    struct reader_stage *stage = explaining->stage;
    struct ticket ticket;
    struct facts facts;
    struct routing routing;
    struct misfit misfit;
    struct ticket_state state;
    char number[NUMBER_BYTES_MAX];
    wire_case_read(asked->ticket, stage->pipeline->seed, inquiry->time_ms, &ticket, &misfit);
    if (!ticket.valid) {
        refuse_case(explaining, &misfit);
        return;
    }
    facts_set_moment(&ticket.facts, inquiry->time_ms);
    ticket.facts.regime = regime_in_force(inquiry->policy, inquiry->ordered, inquiry->time_ms);
    route_decide(inquiry->policy, &ticket, asked->strict, stage->scratch, &facts, &routing,
                 &misfit);
    if (!routing.valid ||
        !settle(explaining, &ticket, asked->strict, &facts, &routing, &misfit, &state, number)) {
        refuse_case(explaining, &misfit);
        return;
    }
    explaining->said.rows_count =
        explain_facts(inquiry->policy, &facts, stage->scratch, explaining->arena, explaining->rows);
    write_event(explaining, asked->ticket, number, &state, &routing.decision);
    reply(explaining);
}

void reading_explain(struct reader_stage *stage, struct inquiry *inquiry)
{
    struct wire_explain asked;
    struct misfit misfit;
    if (!wire_explain_read(inquiry->content, &asked, &misfit)) {
        reading_refuse(inquiry, &misfit);
        return;
    }
    struct explaining explaining = {.stage = stage, .inquiry = inquiry, .arena = arena_create()};
    if (asked.number.bytes > 0)
        explain_ticket(&explaining, asked.number);
    else
        explain_case(&explaining, &asked);
    arena_destroy(&explaining.arena);
}
