/* letter - one request as it came, and how to answer it.
 *
 * On the ROUTER: [routing id] [empty delimiter, if the client sent one] [Request]. The reply goes
 * back in the same envelope. Ingress only.
 */
#ifndef STAGES_LETTER_H
#define STAGES_LETTER_H

#include "base/span.h"

#include <zmq.h>

struct letter {
    zmq_msg_t sender; /* routing id */
    zmq_msg_t body;
    bool delimiter;
    uint64_t id;           /* of the request */
    uint64_t first, limit; /* slots; empty for one that only reads */
    int64_t came_ns;
    bool is_change; /* of the book: it stands for a slot, and nobody has sent it */
};

enum letter_fault {
    LETTER_OK,
    LETTER_NONE,    /* nothing waits */
    LETTER_MISSING, /* no Request frame */
    LETTER_EXTRA,   /* more frames than there should be */
};

/* Receives one, without waiting. Its messages are open after all but LETTER_NONE. */
enum letter_fault letter_receive(void *router, struct letter *letter);

struct span letter_bytes(struct letter *letter);

/* Sends a reply and takes it over in any case. Answers false where the client is gone or takes no
 * more: it will ask again. */
bool letter_reply(void *router, struct letter *letter, zmq_msg_t *reply);

/* The same with a copy of these bytes. */
bool letter_answer(void *router, struct letter *letter, struct span bytes);

/* One that nobody has sent. */
void letter_make(struct letter *letter);

/* Moves a letter to an empty place. Spans of its bytes do not follow: short messages live inside.
 */
void letter_move(struct letter *to, struct letter *from);

/* Gives its messages back. */
void letter_close(struct letter *letter);

#endif
