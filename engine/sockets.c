#include "sockets.h"

#include "base/check.h"
#include "stages/pipeline.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

enum {
    MESSAGE_BYTES_MAX = 4 * 1024 * 1024, /* beyond, libzmq drops the connection */
    SUBSCRIPTION_BYTES_MAX = 512,
    /* Messages that may wait for one peer. A batch answers up to a ring of letters, and reaches up
     * to every unit, at once; libzmq's 1,000 would drop what a living client is about to take. */
    ANSWERS_WAITING_MAX = 4 * PIPELINE_SLOTS,
    FEEDS_WAITING_MAX = 2 * PIPELINE_SLOTS,
    HANDSHAKE_MS = 5000,
    KEEPALIVE_IDLE_S = 30,
    KEEPALIVE_INTERVAL_S = 5,
    KEEPALIVE_COUNT = 3,
};

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* 127.0.0.0/8, in digits: a name such as 127.example.org could be anywhere. */
static bool is_loopback_tcp(const char *address)
{
    if (starts_with(address, "[::1]:"))
        return true;
    const char *colon = strrchr(address, ':');
    return starts_with(address, "127.") && colon != NULL &&
           strspn(address, "0123456789.") == (size_t)(colon - address);
}

const char *engine_endpoint_fault(const char *endpoint)
{
    static const char tcp[] = "tcp://";
    if (strlen(endpoint) >= ENGINE_ENDPOINT_BYTES_MAX)
        return "is too long";
    if (starts_with(endpoint, "ipc://") || starts_with(endpoint, "inproc://"))
        return NULL;
    if (!starts_with(endpoint, tcp))
        return "is no endpoint; use tcp://127.0.0.1:PORT or ipc://PATH";
    if (is_loopback_tcp(endpoint + strlen(tcp)))
        return NULL;
    return "is not a loopback address: until senders and readers can be told apart, the engine "
           "talks to this machine only; use tcp://127.0.0.1:PORT or ipc://PATH";
}

static void set_int(void *socket, int option, int value)
{
    int set = zmq_setsockopt(socket, option, &value, sizeof value);
    CHECK(set == 0);
}

static void set_common(void *socket)
{
    set_int(socket, ZMQ_LINGER, 0);
    set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    set_int(socket, ZMQ_TCP_KEEPALIVE, 1);
    set_int(socket, ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S);
    set_int(socket, ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL_S);
    set_int(socket, ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT);
}

static void set_max_message(void *socket, int64_t bytes)
{
    int set = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &bytes, sizeof bytes);
    CHECK(set == 0);
}

/* Of an ipc endpoint's file; NULL for others. */
static const char *path_of(const char *endpoint)
{
    static const char ipc[] = "ipc://";
    return starts_with(endpoint, ipc) ? endpoint + strlen(ipc) : NULL;
}

/* libzmq takes the path of a living ipc socket over without a word, and its owner goes deaf. So it
 * is asked first whether anybody listens there; the file that a killed engine left behind says no.
 */
static bool is_taken_ipc(const char *endpoint)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = path_of(endpoint);
    if (path == NULL || strlen(path) >= sizeof address.sun_path)
        return false; /* bind will say what is wrong with a long one */
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool taken = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 ||
                 errno == EAGAIN; /* it listens, and its queue is full */
    close(fd);
    return taken;
}

static enum err bind_socket(void *socket, const char *endpoint, const char *what, struct diag *diag,
                            char bound[ENGINE_ENDPOINT_BYTES_MAX])
{
    const char *fault = engine_endpoint_fault(endpoint);
    if (fault != NULL) {
        diag_add(diag, what, 0, 0, "%s %s", endpoint, fault);
        return ERR_INVALID;
    }
    set_int(socket, ZMQ_IPV6, strchr(endpoint, '[') != NULL);
    int fault_number = is_taken_ipc(endpoint)            ? EADDRINUSE
                       : zmq_bind(socket, endpoint) != 0 ? zmq_errno()
                                                         : 0;
    if (fault_number != 0) {
        bool busy = fault_number == EADDRINUSE;
        diag_add(diag, what, 0, 0, "%s cannot be bound: %s%s", endpoint, zmq_strerror(fault_number),
                 busy ? "; is another engine running? choose another with --front and --feed" : "");
        return busy ? ERR_BUSY : ERR_IO;
    }
    size_t bytes = ENGINE_ENDPOINT_BYTES_MAX;
    int got = zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &bytes);
    CHECK(got == 0);
    return OK;
}

enum err sockets_open(struct sockets *sockets, const char *front, const char *feed,
                      struct diag *diag)
{
    static const char monitor[] = "inproc://lianxin-front-monitor";
    sockets->context = zmq_ctx_new();
    CHECK(sockets->context != NULL);
    sockets->router = zmq_socket(sockets->context, ZMQ_ROUTER);
    sockets->xpub = zmq_socket(sockets->context, ZMQ_XPUB);
    sockets->monitor = zmq_socket(sockets->context, ZMQ_PAIR);
    CHECK(sockets->router != NULL && sockets->xpub != NULL && sockets->monitor != NULL);
    set_common(sockets->router);
    set_common(sockets->xpub);
    set_int(sockets->router, ZMQ_ROUTER_MANDATORY, 1);
    set_int(sockets->router, ZMQ_SNDHWM, ANSWERS_WAITING_MAX);
    set_int(sockets->xpub, ZMQ_SNDHWM, FEEDS_WAITING_MAX);
    set_int(sockets->xpub, ZMQ_XPUB_VERBOSE, 1);
    set_max_message(sockets->router, MESSAGE_BYTES_MAX);
    set_max_message(sockets->xpub, SUBSCRIPTION_BYTES_MAX);
    int watched = zmq_socket_monitor(sockets->router, monitor, ZMQ_EVENT_DISCONNECTED);
    CHECK(watched == 0);
    int connected = zmq_connect(sockets->monitor, monitor);
    CHECK(connected == 0);
    enum err front_err = bind_socket(sockets->router, front, "--front", diag, sockets->front);
    enum err feed_err = bind_socket(sockets->xpub, feed, "--feed", diag, sockets->feed);
    return front_err != OK ? front_err : feed_err;
}

static void close_socket(void *socket)
{
    if (socket != NULL)
        zmq_close(socket);
}

/* While it is still bound: a moment later the path may be another engine's. */
static void remove_file(const char *bound)
{
    const char *path = path_of(bound);
    if (path != NULL)
        unlink(path);
}

void sockets_close(struct sockets *sockets)
{
    remove_file(sockets->front);
    remove_file(sockets->feed);
    /* Else libzmq leaks what it has to tell of the last disconnections and nobody hears. */
    if (sockets->router != NULL)
        zmq_socket_monitor(sockets->router, NULL, 0);
    close_socket(sockets->monitor);
    close_socket(sockets->router);
    close_socket(sockets->xpub);
    if (sockets->context != NULL)
        zmq_ctx_term(sockets->context);
}
