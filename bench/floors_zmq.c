/* floors_zmq - what libzmq takes to carry the run's requests to a peer, and a reply back to each.
 *
 * A DEALER as front_tune() has it, a ROUTER as the engine's, over ipc; a thread behind each, which
 * reads what comes and does nothing else with it. The reply is as long as that to the cases of a
 * mean request, all accepted.
 */
#include "base/check.h"
#include "base/clock.h"
#include "bench/floor_parts.h"
#include "proto/front.h"
#include "wire/wire.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

enum {
    SEND_WAITING_MAX = 1 << 16, /* above all that may wait, as the engine's is */
    RECEIVE_MS = 10000,
    IDENTITY_BYTES_MAX = 256,
    BURST = 64, /* requests sent between two looks at the replies */
};

static const double stream_seconds_max = 2;

struct link {
    const struct floors_plan *plan;
    char endpoint[FLOOR_PATH_BYTES + 8];
    void *context, *router, *dealer;
    pthread_t server;
    uint8_t *reply;
    size_t reply_bytes;
    uint64_t sent, answered;
};

static void must(bool good, const char *what)
{
    if (!good)
        floor_fail(what, zmq_strerror(zmq_errno()));
}

static void set_int(void *socket, int option, int value)
{
    must(zmq_setsockopt(socket, option, &value, sizeof value) == 0, "ZeroMQ");
}

/* -- the engine's side ------------------------------------------------------------------------- */

static void make_reply(struct link *link)
{
    static const struct receipt receipt = {.outcome = OUTCOME_ACCEPTED,
                                           .serial = 1u << 20,
                                           .number = "20261124-000123-7",
                                           .number_bytes = 17,
                                           .unit = "511126000000.urban",
                                           .unit_bytes = 18,
                                           .disposition = DISPOSITION_DISPATCH,
                                           .due_ms = 1795500000000};
    uint32_t count = link->plan->cases / link->plan->messages_count;
    count = count > 0 ? count : 1;
    const struct receipt **receipts = calloc(count, sizeof *receipts);
    CHECK(receipts != NULL);
    for (uint32_t i = 0; i < count; i++)
        receipts[i] = &receipt;
    link->reply_bytes = wire_answers_bytes(1u << 20, receipts, count);
    link->reply = malloc(link->reply_bytes);
    CHECK(link->reply != NULL);
    wire_answers_write(1u << 20, receipts, count, link->reply);
    free(receipts);
}

/* Until an empty request. */
static void *serve(void *self)
{
    const struct link *link = self;
    char identity[IDENTITY_BYTES_MAX];
    zmq_msg_t request;
    zmq_msg_init(&request);
    for (;;) {
        int bytes = zmq_recv(link->router, identity, sizeof identity, 0);
        must(bytes >= 0 && zmq_msg_recv(&request, link->router, 0) >= 0, "ZeroMQ");
        if (zmq_msg_size(&request) == 0)
            break;
        must(zmq_send(link->router, identity, (size_t)bytes, ZMQ_SNDMORE) >= 0, "ZeroMQ");
        must(zmq_send(link->router, link->reply, link->reply_bytes, 0) >= 0, "ZeroMQ");
    }
    zmq_msg_close(&request);
    return NULL;
}

static void link_open(struct link *link, const struct floors_plan *plan)
{
    char path[FLOOR_PATH_BYTES];
    *link = (struct link){.plan = plan, .context = zmq_ctx_new()};
    floor_path(plan, "floor-front", path);
    snprintf(link->endpoint, sizeof link->endpoint, "ipc://%s", path);
    make_reply(link);
    link->router = zmq_socket(link->context, ZMQ_ROUTER);
    link->dealer = zmq_socket(link->context, ZMQ_DEALER);
    must(link->router != NULL && link->dealer != NULL, "ZeroMQ");
    set_int(link->router, ZMQ_LINGER, 0);
    set_int(link->router, ZMQ_ROUTER_MANDATORY, 1);
    set_int(link->router, ZMQ_SNDHWM, SEND_WAITING_MAX);
    front_tune(link->dealer);
    set_int(link->dealer, ZMQ_RCVTIMEO, RECEIVE_MS);
    set_int(link->dealer, ZMQ_SNDTIMEO, RECEIVE_MS);
    must(zmq_bind(link->router, link->endpoint) == 0, link->endpoint);
    must(zmq_connect(link->dealer, link->endpoint) == 0, link->endpoint);
    floor_must(pthread_create(&link->server, NULL, serve, link) == 0, "no thread");
}

