#include "bench/redis/replies.h"

#include "base/check.h"
#include "bench/fail.h"

#include <errno.h>
#include <hiredis/read.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { RECEIVE_BYTES = 256 * 1024, WORD_BYTES = 64 };

/* A short string, copied: what hiredis shows is gone when it has read on. */
struct word {
    uint8_t data[WORD_BYTES];
    size_t bytes;
};

struct replies {
    struct replies_options options;
    redisReader *reader;
    struct word id, name; /* of the entry that is being read */
    uint8_t received[RECEIVE_BYTES];
};

/* hiredis takes NULL for out of memory, and looks into nothing else that it is given. */
static char something;

/* An answer to an XREAD, and how deep its strings lie:
 *
 *      [ [ "cases", [ [ id, [ name, value ] ], ... ] ] ]
 *           2           4    5     5                        */
static int depth_of(const redisReadTask *task)
{
    int depth = 0;
    while ((task = task->parent) != NULL)
        depth++;
    return depth;
}

static void keep(struct word *word, struct span string)
{
    if (string.bytes > WORD_BYTES)
        fail("redis has an id or a field's name of %zu bytes, which nobody gave", string.bytes);
    memcpy(word->data, string.data, string.bytes);
    word->bytes = string.bytes;
}

static struct span word_span(const struct word *word)
{
    return span_of(word->data, word->bytes);
}

static void *take_string(const redisReadTask *task, char *data, size_t bytes)
{
    struct replies *replies = task->privdata;
    const struct replies_options *options = &replies->options;
    struct span string = span_of(data, bytes);
    int depth = depth_of(task);
    if (task->type == REDIS_REPLY_ERROR)
        fail("redis answers: %.*s", SPAN_ARG(string));
    if (depth == 0)
        options->added(options->self);
    else if (depth == 4)
        keep(&replies->id, string);
    else if (depth == 5 && task->idx == 0)
        keep(&replies->name, string);
    else if (depth == 5)
        options->entry(options->self, word_span(&replies->id), word_span(&replies->name), string);
    return &something;
}

static void *take_array(const redisReadTask *task, int elements)
{
    (void)task;
    (void)elements;
    return &something;
}

static void *take_number(const redisReadTask *task, long long value)
{
    (void)task;
    (void)value;
    return &something;
}

static void *take_nil(const redisReadTask *task)
{
    (void)task;
    return &something;
}

static void let_go(void *object)
{
    (void)object;
}

static redisReplyObjectFunctions functions = {
    .createString = take_string,
    .createArray = take_array,
    .createInteger = take_number,
    .createNil = take_nil,
    .freeObject = let_go,
};

struct replies *replies_create(const struct replies_options *options)
{
    struct replies *replies = calloc(1, sizeof *replies);
    CHECK(replies != NULL);
    replies->options = *options;
    replies->reader = redisReaderCreateWithFunctions(&functions);
    CHECK(replies->reader != NULL);
    replies->reader->maxbuf = 0; /* or else it frees its buffer each time that it is empty */
    replies->reader->privdata = replies;
    return replies;
}

void replies_destroy(struct replies **replies)
{
    if (*replies == NULL)
        return;
    redisReaderFree((*replies)->reader);
    free(*replies);
    *replies = NULL;
}

/* All that are whole. */
static void take_apart(struct replies *replies)
{
    void *reply;
    for (;;) {
        if (redisReaderGetReply(replies->reader, &reply) != REDIS_OK)
            fail("redis is not understood: %s", redisReaderGetError(replies->reader));
        if (reply == NULL)
            return;
        if (replies->options.read != NULL)
            replies->options.read(replies->options.self);
    }
}

bool replies_receive(struct replies *replies, int fd)
{
    ssize_t bytes = recv(fd, replies->received, sizeof replies->received, MSG_DONTWAIT);
    if (bytes < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (bytes <= 0)
        fail("redis has closed the connection: %s", bytes < 0 ? strerror(errno) : "it has ended");
    if (redisReaderFeed(replies->reader, (const char *)replies->received, (size_t)bytes) !=
        REDIS_OK)
        fail("redis is not understood: %s", redisReaderGetError(replies->reader));
    take_apart(replies);
    return true;
}
