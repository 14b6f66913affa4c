/* recall - a stored case, to be decided again.
 *
 * A return, a correction and a reassignment look at the case once more. Its words are those that
 * were submitted, but for category and place where the desk has corrected them since. Where its
 * story has been erased, the category that its words once led to stands in for them.
 */
#include "stages/storing.h"

static struct event_view event_at(struct store_stage *stage, uint64_t number)
{
    struct event_view view;
    enum err err = store_event(stage->store, number, &view);
    CHECK(err == OK); /* its ticket's last event led here */
    return view;
}

/* The latest correction of each counts. */
static void take_correction(const struct act *act, struct case_words *corrected)
{
    if (corrected->category.bytes == 0)
        corrected->category = act->category;
    if (corrected->place.bytes == 0)
        corrected->place = act->place;
}

/* What the desk said since, from the last event back. */
static void collect_corrections(struct store_stage *stage, uint64_t serial, uint64_t last,
                                struct case_words *corrected)
{
    for (uint64_t number = last; number != serial;) {
        struct event_view view = event_at(stage, number);
        struct act act;
        if (view.kind == KIND_ACT && wire_event_act(view.open, &act) && act.verb == VERB_CORRECT)
            take_correction(&act, corrected);
        number = view.previous;
    }
}

static void read_case(const struct event_view *first, struct facts *facts, struct case_words *words)
{
    struct wire_decision decided;
    bool readable = wire_event_case(first->open, first->story, facts, words);
    CHECK(readable); /* its checksum held, so we wrote it so */
    bool erased = words->title.bytes == 0 && words->text.bytes == 0;
    if (words->category.bytes == 0 && erased && wire_event_decision(first->open, &decided))
        words->category = decided.category;
}

void recall_decide(struct store_stage *stage, const struct slot *slot, uint64_t serial,
                   uint64_t last, const struct excluded *excluded, uint32_t doubts,
                   struct decision *decision)
{
    const struct policy *policy = slot->arrival.policy;
    struct event_view first = event_at(stage, serial);
    struct case_words corrected = {.category = {0}};
    struct case_words words;
    struct facts facts;
    struct misfit misfit;
    read_case(&first, &facts, &words);
    if (slot->ticket.act.verb == VERB_CORRECT)
        take_correction(&slot->ticket.act, &corrected);
    collect_corrections(stage, serial, last, &corrected);
    if (corrected.category.bytes > 0)
        words.category = corrected.category;
    if (corrected.place.bytes > 0)
        words.place = corrected.place;
    facts.hour = hour_of_ms(first.time_ms);
    facts.regime = arrival_regime(&slot->arrival);
    facts.earlier = FLAG_NO; /* it became a ticket of its own */
    bool resolved = facts_resolve(policy->city, &words, false, stage->scratch, &facts, &misfit);
    facts.doubts |= doubts | (resolved ? 0 : DOUBT_NO_UNIT);
    decide(policy, &facts, excluded, stage->scratch, decision);
}
