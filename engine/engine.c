#include "engine.h"

#include "sockets.h"
#include "stages/1_ingress.h"
#include "stages/2_decode.h"
#include "stages/3_route.h"
#include "stages/4_store.h"
#include "stages/5_commit.h"
#include "stages/6_publish.h"
#include "stages/beginning.h"
#include "stages/guard.h"
#include "stages/loader.h"
#include "stages/reader.h"
#include "stages/regime.h"
#include "stages/socket.h"

#include <stdio.h>

enum { WORKERS_MAX = ENGINE_STAGES };

_Static_assert((int)WORKER_STAGES_MAX >= (int)ENGINE_STAGES, "one thread may have them all");

struct engine {
    struct engine_options options;
    struct arena *arena;
    struct beginning beginning;
    struct store *store;
    struct store_reader *publish_reader, *inquiry_reader, *loader_reader;
    struct sockets sockets;
    struct pipeline pipeline;
    struct ingress_stage *ingress;
    struct publish_stage *publish;
    struct reader_stage *reader_stage;
    struct worker workers[WORKERS_MAX];
    uint32_t workers_count;
    uint32_t workers_started;
    struct cursor all_started; /* how many workers a status may tell of: all or none */
    struct cursor stop;
    uint64_t hangups; /* what pipeline.hangups says */
    int64_t started_ms;
    struct stage_status stage_statuses[ENGINE_STAGES];
    struct thread_status thread_statuses[WORKERS_MAX];
    char thread_names[WORKERS_MAX][64];
};

/* Which stages share a thread, for each --threads. One thread does all; with two, taking in and
 * deciding go on while the other waits for the disk; with four, so does building the next group,
 * and deciding, which takes longest, has a thread of its own; with six each stage has. The reader
 * has a thread beside the pipeline's unless there is only one. The loader always has: it reads
 * files and compiles, and sleeps for the rest of the year. */
struct grouping {
    uint32_t threads;
    const char *stages[WORKERS_MAX]; /* digits of engine_stage() indexes */
};

static const struct grouping groupings[] = {
    {1, {"0123456", "7"}},
    {2, {"012", "345", "6", "7"}},
    {4, {"01", "2", "3", "45", "6", "7"}},
    {6, {"0", "1", "2", "3", "4", "5", "6", "7"}},
};

/* -- status ------------------------------------------------------------------------------------ */

static const char *refusal_text(uint64_t err)
{
    return err == OK ? "" : err == ERR_FULL ? "the disk is full" : "the disk fails";
}

static void report_threads(struct engine *engine, struct engine_status *status)
{
    uint32_t count = (uint32_t)cursor_observe(&engine->all_started);
    for (uint32_t i = 0; i < count; i++) {
        const struct worker *worker = &engine->workers[i];
        engine->thread_statuses[i] = (struct thread_status){
            .stages = engine->thread_names[i],
            .cpu_us = (uint64_t)clock_thread_cpu_ns(worker->thread) / 1000,
            .wakeups = counter_read(&worker->wakeups),
        };
    }
    status->threads = engine->thread_statuses;
    status->threads_count = count;
}

static void report_stages(struct engine *engine, struct engine_status *status)
{
    for (uint32_t i = 0; i < ENGINE_STAGES; i++) {
        const struct stage *stage = engine_stage(engine, i);
        engine->stage_statuses[i] = (struct stage_status){
            .name = stage->name,
            .done = cursor_observe(&stage->cursor),
            .batches = counter_read(&stage->batches),
            .busy_us = counter_read(&stage->busy_ns) / 1000,
            .cpu_us = counter_read(&stage->cpu_ns) / 1000,
        };
    }
    status->stages = engine->stage_statuses;
    status->stages_count = ENGINE_STAGES;
}

