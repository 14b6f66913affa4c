#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t read_ns(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int64_t system_wall_ms(void *self)
{
    (void)self;
    return read_ns(CLOCK_REALTIME) / 1000000;
}

static int64_t system_monotonic_ns(void *self)
{
    (void)self;
    return read_ns(CLOCK_MONOTONIC);
}

const struct clock clock_system = {
    .wall_ms = system_wall_ms,
    .monotonic_ns = system_monotonic_ns,
    .self = NULL,
};

int64_t clock_thread_cpu_ns(pthread_t thread)
{
    clockid_t id;
    return pthread_getcpuclockid(thread, &id) == 0 ? read_ns(id) : 0;
}

int64_t clock_own_cpu_ns(void)
{
    return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

int64_t clock_process_cpu_ns(void)
{
    return read_ns(CLOCK_PROCESS_CPUTIME_ID);
}
