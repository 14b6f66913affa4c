/* Messages that are no requests, of every kind that an adapter with a bug might send: each is
 * refused with its reason and counted, what is beyond 4 MiB costs the connection, and the engine
 * goes on. */
#include "tests/engine/requests.h"

#include "stages/pipeline.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { MIB = 1024 * 1024, MESSAGE_BYTES_MAX = 4 * MIB };

static uint8_t large[MESSAGE_BYTES_MAX + 1];

/* A request of so many bytes with one field that begins with this tag. */
static struct span large_request(uint8_t tag, size_t bytes)
{
    size_t content = bytes - 7;
    const uint8_t head[] = {0x08,
                            0x01,
                            tag,
                            (uint8_t)(content | 0x80),
                            (uint8_t)(content >> 7 | 0x80),
                            (uint8_t)(content >> 14 | 0x80),
                            (uint8_t)(content >> 21)};
    memset(large, 0, sizeof large);
    memcpy(large, head, sizeof head);
    return span_of(large, bytes);
}

static const uint8_t status_request[] = {0x08, 0x01, 0x10, 0x07, 0x3A, 0x00};

static Lianxin__V1__Reply *ask_status(struct adapter *adapter, struct bench_engine *bench)
{
    struct span frame = {status_request, sizeof status_request};
    adapter_send(adapter, &frame, 1);
    Lianxin__V1__Reply *reply = adapter_receive(adapter, bench, ALL_STAGES);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_STATUS);
    cr_assert_eq(reply->id, 7);
    return reply;
}

struct bad {
    struct span frames[3];
    size_t count;
    uint64_t id; /* as far as it can be read */
    const char *field;
    const char *part; /* of the message */
};

#define FRAME(...) span_of(((const uint8_t[]){__VA_ARGS__}), sizeof((const uint8_t[]){__VA_ARGS__}))

static void expect_refused(struct adapter *adapter, struct bench_engine *bench,
                           const struct bad *bad)
{
    adapter_send(adapter, bad->frames, bad->count);
    Lianxin__V1__Reply *reply = adapter_receive(adapter, bench, ALL_STAGES);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR, "%s", bad->part);
    cr_expect_eq(reply->id, bad->id, "%s", bad->part);
    cr_expect_str_eq(reply->error->field, bad->field);
    cr_expect_not_null(strstr(reply->error->message, bad->part), "'%s' is not in '%s'", bad->part,
                       reply->error->message);
    reply_free(reply);
}

Test(messages, that_are_no_requests_are_refused_with_the_reason_and_counted)
{
    const struct span status = {status_request, sizeof status_request};
    const struct bad bad[] = {
        {{FRAME(0xFF, 0xFF, 0xFF)}, 1, 0, "", "not protobuf"},
        {{FRAME(0x08, 0x01, 0x10, 0x09, 0x1A, 0x7F)}, 1, 9, "submit", "cut short"},
        {{FRAME(0x08, 0x01, 0x0D, 0, 0, 0, 0)}, 1, 0, "version", "another type"},
        {{FRAME(0x08, 0x01, 0x7A, 0x00)}, 1, 0, "", "does not know"},
        {{FRAME(0x08, 0x02, 0x10, 0x09, 0x3A, 0x00)}, 1, 9, "version", "speaks version 1"},
        {{FRAME(0x10, 0x09, 0x3A, 0x00)}, 1, 9, "version", "the request says 0"},
        {{FRAME(0x08, 0x01)}, 1, 0, "", "asks for nothing"},
        {{FRAME(0x08, 0x01, 0x3A, 0x00, 0x2A, 0x00)}, 1, 0, "", "asks for 2"},
        {{FRAME(0x08, 0x01, 0x1A, 0x00)}, 1, 0, "cases", "from 1 to 1024"},
        {{{status_request, 0}}, 1, 0, "", "no Request"},
        {{status, status}, 2, 0, "", "extra frames"},
        {{{status_request, 0}, status, status}, 3, 0, "", "extra frames"},
    };
    struct bench_engine bench;
    struct adapter adapter;
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_refused(&adapter, &bench, &bad[i]);
    Lianxin__V1__Reply *reply = ask_status(&adapter, &bench);
    cr_assert_eq(reply->status->invalid, sizeof bad / sizeof bad[0]);
    cr_assert_eq(reply->status->events, 0);
    cr_assert_eq(reply->status->disconnects, 0);
    reply_free(reply);
    adapter_close(&adapter);
    bench_close(&bench);
}

