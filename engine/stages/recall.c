#include "stages/recall.h"

#include "stages/storing.h"

void recall_note(const struct act *act, struct case_words *corrected)
{
    if (act->verb != VERB_CORRECT)
        return;
    if (corrected->category.bytes == 0)
        corrected->category = act->category;
    if (corrected->place.bytes == 0)
        corrected->place = act->place;
}

static bool is_erased(const struct case_words *words)
{
    return words->title.bytes == 0 && words->text.bytes == 0 && words->respondent.bytes == 0;
}

bool recall_facts(const struct policy *policy, const struct event_parts *first,
                  const struct case_words *corrected, int64_t time_ms, enum regime regime,
                  struct scratch *scratch, struct facts *facts, struct misfit *misfit)
{
    struct wire_decision decided;
    struct case_words words;
    bool readable = wire_event_case(first->open, first->story, facts, &words) &&
                    wire_event_decision(first->open, &decided);
    CHECK(readable); /* its checksum held, so we wrote it so */
    if (is_erased(&words) && words.category.bytes == 0)
        words.category = decided.category;
    if (is_erased(&words) && decided.place_from_words)
        words.place = decided.place;
    if (corrected->category.bytes > 0)
        words.category = corrected->category;
    if (corrected->place.bytes > 0)
        words.place = corrected->place;
    facts_set_moment(facts, time_ms);
    facts->regime = regime;
    facts->earlier = FLAG_NO; /* it became a ticket of its own */
    bool resolved = facts_resolve(policy->city, &words, false, scratch, facts, misfit);
    if (corrected->category.bytes + corrected->place.bytes > 0)
        facts->doubts &= ~(uint32_t)DOUBT_LINE_UNKNOWN; /* the desk has looked, and knows no more */
    if (facts->about.index == UNIT_NONE.index && decided.kept_from.bytes > 0) {
        facts->about = city_unit_by_key(policy->city, decided.kept_from);
        facts->respondent = RESPONDENT_UNIT;
    }
    return resolved;
}

uint32_t recall_doubts(const struct ticket_state *state, enum verb verb)
{
    bool final = tickets_returns(state) >= FINAL_RETURNS && verb == VERB_RETURN;
    return final ? DOUBT_NO_UNIT : 0;
}

void recall_anew(const struct policy *policy, const struct event_parts *first,
                 const struct case_words *corrected, int64_t time_ms, enum regime regime,
                 const struct excluded *excluded, uint32_t doubts, struct scratch *scratch,
                 struct facts *facts, struct decision *decision)
{
    struct misfit misfit;
    bool resolved =
        recall_facts(policy, first, corrected, time_ms, regime, scratch, facts, &misfit);
    facts->doubts |= doubts | (resolved ? 0 : DOUBT_NO_UNIT);
    decide(policy, facts, excluded, scratch, decision);
}

/* -- in the store ------------------------------------------------------------------------------ */

static struct event_view event_at(struct store_stage *stage, uint64_t number)
{
    struct event_view view;
    enum err err = store_event(stage->store, number, &view);
    CHECK(err == OK); /* its ticket's last event led here */
    return view;
}

/* What the desk said since, from the last event back. */
static void collect_corrections(struct store_stage *stage, uint64_t serial, uint64_t last,
                                struct case_words *corrected)
{
    for (uint64_t number = last; number != serial;) {
        struct event_view view = event_at(stage, number);
        struct act act;
        if (view.kind == KIND_ACT && wire_event_act(view.open, &act))
            recall_note(&act, corrected);
        number = view.previous;
    }
}

bool recall_is_kept_from(struct store_stage *stage, const struct city *city, uint64_t serial,
                         uint64_t last, struct unit unit)
{
    for (uint64_t number = last; number != 0;) {
        struct event_view view = event_at(stage, number);
        struct wire_decision decided;
        if (wire_event_decision(view.open, &decided) &&
            decide_is_kept_from(city, city_unit_by_key(city, decided.kept_from), unit))
            return true;
        number = number == serial ? 0 : view.previous;
    }
    return false;
}

void recall_decide(struct store_stage *stage, const struct slot *slot, uint64_t serial,
                   uint64_t last, const struct excluded *excluded, uint32_t doubts,
                   struct decision *decision)
{
    const struct policy *policy = slot->arrival.policy;
    struct event_view first = event_at(stage, serial);
    struct event_parts parts = {first.open, first.story, {0}};
    struct case_words corrected = {.category = {0}};
    struct facts facts;
    recall_note(&slot->ticket.act, &corrected);
    collect_corrections(stage, serial, last, &corrected);
    recall_anew(policy, &parts, &corrected, first.time_ms, arrival_regime(&slot->arrival), excluded,
                doubts, stage->scratch, &facts, decision);
}
