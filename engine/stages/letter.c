#include "stages/letter.h"

#include "base/check.h"

#include <errno.h>

static void must_init(zmq_msg_t *message)
{
    int made = zmq_msg_init(message);
    CHECK(made == 0);
}

static bool receive_frame(void *router, zmq_msg_t *frame)
{
    int received = zmq_msg_recv(frame, router, ZMQ_DONTWAIT);
    if (received < 0)
        CHECK(errno == EAGAIN || errno == EINTR);
    return received >= 0;
}

static void drop_rest(void *router, zmq_msg_t *last)
{
    zmq_msg_t frame;
    bool more = zmq_msg_more(last) != 0;
    while (more) {
        must_init(&frame);
        more = receive_frame(router, &frame) && zmq_msg_more(&frame) != 0;
        zmq_msg_close(&frame);
    }
}

enum letter_fault letter_receive(void *router, struct letter *letter)
{
    must_init(&letter->sender);
    must_init(&letter->body);
    letter->delimiter = false;
    letter->id = 0;
    letter->first = letter->limit = 0;
    letter->is_change = false;
    if (!receive_frame(router, &letter->sender)) {
        letter_close(letter);
        return LETTER_NONE;
    }
    /* A message arrives whole or not at all, so the rest of its frames is here already. */
    bool received = zmq_msg_more(&letter->sender) && receive_frame(router, &letter->body);
    if (received && zmq_msg_size(&letter->body) == 0 && zmq_msg_more(&letter->body)) {
        letter->delimiter = true;
        received = receive_frame(router, &letter->body);
    }
    if (!received || zmq_msg_size(&letter->body) == 0) {
        drop_rest(router, &letter->body);
        return LETTER_MISSING;
    }
    if (!zmq_msg_more(&letter->body))
        return LETTER_OK;
    drop_rest(router, &letter->body);
    return LETTER_EXTRA;
}

struct span letter_bytes(struct letter *letter)
{
    return span_of(zmq_msg_data(&letter->body), zmq_msg_size(&letter->body));
}

static bool send_envelope(void *router, struct letter *letter)
{
    zmq_msg_t sender;
    must_init(&sender);
    int copied = zmq_msg_copy(&sender, &letter->sender);
    CHECK(copied == 0);
    if (zmq_msg_send(&sender, router, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0) {
        CHECK(errno == EAGAIN || errno == EHOSTUNREACH || errno == EINTR);
        zmq_msg_close(&sender);
        return false;
    }
    return !letter->delimiter || zmq_send(router, "", 0, ZMQ_DONTWAIT | ZMQ_SNDMORE) == 0;
}

bool letter_reply(void *router, struct letter *letter, zmq_msg_t *reply)
{
    if (send_envelope(router, letter) && zmq_msg_send(reply, router, ZMQ_DONTWAIT) >= 0)
        return true;
    zmq_msg_close(reply);
    return false;
}

bool letter_answer(void *router, struct letter *letter, struct span bytes)
{
    zmq_msg_t reply;
    int made = zmq_msg_init_size(&reply, bytes.bytes);
    CHECK(made == 0);
    memcpy(zmq_msg_data(&reply), bytes.data, bytes.bytes);
    return letter_reply(router, letter, &reply);
}

void letter_make(struct letter *letter)
{
    *letter = (struct letter){.id = 0};
    must_init(&letter->sender);
    must_init(&letter->body);
}

void letter_move(struct letter *to, struct letter *from)
{
    *to = (struct letter){.delimiter = from->delimiter, .id = from->id};
    must_init(&to->sender);
    must_init(&to->body);
    int moved = zmq_msg_move(&to->sender, &from->sender) | zmq_msg_move(&to->body, &from->body);
    CHECK(moved == 0);
    letter_close(from);
}

void letter_close(struct letter *letter)
{
    zmq_msg_close(&letter->sender);
    zmq_msg_close(&letter->body);
}
