/* What the engine holds messages against is what lianxin.proto says.
 *
 * Reads the proto file as people do, field by field with its comments, and compares every "at most
 * N bytes", every count and every "required" with the tables; then the words of both sides.
 */
#include "wire/limits.h"
#include "wire/wire.h"

#include "lianxin.pb-c.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>

static char proto[64 * 1024];

static void read_proto(void)
{
    FILE *file = fopen("proto/lianxin.proto", "r");
    cr_assert_not_null(file, "run from the top of the tree");
    size_t bytes = fread(proto, 1, sizeof proto - 1, file);
    cr_assert(bytes < sizeof proto - 1);
    proto[bytes] = '\0';
    fclose(file);
}

TestSuite(limits, .init = read_proto);

/* Where the message's braces open. */
static const char *find_message(const char *name)
{
    char head[64];
    snprintf(head, sizeof head, "\nmessage %s {\n", name);
    const char *at = strstr(proto, head);
    cr_assert_not_null(at, "%s", name);
    return at + strlen(head);
}

/* All that is said of a field: the comment behind it and the comment lines below, as one line. */
static void read_comment(const char *message, const char *name, char comment[1024])
{
    char head[64];
    snprintf(head, sizeof head, " %s = ", name);
    const char *at = strstr(message, head);
    cr_assert_not_null(at, "%s", name);
    cr_assert(at < strstr(message, "\n}"), "%s", name);
    at = strchr(at, ';') + 1;
    size_t used = 0;
    do {
        const char *end = strchr(at, '\n');
        while (at < end && (isspace((unsigned char)*at) || *at == '/'))
            at++;
        used += (size_t)snprintf(comment + used, 1024 - used, "%.*s ", (int)(end - at), at);
        at = end + 1;
    } while (strncmp(at + strspn(at, " "), "//", 2) == 0);
    comment[used - 1] = '\0';
}

/* The number in the first "at most N" that bytes follow, or that none follow. */
static uint32_t at_most(const char *comment, bool bytes)
{
    static const char words[] = "at most ";
    for (const char *at = strstr(comment, words); at != NULL; at = strstr(at + 1, words)) {
        char *end;
        uint32_t number = (uint32_t)strtoul(at + strlen(words), &end, 10);
        if ((strncmp(end, " bytes", 6) == 0) == bytes)
            return number;
    }
    return 0;
}

/* "required", but not "required for sign" or "required there". */
static bool is_required(const char *comment)
{
    const char *at = strstr(comment, "required");
    return at != NULL && (at[8] == '\0' || at[8] == ',');
}

static uint32_t limits_seen;

static void compare(const ProtobufCMessageDescriptor *descriptor, const struct limit *limits,
                    const char *outer)
{
    char path[128];
    char comment[1024];
    const char *message = find_message(descriptor->short_name);
    for (uint32_t i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        const struct limit *limit = &limits[field->id];
        snprintf(path, sizeof path, "%s%s%s", outer, outer[0] != '\0' ? "." : "", field->name);
        cr_assert_str_eq(limit->path, path);
        read_comment(message, field->name, comment);
        bool is_long =
            field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES;
        uint32_t exact = strstr(comment, "empty or 32 bytes") != NULL ? 32 : 0;
        uint32_t bytes_max = exact != 0 ? exact : at_most(comment, true);
        cr_assert_eq(limit->bytes_max, bytes_max, "%s: %s", path, comment);
        cr_assert_eq(limit->exact, exact != 0, "%s", path);
        cr_assert_eq(limits[0].required >> field->id & 1, is_required(comment), "%s: %s", path,
                     comment);
        cr_assert_eq(is_long, bytes_max != 0, "%s is text or bytes, and they have a limit", path);
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            cr_assert_eq(limit->count_max, at_most(comment, false), "%s: %s", path, comment);
        cr_assert_eq(limit->inside != NULL, field->type == PROTOBUF_C_TYPE_MESSAGE, "%s", path);
        if (limit->inside != NULL) {
            cr_assert_str_eq(limit->inside[0].path, path);
            compare(field->descriptor, limit->inside, path);
        }
        limits_seen += bytes_max != 0;
    }
}

Test(limits, what_the_proto_file_says_of_a_field_is_what_the_table_says)
{
    compare(&lianxin__v1__case__descriptor, case_limits, "");
    compare(&lianxin__v1__act__descriptor, act_limits, "");
    compare(&lianxin__v1__lookup__descriptor, lookup_limits, "");
    compare(&lianxin__v1__replay__descriptor, replay_limits, "");
    compare(&lianxin__v1__desk__descriptor, desk_limits, "");
    compare(&lianxin__v1__report__descriptor, report_limits, "");
    compare(&lianxin__v1__load__descriptor, load_limits, "");
    compare(&lianxin__v1__rollback__descriptor, rollback_limits, "");
    compare(&lianxin__v1__history__descriptor, history_limits, "");
    cr_assert_eq(limits_seen, 11 + 3 + 6 + 2 + 8 + 1 + 1 + 1 + 1 + 3 + 3, "%u", limits_seen);
}

