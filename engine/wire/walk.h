/* walk - reads a protobuf message field by field, guided by protobuf-c's descriptor.
 *
 * Allocates nothing and checks what protobuf-c's unpack lets pass: fields that the engine does not
 * know, wire types that do not fit, text that is not UTF-8 or holds control characters, enum values
 * out of range. Lengths and counts are the caller's (limits.h). Spans point into the message.
 */
#ifndef WIRE_WALK_H
#define WIRE_WALK_H

#include "slot.h"

#include "lianxin.pb-c.h"

struct field {
    uint32_t number;
    uint64_t value;    /* of a number, enum or bool */
    struct span bytes; /* of text, bytes or a message */
    struct span raw;   /* tag, length and all */
    const ProtobufCFieldDescriptor *descriptor;
};

struct walk {
    const ProtobufCMessageDescriptor *descriptor;
    struct span rest;
};

enum walk_result { WALK_FIELD, WALK_END, WALK_BAD };

static inline struct walk walk_begin(const ProtobufCMessageDescriptor *descriptor,
                                     struct span bytes)
{
    return (struct walk){descriptor, bytes};
}

/* The next field. After WALK_BAD the misfit says what is wrong, with the field's own name. */
enum walk_result walk_next(struct walk *walk, struct field *field, struct misfit *misfit);

/* A misfit about a value; returns false. The value is clipped for showing, whole characters. */
bool misfit_say(struct misfit *misfit, const char *field, struct span value, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

#endif
