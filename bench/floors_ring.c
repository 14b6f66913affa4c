/* floors_ring - what the ring takes to hand a slot from one thread to the next.
 *
 *      under load   writer ----> reader, the writer 4,096 slots ahead at most; both take what there
 *                   is, the writer a request's worth at a time, as ingress does
 *      parked       the reader sleeps on its bell each time; from the ringing until it works
 */
#include "base/check.h"
#include "base/clock.h"
#include "bench/floor_parts.h"
#include "ring/stage.h"

#include <time.h>

enum { SLOTS = 4096, REQUEST_SLOTS = 64, HOPS = 1 << 20, WAKES = 300, WAKE_MS_MAX = 10000 };

static const struct timespec pause_before_wake = {.tv_nsec = 100000};

struct hop {
    struct stage writer, reader;
    struct worker writing, reading;
    struct cursor stop;
    uint64_t slots[SLOTS];
    uint64_t sum; /* of what was read; the reader's */
};

static uint64_t write_slots(void *self, uint64_t next, uint64_t limit)
{
    struct hop *hop = self;
    limit = limit < next + REQUEST_SLOTS ? limit : next + REQUEST_SLOTS;
    for (uint64_t i = next; i < limit; i++)
        hop->slots[i % SLOTS] = i;
    hop->writer.finished = limit >= HOPS;
    return limit;
}

static uint64_t read_slots(void *self, uint64_t next, uint64_t limit)
{
    struct hop *hop = self;
    for (uint64_t i = next; i < limit; i++)
        hop->sum += hop->slots[i % SLOTS];
    hop->reader.finished = limit >= HOPS;
    return limit;
}

static void worker_init(struct worker *worker, struct stage *stage, struct cursor *stop)
{
    *worker = (struct worker){.stages = {stage}, .count = 1, .stop = stop};
    floor_must(bell_init(&worker->bell, NULL, 0) == OK, "no bell");
}

static double measure_load(void)
{
    static struct hop hop;
    hop = (struct hop){.writer = {.name = "writer",
                                  .gate = {{&hop.reader.cursor}, .count = 1, .lead = SLOTS},
                                  .work = write_slots,
                                  .self = &hop,
                                  .clock = &clock_system},
                       .reader = {.name = "reader",
                                  .gate = {{&hop.writer.cursor}, .count = 1},
                                  .work = read_slots,
                                  .self = &hop,
                                  .clock = &clock_system}};
    worker_init(&hop.writing, &hop.writer, &hop.stop);
    worker_init(&hop.reading, &hop.reader, &hop.stop);
    stage_wakes(&hop.writer, &hop.reading.bell);
    stage_wakes(&hop.reader, &hop.writing.bell);
    floor_must(worker_start(&hop.reading) == OK, "no thread");
    int64_t start_ns = clock_monotonic_ns(&clock_system);
    worker_run(&hop.writing);
    worker_join(&hop.reading);
    double ns = (double)(clock_monotonic_ns(&clock_system) - start_ns);
    CHECK(hop.sum == (uint64_t)HOPS * (HOPS - 1) / 2);
    bell_fini(&hop.writing.bell);
    bell_fini(&hop.reading.bell);
    return ns / HOPS;
}

/* -- parked ------------------------------------------------------------------------------------ */

struct wake {
    struct cursor ready; /* the main thread's */
    struct cursor stop;
    struct stage sleeper;
    struct worker worker;
    struct bell done;
    int64_t ran_ns; /* the sleeper's, behind its cursor */
};

static uint64_t note_time(void *self, uint64_t next, uint64_t limit)
{
    struct wake *wake = self;
    (void)next;
    wake->ran_ns = clock_monotonic_ns(&clock_system);
    return limit;
}

static void wait_for(struct wake *wake, uint64_t slot)
{
    while (cursor_observe(&wake->sleeper.cursor) < slot) {
        bell_raise(&wake->done);
        if (cursor_observe(&wake->sleeper.cursor) < slot)
            bell_wait(&wake->done, WAKE_MS_MAX);
        else
            bell_lower(&wake->done);
    }
}

/* Until it has raised its bell, and some time for it to fall asleep. */
static void let_it_sleep(struct wake *wake)
{
    do
        nanosleep(&pause_before_wake, NULL);
    while (atomic_load(&wake->worker.bell.sleeping) == 0);
}

static double measure_parked(void)
{
    static struct wake wake;
    double figures[WAKES];
    wake = (struct wake){.sleeper = {.name = "sleeper",
                                     .gate = {{&wake.ready}, .count = 1},
                                     .work = note_time,
                                     .self = &wake,
                                     .clock = &clock_system}};
    worker_init(&wake.worker, &wake.sleeper, &wake.stop);
    floor_must(bell_init(&wake.done, NULL, 0) == OK, "no bell");
    stage_wakes(&wake.sleeper, &wake.done);
    floor_must(worker_start(&wake.worker) == OK, "no thread");
    for (uint32_t i = 0; i < WAKES; i++) {
        let_it_sleep(&wake);
        int64_t rung_ns = clock_monotonic_ns(&clock_system);
        cursor_publish(&wake.ready, i + 1);
        bell_ring(&wake.worker.bell);
        wait_for(&wake, i + 1);
        figures[i] = (double)(wake.ran_ns - rung_ns) / 1e3;
    }
    cursor_publish(&wake.stop, 1);
    bell_ring(&wake.worker.bell);
    worker_join(&wake.worker);
    bell_fini(&wake.done);
    bell_fini(&wake.worker.bell);
    return floor_quantile(figures, WAKES, 0.5);
}

void floors_ring(struct floors *floors)
{
    floors->ring_hop_ns = measure_load();
    floors->ring_hop_parked_us = measure_parked();
}
