#include "tools/json.h"

#include "base/check.h"
#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* -- both ways --------------------------------------------------------------------------------- */

static size_t element_bytes(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_ENUM:
        return sizeof(int);
    case PROTOBUF_C_TYPE_UINT32:
        return sizeof(uint32_t);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return sizeof(uint64_t);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    default:
        CHECK(type == PROTOBUF_C_TYPE_BYTES); /* lianxin.proto uses no other types */
        return sizeof(ProtobufCBinaryData);
    }
}

/* The part of an enum value's name that is its own: PHONE of CHANNEL_PHONE. */
static const char *own_name(const ProtobufCEnumDescriptor *type, const ProtobufCEnumValue *value)
{
    size_t prefix = strlen(type->short_name) + 1;
    VERIFY(strlen(value->name) > prefix && value->name[prefix - 1] == '_');
    return value->name + prefix;
}

/* -- writing ----------------------------------------------------------------------------------- */

static json_t *write_message(const ProtobufCMessage *message);

static json_t *write_text(const char *text)
{
    json_t *value = json_string(text);
    if (value != NULL)
        return value;
    char *repaired = strdup(text);
    CHECK(repaired != NULL);
    struct span whole = span_of_string(repaired);
    for (size_t at; (at = utf8_check(whole)) < whole.bytes;)
        repaired[at] = '?';
    value = json_string(repaired);
    free(repaired);
    return value;
}

static json_t *write_bytes(const ProtobufCBinaryData *bytes)
{
    char *digits = malloc(2 * bytes->len + 1);
    CHECK(digits != NULL);
    for (size_t i = 0; i < bytes->len; i++)
        snprintf(digits + 2 * i, 3, "%02x", bytes->data[i]);
    json_t *text = json_stringn(digits, 2 * bytes->len);
    free(digits);
    return text;
}

/* A value that this program does not know yet stays a number. */
static json_t *write_enum(const ProtobufCEnumDescriptor *type, int value)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(type, value);
    if (found == NULL)
        return json_integer(value);
    char name[64];
    snprintf(name, sizeof name, "%s", own_name(type, found));
    for (char *at = name; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    return json_string(name);
}

static json_t *write_unsigned(uint64_t number)
{
    char digits[24];
    if (number <= INT64_MAX)
        return json_integer((json_int_t)number);
    snprintf(digits, sizeof digits, "%" PRIu64, number);
    return json_string(digits);
}

static json_t *write_value(const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return write_text(*(char *const *)at);
    case PROTOBUF_C_TYPE_BYTES:
        return write_bytes(at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return write_message(*(ProtobufCMessage *const *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM:
        return write_enum(field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_UINT32:
        return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
        return json_integer(*(const int64_t *)at);
    default:
        return write_unsigned(*(const uint64_t *)at);
    }
}

static json_t *write_list(const ProtobufCFieldDescriptor *field, const char *items, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, write_value(field, items + i * element_bytes(field->type)));
    return list;
}

/* Absent, empty or 0; of a oneof, any member but the one that is set. */
static bool is_default(const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message)
{
    static const char zeros[sizeof(uint64_t)];
    const char *at = (const char *)message + field->offset;
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
        return *(const uint32_t *)((const char *)message + field->quantifier_offset) != field->id;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return *(char *const *)at == NULL || **(char *const *)at == '\0';
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return ((const ProtobufCBinaryData *)at)->len == 0;
    return memcmp(at, zeros, element_bytes(field->type)) == 0;
}

static json_t *write_message(const ProtobufCMessage *message)
{
    json_t *object = json_object();
    const char *base = (const char *)message;
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        json_t *value = NULL;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = *(const size_t *)(base + field->quantifier_offset);
            if (count > 0)
                value = write_list(field, *(char *const *)(base + field->offset), count);
        } else if (!is_default(field, message)) {
            value = write_value(field, base + field->offset);
        }
        if (value != NULL)
            json_object_set_new(object, field->name, value);
    }
    return object;
}

char *json_from_message(const ProtobufCMessage *message)
{
    json_t *object = write_message(message);
    char *line = json_dumps(object, JSON_COMPACT);
    CHECK(line != NULL);
    json_decref(object);
    return line;
}

/* -- faults ------------------------------------------------------------------------------------ */

enum { SHOWN_BYTES_MAX = 64, DISTANCE_MAX = 2, NAME_BYTES_MAX = 32 };

/* Where we are: a chain of names on the stack, the root last. */
struct place {
    const struct place *within;
    const char *name;
    const size_t *index; /* of a list's element, or NULL */
};

struct reading {
    struct arena *arena;
    char *fault;
    size_t bytes; /* of it so far */
};

__attribute__((format(printf, 2, 3))) static void tell(struct reading *reading, const char *format,
                                                       ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = JSON_FAULT_BYTES - reading->bytes;
    int length = vsnprintf(reading->fault + reading->bytes, room, format, arguments);
    va_end(arguments);
    reading->bytes += (size_t)length < room ? (size_t)length : room - 1;
    /* Where it had to be cut, not inside a character. */
    if ((size_t)length >= room)
        reading->fault[utf8_check(span_of(reading->fault, reading->bytes))] = '\0';
}

