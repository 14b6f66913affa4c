#include "wire/walk.h"

#include "base/check.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    WIRE_VARINT = 0,
    WIRE_BYTES = 2,
    VARINT_BYTES_MAX = 10,
    SHOWN_BYTES_MAX = 64,
};

bool misfit_say(struct misfit *misfit, const char *field, struct span value, const char *format,
                ...)
{
    va_list arguments;
    misfit->field = field;
    misfit->value = utf8_clip(value, SHOWN_BYTES_MAX);
    va_start(arguments, format);
    vsnprintf(misfit->message, sizeof misfit->message, format, arguments);
    va_end(arguments);
    return false;
}

static bool take_varint(struct span *rest, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < rest->bytes && i < VARINT_BYTES_MAX; i++) {
        uint8_t byte = rest->data[i];
        if (i == VARINT_BYTES_MAX - 1 && byte > 1)
            return false; /* more than 64 bits */
        *value |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (byte < 0x80) {
            *rest = span_of(rest->data + i + 1, rest->bytes - i - 1);
            return true;
        }
    }
    return false;
}

static bool take_bytes(struct span *rest, struct span *bytes)
{
    uint64_t length;
    if (!take_varint(rest, &length) || length > rest->bytes)
        return false;
    *bytes = span_of(rest->data, (size_t)length);
    *rest = span_of(rest->data + length, rest->bytes - (size_t)length);
    return true;
}

/* lianxin.proto has numbers, enums and booleans, which are varints, and things with a length. */
static uint32_t wire_type_of(const ProtobufCFieldDescriptor *descriptor)
{
    switch (descriptor->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_BYTES;
    default:
        return WIRE_VARINT;
    }
}

/* Lianxin's messages number their fields without gaps, so the n-th field is the n-th. */
static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *descriptor,
                                                  uint64_t number)
{
    if (number == 0 || number > descriptor->n_fields)
        return NULL;
    const ProtobufCFieldDescriptor *field = &descriptor->fields[number - 1];
    VERIFY(field->id == number);
    return field;
}

static enum walk_result bad(struct misfit *misfit, const char *field, struct span value,
                            const char *why)
{
    misfit_say(misfit, field, value, "%s", why);
    return WALK_BAD;
}

static bool check_text(const struct field *field, struct misfit *misfit)
{
    size_t good = utf8_check(field->bytes);
    if (good == field->bytes.bytes)
        return true;
    return misfit_say(misfit, field->descriptor->name, (struct span){0},
                      field->bytes.data[good] < 0x80
                          ? "holds a control character (byte %zu); only tab and line ends may be"
                          : "is not UTF-8 from byte %zu on",
                      good);
}

static bool check_enum(const struct field *field, struct misfit *misfit)
{
    const ProtobufCEnumDescriptor *values = field->descriptor->descriptor;
    if (field->value < values->n_values)
        return true;
    return misfit_say(misfit, field->descriptor->name, (struct span){0},
                      "%" PRIu64 " is no %s; the highest there is is %u", field->value,
                      values->short_name, values->n_values - 1);
}

static bool check_value(const struct field *field, struct misfit *misfit)
{
    switch (field->descriptor->type) {
    case PROTOBUF_C_TYPE_STRING:
        return check_text(field, misfit);
    case PROTOBUF_C_TYPE_ENUM:
        return check_enum(field, misfit);
    default:
        return true;
    }
}

enum walk_result walk_next(struct walk *walk, struct field *field, struct misfit *misfit)
{
    struct span start = walk->rest;
    uint64_t tag;
    if (start.bytes == 0)
        return WALK_END;
    if (!take_varint(&walk->rest, &tag))
        return bad(misfit, "", (struct span){0}, "is not protobuf, or is cut short");
    field->descriptor = find_field(walk->descriptor, tag >> 3);
    if (field->descriptor == NULL) {
        misfit_say(misfit, "", (struct span){0},
                   "%s has a field %" PRIu64 ", which lianxin.v1 does not know",
                   walk->descriptor->short_name, tag >> 3);
        return WALK_BAD;
    }
    field->number = (uint32_t)(tag >> 3);
    if ((tag & 7) != wire_type_of(field->descriptor))
        return bad(misfit, field->descriptor->name, (struct span){0},
                   "is encoded as another type than lianxin.proto gives it");
    bool whole = (tag & 7) == WIRE_BYTES ? take_bytes(&walk->rest, &field->bytes)
                                         : take_varint(&walk->rest, &field->value);
    if (!whole)
        return bad(misfit, field->descriptor->name, (struct span){0}, "is cut short");
    field->raw = span_of(start.data, start.bytes - walk->rest.bytes);
    return check_value(field, misfit) ? WALK_FIELD : WALK_BAD;
}
