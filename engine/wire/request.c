/* request - the envelope of what comes in on front, and the requests that only ask. */
#include "base/fetch.h"
#include "domain/city/date.h"
#include "wire/walk.h"
#include "wire/wire.h"

#include <inttypes.h>

enum { REQUEST_VERSION = 1, REQUEST_ID, REQUEST_SUBMIT_BODY };
enum { SUBMIT_CASES = 1 };
enum { FETCHED_AHEAD = 2048 /* some cases */ };

static const enum request_body bodies[] = {REQUEST_SUBMIT,   REQUEST_ACT,    REQUEST_LOOKUP,
                                           REQUEST_REPLAY,   REQUEST_STATUS, REQUEST_EXPLAIN,
                                           REQUEST_DESK,     REQUEST_REPORT, REQUEST_LOAD,
                                           REQUEST_ROLLBACK, REQUEST_HISTORY};

static bool check_envelope(uint64_t version, uint32_t bodies_count, struct misfit *misfit)
{
    if (version != WIRE_VERSION)
        return misfit_say(misfit, "version", (struct span){0},
                          "this engine speaks version %d, the request says %" PRIu64, WIRE_VERSION,
                          version);
    if (bodies_count == 0)
        return misfit_say(
            misfit, "", (struct span){0},
            "the request asks for nothing; set submit, act, lookup, replay, status, explain, desk, "
            "report, load, rollback or history");
    if (bodies_count > 1)
        return misfit_say(misfit, "", (struct span){0},
                          "a request asks for one thing; this one asks for %u", bodies_count);
    return true;
}

bool wire_request_read(struct span frame, struct wire_request *request, struct misfit *misfit)
{
    struct walk walk = walk_begin(&lianxin__v1__request__descriptor, NULL, frame);
    struct field field;
    enum walk_result result;
    uint64_t version = 0;
    uint32_t bodies_count = 0;
    *request = (struct wire_request){.body = REQUEST_NONE};
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        if (field.number == REQUEST_VERSION) {
            version = field.value;
        } else if (field.number == REQUEST_ID) {
            request->id = field.value;
        } else {
            request->body = bodies[field.number - REQUEST_SUBMIT_BODY];
            request->content = field.bytes;
            bodies_count++;
        }
    }
    return result == WALK_END && check_envelope(version, bodies_count, misfit);
}

/* A message is cold when it comes, where a case begins shows only from the one before, and decode
 * is going to need all of it. So some of what follows is on its way while a case is passed. */
static void expect(struct span rest, size_t passed)
{
    size_t begin = rest.bytes < FETCHED_AHEAD ? rest.bytes : FETCHED_AHEAD;
    size_t limit = rest.bytes - begin < passed ? rest.bytes : begin + passed;
    fetch(rest.data + begin, rest.data + limit);
}

bool wire_submit_read(struct span content, struct wire_submit *submit, struct misfit *misfit)
{
    struct walk walk = walk_begin(&lianxin__v1__submit__descriptor, NULL, content);
    struct field field;
    enum walk_result result;
    submit->count = 0;
    submit->strict = false;
    if (content.bytes > WIRE_SUBMIT_BYTES_MAX)
        return misfit_say(misfit, "submit", (struct span){0},
                          "at most %d bytes in all; this has %zu. Send fewer cases a message",
                          WIRE_SUBMIT_BYTES_MAX, content.bytes);
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        expect(walk.rest, field.raw.bytes);
        if (field.number != SUBMIT_CASES)
            submit->strict = field.value != 0;
        else if (submit->count++ < WIRE_SUBMIT_CASES_MAX)
            submit->cases[submit->count - 1] = field.bytes;
    }
    if (result == WALK_BAD)
        return false;
    if (submit->count == 0 || submit->count > WIRE_SUBMIT_CASES_MAX)
        return misfit_say(misfit, "cases", (struct span){0}, "from 1 to %d a message; this has %u",
                          WIRE_SUBMIT_CASES_MAX, submit->count);
    return true;
}

bool wire_lookup_read(struct span content, struct wire_lookup *lookup, struct misfit *misfit)
{
    struct walk walk = walk_begin(&lianxin__v1__lookup__descriptor, lookup_limits, content);
    struct field field;
    enum walk_result result;
    *lookup = (struct wire_lookup){.serial = 0};
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        if (field.number == LOOKUP_NUMBER)
            lookup->number = field.bytes;
        else
            lookup->serial = field.value;
    }
    if (result == WALK_BAD)
        return false;
    if (lookup->number.bytes == 0 && lookup->serial == 0)
        return misfit_say(misfit, "lookup", (struct span){0},
                          "looks for nothing; set the ticket's number or serial");
    return true;
}

static bool check_replay(const struct wire_replay *replay, struct misfit *misfit)
{
    if (replay->first == 0)
        return misfit_say(misfit, "first", (struct span){0}, "is required; sequences begin at 1");
    if (replay->limit > WIRE_REPLAY_EVENTS_MAX)
        return misfit_say(misfit, "limit", (struct span){0}, "at most %d; this asks for %u",
                          WIRE_REPLAY_EVENTS_MAX, replay->limit);
    return true;
}

