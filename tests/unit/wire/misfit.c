/* A Case that does not fit is refused, with the field, the reason, and what would be right.
 *
 * Each limit at it and one above, each kind of wrong encoding, each check of a value, on the least
 * case with one thing more.
 */
#include "made.h"
#include "wire/limits.h"
#include "wire/put.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void expect(struct span bytes, const char *field, const char *message)
{
    struct ticket ticket = made_read_case(bytes);
    cr_assert(!ticket.valid, "%s: %s", field, message);
    cr_assert_str_eq(made_misfit.field, field, "%s: %s", made_misfit.field, made_misfit.message);
    cr_assert_not_null(strstr(made_misfit.message, message), "%s: %s", field, made_misfit.message);
    cr_assert(made_misfit.value.bytes <= 64);
}

/* The least case with something behind it. */
static struct span followed_by(const void *bytes, size_t count)
{
    static struct made made;
    Lianxin__V1__Case least = made_least_case();
    made_pack(&least.base, &made);
    memcpy(made.bytes + made.count, bytes, count);
    made.count += count;
    return made_span(&made);
}

/* The least case with one text more. */
static struct span with_text(uint32_t number, const char *text)
{
    static uint8_t buffer[WIRE_CASE_BYTES_MAX + 64];
    struct made made;
    Lianxin__V1__Case least = made_least_case();
    made_pack(&least.base, &made);
    uint8_t *end = put_text(put_raw(buffer, made_span(&made)), number, span_of_string(text));
    return span_of(buffer, (size_t)(end - buffer));
}

static struct span with_number(uint32_t number, uint64_t value)
{
    uint8_t buffer[32];
    return followed_by(buffer, (size_t)(put_number(buffer, number, value) - buffer));
}

static struct span with_inner(uint32_t number, uint32_t inner, struct span text)
{
    uint8_t buffer[1024];
    uint8_t *end = put_head(buffer, number, text_bytes(inner, text));
    return followed_by(buffer, (size_t)(put_text(end, inner, text) - buffer));
}

static const char *letters(size_t count)
{
    static char text[WIRE_CASE_BYTES_MAX + 2];
    memset(text, 'x', count);
    text[count] = '\0';
    return text;
}

/* One field with a limit, at it and one above. outer is 0 for a field of the case itself. */
static void check_limit(const struct limit *limit, uint32_t outer, uint32_t number)
{
    char message[64];
    for (uint32_t bytes = limit->bytes_max; bytes <= limit->bytes_max + 1; bytes++) {
        const char *text = letters(bytes);
        struct span message_bytes =
            outer == 0 ? with_text(number, text) : with_inner(outer, number, span_of_string(text));
        struct ticket ticket = made_read_case(message_bytes);
        if (bytes == limit->bytes_max) {
            cr_assert(ticket.valid || strstr(made_misfit.message, " bytes") == NULL, "%s: %s",
                      limit->path, made_misfit.message);
            continue; /* letters are no ticket number, and without its uri an attachment is none */
        }
        snprintf(message, sizeof message, "%s%u bytes%s; this has %u",
                 limit->exact ? "" : "at most ", limit->bytes_max, limit->exact ? " or none" : "",
                 bytes);
        expect(message_bytes, limit->path, message);
        cr_assert_eq(made_misfit.value.bytes, limit->exact ? 0 : (bytes < 64 ? bytes : 64),
                     "bytes cannot be shown");
    }
}

Test(misfit, every_length_may_reach_its_limit_and_not_exceed_it)
{
    for (uint32_t number = 1; number <= CASE_FIELDS; number++) {
        const struct limit *limit = &case_limits[number];
        if (limit->bytes_max != 0 && number != CASE_TEXT)
            check_limit(limit, 0, number);
        const ProtobufCMessageDescriptor *inside =
            limit->inside != NULL ? lianxin__v1__case__descriptor.fields[number - 1].descriptor
                                  : NULL;
        for (uint32_t inner = 1; inside != NULL && inner <= inside->n_fields; inner++)
            if (limit->inside[inner].bytes_max != 0)
                check_limit(&limit->inside[inner], number, inner);
    }
    /* The text alone may be as long as the whole, so the whole is too long first. */
    size_t others = with_text(CASE_TEXT, "").bytes + 1 + 1 + 3;
    size_t most = WIRE_CASE_BYTES_MAX - others;
    cr_assert(made_read_case(with_text(CASE_TEXT, letters(most))).valid);
    expect(with_text(CASE_TEXT, letters(most + 1)), "", "at most 32768 bytes in all; this has 327");
}

