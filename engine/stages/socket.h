/* socket - the few things that the stages do with ZeroMQ sockets.
 *
 * Never waits: every send and receive is with ZMQ_DONTWAIT. A socket belongs to one thread.
 */
#ifndef STAGES_SOCKET_H
#define STAGES_SOCKET_H

#include "base/span.h"

#include <zmq.h>

struct wire_feed;

/* Is there something to receive? Also tells libzmq that its signal was seen: without this look the
 * descriptor stays silent (it is edge-triggered). */
bool socket_readable(void *socket);

/* The descriptor to sleep on. */
int socket_fd(void *socket);

/* One whole frame of a single-part message into a buffer; told->bytes is its true length and may
 * exceed the buffer. False where nothing waits. */
bool socket_receive_short(void *socket, uint8_t *buffer, size_t buffer_bytes, struct span *told);

/* Topic and Feed. What a subscriber's queue cannot take, it loses; it will notice. */
void socket_send_feed(void *xpub, struct span topic, const struct wire_feed *feed);

#endif
