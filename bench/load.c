#include "bench/load.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/fail.h"
#include "bench/glance.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <zmq.h>

enum { SILENCE_MS = 30000, CONNECT_MS = 20000 };

struct sender {
    struct load *load;
    void *socket;
    int fd;
    uint32_t next;      /* parcel to be sent */
    uint32_t answered;  /* parcels */
    uint64_t under_way; /* cases */
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

/* libzmq takes the bytes where they lie: without a function that frees them it assumes that they
 * stay. */
static void send_next(struct sender *sender, int64_t planned_ns, int64_t sent_ns)
{
    struct load *load = sender->load;
    const struct parcel *parcel = &load->parcels->list[sender->next];
    zmq_msg_t message;
    zmq_msg_init_data(&message, (void *)parcel->frame.data, parcel->frame.bytes, NULL, NULL);
    if (zmq_msg_send(&message, sender->socket, ZMQ_DONTWAIT) < 0)
        fail("a message cannot be sent: %s", zmq_strerror(zmq_errno()));
    load->planned_ns[sender->next] = planned_ns;
    load->sent_ns[sender->next] = sent_ns;
    sender->next++;
    sender->under_way += parcel->count;
}

static bool is_sent(const struct sender *sender)
{
    return sender->next == sender->load->parcels->count;
}

static void fill_window(struct sender *sender)
{
    const struct load *load = sender->load;
    while (!is_sent(sender) &&
           sender->under_way + load->parcels->list[sender->next].count <= load->window) {
        int64_t now = now_ns();
        send_next(sender, now, now);
    }
}

static void send_due(struct sender *sender)
{
    const struct load *load = sender->load;
    while (!is_sent(sender)) {
        int64_t planned_ns = load->start_ns + load->due_ns[sender->next];
        int64_t now = now_ns();
        if (planned_ns > now)
            return;
        send_next(sender, planned_ns, now);
    }
}

/* -- answers ----------------------------------------------------------------------------------- */

/* Says what the engine answered instead, and ends. */
static _Noreturn void refuse(const struct load *load, const zmq_msg_t *message)
{
    zmq_msg_t *mutable = (zmq_msg_t *)message;
    static Lianxin__V1__Reply *reply; /* until the process ends, which is soon */
    reply = lianxin__v1__reply__unpack(NULL, zmq_msg_size(message), zmq_msg_data(mutable));
    if (reply != NULL && reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR)
        fail("the engine refuses a message: %s %s", reply->error->field, reply->error->message);
    if (reply != NULL && reply->body_case == LIANXIN__V1__REPLY__BODY_ANSWERS)
        for (size_t i = 0; i < reply->answers->n_answers; i++) {
            const Lianxin__V1__Answer *answer = reply->answers->answers[i];
            if (answer->outcome != load->outcome)
                fail("a case is answered with outcome %d and not %d: %s %s", (int)answer->outcome,
                     (int)load->outcome, answer->field, answer->message);
        }
    fail("an answer makes no sense");
}

static void take(struct sender *sender, zmq_msg_t *message)
{
    struct load *load = sender->load;
    struct reply_glance glance;
    struct span bytes = span_of(zmq_msg_data(message), zmq_msg_size(message));
    if (!glance_reply(bytes, load->outcome, &glance) || glance.id == 0 ||
        glance.id > sender->next || glance.others > 0)
        refuse(load, message);
    uint32_t index = (uint32_t)(glance.id - 1);
    if (load->answered_ns[index] != 0)
        fail("message %u is answered twice", index);
    if (glance.wanted != load->parcels->list[index].count)
        fail("message %u has %u cases and %u answers", index, load->parcels->list[index].count,
             glance.wanted);
    load->answered_ns[index] = now_ns();
    load->answered += glance.wanted;
    sender->answered++;
    sender->under_way -= load->parcels->list[index].count;
}

/* One answer; false where none is there, or none comes for half a minute. */
static bool receive(struct sender *sender, int flags)
{
    zmq_msg_t message;
    zmq_msg_init(&message);
    bool received = zmq_msg_recv(&message, sender->socket, flags) >= 0;
    if (received)
        take(sender, &message);
    else if (zmq_errno() != EAGAIN && zmq_errno() != EINTR)
        fail("no answer can be received: %s", zmq_strerror(zmq_errno()));
    zmq_msg_close(&message);
    return received;
}

static _Noreturn void fail_silent(const struct sender *sender)
{
    fail("the engine has answered %u of %u messages, and is silent since %d s", sender->answered,
         sender->load->parcels->count, SILENCE_MS / 1000);
}

/* -- both loops -------------------------------------------------------------------------------- */

static bool is_done(const struct sender *sender)
{
    const struct load *load = sender->load;
    return sender->answered >= (load->enough > 0 ? load->enough : load->parcels->count);
}

static void run_closed(struct sender *sender)
{
    while (!is_done(sender)) {
        fill_window(sender);
        if (!receive(sender, 0))
            fail_silent(sender);
        while (!is_done(sender) && receive(sender, ZMQ_DONTWAIT))
            continue;
    }
}

/* Until something can be received or the next message is due. The descriptor tells only of what is
 * new, so all must have been received before. */
static void sleep_until_due(const struct sender *sender)
{
    const struct load *load = sender->load;
    struct pollfd news = {.fd = sender->fd, .events = POLLIN};
    int64_t left_ns = SILENCE_MS * INT64_C(1000000);
    if (!is_sent(sender))
        left_ns = load->start_ns + load->due_ns[sender->next] - now_ns();
    if (left_ns <= 0)
        return;
    struct timespec left = {left_ns / 1000000000, left_ns % 1000000000};
    if (ppoll(&news, 1, &left, NULL) == 0 && is_sent(sender))
        fail_silent(sender);
}

static void run_open(struct sender *sender)
{
    prctl(PR_SET_TIMERSLACK, 1); /* nanosecond: what is due is due now */
    while (!is_done(sender)) {
        send_due(sender);
        while (receive(sender, ZMQ_DONTWAIT))
            continue;
        if (!is_done(sender))
            sleep_until_due(sender);
    }
}

/* -- life -------------------------------------------------------------------------------------- */

static void *connect_socket(void *context, const char *front)
{
    static const int none = 0, silence_ms = SILENCE_MS, often_ms = 1;
    void *socket = zmq_socket(context, ZMQ_DEALER);
    CHECK(socket != NULL);
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &silence_ms, sizeof silence_ms);
    zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &often_ms, sizeof often_ms);
    /* Writable only once it is connected, so that the clock does not count that. */
    static const int immediate = 1;
    zmq_setsockopt(socket, ZMQ_IMMEDIATE, &immediate, sizeof immediate);
    int connected = zmq_connect(socket, front);
    CHECK(connected == 0);
    zmq_pollitem_t writable = {.socket = socket, .events = ZMQ_POLLOUT};
    if (zmq_poll(&writable, 1, CONNECT_MS) != 1)
        fail("no connection to %s", front);
    return socket;
}

void load_run(struct load *load, void *context, const char *front)
{
    struct sender sender = {.load = load, .socket = connect_socket(context, front)};
    size_t bytes = sizeof sender.fd;
    zmq_getsockopt(sender.socket, ZMQ_FD, &sender.fd, &bytes);
    load->start_ns = now_ns();
    if (load->due_ns != NULL)
        run_open(&sender);
    else
        run_closed(&sender);
    load->end_ns = now_ns();
    zmq_close(sender.socket);
}
