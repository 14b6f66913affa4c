/* replies - takes apart what Redis answers, without keeping it.
 *
 * hiredis reads the protocol; but where it would make an object of each string, this calls back
 * with the bytes as they lie in its buffer. So what is measured is Redis, and as little as can be
 * of its client. One thread.
 */
#ifndef BENCH_REDIS_REPLIES_H
#define BENCH_REDIS_REPLIES_H

#include "base/span.h"

struct replies_options {
    /* The id that an XADD was answered with. */
    void (*added)(void *self);
    /* An entry that an XREAD brought: its id, its one field's name and its value; borrowed. */
    void (*entry)(void *self, struct span id, struct span name, struct span value);
    /* The whole answer to an XREAD is through. */
    void (*read)(void *self);
    void *self;
};

struct replies;

struct replies *replies_create(const struct replies_options *options);
void replies_destroy(struct replies **replies);

/* Takes what has been received, without waiting, and calls back; false where there was nothing. An
 * error, a closed connection or what is no such answer ends the program. */
bool replies_receive(struct replies *replies, int fd);

#endif
