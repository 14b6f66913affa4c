#include "stages/inquiries.h"

#include "wire/wire.h"

bool inquiries_take(struct inquiries *inquiries, struct letter *letter, const struct inquiry *asked)
{
    if (inquiries->asked - inquiries->told == PIPELINE_INQUIRIES)
        return false;
    uint32_t place = (uint32_t)(inquiries->asked & (PIPELINE_INQUIRIES - 1));
    struct inquiry *inquiry = pipeline_inquiry(inquiries->pipeline, inquiries->asked);
    struct wire_request request;
    struct misfit misfit;
    letter_move(&inquiries->letters[place], letter);
    bool readable = wire_request_read(letter_bytes(&inquiries->letters[place]), &request, &misfit);
    CHECK(readable); /* it was, before it moved */
    *inquiry = *asked;
    inquiry->letter = place;
    inquiry->id = request.id;
    inquiry->body = (int)request.body;
    inquiry->content = request.content;
    inquiry->policy = inquiries->pipeline->books[asked->book].policy;
    inquiry->reply = &inquiries->replies[place];
    inquiries->asked++;
    return true;
}

void inquiries_hand_over(struct inquiries *inquiries)
{
    struct pipeline *pipeline = inquiries->pipeline;
    if (cursor_observe(&pipeline->asked) == inquiries->asked)
        return;
    cursor_publish(&pipeline->asked, inquiries->asked);
    if (pipeline->asked_bell != NULL)
        bell_ring(pipeline->asked_bell);
}

static uint64_t ready(const struct inquiries *inquiries)
{
    return cursor_observe(&inquiries->pipeline->reader.cursor);
}

bool inquiries_are_ready(const struct inquiries *inquiries)
{
    return ready(inquiries) > inquiries->told;
}

bool inquiries_answer(struct inquiries *inquiries)
{
    uint64_t limit = ready(inquiries);
    uint64_t before = inquiries->told;
    for (; inquiries->told < limit; inquiries->told++) {
        struct inquiry *inquiry = pipeline_inquiry(inquiries->pipeline, inquiries->told);
        struct letter *letter = &inquiries->letters[inquiry->letter];
        /* Who is gone asks again. */
        (void)letter_reply(inquiries->router, letter, inquiry->reply);
        letter_close(letter);
    }
    return inquiries->told > before;
}

/* -- life -------------------------------------------------------------------------------------- */

void inquiries_init(struct inquiries *inquiries, struct pipeline *pipeline, void *router,
                    struct arena *arena)
{
    *inquiries = (struct inquiries){
        .pipeline = pipeline,
        .router = router,
        .letters = arena_take(arena, PIPELINE_INQUIRIES * sizeof(struct letter)),
        .replies = arena_take(arena, PIPELINE_INQUIRIES * sizeof(zmq_msg_t)),
    };
}

void inquiries_fini(struct inquiries *inquiries)
{
    uint64_t limit = ready(inquiries);
    for (; inquiries->told < inquiries->asked; inquiries->told++) {
        const struct inquiry *inquiry = pipeline_inquiry(inquiries->pipeline, inquiries->told);
        if (inquiries->told < limit)
            zmq_msg_close(inquiry->reply);
        letter_close(&inquiries->letters[inquiry->letter]);
    }
}
