#include "tools/json.h"

#include "base/check.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_BYTES_MAX = 64, PATH_BYTES_MAX = 128 };

/* The words of an enum's value that are its own: CHANNEL_PHONE of Channel is "phone". */
static void short_name(const ProtobufCEnumDescriptor *type, const char *name,
                       char out[NAME_BYTES_MAX])
{
    size_t skip = strlen(type->short_name) + 1;
    size_t i = 0;
    for (const char *at = name + skip; *at != '\0' && i + 1 < NAME_BYTES_MAX; at++)
        out[i++] = (char)tolower((unsigned char)*at);
    out[i] = '\0';
}

/* -- writing ----------------------------------------------------------------------------------- */

static json_t *write_message(const ProtobufCMessage *message);

static json_t *write_enum(const ProtobufCEnumDescriptor *type, int value)
{
    char name[NAME_BYTES_MAX];
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(type, value);
    if (found == NULL)
        return json_integer(value);
    short_name(type, found->name, name);
    return json_string(name);
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

/* One value of a field, or NULL where it is empty or 0 and not in a list. */
static json_t *write_value(const ProtobufCFieldDescriptor *field, const void *at, bool in_list)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = *(char *const *)at;
        return in_list || (text != NULL && text[0] != '\0') ? json_string(text) : NULL;
    }
    case PROTOBUF_C_TYPE_BYTES: {
        const ProtobufCBinaryData *bytes = at;
        return in_list || bytes->len > 0 ? write_bytes(bytes) : NULL;
    }
    case PROTOBUF_C_TYPE_MESSAGE: {
        const ProtobufCMessage *inner = *(ProtobufCMessage *const *)at;
        return inner != NULL ? write_message(inner) : NULL;
    }
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)at ? json_true() : NULL;
    case PROTOBUF_C_TYPE_ENUM:
        return *(const int *)at != 0 ? write_enum(field->descriptor, *(const int *)at) : NULL;
    case PROTOBUF_C_TYPE_UINT32:
        return *(const uint32_t *)at != 0 ? json_integer(*(const uint32_t *)at) : NULL;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return *(const int64_t *)at != 0 ? json_integer(*(const int64_t *)at) : NULL;
    default:
        CHECK(!"a type that lianxin.proto uses");
        return NULL;
    }
}

static json_t *write_list(const ProtobufCFieldDescriptor *field, const void *items, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              write_value(field, (const char *)items + i * sizeof(void *), true));
    return list;
}

/* Of a oneof only the case that is set is there to be read. */
static bool is_there(const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message)
{
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
        return true;
    return *(const uint32_t *)((const char *)message + field->quantifier_offset) == field->id;
}

static json_t *write_message(const ProtobufCMessage *message)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *base = (const char *)message;
        json_t *value = NULL;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = *(const size_t *)(base + field->quantifier_offset);
            if (count > 0)
                value = write_list(field, *(void *const *)(base + field->offset), count);
        } else if (is_there(field, message)) {
            value = write_value(field, base + field->offset, false);
        }
        if (value != NULL)
            json_object_set_new(object, field->name, value);
    }
    return object;
}

char *json_from_message(const ProtobufCMessage *message)
{
    json_t *object = write_message(message);
    char *line = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
    CHECK(line != NULL);
    json_decref(object);
    return line;
}

/* -- reading ----------------------------------------------------------------------------------- */

struct reading {
    struct arena *arena;
    char *fault;
    char path[PATH_BYTES_MAX];
};

static ProtobufCMessage *read_object(struct reading *reading,
                                     const ProtobufCMessageDescriptor *descriptor, json_t *object);

static bool fault(struct reading *reading, const char *name, const char *expected)
{
    snprintf(reading->fault, JSON_FAULT_BYTES, "%s%s%s: %s", reading->path,
             reading->path[0] == '\0' ? "" : ".", name, expected);
    return false;
}

static bool fault_enum(struct reading *reading, const ProtobufCFieldDescriptor *field,
                       const char *given)
{
    const ProtobufCEnumDescriptor *type = field->descriptor;
    char expected[JSON_FAULT_BYTES / 2];
    int used = snprintf(expected, sizeof expected, "'%s' is none of", given);
    for (unsigned i = 0; i < type->n_values && (size_t)used < sizeof expected; i++) {
        char name[NAME_BYTES_MAX];
        short_name(type, type->values[i].name, name);
        if (type->values[i].value != 0)
            used += snprintf(expected + used, sizeof expected - (size_t)used, " %s", name);
    }
    return fault(reading, field->name, expected);
}

static bool read_enum(struct reading *reading, const ProtobufCFieldDescriptor *field,
                      json_t *value, int *out)
{
    const ProtobufCEnumDescriptor *type = field->descriptor;
    const char *text = json_string_value(value);
    if (text == NULL)
        return fault(reading, field->name, "is a word, in quotes");
    for (unsigned i = 0; i < type->n_values; i++) {
        char name[NAME_BYTES_MAX];
        short_name(type, type->values[i].name, name);
        if (strcmp(text, name) == 0 || strcmp(text, type->values[i].name) == 0) {
            *out = type->values[i].value;
            return true;
        }
    }
    return fault_enum(reading, field, text);
}

