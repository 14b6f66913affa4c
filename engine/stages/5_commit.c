#include "stages/5_commit.h"

#include "base/say.h"
#include "stages/health.h"

#include <unistd.h>

enum { EXIT_DISK = 74 /* EX_IOERR of sysexits(3) */ };

struct commit_stage {
    struct pipeline *pipeline;
    struct store *store;
    uint64_t failures; /* what pipeline->failures says */
    bool failed;       /* the group that begins with the next slot could not be written */
};

static bool is_undone(const struct commit_stage *stage)
{
    return cursor_observe(&stage->pipeline->undone) > stage->pipeline->commit.next;
}

static void stop_if_unknown(enum err err)
{
    if (err != ERR_UNKNOWN)
        return;
    say_error("the disk failed in the last step of a commit, so nobody knows what it holds; "
              "stopping, and what is there will be read at the next start");
    _exit(EXIT_DISK);
}

static void tell_store(struct commit_stage *stage)
{
    struct pipeline *pipeline = stage->pipeline;
    stage->failed = true;
    cursor_publish(&pipeline->failures, ++stage->failures);
    for (uint32_t i = 0; i < pipeline->commit.wakes_count; i++)
        bell_ring(pipeline->commit.wakes[i]);
}

/* The slots that store has unmade begin with the group that failed. How far it had come then may be
 * more than this step's limit; the rest is for the next. */
static uint64_t pass_undone(struct commit_stage *stage, uint64_t next, uint64_t limit)
{
    uint64_t undone = cursor_observe(&stage->pipeline->undone);
    if (undone <= next)
        return next;
    stage->failed = false;
    return undone < limit ? undone : limit;
}

static uint64_t commit_work(void *self, uint64_t next, uint64_t limit)
{
    struct commit_stage *stage = self;
    if (stage->failed || is_undone(stage))
        return pass_undone(stage, next, limit);
    const struct batch *batch = &pipeline_slot(stage->pipeline, next)->batch;
    CHECK(batch->limit > next && batch->limit <= limit);
    if (!batch->sealed)
        return batch->limit;
    enum err err = store_write(stage->store);
    stop_if_unknown(err);
    health_note(&stage->pipeline->refusing, err);
    if (err == OK)
        return batch->limit;
    tell_store(stage);
    return next;
}

static int commit_patience_ms(void *self)
{
    const struct commit_stage *stage = self;
    if (!stage_ready(&stage->pipeline->commit))
        return SLEEP_UNTIL_RUNG;
    return stage->failed && !is_undone(stage) ? SLEEP_UNTIL_RUNG : SLEEP_NOT;
}

void commit_stage_create(struct pipeline *pipeline, struct store *store, struct arena *arena)
{
    struct commit_stage *stage = arena_take(arena, sizeof *stage);
    *stage = (struct commit_stage){.pipeline = pipeline, .store = store};
    pipeline->commit = (struct stage){
        .name = "commit",
        .gate = {.cursors = {&pipeline->store.cursor}, .count = 1},
        .work = commit_work,
        .patience_ms = commit_patience_ms,
        .self = stage,
        .clock = pipeline->clock,
    };
}
