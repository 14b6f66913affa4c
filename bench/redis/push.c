#include "bench/redis/push.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/fail.h"
#include "bench/redis/replies.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SILENCE_MS = 30000, ENTRIES_A_READ = 4096, NUMBER_DIGITS_MAX = 9 };

struct sender {
    const struct push_plan *plan;
    int fd;
    uint32_t begun;    /* cases whose write has begun, whole writes */
    uint32_t answered; /* in order, so these are the first */
    size_t written;    /* bytes */
    int64_t *planned_ns;
    int64_t *answered_ns;
    int64_t start_ns;
    struct replies *replies;
    int64_t now_ns; /* when what is being taken apart was received */
};

struct reader {
    const struct push_plan *plan;
    int fd;
    uint32_t received; /* entries */
    uint32_t damaged;
    int64_t *received_ns;
    uint8_t *seen; /* how often, up to 255 */
    char last_id[64];
    bool is_asked;
    struct replies *replies;
    int64_t now_ns;
};

static int64_t now_ns(void)
{
    return clock_monotonic_ns(&clock_system);
}

static void *take(uint32_t count, size_t bytes)
{
    void *memory = calloc(count, bytes);
    CHECK(memory != NULL);
    return memory;
}

/* -- sender ---------------------------------------------------------------------------------- */

static void added(void *self)
{
    struct sender *sender = self;
    if (sender->answered == sender->begun)
        fail("redis answers what was not asked");
    sender->answered_ns[sender->answered++] = sender->now_ns;
}

/* The bytes of a write that has begun, as far as the socket takes them. */
static bool write_begun(struct sender *sender)
{
    const struct commands *commands = sender->plan->commands;
    size_t end = sender->begun > 0 ? commands->ends[sender->begun - 1] : 0;
    while (sender->written < end) {
        ssize_t bytes = send(sender->fd, commands->bytes + sender->written, end - sender->written,
                             MSG_DONTWAIT | MSG_NOSIGNAL);
        if (bytes < 0 && errno == EAGAIN)
            return false;
        if (bytes < 0)
            fail("redis takes nothing: %s", strerror(errno));
        sender->written += (size_t)bytes;
    }
    return true;
}

/* Of the next write: how many cases, and are they to go now? */
static bool may_begin(const struct sender *sender, uint32_t *cases)
{
    const struct push_plan *plan = sender->plan;
    uint32_t left = plan->commands->count - sender->begun;
    *cases = left < plan->per_write ? left : plan->per_write;
    if (left == 0)
        return false;
    if (plan->due_ns != NULL)
        return sender->start_ns + plan->due_ns[sender->begun] <= now_ns();
    return sender->begun + *cases - sender->answered <= plan->window;
}

/* All that may go; false where the socket is full. */
static bool send_some(struct sender *sender)
{
    uint32_t cases;
    while (write_begun(sender)) {
        if (!may_begin(sender, &cases))
            return true;
        int64_t now = now_ns();
        for (uint32_t i = 0; i < cases; i++, sender->begun++)
            sender->planned_ns[sender->begun] =
                sender->plan->due_ns == NULL
                    ? now
                    : sender->start_ns + sender->plan->due_ns[sender->begun];
    }
    return false;
}

/* Until there is an answer, room in the socket if that was full, or the next case is due. */
static void sleep_until_needed(const struct sender *sender, bool is_full)
{
    const struct push_plan *plan = sender->plan;
    struct pollfd news = {.fd = sender->fd, .events = (short)(POLLIN | (is_full ? POLLOUT : 0))};
    int64_t left_ns = SILENCE_MS * INT64_C(1000000);
    bool waits_for_time = plan->due_ns != NULL && sender->begun < plan->commands->count;
    if (waits_for_time)
        left_ns = sender->start_ns + plan->due_ns[sender->begun] - now_ns();
    if (left_ns < 0)
        left_ns = 0;
    struct timespec left = {left_ns / 1000000000, left_ns % 1000000000};
    if (ppoll(&news, 1, &left, NULL) == 0 && !waits_for_time)
        fail("redis has answered %u of %u cases, and is silent since %d s", sender->answered,
             plan->commands->count, SILENCE_MS / 1000);
}

static void send_all(struct sender *sender)
{
    sender->start_ns = now_ns();
    while (sender->answered < sender->plan->commands->count) {
        bool is_full = !send_some(sender);
        sleep_until_needed(sender, is_full);
        sender->now_ns = now_ns();
        while (replies_receive(sender->replies, sender->fd))
            sender->now_ns = now_ns();
    }
}

/* -- reader ---------------------------------------------------------------------------------- */

