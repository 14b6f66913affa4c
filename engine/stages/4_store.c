#include "stages/4_store.h"

#include "base/say.h"
#include "stages/3_route.h"
#include "stages/storing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    DERIVE_IDLE_MS = 1000,
    EXIT_DISK = 74, /* EX_IOERR of sysexits(3) */
};

/* A number, a unit or a deadline of what is not stored would be another ticket's by and by. */
static void answer_nothing_but(struct receipt *receipt, enum outcome outcome)
{
    receipt->outcome = outcome;
    receipt->event = 0;
    receipt->serial = 0;
    receipt->misfit = NULL;
    receipt->number[0] = '\0';
    receipt->unit[0] = '\0';
    receipt->disposition = DISPOSITION_NONE;
    receipt->dues = (struct dues){0};
    receipt->advice = (struct span){0};
}

static void answer_invalid(struct store_stage *stage, struct slot *slot,
                           const struct misfit *misfit)
{
    slot->receipt.outcome = OUTCOME_INVALID;
    slot->receipt.misfit = misfit;
    counter_add(&stage->pipeline->invalid, 1);
}

void storing_refuse(struct store_stage *stage, struct slot *slot, enum outcome outcome,
                    const char *field)
{
    struct pipeline *pipeline = stage->pipeline;
    slot->receipt.outcome = outcome;
    slot->receipt.refusal.field = field;
    slot->receipt.refusal.value = (struct span){0};
    slot->receipt.misfit = &slot->receipt.refusal;
    counter_add(outcome == OUTCOME_INVALID ? &pipeline->invalid : &pipeline->refused, 1);
}

void storing_name_main(const struct ticket_state *state, struct receipt *receipt)
{
    uint32_t main = tickets_main(state);
    receipt->unit[0] = '\0';
    receipt->dues = (struct dues){0};
    if (main == UINT32_MAX)
        return;
    memcpy(receipt->unit, state->parts[main].unit, sizeof receipt->unit);
    receipt->dues = state->parts[main].dues;
}

/* The advice is that of the same case decided again: what is stored goes with the next commit.
 * Where it was to join an earlier ticket, and did not, it is decided again as then. */
static void repeat_disposition(struct store_stage *stage, struct slot *slot,
                               const struct event_view *first)
{
    const struct arrival *arrival = &slot->arrival;
    struct routing routing = slot->routing;
    struct wire_decision decided;
    struct facts facts;
    if (arrival->command != COMMAND_CASE || !wire_event_decision(first->open, &decided))
        return;
    slot->receipt.disposition = decided.disposition;
    if (routing.valid && routing.decision.disposition == DISPOSITION_ATTACH &&
        decided.disposition != DISPOSITION_ATTACH)
        route_anew(arrival->policy, &slot->ticket, arrival->strict, 0, stage->scratch, &facts,
                   &routing);
    if (routing.valid && routing.decision.disposition == decided.disposition)
        slot->receipt.advice = routing.decision.advice;
}

/* Its id was seen before: the first answer again where the content is the same. */
static void answer_again(struct store_stage *stage, struct slot *slot,
                         const struct event_view *first)
{
    struct ticket_state state;
    struct receipt *receipt = &slot->receipt;
    bool readable = wire_event_state(first->open, &state, receipt->number);
    CHECK(readable); /* its checksum held, so we wrote it so */
    receipt->serial = first->serial;
    bool same = memcmp(first->content, slot->ticket.content, DIGEST_BYTES) == 0;
    receipt->outcome = same ? OUTCOME_DUPLICATE : OUTCOME_CONFLICT;
    storing_name_main(&state, receipt);
    if (same)
        repeat_disposition(stage, slot, first);
    counter_add(&stage->pipeline->duplicates, 1);
}

/* A unit is told of an event once, however many parts it has in the ticket. */
static void tell(struct event_draft *draft, uint32_t feed, bool reporter)
{
    for (uint32_t i = 0; i < draft->feeds_count; i++)
        if (draft->feeds[i].feed == feed) {
            draft->feeds[i].reporter |= reporter;
            return;
        }
    CHECK(draft->feeds_count < STORE_FEEDS_PER_EVENT_MAX);
    draft->feeds[draft->feeds_count].feed = feed;
    draft->feeds[draft->feeds_count].reporter = reporter;
    draft->feeds_count++;
}

