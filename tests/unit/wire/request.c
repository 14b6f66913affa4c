/* The envelope: what is asked for, by whom, and what is not a request at all. */
#include "made.h"
#include "wire/put.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct made made;

static struct span pack(Lianxin__V1__Request *request)
{
    made_pack(&request->base, &made);
    return made_span(&made);
}

static Lianxin__V1__Request request_of(Lianxin__V1__Request__BodyCase body)
{
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.version = WIRE_VERSION;
    request.id = 77;
    request.body_case = body;
    return request;
}

static void refused(struct span frame, uint64_t id, const char *field, const char *message)
{
    struct wire_request request;
    struct misfit misfit;
    cr_assert(!wire_request_read(frame, &request, &misfit), "%s", message);
    cr_assert_eq(request.id, id, "the id is needed for the answer");
    cr_assert_str_eq(misfit.field, field);
    cr_assert_not_null(strstr(misfit.message, message), "%s", misfit.message);
}

Test(request, says_what_it_asks_for)
{
    static Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    static Lianxin__V1__Act act = LIANXIN__V1__ACT__INIT;
    static Lianxin__V1__Lookup lookup = LIANXIN__V1__LOOKUP__INIT;
    static Lianxin__V1__Replay replay = LIANXIN__V1__REPLAY__INIT;
    static Lianxin__V1__Status status = LIANXIN__V1__STATUS__INIT;
    static Lianxin__V1__Explain explain = LIANXIN__V1__EXPLAIN__INIT;
    static Lianxin__V1__Desk desk = LIANXIN__V1__DESK__INIT;
    static Lianxin__V1__Report report = LIANXIN__V1__REPORT__INIT;
    static Lianxin__V1__Load load = LIANXIN__V1__LOAD__INIT;
    static Lianxin__V1__Rollback rollback = LIANXIN__V1__ROLLBACK__INIT;
    static Lianxin__V1__History history = LIANXIN__V1__HISTORY__INIT;
    static const enum request_body bodies[] = {REQUEST_SUBMIT,   REQUEST_ACT,    REQUEST_LOOKUP,
                                               REQUEST_REPLAY,   REQUEST_STATUS, REQUEST_EXPLAIN,
                                               REQUEST_DESK,     REQUEST_REPORT, REQUEST_LOAD,
                                               REQUEST_ROLLBACK, REQUEST_HISTORY};
    act.source = lookup.number = replay.unit = desk.unit = report.day = load.by = rollback.by = "x";
    history.before = 130;
    explain.body_case = LIANXIN__V1__EXPLAIN__BODY_NUMBER;
    explain.number = "x";
    submit.strict = 1;
    Lianxin__V1__Request requests[] = {
        request_of(LIANXIN__V1__REQUEST__BODY_SUBMIT),
        request_of(LIANXIN__V1__REQUEST__BODY_ACT),
        request_of(LIANXIN__V1__REQUEST__BODY_LOOKUP),
        request_of(LIANXIN__V1__REQUEST__BODY_REPLAY),
        request_of(LIANXIN__V1__REQUEST__BODY_STATUS),
        request_of(LIANXIN__V1__REQUEST__BODY_EXPLAIN),
        request_of(LIANXIN__V1__REQUEST__BODY_DESK),
        request_of(LIANXIN__V1__REQUEST__BODY_REPORT),
        request_of(LIANXIN__V1__REQUEST__BODY_LOAD),
        request_of(LIANXIN__V1__REQUEST__BODY_ROLLBACK),
        request_of(LIANXIN__V1__REQUEST__BODY_HISTORY),
    };
    requests[0].submit = &submit;
    requests[1].act = &act;
    requests[2].lookup = &lookup;
    requests[3].replay = &replay;
    requests[4].status = &status;
    requests[5].explain = &explain;
    requests[6].desk = &desk;
    requests[7].report = &report;
    requests[8].load = &load;
    requests[9].rollback = &rollback;
    requests[10].history = &history;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct wire_request request;
        struct misfit misfit;
        struct span frame = pack(&requests[i]);
        cr_assert(wire_request_read(frame, &request, &misfit), "%s", misfit.message);
        cr_assert_eq(request.id, 77);
        cr_assert_eq(request.body, bodies[i]);
        cr_assert(request.content.data + request.content.bytes == frame.data + frame.bytes);
        cr_assert_eq(request.content.bytes, i == 0 ? 2 : i == 4 ? 0 : 3);
    }
}

