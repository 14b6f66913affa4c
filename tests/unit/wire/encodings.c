/* One content in the many encodings that protobuf allows: each differs from the usual one in a
 * single way, since a reading that is quick about the usual one must notice every other. */
#include "made.h"
#include "wire/limits.h"
#include "wire/put.h"

#include <criterion/criterion.h>

#define TEXT(literal) span_of_string(literal)

static uint8_t *put_begin(uint8_t *out)
{
    out = put_text(out, CASE_SOURCE, TEXT("s"));
    out = put_text(out, CASE_EXTERNAL_ID, TEXT("e"));
    return put_number(out, CASE_CHANNEL, 1);
}

static uint8_t *put_middle(uint8_t *out)
{
    out = put_number(out, CASE_TYPE, 2);
    out = put_text(out, CASE_PLACE, TEXT("5111"));
    out = put_number(out, CASE_SECRET, 1);
    return put_number(out, CASE_URGENCY, 2);
}

static uint8_t *put_reporter(uint8_t *out)
{
    out = put_head(out, CASE_REPORTER, 6);
    out = put_text(out, 1, TEXT("n"));
    return put_text(out, 3, TEXT("p"));
}

static uint8_t *put_end(uint8_t *out)
{
    return put_text(out, CASE_TEXT, TEXT("t"));
}

static uint8_t *usual(uint8_t *out)
{
    return put_end(put_reporter(put_middle(put_begin(out))));
}

static uint8_t *with_a_time_of_receipt(uint8_t *out)
{
    out = put_number(put_middle(put_begin(out)), CASE_RECEIVED_MS, 5);
    return put_end(put_reporter(out));
}

static uint8_t *in_another_order(uint8_t *out)
{
    return put_begin(put_middle(put_end(put_reporter(out))));
}

static uint8_t *with_a_field_twice(uint8_t *out)
{
    out = put_text(put_begin(out), CASE_LINE, TEXT("12345"));
    out = put_head(out, CASE_LINE, 0);
    return put_end(put_reporter(put_middle(out)));
}

/* Each number is above the one before it as often as not, and was there before. */
static uint8_t *with_a_stretch_many_times(uint8_t *out)
{
    out = put_begin(out);
    for (int i = 0; i < 64; i++)
        out = put_middle(out);
    return put_end(put_reporter(out));
}

static uint8_t *with_an_empty_field(uint8_t *out)
{
    out = put_head(put_begin(out), CASE_LINE, 0);
    return put_end(put_reporter(put_middle(out)));
}

static uint8_t *with_a_long_number(uint8_t *out)
{
    out = put_number(put_begin(out), CASE_TYPE, 2);
    out = put_text(out, CASE_PLACE, TEXT("5111"));
    out = put_number(out, CASE_SECRET, 1);
    out = put_raw(out, TEXT("\x50\x82")); /* urgency, in two bytes; a literal ends before a 0 */
    *out++ = 0;
    return put_end(put_reporter(out));
}

static uint8_t *with_another_true(uint8_t *out)
{
    out = put_number(put_begin(out), CASE_TYPE, 2);
    out = put_text(out, CASE_PLACE, TEXT("5111"));
    out = put_number(out, CASE_SECRET, 3);
    return put_end(put_reporter(put_number(out, CASE_URGENCY, 2)));
}

static uint8_t *with_a_long_length(uint8_t *out)
{
    out = put_reporter(put_middle(put_begin(out)));
    out = put_varint(out, CASE_TEXT << 3 | PUT_BYTES);
    out = put_raw(out, TEXT("\x81"));
    *out++ = 0;
    return put_raw(out, TEXT("t"));
}

static uint8_t *with_a_long_tag(uint8_t *out)
{
    out = put_text(out, CASE_SOURCE, TEXT("s"));
    out = put_text(out, CASE_EXTERNAL_ID, TEXT("e"));
    out = put_raw(out, TEXT("\x98")); /* channel, in two bytes */
    *out++ = 0;
    *out++ = 1;
    return put_end(put_reporter(put_middle(out)));
}

static uint8_t *with_a_long_tag_inside(uint8_t *out)
{
    out = put_head(put_middle(put_begin(out)), CASE_REPORTER, 7);
    out = put_raw(out, TEXT("\x8A")); /* name, in two bytes */
    *out++ = 0;
    out = put_text(put_raw(out, TEXT("\x01n")), 3, TEXT("p"));
    return put_end(out);
}

