/* Replies that nobody waits for in a hurry: protobuf-c packs them, in an arena. */
#include "wire/rare.h"

#include "base/check.h"
#include "wire/put.h"

#include <stdio.h>

/* Field numbers of lianxin.proto. */
enum { REPLY_ID = 1, REPLY_TICKET = 4, TICKET_EVENTS = 1 };

static char *text(struct arena *arena, struct span span)
{
    return arena_copy(arena, span);
}

struct span rare_pack(struct arena *arena, const ProtobufCMessage *message)
{
    size_t bytes = protobuf_c_message_get_packed_size(message);
    uint8_t *out = arena_take(arena, bytes + 1);
    protobuf_c_message_pack(message, out);
    return span_of(out, bytes);
}

static void *take(void *arena, size_t bytes)
{
    return arena_take(arena, bytes);
}

/* All of it goes with the arena. */
static void keep(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

ProtobufCMessage *rare_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                              struct span bytes)
{
    ProtobufCAllocator allocator = {.alloc = take, .free = keep, .allocator_data = arena};
    return protobuf_c_message_unpack(descriptor, &allocator, bytes.bytes, bytes.data);
}

char *rare_unit_name(struct arena *arena, const struct city *city, struct span key)
{
    struct unit unit = city_unit_by_key(city, key);
    bool known = unit.index != UNIT_NONE.index;
    return arena_copy(arena, known ? unit_name(city, unit) : span_of_string("(no longer a unit)"));
}

struct span wire_error_reply(struct arena *arena, uint64_t id, const struct misfit *misfit)
{
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    Lianxin__V1__Error error = LIANXIN__V1__ERROR__INIT;
    char message[sizeof misfit->message + 128];
    snprintf(message, sizeof message, "%s%.*s%s%s", misfit->value.bytes > 0 ? "'" : "",
             SPAN_ARG(misfit->value), misfit->value.bytes > 0 ? "': " : "", misfit->message);
    error.field = text(arena, span_of_string(misfit->field));
    error.message = text(arena, span_of_string(message));
    reply.id = id;
    reply.body_case = LIANXIN__V1__REPLY__BODY_ERROR;
    reply.error = &error;
    return rare_pack(arena, &reply.base);
}

/* -- ticket ------------------------------------------------------------------------------------ */

/* What the last event that decided about the ticket says; of a case that was attached to it only
 * that it was. */
static struct wire_decision find_decided(const struct event_parts *events, uint32_t count)
{
    struct wire_decision decision = {.doubtful = false};
    while (count > 0 && (!wire_event_decision(events[count - 1].open, &decision) ||
                         decision.disposition == DISPOSITION_ATTACH))
        count--;
    return decision;
}

static void name_units(struct arena *arena, const struct city *city, struct span open,
                       Lianxin__V1__Ticket *ticket)
{
    struct ticket_state state;
    char number[NUMBER_BYTES_MAX];
    if (!wire_event_state(open, &state, number))
        return;
    ticket->unit_names = arena_take(arena, state.count * sizeof *ticket->unit_names);
    for (uint32_t i = 0; i < state.count; i++) {
        ticket->unit_names[ticket->n_unit_names++] =
            rare_unit_name(arena, city, state.parts[i].unit);
    }
}

static void name_decided(struct arena *arena, const struct city *city,
                         const struct event_parts *events, uint32_t count,
                         Lianxin__V1__Ticket *ticket)
{
    struct wire_decision decided = find_decided(events, count);
    struct place place = places_find_code(city_places(city), decided.place);
    struct category category = city_category(city, decided.category);
    char path[PLACE_PATH_BYTES_MAX];
    if (!place_is_none(place)) {
        size_t bytes = place_path(city_places(city), place, path);
        ticket->place_name = text(arena, span_of(path, bytes));
    }
    if (category.index != CATEGORY_NONE.index)
        ticket->category_name = text(arena, category_name(city, category));
}

