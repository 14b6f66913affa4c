#include "bench/glance.h"

/* Field numbers and wire types of lianxin.proto. */
enum {
    WIRE_VARINT = 0,
    WIRE_BYTES = 2,
    REPLY_ID = 1,
    REPLY_ANSWERS = 2,
    ANSWERS_ANSWERS = 1,
    ANSWER_OUTCOME = 1,
    FEED_EVENTS = 3,
    FEED_HEADS = 4,
    FEED_FEEDS = 5,
    EVENT_NUMBER = 1,
    VARINT_BITS = 64,
};

struct part {
    uint32_t number;
    uint64_t value;    /* of a varint */
    struct span bytes; /* of anything with a length */
};

static bool take_varint(struct span *rest, uint64_t *value)
{
    *value = 0;
    for (uint32_t shift = 0; shift < VARINT_BITS && rest->bytes > 0; shift += 7) {
        uint8_t byte = rest->data[0];
        *rest = span_of(rest->data + 1, rest->bytes - 1);
        *value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* The next field; false where there is none, or none that can be read: then rest is not empty. */
static bool take(struct span *rest, struct part *part)
{
    struct span at = *rest;
    uint64_t tag;
    if (at.bytes == 0 || !take_varint(&at, &tag) || !take_varint(&at, &part->value))
        return false;
    part->number = (uint32_t)(tag >> 3);
    part->bytes = (struct span){0};
    if ((tag & 7) == WIRE_BYTES) {
        if (part->value > at.bytes)
            return false;
        part->bytes = span_of(at.data, (size_t)part->value);
        at = span_of(at.data + part->value, at.bytes - (size_t)part->value);
    } else if ((tag & 7) != WIRE_VARINT) {
        return false;
    }
    *rest = at;
    return true;
}

/* Of an answer or an event: the first field, which is the one that counts. Numbers stand first,
 * and are left out where they are 0. */
static uint64_t leading_number(struct span message, uint32_t number)
{
    struct part part;
    return take(&message, &part) && part.number == number ? part.value : 0;
}

static bool glance_answers(struct span answers, uint64_t outcome, struct reply_glance *glance)
{
    struct part part;
    while (take(&answers, &part)) {
        bool good =
            part.number == ANSWERS_ANSWERS && leading_number(part.bytes, ANSWER_OUTCOME) == outcome;
        glance->wanted += good;
        glance->others += !good;
    }
    return answers.bytes == 0;
}

bool glance_reply(struct span message, uint64_t outcome, struct reply_glance *glance)
{
    struct part part;
    bool good = true;
    *glance = (struct reply_glance){0};
    while (good && take(&message, &part)) {
        if (part.number == REPLY_ID)
            glance->id = part.value;
        else if (part.number == REPLY_ANSWERS)
            good = glance_answers(part.bytes, outcome, glance);
        else
            good = false;
    }
    return good && message.bytes == 0;
}

static void glance_event(struct span event, struct feed_glance *glance)
{
    uint64_t number = leading_number(event, EVENT_NUMBER);
    glance->latest = number > glance->latest ? number : glance->latest;
    glance->events++;
}

static bool glance_unit(struct span feed, struct feed_glance *glance)
{
    struct part part;
    while (take(&feed, &part))
        if (part.number == FEED_EVENTS)
            glance_event(part.bytes, glance);
    return feed.bytes == 0;
}

bool glance_feed(struct span message, struct feed_glance *glance)
{
    struct part part;
    bool good = true;
    *glance = (struct feed_glance){0};
    while (good && take(&message, &part)) {
        if (part.number == FEED_HEADS)
            break; /* nothing else comes behind */
        if (part.number == FEED_EVENTS)
            glance_event(part.bytes, glance);
        else if (part.number == FEED_FEEDS)
            good = glance_unit(part.bytes, glance);
    }
    glance->has_heads = glance->events == 0;
    return good && (glance->has_heads || message.bytes == 0);
}