static int digit_of(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

static bool read_bytes(struct reading *reading, const ProtobufCFieldDescriptor *field,
                       json_t *value, ProtobufCBinaryData *out)
{
    const char *text = json_string_value(value);
    size_t length = text != NULL ? strlen(text) : 1;
    if (length % 2 != 0)
        return fault(reading, field->name, "is hex digits in quotes, two a byte");
    out->len = length / 2;
    out->data = arena_take(reading->arena, out->len + 1);
    for (size_t i = 0; i < out->len; i++) {
        int high = digit_of(text[2 * i]);
        int low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return fault(reading, field->name, "is hex digits in quotes, two a byte");
        out->data[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool read_number(struct reading *reading, const ProtobufCFieldDescriptor *field,
                        json_t *value, void *out)
{
    bool is_signed = field->type == PROTOBUF_C_TYPE_INT64;
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || (!is_signed && number < 0) ||
        (field->type == PROTOBUF_C_TYPE_UINT32 && number > UINT32_MAX))
        return fault(reading, field->name, "is a whole number, without quotes");
    if (field->type == PROTOBUF_C_TYPE_UINT32)
        *(uint32_t *)out = (uint32_t)number;
    else
        *(int64_t *)out = number;
    return true;
}

static bool read_message(struct reading *reading, const ProtobufCFieldDescriptor *field,
                         json_t *value, ProtobufCMessage **out)
{
    char before[PATH_BYTES_MAX];
    memcpy(before, reading->path, sizeof before);
    snprintf(reading->path, sizeof reading->path, "%.*s%s%.60s", 60, before,
             before[0] == '\0' ? "" : ".", field->name);
    *out = read_object(reading, field->descriptor, value);
    memcpy(reading->path, before, sizeof before);
    return *out != NULL;
}

static bool read_value(struct reading *reading, const ProtobufCFieldDescriptor *field,
                       json_t *value, void *out)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        if (!json_is_string(value))
            return fault(reading, field->name, "is text, in quotes");
        *(char **)out = arena_copy(reading->arena, span_of_string(json_string_value(value)));
        return true;
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(reading, field, value, out);
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_message(reading, field, value, out);
    case PROTOBUF_C_TYPE_BOOL:
        if (!json_is_boolean(value))
            return fault(reading, field->name, "is true or false, without quotes");
        *(protobuf_c_boolean *)out = json_is_true(value);
        return true;
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(reading, field, value, out);
    default:
        return read_number(reading, field, value, out);
    }
}

static bool read_list(struct reading *reading, const ProtobufCFieldDescriptor *field,
                      json_t *value, char *base)
{
    size_t count = json_array_size(value);
    void **items = arena_take(reading->arena, (count + 1) * sizeof *items);
    if (!json_is_array(value))
        return fault(reading, field->name, "is a list, in [ ]");
    for (size_t i = 0; i < count; i++)
        if (!read_value(reading, field, json_array_get(value, i), &items[i]))
            return false;
    *(size_t *)(base + field->quantifier_offset) = count;
    *(void ***)(base + field->offset) = items;
    return true;
}

static bool read_member(struct reading *reading, const ProtobufCMessageDescriptor *descriptor,
                        const char *name, json_t *value, ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(descriptor, name);
    char *base = (char *)message;
    if (field == NULL) {
        char expected[JSON_FAULT_BYTES / 2];
        int used = snprintf(expected, sizeof expected, "is no field of %s; there are",
                            descriptor->short_name);
        for (unsigned i = 0; i < descriptor->n_fields && (size_t)used < sizeof expected; i++)
            used += snprintf(expected + used, sizeof expected - (size_t)used, " %s",
                             descriptor->fields[i].name);
        return fault(reading, name, expected);
    }
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return read_list(reading, field, value, base);
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
        *(uint32_t *)(base + field->quantifier_offset) = field->id;
    return read_value(reading, field, value, base + field->offset);
}

static ProtobufCMessage *read_object(struct reading *reading,
                                     const ProtobufCMessageDescriptor *descriptor, json_t *object)
{
    const char *name;
    json_t *value;
    if (!json_is_object(object)) {
        fault(reading, "", "is an object, in { }");
        return NULL;
    }
    ProtobufCMessage *message = arena_take(reading->arena, descriptor->sizeof_message);
    protobuf_c_message_init(descriptor, message);
    json_object_foreach(object, name, value)
        if (!read_member(reading, descriptor, name, value, message))
            return NULL;
    return message;
}

void *json_to_message(const ProtobufCMessageDescriptor *descriptor, struct span text,
                      struct arena *arena, char fault_text[JSON_FAULT_BYTES])
{
    json_error_t error;
    json_t *object =
        json_loadb((const char *)text.data, text.bytes, JSON_REJECT_DUPLICATES, &error);
    if (object == NULL) {
        snprintf(fault_text, JSON_FAULT_BYTES, "is not JSON (column %d): %s", error.column,
                 error.text);
        return NULL;
    }
    struct reading reading = {.arena = arena, .fault = fault_text};
    ProtobufCMessage *message = read_object(&reading, descriptor, object);
    json_decref(object);
    return message;
}
