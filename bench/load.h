/* load - hands parcels to the engine and takes its answers, and notes when.
 *
 *      closed   as many cases as the window holds are under way; an answer lets the next ones go.
 *               Shows what the engine can do. Latency counts from when a message was sent.
 *      open     each message goes at its planned moment, whether or not anything was answered, as
 *               citizens call. Latency counts from the planned moment: where the engine, or the
 *               sender itself, falls behind, that shows in all messages that had to wait.
 *
 * One thread, the caller's. Any answer other than the one that is expected ends the benchmark, and
 * so does an engine that is silent for half a minute.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "bench/parcels.h"

struct load {
    const struct parcels *parcels;
    uint32_t window;       /* closed: cases under way, at least a parcel's */
    const int64_t *due_ns; /* open: a parcel each, counted from the start, never falling; NULL:
                              closed */
    uint32_t enough; /* returns after so many answered messages and leaves the others under way; 0:
                        all */
    Lianxin__V1__Outcome outcome; /* that each case must have; "accepted", unless changed */
    /* What was seen, of the monotonic clock, a parcel each. */
    int64_t *planned_ns;
    int64_t *sent_ns; /* when it was let go */
    int64_t *answered_ns;
    int64_t start_ns, end_ns; /* first message to be sent, last answer */
    uint64_t answered;        /* cases */
};

/* Borrows the parcels and moments. */
void load_init(struct load *load, const struct parcels *parcels, uint32_t window,
               const int64_t *due_ns);

/* Sends all, and waits for all answers, or for enough. */
void load_run(struct load *load, const char *front);

void load_free(struct load *load);

#endif
