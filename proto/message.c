#include "message.h"

#include "base/check.h"
#include "front.h"

#include <stdlib.h>
#include <string.h>

enum {
    ENVELOPE_BYTES_MAX = 20, /* version, id, and the Submit's tag and length */
    STRICT_BYTES = 2,
    LENGTH_BYTES_MAX = 10,
    FRAME_BYTES = 16 * 1024, /* to begin with; grows by doubling */
};

/* Tags of lianxin.proto: field number << 3 | wire type. */
enum {
    TAG_VERSION = 1 << 3 | 0,
    TAG_ID = 2 << 3 | 0,
    TAG_SUBMIT = 3 << 3 | 2,
    TAG_CASES = 1 << 3 | 2,
    TAG_STRICT = 2 << 3 | 0,
};

/* -- lists ------------------------------------------------------------------------------------ */

void list_clear(struct list *list)
{
    list->first = NULL;
    list->last = &list->first;
}

void list_append(struct list *list, struct message *message)
{
    message->next = NULL;
    *list->last = message;
    list->last = &message->next;
}

struct message *list_take(struct list *list, struct message **place)
{
    struct message *message = *place;
    *place = message->next;
    if (message->next == NULL)
        list->last = place;
    return message;
}

void list_free(struct list *list)
{
    while (list->first != NULL) {
        struct message *message = list_take(list, &list->first);
        free(message->entries);
        free(message->frame);
        free(message);
    }
}

/* -- one message ------------------------------------------------------------------------------ */

struct message *message_create(uint32_t cases_max)
{
    struct message *message = front_allocate(NULL, sizeof *message);
    *message = (struct message){
        .entries = front_allocate(NULL, cases_max * sizeof(struct entry)),
        .frame = front_allocate(NULL, FRAME_BYTES),
        .room = FRAME_BYTES,
    };
    return message;
}

void message_begin(struct message *message)
{
    message->count = 0;
    message->tries = 0;
    message->start = ENVELOPE_BYTES_MAX;
    message->limit = ENVELOPE_BYTES_MAX;
}

static size_t varint_write(uint8_t *out, uint64_t value)
{
    size_t bytes = 0;
    for (; value >= 0x80; value >>= 7)
        out[bytes++] = (uint8_t)(value | 0x80);
    out[bytes++] = (uint8_t)value;
    return bytes;
}

uint8_t *message_add(struct message *message, uint64_t tag, size_t bytes)
{
    size_t needed = message->limit + 1 + LENGTH_BYTES_MAX + bytes + STRICT_BYTES;
    if (needed > message->room) {
        message->room = needed > 2 * message->room ? needed : 2 * message->room;
        message->frame = front_allocate(message->frame, message->room);
    }
    message->frame[message->limit++] = TAG_CASES;
    message->limit += varint_write(message->frame + message->limit, bytes);
    message->entries[message->count++] = (struct entry){tag, message->limit, bytes};
    message->limit += bytes;
    return message->frame + message->limit - bytes;
}

bool message_fits(const struct message *message, uint32_t cases_max, size_t bytes)
{
    size_t used = message->limit - message->start;
    return message->count < cases_max &&
           used + 1 + LENGTH_BYTES_MAX + bytes + STRICT_BYTES <= LIANXIN_SUBMIT_BYTES_MAX;
}

void message_seal(struct message *message, uint64_t id, bool strict)
{
    if (strict) {
        message->frame[message->limit++] = TAG_STRICT;
        message->frame[message->limit++] = 1;
    }
    message->id = id;
    uint8_t envelope[ENVELOPE_BYTES_MAX + LENGTH_BYTES_MAX] = {TAG_VERSION, LIANXIN_VERSION,
                                                               TAG_ID};
    size_t bytes = 3;
    bytes += varint_write(envelope + bytes, message->id);
    envelope[bytes++] = TAG_SUBMIT;
    bytes += varint_write(envelope + bytes, message->limit - message->start);
    CHECK(bytes <= message->start);
    message->start -= bytes;
    memcpy(message->frame + message->start, envelope, bytes);
}
