#include "bench/load.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/fail.h"
#include "bench/glance.h"
#include "bench/zmtp.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SILENCE_S = 30,
    ANSWERS_BYTES = 4 * 1024 * 1024, /* many times the longest */
    WHY_BYTES = 512,
};

static const int64_t silence_ns = SILENCE_S * INT64_C(1000000000);

struct sender {
    struct load *load;
    int fd;
    uint32_t next;      /* parcel to be let go */
    uint32_t answered;  /* parcels */
    uint64_t under_way; /* cases */
    size_t written;     /* of the parcels' bytes; behind those of next where the socket is full */
    uint8_t *answers;   /* what was read and is not taken apart yet */
    size_t answers_bytes;
};

void load_init(struct load *load, const struct parcels *parcels, uint32_t window,
               const int64_t *due_ns)
{
    *load = (struct load){.parcels = parcels,
                          .window = window,
                          .due_ns = due_ns,
                          .outcome = LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED};
    load->planned_ns = calloc(parcels->count, sizeof(int64_t));
    load->sent_ns = calloc(parcels->count, sizeof(int64_t));
    load->answered_ns = calloc(parcels->count, sizeof(int64_t));
    CHECK(load->planned_ns != NULL && load->sent_ns != NULL && load->answered_ns != NULL);
}

void load_free(struct load *load)
{
    free(load->planned_ns);
    free(load->sent_ns);
    free(load->answered_ns);
    *load = (struct load){0};
}

static int64_t now_ns(void)
{
    return clock_monotonic_ns(&clock_system);
}

/* -- sending ----------------------------------------------------------------------------------- */

static bool is_sent(const struct sender *sender)
{
    return sender->next == sender->load->parcels->count;
}

/* The next parcel is one of those that may go. */
static void let_go(struct sender *sender, int64_t planned_ns, int64_t now)
{
    struct load *load = sender->load;
    load->planned_ns[sender->next] = planned_ns;
    load->sent_ns[sender->next] = now;
    sender->under_way += load->parcels->list[sender->next].count;
    sender->next++;
}

static void fill_window(struct sender *sender)
{
    const struct load *load = sender->load;
    int64_t now = now_ns();
    while (!is_sent(sender) &&
           sender->under_way + load->parcels->list[sender->next].count <= load->window)
        let_go(sender, now, now);
}

static void let_go_due(struct sender *sender)
{
    const struct load *load = sender->load;
    int64_t now = now_ns();
    while (!is_sent(sender) && load->start_ns + load->due_ns[sender->next] <= now)
        let_go(sender, load->start_ns + load->due_ns[sender->next], now);
}

/* As much as the socket takes. */
static void write_out(struct sender *sender)
{
    const struct parcels *parcels = sender->load->parcels;
    size_t limit = parcels_offset(parcels, sender->next);
    while (sender->written < limit) {
        ssize_t written = send(sender->fd, parcels->wire + sender->written, limit - sender->written,
                               MSG_DONTWAIT | MSG_NOSIGNAL);
        if (written < 0 && errno == EAGAIN)
            return;
        if (written < 0 && errno != EINTR)
            fail("a message cannot be sent: %s", strerror(errno));
        sender->written += written > 0 ? (size_t)written : 0;
    }
}

static bool is_written(const struct sender *sender)
{
    return sender->written == parcels_offset(sender->load->parcels, sender->next);
}

/* -- answers ----------------------------------------------------------------------------------- */

/* What is wrong with a reply, in words. */
static void explain(const struct load *load, const Lianxin__V1__Reply *reply, char why[WHY_BYTES])
{
    snprintf(why, WHY_BYTES, "an answer makes no sense");
    if (reply == NULL)
        return;
    if (reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR)
        snprintf(why, WHY_BYTES, "the engine refuses a message: %s %s", reply->error->field,
                 reply->error->message);
    if (reply->body_case != LIANXIN__V1__REPLY__BODY_ANSWERS)
        return;
    for (size_t i = 0; i < reply->answers->n_answers; i++) {
        const Lianxin__V1__Answer *answer = reply->answers->answers[i];
        if (answer->outcome != load->outcome)
            snprintf(why, WHY_BYTES, "a case is answered with outcome %d and not %d: %s %s",
                     (int)answer->outcome, (int)load->outcome, answer->field, answer->message);
    }
}

