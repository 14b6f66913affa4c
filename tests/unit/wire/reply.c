/* Replies and feeds are what protobuf-c unpacks, and exactly as long as was counted. */
#include "made.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* Checks that exactly so many bytes were written. */
static uint8_t buffer[64 * 1024];

static uint8_t *room_for(size_t bytes)
{
    memset(buffer, 0xEE, sizeof buffer);
    cr_assert(bytes < sizeof buffer);
    return buffer + sizeof buffer - bytes;
}

static Lianxin__V1__Reply *unpack(const uint8_t *bytes, size_t count, uint64_t id)
{
    Lianxin__V1__Reply *reply = lianxin__v1__reply__unpack(NULL, count, bytes);
    cr_assert_not_null(reply);
    cr_assert_eq(reply->id, id);
    cr_assert_eq(bytes[-1], 0xEE);
    return reply;
}

Test(reply, answers_say_everything_in_the_order_of_the_receipts)
{
    static struct receipt receipts[4];
    static struct misfit misfit = {.field = "reporter.phone", .message = "at most 32 bytes"};
    const struct receipt *pointers[] = {&receipts[0], &receipts[1], &receipts[2], &receipts[3]};
    misfit.value = span_of_string("一二三");
    receipts[0] = (struct receipt){
        .outcome = OUTCOME_ACCEPTED,
        .serial = 8,
        .number = "20261124-000123-7",
        .number_bytes = 17,
        .unit = "5111.urban",
        .unit_bytes = 10,
        .disposition = DISPOSITION_TRANSFER,
        .due_ms = 7000,
        .provisional = true,
        .advice = span_of_string("转119"),
    };
    receipts[1] = (struct receipt){.outcome = OUTCOME_INVALID, .misfit = &misfit};
    receipts[2] = (struct receipt){.outcome = OUTCOME_TRY_AGAIN};
    receipts[3] = (struct receipt){.outcome = OUTCOME_REFUSED, .serial = UINT64_MAX};
    for (uint64_t id = 0; id < 2; id++) {
        size_t bytes = wire_answers_bytes(id * UINT64_MAX, pointers, 4);
        uint8_t *out = room_for(bytes);
        wire_answers_write(id * UINT64_MAX, pointers, 4, out);
        Lianxin__V1__Reply *reply = unpack(out, bytes, id * UINT64_MAX);
        cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ANSWERS);
        cr_assert_eq(reply->answers->n_answers, 4);
        Lianxin__V1__Answer **answers = reply->answers->answers;
        cr_assert_eq((int)answers[0]->outcome, OUTCOME_ACCEPTED);
        cr_assert_str_eq(answers[0]->number, "20261124-000123-7");
        cr_assert_eq(answers[0]->serial, 8);
        cr_assert_str_eq(answers[0]->unit, "5111.urban");
        cr_assert_str_eq(answers[0]->field, "");
        cr_assert_eq((int)answers[0]->disposition, DISPOSITION_TRANSFER);
        cr_assert_eq(answers[0]->due_ms, 7000);
        cr_assert(answers[0]->provisional);
        cr_assert_str_eq(answers[0]->advice, "转119");
        cr_assert_eq((int)answers[1]->outcome, OUTCOME_INVALID);
        cr_assert_str_eq(answers[1]->field, "reporter.phone");
        cr_assert_str_eq(answers[1]->value, "一二三");
        cr_assert_str_eq(answers[1]->message, "at most 32 bytes");
        cr_assert_eq((int)answers[2]->outcome, OUTCOME_TRY_AGAIN);
        cr_assert_eq(answers[3]->serial, UINT64_MAX);
        lianxin__v1__reply__free_unpacked(reply, NULL);
    }
    size_t none = wire_answers_bytes(1, pointers, 0);
    uint8_t *out = room_for(none);
    wire_answers_write(1, pointers, 0, out);
    lianxin__v1__reply__free_unpacked(unpack(out, none, 1), NULL);
}

