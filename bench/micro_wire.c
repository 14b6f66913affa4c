/* micro_wire - messages read and written; our own walk beside protobuf-c's unpack. */
#include "base/check.h"
#include "bench/micro_parts.h"
#include "wire/wire.h"

#include "lianxin.pb-c.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEED = 1, ROOM_BYTES_MAX = 64 * 1024, DAY = 20781 };

/* A case that was decided, and its event. */
struct decided {
    char number[NUMBER_BYTES_MAX];
    struct decision decision;
    struct ticket_state state;
    struct case_parts parts;
    struct event_text text;
    struct event_parts event; /* written once, for those who read */
};

struct wire {
    const struct micro_inputs *inputs;
    struct ticket ticket;
    struct decided decided[MICRO_HASHED]; /* of the first cases; enough to differ, few to keep */
    uint32_t decided_count;
    uint8_t room[ROOM_BYTES_MAX];
};

static const struct decided *decided_at(const struct wire *wire, uint32_t i)
{
    return &wire->decided[i % wire->decided_count];
}

/* -- a case ------------------------------------------------------------------------------------ */

/* What a case says that the rules may ask, in one number. */
static uint64_t hash_case(const struct facts *facts, const struct case_words *words)
{
    const struct span spans[] = {words->line,    words->category, words->place, words->respondent,
                                 words->address, words->title,    words->text};
    uint64_t hash = micro_mix(0, (uint64_t)facts->channel);
    hash = micro_mix(hash, (uint64_t)facts->type);
    hash = micro_mix(hash, (uint64_t)facts->applicant);
    hash = micro_mix(hash, (uint64_t)facts->urgency);
    hash = micro_mix(hash, facts->secret);
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
        hash = micro_mix_span(hash, spans[i]);
    return hash;
}

static uint64_t decode(void *self, uint32_t i)
{
    struct wire *wire = self;
    struct misfit misfit;
    wire_case_read(wire->inputs->packed[i], SEED, MICRO_NOW_MS, &wire->ticket, &misfit);
    return wire->ticket.words.text.bytes;
}

static uint64_t decode_digest(void *self, uint32_t i)
{
    struct wire *wire = self;
    decode(self, i);
    CHECK(wire->ticket.valid);
    return hash_case(&wire->ticket.facts, &wire->ticket.words);
}

static Lianxin__V1__Case *unpack_one(const struct wire *wire, uint32_t i)
{
    struct span packed = wire->inputs->packed[i];
    Lianxin__V1__Case *message = lianxin__v1__case__unpack(NULL, packed.bytes, packed.data);
    CHECK(message != NULL);
    return message;
}

static uint64_t unpack(void *self, uint32_t i)
{
    Lianxin__V1__Case *message = unpack_one(self, i);
    uint64_t type = (uint64_t)message->type;
    lianxin__v1__case__free_unpacked(message, NULL);
    return type;
}

static uint64_t unpack_digest(void *self, uint32_t i)
{
    Lianxin__V1__Case *message = unpack_one(self, i);
    bool enterprise = message->applicant == LIANXIN__V1__APPLICANT__APPLICANT_ENTERPRISE;
    struct facts facts = {.channel = (enum channel)message->channel,
                          .type = (enum type)message->type,
                          .applicant = enterprise ? APPLICANT_ENTERPRISE : APPLICANT_CITIZEN,
                          .urgency = message->urgency != 0 ? (enum urgency)message->urgency
                                                           : URGENCY_NORMAL,
                          .secret = message->secret};
    struct case_words words = {.line = span_of_string(message->line),
                               .category = span_of_string(message->category),
                               .place = span_of_string(message->place),
                               .address = span_of_string(message->address),
                               .title = span_of_string(message->title),
                               .text = span_of_string(message->text)};
    if (message->respondent != NULL)
        words.respondent = span_of_string(message->respondent->name);
    uint64_t hash = hash_case(&facts, &words);
    lianxin__v1__case__free_unpacked(message, NULL);
    return hash;
}

/* -- an event ---------------------------------------------------------------------------------- */

static uint64_t write_event(void *self, uint32_t i)
{
    struct wire *wire = self;
    struct event_parts parts;
    wire_event_write(&decided_at(wire, i)->text, wire->room, &parts);
    return parts.open.bytes + parts.story.bytes + parts.reporter.bytes;
}

static uint64_t hash_part(uint64_t hash, struct span unit, uint64_t role, int64_t due_ms)
{
    hash = micro_mix_span(hash, unit);
    return micro_mix(micro_mix(hash, role), (uint64_t)due_ms);
}

/* The ticket's number and its parts, as protobuf-c finds them in what was written. */
static uint64_t write_event_digest(void *self, uint32_t i)
{
    struct wire *wire = self;
    size_t bytes = write_event(self, i);
    Lianxin__V1__Event *event = lianxin__v1__event__unpack(NULL, bytes, wire->room);
    CHECK(event != NULL);
    uint64_t hash = micro_mix_span(0, span_of_string(event->ticket));
    for (size_t j = 0; j < event->n_assignments; j++) {
        const Lianxin__V1__Assignment *part = event->assignments[j];
        hash = hash_part(hash, span_of_string(part->unit), (uint64_t)part->role, part->due_ms);
    }
    lianxin__v1__event__free_unpacked(event, NULL);
    return hash;
}

static uint64_t read_state(void *self, uint32_t i)
{
    struct ticket_state state;
    char number[NUMBER_BYTES_MAX];
    bool read = wire_event_state(decided_at(self, i)->event.open, &state, number);
    CHECK(read);
    return state.count;
}

