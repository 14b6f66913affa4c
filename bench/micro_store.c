/* micro_store - the log and the ring, without a disk and without threads.
 *
 * Events go into the open group of a store in a directory of its own and are taken back again;
 * nothing is committed. The ring's stages are stepped by hand, as a test does.
 */
#include "base/check.h"
#include "bench/micro_parts.h"
#include "ring/stage.h"
#include "store/store.h"

#include <stdio.h>

enum {
    GROUP = 4096, /* events in a group before it is taken back */
    MAP_BYTES = 1 << 28,
    HOPS = 5, /* stages of the pipeline */
    RING_SLOTS = 4096,
    BATCH = 64,
};

struct key {
    uint8_t bytes[DIGEST_BYTES];
};

struct hop {
    struct stage stage;
    uint64_t sum; /* of the slots it has seen, each by its place in a batch */
};

struct store_bench {
    const struct micro_inputs *inputs;
    char directory[MICRO_PATH_BYTES];
    struct store *store;
    struct key *keys;
    uint32_t first, filled; /* the open group: its first input, and how many it has */
    struct hop hops[HOPS];
};

static struct key key_of(uint64_t number)
{
    const uint64_t halves[] = {micro_mix(0, number), micro_mix(1, number)};
    struct key key;
    memcpy(key.bytes, halves, sizeof key.bytes);
    return key;
}

/* -- the store --------------------------------------------------------------------------------- */

/* Half of it open, half story, as a case's event is. */
static struct event_draft draft_of(const struct store_bench *bench, uint32_t i)
{
    struct event_draft draft = {.serial = store_next(bench->store),
                                .time_ms = MICRO_NOW_MS,
                                .kind = KIND_CASE,
                                .ticket_open = true,
                                .key = bench->keys[i].bytes,
                                .content = bench->keys[i].bytes,
                                .feeds_count = 1};
    draft.feeds[0].feed = bench->inputs->policy->feeds[i % city_units(bench->inputs->policy->city)];
    draft.open_bytes = bench->inputs->packed[i].bytes / 2;
    draft.story_bytes = bench->inputs->packed[i].bytes - draft.open_bytes;
    return draft;
}

static uint64_t append(void *self, uint32_t i)
{
    struct store_bench *bench = self;
    struct span packed = bench->inputs->packed[i];
    if (i % GROUP == 0) {
        store_abandon(bench->store);
        bench->first = i;
        bench->filled = 0;
    }
    struct event_draft draft = draft_of(bench, i);
    uint8_t *room = store_room(bench->store, draft.feeds_count, packed.bytes);
    CHECK(room != NULL);
    memcpy(room, packed.data, packed.bytes);
    enum err err = store_append(bench->store, &draft);
    CHECK(err == OK);
    bench->filled++;
    return draft.serial;
}

static uint64_t hash_event(const uint8_t *key, uint32_t feed, struct span open, struct span story)
{
    uint64_t hash = micro_mix_span(feed, span_of(key, DIGEST_BYTES));
    return micro_mix_span(micro_mix_span(hash, open), story);
}

/* What it was given. */
static uint64_t append_digest(void *self, uint32_t i)
{
    struct store_bench *bench = self;
    append(self, i);
    struct event_draft draft = draft_of(bench, i);
    const uint8_t *data = bench->inputs->packed[i].data;
    return hash_event(draft.key, draft.feeds[0].feed, span_of(data, draft.open_bytes),
                      span_of(data + draft.open_bytes, draft.story_bytes));
}

/* With as many of the first inputs as it takes, where it is not. */
static void fill_group(struct store_bench *bench)
{
    uint32_t count = bench->inputs->count < GROUP ? bench->inputs->count : GROUP;
    if (bench->first == 0 && bench->filled == count)
        return;
    for (uint32_t i = 0; i < count; i++)
        append(bench, i);
}