static uint8_t *with_a_reporter_in_another_order(uint8_t *out)
{
    out = put_head(put_middle(put_begin(out)), CASE_REPORTER, 6);
    out = put_text(out, 3, TEXT("p"));
    return put_end(put_text(out, 1, TEXT("n")));
}

static uint8_t *with_a_reporter_named_twice(uint8_t *out)
{
    out = put_head(put_middle(put_begin(out)), CASE_REPORTER, 9);
    out = put_text(out, 1, TEXT("x"));
    out = put_text(out, 1, TEXT("n"));
    return put_end(put_text(out, 3, TEXT("p")));
}

static uint8_t *with_an_empty_field_inside(uint8_t *out)
{
    out = put_head(put_middle(put_begin(out)), CASE_REPORTER, 8);
    out = put_text(out, 1, TEXT("n"));
    out = put_head(out, 2, 0);
    return put_end(put_text(out, 3, TEXT("p")));
}

static uint8_t *with_an_empty_message(uint8_t *out)
{
    out = put_reporter(put_middle(put_begin(out)));
    return put_end(put_head(out, CASE_RESPONDENT, 0));
}

static uint8_t *(*const encodings[])(uint8_t *out) = {
    with_a_time_of_receipt,      in_another_order,
    with_a_field_twice,          with_an_empty_field,
    with_a_long_number,          with_another_true,
    with_a_long_length,          with_a_reporter_in_another_order,
    with_a_reporter_named_twice, with_an_empty_field_inside,
    with_an_empty_message,       with_a_long_tag,
    with_a_long_tag_inside,      with_a_stretch_many_times,
};

enum { ENCODINGS = sizeof encodings / sizeof encodings[0] };

static struct ticket read_encoding(uint8_t *(*encoding)(uint8_t *out), struct made *made)
{
    made->count = (size_t)(encoding(made->bytes) - made->bytes);
    struct ticket ticket = made_read_case(made_span(made));
    cr_assert(ticket.valid, "%s: %s", made_misfit.field, made_misfit.message);
    return ticket;
}

Test(encodings, the_same_content_has_the_same_digest)
{
    struct made made;
    struct ticket first = read_encoding(usual, &made);
    for (uint32_t i = 0; i < ENCODINGS; i++) {
        struct ticket other = read_encoding(encodings[i], &made);
        cr_expect_arr_eq(first.content, other.content, DIGEST_BYTES, "encoding %u", i);
        cr_expect_arr_eq(first.key, other.key, DIGEST_BYTES, "encoding %u", i);
    }
}

static void write_event(const struct ticket *ticket, const struct made *made,
                        const struct case_parts *parts, struct made *event,
                        struct event_parts *written)
{
    struct ticket_state state = {.count = 0};
    struct event_text text = {.number = 1,
                              .serial = 1,
                              .kind = KIND_CASE,
                              .ticket = "20261124-000123-7",
                              .state = &state,
                              .submitted = made_span(made),
                              .parts = parts};
    cr_assert(ticket->valid);
    cr_assert_leq(wire_event_bytes_max(&text), sizeof event->bytes);
    wire_event_write(&text, event->bytes, written);
    event->count = written->open.bytes + written->story.bytes + written->reporter.bytes;
}

/* The parts that decode found make the same event as those that are looked for anew. */
Test(encodings, parts_told_are_the_parts_found)
{
    uint32_t known = 0;
    for (uint32_t i = 0; i <= ENCODINGS; i++) {
        struct made made;
        struct made told;
        struct made found;
        struct event_parts told_parts;
        struct event_parts found_parts;
        struct ticket ticket = read_encoding(i < ENCODINGS ? encodings[i] : usual, &made);
        write_event(&ticket, &made, &ticket.parts, &told, &told_parts);
        write_event(&ticket, &made, NULL, &found, &found_parts);
        cr_expect(span_equal(made_span(&told), made_span(&found)), "encoding %u", i);
        cr_expect_eq(told_parts.open.bytes, found_parts.open.bytes, "encoding %u", i);
        cr_expect_eq(told_parts.story.bytes, found_parts.story.bytes, "encoding %u", i);
        known += ticket.parts.known;
    }
    cr_expect_eq(known, ENCODINGS + 1 - 3, "all but those out of order and with a field twice");
}
