/* put - writes protobuf into a buffer that is large enough.
 *
 * Each returns where the next byte goes. The caller has counted the bytes, or reserved the most
 * there can be.
 */
#ifndef WIRE_PUT_H
#define WIRE_PUT_H

#include "base/span.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a moment's first byte is its lowest");

enum { PUT_NUMBER = 0, PUT_BYTES = 2, VARINT_MAX = 10 };

static inline size_t varint_bytes(uint64_t value)
{
    return value == 0 ? 1 : (size_t)(63 - __builtin_clzll(value)) / 7 + 1;
}

static inline uint8_t *put_varint(uint8_t *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *out++ = (uint8_t)(value | 0x80);
    *out++ = (uint8_t)value;
    return out;
}

/* A moment of our days, from 1971 to 2109, has six bytes: 28 and 14 bits, seven to each. */
static inline bool is_usual_moment(uint64_t ms)
{
    return ms >> 35 > 0 && ms >> 42 == 0;
}

static inline uint8_t *put_usual_moment(uint8_t *out, uint64_t ms)
{
    uint32_t low = (uint32_t)ms & 0xFFFFFFF;
    uint32_t high = (uint32_t)(ms >> 28);
    low = (low & 0x3FFF) | (low & 0xFFFC000) << 2;
    low = (low & 0x7F007F) | (low & 0x3F803F80) << 1 | 0x80808080;
    high = (high & 0x7F) | (high & 0x3F80) << 1 | 0x80;
    uint16_t last = (uint16_t)high;
    memcpy(out, &low, sizeof low);
    memcpy(out + sizeof low, &last, sizeof last);
    return out + sizeof low + sizeof last;
}

/* A field's number and what kind of thing follows. */
static inline uint8_t *put_tag(uint8_t *out, uint32_t field, uint32_t kind)
{
    uint32_t tag = field << 3 | kind;
    if (tag >= 0x80)
        return put_varint(out, tag);
    *out = (uint8_t)tag;
    return out + 1;
}

/* Nothing for 0, which is what an absent number means. */
static inline uint8_t *put_number(uint8_t *out, uint32_t field, uint64_t value)
{
    if (value == 0)
        return out;
    return put_varint(put_tag(out, field, PUT_NUMBER), value);
}

static inline size_t number_bytes(uint32_t field, uint64_t value)
{
    return value == 0 ? 0 : varint_bytes(field << 3) + varint_bytes(value);
}

/* As put_number(), for a time in milliseconds. */
static inline uint8_t *put_moment(uint8_t *out, uint32_t field, int64_t ms)
{
    if (!is_usual_moment((uint64_t)ms))
        return put_number(out, field, (uint64_t)ms);
    return put_usual_moment(put_tag(out, field, PUT_NUMBER), (uint64_t)ms);
}

/* Most are short: the first and the last eight bytes, or sixteen, are all there are. */
static inline uint8_t *put_raw(uint8_t *out, struct span bytes)
{
    const uint8_t *from = bytes.data;
    size_t count = bytes.bytes;
    struct {
        uint64_t words[2];
    } first, last;
    if (count >= 8 && count <= 16) {
        memcpy(&first, from, 8);
        memcpy(&last, from + count - 8, 8);
        memcpy(out, &first, 8);
        memcpy(out + count - 8, &last, 8);
    } else if (count > 16 && count <= 32) {
        memcpy(&first, from, 16);
        memcpy(&last, from + count - 16, 16);
        memcpy(out, &first, 16);
        memcpy(out + count - 16, &last, 16);
    } else if (count > 0) {
        memcpy(out, from, count);
    }
    return out + count;
}

/* Tag and length of something that follows. */
static inline uint8_t *put_head(uint8_t *out, uint32_t field, size_t bytes)
{
    return put_varint(put_tag(out, field, PUT_BYTES), bytes);
}

static inline size_t head_bytes(uint32_t field, size_t bytes)
{
    return varint_bytes(field << 3) + varint_bytes(bytes);
}

static inline uint8_t *put_text(uint8_t *out, uint32_t field, struct span text)
{
    return text.bytes == 0 ? out : put_raw(put_head(out, field, text.bytes), text);
}

static inline size_t text_bytes(uint32_t field, struct span text)
{
    return text.bytes == 0 ? 0 : head_bytes(field, text.bytes) + text.bytes;
}

/* A message whose length shows only when its fields are written. They begin here, behind room for a
 * head with a length of length_bytes: as many as it may take, and no more than it takes where the
 * buffer is of its size exactly. */
static inline uint8_t *message_begin(uint8_t *out, uint32_t field, size_t length_bytes)
{
    return out + varint_bytes(field << 3) + length_bytes;
}

/* The head of a message at out whose fields, begun so, end at end. Moves them where the length
 * takes another number of bytes. Returns where the message ends. */
static inline uint8_t *message_end(uint8_t *out, uint32_t field, size_t length_bytes,
                                   const uint8_t *end)
{
    const uint8_t *begin = message_begin(out, field, length_bytes);
    size_t bytes = (size_t)(end - begin);
    uint8_t *fields = out + head_bytes(field, bytes);
    if (fields != begin)
        memmove(fields, begin, bytes);
    put_head(out, field, bytes);
    return fields + bytes;
}

#endif
