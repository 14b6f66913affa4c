#include "bench/catch.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/fail.h"
#include "bench/glance.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <zmq.h>

enum { LOOK_MS = 100, START_MS = 20000 };

/* Address space, not memory. */
static const size_t bytes_room = 1ULL << 37;
static const size_t messages_room = 1ULL << 28;

struct entry {
    int64_t received_ns;
    size_t offset, bytes;
};

struct catch
{
    void *socket;
    pthread_t thread;
    uint64_t latest; /* the number to wait for */
    /* The thread's alone, until it has ended. */
    uint8_t *bytes;
    size_t used;
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

static void keep(struct catch *catch, struct span message, int64_t now_ns)
{
    if (catch->count == messages_room || message.bytes > bytes_room - catch->used)
        fail("more is published than can be kept");
    if (message.bytes > 0)
        memcpy(catch->bytes + catch->used, message.data, message.bytes);
    catch->list[catch->count++] = (struct entry){now_ns, catch->used, message.bytes};
    catch->used += message.bytes;
}

/* -- the thread -------------------------------------------------------------------------------- */

/* True when this was the last. */
static bool take(struct catch *catch, struct span message)
{
    struct feed_glance glance;
    int64_t now_ns = clock_monotonic_ns(&clock_system);
    keep(catch, message, now_ns);
    if (!glance_feed(message, &glance))
        fail("the engine published something that is no Feed");
    atomic_store_explicit(&catch->heard_ns, now_ns, memory_order_relaxed);
    if (glance.has_heads) {
        atomic_store(&catch->subscribed, true);
        return catch->seen >= catch->latest;
    }
    catch->last_ns = now_ns;
    catch->seen = glance.latest > catch->seen ? glance.latest : catch->seen;
    return false;
}

static void *run(void *self)
{
    struct catch *catch = self;
    zmq_msg_t message;
    bool last = false;
    zmq_msg_init(&message);
    while (!last && !atomic_load_explicit(&catch->told_to_end, memory_order_relaxed)) {
        if (zmq_msg_recv(&message, catch->socket, 0) < 0 || zmq_msg_more(&message))
            continue; /* nothing for a while, or the topic: the Feed behind it names the unit too */
        last = take(catch, span_of(zmq_msg_data(&message), zmq_msg_size(&message)));
    }
    zmq_msg_close(&message);
    atomic_store(&catch->finished, true);
    return NULL;
}

/* -- from outside ------------------------------------------------------------------------------ */

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static void open_socket(struct catch *catch, void *context, const char *feed)
{
    static const int none = 0, look_ms = LOOK_MS, often_ms = 1;
    catch->socket = zmq_socket(context, ZMQ_SUB);
    CHECK(catch->socket != NULL);
    zmq_setsockopt(catch->socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(catch->socket, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt(catch->socket, ZMQ_RCVTIMEO, &look_ms, sizeof look_ms);
    zmq_setsockopt(catch->socket, ZMQ_RECONNECT_IVL, &often_ms, sizeof often_ms);
    zmq_setsockopt(catch->socket, ZMQ_SUBSCRIBE, "unit.", strlen("unit."));
    int connected = zmq_connect(catch->socket, feed);
    CHECK(connected == 0);
}

struct catch *catch_start(void *context, const char *feed, uint64_t latest, size_t bytes,
                          size_t messages)
{
    struct catch *catch = calloc(1, sizeof *catch);
    CHECK(catch != NULL);
    catch->latest = latest;
    catch->bytes = reserve(bytes_room, bytes);
    catch->list = reserve(messages_room * sizeof *catch->list, messages * sizeof *catch->list);
    open_socket(catch, context, feed);
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
    zmq_close(catch->socket);
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
