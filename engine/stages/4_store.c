#include "stages/4_store.h"

#include "base/fetch.h"
#include "base/say.h"
#include "stages/3_route.h"
#include "stages/storing.h"

enum {
    SLOTS_AHEAD = 8,
    POINTED_AHEAD = 4,
    BATCH_MAX = PIPELINE_SLOTS / 4, /* so that the stages before have slots while this one waits */
    FETCHED_MAX = 512,              /* of a command; the rest follows by itself */
    DERIVE_IDLE_MS = 1000,
};

/* The advice is that of the same case decided again: what is stored goes with the next commit.
 * Where it was to join an earlier ticket, and did not, it is decided again as then. */
static void repeat_disposition(struct store_stage *stage, struct slot *slot,
                               const struct event_view *first)
{
    const struct arrival *arrival = &slot->arrival;
    struct routing routing = slot->routing;
    struct wire_decision decided;
    struct facts facts;
    struct misfit misfit;
    if (arrival->command != COMMAND_CASE || !wire_event_decision(first->open, &decided))
        return;
    slot->receipt.disposition = decided.disposition;
    if (routing.valid && routing.decision.disposition == DISPOSITION_ATTACH &&
        decided.disposition != DISPOSITION_ATTACH)
        route_anew(arrival->policy, &slot->ticket, arrival->strict, 0, stage->scratch, &facts,
                   &routing, &misfit);
    if (routing.valid && routing.decision.disposition == decided.disposition)
        slot->receipt.advice = routing.decision.advice;
}

/* Its id was seen before: the first answer again where the content is the same. */
static void answer_again(struct store_stage *stage, struct slot *slot,
                         const struct event_view *first)
{
    struct ticket_state state;
    struct receipt *receipt = &slot->receipt;
    storing_read_state(first, &state, receipt);
    receipt->serial = first->serial;
    bool same = memcmp(first->content, slot->ticket.content, DIGEST_BYTES) == 0;
    receipt->outcome = same ? OUTCOME_DUPLICATE : OUTCOME_CONFLICT;
    storing_name_main(&state, receipt);
    if (same)
        repeat_disposition(stage, slot, first);
    counter_add(&stage->pipeline->duplicates, 1);
}

static bool store_new(struct store_stage *stage, struct slot *slot)
{
    if (slot->arrival.command == COMMAND_CASE)
        return store_case(stage, slot);
    return slot->ticket.act.verb == VERB_REGIME ? store_regime(stage, slot)
                                                : store_act(stage, slot);
}

/* A change of books, if it is not set aside; or what was decided by the one that it was to, and
 * which could not be stored: by the time that it comes again it is decided by the one in force. */
static bool store_of_other_book(struct store_stage *stage, struct slot *slot)
{
    if (slot->arrival.command == COMMAND_BOOK && slot->ticket.valid)
        return store_book(stage, slot);
    if (slot->arrival.command == COMMAND_BOOK) {
        storing_refuse(stage, slot, OUTCOME_INVALID);
        return true;
    }
    slot->receipt.outcome = OUTCOME_TRY_AGAIN;
    counter_add(&stage->pipeline->failed, 1);
    return true;
}

/* False where the group is full: the slot is to be taken up again with the next. */
static bool store_one(struct store_stage *stage, struct slot *slot)
{
    struct event_view first;
    storing_answer_nothing_but(&slot->receipt, OUTCOME_NONE);
    if (slot->arrival.book != stage->in_force)
        return store_of_other_book(stage, slot);
    if (!slot->ticket.valid) {
        storing_refuse(stage, slot, OUTCOME_INVALID);
        return true;
    }
    enum err err = store_find(stage->store, slot->ticket.key, &first);
    if (err == OK) {
        answer_again(stage, slot, &first);
        return true;
    }
    if (err != ERR_NOT_FOUND) {
        slot->receipt.outcome = OUTCOME_TRY_AGAIN;
        say_error("the store cannot read back an event: %s", err_name(err));
        return true;
    }
    if (!slot->routing.valid) {
        storing_refuse(stage, slot, OUTCOME_INVALID);
        return true;
    }
    return store_new(stage, slot);
}

/* -- what became of the groups ----------------------------------------------------------------- */

static uint64_t oldest_limit(const struct store_stage *stage)
{
    return stage->limits[stage->kept % STORE_SEALED_MAX];
}

static bool has_failed(const struct store_stage *stage)
{
    return cursor_observe(&stage->pipeline->failures) > stage->failures;
}

static bool is_oldest_durable(const struct store_stage *stage)
{
    return stage->kept < stage->sealed &&
           cursor_observe(&stage->pipeline->commit.cursor) >= oldest_limit(stage);
}

static bool keep_durable(struct store_stage *stage)
{
    if (!is_oldest_durable(stage))
        return false;
    while (is_oldest_durable(stage)) {
        store_keep(stage->store);
        stage->kept++;
    }
    stage->kept_ns = clock_monotonic_ns(stage->pipeline->clock);
    stage->lagging = true;
    return true;
}

/* What the groups would have answered is not so: even a duplicate may be of an event that was taken
 * back with them. */
static void answer_try_again(struct store_stage *stage, uint64_t next, uint64_t limit)
{
    for (uint64_t i = next; i < limit; i++) {
        struct receipt *receipt = &pipeline_slot(stage->pipeline, i)->receipt;
        if (receipt->outcome == OUTCOME_INVALID)
            continue;
        storing_answer_nothing_but(receipt, OUTCOME_TRY_AGAIN);
        counter_add(&stage->pipeline->failed, 1);
    }
}