Test(misfit, there_are_as_many_tags_and_attachments_as_there_may_be)
{
    struct made made;
    Lianxin__V1__Case message = made_least_case();
    static Lianxin__V1__Attachment attachment = LIANXIN__V1__ATTACHMENT__INIT;
    Lianxin__V1__Attachment *attachments[17];
    char *tags[17];
    attachment.uri = "x";
    for (int i = 0; i < 17; i++) {
        attachments[i] = &attachment;
        tags[i] = "x";
    }
    message.attachments = attachments;
    message.tags = tags;
    message.n_attachments = message.n_tags = 16;
    made_pack(&message.base, &made);
    cr_assert(made_read_case(made_span(&made)).valid);
    message.n_tags = 17;
    made_pack(&message.base, &made);
    expect(made_span(&made), "tags", "at most 16");
    message.n_tags = 0;
    message.n_attachments = 17;
    made_pack(&message.base, &made);
    expect(made_span(&made), "attachments", "at most 16");
    attachments[2] = &(Lianxin__V1__Attachment)LIANXIN__V1__ATTACHMENT__INIT;
    made_pack(&message.base, &made);
    expect(made_span(&made), "attachments.uri", "is required (attachments[2])");
    message.n_tags = 4;
    message.n_attachments = 0;
    tags[3] = (char *)letters(65);
    made_pack(&message.base, &made);
    expect(made_span(&made), "tags", "at most 64 bytes; this has 65 (tags[3])");
}

Test(misfit, what_is_required_is_missed_also_where_it_is_empty)
{
    struct made made;
    Lianxin__V1__Case message = made_least_case();
    message.source = "";
    made_pack(&message.base, &made);
    expect(made_span(&made), "source", "is required");
    message = made_least_case();
    message.external_id = "";
    made_pack(&message.base, &made);
    expect(made_span(&made), "external_id", "is required");
    message = made_least_case();
    message.channel = 0;
    made_pack(&message.base, &made);
    expect(made_span(&made), "channel", "is required");
    message = made_least_case();
    message.type = 0;
    made_pack(&message.base, &made);
    expect(made_span(&made), "type", "is required");
    expect(followed_by("\x18\x00", 2), "channel", "is required"); /* given, then taken back */
    expect((struct span){0}, "source", "is required");
}

Test(misfit, text_is_utf8_without_control_characters)
{
    expect(with_text(CASE_TITLE, "路灯\xE8\xB7"), "title", "is not UTF-8 from byte 6 on");
    expect(with_text(CASE_TITLE, "\xC0\xAF"), "title", "is not UTF-8 from byte 0 on");
    expect(with_text(CASE_TITLE, "a\xED\xA0\x80"), "title", "is not UTF-8 from byte 1 on");
    expect(with_text(CASE_TITLE, "ab\x01"), "title", "holds a control character (byte 2)");
    expect(with_text(CASE_TITLE, "ab\xC2\x85"), "title", "holds a control character (byte 2)");
    expect(with_text(CASE_TITLE, "ab\xC2"), "title", "is not UTF-8 from byte 2 on");
    expect(with_text(CASE_TAGS, "\xFF"), "tags", "is not UTF-8 from byte 0 on (tags[0])");
    expect(followed_by("\x9A\x01\x03x\0y", 6), "title", "holds a control character (byte 1)");
    expect(with_inner(CASE_REPORTER, 3, span_of_string("139\x7F")), "reporter.phone",
           "holds a control character (byte 3)");
    cr_assert(made_read_case(with_text(CASE_TITLE, "路灯\t坏了\r\n🚧")).valid);
}

