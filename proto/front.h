/* front - the client's end of the engine's front socket, for the library's own use.
 *
 * A DEALER that sends Requests and receives Replies, one frame each. Messages under way are lost
 * when a connection breaks; whoever sends keeps what it sent until a reply has come. One thread.
 */
#ifndef FRONT_H
#define FRONT_H

#include "lianxin.h"

#include <stddef.h>

enum { WHY_BYTES = 512 };

/* The gravest failure of a step so far, kept while the step goes on: what it calls may fail in
 * other ways, and so may what a callback calls. */
struct trouble {
    enum err err;
    char why[WHY_BYTES];
};

struct front {
    void *context;
    bool owns_context;
    void *socket;
    const struct clock *clock;
    bool blocked; /* the latest send found no connection or a full queue */
};

/* Either argument may be NULL for the default. */
MUST_CHECK enum err front_open(struct front *front, const char *endpoint, void *context,
                               const struct clock *clock);

/* Also after a front_open that failed. Sockets made in its context must be closed before. */
void front_close(struct front *front);

/* Options that every socket of the library has: no lingering, keep-alive, patient reconnects. */
void front_tune(void *socket);

/* ERR_FULL: not now; front_wait then also waits until it would go. It has no sentence, since no
 * caller passes it on. ERR_IO. */
MUST_CHECK enum err front_send(struct front *front, const void *frame, size_t bytes);

/* *reply is NULL where none waits; else the caller frees it. ERR_INVALID: not a Reply. ERR_IO. */
MUST_CHECK enum err front_receive(struct front *front, Lianxin__V1__Reply **reply);

/* Waits for a message, here or on the other socket (or NULL), up to timeout_ms (-1: without limit)
 * and not beyond the time due_ns (INT64_MAX: never). A signal ends it, too. ERR_IO. */
MUST_CHECK enum err front_wait(struct front *front, void *other, int timeout_ms, int64_t due_ns);

int64_t front_now_ns(const struct front *front);

/* Keeps the sentence for lianxin_why and returns err. */
enum err front_fail(enum err err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Notes a failure whose sentence was kept just now. The first counts, but ERR_INVALID, which is
 * another's fault and passes, gives way to any other. */
void trouble_note(struct trouble *trouble, enum err err);

/* What a step returns in the end, with its own sentence for lianxin_why. */
MUST_CHECK enum err trouble_tell(const struct trouble *trouble);

/* Memory or the end of the process. */
void *front_allocate(void *old, size_t bytes);

/* A pause that doubles from first_ms with each try, up to two seconds; in nanoseconds. */
int64_t front_pause_ns(int64_t first_ms, uint32_t tries);

static inline int64_t front_ns(uint32_t ms, uint32_t default_ms)
{
    return (int64_t)(ms != 0 ? ms : default_ms) * 1000000;
}

#endif
