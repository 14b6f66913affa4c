/* read_desk - the open tickets that need a human, oldest first. */
#include "domain/needs.h"
#include "stages/reading.h"

/* One ticket, looked at. */
struct look {
    struct event_view last;
    struct ticket_state state;
    struct span decided; /* the open part of the event that decided last, attached cases aside */
    bool doubtful;       /* that decision, or one that dispatches nothing */
    enum reason reason;  /* of the last return, where it came back */
};

static void take_decision(const struct event_view *view, struct look *look)
{
    struct wire_decision decision;
    if (look->decided.bytes > 0 || !wire_event_decision(view->open, &decision) ||
        decision.disposition == DISPOSITION_ATTACH)
        return;
    look->decided = view->open;
    look->doubtful = decision.doubtful || decision.disposition != DISPOSITION_DISPATCH;
}

static void take_reason(const struct event_view *view, struct look *look)
{
    struct act act;
    if (look->reason == REASON_NONE && view->kind == KIND_ACT && wire_event_act(view->open, &act) &&
        act.verb == VERB_RETURN)
        look->reason = act.reason;
}

/* From the last event back, until all is known. */
static enum err look_back(struct reader_stage *stage, struct look *look)
{
    struct event_view view = look->last;
    bool came_back = tickets_returns(&look->state) > 0;
    for (;;) {
        take_decision(&view, look);
        take_reason(&view, look);
        bool enough = look->decided.bytes > 0 && (!came_back || look->reason != REASON_NONE);
        if (enough || view.previous == 0)
            return OK;
        enum err err = store_reader_event(stage->reader, view.previous, &view);
        if (err != OK)
            return err;
    }
}

static enum err begin_look(struct reader_stage *stage, uint64_t serial, struct look *look,
                           char ticket[NUMBER_BYTES_MAX])
{
    uint64_t number;
    *look = (struct look){.reason = REASON_NONE};
    enum err err = store_reader_last(stage->reader, serial, &number);
    if (err == OK)
        err = store_reader_event(stage->reader, number, &look->last);
    if (err == OK && !wire_event_state(look->last.open, &look->state, ticket))
        err = ERR_DAMAGED;
    return err;
}

static bool is_below(const struct ticket_state *state, struct span prefix)
{
    uint32_t main = tickets_main(state);
    return main != UINT32_MAX && span_starts_with(state->parts[main].unit, prefix);
}

/* Fills the item; its needs are 0 where the ticket is under way, or not asked for. */
static enum err look_at(struct reader_stage *stage, const struct inquiry *inquiry,
                        const struct wire_desk *desk, uint64_t serial, struct wire_desk_item *item)
{
    const struct city *city = inquiry->policy->city;
    struct span unit = unit_key(city, city_unit(city, city_desk(city), (struct place){0}));
    struct look look;
    struct event_view first;
    *item = (struct wire_desk_item){.serial = serial};
    enum err err = begin_look(stage, serial, &look, item->ticket);
    if (err != OK || !is_below(&look.state, desk->unit) ||
        needs_of(&look.state, unit, true, inquiry->time_ms).bits == 0)
        return err; /* most are in time, and nobody has to look back for them */
    err = look_back(stage, &look);
    if (err == OK)
        err = store_reader_event(stage->reader, serial, &first);
    if (err != OK)
        return err;
    struct needs needs = needs_of(&look.state, unit, look.doubtful, inquiry->time_ms);
    item->needs = needs.bits;
    item->waited = look.state.parts[needs.part];
    item->received_ms = first.time_ms;
    item->returns = tickets_returns(&look.state);
    item->reason = look.reason;
    item->first = first.open;
    item->story = first.story;
    item->decided = look.decided;
    return OK;
}

/* Looks at open tickets until the list is full, or there are no more, or it was long enough. */
static enum err make_list(struct reader_stage *stage, const struct inquiry *inquiry,
                          const struct wire_desk *desk, struct wire_desk_item *items,
                          struct wire_desk_list *list)
{
    uint32_t count;
    enum err err = store_reader_open_tickets(stage->reader, desk->after, stage->serials,
                                             READING_TICKETS_MAX, &count);
    *list = (struct wire_desk_list){.items = items, .now_ms = inquiry->time_ms};
    for (; err == OK && list->open < count && list->items_count < desk->limit; list->open++) {
        struct wire_desk_item *item = &items[list->items_count];
        err = look_at(stage, inquiry, desk, stage->serials[list->open], item);
        list->items_count += err == OK && item->needs != 0;
    }
    if (err == OK && (list->open < count || count == READING_TICKETS_MAX))
        list->next = stage->serials[list->open - 1];
    return err;
}

static bool has_units(const struct city *city, struct span prefix)
{
    for (uint32_t i = 0; i < city_units(city); i++)
        if (span_starts_with(unit_key(city, (struct unit){i}), prefix))
            return true;
    return false;
}

void reading_desk(struct reader_stage *stage, struct inquiry *inquiry)
{
    struct wire_desk desk;
    struct misfit misfit;
    struct wire_desk_list list;
    if (!wire_desk_read(inquiry->content, &desk, &misfit)) {
        reading_refuse(inquiry, &misfit);
        return;
    }
    if (!has_units(inquiry->policy->city, desk.unit)) {
        reading_refuse_because(inquiry, "unit", desk.unit,
                               "no unit's key begins so; keys look like 511126000000.urban");
        return;
    }
    struct arena *arena = arena_create();
    struct wire_desk_item *items = arena_take(arena, desk.limit * sizeof *items);
    if (make_list(stage, inquiry, &desk, items, &list) == OK)
        reading_reply(inquiry, wire_desk_reply(arena, inquiry->id, inquiry->policy, &list));
    else
        reading_refuse_damaged(inquiry);
    arena_destroy(&arena);
}