/* Lengths around those where a length takes another byte: of an answer, and of all of them. */
Test(reply, answers_of_any_length_are_as_protobuf_packs_them)
{
    static struct misfit misfit = {.field = "text"};
    static struct receipt receipt = {.outcome = OUTCOME_INVALID, .misfit = &misfit};
    static const struct receipt *receipts[WIRE_SUBMIT_CASES_MAX];
    static uint8_t packed[sizeof buffer];
    for (uint32_t i = 0; i < WIRE_SUBMIT_CASES_MAX; i++)
        receipts[i] = &receipt;
    for (size_t length = 0; length < sizeof misfit.message; length++) {
        uint32_t count_max = (uint32_t)((sizeof buffer - 64) / (length + 16));
        uint32_t counts[] = {1, 2, (uint32_t)(16384 / (length + 10)), count_max};
        memset(misfit.message, 'x', length);
        misfit.message[length] = '\0';
        for (uint32_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            uint32_t count = counts[i] < WIRE_SUBMIT_CASES_MAX ? counts[i] : WIRE_SUBMIT_CASES_MAX;
            size_t bytes = wire_answers_bytes(1, receipts, count);
            uint8_t *out = room_for(bytes);
            wire_answers_write(1, receipts, count, out);
            Lianxin__V1__Reply *reply = unpack(out, bytes, 1);
            cr_assert_eq(reply->answers->n_answers, count);
            for (uint32_t j = 0; j < count; j++)
                cr_assert_str_eq(reply->answers->answers[j]->message, misfit.message);
            cr_assert_eq(lianxin__v1__reply__pack(reply, packed), bytes);
            cr_assert_arr_eq(packed, out, bytes, "%u answers, %zu", count, length);
            lianxin__v1__reply__free_unpacked(reply, NULL);
        }
    }
}

Test(reply, a_feed_holds_its_events_and_heads)
{
    enum { EVENTS = 40 };
    static uint8_t bytes[EVENTS][256];
    struct span events[EVENTS];
    struct wire_head heads[] = {{span_of_string("511126000000.urban"), 41},
                                {span_of_string("511126000000.roads"), 0}};
    for (uint32_t i = 0; i < EVENTS; i++) {
        Lianxin__V1__Event event = LIANXIN__V1__EVENT__INIT;
        event.number = i + 1;
        event.ticket = "20261124-000123-7";
        events[i] = span_of(bytes[i], lianxin__v1__event__pack(&event, bytes[i]));
    }
    struct wire_feed feed = {.unit = span_of_string("511126000000.urban"),
                             .first = 2,
                             .events = events,
                             .events_count = EVENTS,
                             .heads = heads,
                             .heads_count = 2};
    size_t count = wire_feed_bytes(&feed);
    uint8_t *out = room_for(count);
    wire_feed_write(&feed, out);
    cr_assert_eq(out[-1], 0xEE);
    Lianxin__V1__Feed *theirs = lianxin__v1__feed__unpack(NULL, count, out);
    cr_assert_not_null(theirs);
    cr_assert_str_eq(theirs->unit, "511126000000.urban");
    cr_assert_eq(theirs->first, 2);
    cr_assert_eq(theirs->n_events, (size_t)EVENTS);
    for (uint32_t i = 0; i < EVENTS; i++)
        cr_assert_eq(theirs->events[i]->number, i + 1);
    cr_assert_eq(theirs->n_heads, 2);
    cr_assert_str_eq(theirs->heads[0]->unit, "511126000000.urban");
    cr_assert_eq(theirs->heads[0]->sequence, 41);
    cr_assert_str_eq(theirs->heads[1]->unit, "511126000000.roads");
    cr_assert_eq(theirs->heads[1]->sequence, 0);

    size_t reply_count = wire_feed_reply_bytes(5, &feed);
    out = room_for(reply_count);
    wire_feed_reply_write(5, &feed, out);
    Lianxin__V1__Reply *reply = unpack(out, reply_count, 5);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_FEED);
    cr_assert_eq(lianxin__v1__feed__get_packed_size(reply->feed),
                 lianxin__v1__feed__get_packed_size(theirs));
    lianxin__v1__reply__free_unpacked(reply, NULL);
    lianxin__v1__feed__free_unpacked(theirs, NULL);
}

