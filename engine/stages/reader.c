#include "stages/reader.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

enum { HISTORY_EVENTS_MAX = WIRE_REPLAY_EVENTS_MAX, REPLAY_BYTES_MAX = 1024 * 1024 };

struct reader_stage {
    struct pipeline *pipeline;
    struct store_reader *reader;
    reader_report *report;
    void *report_self;
    uint64_t numbers[WIRE_REPLAY_EVENTS_MAX];
    struct event_parts parts[WIRE_REPLAY_EVENTS_MAX];
};

static uint8_t *begin_reply(struct inquiry *inquiry, size_t bytes)
{
    int made = zmq_msg_init_size(inquiry->reply, bytes);
    CHECK(made == 0);
    return zmq_msg_data(inquiry->reply);
}

static void reply_with(struct inquiry *inquiry, struct span bytes)
{
    memcpy(begin_reply(inquiry, bytes.bytes), bytes.data, bytes.bytes);
}

static void refuse(struct inquiry *inquiry, const struct misfit *misfit)
{
    struct arena *arena = arena_create();
    reply_with(inquiry, wire_error_reply(arena, inquiry->id, misfit));
    arena_destroy(&arena);
}

static void refuse_because(struct inquiry *inquiry, const char *field, struct span value,
                           const char *why)
{
    struct misfit misfit = {.field = field, .value = value};
    snprintf(misfit.message, sizeof misfit.message, "%s", why);
    refuse(inquiry, &misfit);
}

static void refuse_damaged(struct inquiry *inquiry)
{
    refuse_because(inquiry, "", (struct span){0},
                   "the store cannot read this back; stop the engine and run lianxin verify");
}

/* -- look-up ----------------------------------------------------------------------------------- */

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

static bool find_serial(struct reader_stage *stage, const struct wire_lookup *lookup,
                        uint64_t *serial, struct misfit *misfit)
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

/* Events of a ticket, first to last; the earliest are left out where there are too many. */
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

static void answer_lookup(struct reader_stage *stage, struct inquiry *inquiry)
{
    struct wire_lookup lookup;
    struct misfit misfit;
    uint64_t serial;
    uint32_t count;
    if (!wire_lookup_read(inquiry->content, &lookup, &misfit) ||
        !find_serial(stage, &lookup, &serial, &misfit)) {
        refuse(inquiry, &misfit);
        return;
    }
    enum err err = read_history(stage, serial, &count);
    if (err == ERR_NOT_FOUND) {
        refuse_because(inquiry, lookup.number.bytes > 0 ? "number" : "serial", lookup.number,
                       "there is no such ticket");
        return;
    }
    if (err != OK) {
        refuse_damaged(inquiry);
        return;
    }
    struct arena *arena = arena_create();
    reply_with(inquiry,
               wire_ticket_reply(arena, inquiry->id, inquiry->policy, stage->parts, count));
    arena_destroy(&arena);
}

/* -- replay ------------------------------------------------------------------------------------ */

/* What this one feed was shown of an event. */
static struct event_parts feed_parts(const struct event_view *view, uint32_t feed)
{
    struct event_parts parts = {view->open, view->story, {0}};
    for (uint32_t i = 0; i < view->feeds_count; i++)
        if (view->feeds[i].feed == feed && view->feeds[i].reporter)
            parts.reporter = view->reporter;
    return parts;
}

static enum err read_range(struct reader_stage *stage, uint32_t feed,
                           const struct wire_replay *replay, uint32_t *count)
{
    uint32_t found;
    size_t bytes = 0;
    enum err err = store_reader_feed(stage->reader, feed, replay->first, stage->numbers,
                                     replay->limit, &found);
    *count = 0;
    for (; err == OK && *count < found && bytes < REPLAY_BYTES_MAX; (*count)++) {
        struct event_view view;
        err = store_reader_event(stage->reader, stage->numbers[*count], &view);
        if (err != OK)
            break;
        stage->parts[*count] = feed_parts(&view, feed);
        bytes += view.open.bytes + view.story.bytes + view.reporter.bytes;
    }
    return err;
}

