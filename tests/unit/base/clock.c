/* The machine's clock moves on, and one that a test moves by hand is what everything else sees. */
#include "base/clock.h"

#include <criterion/criterion.h>

struct moved {
    int64_t wall_ms, monotonic_ns;
};

static int64_t moved_wall_ms(void *self)
{
    return ((struct moved *)self)->wall_ms;
}

static int64_t moved_monotonic_ns(void *self)
{
    return ((struct moved *)self)->monotonic_ns;
}

Test(clock, moves_by_hand)
{
    struct moved moved = {.wall_ms = 1795478400000, .monotonic_ns = 7};
    struct clock clock = {moved_wall_ms, moved_monotonic_ns, &moved};
    cr_expect_eq(clock_wall_ms(&clock), 1795478400000);
    cr_expect_eq(clock_monotonic_ns(&clock), 7);
    moved.wall_ms -= 3600000;
    moved.monotonic_ns = 8;
    cr_expect_eq(clock_wall_ms(&clock), 1795474800000);
    cr_expect_eq(clock_monotonic_ns(&clock), 8);
}

Test(clock, of_the_machine_never_goes_back)
{
    int64_t before_ns = clock_monotonic_ns(&clock_system);
    int64_t thread_ns = clock_thread_cpu_ns(pthread_self());
    int64_t process_ns = clock_process_cpu_ns();
    for (int i = 0; i < 1000; i++) {
        int64_t now_ns = clock_monotonic_ns(&clock_system);
        cr_assert_geq(now_ns, before_ns);
        before_ns = now_ns;
    }
    cr_expect_geq(clock_thread_cpu_ns(pthread_self()), thread_ns);
    cr_expect_geq(clock_process_cpu_ns(), process_ns);
    cr_expect_gt(clock_process_cpu_ns(), 0);
    cr_expect_gt(clock_wall_ms(&clock_system), 1577836800000, "2020 is over");
}
