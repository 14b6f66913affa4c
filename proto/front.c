#include "front.h"

#include "base/check.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { PAUSE_MS_MAX = 2000, PAUSE_DOUBLINGS_MAX = 16 };

static _Thread_local char why[WHY_BYTES];

const char *lianxin_why(void)
{
    return why;
}

enum err front_fail(enum err err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return err;
}

void trouble_note(struct trouble *trouble, enum err err)
{
    if (trouble->err != OK && (trouble->err != ERR_INVALID || err == ERR_INVALID))
        return;
    trouble->err = err;
    memcpy(trouble->why, why, sizeof why);
}

enum err trouble_tell(const struct trouble *trouble)
{
    return trouble->err == OK ? OK : front_fail(trouble->err, "%s", trouble->why);
}

void front_tune(void *socket)
{
    static const struct {
        int option, value;
    } settings[] = {
        /* Closing must not wait for an engine that is gone. */
        {ZMQ_LINGER, 0},
        /* Nothing is queued for a connection that is not there: it would be lost unseen. */
        {ZMQ_IMMEDIATE, 1},
        {ZMQ_RECONNECT_IVL, 100},
        {ZMQ_RECONNECT_IVL_MAX, 2000},
        {ZMQ_HANDSHAKE_IVL, 5000},
        /* A peer that vanished is noticed by TCP. ZeroMQ's own heartbeats can abort the process. */
        {ZMQ_TCP_KEEPALIVE, 1},
        {ZMQ_TCP_KEEPALIVE_IDLE, 30},
        {ZMQ_TCP_KEEPALIVE_INTVL, 5},
        {ZMQ_TCP_KEEPALIVE_CNT, 3},
        {ZMQ_TCP_MAXRT, 45000},
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        CHECK(zmq_setsockopt(socket, settings[i].option, &settings[i].value, sizeof(int)) == 0);
}

enum err front_open(struct front *front, const char *endpoint, void *context,
                    const struct clock *clock)
{
    *front = (struct front){
        .context = context != NULL ? context : zmq_ctx_new(),
        .owns_context = context == NULL,
        .clock = clock != NULL ? clock : &clock_system,
    };
    if (front->context == NULL)
        return front_fail(ERR_IO, "no ZeroMQ context: %s", zmq_strerror(zmq_errno()));
    front->socket = zmq_socket(front->context, ZMQ_DEALER);
    if (front->socket == NULL)
        return front_fail(ERR_IO, "no socket: %s", zmq_strerror(zmq_errno()));
    front_tune(front->socket);
    if (zmq_connect(front->socket, endpoint) != 0)
        return front_fail(ERR_INVALID, "cannot connect to front at '%s': %s", endpoint,
                          zmq_strerror(zmq_errno()));
    return OK;
}

void front_close(struct front *front)
{
    if (front->socket != NULL)
        zmq_close(front->socket);
    if (front->owns_context && front->context != NULL)
        zmq_ctx_term(front->context);
    *front = (struct front){0};
}

enum err front_send(struct front *front, const void *frame, size_t bytes)
{
    front->blocked = false;
    if (zmq_send(front->socket, frame, bytes, ZMQ_DONTWAIT) >= 0)
        return OK;
    if (zmq_errno() != EAGAIN && zmq_errno() != EINTR)
        return front_fail(ERR_IO, "cannot send to front: %s", zmq_strerror(zmq_errno()));
    front->blocked = true;
    return ERR_FULL;
}

/* A DEALER gives whole messages, and an engine sends one frame to each; more are no Reply. */
static Lianxin__V1__Reply *unpack(zmq_msg_t *message)
{
    if (zmq_msg_more(message))
        return NULL;
    return lianxin__v1__reply__unpack(NULL, zmq_msg_size(message), zmq_msg_data(message));
}

static void drop_rest(void *socket, zmq_msg_t *message)
{
    while (zmq_msg_more(message) && zmq_msg_recv(message, socket, ZMQ_DONTWAIT) >= 0)
        continue;
}

enum err front_receive(struct front *front, Lianxin__V1__Reply **reply)
{
    *reply = NULL;
    zmq_msg_t message;
    zmq_msg_init(&message);
    enum err err = OK;
    if (zmq_msg_recv(&message, front->socket, ZMQ_DONTWAIT) >= 0) {
        *reply = unpack(&message);
        drop_rest(front->socket, &message);
        if (*reply == NULL)
            err = front_fail(ERR_INVALID, "front sent something that is not a Reply");
    } else if (zmq_errno() != EAGAIN && zmq_errno() != EINTR) {
        err = front_fail(ERR_IO, "cannot receive from front: %s", zmq_strerror(zmq_errno()));
    }
    zmq_msg_close(&message);
    return err;
}

static long patience_ms(const struct front *front, int timeout_ms, int64_t due_ns)
{
    if (timeout_ms == 0 || due_ns == INT64_MAX)
        return timeout_ms;
    int64_t left_ns = due_ns - front_now_ns(front);
    if (left_ns <= 0)
        return 0;
    /* Rounded up, so that what is due is due when the wait is over. */
    int64_t left_ms = (left_ns + 999999) / 1000000;
    if (timeout_ms > 0 && left_ms > timeout_ms)
        return timeout_ms;
    return left_ms > INT_MAX ? INT_MAX : (long)left_ms;
}

enum err front_wait(struct front *front, void *other, int timeout_ms, int64_t due_ns)
{
    zmq_pollitem_t items[] = {
        {.socket = front->socket,
         .events = (short)(ZMQ_POLLIN | (front->blocked ? ZMQ_POLLOUT : 0))},
        {.socket = other, .events = ZMQ_POLLIN},
    };
    if (zmq_poll(items, other != NULL ? 2 : 1, patience_ms(front, timeout_ms, due_ns)) >= 0)
        return OK;
    if (zmq_errno() == EINTR)
        return OK;
    return front_fail(ERR_IO, "cannot wait for the engine: %s", zmq_strerror(zmq_errno()));
}

int64_t front_now_ns(const struct front *front)
{
    return clock_monotonic_ns(front->clock);
}

void *front_allocate(void *old, size_t bytes)
{
    void *memory = realloc(old, bytes);
    CHECK(memory != NULL);
    return memory;
}

int64_t front_pause_ns(int64_t first_ms, uint32_t tries)
{
    int64_t pause_ms = first_ms << (tries < PAUSE_DOUBLINGS_MAX ? tries : PAUSE_DOUBLINGS_MAX);
    return (pause_ms < PAUSE_MS_MAX ? pause_ms : PAUSE_MS_MAX) * 1000000;
}
