/* Cases that say something wrong: each is answered invalid with its field, its value and the limit,
 * nothing of it is stored, and the good cases beside it in the message are not harmed. */
#include "tests/engine/requests.h"

#include <criterion/criterion.h>
#include <inttypes.h>

enum { MINUTE_MS = 60000 };

/* What protobuf-c's C strings cannot hold is packed as a field that it does not know. */
static ProtobufCMessageUnknownField raw_field(uint32_t tag, const char *value, uint8_t bytes)
{
    static uint8_t data[8][128];
    static size_t used;
    uint8_t *place = data[used++ % 8];
    place[0] = bytes; /* a length below 128 is one byte */
    memcpy(place + 1, value, bytes);
    return (ProtobufCMessageUnknownField){.tag = tag,
                                          .wire_type = PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED,
                                          .len = bytes + 1u,
                                          .data = place};
}

struct flaw {
    const char *field;
    const char *value;
    const char *part; /* of the message: the limit */
};

/* Submits each case between two good ones, all in one message. */
static void expect_invalid(Lianxin__V1__Case *bad, const struct flaw *flaws, size_t count,
                           bool strict)
{
    struct bench_engine bench;
    Lianxin__V1__Case cases[64];
    char ids[64][24];
    cr_assert_lt(2 * count, 64);
    for (size_t i = 0; i < 2 * count + 1; i++) {
        snprintf(ids[i], sizeof ids[i], "%zu", i);
        cases[i] = i % 2 == 0 ? bench_case(ids[i]) : bad[i / 2];
    }
    bench_open(&bench, 0);
    Lianxin__V1__Reply *reply = bench_submit_all(&bench, cases, 2 * count + 1, strict);
    for (size_t i = 0; i < 2 * count + 1; i++) {
        const Lianxin__V1__Answer *answer = answer_of(reply, i);
        if (i % 2 == 0) {
            cr_expect_eq(answer->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, "case %zu", i);
            cr_expect_eq(answer->serial, i / 2 + 1);
            cr_expect_str_eq(answer->unit, ENVIRONMENT);
            continue;
        }
        const struct flaw *flaw = &flaws[i / 2];
        cr_expect_eq(answer->outcome, LIANXIN__V1__OUTCOME__OUTCOME_INVALID, "%s", flaw->part);
        cr_expect_str_eq(answer->field, flaw->field);
        cr_expect_str_eq(answer->value, flaw->value);
        cr_expect_not_null(strstr(answer->message, flaw->part), "'%s' is not in '%s'", flaw->part,
                           answer->message);
        cr_expect_str_eq(answer->number, "");
        cr_expect_eq(answer->serial, 0);
    }
    reply_free(reply);
    reply = bench_status(&bench);
    cr_expect_eq(reply->status->tickets, count + 1);
    cr_expect_eq(reply->status->invalid, count);
    reply_free(reply);
    reply = bench_replay(&bench, ENVIRONMENT, 1, 0);
    cr_expect_eq(reply->feed->n_events, count + 1);
    reply_free(reply);
    bench_close(&bench);
}

#define LONG_LINE "12345678901234567"

Test(invalid, what_is_missing_too_long_or_no_text_is_told_with_field_value_and_limit)
{
    char long_source[65 + 1] = "";
    char shown[64 + 1] = ""; /* no more is shown of a value */
    memset(long_source, 'x', 65);
    memset(shown, 'x', 64);
    const struct flaw flaws[] = {
        {"source", "", "is required"},
        {"external_id", "", "is required"},
        {"channel", "", "is required"},
        {"type", "", "is required"},
        {"line", LONG_LINE, "at most 16 bytes; this has 17"},
        {"source", shown, "at most 64 bytes; this has 65"},
        {"text", "", "not UTF-8 from byte 3 on"},
        {"title", "", "control character (byte 1)"},
        {"title", "", "control character (byte 2)"},
        {"place", "", "control character (byte 6)"},
        {"attachments.uri", "", "is required (attachments[0])"},
    };
    enum { COUNT = sizeof flaws / sizeof flaws[0] };
    Lianxin__V1__Case bad[COUNT];
    Lianxin__V1__Attachment nowhere = LIANXIN__V1__ATTACHMENT__INIT;
    Lianxin__V1__Attachment *attachments[] = {&nowhere};
    ProtobufCMessageUnknownField title = raw_field(19, "ab\0c", 4);
    ProtobufCMessageUnknownField place = raw_field(7, "511126\0", 7);
    for (size_t i = 0; i < COUNT; i++)
        bad[i] = bench_case("bad");
    bad[0].source = "";
    bad[1].external_id = "";
    bad[2].channel = LIANXIN__V1__CHANNEL__CHANNEL_UNSPECIFIED;
    bad[3].type = LIANXIN__V1__TYPE__TYPE_UNSPECIFIED;
    bad[4].line = LONG_LINE;
    bad[5].source = long_source;
    bad[6].text = "abc\xC3\x28";
    bad[7].title = "a\x01";
    bad[8].base.unknown_fields = &title;
    bad[8].base.n_unknown_fields = 1;
    bad[9].base.unknown_fields = &place;
    bad[9].base.n_unknown_fields = 1;
    bad[10].attachments = attachments;
    bad[10].n_attachments = 1;
    expect_invalid(bad, flaws, COUNT, false);
}