/* On the reader's thread. */
static void report(void *self, struct engine_status *status)
{
    struct engine *engine = self;
    const struct pipeline *pipeline = &engine->pipeline;
    struct store_status store;
    store_status(engine->store, &store);
    status->version = LIANXIN_RELEASE;
    status->started_ms = engine->started_ms;
    status->now_ms = clock_wall_ms(engine->options.clock);
    status->events = store.events;
    status->tickets = store.tickets;
    status->groups = store.groups;
    status->store_bytes = store.store_bytes;
    status->free_bytes = store.free_bytes;
    status->duplicates = counter_read(&pipeline->duplicates);
    status->invalid = counter_read(&pipeline->invalid) + counter_read(&pipeline->malformed);
    status->try_again = counter_read(&pipeline->failed) + counter_read(&pipeline->stalled);
    status->refused = counter_read(&pipeline->refused);
    status->disconnects = counter_read(&pipeline->disconnects);
    uint64_t refusing = counter_read(&pipeline->refusing);
    status->refusing = refusal_text(refusing != OK ? refusing : counter_read(&pipeline->exhausted));
    report_stages(engine, status);
    report_threads(engine, status);
}

/* -- wiring ------------------------------------------------------------------------------------ */

static void create_readers(struct engine *engine)
{
    struct loader_options loader = {.city = engine->options.city, .by = engine->options.by};
    engine->reader_stage = reader_stage_create(&engine->pipeline, engine->inquiry_reader, report,
                                               engine, engine->arena);
    loader_stage_create(&engine->pipeline, engine->store, engine->loader_reader, &loader,
                        engine->arena);
}

static enum err create_stages(struct engine *engine, struct diag *diag)
{
    struct pipeline *pipeline = &engine->pipeline;
    pipeline->clock = engine->options.clock;
    pipeline->slots_count = engine->options.slots;
    pipeline->slots = arena_take(engine->arena, pipeline->slots_count * sizeof(struct slot));
    pipeline->inquiries = arena_take(engine->arena, PIPELINE_INQUIRIES * sizeof(struct inquiry));
    pipeline->seed = store_seed(engine->store);
    beginning_open(&engine->beginning, pipeline);
    struct store_stage *store = store_stage_create(pipeline, engine->store, engine->arena);
    enum err err = beginning_record(&engine->beginning, store, pipeline, diag);
    if (err != OK)
        return err;
    engine->ingress = ingress_stage_create(pipeline, engine->sockets.router,
                                           engine->sockets.monitor, regime_ordered(engine->store),
                                           store_last_time_ms(engine->store), engine->arena);
    pipeline->guard = guard_create(pipeline, engine->options.store, engine->arena);
    decode_init(pipeline);
    route_stage_create(pipeline, engine->arena);
    commit_stage_create(pipeline, engine->store, engine->arena);
    create_readers(engine);
    return publish_stage_create(pipeline, engine->sockets.xpub, engine->publish_reader,
                                engine->arena, &engine->publish);
}

struct stage *engine_stage(struct engine *engine, uint32_t index)
{
    struct pipeline *pipeline = &engine->pipeline;
    struct stage *stages[ENGINE_STAGES] = {
        &pipeline->ingress, &pipeline->decode,  &pipeline->route,  &pipeline->store,
        &pipeline->commit,  &pipeline->publish, &pipeline->reader, &pipeline->loader};
    CHECK(index < ENGINE_STAGES);
    return stages[index];
}

static const struct grouping *find_grouping(uint32_t threads)
{
    for (size_t i = 0; i < sizeof groupings / sizeof groupings[0]; i++)
        if (groupings[i].threads == threads)
            return &groupings[i];
    return NULL;
}

static enum err create_worker(struct engine *engine, const char *stages)
{
    uint32_t index = engine->workers_count++;
    struct worker *worker = &engine->workers[index];
    char *name = engine->thread_names[index];
    int fds[BELL_FDS_MAX];
    uint32_t fds_count = 0;
    worker->stop = &engine->stop;
    for (const char *digit = stages; *digit != '\0'; digit++) {
        struct stage *stage = engine_stage(engine, (uint32_t)(*digit - '0'));
        worker->stages[worker->count++] = stage;
        snprintf(name + strlen(name), sizeof engine->thread_names[0] - strlen(name), "%s%s",
                 name[0] == '\0' ? "" : "+", stage->name);
        if (stage == &engine->pipeline.ingress) {
            fds[fds_count++] = socket_fd(engine->sockets.router);
            fds[fds_count++] = socket_fd(engine->sockets.monitor);
        }
        if (stage == &engine->pipeline.publish)
            fds[fds_count++] = socket_fd(engine->sockets.xpub);
    }
    return bell_init(&worker->bell, fds, fds_count);
}

