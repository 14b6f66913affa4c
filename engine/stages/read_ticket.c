/* read_ticket - a ticket's history, by its number or serial. */
#include "stages/lookup.h"
#include "stages/reading.h"

#include <string.h>

enum { HISTORY_EVENTS_MAX = WIRE_REPLAY_EVENTS_MAX };

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
    if (!lookup_serial(stage->reader, lookup, serial, &misfit)) {
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