struct span wire_ticket_reply(struct arena *arena, uint64_t id, const struct policy *policy,
                              const struct event_parts *events, uint32_t count)
{
    Lianxin__V1__Ticket names = LIANXIN__V1__TICKET__INIT;
    CHECK(count > 0);
    name_units(arena, policy->city, events[count - 1].open, &names);
    name_decided(arena, policy->city, events, count, &names);
    struct span packed = rare_pack(arena, &names.base);
    size_t ticket_bytes = packed.bytes;
    for (uint32_t i = 0; i < count; i++) {
        size_t one = events[i].open.bytes + events[i].story.bytes + events[i].reporter.bytes;
        ticket_bytes += head_bytes(TICKET_EVENTS, one) + one;
    }
    size_t bytes =
        number_bytes(REPLY_ID, id) + head_bytes(REPLY_TICKET, ticket_bytes) + ticket_bytes;
    uint8_t *begin = arena_take(arena, bytes);
    uint8_t *out = put_head(put_number(begin, REPLY_ID, id), REPLY_TICKET, ticket_bytes);
    for (uint32_t i = 0; i < count; i++) {
        const struct event_parts *parts = &events[i];
        out = put_head(out, TICKET_EVENTS,
                       parts->open.bytes + parts->story.bytes + parts->reporter.bytes);
        out = put_raw(put_raw(put_raw(out, parts->open), parts->story), parts->reporter);
    }
    out = put_raw(out, packed);
    CHECK(out == begin + bytes);
    return span_of(begin, bytes);
}

/* -- status ------------------------------------------------------------------------------------ */

char *rare_hex(struct arena *arena, const uint8_t *bytes, size_t count)
{
    char *digits = arena_take(arena, 2 * count + 1);
    for (size_t i = 0; i < count; i++)
        snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
    return digits;
}

static void list_stages(struct arena *arena, const struct engine_status *status,
                        Lianxin__V1__StatusReport *report)
{
    report->stages = arena_take(arena, status->stages_count * sizeof *report->stages + 1);
    for (uint32_t i = 0; i < status->stages_count; i++) {
        Lianxin__V1__StageStatus *stage = arena_take(arena, sizeof *stage);
        lianxin__v1__stage_status__init(stage);
        stage->name = text(arena, span_of_string(status->stages[i].name));
        stage->done = status->stages[i].done;
        stage->batches = status->stages[i].batches;
        stage->busy_us = status->stages[i].busy_us;
        stage->cpu_us = status->stages[i].cpu_us;
        report->stages[report->n_stages++] = stage;
    }
}

static void list_threads(struct arena *arena, const struct engine_status *status,
                         Lianxin__V1__StatusReport *report)
{
    report->threads = arena_take(arena, status->threads_count * sizeof *report->threads + 1);
    for (uint32_t i = 0; i < status->threads_count; i++) {
        Lianxin__V1__ThreadStatus *thread = arena_take(arena, sizeof *thread);
        lianxin__v1__thread_status__init(thread);
        thread->stages = text(arena, span_of_string(status->threads[i].stages));
        thread->cpu_us = status->threads[i].cpu_us;
        thread->wakeups = status->threads[i].wakeups;
        report->threads[report->n_threads++] = thread;
    }
}

struct span wire_status_reply(struct arena *arena, uint64_t id, const struct engine_status *status)
{
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    Lianxin__V1__StatusReport report = LIANXIN__V1__STATUS_REPORT__INIT;
    report.version = text(arena, span_of_string(status->version));
    report.city = text(arena, city_name(status->policy->city));
    report.policy = status->policy->number;
    report.policy_hash = rare_hex(arena, status->policy->hash, POLICY_HASH_BYTES);
    report.policy_since_ms = status->policy_since_ms;
    report.policy_from_serial = status->policy_event + 1;
    report.regime = (Lianxin__V1__Regime)status->regime;
    report.regime_ordered = status->regime_ordered;
    report.started_ms = status->started_ms;
    report.now_ms = status->now_ms;
    report.events = status->events;
    report.tickets = status->tickets;
    report.duplicates = status->duplicates;
    report.invalid = status->invalid;
    report.try_again = status->try_again;
    report.refused = status->refused;
    report.disconnects = status->disconnects;
    report.refusing = text(arena, span_of_string(status->refusing));
    report.store_bytes = status->store_bytes;
    report.free_bytes = status->free_bytes;
    report.groups = status->groups;
    list_stages(arena, status, &report);
    list_threads(arena, status, &report);
    reply.id = id;
    reply.body_case = LIANXIN__V1__REPLY__BODY_STATUS;
    reply.status = &report;
    return rare_pack(arena, &reply.base);
}