static uint64_t read_state_digest(void *self, uint32_t i)
{
    struct ticket_state state;
    char number[NUMBER_BYTES_MAX];
    bool read = wire_event_state(decided_at(self, i)->event.open, &state, number);
    CHECK(read);
    uint64_t hash = micro_mix_span(0, span_of_string(number));
    for (uint32_t j = 0; j < state.count; j++) {
        const struct part *part = &state.parts[j];
        hash = hash_part(hash, part->unit, (uint64_t)part->role, part->dues.due_ms);
    }
    return hash;
}

static uint64_t read_case(void *self, uint32_t i)
{
    const struct event_parts *event = &decided_at(self, i)->event;
    struct facts facts;
    struct case_words words;
    bool read = wire_event_case(event->open, event->story, &facts, &words);
    CHECK(read);
    return words.text.bytes;
}

static uint64_t read_case_digest(void *self, uint32_t i)
{
    const struct event_parts *event = &decided_at(self, i)->event;
    struct facts facts;
    struct case_words words;
    bool read = wire_event_case(event->open, event->story, &facts, &words);
    CHECK(read);
    return hash_case(&facts, &words);
}

/* -- a number ---------------------------------------------------------------------------------- */

static uint64_t ordinal_of(uint32_t i)
{
    return 1 + i * UINT64_C(977) % 1000003;
}

static uint64_t format_number(void *self, uint32_t i)
{
    char number[NUMBER_BYTES_MAX];
    (void)self;
    return number_format(DAY, ordinal_of(i), number);
}

static uint64_t format_number_digest(void *self, uint32_t i)
{
    char number[NUMBER_BYTES_MAX];
    (void)self;
    return micro_mix_span(0, span_of(number, number_format(DAY, ordinal_of(i), number)));
}

static uint64_t parse_number(void *self, uint32_t i)
{
    struct wire *wire = self;
    int32_t day;
    uint64_t ordinal;
    enum number_fault fault =
        number_parse(span_of_string(decided_at(wire, i)->number), &day, &ordinal);
    CHECK(fault == NUMBER_OK && day == DAY);
    return ordinal;
}

/* Written by hand again, but for the check digit, which parsing looked at. */
static uint64_t parse_number_digest(void *self, uint32_t i)
{
    const char *number = decided_at(self, i)->number;
    char again[NUMBER_BYTES_MAX];
    int bytes = snprintf(again, sizeof again, "20261124-%06" PRIu64 "-%c", parse_number(self, i),
                         number[strlen(number) - 1]);
    return micro_mix_span(0, span_of(again, (size_t)bytes));
}

/* -- all of them ------------------------------------------------------------------------------- */

static void decide_one(struct wire *wire, uint32_t i, struct scratch *scratch)
{
    struct decided *decided = &wire->decided[i];
    const struct policy *policy = wire->inputs->policy;
    struct misfit misfit;
    decode(wire, i);
    CHECK(wire->ticket.valid);
    struct facts facts = wire->ticket.facts;
    facts_set_moment(&facts, MICRO_NOW_MS);
    facts.regime = REGIME_NORMAL;
    bool resolved =
        facts_resolve(policy->city, &wire->ticket.words, false, scratch, &facts, &misfit);
    CHECK(resolved);
    decide(policy, &facts, NULL, scratch, &decided->decision);
    struct dues dues = decide_dues(policy, &decided->decision, MICRO_NOW_MS);
    tickets_begin(&decided->state, policy->city, &decided->decision, &dues);
    number_format(DAY, ordinal_of(i), decided->number);
    decided->parts = wire->ticket.parts;
    decided->text = (struct event_text){.number = i + 1,
                                        .serial = i + 1,
                                        .time_ms = MICRO_NOW_MS,
                                        .kind = KIND_CASE,
                                        .ticket = decided->number,
                                        .state = &decided->state,
                                        .policy = policy,
                                        .decision = &decided->decision,
                                        .submitted = wire->inputs->packed[i],
                                        .parts = &decided->parts};
    uint8_t *room = arena_take(wire->inputs->arena, wire_event_bytes_max(&decided->text));
    CHECK(wire_event_bytes_max(&decided->text) <= sizeof wire->room);
    wire_event_write(&decided->text, room, &decided->event);
}

static void *wire_open(const struct micro_inputs *inputs)
{
    struct wire *wire = arena_take(inputs->arena, sizeof *wire);
    struct scratch *scratch = scratch_create(inputs->policy);
    wire->inputs = inputs;
    wire->decided_count = inputs->count < MICRO_HASHED ? inputs->count : MICRO_HASHED;
    for (uint32_t i = 0; i < wire->decided_count; i++)
        decide_one(wire, i, scratch);
    scratch_destroy(&scratch);
    return wire;
}

static void wire_close(void *self)
{
    (void)self; /* the arena's */
}

static const struct micro micros[] = {
    {.name = "decode a case", .share = 1, .run = decode, .digest = decode_digest},
    {.name = "unpack it by protobuf-c",
     .share = 1,
     .run = unpack,
     .digest = unpack_digest,
     .same_as = "decode a case"},
    {.name = "write its event", .share = 1, .run = write_event, .digest = write_event_digest},
    {.name = "read the ticket's state from it",
     .share = 1,
     .run = read_state,
     .digest = read_state_digest,
     .same_as = "write its event"},
    {.name = "read the case from it",
     .share = 1,
     .run = read_case,
     .digest = read_case_digest,
     .same_as = "decode a case"},
    {.name = "format a ticket's number",
     .share = 1,
     .run = format_number,
     .digest = format_number_digest},
    {.name = "parse it",
     .share = 1,
     .run = parse_number,
     .digest = parse_number_digest,
     .same_as = "format a ticket's number"},
};

const struct micro_group micro_wire = {.name = "messages",
                                       .micros = micros,
                                       .count = sizeof micros / sizeof micros[0],
                                       .open = wire_open,
                                       .close = wire_close};