/* All units that have or had a part in the ticket hear what happens to it; those that the policy no
 * longer knows have no feed that anybody reads. */
static void tell_units(const struct policy *policy, const struct ticket_state *state,
                       bool reporter_shown, struct event_draft *draft)
{
    for (uint32_t i = 0; i < state->count; i++) {
        const struct part *part = &state->parts[i];
        struct unit unit = city_unit_by_key(policy->city, span_of_string(part->unit));
        if (unit.index == UNIT_NONE.index)
            continue;
        bool is_main = part->role == ROLE_MAIN && part->state != STATE_RETURNED;
        tell(draft, policy->feeds[unit.index], reporter_shown && is_main);
    }
}

bool storing_shows_reporter(struct store_stage *stage, uint64_t serial)
{
    struct event_view first;
    enum err err = store_event(stage->store, serial, &first);
    CHECK(err == OK); /* its ticket's number led here */
    for (uint32_t i = 0; i < first.feeds_count; i++)
        if (first.feeds[i].reporter)
            return true;
    return false;
}

static void note_health(struct store_stage *stage, enum err err)
{
    struct counter *refusing = &stage->pipeline->refusing;
    if (counter_read(refusing) == (uint64_t)err)
        return;
    counter_set(refusing, (uint64_t)err);
    if (err == OK)
        say_info("the store takes cases again");
    else
        say_error("the store takes nothing (%s): senders are told to try again, reads go on",
                  err_name(err));
}

void storing_begin(struct store_stage *stage, const struct slot *slot, uint64_t serial,
                   uint64_t previous, const struct ticket_state *state, struct keeping *keeping)
{
    const struct arrival *arrival = &slot->arrival;
    uint64_t number = store_next(stage->store);
    enum kind kind = arrival->command == COMMAND_CASE ? KIND_CASE : KIND_ACT;
    keeping->text = (struct event_text){
        .number = number,
        .serial = serial != 0 ? serial : number,
        .previous = previous,
        .time_ms = arrival->time_ms,
        .kind = kind,
        .ticket = slot->receipt.number,
        .state = state,
        .policy = arrival->policy,
        .submitted = arrival->bytes,
    };
    keeping->silent = false;
    keeping->draft = (struct event_draft){
        .serial = keeping->text.serial,
        .previous = previous,
        .time_ms = arrival->time_ms,
        .kind = kind,
        .ticket_open = tickets_is_open(state),
        .key = slot->ticket.key,
        .content = slot->ticket.content,
    };
}

bool storing_append(struct store_stage *stage, struct slot *slot, bool reporter_shown,
                    struct keeping *keeping)
{
    const struct event_text *text = &keeping->text;
    struct event_draft *draft = &keeping->draft;
    struct receipt *receipt = &slot->receipt;
    struct event_parts parts;
    uint8_t *room = store_room(stage->store, wire_event_bytes_max(text));
    if (room == NULL)
        return false;
    if (!keeping->silent)
        tell_units(text->policy, text->state, reporter_shown, draft);
    wire_event_write(text, room, &parts);
    draft->open_bytes = parts.open.bytes;
    draft->story_bytes = parts.story.bytes;
    draft->reporter_bytes = parts.reporter.bytes;
    enum err err = store_append(stage->store, draft);
    if (err != OK) {
        note_health(stage, err);
        counter_add(&stage->pipeline->failed, 1);
        answer_nothing_but(receipt, OUTCOME_TRY_AGAIN);
        return true;
    }
    receipt->outcome = OUTCOME_ACCEPTED;
    receipt->event = text->number;
    receipt->serial = draft->serial;
    return true;
}

