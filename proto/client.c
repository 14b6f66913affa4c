/* The client proper: one request under way. Its frame is kept, to be sent again when no reply
 * comes; every sending has the same id, so the first reply to any of them ends the ask. */
#include "front.h"

#include "base/check.h"

#include <stdlib.h>

enum {
    RESEND_MS = 1000,
    REQUEST_BYTES_MAX = LIANXIN_SUBMIT_BYTES_MAX + 64, /* a full Submit and its envelope */
};

struct lianxin_client {
    struct front front;
    int64_t resend_ns;
    bool asking;
    uint64_t id;    /* of the latest request */
    int64_t due_ns; /* when to send it, or to send it again */
    uint8_t *frame; /* the request, packed */
    size_t bytes;
};

enum err lianxin_client_open(const char *front, const struct lianxin_client_options *options,
                             struct lianxin_client **client)
{
    static const struct lianxin_client_options defaults;
    if (options == NULL)
        options = &defaults;
    struct lianxin_client *opened = front_allocate(NULL, sizeof *opened);
    *opened = (struct lianxin_client){.resend_ns = front_ns(options->resend_ms, RESEND_MS)};
    enum err err = front_open(&opened->front, front, options->context, options->clock);
    if (err != OK)
        lianxin_client_close(&opened);
    *client = opened;
    return err;
}

void lianxin_client_close(struct lianxin_client **client)
{
    if (*client == NULL)
        return;
    front_close(&(*client)->front);
    free((*client)->frame);
    free(*client);
    *client = NULL;
}

enum err lianxin_client_start(struct lianxin_client *client, Lianxin__V1__Request *request)
{
    request->version = LIANXIN_VERSION;
    request->id = client->id + 1;
    size_t bytes = lianxin__v1__request__get_packed_size(request);
    if (bytes > REQUEST_BYTES_MAX)
        return front_fail(ERR_INVALID, "the request has %zu bytes; the engine takes %d", bytes,
                          REQUEST_BYTES_MAX);
    client->frame = front_allocate(client->frame, bytes);
    client->bytes = lianxin__v1__request__pack(request, client->frame);
    client->id = request->id;
    client->asking = true;
    client->due_ns = front_now_ns(&client->front);
    return OK;
}

static enum err send_if_due(struct lianxin_client *client)
{
    int64_t now_ns = front_now_ns(&client->front);
    if (now_ns < client->due_ns)
        return OK;
    enum err err = front_send(&client->front, client->frame, client->bytes);
    if (err == OK)
        client->due_ns = now_ns + client->resend_ns;
    return err == ERR_FULL ? OK : err;
}

/* The reply to the request under way; those to earlier ones are dropped. ERR_TIMEOUT, without a
 * sentence, where none has come. */
static enum err receive(struct lianxin_client *client, Lianxin__V1__Reply **reply)
{
    for (;;) {
        enum err err = front_receive(&client->front, reply);
        if (err != OK)
            return err;
        if (*reply == NULL)
            return ERR_TIMEOUT;
        if ((*reply)->id == client->id) {
            client->asking = false;
            return OK;
        }
        lianxin__v1__reply__free_unpacked(*reply, NULL);
    }
}

static enum err step(struct lianxin_client *client, int timeout_ms, Lianxin__V1__Reply **reply)
{
    *reply = NULL;
    enum err err = send_if_due(client);
    if (err != OK)
        return err;
    int64_t due_ns = client->front.blocked ? INT64_MAX : client->due_ns;
    err = front_wait(&client->front, NULL, timeout_ms, due_ns);
    if (err != OK)
        return err;
    return receive(client, reply);
}

enum err lianxin_client_step(struct lianxin_client *client, int timeout_ms,
                             Lianxin__V1__Reply **reply)
{
    CHECK(client->asking);
    enum err err = step(client, timeout_ms, reply);
    return err == ERR_TIMEOUT ? front_fail(err, "front has not replied yet") : err;
}

static enum err fail_in_time(const struct lianxin_client *client, int timeout_ms)
{
    return front_fail(ERR_TIMEOUT, "front did not reply within %d ms%s", timeout_ms,
                      client->front.blocked ? ": it is not connected" : "");
}

enum err lianxin_client_ask(struct lianxin_client *client, Lianxin__V1__Request *request,
                            int timeout_ms, Lianxin__V1__Reply **reply)
{
    *reply = NULL;
    enum err err = lianxin_client_start(client, request);
    if (err != OK)
        return err;
    int64_t limit_ns = front_now_ns(&client->front) + (int64_t)timeout_ms * 1000000;
    int left_ms = timeout_ms;
    for (;;) {
        err = step(client, left_ms, reply);
        if (err != ERR_TIMEOUT)
            return err;
        if (timeout_ms < 0)
            continue;
        int64_t left_ns = limit_ns - front_now_ns(&client->front);
        if (left_ns <= 0)
            return fail_in_time(client, timeout_ms);
        left_ms = (int)((left_ns + 999999) / 1000000);
    }
}