static struct bell *bell_of(struct engine *engine, const struct stage *stage)
{
    for (uint32_t i = 0; i < engine->workers_count; i++)
        for (uint32_t j = 0; j < engine->workers[i].count; j++)
            if (engine->workers[i].stages[j] == stage)
                return &engine->workers[i].bell;
    CHECK(false); /* a stage without a worker */
    return NULL;
}

/* Who waits for whom: each stage for the one before it; store for what became of its groups;
 * ingress for answers from commit, reader and loader, and for room from publish. Reader and loader
 * wait for questions and orders and not for cases, so ingress's cursor does not wake them. A stage
 * does not wake its own thread, which looks anyway. */
static void wire_wakes(struct engine *engine)
{
    struct pipeline *pipeline = &engine->pipeline;
    struct {
        struct stage *waker, *sleeper;
    } wakes[] = {
        {&pipeline->ingress, &pipeline->decode}, {&pipeline->decode, &pipeline->route},
        {&pipeline->route, &pipeline->store},    {&pipeline->store, &pipeline->commit},
        {&pipeline->commit, &pipeline->store},   {&pipeline->commit, &pipeline->publish},
        {&pipeline->commit, &pipeline->ingress}, {&pipeline->publish, &pipeline->ingress},
        {&pipeline->reader, &pipeline->ingress}, {&pipeline->loader, &pipeline->ingress},
    };
    for (size_t i = 0; i < sizeof wakes / sizeof wakes[0]; i++) {
        struct bell *bell = bell_of(engine, wakes[i].sleeper);
        if (bell != bell_of(engine, wakes[i].waker))
            stage_wakes(wakes[i].waker, bell);
    }
    if (bell_of(engine, &pipeline->reader) != bell_of(engine, &pipeline->ingress))
        pipeline->asked_bell = bell_of(engine, &pipeline->reader);
    pipeline->ordered_bell = bell_of(engine, &pipeline->loader);
}

static enum err create_workers(struct engine *engine, struct diag *diag)
{
    if (engine->options.threads == 0)
        return OK;
    const struct grouping *grouping = find_grouping(engine->options.threads);
    if (grouping == NULL) {
        diag_add(diag, "--threads", 0, 0, "%u is not 1, 2, 4 or 6", engine->options.threads);
        return ERR_INVALID;
    }
    enum err err = OK;
    for (uint32_t i = 0; err == OK && i < WORKERS_MAX && grouping->stages[i] != NULL; i++)
        err = create_worker(engine, grouping->stages[i]);
    if (err == OK)
        wire_wakes(engine);
    else
        diag_add(diag, "engine", 0, 0, "no descriptors are left for its threads");
    return err;
}

/* -- life -------------------------------------------------------------------------------------- */

static enum err open_store(struct engine *engine, struct diag *diag)
{
    struct store_options options = {.path = engine->options.store,
                                    .map_bytes = engine->options.map_bytes};
    return store_open(&options, diag, &engine->store);
}

static enum err open_readers(struct engine *engine)
{
    struct store_reader **const readers[] = {&engine->publish_reader, &engine->inquiry_reader,
                                             &engine->loader_reader};
    enum err err = OK;
    for (size_t i = 0; err == OK && i < sizeof readers / sizeof readers[0]; i++)
        err = store_reader_open(engine->store, readers[i]);
    return err;
}

static enum err use_store(struct engine *engine, struct diag *diag)
{
    enum err err = open_readers(engine);
    if (err == OK)
        return beginning_choose(&engine->beginning, engine->store, engine->loader_reader,
                                engine->arena, diag);
    diag_add(diag, engine->options.store, 0, 0, "cannot be read: %s", err_name(err));
    return err;
}

static void begin(struct engine *engine)
{
    const struct engine_options *options = &engine->options;
    engine->beginning = (struct beginning){
        .city = options->city,
        .keep = options->keep,
        .by = options->by,
        .store = options->store,
        .now_ms = engine->started_ms,
    };
}

