/* read_ticket - a ticket's history, by its number or serial. */
#include "stages/reading.h"

#include <stdio.h>
#include <string.h>

enum { HISTORY_EVENTS_MAX = WIRE_REPLAY_EVENTS_MAX };

/* Serials run on over midnight, numbers do not: what is beyond the day is another's. */
static bool find_numbered(struct reader_stage *stage, int32_t day, uint64_t ordinal,
                          uint64_t *serial)
{
    uint64_t first;
    struct event_view view;
    if (store_reader_day_first(stage->reader, day, &first) != OK)
        return false;
    *serial = first + ordinal - 1;
    enum err err = store_reader_event(stage->reader, *serial, &view);
    if (err == OK)
        return day_of_ms(view.time_ms) == day;
    return err != ERR_NOT_FOUND; /* damaged: reading the ticket will say so */
}

bool reading_find(struct reader_stage *stage, const struct wire_lookup *lookup, uint64_t *serial,
                  struct misfit *misfit)
{
    int32_t day;
    uint64_t ordinal;
    *misfit = (struct misfit){.field = "number", .value = lookup->number};
    *serial = lookup->serial;
    if (lookup->number.bytes == 0)
        return true;
    enum number_fault fault = number_parse(lookup->number, &day, &ordinal);
    if (fault == NUMBER_OK && find_numbered(stage, day, ordinal, serial))
        return true;
    snprintf(misfit->message, sizeof misfit->message, "%s",
             fault == NUMBER_OK ? "there is no such ticket: not so many came in on that day"
             : fault == NUMBER_CHECK
                 ? "the check digit does not fit: a digit was misread or misheard"
                 : "this is no ticket number; they look like 20261124-000123-3");
    return false;
}

/* The reporter is for the main unit; whoever looks a ticket up sees what that unit was shown. */
static struct event_parts shown_parts(const struct event_view *view)
{
    struct event_parts parts = {view->open, view->story, {0}};
    for (uint32_t i = 0; i < view->feeds_count; i++)
        if (view->feeds[i].reporter)
            parts.reporter = view->reporter;
    return parts;
}

static enum err read_history(struct reader_stage *stage, uint64_t serial, uint32_t *count)
{
    uint64_t number;
    enum err err = store_reader_last(stage->reader, serial, &number);
    uint32_t at = HISTORY_EVENTS_MAX;
    while (err == OK && number != 0 && at > 0) {
        struct event_view view;
        err = store_reader_event(stage->reader, number, &view);
        if (err != OK)
            break;
        stage->parts[--at] = shown_parts(&view);
        number = view.previous;
    }
    *count = HISTORY_EVENTS_MAX - at;
    memmove(stage->parts, stage->parts + at, *count * sizeof *stage->parts);
    return err;
}

bool reading_ticket(struct reader_stage *stage, struct inquiry *inquiry,
                    const struct wire_lookup *lookup, uint64_t *serial, uint32_t *count)
{
    struct misfit misfit;
    if (!reading_find(stage, lookup, serial, &misfit)) {
        reading_refuse(inquiry, &misfit);
        return false;
    }
    enum err err = read_history(stage, *serial, count);
    if (err == ERR_NOT_FOUND)
        reading_refuse_because(inquiry, lookup->number.bytes > 0 ? "number" : "serial",
                               lookup->number, "there is no such ticket");
    else if (err != OK)
        reading_refuse_damaged(inquiry);
    return err == OK;
}

void reading_lookup(struct reader_stage *stage, struct inquiry *inquiry)
{
    struct wire_lookup lookup;
    struct misfit misfit;
    uint64_t serial;
    uint32_t count;
    if (!wire_lookup_read(inquiry->content, &lookup, &misfit)) {
        reading_refuse(inquiry, &misfit);
        return;
    }
    if (!reading_ticket(stage, inquiry, &lookup, &serial, &count))
        return;
    struct arena *arena = arena_create();
    reading_reply(inquiry,
                  wire_ticket_reply(arena, inquiry->id, inquiry->policy, stage->parts, count));
    arena_destroy(&arena);
}