static void answer_replay(struct reader_stage *stage, struct inquiry *inquiry)
{
    struct wire_replay replay;
    struct misfit misfit;
    uint32_t feed;
    uint32_t count;
    if (!wire_replay_read(inquiry->content, &replay, &misfit)) {
        refuse(inquiry, &misfit);
        return;
    }
    if (store_reader_feed_find(stage->reader, replay.unit, &feed) != OK) {
        refuse_because(inquiry, "unit", replay.unit,
                       "there is no such unit; keys look like 511126000000.urban");
        return;
    }
    if (read_range(stage, feed, &replay, &count) != OK) {
        refuse_damaged(inquiry);
        return;
    }
    struct wire_head head = {replay.unit, store_reader_head(stage->reader, feed)};
    struct wire_feed message = {
        .unit = replay.unit,
        .first = replay.first,
        .events = stage->parts,
        .events_count = count,
        .heads = &head,
        .heads_count = 1,
    };
    uint8_t *out = begin_reply(inquiry, wire_feed_reply_bytes(inquiry->id, &message));
    wire_feed_reply_write(inquiry->id, &message, out);
}

/* -- the stage --------------------------------------------------------------------------------- */

static void answer_status(struct reader_stage *stage, struct inquiry *inquiry)
{
    const struct calendar *calendar = city_calendar(inquiry->policy->city);
    bool ordered = inquiry->ordered != REGIME_NONE;
    struct engine_status status = {
        .policy = inquiry->policy,
        .regime =
            ordered ? inquiry->ordered : calendar_regime(calendar, day_of_ms(inquiry->time_ms)),
        .regime_ordered = ordered,
    };
    stage->report(stage->report_self, &status);
    struct arena *arena = arena_create();
    reply_with(inquiry, wire_status_reply(arena, inquiry->id, &status));
    arena_destroy(&arena);
}

static void answer(struct reader_stage *stage, struct inquiry *inquiry)
{
    switch ((enum request_body)inquiry->body) {
    case REQUEST_LOOKUP:
        answer_lookup(stage, inquiry);
        return;
    case REQUEST_REPLAY:
        answer_replay(stage, inquiry);
        return;
    case REQUEST_STATUS:
        answer_status(stage, inquiry);
        return;
    case REQUEST_EXPLAIN:
    case REQUEST_DESK:
    case REQUEST_REPORT:
        refuse_because(inquiry, "", (struct span){0}, "this engine does not answer that");
        return;
    case REQUEST_SUBMIT:
    case REQUEST_ACT:
    case REQUEST_NONE:
        break;
    }
    CHECK(false); /* not a request that only reads */
}

static uint64_t reader_work(void *self, uint64_t next, uint64_t limit)
{
    struct reader_stage *stage = self;
    (void)limit; /* one a step: each reads a snapshot of its own, and short ones only */
    struct inquiry *inquiry = pipeline_inquiry(stage->pipeline, next);
    if (store_reader_begin(stage->reader) != OK) {
        refuse_damaged(inquiry);
        return next + 1;
    }
    answer(stage, inquiry);
    store_reader_end(stage->reader);
    return next + 1;
}

struct reader_stage *reader_stage_create(struct pipeline *pipeline, struct store_reader *reader,
                                         reader_report *report, void *report_self,
                                         struct arena *arena)
{
    struct reader_stage *stage = arena_take(arena, sizeof *stage);
    stage->pipeline = pipeline;
    stage->reader = reader;
    stage->report = report;
    stage->report_self = report_self;
    pipeline->reader = (struct stage){
        .name = "reader",
        .gate = {.cursors = {&pipeline->asked}, .count = 1},
        .work = reader_work,
        .self = stage,
        .clock = pipeline->clock,
    };
    return stage;
}
