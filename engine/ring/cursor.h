/* cursor - how far somebody has come.
 *
 *      slots      0   1   2   3   4   5   6   7   8   9
 *      publish  ---------->|                                done = 3: slots [0, 3) are published
 *      store    ------------------>|                        done = 5
 *      ingress  ------------------------------>|            done = 8
 *
 * A count done: 64 bits, one writer, only grows. At 10^8 a second it wraps in 5,800 years, so it
 * does not wrap. A gate is the set of cursors that a stage must not overtake.
 *
 * P and O below are the only hand-over of data between threads: if an observer's load reads the
 * value that a publisher stored, everything the publisher wrote before is visible behind the load.
 * That serves both ways: slot writes before slot reads (down the line), and slot reads before slot
 * overwrites (ingress re-using what commit is done with). The pair table is in ARCHITECTURE.md.
 */
#ifndef RING_CURSOR_H
#define RING_CURSOR_H

#include "base/check.h"

#include <stdatomic.h>
#include <stdint.h>

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a cursor is one lock-free word");

enum { CACHE_LINE_BYTES = 64, GATE_MAX = 4 };

struct cursor {
    _Alignas(CACHE_LINE_BYTES) _Atomic uint64_t done;
};

_Static_assert(sizeof(struct cursor) == CACHE_LINE_BYTES, "no two cursors share a cache line");

/* The owner only. Everything before done is finished with. P: at least a release; sequentially
 * consistent since it is also the first half of W1 (wait.h). */
static inline void cursor_publish(struct cursor *cursor, uint64_t done)
{
    CHECK(done >= atomic_load_explicit(&cursor->done, memory_order_relaxed));
    atomic_store_explicit(&cursor->done, done, memory_order_seq_cst); /* P */
}

/* Any thread. O: an acquire, pairs with P; sequentially consistent since a look after
 * bell_raise() is the second half of W2. */
static inline uint64_t cursor_observe(const struct cursor *cursor)
{
    return atomic_load_explicit(&cursor->done, memory_order_seq_cst); /* O */
}

struct gate {
    const struct cursor *cursors[GATE_MAX];
    uint32_t count; /* one at least */
    uint64_t lead;  /* slots by which this stage may be ahead: the capacity for ingress, else 0 */
};

/* Any thread. How far the gate lets one go: the lowest cursor, plus the lead. Reads each cursor
 * exactly once; reading the winner again could see it moved. */
static inline uint64_t gate_limit(const struct gate *gate)
{
    CHECK(gate->count > 0);
    uint64_t lowest = UINT64_MAX;
    for (uint32_t i = 0; i < gate->count; i++) {
        uint64_t done = cursor_observe(gate->cursors[i]);
        if (done < lowest)
            lowest = done;
    }
    return lowest + gate->lead;
}

#endif
