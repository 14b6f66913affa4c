/* read_explain - why a case goes where it goes. */
#include "stages/explaining.h"
#include "stages/reading.h"

void reading_explain(struct reader_stage *stage, struct inquiry *inquiry)
{
    struct explainer explainer = {
        .reader = stage->reader,
        .shelf = stage->shelf,
        .in_force = {inquiry->policy, stage->scratch},
        .seed = stage->pipeline->seed,
        .now_ms = inquiry->time_ms,
        .ordered = inquiry->ordered,
    };
    struct arena *arena = arena_create();
    reading_reply(inquiry, explaining_reply(&explainer, inquiry->id, inquiry->content, arena));
    arena_destroy(&arena);
}