bool storing_find(struct store_stage *stage, struct span text, uint64_t *serial,
                  struct event_view *last)
{
    int32_t day;
    uint64_t ordinal;
    uint64_t number;
    enum number_fault fault = number_parse(text, &day, &ordinal);
    CHECK(fault == NUMBER_OK); /* decode refused all others */
    uint64_t first;
    if (store_day_find(stage->store, day, &first) != OK)
        return false;
    *serial = first + ordinal - 1;
    /* Serials run on over midnight, numbers do not: what is beyond the day is another's. */
    return store_event(stage->store, *serial, last) == OK && day_of_ms(last->time_ms) == day &&
           store_last(stage->store, *serial, &number) == OK &&
           store_event(stage->store, number, last) == OK;
}

static bool store_new(struct store_stage *stage, struct slot *slot)
{
    if (slot->arrival.command == COMMAND_CASE)
        return store_case(stage, slot);
    return slot->ticket.act.verb == VERB_REGIME ? store_regime(stage, slot)
                                                : store_act(stage, slot);
}

/* False where the group is full: the slot is to be taken up again after the commit. */
static bool store_one(struct store_stage *stage, struct slot *slot)
{
    struct event_view first;
    answer_nothing_but(&slot->receipt, OUTCOME_NONE);
    if (!slot->ticket.valid) {
        answer_invalid(stage, slot, &slot->ticket.misfit);
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
        answer_invalid(stage, slot, &slot->routing.misfit);
        return true;
    }
    return store_new(stage, slot);
}

/* What the group would have answered is not so: even a duplicate may be of an event that was taken
 * back with it. */
static void take_back(struct store_stage *stage, uint64_t next, uint64_t limit)
{
    for (uint64_t i = next; i < limit; i++) {
        struct receipt *receipt = &pipeline_slot(stage->pipeline, i)->receipt;
        if (receipt->outcome == OUTCOME_INVALID)
            continue;
        answer_nothing_but(receipt, OUTCOME_TRY_AGAIN);
        counter_add(&stage->pipeline->failed, 1);
    }
}

static void commit(struct store_stage *stage, uint64_t next, uint64_t limit)
{
    enum err err = store_commit(stage->store);
    if (err == ERR_UNKNOWN) {
        say_error("the disk failed in the last step of a commit, so nobody knows what it holds; "
                  "stopping, and what is there will be read at the next start");
        _exit(EXIT_DISK);
    }
    stage->commit_ns = clock_monotonic_ns(stage->pipeline->clock);
    stage->lagging = true;
    if (err != OK)
        take_back(stage, next, limit);
    note_health(stage, err);
}

static uint64_t store_work(void *self, uint64_t next, uint64_t limit)
{
    struct store_stage *stage = self;
    uint64_t first = store_next(stage->store);
    uint64_t end = next;
    while (end < limit && store_one(stage, pipeline_slot(stage->pipeline, end)))
        end++;
    CHECK(end > next); /* one event always fits an empty group */
    if (store_next(stage->store) > first)
        commit(stage, next, end);
    return end;
}

static int64_t derive_due_ms(const struct store_stage *stage)
{
    int64_t idle_ms = (clock_monotonic_ns(stage->pipeline->clock) - stage->commit_ns) / 1000000;
    return idle_ms >= DERIVE_IDLE_MS ? 0 : DERIVE_IDLE_MS - idle_ms;
}

static bool store_attend(void *self)
{
    struct store_stage *stage = self;
    if (!stage->lagging || stage_ready(&stage->pipeline->store) || derive_due_ms(stage) > 0)
        return false;
    stage->lagging = false;
    return store_derive(stage->store);
}

static int store_patience_ms(void *self)
{
    const struct store_stage *stage = self;
    if (stage_ready(&stage->pipeline->store))
        return SLEEP_NOT;
    return stage->lagging ? (int)derive_due_ms(stage) : SLEEP_UNTIL_RUNG;
}

struct store_stage *store_stage_create(struct pipeline *pipeline, struct store *store,
                                       const struct policy *policy, struct arena *arena)
{
    struct store_stage *stage = arena_take(arena, sizeof *stage);
    *stage = (struct store_stage){
        .pipeline = pipeline, .store = store, .scratch = scratch_create(policy)};
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

void store_stage_fini(struct store_stage *stage)
{
    scratch_destroy(&stage->scratch);
}