static uint32_t read_number(struct span text, uint32_t limit)
{
    uint32_t number = 0;
    bool good = text.bytes > 0 && text.bytes <= NUMBER_DIGITS_MAX;
    for (size_t i = 0; i < text.bytes && good; i++) {
        good = text.data[i] >= '0' && text.data[i] <= '9';
        number = number * 10 + (uint32_t)(text.data[i] - '0');
    }
    if (!good || number >= limit)
        fail("redis has an entry that nobody sent: %.*s", SPAN_ARG(text));
    return number;
}

static void entry(void *self, struct span id, struct span name, struct span value)
{
    struct reader *reader = self;
    const struct commands *commands = reader->plan->commands;
    uint32_t number = read_number(name, commands->count);
    reader->damaged += !span_equal(value, commands_case(commands, number));
    if (reader->seen[number] < UINT8_MAX)
        reader->seen[number]++;
    reader->received_ns[number] = reader->now_ns;
    reader->received++;
    snprintf(reader->last_id, sizeof reader->last_id, "%.*s", SPAN_ARG(id));
}

static void read_through(void *self)
{
    struct reader *reader = self;
    reader->is_asked = false;
}

static void ask(struct reader *reader)
{
    char command[256];
    int bytes = snprintf(command, sizeof command, "XREAD COUNT %d BLOCK 0 STREAMS cases %s\r\n",
                         ENTRIES_A_READ, reader->last_id);
    if (send(reader->fd, command, (size_t)bytes, MSG_NOSIGNAL) != bytes)
        fail("redis takes nothing: %s", strerror(errno));
    reader->is_asked = true;
}

/* Ends with the last entry, or where none comes any more; what is missing then is lost. */
static void *read_all(void *self)
{
    struct reader *reader = self;
    while (reader->received < reader->plan->commands->count) {
        struct pollfd news = {.fd = reader->fd, .events = POLLIN};
        if (!reader->is_asked)
            ask(reader);
        if (poll(&news, 1, SILENCE_MS) == 0)
            break;
        reader->now_ns = now_ns();
        replies_receive(reader->replies, reader->fd);
    }
    return NULL;
}

/* -- all of it ------------------------------------------------------------------------------- */

static void sum_up(const struct sender *sender, const struct reader *reader, struct push *push)
{
    uint32_t count = sender->plan->commands->count;
    int64_t end_ns = sender->start_ns;
    for (uint32_t i = 0; i < count; i++) {
        push->lost += reader->seen[i] == 0;
        push->doubled += reader->seen[i] > 1;
        histogram_add(&push->ack, (uint64_t)(sender->answered_ns[i] - sender->planned_ns[i]));
        end_ns = sender->answered_ns[i] > end_ns ? sender->answered_ns[i] : end_ns;
        if (reader->seen[i] == 0)
            continue;
        histogram_add(&push->received, (uint64_t)(reader->received_ns[i] - sender->planned_ns[i]));
        end_ns = reader->received_ns[i] > end_ns ? reader->received_ns[i] : end_ns;
    }
    uint64_t entries = process_entries(sender->plan->process); /* the reader stops at count */
    push->doubled += entries > count ? (uint32_t)(entries - count) : 0;
    push->damaged = reader->damaged;
    push->seconds = (double)(end_ns - sender->start_ns) / 1e9;
}

void push_run(const struct push_plan *plan, struct push *push)
{
    uint32_t count = plan->commands->count;
    struct sender sender = {.plan = plan,
                            .fd = process_connect(plan->process),
                            .planned_ns = take(count, sizeof(int64_t)),
                            .answered_ns = take(count, sizeof(int64_t))};
    struct reader reader = {.plan = plan,
                            .fd = process_connect(plan->process),
                            .received_ns = take(count, sizeof(int64_t)),
                            .seen = take(count, sizeof(uint8_t)),
                            .last_id = "0"};
    pthread_t thread;
    CHECK(plan->due_ns != NULL || plan->window >= plan->per_write);
    *push = (struct push){0};
    sender.replies = replies_create(&(struct replies_options){.added = added, .self = &sender});
    reader.replies = replies_create(
        &(struct replies_options){.entry = entry, .read = read_through, .self = &reader});
    prctl(PR_SET_TIMERSLACK, 1); /* nanosecond: what is due is due now */
    if (pthread_create(&thread, NULL, read_all, &reader) != 0)
        fail("no thread");
    send_all(&sender);
    pthread_join(thread, NULL);
    sum_up(&sender, &reader, push);
    replies_destroy(&sender.replies);
    replies_destroy(&reader.replies);
    close(sender.fd);
    close(reader.fd);
    free(sender.planned_ns);
    free(sender.answered_ns);
    free(reader.received_ns);
    free(reader.seen);
}
