/* push - puts a load on a Redis, and proves that each case came out of it once, as it went in.
 *
 *      sender    one connection, the caller's thread: XADDs, per_write of them in one write
 *      reader    one connection, a thread of its own: XREAD BLOCK from the first entry on
 *
 * Closed, as many cases as the window holds are under way, and latency counts from the write of a
 * case. Open, each case goes at its moment, and latency counts from that. All entries are in one
 * stream.
 */
#ifndef BENCH_REDIS_PUSH_H
#define BENCH_REDIS_PUSH_H

#include "bench/histogram.h"
#include "bench/redis/commands.h"
#include "bench/redis/process.h"

struct push_plan {
    const struct process *process;
    const struct commands *commands;
    uint32_t per_write;
    uint32_t window;       /* closed; not below per_write */
    const int64_t *due_ns; /* open: a moment each, from the start, never falling; NULL: closed */
};

struct push {
    double seconds;                  /* first case sent to last entry received and last answer */
    struct histogram ack, received;  /* nanoseconds */
    uint32_t lost, doubled, damaged; /* cases */
};

void push_run(const struct push_plan *plan, struct push *push);

#endif
