/* A walk has a quick way for usual fields and a slow one for all. Here messages are walked both
 * ways, whole, with any byte changed and with any length: both must find the same, or find fault
 * with the same words. */
#include "wire/walk.h"
#include "wire/put.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { MESSAGE_BYTES_MAX = 1024 };

/* All kinds of fields, with tags and lengths of one byte and of two. */
static size_t make(uint8_t *message)
{
    char text[200];
    memset(text, 'x', sizeof text);
    uint8_t *out = put_text(message, CASE_SOURCE, span_of_string("s"));
    out = put_text(out, CASE_EXTERNAL_ID, span_of_string("e-1"));
    out = put_number(out, CASE_CHANNEL, 2);
    out = put_number(out, CASE_SECRET, 1);
    out = put_number(out, CASE_OCCURRED_MS, 1795500000000);
    out = put_head(out, CASE_ATTACHMENTS, 2 + 34);
    out = put_raw(out, span_of_string("\x22\x10"));
    out = put_text(out, 3, span_of(text, 32));
    out = put_text(out, CASE_TAGS, span_of_string("乐山"));
    out = put_head(out, CASE_TAGS, 0);
    out = put_text(out, CASE_TITLE, span_of(text, 150));
    out = put_text(out, CASE_TEXT, span_of_string("市民来电反映，12345。"));
    return (size_t)(out - message);
}

static void expect_same_fields(const struct field *quick, const struct field *slow)
{
    cr_assert_eq(quick->descriptor, slow->descriptor);
    cr_assert_eq(quick->number, slow->number);
    cr_assert_eq(quick->shortest, slow->shortest, "field %u", slow->number);
    cr_assert_eq(quick->value, slow->value);
    cr_assert_eq(quick->bytes.bytes, slow->bytes.bytes);
    cr_assert(slow->bytes.bytes == 0 || quick->bytes.data == slow->bytes.data);
    cr_assert_eq(quick->raw.data, slow->raw.data);
    cr_assert_eq(quick->raw.bytes, slow->raw.bytes);
}

static void expect_same_misfits(const struct misfit *quick, const struct misfit *slow)
{
    cr_assert_str_eq(quick->field, slow->field);
    cr_assert_str_eq(quick->message, slow->message);
    cr_assert(span_equal(quick->value, slow->value));
}

/* Returns how the walk ended. */
static enum walk_result walk_both(const ProtobufCMessageDescriptor *descriptor,
                                  const struct limit *limits, struct span message)
{
    struct walk quickly = walk_begin(descriptor, limits, message);
    struct walk slowly = quickly;
    for (;;) {
        struct field quick, slow;
        struct misfit quick_misfit, slow_misfit;
        enum walk_result result = walk_any(&slowly, &slow, &slow_misfit);
        cr_assert_eq(walk_next(&quickly, &quick, &quick_misfit), result);
        if (result == WALK_FIELD)
            expect_same_fields(&quick, &slow);
        if (result == WALK_BAD)
            expect_same_misfits(&quick_misfit, &slow_misfit);
        if (result != WALK_FIELD)
            return result;
        cr_assert_eq(quickly.rest.data, slowly.rest.data);
        cr_assert_eq(quickly.rest.bytes, slowly.rest.bytes);
        if (slow.descriptor->type == PROTOBUF_C_TYPE_MESSAGE)
            walk_both(slow.descriptor->descriptor,
                      limits != NULL ? limits[slow.number].inside : NULL, slow.bytes);
    }
}

static void walk_case(struct span message)
{
    walk_both(&lianxin__v1__case__descriptor, case_limits, message);
    walk_both(&lianxin__v1__case__descriptor, NULL, message);
}

Test(walk, both_ways_read_a_message)
{
    uint8_t message[MESSAGE_BYTES_MAX];
    struct span whole = span_of(message, make(message));
    cr_expect_eq(walk_both(&lianxin__v1__case__descriptor, case_limits, whole), WALK_END);
    cr_expect_eq(walk_both(&lianxin__v1__case__descriptor, NULL, whole), WALK_END);
}

