/* walk - reads a protobuf message field by field, guided by protobuf-c's descriptor.
 *
 * Allocates nothing and checks what protobuf-c's unpack lets pass: fields that the engine does not
 * know, text that is not UTF-8 or holds control characters, enum values out of range, lengths.
 * Whatever it accepts, unpack accepts too and reads alike. What is about the message as a whole
 * (required fields, counts) is fields.h's. Spans point into the message.
 */
#ifndef WIRE_WALK_H
#define WIRE_WALK_H

#include "base/utf8.h"
#include "slot.h"
#include "wire/limits.h"

#include "lianxin.pb-c.h"

struct field {
    const ProtobufCFieldDescriptor *descriptor; /* NULL: the message has no such field */
    uint32_t number;
    bool shortest;     /* its varints could not be shorter, and true is 1 */
    uint64_t value;    /* of a number, enum or bool, else 0 */
    struct span bytes; /* of text, bytes or a message, else empty */
    struct span raw;   /* tag, length and all */
};

struct walk {
    const ProtobufCMessageDescriptor *descriptor;
    const struct limit *limits;
    struct span rest;
};

enum { WIRE_VARINT = 0, WIRE_BYTES = 2 }; /* the wire types of lianxin.proto */

enum walk_result { WALK_FIELD, WALK_END, WALK_BAD };

/* limits are what values are held against; NULL where there is nothing to hold or that was done
 * before. The structure is checked always. */
static inline struct walk walk_begin(const ProtobufCMessageDescriptor *descriptor,
                                     const struct limit *limits, struct span bytes)
{
    return (struct walk){descriptor, limits, bytes};
}

/* walk_next, whatever comes. */
enum walk_result walk_any(struct walk *walk, struct field *field, struct misfit *misfit);

/* A varint of one byte or two, as short as can be; false of any other. Two bytes can be read. */
static inline bool walk_short_varint(const uint8_t **at, uint32_t *value)
{
    uint32_t first = (*at)[0];
    uint32_t second = (*at)[1];
    *value = first;
    *at += 1;
    if (first < 0x80)
        return true;
    *value = (first & 0x7F) | second << 7;
    *at += 1;
    return second != 0 && second < 0x80;
}

/* The same of up to eight bytes, which times need. */
static inline bool walk_number(const uint8_t **at, const uint8_t *limit, uint64_t *value)
{
    *value = 0;
    for (uint32_t shift = 0; shift < 56 && *at < limit; shift += 7) {
        uint8_t byte = *(*at)++;
        *value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return byte != 0 || shift == 0;
    }
    return false;
}

/* Is it surely within the limits? bytes are a text's, as many as value. */
static inline bool walk_is_usual(const ProtobufCFieldDescriptor *descriptor,
                                 const struct limit *limit, const uint8_t *bytes, uint64_t value)
{
    switch (descriptor->type) {
    case PROTOBUF_C_TYPE_STRING:
        return value <= limit->bytes_max && utf8_check(span_of(bytes, value)) == value;
    case PROTOBUF_C_TYPE_ENUM:
        return value < ((const ProtobufCEnumDescriptor *)descriptor->descriptor)->n_values;
    case PROTOBUF_C_TYPE_UINT32:
        return value <= UINT32_MAX;
    case PROTOBUF_C_TYPE_BYTES:
        return false; /* may have an exact length */
    default:
        return true;
    }
}

/* What is described where a tag belongs to a field of the message's first run of numbers, which is
 * the only one of most; else NULL. */
static inline const ProtobufCFieldDescriptor *
walk_describe(const ProtobufCMessageDescriptor *descriptor, uint32_t tag)
{
    const ProtobufCIntRange *ranges = descriptor->field_ranges;
    if (descriptor->n_field_ranges == 0)
        return NULL;
    uint32_t offset = (tag >> 3) - (uint32_t)ranges[0].start_value;
    return offset < ranges[1].orig_index ? &descriptor->fields[offset] : NULL;
}

/* The next field where it is a usual one: in its shortest encoding, with a length of two bytes at
 * most, and nothing wrong. False of all others: walk_any reads those from the start, and says what
 * is wrong. */
static inline bool walk_usual(struct walk *walk, struct field *field)
{
    const uint8_t *at = walk->rest.data;
    const uint8_t *limit = at + walk->rest.bytes;
    uint32_t tag;
    uint32_t length = 0;
    uint64_t value = 0;
    if (walk->rest.bytes < 4 || !walk_short_varint(&at, &tag))
        return false;
    const ProtobufCFieldDescriptor *descriptor = walk_describe(walk->descriptor, tag);
    if (descriptor == NULL)
        return false;
    if (descriptor->type < PROTOBUF_C_TYPE_STRING) {
        if ((tag & 7) != WIRE_VARINT || !walk_number(&at, limit, &value) ||
            (descriptor->type == PROTOBUF_C_TYPE_BOOL && value > 1))
            return false;
    } else if ((tag & 7) != WIRE_BYTES || !walk_short_varint(&at, &length) ||
               length > (size_t)(limit - at)) {
        return false;
    }
    if (walk->limits != NULL &&
        !walk_is_usual(descriptor, &walk->limits[tag >> 3], at, value + length))
        return false;
    field->descriptor = descriptor;
    field->number = tag >> 3;
    field->shortest = true;
    field->value = value;
    field->bytes = span_of(at, length);
    at += length;
    field->raw = span_of(walk->rest.data, (size_t)(at - walk->rest.data));
    walk->rest = span_of(at, (size_t)(limit - at));
    return true;
}

/* The next field. After WALK_BAD the misfit says what is wrong, and the field's descriptor and
 * number are of the one at fault, as far as it is known. */
static inline enum walk_result walk_next(struct walk *walk, struct field *field,
                                         struct misfit *misfit)
{
    return walk_usual(walk, field) ? WALK_FIELD : walk_any(walk, field, misfit);
}

/* A misfit about a value; returns false. The value must be text, and is clipped for showing. */
bool misfit_say(struct misfit *misfit, const char *field, struct span value, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

#endif
