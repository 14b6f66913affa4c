/* wait - sleeping until there is work, without missing it.
 *
 * Each thread has one bell. Before it sleeps it raises the bell, looks once more whether there is
 * work, and only then waits. Whoever makes work publishes a cursor first and then rings:
 *
 *      the one who works on                  the one who goes to sleep
 *      W1  cursor_publish  (seq_cst)         W2  bell_raise: sleeping = 1  (seq_cst)
 *          bell_ring: sleeping?  (seq_cst)       gate_limit: any work?     (seq_cst)
 *
 * In the single order of the four, either the load of W1 comes after the store of W2, and the
 * sleeper is woken, or the load of W2 comes after the store of W1, and the sleeper sees the work.
 * Weaken any of them and both may miss.
 *
 * Several may ring at once; the exchange lets one of them pay for the wake-up. The others, who find
 * the bell lowered, may go: if their load of W1 reads that 0, it comes before the next raise, and
 * so their store comes before the look that follows the raise. tests/model/wait.pml tries it all.
 *
 * A thread without a socket sleeps on a futex. One with a socket sleeps in poll(2) on an eventfd
 * and the socket's descriptor; same pair.
 */
#ifndef RING_WAIT_H
#define RING_WAIT_H

#include "base/err.h"
#include "ring/cursor.h"

#include <stdbool.h>

enum { BELL_FDS_MAX = 4 };

struct bell {
    /* Raised by the owner, lowered by the owner or by whoever rings first. */
    _Alignas(CACHE_LINE_BYTES) _Atomic uint32_t sleeping;
    int event_fd;          /* -1: sleeps on the futex */
    int fds[BELL_FDS_MAX]; /* sockets that wake it too */
    uint32_t fds_count;
};

/* With fds the bell sleeps in poll, else on a futex. ERR_IO where no eventfd is to be had. */
MUST_CHECK enum err bell_init(struct bell *bell, const int *fds, uint32_t fds_count);

void bell_fini(struct bell *bell);

/* Any thread, after cursor_publish(). Costs one load when the owner is awake. */
void bell_ring(struct bell *bell);

/* The owner. After this, look for work; then bell_wait() or bell_lower(). */
void bell_raise(struct bell *bell);

/* The owner. There was work after all. */
void bell_lower(struct bell *bell);

/* The owner. Sleeps until rung, until a socket stirs or for timeout_ms (-1: no limit). May return
 * early for no reason. The bell is lowered afterwards. */
void bell_wait(struct bell *bell, int timeout_ms);

#endif
