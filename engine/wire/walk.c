#include "wire/walk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { SHOWN_BYTES_MAX = 64 };

/* Bytes of a varint. protobuf-c reads no longer ones, so neither may the engine: it hands on the
 * bytes as they came. */
enum { VALUE_VARINT_MAX = 10, LENGTH_VARINT_MAX = 5, TAG_VARINT_MAX = 5 };

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

static const uint8_t *take_long_varint(const uint8_t *at, const uint8_t *limit, size_t bytes_max,
                                       uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < bytes_max && at < limit; i++) {
        uint8_t byte = *at++;
        if (i == VALUE_VARINT_MAX - 1 && byte > 1)
            return NULL; /* more than 64 bits */
        *value |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (byte < 0x80)
            return at;
    }
    return NULL;
}

/* Returns where it ends; NULL where it is cut short or too long. Most take one byte or two. */
static inline const uint8_t *take_varint(const uint8_t *at, const uint8_t *limit, size_t bytes_max,
                                         uint64_t *value)
{
    if (limit - at < 2 || (at[0] & at[1]) >= 0x80)
        return take_long_varint(at, limit, bytes_max, value);
    bool two = at[0] >= 0x80;
    *value = two ? (uint64_t)(at[0] & 0x7F) | (uint64_t)at[1] << 7 : at[0];
    return at + 1 + two;
}

/* A varint is as short as can be where it is one byte or its last is not 0. */
static inline bool is_shortest(const uint8_t *at, const uint8_t *end)
{
    return end == at + 1 || end[-1] != 0;
}

/* lianxin.proto has numbers, enums and booleans, which are varints, and things with a length. */
static uint32_t wire_type_of(const ProtobufCFieldDescriptor *descriptor)
{
    _Static_assert(PROTOBUF_C_TYPE_BYTES == PROTOBUF_C_TYPE_STRING + 1 &&
                       PROTOBUF_C_TYPE_MESSAGE == PROTOBUF_C_TYPE_BYTES + 1,
                   "what has a length stands together, and last");
    return descriptor->type >= PROTOBUF_C_TYPE_STRING ? WIRE_BYTES : WIRE_VARINT;
}

/* A range is a run of numbers without gaps; most messages have one. The last entry of the array
 * only bounds the one before. */
static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *descriptor,
                                                  uint64_t number)
{
    const ProtobufCIntRange *ranges = descriptor->field_ranges;
    for (unsigned i = 0; i < descriptor->n_field_ranges; i++) {
        uint64_t offset = number - (uint64_t)ranges[i].start_value;
        if (offset < ranges[i + 1].orig_index - ranges[i].orig_index)
            return &descriptor->fields[ranges[i].orig_index + offset];
    }
    return NULL;
}

static const char *path_of(const struct walk *walk, const struct field *field)
{
    if (walk->limits != NULL)
        return walk->limits[field->descriptor != NULL ? field->number : 0].path;
    return field->descriptor != NULL ? field->descriptor->name : "";
}

static bool check_text(const char *path, struct span text, struct misfit *misfit)
{
    size_t good = utf8_check(text);
    if (good == text.bytes)
        return true;
    /* U+0080 to U+009F are control characters too, and the only ones that begin with 0xC2. */
    bool is_control =
        text.data[good] < 0x80 || (text.data[good] == 0xC2 && text.bytes - good > 1 &&
                                   text.data[good + 1] >= 0x80 && text.data[good + 1] < 0xA0);
    return misfit_say(misfit, path, (struct span){0},
                      is_control
                          ? "holds a control character (byte %zu); only tab and line ends may be"
                          : "is not UTF-8 from byte %zu on",
                      good);
}

static bool complain_of_length(const struct limit *limit, const struct field *field,
                               struct misfit *misfit)
{
    size_t bytes = field->bytes.bytes;
    bool is_text = field->descriptor->type == PROTOBUF_C_TYPE_STRING;
    struct span shown = is_text ? field->bytes : (struct span){0};
    if (limit->exact)
        return misfit_say(misfit, limit->path, shown, "%u bytes or none; this has %zu",
                          limit->bytes_max, bytes);
    return misfit_say(misfit, limit->path, shown, "at most %u bytes; this has %zu",
                      limit->bytes_max, bytes);
}

static inline bool check_length(const struct limit *limit, const struct field *field,
                                struct misfit *misfit)
{
    size_t bytes = field->bytes.bytes;
    if (bytes == 0 || limit->bytes_max == 0 || bytes == limit->bytes_max ||
        (bytes < limit->bytes_max && !limit->exact))
        return true;
    return complain_of_length(limit, field, misfit);
}