/* -- rare ones --------------------------------------------------------------------------------- */

static struct policy *policy;
static struct arena *arena;

static void set_up(void)
{
    struct diag *diag = diag_create();
    enum err err = policy_load("cities/leshan", diag, &policy);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    cr_assert_eq(err, OK);
    policy->number = 3;
    arena = arena_create();
}

static void tear_down(void)
{
    policy_destroy(&policy);
    arena_destroy(&arena);
}

TestSuite(rare, .init = set_up, .fini = tear_down);

static Lianxin__V1__Reply *unpack_span(struct span bytes, uint64_t id)
{
    Lianxin__V1__Reply *reply = lianxin__v1__reply__unpack(NULL, bytes.bytes, bytes.data);
    cr_assert_not_null(reply);
    cr_assert_eq(reply->id, id);
    return reply;
}

Test(rare, an_error_shows_the_value_with_the_reason)
{
    struct misfit misfit = {.field = "number", .message = "is no ticket number"};
    Lianxin__V1__Reply *reply = unpack_span(wire_error_reply(arena, 6, &misfit), 6);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR);
    cr_assert_str_eq(reply->error->field, "number");
    cr_assert_str_eq(reply->error->message, "is no ticket number");
    lianxin__v1__reply__free_unpacked(reply, NULL);
    char value[64];
    memset(value, 'v', sizeof value);
    memset(misfit.message, 'm', sizeof misfit.message - 1);
    misfit.value = span_of(value, sizeof value);
    reply = unpack_span(wire_error_reply(arena, 6, &misfit), 6);
    size_t length = strlen(reply->error->message);
    cr_assert_eq(length, sizeof value + 4 + sizeof misfit.message - 1);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