/* Commit stands still before the group that failed, and behind it all was built on that. */
static void take_back(struct store_stage *stage)
{
    struct pipeline *pipeline = stage->pipeline;
    uint64_t limit = pipeline->store.next;
    store_abandon(stage->store);
    storing_restore_in_force(stage);
    stage->kept = stage->sealed;
    stage->failures++;
    answer_try_again(stage, cursor_observe(&pipeline->commit.cursor), limit);
    cursor_publish(&pipeline->undone, limit);
    for (uint32_t i = 0; i < pipeline->store.wakes_count; i++)
        bell_ring(pipeline->store.wakes[i]);
}

/* Failures first: what commit passed before the last of them is then to be seen, and it passes no
 * more. */
static bool settle(struct store_stage *stage)
{
    bool failed = has_failed(stage);
    bool kept = keep_durable(stage);
    if (failed)
        take_back(stage);
    return failed || kept;
}

/* -- building ---------------------------------------------------------------------------------- */

/* What the record will say of the place. */
static void expect_place(const struct slot *slot)
{
    if (slot->arrival.command != COMMAND_CASE || !slot->ticket.valid || !slot->routing.valid)
        return;
    const struct places *places = city_places(slot->arrival.policy->city);
    struct span code = place_code12(places, slot->routing.decision.place);
    fetch(code.data, code.data + code.bytes);
}

/* What is read and written of a slot, some slots ahead; and nearer, when the slot is here, what it
 * points to: the command's bytes, the place, and the key's place in the index. */
static void expect(const struct store_stage *stage, uint64_t sequence, uint64_t limit)
{
    if (sequence + SLOTS_AHEAD < limit) {
        struct slot *slot = pipeline_slot(stage->pipeline, sequence + SLOTS_AHEAD);
        fetch(&slot->arrival, &slot->ticket.words);
        fetch(&slot->routing, &slot->batch);
        fetch_to_write(&slot->receipt, &slot->receipt.unit[1]);
    }
    if (sequence + POINTED_AHEAD < limit) {
        const struct slot *slot = pipeline_slot(stage->pipeline, sequence + POINTED_AHEAD);
        const struct span bytes = slot->arrival.bytes;
        fetch(bytes.data, bytes.data + (bytes.bytes < FETCHED_MAX ? bytes.bytes : FETCHED_MAX));
        store_expect(stage->store, slot->ticket.key);
        expect_place(slot);
    }
}

/* Else commit has to come on first: to free a group's place, or so that all is kept and the tables
 * can be derived, or because too little waits to be worth a commit of its own. */
static bool may_build(const struct store_stage *stage, uint64_t waiting)
{
    const struct store *store = stage->store;
    if (!store_has_sealed(store))
        return waiting > 0;
    return waiting >= STORE_AHEAD_MIN && store_may_seal(store) && !store_derive_is_due(store);
}

static uint64_t waiting(const struct store_stage *stage)
{
    const struct stage *store = &stage->pipeline->store;
    return gate_limit(&store->gate) - store->next;
}

/* Says in the first slot what was done, for commit. */
static void hand_on(struct store_stage *stage, uint64_t next, uint64_t limit, bool any)
{
    pipeline_slot(stage->pipeline, next)->batch = (struct batch){.limit = limit, .sealed = any};
    if (!any)
        return;
    store_seal(stage->store);
    stage->limits[stage->sealed++ % STORE_SEALED_MAX] = limit;
}

static uint64_t store_work(void *self, uint64_t next, uint64_t limit)
{
    struct store_stage *stage = self;
    uint64_t first = store_next(stage->store);
    uint64_t end = next;
    if (!may_build(stage, limit - next))
        return next;
    if (store_derive_is_due(stage->store))
        store_derive(stage->store);
    if (limit - next > BATCH_MAX)
        limit = next + BATCH_MAX;
    while (end < limit && store_one(stage, pipeline_slot(stage->pipeline, end))) {
        end++;
        expect(stage, end, limit);
    }
    CHECK(end > next); /* one event always fits an empty group */
    hand_on(stage, next, end, store_next(stage->store) > first);
    return end;
}

static int64_t derive_due_ms(const struct store_stage *stage)
{
    int64_t idle_ms = (clock_monotonic_ns(stage->pipeline->clock) - stage->kept_ns) / 1000000;
    return idle_ms >= DERIVE_IDLE_MS ? 0 : DERIVE_IDLE_MS - idle_ms;
}

static bool store_attend(void *self)
{
    struct store_stage *stage = self;
    bool any = settle(stage);
    if (!stage->lagging || store_has_sealed(stage->store) || stage_ready(&stage->pipeline->store) ||
        derive_due_ms(stage) > 0)
        return any;
    stage->lagging = false;
    return store_derive(stage->store) || any;
}

static int store_patience_ms(void *self)
{
    const struct store_stage *stage = self;
    if (has_failed(stage) || is_oldest_durable(stage))
        return SLEEP_NOT;
    if (may_build(stage, waiting(stage)))
        return SLEEP_NOT;
    bool derives = stage->lagging && !store_has_sealed(stage->store);
    return derives ? (int)derive_due_ms(stage) : SLEEP_UNTIL_RUNG;
}

struct store_stage *store_stage_create(struct pipeline *pipeline, struct store *store,
                                       struct arena *arena)
{
    struct store_stage *stage = arena_take(arena, sizeof *stage);
    *stage = (struct store_stage){
        .pipeline = pipeline,
        .store = store,
        .scratch = pipeline->books[0].scratches[BOOK_STORE],
    };
    pipeline->store = (struct stage){
        .name = "store",
        .gate = {.cursors = {&pipeline->route.cursor}, .count = 1},
        .work = store_work,
        .attend = store_attend,
        .patience_ms = store_patience_ms,
        .self = stage,
        .clock = pipeline->clock,
    };
    return stage;
}
