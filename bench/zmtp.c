#include "bench/zmtp.h"

#include "base/check.h"
#include "bench/fail.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    GREETING_BYTES = 64,
    COMMAND_BYTES_MAX = 255,
    FLAG_MORE = 1,
    FLAG_LONG = 2,
    FLAG_COMMAND = 4,
    SHORT_HEAD_BYTES = 2,
};

/* -- frames ------------------------------------------------------------------------------------ */

void zmtp_write_head(uint8_t head[ZMTP_HEAD_BYTES], size_t bytes)
{
    head[0] = FLAG_LONG;
    for (int i = 1; i < ZMTP_HEAD_BYTES; i++)
        head[i] = (uint8_t)((uint64_t)bytes >> (8 * (ZMTP_HEAD_BYTES - 1 - i)));
}

/* Of a frame of which the head is there; 0 where it is not. */
static size_t head_bytes(struct span rest)
{
    size_t bytes =
        rest.bytes > 0 && (rest.data[0] & FLAG_LONG) != 0 ? ZMTP_HEAD_BYTES : SHORT_HEAD_BYTES;
    return rest.bytes >= bytes ? bytes : 0;
}

bool zmtp_take(struct span *rest, struct zmtp_frame *frame)
{
    uint64_t bytes = 0;
    size_t head = head_bytes(*rest);
    for (size_t i = 1; i < head; i++)
        bytes = bytes << 8 | rest->data[i];
    if (head == 0 || bytes > rest->bytes - head)
        return false;
    *frame = (struct zmtp_frame){.body = span_of(rest->data + head, (size_t)bytes),
                                 .more = (rest->data[0] & FLAG_MORE) != 0,
                                 .command = (rest->data[0] & FLAG_COMMAND) != 0};
    *rest = span_of(frame->body.data + bytes, rest->bytes - head - (size_t)bytes);
    return true;
}

/* -- shaking hands ----------------------------------------------------------------------------- */

static void write_all(int fd, const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = send(fd, bytes, count, MSG_NOSIGNAL);
        if (written <= 0)
            fail("the engine hangs up: %s", strerror(errno));
        bytes += written;
        count -= (size_t)written;
    }
}

static void read_all(int fd, uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t got = read(fd, bytes, count);
        if (got <= 0)
            fail("the engine hangs up while shaking hands: %s", strerror(errno));
        bytes += got;
        count -= (size_t)got;
    }
}

/* Without the NUL. Returns how many bytes that were. */
static size_t put(uint8_t *out, struct span text)
{
    memcpy(out, text.data, text.bytes);
    return text.bytes;
}

/* Version 3.0, no security. */
static void greet(int fd)
{
    static const char mechanism[] = "NULL";
    uint8_t greeting[GREETING_BYTES] = {[0] = 0xFF, [9] = 0x7F, [10] = 3};
    uint8_t theirs[GREETING_BYTES];
    put(greeting + 12, span_of_string(mechanism));
    write_all(fd, greeting, sizeof greeting);
    read_all(fd, theirs, sizeof theirs);
    if (theirs[0] != 0xFF || theirs[10] < 3 ||
        memcmp(theirs + 12, mechanism, sizeof mechanism) != 0)
        fail("the engine speaks no ZMTP 3 without security");
}

static void say_ready(int fd, const char *type)
{
    static const char ready[] = "\5READY\13Socket-Type\0\0\0";
    uint8_t command[COMMAND_BYTES_MAX] = {FLAG_COMMAND};
    size_t bytes = put(command + SHORT_HEAD_BYTES, span_of(ready, sizeof ready - 1));
    command[SHORT_HEAD_BYTES + bytes++] = (uint8_t)strlen(type);
    bytes += put(command + SHORT_HEAD_BYTES + bytes, span_of_string(type));
    command[1] = (uint8_t)bytes;
    write_all(fd, command, SHORT_HEAD_BYTES + bytes);
}

static void hear_ready(int fd)
{
    static const char ready[] = "\5READY";
    uint8_t head[SHORT_HEAD_BYTES];
    uint8_t body[COMMAND_BYTES_MAX] = {0};
    read_all(fd, head, sizeof head);
    if (head[0] == FLAG_COMMAND)
        read_all(fd, body, head[1]);
    if (head[0] != FLAG_COMMAND || head[1] < strlen(ready) ||
        memcmp(body, ready, strlen(ready)) != 0)
        fail("the engine is not ready to talk");
}

int zmtp_connect(const char *endpoint, const char *type)
{
    static const char ipc[] = "ipc://";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    CHECK(strncmp(endpoint, ipc, strlen(ipc)) == 0);
    const char *path = endpoint + strlen(ipc);
    if (strlen(path) >= sizeof address.sun_path)
        fail("%s is too long for a Unix socket", path);
    put((uint8_t *)address.sun_path, span_of_string(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        fail("no connection to %s: %s", path, strerror(errno));
    greet(fd);
    say_ready(fd, type);
    hear_ready(fd);
    return fd;
}

void zmtp_subscribe(int fd, const char *prefix)
{
    uint8_t frame[COMMAND_BYTES_MAX] = {0, (uint8_t)(1 + strlen(prefix)), 1};
    CHECK(strlen(prefix) < COMMAND_BYTES_MAX - 3);
    write_all(fd, frame, 3 + put(frame + 3, span_of_string(prefix)));
}