Test(invalid, what_means_nothing_here_is_told_with_field_and_value)
{
    char future[24];
    char now[24];
    snprintf(future, sizeof future, "%" PRId64, (int64_t)BENCH_START_MS + MINUTE_MS + 1);
    snprintf(now, sizeof now, "it is %" PRId64 " now", (int64_t)BENCH_START_MS);
    const struct flaw flaws[] = {
        {"channel", "", "9 is no Channel; the highest there is is 8"},
        {"type", "", "99 is no Type; the highest there is is 6"},
        {"urgency", "", "4 is no Urgency"},
        {"occurred_ms", "", future},
        {"received_ms", "", now},
        {"occurred_ms", "", "before 1970"},
        {"place", "511199", "there is no such code; 5111 is 乐山市, as far as it goes"},
        {"place", "511126999", "511126 is 夹江县"},
        {"place", "110101", "all of 乐山市 begin with 5111"},
        {"category", "9999", "is not a category of 乐山市"},
        {"earlier_ticket", "20261124-000001-0", "check digit"},
        {"", "", "has a field 99, which this engine does not know"},
    };
    enum { COUNT = sizeof flaws / sizeof flaws[0] };
    Lianxin__V1__Case bad[COUNT];
    ProtobufCMessageUnknownField unknown = raw_field(99, "x", 1);
    for (size_t i = 0; i < COUNT; i++)
        bad[i] = bench_case("bad");
    bad[0].channel = (Lianxin__V1__Channel)9;
    bad[1].type = (Lianxin__V1__Type)99;
    bad[2].urgency = (Lianxin__V1__Urgency)4;
    bad[3].occurred_ms = BENCH_START_MS + MINUTE_MS + 1;
    bad[4].received_ms = INT64_MAX;
    bad[5].occurred_ms = -1;
    bad[6].place = "511199";
    bad[7].place = "511126999";
    bad[8].place = "110101";
    bad[9].category = "9999";
    bad[10].earlier_ticket = "20261124-000001-0";
    bad[11].base.unknown_fields = &unknown;
    bad[11].base.n_unknown_fields = 1;
    expect_invalid(bad, flaws, COUNT, false);
}

Test(invalid, what_is_doubtful_is_invalid_only_where_that_was_asked_for)
{
    const struct flaw flaws[] = {
        {"place", "没有这个地方", "is called so"},
        {"line", "99999", "is not a line of 乐山市"},
        {"category", "随便", "is not a category of 乐山市"},
    };
    enum { COUNT = sizeof flaws / sizeof flaws[0] };
    Lianxin__V1__Case doubtful[COUNT];
    const char *const ids[COUNT] = {"a", "b", "c"};
    for (size_t i = 0; i < COUNT; i++)
        doubtful[i] = bench_case(ids[i]);
    doubtful[0].place = "没有这个地方";
    doubtful[1].line = "99999";
    doubtful[2].category = "随便";
    expect_invalid(doubtful, flaws, COUNT, true);

    struct bench_engine bench;
    bench_open(&bench, 0);
    Lianxin__V1__Reply *reply = bench_submit_all(&bench, doubtful, COUNT, false);
    for (size_t i = 0; i < COUNT; i++) {
        cr_expect_eq(answer_of(reply, i)->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
        cr_expect_str_eq(answer_of(reply, i)->unit, "511100000000.desk", "case %zu", i);
    }
    reply_free(reply);
    bench_close(&bench);
}

/* Clocks differ by some seconds; and a case may be mended and sent again under the same id. */
Test(invalid, a_case_is_judged_by_the_time_it_comes_in_and_may_be_sent_again_mended)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    Lianxin__V1__Case one = bench_case("early");
    one.occurred_ms = BENCH_START_MS + MINUTE_MS + 1;
    Lianxin__V1__Reply *reply = bench_submit(&bench, &one);
    cr_assert_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_INVALID);
    reply_free(reply);
    bench_pass_ms(&bench, 1);
    reply = bench_submit(&bench, &one);
    cr_assert_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    reply_free(reply);
    bench_close(&bench);
}