static void link_close(struct link *link)
{
    must(zmq_send(link->dealer, "", 0, 0) >= 0, "ZeroMQ");
    pthread_join(link->server, NULL);
    unlink(link->endpoint + strlen("ipc://"));
    zmq_close(link->dealer);
    zmq_close(link->router);
    zmq_ctx_term(link->context);
    free(link->reply);
}

/* -- the adapter's side ------------------------------------------------------------------------ */

static void receive(const struct link *link)
{
    zmq_msg_t reply;
    zmq_msg_init(&reply);
    must(zmq_msg_recv(&reply, link->dealer, 0) == (int)link->reply_bytes, "ZeroMQ");
    zmq_msg_close(&reply);
}

static void go_there_and_back(void *self, uint64_t i)
{
    const struct link *link = self;
    struct span first = link->plan->messages[0];
    (void)i;
    must(zmq_send(link->dealer, first.data, first.bytes, 0) >= 0, "ZeroMQ");
    receive(link);
}

/* Says whether the next of them waits only for the socket. */
static bool send_some(struct link *link, uint64_t limit)
{
    for (uint32_t i = 0; i < BURST && link->sent < limit; i++) {
        struct span next = link->plan->messages[link->sent];
        if (zmq_send(link->dealer, next.data, next.bytes, ZMQ_DONTWAIT) < 0) {
            must(zmq_errno() == EAGAIN || zmq_errno() == EINTR, "ZeroMQ");
            return true;
        }
        link->sent++;
    }
    return false;
}

static void take_replies(struct link *link)
{
    zmq_msg_t reply;
    zmq_msg_init(&reply);
    while (zmq_msg_recv(&reply, link->dealer, ZMQ_DONTWAIT) >= 0)
        link->answered++;
    must(zmq_errno() == EAGAIN || zmq_errno() == EINTR, "ZeroMQ");
    zmq_msg_close(&reply);
}

/* All that were sent are answered in the end; those that there was no time for are reckoned. */
static double stream(struct link *link)
{
    uint64_t limit = link->plan->messages_count;
    int64_t start_ns = clock_monotonic_ns(&clock_system);
    double seconds = 0;
    while (link->answered < limit) {
        uint64_t before = link->sent + link->answered;
        bool blocked = send_some(link, limit);
        take_replies(link);
        seconds = (double)(clock_monotonic_ns(&clock_system) - start_ns) / 1e9;
        if (seconds > stream_seconds_max)
            limit = link->sent;
        zmq_pollitem_t item = {.socket = link->dealer,
                               .events = (short)(ZMQ_POLLIN | (blocked ? ZMQ_POLLOUT : 0))};
        if (link->sent + link->answered == before)
            must(zmq_poll(&item, 1, RECEIVE_MS) > 0, "ZeroMQ");
    }
    return seconds * link->plan->messages_count / (double)link->sent;
}

void floors_zmq(const struct floors_plan *plan, struct floors *floors)
{
    struct link link;
    link_open(&link, plan);
    go_there_and_back(&link, 0); /* the connection is there */
    floors->zmq_round_trip_us_p50 = floor_run_paced(plan->paced_hz, go_there_and_back, &link).p50;
    floors->zmq_stream_seconds = stream(&link);
    link_close(&link);
}