/* Enums of lianxin.proto count from 0 without gaps. */
static bool check_enum(const char *path, const struct field *field, struct misfit *misfit)
{
    const ProtobufCEnumDescriptor *values = field->descriptor->descriptor;
    if (field->value < values->n_values)
        return true;
    return misfit_say(misfit, path, (struct span){0},
                      "%" PRIu64 " is no %s; the highest there is is %u", field->value,
                      values->short_name, values->n_values - 1);
}

static inline bool check_value(const struct limit *limit, const struct field *field,
                               struct misfit *misfit)
{
    switch (field->descriptor->type) {
    case PROTOBUF_C_TYPE_STRING:
        return check_text(limit->path, field->bytes, misfit) && check_length(limit, field, misfit);
    case PROTOBUF_C_TYPE_BYTES:
        return check_length(limit, field, misfit);
    case PROTOBUF_C_TYPE_ENUM:
        return check_enum(limit->path, field, misfit);
    case PROTOBUF_C_TYPE_UINT32:
        return field->value <= UINT32_MAX ||
               misfit_say(misfit, limit->path, (struct span){0},
                          "%" PRIu64 " is more than 32 bits hold", field->value);
    default:
        return true;
    }
}

static enum walk_result bad(const struct walk *walk, const struct field *field,
                            struct misfit *misfit, const char *why)
{
    misfit_say(misfit, path_of(walk, field), (struct span){0}, "%s", why);
    return WALK_BAD;
}

static enum walk_result bad_number(const struct walk *walk, const struct field *field, uint64_t tag,
                                   struct misfit *misfit)
{
    misfit_say(misfit, path_of(walk, field), (struct span){0},
               "%s has a field %" PRIu64 ", which this engine does not know; it speaks %s",
               walk->descriptor->short_name, tag >> 3, walk->descriptor->package_name);
    return WALK_BAD;
}

/* Fills in a field whose content, a value or bytes, begins at content. Returns where it ends; NULL
 * where it is cut short. */
static inline const uint8_t *take_content(const uint8_t *content, const uint8_t *limit,
                                          struct field *field)
{
    uint64_t number;
    if (wire_type_of(field->descriptor) == WIRE_BYTES) {
        const uint8_t *bytes = take_varint(content, limit, LENGTH_VARINT_MAX, &number);
        if (bytes == NULL || number > (uint64_t)(limit - bytes))
            return NULL;
        field->shortest &= is_shortest(content, bytes);
        field->value = 0;
        field->bytes = span_of(bytes, (size_t)number);
        return bytes + number;
    }
    const uint8_t *end = take_varint(content, limit, VALUE_VARINT_MAX, &number);
    if (end == NULL)
        return NULL;
    bool is_bool = field->descriptor->type == PROTOBUF_C_TYPE_BOOL;
    field->shortest &= is_shortest(content, end) && (!is_bool || number <= 1);
    field->value = is_bool ? number != 0 : number;
    field->bytes = (struct span){0};
    return end;
}

enum walk_result walk_any(struct walk *walk, struct field *field, struct misfit *misfit)
{
    const uint8_t *start = walk->rest.data;
    const uint8_t *limit = start + walk->rest.bytes;
    uint64_t tag;
    if (start == limit)
        return WALK_END;
    field->descriptor = NULL;
    const uint8_t *content = take_varint(start, limit, TAG_VARINT_MAX, &tag);
    if (content == NULL)
        return bad(walk, field, misfit, "is not protobuf, or is cut short");
    const ProtobufCFieldDescriptor *descriptor = find_field(walk->descriptor, tag >> 3);
    if (descriptor == NULL)
        return bad_number(walk, field, tag, misfit);
    field->descriptor = descriptor;
    field->number = descriptor->id;
    field->shortest = is_shortest(start, content);
    if ((tag & 7) != wire_type_of(descriptor))
        return bad(walk, field, misfit, "is encoded as another type than lianxin.proto gives it");
    const uint8_t *end = take_content(content, limit, field);
    if (end == NULL)
        return bad(walk, field, misfit, "is cut short");
    field->raw = span_of(start, (size_t)(end - start));
    walk->rest = span_of(end, (size_t)(limit - end));
    if (walk->limits != NULL && !check_value(&walk->limits[field->number], field, misfit))
        return WALK_BAD;
    return WALK_FIELD;
}
