#include "stages/reading.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

uint8_t *reading_begin(struct inquiry *inquiry, size_t bytes)
{
    int made = zmq_msg_init_size(inquiry->reply, bytes);
    CHECK(made == 0);
    return zmq_msg_data(inquiry->reply);
}

void reading_reply(struct inquiry *inquiry, struct span bytes)
{
    memcpy(reading_begin(inquiry, bytes.bytes), bytes.data, bytes.bytes);
}

void reading_refuse(struct inquiry *inquiry, const struct misfit *misfit)
{
    struct arena *arena = arena_create();
    reading_reply(inquiry, wire_error_reply(arena, inquiry->id, misfit));
    arena_destroy(&arena);
}

void reading_refuse_because(struct inquiry *inquiry, const char *field, struct span value,
                            const char *why)
{
    struct misfit misfit = {.field = field, .value = value};
    snprintf(misfit.message, sizeof misfit.message, "%s", why);
    reading_refuse(inquiry, &misfit);
}

void reading_refuse_damaged(struct inquiry *inquiry)
{
    reading_refuse_because(
        inquiry, "", (struct span){0},
        "the store cannot read this back; stop the engine and run lianxin verify");
}
