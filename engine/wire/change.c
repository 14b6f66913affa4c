/* change - a Case with one field set to something else, for "what if".
 *
 * Unpacked and packed by protobuf-c, in an arena: somebody at the desk has asked, and waits.
 */
#include "base/check.h"
#include "wire/rare.h"
#include "wire/walk.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

enum { NUMBER_DIGITS_MAX = 20, NAMES_BYTES = 160 };

/* The field that a name means, and the message that it stands in. */
struct target {
    ProtobufCMessage *message;
    const ProtobufCFieldDescriptor *field;
};

static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessage *message, struct span name)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++)
        if (span_is(name, message->descriptor->fields[i].name))
            return &message->descriptor->fields[i];
    return NULL;
}

static void *at(const struct target *target)
{
    return (char *)target->message + target->field->offset;
}

/* Into a message inside, which is made if it is not there. */
static void step_inside(struct target *target, struct arena *arena)
{
    const ProtobufCMessageDescriptor *inside = target->field->descriptor;
    ProtobufCMessage **member = at(target);
    if (*member == NULL) {
        *member = arena_take(arena, inside->sizeof_message);
        protobuf_c_message_init(inside, *member);
    }
    target->message = *member;
}

static bool find_target(ProtobufCMessage *message, struct span name, struct arena *arena,
                        struct target *target, struct misfit *misfit)
{
    struct span rest = name;
    target->message = message;
    for (;;) {
        const uint8_t *dot = memchr(rest.data, '.', rest.bytes);
        size_t bytes = dot != NULL ? (size_t)(dot - rest.data) : rest.bytes;
        target->field = find_field(target->message, span_of(rest.data, bytes));
        if (target->field == NULL)
            return misfit_say(misfit, "what_if", name,
                              "is no field of a case, nor at or regime; they are called as in "
                              "lianxin.proto, such as place, category, type, text");
        if (target->field->label == PROTOBUF_C_LABEL_REPEATED)
            return misfit_say(misfit, "what_if", name,
                              "is a list; only fields that have one value can be changed");
        bool is_message = target->field->type == PROTOBUF_C_TYPE_MESSAGE;
        if (is_message != (dot != NULL))
            return misfit_say(misfit, "what_if", name,
                              is_message ? "has fields of its own; write the one that is meant, "
                                           "such as respondent.name"
                                         : "has no fields of its own");
        if (dot == NULL)
            return true;
        step_inside(target, arena);
        rest = span_of(dot + 1, rest.bytes - bytes - 1);
    }
}

/* -- values ------------------------------------------------------------------------------------ */

/* The part of an enum value's name that is its own: PHONE of CHANNEL_PHONE. */
static const char *own_name(const ProtobufCEnumDescriptor *type, const ProtobufCEnumValue *value)
{
    return value->name + strlen(type->short_name) + 1;
}

static bool same_word(struct span text, const char *word)
{
    return text.bytes == strlen(word) &&
           strncasecmp((const char *)text.data, word, text.bytes) == 0;
}

/* "is not one of phone, sms, ..." */
static bool refuse_word(const struct target *target, struct span value, struct misfit *misfit)
{
    const ProtobufCEnumDescriptor *type = target->field->descriptor;
    char names[NAMES_BYTES] = "";
    size_t used = 0;
    for (unsigned i = 0; i < type->n_values; i++) {
        const char *name = own_name(type, &type->values[i]);
        if (type->values[i].value == 0 || used + strlen(name) + 3 > sizeof names)
            continue;
        if (used > 0)
            used = (size_t)(stpcpy(names + used, ", ") - names);
        for (; *name != '\0'; name++)
            names[used++] = (char)tolower((unsigned char)*name);
        names[used] = '\0';
    }
    return misfit_say(misfit, target->field->name, value, "is not one of %s", names);
}

static bool set_word(const struct target *target, struct span value, struct misfit *misfit)
{
    const ProtobufCEnumDescriptor *type = target->field->descriptor;
    for (unsigned i = 0; i < type->n_values; i++)
        if (type->values[i].value != 0 && (same_word(value, own_name(type, &type->values[i])) ||
                                           same_word(value, type->values[i].name))) {
            *(int *)at(target) = type->values[i].value;
            return true;
        }
    return refuse_word(target, value, misfit);
}

static bool set_flag(const struct target *target, struct span value, struct misfit *misfit)
{
    bool yes = same_word(value, "true") || same_word(value, "yes");
    if (!yes && !same_word(value, "false") && !same_word(value, "no"))
        return misfit_say(misfit, target->field->name, value, "is neither true nor false");
    *(protobuf_c_boolean *)at(target) = yes;
    return true;
}

/* Milliseconds since 1970: all numbers that a case has are times. */
static bool set_time(const struct target *target, struct span value, struct misfit *misfit)
{
    char digits[NUMBER_DIGITS_MAX] = "";
    char *end = digits;
    long long number = 0;
    if (value.bytes < sizeof digits && isdigit(value.data[0])) {
        memcpy(digits, value.data, value.bytes);
        digits[value.bytes] = '\0';
        errno = 0;
        number = strtoll(digits, &end, 10);
    }
    if (end == digits || *end != '\0' || errno == ERANGE)
        return misfit_say(misfit, target->field->name, value,
                          "is not a whole number of milliseconds since 1970");
    *(int64_t *)at(target) = number;
    return true;
}

static void set_nothing(const struct target *target)
{
    static char none[] = "";
    switch (target->field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)at(target) = none;
        return;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)at(target) = false;
        return;
    case PROTOBUF_C_TYPE_ENUM:
        *(int *)at(target) = 0;
        return;
    default:
        *(int64_t *)at(target) = 0;
        return;
    }
}

static bool set(const struct target *target, struct span value, struct arena *arena,
                struct misfit *misfit)
{
    if (value.bytes == 0) {
        set_nothing(target);
        return true;
    }
    switch (target->field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)at(target) = arena_copy(arena, value);
        return true;
    case PROTOBUF_C_TYPE_BOOL:
        return set_flag(target, value, misfit);
    case PROTOBUF_C_TYPE_ENUM:
        return set_word(target, value, misfit);
    default:
        CHECK(target->field->type == PROTOBUF_C_TYPE_INT64); /* a case has no others by itself */
        return set_time(target, value, misfit);
    }
}

bool wire_case_change(struct span bytes, const struct wire_what_if *what_if, struct arena *arena,
                      struct span *changed, struct misfit *misfit)
{
    ProtobufCMessage *one = rare_unpack(arena, &lianxin__v1__case__descriptor, bytes);
    struct target target;
    if (one == NULL)
        return misfit_say(misfit, "case", (struct span){0}, "is no Case");
    if (!find_target(one, what_if->field, arena, &target, misfit) ||
        !set(&target, what_if->value, arena, misfit))
        return false;
    *changed = rare_pack(arena, one);
    return true;
}