__attribute__((noreturn)) static void refuse(const struct load *load, struct span answer)
{
    char why[WHY_BYTES];
    Lianxin__V1__Reply *reply = lianxin__v1__reply__unpack(NULL, answer.bytes, answer.data);
    explain(load, reply, why);
    if (reply != NULL)
        lianxin__v1__reply__free_unpacked(reply, NULL);
    fail("%s", why);
}

static void take(struct sender *sender, struct span answer, int64_t now)
{
    struct load *load = sender->load;
    struct reply_glance glance;
    if (!glance_reply(answer, load->outcome, &glance) || glance.id == 0 ||
        glance.id > sender->next || glance.others > 0)
        refuse(load, answer);
    uint32_t index = (uint32_t)(glance.id - 1);
    if (load->answered_ns[index] != 0)
        fail("message %u is answered twice", index);
    if (glance.wanted != load->parcels->list[index].count)
        fail("message %u has %u cases and %u answers", index, load->parcels->list[index].count,
             glance.wanted);
    load->answered_ns[index] = now;
    load->answered += glance.wanted;
    sender->answered++;
    sender->under_way -= load->parcels->list[index].count;
}

/* What was read, as far as it is whole; keeps the rest for the next time. */
static void take_all(struct sender *sender)
{
    struct zmtp_frame frame;
    struct span rest = span_of(sender->answers, sender->answers_bytes);
    int64_t now = now_ns();
    while (zmtp_take(&rest, &frame))
        if (!frame.command)
            take(sender, frame.body, now);
    memmove(sender->answers, rest.data, rest.bytes);
    sender->answers_bytes = rest.bytes;
}

/* What is there; false where nothing is. */
static bool read_in(struct sender *sender)
{
    size_t room = ANSWERS_BYTES - sender->answers_bytes;
    ssize_t got = recv(sender->fd, sender->answers + sender->answers_bytes, room, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (got <= 0)
        fail("the engine has closed the connection");
    sender->answers_bytes += (size_t)got;
    take_all(sender);
    return true;
}

/* -- both loops -------------------------------------------------------------------------------- */

static bool is_done(const struct sender *sender)
{
    const struct load *load = sender->load;
    return sender->answered >= (load->enough > 0 ? load->enough : load->parcels->count);
}

static int64_t until_next_ns(const struct sender *sender)
{
    const struct load *load = sender->load;
    if (load->due_ns == NULL || is_sent(sender))
        return silence_ns;
    return load->start_ns + load->due_ns[sender->next] - now_ns();
}

/* Until there is something to read, room to write what waits, or the next message is due. */
static void sleep_until_news(const struct sender *sender)
{
    struct pollfd news = {.fd = sender->fd,
                          .events = (short)(POLLIN | (is_written(sender) ? 0 : POLLOUT))};
    int64_t left_ns = until_next_ns(sender);
    if (left_ns <= 0)
        return;
    struct timespec left = {left_ns / 1000000000, left_ns % 1000000000};
    if (ppoll(&news, 1, &left, NULL) == 0 && left_ns == silence_ns)
        fail("the engine has answered %u of %u messages, and is silent since %d s",
             sender->answered, sender->load->parcels->count, SILENCE_S);
}

static void run(struct sender *sender)
{
    while (!is_done(sender)) {
        if (sender->load->due_ns != NULL)
            let_go_due(sender);
        else
            fill_window(sender);
        write_out(sender);
        if (!read_in(sender)) /* else more may go by now */
            sleep_until_news(sender);
    }
}

void load_run(struct load *load, const char *front)
{
    struct sender sender = {
        .load = load, .fd = zmtp_connect(front, "DEALER"), .answers = malloc(ANSWERS_BYTES)};
    CHECK(sender.answers != NULL);
    prctl(PR_SET_TIMERSLACK, 1); /* nanosecond: what is due is due now */
    load->start_ns = now_ns();
    run(&sender);
    load->end_ns = now_ns();
    close(sender.fd);
    free(sender.answers);
}