bool wire_replay_read(struct span content, struct wire_replay *replay, struct misfit *misfit)
{
    struct walk walk = walk_begin(&lianxin__v1__replay__descriptor, replay_limits, content);
    struct field field;
    enum walk_result result;
    *replay = (struct wire_replay){.limit = 0};
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        if (field.number == REPLAY_UNIT)
            replay->unit = field.bytes;
        else if (field.number == REPLAY_FIRST)
            replay->first = field.value;
        else
            replay->limit = (uint32_t)field.value;
    }
    if (result == WALK_BAD || !check_replay(replay, misfit))
        return false;
    if (replay->limit == 0)
        replay->limit = WIRE_REPLAY_EVENTS_MAX;
    return true;
}

static bool read_at(struct span text, int64_t *at_ms, struct misfit *misfit)
{
    return text.bytes == 0 || moment_parse(text, at_ms) ||
           misfit_say(misfit, "at", text,
                      "is no moment; in the city's time they look like 2026-10-03T09:00");
}

static bool read_what_if(struct span text, struct wire_explain *explain, struct misfit *misfit)
{
    const uint8_t *equals = text.bytes > 0 ? memchr(text.data, '=', text.bytes) : NULL;
    if (equals == NULL || equals == text.data)
        return misfit_say(misfit, "what_if", text,
                          "is not field=value, such as place=511102 or regime=holiday");
    if (explain->what_if_count == WIRE_WHAT_IF_MAX)
        return misfit_say(misfit, "what_if", (struct span){0}, "at most %d", WIRE_WHAT_IF_MAX);
    size_t name = (size_t)(equals - text.data);
    explain->what_if[explain->what_if_count++] =
        (struct wire_what_if){span_of(text.data, name), span_of(equals + 1, text.bytes - name - 1)};
    return true;
}

static bool read_explain_field(const struct field *field, struct wire_explain *explain,
                               struct misfit *misfit)
{
    switch ((enum explain_field)field->number) {
    case EXPLAIN_CASE:
        explain->ticket = field->bytes;
        return true;
    case EXPLAIN_NUMBER:
        explain->number = field->bytes;
        return true;
    case EXPLAIN_STRICT:
        explain->strict = field->value != 0;
        return true;
    case EXPLAIN_AT:
        return read_at(field->bytes, &explain->at_ms, misfit);
    case EXPLAIN_REGIME:
        explain->regime = (enum regime)field->value;
        return true;
    case EXPLAIN_POLICY:
        explain->policy = field->bytes;
        return true;
    case EXPLAIN_WHAT_IF:
        return read_what_if(field->bytes, explain, misfit);
    case EXPLAIN_WHY_NOT:
        explain->why_not = field->bytes;
        return true;
    }
    return true;
}

bool wire_explain_read(struct span content, struct wire_explain *explain, struct misfit *misfit)
{
    struct walk walk = walk_begin(&lianxin__v1__explain__descriptor, explain_limits, content);
    struct field field;
    enum walk_result result;
    uint32_t cases = 0;
    *explain = (struct wire_explain){.strict = false};
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        cases += field.number == EXPLAIN_CASE;
        if (!read_explain_field(&field, explain, misfit))
            return false;
    }
    if (result == WALK_BAD)
        return false;
    if (cases + (explain->number.bytes > 0) != 1)
        return misfit_say(misfit, "explain", (struct span){0},
                          "set either a case or the number of a ticket");
    if (explain->number.bytes > 0 && (explain->at_ms != 0 || explain->regime != REGIME_NONE))
        return misfit_say(misfit, explain->at_ms != 0 ? "at" : "regime", (struct span){0},
                          "is of a case; of a ticket it is known, and may be asked for in what_if");
    return true;
}

bool wire_desk_read(struct span content, struct wire_desk *desk, struct misfit *misfit)
{
    struct walk walk = walk_begin(&lianxin__v1__desk__descriptor, desk_limits, content);
    struct field field;
    enum walk_result result;
    *desk = (struct wire_desk){.limit = 0};
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        if (field.number == DESK_AFTER)
            desk->after = field.value;
        else if (field.number == DESK_LIMIT)
            desk->limit = (uint32_t)field.value;
        else
            desk->unit = field.bytes;
    }
    if (result == WALK_BAD)
        return false;
    if (desk->limit > WIRE_DESK_ITEMS_MAX)
        return misfit_say(misfit, "limit", (struct span){0}, "at most %d; this asks for %u",
                          WIRE_DESK_ITEMS_MAX, desk->limit);
    if (desk->limit == 0)
        desk->limit = WIRE_DESK_ITEMS_MAX;
    return true;
}

bool wire_report_read(struct span content, struct wire_report *report, struct misfit *misfit)
{
    struct walk walk = walk_begin(&lianxin__v1__report__descriptor, report_limits, content);
    struct field field;
    enum walk_result result;
    struct span day = {0};
    *report = (struct wire_report){.after = 0};
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        if (field.number == REPORT_DAY)
            day = field.bytes;
        else
            report->after = field.value;
    }
    if (result == WALK_BAD)
        return false;
    if (day.bytes == 0)
        return misfit_say(misfit, "day", day, "is required, such as 2026-11-26");
    enum date_fault fault = date_parse(day, &report->day);
    if (fault != DATE_OK)
        return misfit_say(misfit, "day", day, "%s; write it as 2026-11-26",
                          fault == DATE_NO_DAY ? "there is no such day" : "is no day");
    return true;
}