Test(misfit, the_encoding_is_that_of_the_proto_file)
{
    expect(followed_by("\xB0\x01\x01", 3), "", "Case has a field 22");
    expect(followed_by("\xB0\x01\x01", 3), "", "lianxin.v1");
    expect(followed_by("\x00\x01", 2), "", "Case has a field 0");
    expect(with_inner(CASE_REPORTER, 9, span_of_string("x")), "reporter", "Reporter has a field 9");
    expect(followed_by("\x20\x01", 2), "line", "another type"); /* a number for text */
    expect(followed_by("\x1A\x01\x01", 3), "channel", "another type");
    expect(followed_by("\x1B\x1C", 2), "channel", "another type"); /* a group */
    expect(followed_by("\x1D\x01\x00\x00\x00", 5), "channel", "another type");
    expect(followed_by("\x22\x05x", 3), "line", "is cut short");
    expect(followed_by("\x18\x80", 2), "channel", "is cut short");
    expect(followed_by("\x80", 1), "", "is cut short");
    expect(followed_by("\x18\x09", 2), "channel", "9 is no Channel; the highest there is is 8");
    expect(followed_by("\x18\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11), "channel",
           "18446744073709551615 is no Channel");
    expect(followed_by("\x18\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 11), "channel",
           "is cut short"); /* more than 64 bits */
    /* protobuf-c reads tags and lengths of at most five bytes. */
    expect(followed_by("\x98\x80\x80\x80\x80\x00\x01", 7), "", "is cut short");
    expect(followed_by("\x22\x81\x80\x80\x80\x80\x00x", 8), "line", "is cut short");
    expect(followed_by("\x82\x01\x00\x82\x01\x00", 6), "reporter", "is given twice");
    cr_assert(made_read_case(followed_by("\x82\x01\x00", 3)).valid);
}

Test(misfit, times_lie_between_1970_and_a_minute_from_now)
{
    cr_assert(made_read_case(with_number(CASE_OCCURRED_MS, MADE_NOW_MS + 60000)).valid);
    cr_assert(made_read_case(with_number(CASE_RECEIVED_MS, MADE_NOW_MS + 60000)).valid);
    expect(with_number(CASE_OCCURRED_MS, MADE_NOW_MS + 60001), "occurred_ms",
           "1795500060001 lies in the future");
    expect(with_number(CASE_RECEIVED_MS, MADE_NOW_MS + 60001), "received_ms", "lies in the future");
    expect(with_number(CASE_OCCURRED_MS, (uint64_t)-1), "occurred_ms", "-1 is before 1970");
    expect(with_number(CASE_RECEIVED_MS, (uint64_t)INT64_MIN), "received_ms", "is before 1970");
}

Test(misfit, an_earlier_ticket_is_a_number_that_was_heard_right)
{
    char number[NUMBER_BYTES_MAX];
    size_t bytes = number_format(20781, 123, number);
    cr_assert(made_read_case(with_text(CASE_EARLIER_TICKET, number)).valid);
    number[bytes - 1] = number[bytes - 1] == '9' ? '0' : (char)(number[bytes - 1] + 1);
    expect(with_text(CASE_EARLIER_TICKET, number), "earlier_ticket", "check digit does not fit");
    expect(with_text(CASE_EARLIER_TICKET, "yesterday's"), "earlier_ticket",
           "is no ticket number; they look like");
}

Test(misfit, a_value_is_shown_as_far_as_64_bytes_hold_whole_characters)
{
    char text[260] = "";
    for (int i = 0; i < 86; i++)
        strcat(text, "路");
    struct ticket ticket = made_read_case(with_text(CASE_PLACE, text));
    cr_assert(!ticket.valid);
    cr_assert_eq(made_misfit.value.bytes, 63);
    cr_assert(memcmp(made_misfit.value.data, text, 63) == 0);
}