static void tell_place(struct reading *reading, const struct place *place)
{
    if (place->within != NULL) {
        tell_place(reading, place->within);
        tell(reading, ".");
    }
    for (const char *at = place->name; *at != '\0'; at++)
        tell(reading, "%c", place->within == NULL ? tolower((unsigned char)*at) : *at);
    if (place->index != NULL)
        tell(reading, "[%zu]", *place->index);
}

/* Begins a fault: the place, and the value there as JSON has it. */
static void tell_value(struct reading *reading, const struct place *place, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    CHECK(text != NULL);
    struct span shown = utf8_clip(span_of_string(text), SHOWN_BYTES_MAX);
    tell_place(reading, place);
    tell(reading, ": %.*s%s ", SPAN_ARG(shown), shown.bytes < strlen(text) ? "..." : "");
    free(text);
}

static bool fault(struct reading *reading, const struct place *place, const json_t *value,
                  const char *remedy)
{
    tell_value(reading, place, value);
    tell(reading, "%s", remedy);
    return false;
}

/* Letters to insert, delete or exchange to make b of a (Levenshtein's distance, row by row). */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_BYTES_MAX + 1];
    size_t bytes = strlen(b);
    if (bytes > NAME_BYTES_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= bytes; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= bytes; j++) {
            size_t exchanged = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            size_t shorter = row[j - 1] < row[j] ? row[j - 1] : row[j];
            row[j] = exchanged < shorter + 1 ? exchanged : shorter + 1;
        }
    }
    return row[bytes];
}

static bool fault_name(struct reading *reading, const struct place *place, const char *name,
                       const ProtobufCMessageDescriptor *descriptor)
{
    bool printable = utf8_check(span_of_string(name)) == strlen(name);
    const struct place here = {.within = place, .name = printable ? name : "(unprintable)"};
    const char *nearest = NULL;
    size_t least = DISTANCE_MAX + 1;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        size_t far = distance(name, descriptor->fields[i].name);
        if (far < least) {
            least = far;
            nearest = descriptor->fields[i].name;
        }
    }
    tell_place(reading, &here);
    if (nearest != NULL) {
        tell(reading, ": there is no such field; is it %s?", nearest);
        return false;
    }
    tell(reading, ": there is no such field; there are ");
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        tell(reading, "%s%s", i == 0 ? "" : ", ", descriptor->fields[i].name);
    return false;
}

/* -- reading ----------------------------------------------------------------------------------- */

static ProtobufCMessage *read_message(struct reading *reading, const struct place *place,
                                      const ProtobufCMessageDescriptor *descriptor,
                                      const json_t *object);

static bool read_enum(struct reading *reading, const struct place *place,
                      const ProtobufCEnumDescriptor *type, const json_t *value, int *out)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    for (unsigned i = 0; i < type->n_values; i++) {
        const ProtobufCEnumValue *known = &type->values[i];
        if (strcasecmp(text, own_name(type, known)) == 0 || strcasecmp(text, known->name) == 0) {
            *out = known->value;
            return true;
        }
    }
    tell_value(reading, place, value);
    tell(reading, "is not one of");
    const char *comma = " ";
    for (unsigned i = 0; i < type->n_values; i++) {
        if (type->values[i].value == 0)
            continue;
        tell(reading, "%s", comma);
        comma = ", ";
        for (const char *at = own_name(type, &type->values[i]); *at != '\0'; at++)
            tell(reading, "%c", tolower((unsigned char)*at));
    }
    return false;
}

static int digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