/* Looked for by its key among the events of an open group. */
static struct event_view view_of(struct store_bench *bench, uint32_t i)
{
    struct event_view view;
    fill_group(bench);
    enum err err = store_find(bench->store, bench->keys[i % bench->filled].bytes, &view);
    CHECK(err == OK);
    return view;
}

static uint64_t find(void *self, uint32_t i)
{
    return view_of(self, i).serial;
}

static uint64_t find_digest(void *self, uint32_t i)
{
    struct event_view view = view_of(self, i);
    return hash_event(view.key, view.feeds[0].feed, view.open, view.story);
}

static uint64_t miss(void *self, uint32_t i)
{
    struct store_bench *bench = self;
    struct event_view view;
    struct key key = key_of(~(uint64_t)i);
    fill_group(bench);
    return (uint64_t)store_find(bench->store, key.bytes, &view);
}

/* -- the ring ---------------------------------------------------------------------------------- */

static uint64_t pass(void *self, uint64_t next, uint64_t limit)
{
    struct hop *hop = self;
    limit = limit < next + BATCH ? limit : next + BATCH;
    for (uint64_t i = next; i < limit; i++)
        hop->sum += i % BATCH;
    return limit;
}

static void link_hops(struct store_bench *bench)
{
    for (uint32_t i = 0; i < HOPS; i++) {
        struct hop *hop = &bench->hops[i];
        const struct hop *before = &bench->hops[(i + HOPS - 1) % HOPS];
        hop->stage = (struct stage){.name = "hop",
                                    .gate = {{&before->stage.cursor}, .count = 1},
                                    .work = pass,
                                    .self = hop,
                                    .clock = &clock_system};
    }
    bench->hops[0].stage.gate.lead = RING_SLOTS;
}

/* A batch of slots from the first stage to the last; says what the last saw of them. */
static uint64_t step_all(void *self, uint32_t i)
{
    struct store_bench *bench = self;
    uint64_t before = bench->hops[HOPS - 1].sum;
    (void)i;
    for (uint32_t j = 0; j < HOPS; j++) {
        bool worked = stage_step(&bench->hops[j].stage);
        CHECK(worked);
    }
    return bench->hops[HOPS - 1].sum - before;
}

/* -- all of them ------------------------------------------------------------------------------- */

static void *store_bench_open(const struct micro_inputs *inputs)
{
    struct store_bench *bench = arena_take(inputs->arena, sizeof *bench);
    struct diag *diag = diag_create();
    bench->inputs = inputs;
    micro_make_directory(bench->directory);
    struct store_options options = {
        .path = bench->directory, .map_bytes = MAP_BYTES, .reserve_bytes = 1};
    enum err err = store_open(&options, diag, &bench->store);
    if (err == OK)
        err = store_put_policy(bench->store, inputs->policy);
    diag_print(diag, stderr);
    micro_must(err == OK, bench->directory);
    diag_destroy(&diag);
    bench->keys = arena_take(inputs->arena, inputs->count * sizeof *bench->keys);
    for (uint32_t i = 0; i < inputs->count; i++)
        bench->keys[i] = key_of(i);
    link_hops(bench);
    return bench;
}

static void store_bench_close(void *self)
{
    struct store_bench *bench = self;
    store_abandon(bench->store);
    store_close(&bench->store);
    micro_remove(bench->directory);
}

static const struct micro micros[] = {
    {.name = "append an event, without a commit",
     .share = 1,
     .run = append,
     .digest = append_digest},
    {.name = "find it by its key",
     .share = 1,
     .run = find,
     .digest = find_digest,
     .same_as = "append an event, without a commit"},
    {.name = "find that a key is new", .share = 1, .run = miss},
    {.name = "64 slots through 5 stages, stepped by hand", .share = 1, .run = step_all},
};

const struct micro_group micro_store = {.name = "store and ring",
                                        .micros = micros,
                                        .count = sizeof micros / sizeof micros[0],
                                        .open = store_bench_open,
                                        .close = store_bench_close};