Test(rare, a_ticket_has_its_history_and_peoples_names)
{
    static uint8_t bytes[4][1024];
    struct event_parts parts[4];
    struct unit unit = {0};
    struct place place = unit_place(policy->city, unit);
    struct category category = {0};
    char key[UNIT_KEY_BYTES_MAX];
    char code[16];
    char digits[16];
    snprintf(key, sizeof key, "%.*s", SPAN_ARG(unit_key(policy->city, unit)));
    snprintf(code, sizeof code, "%.*s", SPAN_ARG(place_code12(city_places(policy->city), place)));
    snprintf(digits, sizeof digits, "%.*s", SPAN_ARG(category_code(policy->city, category)));
    for (uint32_t i = 0; i < 4; i++) {
        Lianxin__V1__Event event = LIANXIN__V1__EVENT__INIT;
        Lianxin__V1__Decision decision = LIANXIN__V1__DECISION__INIT;
        Lianxin__V1__Assignment known = LIANXIN__V1__ASSIGNMENT__INIT;
        Lianxin__V1__Assignment gone = LIANXIN__V1__ASSIGNMENT__INIT;
        Lianxin__V1__Assignment *assignments[] = {&known, &gone};
        known.unit = key;
        gone.unit = "511199000000.urban";
        event.number = i + 1;
        event.assignments = assignments;
        event.n_assignments = i == 3 ? 2 : 1;
        decision.place = i == 2 ? code : "511126000000";
        decision.category = i == 2 ? "" : digits;
        event.decision = i == 0 || i == 2 ? &decision : NULL;
        size_t count = lianxin__v1__event__pack(&event, bytes[i]);
        parts[i] = (struct event_parts){span_of(bytes[i], count), {0}, {0}};
    }
    Lianxin__V1__Reply *reply = unpack_span(wire_ticket_reply(arena, 7, policy, parts, 4), 7);
    Lianxin__V1__Ticket *ticket = reply->ticket;
    cr_assert_eq(ticket->n_events, 4);
    for (uint32_t i = 0; i < 4; i++)
        cr_assert_eq(ticket->events[i]->number, i + 1);
    cr_assert_eq(ticket->n_unit_names, 2);
    cr_assert(span_is(unit_name(policy->city, unit), ticket->unit_names[0]));
    cr_assert_str_eq(ticket->unit_names[1], "(no longer a unit)");
    char path[PLACE_PATH_BYTES_MAX];
    size_t path_bytes = place_path(city_places(policy->city), place, path);
    cr_assert(span_is(span_of(path, path_bytes), ticket->place_name), "%s", ticket->place_name);
    cr_assert_str_eq(ticket->category_name, "", "the last decision had none");
    lianxin__v1__reply__free_unpacked(reply, NULL);
    reply = unpack_span(wire_ticket_reply(arena, 7, policy, parts, 2), 7);
    cr_assert(span_is(category_name(policy->city, category), reply->ticket->category_name));
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

Test(rare, the_status_says_it_all)
{
    struct stage_status stages[] = {{"ingress", 1, 2, 3, 4}, {"decode", 4, 5, 6, 9}};
    struct thread_status threads[] = {{"ingress+decode", 7, 8}};
    struct engine_status status = {
        .version = "0.1",
        .policy = policy,
        .regime = REGIME_EMERGENCY,
        .regime_ordered = true,
        .started_ms = 1,
        .now_ms = 2,
        .events = 3,
        .tickets = 4,
        .duplicates = 5,
        .invalid = 6,
        .try_again = 7,
        .refused = 8,
        .disconnects = 9,
        .refusing = "the disk is full",
        .store_bytes = 10,
        .free_bytes = 11,
        .groups = 12,
        .stages = stages,
        .stages_count = 2,
        .threads = threads,
        .threads_count = 1,
    };
    Lianxin__V1__Reply *reply = unpack_span(wire_status_reply(arena, 8, &status), 8);
    Lianxin__V1__StatusReport *report = reply->status;
    cr_assert_str_eq(report->version, "0.1");
    cr_assert(span_is(city_name(policy->city), report->city));
    cr_assert_eq(report->policy, 3);
    cr_assert_eq((int)report->regime, REGIME_EMERGENCY);
    cr_assert(report->regime_ordered);
    cr_assert_eq(strlen(report->policy_hash), 2 * (size_t)POLICY_HASH_BYTES);
    char byte[3];
    snprintf(byte, sizeof byte, "%02x", policy->hash[POLICY_HASH_BYTES - 1]);
    cr_assert_str_eq(report->policy_hash + 2 * POLICY_HASH_BYTES - 2, byte);
    int64_t numbers[] = {report->started_ms,           report->now_ms,
                         (int64_t)report->events,      (int64_t)report->tickets,
                         (int64_t)report->duplicates,  (int64_t)report->invalid,
                         (int64_t)report->try_again,   (int64_t)report->refused,
                         (int64_t)report->disconnects, (int64_t)report->store_bytes,
                         (int64_t)report->free_bytes,  (int64_t)report->groups};
    for (int64_t i = 0; i < 12; i++)
        cr_assert_eq(numbers[i], i + 1);
    cr_assert_str_eq(report->refusing, "the disk is full");
    cr_assert_eq(report->n_stages, 2);
    cr_assert_str_eq(report->stages[1]->name, "decode");
    cr_assert_eq(report->stages[1]->done, 4);
    cr_assert_eq(report->stages[1]->batches, 5);
    cr_assert_eq(report->stages[1]->busy_us, 6);
    cr_assert_eq(report->stages[1]->cpu_us, 9);
    cr_assert_eq(report->n_threads, 1);
    cr_assert_str_eq(report->threads[0]->stages, "ingress+decode");
    cr_assert_eq(report->threads[0]->cpu_us, 7);
    cr_assert_eq(report->threads[0]->wakeups, 8);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}
