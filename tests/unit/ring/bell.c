/* The bell from one thread: whatever was rung, or stirred, before the wait ends the wait at once. A
 * wait that should have ended hangs, and the time limit ends the test. Both kinds of bell. */
#include "ring/wait.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum { NO_LIMIT = -1 };

static int ends[2]; /* a pipe in place of a socket */
static struct bell on_futex, in_poll;

static void open_all(void)
{
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(bell_init(&on_futex, NULL, 0), OK);
    cr_assert_eq(bell_init(&in_poll, &ends[0], 1), OK);
}

static void close_all(void)
{
    bell_fini(&on_futex);
    bell_fini(&in_poll);
    bell_fini(&in_poll);
    close(ends[0]);
    close(ends[1]);
}

TestSuite(bell, .init = open_all, .fini = close_all, .timeout = 20);

static bool is_raised(struct bell *bell)
{
    return atomic_load(&bell->sleeping) != 0;
}

static bool would_wake(const struct bell *bell)
{
    struct pollfd polled = {.fd = bell->event_fd, .events = POLLIN};
    return poll(&polled, 1, 0) == 1;
}

Test(bell, rung_before_the_wait_ends_it)
{
    struct bell *bells[] = {&on_futex, &in_poll};
    for (size_t i = 0; i < 2; i++)
        for (int round = 0; round < 3; round++) {
            bell_raise(bells[i]);
            bell_ring(bells[i]);
            cr_expect(!is_raised(bells[i]), "who rings lowers it");
            bell_wait(bells[i], NO_LIMIT);
            cr_expect(!is_raised(bells[i]));
        }
    cr_expect(!would_wake(&in_poll), "what was rung is taken");
}

Test(bell, is_rung_once_for_all_who_ring)
{
    bell_raise(&in_poll);
    bell_ring(&in_poll);
    bell_ring(&in_poll);
    uint64_t count = 0;
    cr_assert_eq(read(in_poll.event_fd, &count, sizeof count), sizeof count);
    cr_expect_eq(count, 1);
}

Test(bell, costs_nothing_while_the_owner_is_awake)
{
    bell_ring(&in_poll);
    cr_expect(!would_wake(&in_poll));
    bell_raise(&in_poll);
    bell_lower(&in_poll);
    bell_ring(&in_poll);
    cr_expect(!would_wake(&in_poll));
}

Test(bell, rung_between_the_second_look_and_lowering_ends_the_next_wait)
{
    bell_raise(&in_poll);
    bell_ring(&in_poll);
    bell_lower(&in_poll);
    bell_raise(&in_poll);
    bell_wait(&in_poll, NO_LIMIT);
    cr_expect(!is_raised(&in_poll));
    cr_expect(!would_wake(&in_poll));
}

Test(bell, a_socket_that_stirs_ends_the_wait)
{
    cr_assert_eq(write(ends[1], "x", 1), 1);
    bell_raise(&in_poll);
    bell_wait(&in_poll, NO_LIMIT);
    cr_expect(!is_raised(&in_poll), "nobody rang, so the owner lowers it");
}

Test(bell, a_wait_with_a_limit_ends)
{
    struct bell *bells[] = {&on_futex, &in_poll};
    for (size_t i = 0; i < 2; i++)
        for (int limit_ms = 0; limit_ms < 3; limit_ms++) {
            bell_raise(bells[i]);
            bell_wait(bells[i], limit_ms);
            cr_expect(!is_raised(bells[i]));
        }
}

Test(bell, with_too_many_sockets_aborts, .signal = SIGABRT)
{
    int fds[BELL_FDS_MAX + 1] = {0};
    struct bell bell;
    cr_expect_neq(bell_init(&bell, fds, BELL_FDS_MAX + 1), OK);
}