Test(request, that_is_none_is_refused_with_its_id_as_far_as_it_can_be_read)
{
    refused((struct span){0}, 0, "version", "speaks version 1, the request says 0");
    /* version, id and status are 08 01, 10 07 and 3A 00. */
    refused(span_of("\x08\x02\x10\x07\x3A\x00", 6), 7, "version", "the request says 2");
    refused(span_of("\x08\x81\x80\x80\x80\x10\x10\x07\x3A\x00", 10), 7, "version", "4294967297");
    refused(span_of("\x08\x01\x10\x07", 4), 7, "", "asks for nothing");
    refused(span_of("\x08\x01\x3A\x00\x3A\x00\x10\x07", 8), 7, "", "this one asks for 2");
    refused(span_of("\x08\x01\x3A\x00\x1A\x00\x10\x07", 8), 7, "", "this one asks for 2");
    refused(span_of("\x10\x07\x08\x01\x70\x01", 6), 7, "", "Request has a field 14");
    refused(span_of("\x10\x07\x08\x01\x1A\x05", 6), 7, "submit", "is cut short");
    refused(span_of("\x10\x07\x08\x01\x18\x05", 6), 7, "submit", "another type");
    refused(span_of_string("GET / HTTP/1.1\r\n"), 0, "explain", "another type");
    refused(span_of_string("{\"version\":1}"), 0, "", "Request has a field 15");
}

/* -- submits ----------------------------------------------------------------------------------- */

static uint8_t buffer[WIRE_SUBMIT_BYTES_MAX + 64];

static bool submit_reads(const uint8_t *end, struct wire_submit *submit, struct misfit *misfit)
{
    return wire_submit_read(span_of(buffer, (size_t)(end - buffer)), submit, misfit);
}

Test(submit, hands_out_its_cases_in_order)
{
    struct wire_submit submit;
    struct misfit misfit;
    char text[16];
    uint8_t *end = buffer;
    for (int i = 0; i < WIRE_SUBMIT_CASES_MAX; i++) {
        snprintf(text, sizeof text, "%d", i);
        end = put_text(end, 1, span_of_string(text));
        if (i == 500)
            end = put_number(end, 2, 1); /* strict, in their midst */
    }
    cr_assert(submit_reads(end, &submit, &misfit), "%s", misfit.message);
    cr_assert_eq(submit.count, (uint32_t)WIRE_SUBMIT_CASES_MAX);
    cr_assert(submit.strict);
    for (int i = 0; i < WIRE_SUBMIT_CASES_MAX; i++) {
        snprintf(text, sizeof text, "%d", i);
        cr_assert(span_is(submit.cases[i], text), "%d", i);
    }
    cr_assert(!submit_reads(put_text(end, 1, span_of_string("x")), &submit, &misfit));
    cr_assert_str_eq(misfit.field, "cases");
    cr_assert_str_eq(misfit.message, "from 1 to 1024 a message; this has 1025");
}

Test(submit, that_is_empty_or_too_large_or_torn_is_refused)
{
    struct wire_submit submit;
    struct misfit misfit;
    cr_assert(!submit_reads(buffer, &submit, &misfit));
    cr_assert_str_eq(misfit.field, "cases");
    cr_assert(!submit_reads(put_number(buffer, 2, 1), &submit, &misfit), "strict alone");
    uint8_t *end = put_head(buffer, 1, WIRE_SUBMIT_BYTES_MAX - 4) + WIRE_SUBMIT_BYTES_MAX - 4;
    cr_assert_eq(end - buffer, WIRE_SUBMIT_BYTES_MAX);
    cr_assert(submit_reads(end, &submit, &misfit), "%s", misfit.message);
    cr_assert(!submit_reads(end - 1, &submit, &misfit));
    cr_assert_str_eq(misfit.message, "is cut short");
    end = put_head(buffer, 1, WIRE_SUBMIT_BYTES_MAX - 3) + WIRE_SUBMIT_BYTES_MAX - 3;
    cr_assert(!submit_reads(end, &submit, &misfit));
    cr_assert_not_null(strstr(misfit.message, "at most 1048576 bytes in all; this has 1048577"));
    cr_assert(!submit_reads(put_text(buffer, 3, span_of_string("x")), &submit, &misfit));
    cr_assert_not_null(strstr(misfit.message, "Submit has a field 3"));
}

/* -- questions --------------------------------------------------------------------------------- */

static struct span content_of(const ProtobufCMessage *message)
{
    made_pack(message, &made);
    return made_span(&made);
}

