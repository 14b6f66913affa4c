#include "stages/4_store.h"

#include "base/say.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    DERIVE_IDLE_MS = 1000,
    EXIT_DISK = 74, /* EX_IOERR of sysexits(3) */
};

struct store_stage {
    struct pipeline *pipeline;
    struct store *store;
    int64_t commit_ns; /* of the last group */
    bool lagging;      /* groups were written since the derived tables were */
};

static void answer_invalid(struct store_stage *stage, struct slot *slot,
                           const struct misfit *misfit)
{
    slot->receipt.outcome = OUTCOME_INVALID;
    slot->receipt.misfit = misfit;
    counter_add(&stage->pipeline->invalid, 1);
}

static void refuse(struct store_stage *stage, struct slot *slot, const char *field)
{
    slot->receipt.outcome = OUTCOME_REFUSED;
    slot->receipt.refusal.field = field;
    slot->receipt.refusal.value = (struct span){0};
    slot->receipt.misfit = &slot->receipt.refusal;
    counter_add(&stage->pipeline->refused, 1);
}

static void name_main_unit(const struct ticket_state *state, struct receipt *receipt)
{
    uint32_t main = tickets_main(state);
    receipt->unit[0] = '\0';
    if (main != UINT32_MAX)
        memcpy(receipt->unit, state->parts[main].unit, sizeof receipt->unit);
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
    name_main_unit(&state, receipt);
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

/* False where the group is full. A store that is full for good is the sender's to hear. */
static bool append(struct store_stage *stage, struct event_text *text, struct event_draft *draft,
                   struct receipt *receipt)
{
    uint8_t *room = store_room(stage->store, wire_event_bytes_max(text));
    if (room == NULL)
        return false;
    struct event_parts parts;
    wire_event_write(text, room, &parts);
    draft->open_bytes = parts.open.bytes;
    draft->story_bytes = parts.story.bytes;
    draft->reporter_bytes = parts.reporter.bytes;
    enum err err = store_append(stage->store, draft);
    if (err != OK) {
        note_health(stage, err);
        counter_add(&stage->pipeline->failed, 1);
        receipt->outcome = OUTCOME_TRY_AGAIN;
        return true;
    }
    receipt->outcome = OUTCOME_ACCEPTED;
    receipt->event = text->number;
    receipt->serial = draft->serial;
    return true;
}

static bool store_case(struct store_stage *stage, struct slot *slot)
{
    const struct arrival *arrival = &slot->arrival;
    const struct decision *decision = &slot->routing.decision;
    struct receipt *receipt = &slot->receipt;
    uint64_t number = store_next(stage->store);
    int32_t day = day_of_ms(arrival->time_ms);
    number_format(day, number - store_day_first(stage->store, day) + 1, receipt->number);

    struct ticket_state state;
    tickets_begin(&state, arrival->policy->city, decision);
    struct event_text text = {
        .number = number,
        .serial = number,
        .time_ms = arrival->time_ms,
        .kind = KIND_CASE,
        .ticket = receipt->number,
        .state = &state,
        .policy = arrival->policy,
        .decision = decision,
        .submitted = arrival->bytes,
    };
    struct event_draft draft = {
        .serial = number,
        .time_ms = arrival->time_ms,
        .kind = KIND_CASE,
        .key = slot->ticket.key,
        .content = slot->ticket.content,
    };
    tell_units(arrival->policy, &state, decision->reporter_shown, &draft);
    name_main_unit(&state, receipt);
    return append(stage, &text, &draft, receipt);
}

/* The ticket that an act is about: its serial out of its number, through the day's first event. */
static bool find_ticket(struct store_stage *stage, struct slot *slot, uint64_t *serial,
                        struct event_view *last)
{
    int32_t day;
    uint64_t ordinal;
    uint64_t number;
    enum number_fault fault = number_parse(slot->ticket.number, &day, &ordinal);
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

/* A return decides the case anew, without the units that returned it. The third ends at the desk,
 * which decides for good. */
static void decide_anew(struct store_stage *stage, const struct slot *slot, uint64_t serial,
                        struct ticket_state *state, struct decision *decision)
{
    const struct policy *policy = slot->arrival.policy;
    struct event_view first;
    struct facts facts;
    struct case_words words;
    struct misfit misfit;
    enum err err = store_event(stage->store, serial, &first);
    CHECK(err == OK);
    bool readable = wire_event_case(first.open, &facts, &words);
    CHECK(readable);
    facts.hour = hour_of_ms(first.time_ms);
    bool resolved = facts_resolve(policy->city, &words, false, &facts, &misfit);
    if (!resolved || tickets_returns(state) >= FINAL_RETURNS)
        facts.doubts |= DOUBT_NO_UNIT;
    struct excluded excluded;
    tickets_excluded(state, policy->city, &excluded);
    decide(policy, &facts, &excluded, decision);
    tickets_redecided(state, policy->city, decision);
}

/* Whether the main unit is shown the reporter does not change with an act: as it was at first. */
static bool shows_reporter(struct store_stage *stage, uint64_t serial)
{
    struct event_view first;
    enum err err = store_event(stage->store, serial, &first);
    CHECK(err == OK);
    for (uint32_t i = 0; i < first.feeds_count; i++)
        if (first.feeds[i].reporter)
            return true;
    return false;
}

static bool store_act(struct store_stage *stage, struct slot *slot)
{
    const struct arrival *arrival = &slot->arrival;
    const struct act *act = &slot->ticket.act;
    struct receipt *receipt = &slot->receipt;
    struct misfit *refusal = &receipt->refusal;
    uint64_t serial;
    struct event_view last;
    if (!find_ticket(stage, slot, &serial, &last)) {
        snprintf(refusal->message, sizeof refusal->message, "there is no ticket %.*s",
                 SPAN_ARG(slot->ticket.number));
        refuse(stage, slot, "number");
        return true;
    }
    struct ticket_state state;
    bool readable = wire_event_state(last.open, &state, receipt->number);
    CHECK(readable);
    receipt->serial = serial;
    enum move move = tickets_apply(&state, act, refusal->message, sizeof refusal->message);
    if (move == MOVE_REFUSED) {
        name_main_unit(&state, receipt);
        refuse(stage, slot, "verb");
        return true;
    }
    struct decision decision;
    if (move == MOVE_REDECIDE)
        decide_anew(stage, slot, serial, &state, &decision);
    struct event_text text = {
        .number = store_next(stage->store),
        .serial = serial,
        .previous = last.number,
        .time_ms = arrival->time_ms,
        .kind = KIND_ACT,
        .ticket = receipt->number,
        .state = &state,
        .policy = arrival->policy,
        .decision = move == MOVE_REDECIDE ? &decision : NULL,
        .submitted = arrival->bytes,
    };
    struct event_draft draft = {
        .serial = serial,
        .previous = last.number,
        .time_ms = arrival->time_ms,
        .kind = KIND_ACT,
        .key = slot->ticket.key,
        .content = slot->ticket.content,
    };
    tell_units(arrival->policy, &state, shows_reporter(stage, serial), &draft);
    name_main_unit(&state, receipt);
    return append(stage, &text, &draft, receipt);
}

/* False where the group is full: the slot is to be taken up again after the commit. */
static bool store_one(struct store_stage *stage, struct slot *slot)
{
    struct event_view first;
    slot->receipt.outcome = OUTCOME_NONE;
    slot->receipt.event = 0;
    slot->receipt.serial = 0;
    slot->receipt.misfit = NULL;
    slot->receipt.number[0] = '\0';
    slot->receipt.unit[0] = '\0';
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
    return slot->arrival.command == COMMAND_CASE ? store_case(stage, slot) : store_act(stage, slot);
}

/* What the group would have answered is not so: even a duplicate may be of an event that was taken
 * back with it. */
static void take_back(struct store_stage *stage, uint64_t next, uint64_t limit)
{
    for (uint64_t i = next; i < limit; i++) {
        struct receipt *receipt = &pipeline_slot(stage->pipeline, i)->receipt;
        if (receipt->outcome == OUTCOME_INVALID)
            continue;
        receipt->outcome = OUTCOME_TRY_AGAIN;
        receipt->event = 0;
        receipt->misfit = NULL;
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
                                       struct arena *arena)
{
    struct store_stage *stage = arena_take(arena, sizeof *stage);
    *stage = (struct store_stage){.pipeline = pipeline, .store = store};
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
