#include "ring/wait.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "the kernel looks at the futex word too");

enum err bell_init(struct bell *bell, const int *fds, uint32_t fds_count)
{
    CHECK(fds_count <= BELL_FDS_MAX);
    *bell = (struct bell){.event_fd = -1, .fds_count = fds_count};
    for (uint32_t i = 0; i < fds_count; i++)
        bell->fds[i] = fds[i];
    if (fds_count == 0)
        return OK;
    bell->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return bell->event_fd >= 0 ? OK : ERR_IO;
}

void bell_fini(struct bell *bell)
{
    if (bell->event_fd >= 0)
        close(bell->event_fd);
    bell->event_fd = -1;
}

void bell_ring(struct bell *bell)
{
    if (atomic_load_explicit(&bell->sleeping, memory_order_seq_cst) == 0) /* W1 */
        return;
    if (atomic_exchange_explicit(&bell->sleeping, 0, memory_order_seq_cst) == 0)
        return; /* somebody else rang first */
    if (bell->event_fd < 0) {
        syscall(SYS_futex, &bell->sleeping, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
        return;
    }
    uint64_t one = 1;
    ssize_t written = write(bell->event_fd, &one, sizeof one);
    CHECK(written == sizeof one); /* a counter at 2^64 - 1 is the only way not to */
}

void bell_raise(struct bell *bell)
{
    atomic_store_explicit(&bell->sleeping, 1, memory_order_seq_cst); /* W2 */
}

void bell_lower(struct bell *bell)
{
    atomic_store_explicit(&bell->sleeping, 0, memory_order_seq_cst);
}

static void wait_in_poll(struct bell *bell, int timeout_ms)
{
    struct pollfd polls[BELL_FDS_MAX + 1] = {{.fd = bell->event_fd, .events = POLLIN}};
    for (uint32_t i = 0; i < bell->fds_count; i++)
        polls[i + 1] = (struct pollfd){.fd = bell->fds[i], .events = POLLIN};
    if (poll(polls, bell->fds_count + 1, timeout_ms) > 0 && polls[0].revents != 0) {
        uint64_t rung;
        ssize_t taken = read(bell->event_fd, &rung, sizeof rung);
        CHECK(taken == sizeof rung || errno == EAGAIN);
    }
}

static void wait_on_futex(struct bell *bell, int timeout_ms)
{
    struct timespec limit = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L};
    syscall(SYS_futex, &bell->sleeping, FUTEX_WAIT_PRIVATE, 1, timeout_ms < 0 ? NULL : &limit, NULL,
            0);
}

void bell_wait(struct bell *bell, int timeout_ms)
{
    if (bell->event_fd >= 0)
        wait_in_poll(bell, timeout_ms);
    else
        wait_on_futex(bell, timeout_ms);
    bell_lower(bell);
}
