#include "bench/catch.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/fail.h"
#include "bench/glance.h"
#include "bench/zmtp.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 100, START_MS = 20000, READ_BYTES = 1024 * 1024 };

/* Address space, not memory. */
static const size_t bytes_room = 1ULL << 37;
static const size_t messages_room = 1ULL << 28;

struct entry {
    int64_t received_ns;
    size_t offset, bytes;
};

struct catch
{
    int fd;
    pthread_t thread;
    uint64_t latest; /* the number to wait for */
    /* The thread's alone, until it has ended. */
    uint8_t *bytes; /* all that was read */
    size_t used;
    size_t taken; /* of that, apart; the rest is the beginning of a frame */
    struct entry *list;
    size_t count;
    uint64_t seen; /* highest number so far */
    int64_t last_ns;
    /* Between the two. */
    _Atomic bool subscribed, finished, told_to_end;
    _Atomic int64_t heard_ns; /* when anything came last */
};

/* -- memory ------------------------------------------------------------------------------------ */

/* What is expected is touched now, so that the kernel need not find it while the clock runs. */
static void *reserve(size_t room, size_t expected)
{
    void *memory = mmap(NULL, room, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        fail("no address space to keep events in");
    madvise(memory, room, MADV_HUGEPAGE);
    if (expected > 0 && madvise(memory, expected, MADV_POPULATE_WRITE) != 0)
        memset(memory, 0, expected);
    return memory;
}

static void note(struct catch *catch, struct span message, int64_t now_ns)
{
    if (catch->count == messages_room)
        fail("more is published than can be kept");
    catch->list[catch->count++] =
        (struct entry){now_ns, (size_t)(message.data - catch->bytes), message.bytes};
}

/* -- the thread -------------------------------------------------------------------------------- */

/* True when this was the last. */
static bool take(struct catch *catch, struct span message, int64_t now_ns)
{
    struct feed_glance glance;
    note(catch, message, now_ns);
    if (!glance_feed(message, &glance))
        fail("the engine published something that is no Feed");
    if (glance.has_heads) {
        atomic_store(&catch->subscribed, true);
        return catch->seen >= catch->latest;
    }
    catch->last_ns = now_ns;
    catch->seen = glance.latest > catch->seen ? glance.latest : catch->seen;
    return false;
}

/* Of a message the last frame is the Feed; the one before is the topic, and the Feed names its
 * unit, too. */
static bool take_all(struct catch *catch, int64_t now_ns)
{
    bool last = false;
    struct zmtp_frame frame;
    struct span rest = span_of(catch->bytes + catch->taken, catch->used - catch->taken);
    while (zmtp_take(&rest, &frame))
        if (!frame.more && !frame.command)
            last |= take(catch, frame.body, now_ns);
    catch->taken = catch->used - rest.bytes;
    return last;
}

/* Bytes that came; 0 where none did for a while. */
static size_t receive(struct catch *catch)
{
    if (bytes_room - catch->used < READ_BYTES)
        fail("more is published than can be kept");
    ssize_t got = read(catch->fd, catch->bytes + catch->used, READ_BYTES);
    if (got == 0)
        fail("the engine has closed the feed");
    if (got < 0 && errno != EAGAIN && errno != EINTR)
        fail("the feed cannot be read: %s", strerror(errno));
    return got > 0 ? (size_t)got : 0;
}

static void *run(void *self)
{
    struct catch *catch = self;
    bool last = false;
    while (!last && !atomic_load_explicit(&catch->told_to_end, memory_order_relaxed)) {
        size_t got = receive(catch);
        if (got == 0)
            continue;
        int64_t now_ns = clock_monotonic_ns(&clock_system);
        catch->used += got;
        last = take_all(catch, now_ns);
        atomic_store_explicit(&catch->heard_ns, now_ns, memory_order_relaxed);
    }
    atomic_store(&catch->finished, true);
    return NULL;
}

/* -- from outside ------------------------------------------------------------------------------ */

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static void connect_feed(struct catch *catch, const char *feed)
{
    struct timeval look = {.tv_usec = LOOK_MS * 1000L};
    catch->fd = zmtp_connect(feed, "SUB");
    setsockopt(catch->fd, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof look);
    zmtp_subscribe(catch->fd, "unit.");
}

struct catch *catch_start(const char *feed, uint64_t latest, size_t bytes, size_t messages)
{
    struct catch *catch = calloc(1, sizeof *catch);
    CHECK(catch != NULL);
    catch->latest = latest;
    catch->bytes = reserve(bytes_room, bytes);
    catch->list = reserve(messages_room * sizeof *catch->list, messages * sizeof *catch->list);
    connect_feed(catch, feed);
    int created = pthread_create(&catch->thread, NULL, run, catch);
    CHECK(created == 0);
    for (int waited = 0; !atomic_load(&catch->subscribed); waited++) {
        if (waited == START_MS)
            fail("the engine does not say how far its feeds are");
        pause_ms(1);
    }
    return catch;
}

void catch_finish(struct catch *catch, uint32_t silence_ms)
{
    int64_t begun_ns = clock_monotonic_ns(&clock_system);
    while (!atomic_load(&catch->finished)) {
        int64_t heard_ns = atomic_load_explicit(&catch->heard_ns, memory_order_relaxed);
        int64_t since_ns = heard_ns > begun_ns ? heard_ns : begun_ns;
        if (clock_monotonic_ns(&clock_system) - since_ns > silence_ms * INT64_C(1000000))
            atomic_store(&catch->told_to_end, true);
        pause_ms(LOOK_MS / 10);
    }
    pthread_join(catch->thread, NULL);
    close(catch->fd);
}

size_t catch_count(const struct catch *catch)
{
    return catch->count;
}

struct caught catch_at(const struct catch *catch, size_t index)
{
    CHECK(index < catch->count);
    const struct entry *entry = &catch->list[index];
    return (struct caught){entry->received_ns, span_of(catch->bytes + entry->offset, entry->bytes)};
}

int64_t catch_last_ns(const struct catch *catch)
{
    return catch->last_ns;
}

void catch_free(struct catch **catch)
{
    if (*catch == NULL)
        return;
    munmap((*catch)->bytes, bytes_room);
    munmap((*catch)->list, messages_room * sizeof *(*catch)->list);
    free(*catch);
    *catch = NULL;
}