/* Each part is tried though an earlier one failed, so that everything wrong is said at once. */
static enum err create_parts(struct engine *engine, struct diag *diag)
{
    begin(engine);
    enum err policy = beginning_read(&engine->beginning, diag);
    enum err sockets =
        sockets_open(&engine->sockets, engine->options.front, engine->options.feed, diag);
    enum err store = open_store(engine, diag);
    enum err err = policy != OK ? policy : store != OK ? store : sockets;
    if (err == OK)
        err = use_store(engine, diag);
    if (err == OK)
        err = create_stages(engine, diag);
    return err == OK ? create_workers(engine, diag) : err;
}

enum err engine_create(const struct engine_options *options, struct diag *diag,
                       struct engine **engine)
{
    struct arena *arena = arena_create();
    struct engine *made = arena_take(arena, sizeof *made);
    made->arena = arena;
    made->options = *options;
    if (made->options.clock == NULL)
        made->options.clock = &clock_system;
    if (made->options.slots == 0)
        made->options.slots = PIPELINE_SLOTS;
    CHECK(made->options.slots >= PIPELINE_SLOTS_MIN &&
          (made->options.slots & (made->options.slots - 1)) == 0);
    made->started_ms = clock_wall_ms(made->options.clock);
    enum err err = create_parts(made, diag);
    if (err != OK) {
        engine_destroy(&made);
        return err;
    }
    arena_seal(arena);
    *engine = made;
    return OK;
}

enum err engine_start(struct engine *engine)
{
    CHECK(engine->workers_count > 0);
    for (; engine->workers_started < engine->workers_count; engine->workers_started++) {
        enum err err = worker_start(&engine->workers[engine->workers_started]);
        if (err != OK) {
            engine_stop(engine);
            return err;
        }
    }
    cursor_publish(&engine->all_started, engine->workers_count);
    return OK;
}

void engine_reload(struct engine *engine)
{
    cursor_publish(&engine->pipeline.hangups, ++engine->hangups);
    if (engine->workers_count > 0)
        bell_ring(&engine->workers[0].bell);
}

/* Ingress ends by itself when all it took in is answered; then the others have nothing left. */
void engine_stop(struct engine *engine)
{
    cursor_publish(&engine->pipeline.closing, 1);
    if (engine->workers_started == engine->workers_count && engine->workers_count > 0) {
        bell_ring(&engine->workers[0].bell);
        worker_join(&engine->workers[0]);
    }
    cursor_publish(&engine->stop, 1);
    uint32_t first = engine->workers_started == engine->workers_count ? 1 : 0;
    for (uint32_t i = first; i < engine->workers_started; i++) {
        bell_ring(&engine->workers[i].bell);
        worker_join(&engine->workers[i]);
    }
    engine->workers_started = 0;
    guard_settle(engine->pipeline.guard);
}

void engine_note_failure(struct engine *engine)
{
    guard_note(engine->pipeline.guard);
}

void engine_destroy(struct engine **engine)
{
    struct engine *old = *engine;
    if (old == NULL)
        return;
    *engine = NULL;
    CHECK(old->workers_started == 0);
    if (old->ingress != NULL)
        ingress_stage_fini(old->ingress);
    if (old->publish != NULL)
        publish_stage_fini(old->publish);
    if (old->reader_stage != NULL)
        reader_stage_fini(old->reader_stage);
    for (uint32_t i = 0; i < old->workers_count; i++)
        bell_fini(&old->workers[i].bell);
    sockets_close(&old->sockets);
    store_reader_close(&old->publish_reader);
    store_reader_close(&old->inquiry_reader);
    store_reader_close(&old->loader_reader);
    store_close(&old->store);
    for (uint32_t i = 0; i < BOOKS_MAX; i++)
        book_close(&old->pipeline.books[i]);
    policy_destroy(&old->beginning.policy);
    struct arena *arena = old->arena;
    arena_destroy(&arena);
}

const char *engine_front(const struct engine *engine)
{
    return engine->sockets.front;
}

const char *engine_feed(const struct engine *engine)
{
    return engine->sockets.feed;
}

void *engine_context(struct engine *engine)
{
    return engine->sockets.context;
}

const struct policy *engine_policy(const struct engine *engine)
{
    return ingress_stage_policy(engine->ingress);
}
