/* explain_ticket - why a ticket went where it went, and where it would have gone otherwise. */
#include "base/check.h"
#include "stages/explaining_parts.h"
#include "stages/lookup.h"
#include "stages/recalled.h"

/* A ticket's events, as far as they matter. */
struct told {
    struct event_view first, last;
    struct event_view decided; /* the last that decided about it */
    struct recalled recalled;  /* what that was made of */
    bool has_decided;          /* else these are not set: it is a record of regimes or books */
};

/* A case that was attached to it decided no more than that it was. */
static bool decides(const struct event_view *view)
{
    struct wire_decision decided;
    return wire_event_decision(view->open, &decided) && decided.disposition != DISPOSITION_ATTACH;
}

static bool find_decided(struct explaining *explaining, struct told *told)
{
    struct store_reader *reader = explaining->explainer->reader;
    struct event_view view = told->last;
    while (!decides(&view) && view.number != told->first.number)
        if (view.previous >= view.number || store_reader_event(reader, view.previous, &view) != OK)
            return explaining_say_damaged(explaining);
    told->decided = view;
    told->has_decided = decides(&view);
    if (told->has_decided && recalled_read(reader, &view, &told->recalled) != OK)
        return explaining_say_damaged(explaining);
    return true;
}

static bool find_ticket(struct explaining *explaining, struct told *told)
{
    struct store_reader *reader = explaining->explainer->reader;
    struct wire_lookup lookup = {.number = explaining->asked->number};
    uint64_t serial;
    if (reader == NULL)
        return explaining_say(explaining, "number", lookup.number,
                              "there is no store here; a ticket is one of a store");
    if (!lookup_serial(reader, &lookup, &serial, &explaining->misfit))
        return false;
    enum err err = lookup_last(reader, serial, &told->last);
    if (err == ERR_NOT_FOUND)
        return explaining_say(explaining, "number", lookup.number, "there is no such ticket");
    if (err != OK || store_reader_event(reader, serial, &told->first) != OK)
        return explaining_say_damaged(explaining);
    return find_decided(explaining, told);
}

/* As it was decided. Without the policy of then, what the events say. */
static void recall(const struct explaining *explaining, const struct told *told,
                   struct outlook *outlook)
{
    *outlook = (struct outlook){
        .said = {.decided = told->decided.open,
                 .last = told->last.open,
                 .first = {told->first.open, told->first.story, {0}},
                 .received_ms = told->first.time_ms},
    };
    if (!told->has_decided || !explaining_take(explaining, told->recalled.policy, &outlook->by))
        return;
    struct misfit misfit;
    outlook->known =
        recalled_decide(&told->recalled, outlook->by.policy, outlook->by.scratch, &outlook->facts,
                        &outlook->excluded, &outlook->decision, &misfit);
}

/* What the ticket's decision was made of, with what is supposed instead. What the desk corrected
 * counts, unless that is what is supposed. */
static bool suppose_recalled(struct explaining *explaining, const struct told *told,
                             struct recalled *recalled, struct span *bytes)
{
    const struct wire_explain *asked = explaining->asked;
    struct ticket ticket;
    struct supposed supposed = {
        wire_event_submitted(told->first.open, told->first.story, explaining->arena), 0,
        REGIME_NONE};
    *recalled = told->recalled;
    if (!suppose_all(explaining, &supposed) || !suppose_read(explaining, supposed.bytes, &ticket))
        return false;
    recalled->first = wire_event_with_case(told->first.open, supposed.bytes, suppose_whom(asked),
                                           explaining->arena);
    if (suppose_names(asked, "category"))
        recalled->corrected.category = (struct span){0};
    if (suppose_names(asked, "place"))
        recalled->corrected.place = (struct span){0};
    if (supposed.at_ms != 0)
        recalled->received_ms = recalled->decided_ms = supposed.at_ms;
    if (supposed.regime != REGIME_NONE)
        recalled->regime = supposed.regime;
    else if (supposed.at_ms != 0)
        recalled->regime = REGIME_CALENDAR; /* of another day it says so */
    *bytes = supposed.bytes;
    return true;
}

static bool decide_recalled(struct explaining *explaining, const struct recalled *recalled,
                            struct shelved by, struct span bytes, const char *number,
                            struct outlook *outlook)
{
    struct recalled as_supposed = *recalled;
    struct ticket_state state;
    *outlook = (struct outlook){.by = by};
    if (recalled->regime == REGIME_CALENDAR)
        as_supposed.regime = regime_in_force(by.policy, REGIME_NONE, recalled->received_ms);
    if (!recalled_decide(&as_supposed, by.policy, by.scratch, &outlook->facts, &outlook->excluded,
                         &outlook->decision, &explaining->misfit))
        return false;
    struct dues dues = decide_dues(by.policy, &outlook->decision, recalled->decided_ms);
    tickets_begin(&state, by.policy->city, &outlook->decision, &dues);
    suppose_event(explaining, outlook, bytes, recalled->received_ms, number, &state);
    return true;
}

/* As it was decided, made again: so that like is compared with like, and not with what a ticket
 * that went round has kept of earlier decisions. Where that cannot be, the event. */
static void recall_alone(struct explaining *explaining, const struct told *told, const char *number,
                         struct outlook *before)
{
    struct outlook again;
    recall(explaining, told, before);
    struct span bytes =
        wire_event_submitted(told->first.open, told->first.story, explaining->arena);
    if (before->known &&
        decide_recalled(explaining, &told->recalled, before->by, bytes, number, &again))
        before->said.decided = again.said.decided;
}

static struct span explain_supposed(struct explaining *explaining, const struct told *told,
                                    struct shelved other)
{
    struct outlook before;
    struct outlook outlook;
    struct recalled recalled;
    struct ticket_state state;
    struct span bytes;
    char number[NUMBER_BYTES_MAX];
    bool readable = wire_event_state(told->last.open, &state, number);
    CHECK(readable);
    if (!told->has_decided) {
        explaining_say(
            explaining, "what_if", (struct span){0},
            "nothing was decided: this is a record of the whole city's, of regimes or of books");
        return explaining_refuse(explaining);
    }
    recall_alone(explaining, told, number, &before);
    if (other.policy == NULL)
        other = before.by;
    if (other.policy == NULL) {
        explaining_say(
            explaining, "what_if", (struct span){0},
            "cannot be told: the policy that decided cannot be made again; name another");
        return explaining_refuse(explaining);
    }
    if (!suppose_recalled(explaining, told, &recalled, &bytes))
        return explaining_refuse(explaining);
    if (!decide_recalled(explaining, &recalled, other, bytes, number, &outlook))
        return explaining_refuse_case(explaining);
    return explaining_answer(explaining, &outlook, &before, NULL);
}

struct span explain_ticket(struct explaining *explaining)
{
    struct told told = {.has_decided = false};
    struct outlook outlook;
    struct shelved other;
    if (!find_ticket(explaining, &told) || !explaining_other(explaining, &other))
        return explaining_refuse(explaining);
    if (suppose_is_asked(explaining, other))
        return explain_supposed(explaining, &told, other);
    recall(explaining, &told, &outlook);
    return explaining_answer(explaining, &outlook, NULL, NULL);
}