Test(messages, that_are_too_large_are_refused_up_to_4_MiB)
{
    const struct {
        uint8_t tag;
        size_t bytes;
        const char *part;
    } sizes[] = {
        {0x1A, 2 * MIB, "at most 1048576 bytes in all"},
        {0x1A, MESSAGE_BYTES_MAX, "at most 1048576 bytes in all"},
        {0x32, 2 * MIB, ""}, /* a lookup */
        {0x3A, 2 * MIB, ""}, /* a status, which has no fields */
        {0x42, 2 * MIB, ""}, /* an explanation */
        {0x5A, 2 * MIB, "does not know"},
    };
    struct bench_engine bench;
    struct adapter adapter;
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct span frame = large_request(sizes[i].tag, sizes[i].bytes);
        adapter_send(&adapter, &frame, 1);
        Lianxin__V1__Reply *reply = adapter_receive(&adapter, &bench, ALL_STAGES);
        if (reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR)
            cr_expect_not_null(strstr(reply->error->message, sizes[i].part), "size %zu: %s", i,
                               reply->error->message);
        cr_expect(reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR || sizes[i].tag == 0x3A,
                  "size %zu", i);
        reply_free(reply);
    }
    reply_free(ask_status(&adapter, &bench));
    adapter_close(&adapter);
    bench_close(&bench);
}

/* An act is a case's size at most, and says so in an answer like a case's. */
Test(messages, an_act_beyond_its_size_is_invalid)
{
    struct bench_engine bench;
    struct adapter adapter;
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    struct span frame = large_request(0x22, 2 * MIB);
    adapter_send(&adapter, &frame, 1);
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, &bench, ALL_STAGES);
    cr_assert_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_INVALID);
    cr_assert_not_null(strstr(answer_of(reply, 0)->message, "at most 32768 bytes"));
    reply_free(reply);
    adapter_close(&adapter);
    bench_close(&bench);
}

Test(messages, beyond_4_MiB_cost_the_connection_which_is_counted_and_nobody_else_notices)
{
    struct bench_engine bench;
    struct adapter watching;
    struct adapter careless;
    bench_open(&bench, 0);
    adapter_open(&watching, &bench);
    adapter_open(&careless, &bench);
    reply_free(ask_status(&careless, &bench));
    struct span frame = large_request(0x1A, MESSAGE_BYTES_MAX + 1);
    adapter_send(&careless, &frame, 1);
    uint64_t disconnects = 0;
    for (int i = 0; i < STEPS_MAX && disconnects == 0; i++) {
        Lianxin__V1__Reply *reply = ask_status(&watching, &bench);
        disconnects = reply->status->disconnects;
        cr_assert_eq(reply->status->invalid, 0);
        reply_free(reply);
    }
    cr_assert_eq(disconnects, 1);
    cr_assert_null(adapter_look(&careless));
    /* It connects again by itself, and is as welcome as before. */
    reply_free(ask_status(&careless, &bench));
    adapter_close(&careless);
    adapter_close(&watching);
    bench_close(&bench);
}

Test(messages, more_cases_than_a_message_may_hold_are_refused_as_a_whole)
{
    static Lianxin__V1__Case cases[LIANXIN_SUBMIT_CASES_MAX + 1];
    struct bench_engine bench;
    struct adapter adapter;
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    for (size_t i = 0; i <= LIANXIN_SUBMIT_CASES_MAX; i++)
        cases[i] = bench_case("of many");
    adapter_submit(&adapter, cases, LIANXIN_SUBMIT_CASES_MAX + 1);
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, &bench, ALL_STAGES);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR);
    cr_assert_str_eq(reply->error->field, "cases");
    cr_assert_not_null(strstr(reply->error->message, "this has 1025"));
    reply_free(reply);
    reply = ask_status(&adapter, &bench);
    cr_assert_eq(reply->status->events, 0);
    reply_free(reply);
    adapter_close(&adapter);
    bench_close(&bench);
}

/* Only ingress is stepped, so the questions pile up behind the reader. */
Test(messages, questions_beyond_what_the_reader_can_hold_are_turned_away)
{
    struct bench_engine bench;
    struct adapter adapter;
    struct span frame = {status_request, sizeof status_request};
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    for (int i = 0; i < PIPELINE_INQUIRIES + 1; i++)
        adapter_send(&adapter, &frame, 1);
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, &bench, INGRESS);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR);
    cr_assert_eq(reply->id, 7);
    cr_assert_not_null(strstr(reply->error->message, "ask again in a moment"));
    reply_free(reply);
    for (int i = 0; i < PIPELINE_INQUIRIES; i++) {
        reply = adapter_receive(&adapter, &bench, ALL_STAGES);
        cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_STATUS);
        reply_free(reply);
    }
    adapter_close(&adapter);
    bench_close(&bench);
}