Test(lookup, is_by_number_or_by_serial)
{
    struct wire_lookup lookup;
    struct misfit misfit;
    Lianxin__V1__Lookup asked = LIANXIN__V1__LOOKUP__INIT;
    cr_assert(!wire_lookup_read(content_of(&asked.base), &lookup, &misfit));
    cr_assert_not_null(strstr(misfit.message, "set the ticket's number or serial"));
    asked.serial = UINT64_MAX;
    cr_assert(wire_lookup_read(content_of(&asked.base), &lookup, &misfit));
    cr_assert_eq(lookup.serial, UINT64_MAX);
    cr_assert_eq(lookup.number.bytes, 0);
    asked.number = "12345678901234567890123456789012";
    cr_assert(wire_lookup_read(content_of(&asked.base), &lookup, &misfit));
    cr_assert(span_is(lookup.number, asked.number));
    asked.number = "123456789012345678901234567890123";
    cr_assert(!wire_lookup_read(content_of(&asked.base), &lookup, &misfit));
    cr_assert_str_eq(misfit.field, "number");
    cr_assert_str_eq(misfit.message, "at most 32 bytes; this has 33");
    asked.number = "\x01";
    cr_assert(!wire_lookup_read(content_of(&asked.base), &lookup, &misfit));
}

Test(replay, is_a_stretch_of_256_events_at_most)
{
    struct wire_replay replay;
    struct misfit misfit;
    Lianxin__V1__Replay asked = LIANXIN__V1__REPLAY__INIT;
    asked.unit = "511126000000.urban";
    cr_assert(!wire_replay_read(content_of(&asked.base), &replay, &misfit));
    cr_assert_str_eq(misfit.field, "first");
    asked.first = 5;
    cr_assert(wire_replay_read(content_of(&asked.base), &replay, &misfit));
    cr_assert(span_is(replay.unit, asked.unit));
    cr_assert_eq(replay.first, 5);
    cr_assert_eq(replay.limit, (uint32_t)WIRE_REPLAY_EVENTS_MAX);
    asked.limit = 256;
    cr_assert(wire_replay_read(content_of(&asked.base), &replay, &misfit));
    asked.limit = 1;
    cr_assert(wire_replay_read(content_of(&asked.base), &replay, &misfit));
    cr_assert_eq(replay.limit, 1);
    asked.limit = 257;
    cr_assert(!wire_replay_read(content_of(&asked.base), &replay, &misfit));
    cr_assert_str_eq(misfit.message, "at most 256; this asks for 257");
    uint8_t *end = put_number(put_number(buffer, 2, 1), 3, (1ULL << 32) + 1);
    cr_assert(!wire_replay_read(span_of(buffer, (size_t)(end - buffer)), &replay, &misfit));
    cr_assert_str_eq(misfit.message, "4294967297 is more than 32 bits hold");
}

Test(explain, is_of_a_case_or_of_a_ticket)
{
    struct wire_explain explain;
    struct misfit misfit;
    Lianxin__V1__Explain asked = LIANXIN__V1__EXPLAIN__INIT;
    Lianxin__V1__Case one = made_least_case();
    cr_assert(!wire_explain_read(content_of(&asked.base), &explain, &misfit));
    cr_assert_str_eq(misfit.field, "explain");
    cr_assert_str_eq(misfit.message, "set either a case or the number of a ticket");
    asked.body_case = LIANXIN__V1__EXPLAIN__BODY_CASE;
    asked.case_ = &one;
    asked.strict = 1;
    cr_assert(wire_explain_read(content_of(&asked.base), &explain, &misfit));
    cr_assert_eq(explain.ticket.bytes, lianxin__v1__case__get_packed_size(&one));
    cr_assert_eq(explain.number.bytes, 0);
    cr_assert(explain.strict);
    uint8_t *end = put_text(put_raw(buffer, content_of(&asked.base)), 2, span_of_string("x"));
    cr_assert(!wire_explain_read(span_of(buffer, (size_t)(end - buffer)), &explain, &misfit));
    cr_assert_str_eq(misfit.message, "set either a case or the number of a ticket");
    asked.body_case = LIANXIN__V1__EXPLAIN__BODY_NUMBER;
    asked.number = "20261124-000123-3";
    asked.strict = 0;
    cr_assert(wire_explain_read(content_of(&asked.base), &explain, &misfit));
    cr_assert(span_is(explain.number, asked.number));
    cr_assert(explain.ticket.bytes == 0 && !explain.strict);
    asked.number = "123456789012345678901234567890123";
    cr_assert(!wire_explain_read(content_of(&asked.base), &explain, &misfit));
    cr_assert_str_eq(misfit.field, "number");
    cr_assert_str_eq(misfit.message, "at most 32 bytes; this has 33");
}

