/* Messages as JSON. Shown against lines written by hand, against protobuf-c's own pack (what is
 * written and read again packs to the same bytes), and by faults, whose whole text is compared: it
 * is what the people who write adapters will work with.
 */
#include "tools/json.h"

#include "lianxin.pb-c.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define CASE lianxin__v1__case__descriptor

static void expect_written(const ProtobufCMessage *message, const char *expected)
{
    char *line = json_from_message(message);
    cr_expect_str_eq(line, expected);
    free(line);
}

static void expect_fault(const ProtobufCMessageDescriptor *descriptor, const char *text,
                         const char *expected)
{
    char fault[JSON_FAULT_BYTES] = "";
    struct arena *arena = arena_create();
    cr_expect_null(json_to_message(descriptor, span_of_string(text), arena, fault));
    cr_expect_str_eq(fault, expected);
    arena_destroy(&arena);
}

/* What the text says, written anew. */
static void expect_read(const ProtobufCMessageDescriptor *descriptor, const char *text,
                        const char *expected)
{
    char fault[JSON_FAULT_BYTES] = "";
    struct arena *arena = arena_create();
    ProtobufCMessage *message = json_to_message(descriptor, span_of_string(text), arena, fault);
    cr_assert_not_null(message, "%s: %s", text, fault);
    expect_written(message, expected);
    arena_destroy(&arena);
}

static void expect_same_after_reading(const ProtobufCMessage *message)
{
    char fault[JSON_FAULT_BYTES] = "";
    struct arena *arena = arena_create();
    char *line = json_from_message(message);
    ProtobufCMessage *again =
        json_to_message(message->descriptor, span_of_string(line), arena, fault);
    cr_assert_not_null(again, "%s: %s", line, fault);
    size_t bytes = protobuf_c_message_get_packed_size(message);
    cr_assert_eq(protobuf_c_message_get_packed_size(again), bytes, "%s", line);
    uint8_t *packed = malloc(2 * bytes + 1);
    protobuf_c_message_pack(message, packed);
    protobuf_c_message_pack(again, packed + bytes);
    cr_expect_arr_eq(packed, packed + bytes, bytes, "%s", line);
    free(packed);
    free(line);
    arena_destroy(&arena);
}

Test(json, a_message_is_one_line_in_the_order_of_the_proto)
{
    Lianxin__V1__Case ticket = LIANXIN__V1__CASE__INIT;
    expect_written(&ticket.base, "{}");
    Lianxin__V1__Reporter reporter = LIANXIN__V1__REPORTER__INIT;
    Lianxin__V1__Attachment attachment = LIANXIN__V1__ATTACHMENT__INIT;
    Lianxin__V1__Attachment *attachments[] = {&attachment};
    char *tags[] = {(char *)"噪音", (char *)""};
    uint8_t digest[] = {0x00, 0x7f, 0xff};
    reporter.phone = (char *)"13800000000";
    attachment.uri = (char *)"file:1";
    attachment.sha256 = (ProtobufCBinaryData){sizeof digest, digest};
    attachment.size = UINT64_MAX;
    ticket.text = (char *)"\"夜里\"\n\\";
    ticket.source = (char *)"wx";
    ticket.channel = LIANXIN__V1__CHANNEL__CHANNEL_WECHAT;
    ticket.secret = true;
    ticket.received_ms = -1;
    ticket.attachments = attachments;
    ticket.n_attachments = 1;
    ticket.tags = tags;
    ticket.n_tags = 2;
    ticket.reporter = &reporter;
    expect_written(&ticket.base,
                   "{\"source\":\"wx\",\"channel\":\"wechat\",\"secret\":true,\"attachments\":"
                   "[{\"uri\":\"file:1\",\"sha256\":\"007fff\",\"size\":\"18446744073709551615\"}],"
                   "\"tags\":[\"噪音\",\"\"],\"received_ms\":-1,"
                   "\"reporter\":{\"phone\":\"13800000000\"},"
                   "\"text\":\"\\\"夜里\\\"\\n\\\\\"}");
    expect_same_after_reading(&ticket.base);
}