/* The case is read by itself, so its fields are named as in a Submit. */
Test(limits, what_the_proto_file_says_of_an_explain_is_what_the_table_says)
{
    char comment[1024];
    read_comment(find_message("Explain"), "number", comment);
    cr_assert_eq(explain_limits[EXPLAIN_NUMBER].bytes_max, at_most(comment, true), "%s", comment);
    cr_assert_eq(explain_limits[EXPLAIN_CASE].inside, case_limits);
    for (uint32_t i = 0; i < lianxin__v1__explain__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &lianxin__v1__explain__descriptor.fields[i];
        cr_assert_str_eq(explain_limits[field->id].path, field->name);
    }
}

Test(limits, what_the_proto_file_says_of_messages_is_what_the_engine_says)
{
    char text[128];
    snprintf(text, sizeof text, "as an adapter submits it; at most %d bytes", WIRE_CASE_BYTES_MAX);
    cr_assert_not_null(strstr(proto, text));
    snprintf(text, sizeof text, "// At most %d bytes encoded. Idempotent", WIRE_CASE_BYTES_MAX);
    cr_assert_not_null(strstr(proto, text));
    snprintf(text, sizeof text, "at most %d MiB and %d cases", WIRE_SUBMIT_BYTES_MAX >> 20,
             WIRE_SUBMIT_CASES_MAX);
    cr_assert_not_null(strstr(proto, text));
    snprintf(text, sizeof text, "at most %d; 0 means %d", WIRE_REPLAY_EVENTS_MAX,
             WIRE_REPLAY_EVENTS_MAX);
    cr_assert_not_null(strstr(proto, text));
}

/* CHANNEL_PHONE of Channel is "phone" in words.h, and so on. */
static void compare_words(const ProtobufCEnumDescriptor *descriptor, const struct word_list *list)
{
    char name[64];
    cr_assert_eq(descriptor->n_values, list->count, "%s", list->what);
    for (uint32_t i = 0; i < list->count; i++) {
        const char *theirs = descriptor->values[i].name + strlen(list->what) + 1;
        size_t bytes = strlen(theirs);
        for (size_t c = 0; c <= bytes; c++)
            name[c] = (char)tolower((unsigned char)theirs[c]);
        cr_assert_eq(descriptor->values[i].value, (int)i, "%s counts from 0", list->what);
        cr_assert_str_eq(word_name(list, i), i == 0 ? "" : name, "%s", list->what);
    }
}

Test(limits, the_words_of_the_proto_file_are_those_of_the_engine)
{
    compare_words(&lianxin__v1__channel__descriptor, &channel_words);
    compare_words(&lianxin__v1__type__descriptor, &type_words);
    compare_words(&lianxin__v1__applicant__descriptor, &applicant_words);
    compare_words(&lianxin__v1__urgency__descriptor, &urgency_words);
    compare_words(&lianxin__v1__role__descriptor, &role_words);
    compare_words(&lianxin__v1__state__descriptor, &state_words);
    compare_words(&lianxin__v1__verb__descriptor, &verb_words);
    compare_words(&lianxin__v1__reason__descriptor, &reason_words);
    compare_words(&lianxin__v1__disposition__descriptor, &disposition_words);
    compare_words(&lianxin__v1__regime__descriptor, &regime_words);
    compare_words(&lianxin__v1__need__descriptor, &need_words);
    compare_words(&lianxin__v1__how__descriptor, &how_words);
    cr_assert_eq(lianxin__v1__kind__descriptor.n_values, (unsigned)KIND_COUNT);
    cr_assert_eq(lianxin__v1__outcome__descriptor.n_values, (unsigned)OUTCOME_COUNT);
}

/* The walk knows varints and lengths; a new message with a float would be misread silently. */
static void check_types(const ProtobufCMessageDescriptor *descriptor)
{
    for (uint32_t i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        switch (field->type) {
        case PROTOBUF_C_TYPE_STRING:
        case PROTOBUF_C_TYPE_BYTES:
            break;
        case PROTOBUF_C_TYPE_MESSAGE:
            check_types(field->descriptor);
            break;
        case PROTOBUF_C_TYPE_ENUM:
        case PROTOBUF_C_TYPE_BOOL:
        case PROTOBUF_C_TYPE_UINT32:
        case PROTOBUF_C_TYPE_UINT64:
        case PROTOBUF_C_TYPE_INT64:
            cr_assert_neq(field->label, PROTOBUF_C_LABEL_REPEATED, "packed: %s", field->name);
            break;
        default:
            cr_assert_fail("%s.%s is of a type that the walk cannot read", descriptor->short_name,
                           field->name);
        }
    }
}

Test(limits, every_field_is_of_a_type_that_the_walk_reads)
{
    check_types(&lianxin__v1__request__descriptor);
    check_types(&lianxin__v1__event__descriptor);
}