static void explain_refused(const Lianxin__V1__Explain *asked, const char *field, const char *part)
{
    struct wire_explain explain;
    struct misfit misfit;
    cr_assert(!wire_explain_read(content_of(&asked->base), &explain, &misfit));
    cr_assert_str_eq(misfit.field, field);
    cr_assert_not_null(strstr(misfit.message, part), "%s", misfit.message);
}

Test(explain, may_be_of_what_would_be_otherwise)
{
    struct wire_explain explain;
    struct misfit misfit;
    Lianxin__V1__Explain asked = LIANXIN__V1__EXPLAIN__INIT;
    Lianxin__V1__Case one = made_least_case();
    char *what_if[WIRE_WHAT_IF_MAX + 1] = {"place=511102", "text=a=b", "category="};
    asked.body_case = LIANXIN__V1__EXPLAIN__BODY_CASE;
    asked.case_ = &one;
    asked.at = "2026-11-24T14:00";
    asked.regime = LIANXIN__V1__REGIME__REGIME_HOLIDAY;
    asked.policy = "0123abcd";
    asked.why_not = "城管局";
    asked.what_if = what_if;
    asked.n_what_if = 3;
    cr_assert(wire_explain_read(content_of(&asked.base), &explain, &misfit));
    cr_assert_eq(explain.at_ms, 1795500000000);
    cr_assert_eq(explain.regime, REGIME_HOLIDAY);
    cr_assert(span_is(explain.policy, "0123abcd") && span_is(explain.why_not, "城管局"));
    cr_assert_eq(explain.what_if_count, 3);
    cr_assert(span_is(explain.what_if[0].field, "place") &&
              span_is(explain.what_if[0].value, "511102"));
    cr_assert(span_is(explain.what_if[1].field, "text") &&
              span_is(explain.what_if[1].value, "a=b"));
    cr_assert_eq(explain.what_if[2].value.bytes, 0);
    for (size_t i = 0; i <= WIRE_WHAT_IF_MAX; i++)
        what_if[i] = "line=";
    asked.n_what_if = WIRE_WHAT_IF_MAX;
    cr_assert(wire_explain_read(content_of(&asked.base), &explain, &misfit));
    asked.n_what_if = WIRE_WHAT_IF_MAX + 1;
    explain_refused(&asked, "what_if", "at most 16");
    asked.n_what_if = 1;
    what_if[0] = "place";
    explain_refused(&asked, "what_if", "is not field=value");
    asked.n_what_if = 0;
    asked.at = "14:00";
    explain_refused(&asked, "at", "is no moment");
}

Test(desk, is_a_list_of_256_at_most)
{
    struct wire_desk desk;
    struct misfit misfit;
    Lianxin__V1__Desk asked = LIANXIN__V1__DESK__INIT;
    cr_assert(wire_desk_read(content_of(&asked.base), &desk, &misfit));
    cr_assert(desk.after == 0 && desk.unit.bytes == 0);
    cr_assert_eq(desk.limit, (uint32_t)WIRE_DESK_ITEMS_MAX);
    asked.after = UINT64_MAX;
    asked.limit = WIRE_DESK_ITEMS_MAX;
    asked.unit = "511126";
    cr_assert(wire_desk_read(content_of(&asked.base), &desk, &misfit));
    cr_assert_eq(desk.after, UINT64_MAX);
    cr_assert(span_is(desk.unit, "511126"));
    asked.limit = 257;
    cr_assert(!wire_desk_read(content_of(&asked.base), &desk, &misfit));
    cr_assert_str_eq(misfit.field, "limit");
    cr_assert_str_eq(misfit.message, "at most 256; this asks for 257");
}

Test(report, is_of_a_day)
{
    struct wire_report report;
    struct misfit misfit;
    Lianxin__V1__Report asked = LIANXIN__V1__REPORT__INIT;
    cr_assert(!wire_report_read(content_of(&asked.base), &report, &misfit));
    cr_assert_str_eq(misfit.field, "day");
    cr_assert_str_eq(misfit.message, "is required, such as 2026-11-26");
    asked.day = "2026-11-26";
    asked.after = 7;
    cr_assert(wire_report_read(content_of(&asked.base), &report, &misfit));
    cr_assert_eq(report.day, 20783);
    cr_assert_eq(report.after, 7);
    static char *const none[] = {"yesterday", "2026", "43101"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        asked.day = none[i];
        cr_assert(!wire_report_read(content_of(&asked.base), &report, &misfit));
        cr_assert_str_eq(misfit.field, "day");
        cr_assert(span_is(misfit.value, none[i]));
        cr_assert_str_eq(misfit.message, "is no day; write it as 2026-11-26");
    }
}
