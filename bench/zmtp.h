/* zmtp - ZeroMQ's protocol as the harness speaks it while the clock runs: bytes over a Unix socket.
 *
 *      greeting, READY      there and back
 *      frame                flags (1 more, 2 long, 4 command), length (1 byte, or 8), body
 *
 * Generator, subscriber and engine share the machine, and a libzmq in the harness takes more of it
 * than most of the engine's stages: a thread, a queue and two copies for what is one read. So
 * messages lie ready in memory as they go over the wire, and what comes is read in one piece and
 * taken apart where it lies. To the engine it is a peer like any other (ZMTP 3.0, NULL).
 */
#ifndef BENCH_ZMTP_H
#define BENCH_ZMTP_H

#include "base/span.h"

enum { ZMTP_HEAD_BYTES = 9 };

/* Connects to an ipc endpoint as a socket of that type, DEALER or SUB, and shakes hands. Returns
 * the descriptor; whatever goes wrong ends the benchmark. */
int zmtp_connect(const char *endpoint, const char *type);

/* What stands before the only frame of a message of so many bytes. */
void zmtp_write_head(uint8_t head[ZMTP_HEAD_BYTES], size_t bytes);

/* All that is published under topics that begin so. */
void zmtp_subscribe(int fd, const char *prefix);

struct zmtp_frame {
    struct span body;
    bool more;    /* another frame of this message follows */
    bool command; /* of the protocol's own */
};

/* Takes a frame off the beginning; false where it is not all there yet. */
bool zmtp_take(struct span *rest, struct zmtp_frame *frame);

#endif
