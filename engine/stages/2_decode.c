#include "stages/2_decode.h"

#include "base/fetch.h"
#include "base/say.h"
#include "stages/guard.h"
#include "wire/wire.h"

#include <stdio.h>

enum { GUARD_LOOK_MS = 1, SLOTS_AHEAD = 4 };

static void set_aside(struct slot *slot)
{
    struct misfit *misfit = &slot->misfit;
    *misfit = (struct misfit){.field = ""};
    snprintf(misfit->message, sizeof misfit->message,
             "was in work both times when the engine failed, so it is set aside; give it to the "
             "engine's operators");
    slot->ticket.valid = false;
    say_error("a command of %zu bytes that was in work at two failures is set aside; its sender is "
              "told",
              slot->arrival.bytes.bytes);
}

static void decode_one(const struct pipeline *pipeline, struct slot *slot)
{
    const struct arrival *arrival = &slot->arrival;
    if (guard_sets_aside(pipeline->guard, arrival->bytes)) {
        set_aside(slot);
        return;
    }
    if (arrival->command == COMMAND_BOOK) {
        slot->ticket.valid = true; /* it is our own, and store finds an id for it */
        return;
    }
    if (arrival->command == COMMAND_ACT) {
        wire_act_read(arrival->bytes, pipeline->seed, &slot->ticket, &slot->misfit);
        return;
    }
    wire_case_read(arrival->bytes, pipeline->seed, arrival->time_ms, &slot->ticket, &slot->misfit);
    if (!slot->ticket.valid)
        return;
    facts_set_moment(&slot->ticket.facts, arrival->time_ms);
    slot->ticket.facts.regime = arrival_regime(arrival);
}

/* What is written of a slot is cold, though what is read of it is not. */
static void expect(const struct pipeline *pipeline, uint64_t sequence)
{
    struct slot *slot = pipeline_slot(pipeline, sequence);
    fetch_to_write(&slot->ticket, &slot->routing);
}

static uint64_t decode_work(void *self, uint64_t next, uint64_t limit)
{
    const struct pipeline *pipeline = self;
    limit = guard_admit(pipeline->guard, next, limit);
    for (uint64_t i = next; i < limit; i++) {
        expect(pipeline, i + SLOTS_AHEAD);
        decode_one(pipeline, pipeline_slot(pipeline, i));
    }
    return limit;
}

/* Nobody rings when a suspect is durable, but that is soon and seldom. */
static int decode_patience_ms(void *self)
{
    const struct pipeline *pipeline = self;
    if (!stage_ready(&pipeline->decode))
        return SLEEP_UNTIL_RUNG;
    return guard_waits(pipeline->guard) ? GUARD_LOOK_MS : SLEEP_NOT;
}

void decode_init(struct pipeline *pipeline)
{
    pipeline->decode = (struct stage){
        .name = "decode",
        .gate = {.cursors = {&pipeline->ingress.cursor}, .count = 1},
        .work = decode_work,
        .patience_ms = decode_patience_ms,
        .self = pipeline,
        .clock = pipeline->clock,
    };
}