Test(json, only_the_chosen_member_of_a_oneof_is_written)
{
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Status status = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Replay replay = LIANXIN__V1__REPLAY__INIT;
    expect_written(&request.base, "{}");
    request.id = INT64_MAX;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    expect_written(&request.base, "{\"id\":9223372036854775807,\"status\":{}}");
    expect_same_after_reading(&request.base);
    request.body_case = LIANXIN__V1__REQUEST__BODY_REPLAY;
    request.replay = &replay;
    replay.unit = (char *)"511126000000.urban";
    replay.limit = UINT32_MAX;
    expect_written(&request.base, "{\"id\":9223372036854775807,\"replay\":{\"unit\":"
                                  "\"511126000000.urban\",\"limit\":4294967295}}");
    expect_same_after_reading(&request.base);
}

Test(json, what_is_not_known_or_not_text_is_written_all_the_same)
{
    Lianxin__V1__Answer answer = LIANXIN__V1__ANSWER__INIT;
    answer.outcome = (Lianxin__V1__Outcome)77;
    answer.value = (char *)"a\xff"
                           "夹\xe6\x9d";
    answer.message = NULL;
    expect_written(&answer.base, "{\"outcome\":77,\"value\":\"a?夹??\"}");
}

Test(json, enums_are_read_in_all_their_forms_and_nothing_as_default)
{
    const char *all = "{\"channel\":\"phone\",\"type\":\"report\"}";
    expect_read(&CASE, "{\"channel\":\"PHONE\",\"type\":\"TYPE_REPORT\"}", all);
    expect_read(&CASE, "\xef\xbb\xbf{\"channel\":\"phone\",\"type\":\"report\"}", all);
    expect_read(&CASE, "{\"type\":\"type_report\",\n \"channel\":\"Phone\"}", all);
    expect_read(
        &CASE,
        "{\"channel\":\"phone\",\"type\":\"report\",\"urgency\":\"unspecified\",\"text\":"
        "null,\"tags\":[],\"reporter\":null,\"secret\":false,\"occurred_ms\":0,\"line\":\"\"}",
        all);
    expect_read(&lianxin__v1__attachment__descriptor,
                "{\"size\":\"18446744073709551615\",\"sha256\":\"00Ff\"}",
                "{\"sha256\":\"00ff\",\"size\":\"18446744073709551615\"}");
    expect_read(&lianxin__v1__request__descriptor, "{\"act\":null,\"lookup\":{\"serial\":\"7\"}}",
                "{\"lookup\":{\"serial\":7}}");
}

