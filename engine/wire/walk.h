/* walk - reads a protobuf message field by field, guided by protobuf-c's descriptor.
 *
 * Allocates nothing and checks what protobuf-c's unpack lets pass: fields that the engine does not
 * know, text that is not UTF-8 or holds control characters, enum values out of range, lengths.
 * Whatever it accepts, unpack accepts too and reads alike. What is about the message as a whole
 * (required fields, counts) is fields.h's. Spans point into the message.
 */
#ifndef WIRE_WALK_H
#define WIRE_WALK_H

#include "slot.h"
#include "wire/limits.h"

#include "lianxin.pb-c.h"

struct field {
    uint32_t number;
    uint64_t value;                             /* of a number, enum or bool, else 0 */
    struct span bytes;                          /* of text, bytes or a message, else empty */
    struct span raw;                            /* tag, length and all */
    const ProtobufCFieldDescriptor *descriptor; /* NULL: the message has no such field */
};

struct walk {
    const ProtobufCMessageDescriptor *descriptor;
    const struct limit *limits;
    struct span rest;
};

enum walk_result { WALK_FIELD, WALK_END, WALK_BAD };

/* limits are what values are held against; NULL where there is nothing to hold or that was done
 * before. The structure is checked always. */
static inline struct walk walk_begin(const ProtobufCMessageDescriptor *descriptor,
                                     const struct limit *limits, struct span bytes)
{
    return (struct walk){descriptor, limits, bytes};
}

/* The next field. After WALK_BAD the misfit says what is wrong, and the field is the one at fault,
 * as far as it is known. */
enum walk_result walk_next(struct walk *walk, struct field *field, struct misfit *misfit);

/* A misfit about a value; returns false. The value must be text, and is clipped for showing. */
bool misfit_say(struct misfit *misfit, const char *field, struct span value, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

#endif
