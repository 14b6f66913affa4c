/* allocated - who asked for memory: we ourselves, or which library behind us?
 *
 *      hook <- jemalloc <- libc, libstdc++ <- libzmq <- ours ...
 *                                             \__ the first that is not passed over has asked
 *
 * jemalloc calls a hook for each allocation, and the hook looks at who stands on the stack. So a
 * strdup of ours is ours, and what zmq_msg_send() takes is libzmq's. Kept by thread where a thread
 * has said so, else together; bytes are those that jemalloc gave, as thread.allocatedp counts them.
 */
#ifndef TESTS_ENGINE_ALLOCATED_H
#define TESTS_ENGINE_ALLOCATED_H

#include <stdbool.h>
#include <stdint.h>

enum allocator { BY_US, BY_ZMQ, BY_LMDB, BY_PROTOBUF, BY_OTHERS, ALLOCATORS };

struct allocated {
    _Atomic uint64_t bytes[ALLOCATORS];
};

/* "libzmq" and so on. */
const char *allocator_name(enum allocator by);

/* Puts the hook in, for the rest of the process. False where the allocator is not jemalloc, as
 * under a sanitizer. */
bool allocated_open(void);

/* On all threads; not before it is told to, since each allocation then costs a look at the stack.
 */
void allocated_listen(bool listen);

/* Where this thread's allocations are noted from now on; NULL: with those of all other threads. */
void allocated_note(struct allocated *account);

/* Those of threads that have no account. */
struct allocated *allocated_elsewhere(void);

void allocated_clear(struct allocated *account);
uint64_t allocated_sum(const struct allocated *account);

/* jemalloc's own counter: bytes that this thread was ever given. */
uint64_t allocated_by_this_thread(void);

#endif
