#include "stages/2_decode.h"

#include "wire/wire.h"

static void decode_one(const struct pipeline *pipeline, struct slot *slot)
{
    const struct arrival *arrival = &slot->arrival;
    if (arrival->command == COMMAND_ACT) {
        wire_act_read(arrival->bytes, pipeline->seed, &slot->ticket);
        return;
    }
    wire_case_read(arrival->bytes, pipeline->seed, arrival->time_ms, &slot->ticket);
    slot->ticket.facts.hour = hour_of_ms(arrival->time_ms);
}

static uint64_t decode_work(void *self, uint64_t next, uint64_t limit)
{
    const struct pipeline *pipeline = self;
    for (uint64_t i = next; i < limit; i++)
        decode_one(pipeline, pipeline_slot(pipeline, i));
    return limit;
}

void decode_init(struct pipeline *pipeline)
{
    pipeline->decode = (struct stage){
        .name = "decode",
        .gate = {.cursors = {&pipeline->ingress.cursor}, .count = 1},
        .work = decode_work,
        .self = pipeline,
        .clock = pipeline->clock,
    };
}