Test(json, a_fault_names_place_value_and_remedy)
{
    expect_fault(&CASE, "{\"channel\":\"fone\"}",
                 "case.channel: \"fone\" is not one of phone, sms, email, wechat, weibo, app, "
                 "letter, visit");
    expect_fault(&CASE, "{\"type\":3}",
                 "case.type: 3 is not one of enquiry, help, complaint, report, suggestion, praise");
    expect_fault(&CASE, "{\"titel\":\"x\"}", "case.titel: there is no such field; is it title?");
    expect_fault(&CASE, "{\"reporter\":{\"fone\":\"1\"}}",
                 "case.reporter.fone: there is no such field; is it phone?");
    expect_fault(&lianxin__v1__respondent__descriptor, "{\"telephone\":\"1\"}",
                 "respondent.telephone: there is no such field; there are name, phone");
    expect_fault(&CASE, "{\"title\":5}", "case.title: 5 is not text in quotes");
    expect_fault(&CASE, "{\"tags\":\"a\"}", "case.tags: \"a\" is not a list in [ ]");
    expect_fault(&CASE, "{\"tags\":[\"a\",{}]}", "case.tags[1]: {} is not text in quotes");
    expect_fault(&CASE, "{\"attachments\":[{},{\"sha256\":\"0g\"}]}",
                 "case.attachments[1].sha256: \"0g\" is not text of hex digits, two a byte");
    expect_fault(&CASE, "{\"attachments\":[{\"sha256\":\"012\"}]}",
                 "case.attachments[0].sha256: \"012\" is not text of hex digits, two a byte");
    expect_fault(&CASE, "{\"secret\":\"yes\"}", "case.secret: \"yes\" is neither true nor false");
    expect_fault(&CASE, "{\"occurred_ms\":1.5}", "case.occurred_ms: 1.5 is not a whole number");
    expect_fault(&CASE, "{\"reporter\":[]}", "case.reporter: [] is not an object in { }");
    expect_fault(&CASE, "[]", "case: [] is not an object in { }");
    expect_fault(&CASE, "{\"text\":\"a\\u0000b\"}",
                 "case.text: \"a\\u0000b\" holds a zero character");
    expect_fault(&CASE, "{\"channel\":\"phone\\u0000\"}",
                 "case.channel: \"phone\\u0000\" holds a zero character");
}

Test(json, numbers_out_of_range_are_refused)
{
    expect_fault(&lianxin__v1__replay__descriptor, "{\"limit\":4294967296}",
                 "replay.limit: 4294967296 is not a whole number up to 4294967295");
    expect_fault(&lianxin__v1__replay__descriptor, "{\"first\":-1}",
                 "replay.first: -1 is not a whole number from 0 on");
    expect_fault(&lianxin__v1__replay__descriptor, "{\"first\":\"18446744073709551616\"}",
                 "replay.first: \"18446744073709551616\" is not a whole number up to "
                 "18446744073709551615");
    expect_fault(&lianxin__v1__replay__descriptor, "{\"first\":\"7x\"}",
                 "replay.first: \"7x\" is not a whole number up to 18446744073709551615");
}

Test(json, two_members_of_a_oneof_are_refused)
{
    expect_fault(&lianxin__v1__request__descriptor, "{\"status\":{},\"act\":{\"text\":\"x\"}}",
                 "request.act: {\"text\":\"x\"} is one too many: another of its kind is there");
}

Test(json, what_is_not_json_is_told_by_line_and_column)
{
    expect_fault(&CASE, "{\"source\":\"a\",\n\"line\" 5}",
                 "not JSON at line 2, column 8: ':' expected near '5'");
    expect_fault(&CASE, "{\"line\":\"1\",\"line\":\"2\"}",
                 "not JSON at line 1, column 18: duplicate object key near '\"line\"'");
    expect_fault(&CASE, "{}\n{}",
                 "not JSON at line 2, column 1: one object is wanted here, and there is more "
                 "behind it");
    expect_fault(&CASE, "{\"text\":\"\xb5\xc6\"}",
                 "not JSON at line 1, column 9: the text is not UTF-8, as JSON is");
    expect_fault(&CASE, "", "not JSON at line 1, column 0: '[' or '{' expected near end of file");
}

Test(json, a_fault_is_cut_where_a_character_ends)
{
    char text[4096] = "{\"channel\":\"";
    char fault[JSON_FAULT_BYTES];
    struct arena *arena = arena_create();
    for (int i = 0; i < 300; i++)
        strcat(text, "连");
    strcat(text, "\"}");
    cr_expect_null(json_to_message(&CASE, span_of_string(text), arena, fault));
    cr_expect_not_null(strstr(fault, "连... is not one of phone"));
    /* And where a name is far too long, whatever its offset. */
    for (int shift = 0; shift < 3; shift++) {
        strcpy(text, "{\"");
        memset(text + 2, 'x', (size_t)shift);
        text[2 + shift] = '\0';
        for (int i = 0; i < 300; i++)
            strcat(text, "连");
        strcat(text, "\":1}");
        cr_expect_null(json_to_message(&CASE, span_of_string(text), arena, fault));
        size_t bytes = strlen(fault);
        cr_expect_geq(bytes, JSON_FAULT_BYTES - 4);
        cr_expect_str_eq(fault + bytes - strlen("连"), "连");
    }
    expect_fault(&CASE, "{\"\\u001b[2J\":1}",
                 "case.(unprintable): there is no such field; there are source, external_id, "
                 "channel, line, type, category, place, applicant, secret, urgency, occurred_ms, "
                 "attachments, tags, earlier_ticket, received_ms, reporter, respondent, address, "
                 "title, text, answer");
    arena_destroy(&arena);
}