static bool read_bytes(struct reading *reading, const struct place *place, const json_t *value,
                       ProtobufCBinaryData *out)
{
    static const char remedy[] = "is not text of hex digits, two a byte";
    size_t length = json_string_length(value);
    if (!json_is_string(value) || length % 2 != 0)
        return fault(reading, place, value, remedy);
    const char *text = json_string_value(value);
    out->len = length / 2;
    out->data = arena_take(reading->arena, out->len + 1);
    for (size_t i = 0; i < out->len; i++) {
        int high = digit_of(text[2 * i]);
        int low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return fault(reading, place, value, remedy);
        out->data[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool read_unsigned(struct reading *reading, const struct place *place, const json_t *value,
                          uint64_t most, uint64_t *out)
{
    const char *text = json_string_value(value);
    char *end = NULL;
    errno = 0;
    if (json_is_integer(value) && json_integer_value(value) >= 0)
        *out = (uint64_t)json_integer_value(value);
    else if (text != NULL && isdigit((unsigned char)text[0]))
        *out = strtoull(text, &end, 10);
    else
        return fault(reading, place, value, "is not a whole number from 0 on");
    if ((end != NULL && *end != '\0') || errno == ERANGE || *out > most) {
        tell_value(reading, place, value);
        tell(reading, "is not a whole number up to %" PRIu64, most);
        return false;
    }
    return true;
}

static bool read_number(struct reading *reading, const struct place *place, ProtobufCType type,
                        const json_t *value, void *out)
{
    uint64_t number = 0;
    if (type == PROTOBUF_C_TYPE_INT64) {
        if (!json_is_integer(value))
            return fault(reading, place, value, "is not a whole number");
        *(int64_t *)out = json_integer_value(value);
        return true;
    }
    bool small = type == PROTOBUF_C_TYPE_UINT32;
    if (!read_unsigned(reading, place, value, small ? UINT32_MAX : UINT64_MAX, &number))
        return false;
    if (small)
        *(uint32_t *)out = (uint32_t)number;
    else
        *(uint64_t *)out = number;
    return true;
}

static bool read_value(struct reading *reading, const struct place *place,
                       const ProtobufCFieldDescriptor *field, const json_t *value, void *out)
{
    if (json_is_string(value) && strlen(json_string_value(value)) != json_string_length(value))
        return fault(reading, place, value, "holds a zero character");
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        if (!json_is_string(value))
            return fault(reading, place, value, "is not text in quotes");
        *(char **)out = arena_copy(reading->arena, span_of_string(json_string_value(value)));
        return true;
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(reading, place, value, out);
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)out = read_message(reading, place, field->descriptor, value);
        return *(ProtobufCMessage **)out != NULL;
    case PROTOBUF_C_TYPE_BOOL:
        if (!json_is_boolean(value))
            return fault(reading, place, value, "is neither true nor false");
        *(protobuf_c_boolean *)out = json_is_true(value);
        return true;
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(reading, place, field->descriptor, value, out);
    default:
        return read_number(reading, place, field->type, value, out);
    }
}

static bool read_list(struct reading *reading, const struct place *place,
                      const ProtobufCFieldDescriptor *field, const json_t *value, char *base)
{
    if (!json_is_array(value))
        return fault(reading, place, value, "is not a list in [ ]");
    size_t count = json_array_size(value);
    char *items = arena_take(reading->arena, (count + 1) * element_bytes(field->type));
    for (size_t i = 0; i < count; i++) {
        const struct place here = {place->within, place->name, &i};
        if (!read_value(reading, &here, field, json_array_get(value, i),
                        items + i * element_bytes(field->type)))
            return false;
    }
    *(size_t *)(base + field->quantifier_offset) = count;
    *(void **)(base + field->offset) = items;
    return true;
}

static bool read_member(struct reading *reading, const struct place *place,
                        const ProtobufCMessageDescriptor *descriptor, const char *name,
                        const json_t *value, ProtobufCMessage *message)
{
    const struct place here = {.within = place, .name = name};
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(descriptor, name);
    char *base = (char *)message;
    if (field == NULL)
        return fault_name(reading, place, name, descriptor);
    if (json_is_null(value))
        return true;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return read_list(reading, &here, field, value, base);
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
        uint32_t *chosen = (uint32_t *)(base + field->quantifier_offset);
        if (*chosen != 0)
            return fault(reading, &here, value, "is one too many: another of its kind is there");
        *chosen = field->id;
    }
    return read_value(reading, &here, field, value, base + field->offset);
}

static ProtobufCMessage *read_message(struct reading *reading, const struct place *place,
                                      const ProtobufCMessageDescriptor *descriptor,
                                      const json_t *object)
{
    if (!json_is_object(object)) {
        fault(reading, place, object, "is not an object in { }");
        return NULL;
    }
    ProtobufCMessage *message = arena_take(reading->arena, descriptor->sizeof_message);
    protobuf_c_message_init(descriptor, message);
    /* json_object_foreach wants to change what it walks. */
    for (void *at = json_object_iter((json_t *)object); at != NULL;
         at = json_object_iter_next((json_t *)object, at))
        if (!read_member(reading, place, descriptor, json_object_iter_key(at),
                         json_object_iter_value(at), message))
            return NULL;
    return message;
}

/* jansson's words, but for what its user cannot make sense of. */
static const char *what_is_wrong(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_end_of_input_expected:
        return "one object is wanted here, and there is more behind it";
    case json_error_invalid_utf8:
        return "the text is not UTF-8, as JSON is";
    default:
        return error->text;
    }
}

/* Editors put a mark in front of what they save as UTF-8. */
static struct span without_mark(struct span text)
{
    struct span mark = span_of_string("\xef\xbb\xbf");
    return span_starts_with(text, mark) ? span_of(text.data + mark.bytes, text.bytes - mark.bytes)
                                        : text;
}

void *json_to_message(const ProtobufCMessageDescriptor *descriptor, struct span text,
                      struct arena *arena, char fault_text[JSON_FAULT_BYTES])
{
    struct reading reading = {.arena = arena, .fault = fault_text};
    json_error_t error;
    text = without_mark(text);
    json_t *object = json_loadb((const char *)text.data, text.bytes,
                                JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (object == NULL) {
        tell(&reading, "not JSON at line %d, column %d: %s", error.line, error.column,
             what_is_wrong(&error));
        return NULL;
    }
    const struct place root = {.name = descriptor->short_name};
    ProtobufCMessage *message = read_message(&reading, &root, descriptor, object);
    json_decref(object);
    return message;
}
