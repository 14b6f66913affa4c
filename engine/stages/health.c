#include "stages/health.h"

#include "base/say.h"

void health_note(struct counter *refusing, enum err err)
{
    if (counter_read(refusing) == (uint64_t)err)
        return;
    counter_set(refusing, (uint64_t)err);
    if (err == OK)
        say_info("the store takes cases again");
    else
        say_error("the store takes nothing (%s): senders are told to try again, reads go on",
                  err_name(err));
}