/* -- any message at all ------------------------------------------------------------------------ */

static uint64_t random_state;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* A valid case with random fields, by way of JSON text; read, it must write and pack the same. */
static void random_case(char *text, size_t room)
{
    static const char *const members[] = {
        "\"source\":\"s\"",
        "\"channel\":\"visit\"",
        "\"type\":\"praise\"",
        "\"applicant\":\"citizen\"",
        "\"secret\":true",
        "\"urgency\":\"critical\"",
        "\"occurred_ms\":%lld",
        "\"attachments\":[{},{\"size\":%lld}]",
        "\"tags\":[\"\",\"%lld\"]",
        "\"reporter\":{}",
        "\"respondent\":{\"name\":\"%lld\"}",
        "\"address\":\"\\u0009\"",
        "\"text\":\"\xf0\xa0\x80\x80\\n%lld\"",
    };
    size_t used = (size_t)snprintf(text, room, "{");
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (next_random() % 2 == 0)
            continue;
        if (used > 1)
            text[used++] = ',';
        char member[128];
        const char *mark = strstr(members[i], "%lld");
        if (mark == NULL)
            snprintf(member, sizeof member, "%s", members[i]);
        else
            snprintf(member, sizeof member, "%.*s%lld%s", (int)(mark - members[i]), members[i],
                     (long long)(next_random() % INT64_MAX), mark + strlen("%lld"));
        used += (size_t)snprintf(text + used, room - used, "%s", member);
    }
    snprintf(text + used, room - used, "}");
}

Test(json, what_is_written_reads_back_the_same)
{
    const char *given = getenv("SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20260301;
    random_state = seed;
    for (int round = 0; round < 300; round++) {
        char text[2048];
        char fault[JSON_FAULT_BYTES];
        struct arena *arena = arena_create();
        random_case(text, sizeof text);
        ProtobufCMessage *message = json_to_message(&CASE, span_of_string(text), arena, fault);
        cr_assert_not_null(message, "seed %lu: %s: %s", seed, text, fault);
        expect_same_after_reading(message);
        arena_destroy(&arena);
    }
}

/* Every prefix of a line, and the line with any byte changed, is read or refused with a fault. */
Test(json, damaged_lines_are_faults)
{
    static const char line[] = "{\"source\":\"s\",\"attachments\":[{\"sha256\":\"00ff\"}],"
                               "\"occurred_ms\":12,\"secret\":true,\"type\":\"help\"}";
    struct arena *arena = arena_create();
    char fault[JSON_FAULT_BYTES];
    for (size_t bytes = 0; bytes + 1 < sizeof line; bytes++)
        cr_expect_null(json_to_message(&CASE, span_of(line, bytes), arena, fault));
    for (size_t at = 0; at + 1 < sizeof line; at++) {
        for (int value = 0; value < 256; value += 3) {
            char changed[sizeof line];
            memcpy(changed, line, sizeof line);
            changed[at] = (char)value;
            fault[0] = '\0';
            if (json_to_message(&CASE, span_of(changed, sizeof line - 1), arena, fault) == NULL)
                cr_expect_neq(fault[0], '\0');
        }
    }
    arena_destroy(&arena);
}