Test(walk, both_ways_agree_whatever_a_byte_is)
{
    uint8_t message[MESSAGE_BYTES_MAX];
    size_t bytes = make(message);
    for (size_t at = 0; at < bytes; at++) {
        uint8_t right = message[at];
        for (unsigned byte = 0; byte < 256; byte++) {
            message[at] = (uint8_t)byte;
            walk_case(span_of(message, bytes));
        }
        message[at] = right;
    }
}

Test(walk, both_ways_agree_whatever_two_bytes_are)
{
    uint8_t message[MESSAGE_BYTES_MAX];
    size_t bytes = make(message);
    static const uint8_t few[] = {0x00, 0x01, 0x02, 0x7F, 0x80, 0x81, 0xFF};
    for (size_t at = 0; at + 1 < bytes; at++) {
        uint8_t right[2] = {message[at], message[at + 1]};
        for (size_t i = 0; i < sizeof few * sizeof few; i++) {
            message[at] = few[i / sizeof few];
            message[at + 1] = few[i % sizeof few];
            walk_case(span_of(message, bytes));
        }
        memcpy(message + at, right, sizeof right);
    }
}

Test(walk, both_ways_agree_however_short_a_message_is)
{
    uint8_t message[MESSAGE_BYTES_MAX];
    size_t bytes = make(message);
    for (size_t cut = 0; cut < bytes; cut++) {
        /* Of its own, so that a look beyond it shows where memory is guarded. */
        uint8_t *exact = malloc(cut + 1);
        memcpy(exact + 1, message, cut);
        walk_case(span_of(exact + 1, cut));
        free(exact);
    }
}

/* Of 64 bits and of 32, in their shortest encoding and with a byte too many. */
Test(walk, both_ways_agree_on_numbers_of_any_length)
{
    for (uint32_t i = 0; i < 3 * 64; i++) {
        uint64_t value = (UINT64_C(1) << i / 3) + i % 3 - 1;
        uint8_t message[2 * (1 + VARINT_MAX) + 1];
        uint8_t *end = put_number(message, REPLAY_FIRST, value);
        struct span first = span_of(message, (size_t)(end - message));
        walk_both(&lianxin__v1__replay__descriptor, replay_limits, first);
        end = put_number(end, REPLAY_LIMIT, value);
        struct span both = span_of(message, (size_t)(end - message));
        enum walk_result result = walk_both(&lianxin__v1__replay__descriptor, replay_limits, both);
        cr_expect_eq(result, value <= UINT32_MAX ? WALK_END : WALK_BAD);
        if (value == 0)
            continue;
        end[-1] |= 0x80;
        *end++ = 0;
        walk_both(&lianxin__v1__replay__descriptor, replay_limits,
                  span_of(message, (size_t)(end - message)));
        walk_both(&lianxin__v1__replay__descriptor, NULL,
                  span_of(message, (size_t)(end - message)));
    }
}

Test(walk, no_number_has_more_than_64_bits)
{
    uint8_t message[] = {
        REPLAY_FIRST << 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1};
    struct span whole = span_of(message, sizeof message);
    cr_expect_eq(walk_both(&lianxin__v1__replay__descriptor, replay_limits, whole), WALK_END);
    message[sizeof message - 1] = 2;
    cr_expect_eq(walk_both(&lianxin__v1__replay__descriptor, replay_limits, whole), WALK_BAD);
}

Test(walk, a_message_without_fields_has_none)
{
    static const uint8_t field[] = {0x08, 0x01, 0x08, 0x01};
    cr_expect_eq(walk_both(&lianxin__v1__status__descriptor, NULL, (struct span){0}), WALK_END);
    cr_expect_eq(walk_both(&lianxin__v1__status__descriptor, NULL, span_of(field, sizeof field)),
                 WALK_BAD);
}
