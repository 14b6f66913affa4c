#include "stages/socket.h"

#include "base/check.h"
#include "wire/wire.h"

#include <errno.h>

bool socket_readable(void *socket)
{
    int events = 0;
    size_t bytes = sizeof events;
    int got = zmq_getsockopt(socket, ZMQ_EVENTS, &events, &bytes);
    CHECK(got == 0);
    return (events & ZMQ_POLLIN) != 0;
}

int socket_fd(void *socket)
{
    int fd = -1;
    size_t bytes = sizeof fd;
    int got = zmq_getsockopt(socket, ZMQ_FD, &fd, &bytes);
    CHECK(got == 0);
    return fd;
}

bool socket_receive_short(void *socket, uint8_t *buffer, size_t buffer_bytes, struct span *told)
{
    int received = zmq_recv(socket, buffer, buffer_bytes, ZMQ_DONTWAIT);
    if (received < 0) {
        CHECK(errno == EAGAIN || errno == EINTR);
        return false;
    }
    *told = span_of(buffer, (size_t)received);
    return true;
}

void socket_send_feed(void *xpub, struct span topic, const struct wire_feed *feed)
{
    zmq_msg_t message;
    int made = zmq_msg_init_size(&message, wire_feed_bytes(feed));
    CHECK(made == 0); /* no memory: nothing sensible is left to do */
    wire_feed_write(feed, zmq_msg_data(&message));
    int sent = zmq_send(xpub, topic.data, topic.bytes, ZMQ_DONTWAIT | ZMQ_SNDMORE);
    if (sent >= 0)
        sent = zmq_msg_send(&message, xpub, ZMQ_DONTWAIT);
    if (sent < 0) {
        CHECK(errno == EAGAIN || errno == EINTR); /* an XPUB drops rather than say so */
        zmq_msg_close(&message);
    }
}
