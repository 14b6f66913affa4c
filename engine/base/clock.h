/* clock - the only place that asks what time it is.
 *
 * What needs the time takes a struct clock, so that a test can move it by hand.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <pthread.h>
#include <stdint.h>

struct clock {
    /* Wall time in milliseconds since 1970-01-01 UTC; may jump. */
    int64_t (*wall_ms)(void *self);
    /* Nanoseconds since some moment; never goes back. */
    int64_t (*monotonic_ns)(void *self);
    void *self;
};

/* The machine's own. */
extern const struct clock clock_system;

static inline int64_t clock_wall_ms(const struct clock *clock)
{
    return clock->wall_ms(clock->self);
}

static inline int64_t clock_monotonic_ns(const struct clock *clock)
{
    return clock->monotonic_ns(clock->self);
}

/* CPU time that a living thread has used, in nanoseconds. */
int64_t clock_thread_cpu_ns(pthread_t thread);

/* CPU time that the calling thread has used, in nanoseconds. */
int64_t clock_own_cpu_ns(void);

/* CPU time that the calling process has used, all threads, in nanoseconds. */
int64_t clock_process_cpu_ns(void);

#endif
