#include "stages/reading.h"

static void answer_status(struct reader_stage *stage, struct inquiry *inquiry)
{
    const struct wire_in_force *in_force = &stage->pipeline->books[inquiry->book].in_force;
    struct engine_status status = {
        .policy = inquiry->policy,
        .policy_event = in_force->event,
        .policy_since_ms = in_force->time_ms,
        .regime = regime_in_force(inquiry->policy, inquiry->ordered, inquiry->time_ms),
        .regime_ordered = inquiry->ordered != REGIME_NONE,
    };
    stage->report(stage->report_self, &status);
    struct arena *arena = arena_create();
    reading_reply(inquiry, wire_status_reply(arena, inquiry->id, &status));
    arena_destroy(&arena);
}

static void answer(struct reader_stage *stage, struct inquiry *inquiry)
{
    switch ((enum request_body)inquiry->body) {
    case REQUEST_LOOKUP:
        reading_lookup(stage, inquiry);
        return;
    case REQUEST_REPLAY:
        reading_replay(stage, inquiry);
        return;
    case REQUEST_STATUS:
        answer_status(stage, inquiry);
        return;
    case REQUEST_EXPLAIN:
        reading_explain(stage, inquiry);
        return;
    case REQUEST_DESK:
        reading_desk(stage, inquiry);
        return;
    case REQUEST_REPORT:
        reading_report(stage, inquiry);
        return;
    case REQUEST_HISTORY:
        reading_history(stage, inquiry);
        return;
    case REQUEST_SUBMIT:
    case REQUEST_ACT:
    case REQUEST_LOAD:
    case REQUEST_ROLLBACK:
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
        reading_refuse_damaged(inquiry);
        return next + 1;
    }
    stage->scratch = stage->pipeline->books[inquiry->book].scratches[BOOK_READER];
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
    stage->shelf = shelf_create(READING_SHELF_PLACES);
    pipeline->reader = (struct stage){
        .name = "reader",
        .gate = {.cursors = {&pipeline->asked}, .count = 1},
        .work = reader_work,
        .self = stage,
        .clock = pipeline->clock,
    };
    return stage;
}

void reader_stage_fini(struct reader_stage *stage)
{
    shelf_destroy(&stage->shelf);
}
