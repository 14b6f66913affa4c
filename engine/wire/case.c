/* case - a Case or an Act becomes the ticket section of its slot. */
#include "base/check.h"
#include "wire/fields.h"
#include "wire/put.h"
#include "wire/wire.h"

#include <inttypes.h>

enum { FORGIVEN_MS = 60000 /* difference of clocks */ };
enum { RESPONDENT_NAME = 1 };

/* Lists count from 0 without gaps on both sides, so where the last agree, all do; a test compares
 * the names. */
#define SAME(ours, theirs)                                                                         \
    _Static_assert((int)(ours) == (int)(theirs), "words.h and lianxin.proto number alike")
SAME(CHANNEL_VISIT, LIANXIN__V1__CHANNEL__CHANNEL_VISIT);
SAME(TYPE_PRAISE, LIANXIN__V1__TYPE__TYPE_PRAISE);
SAME(APPLICANT_ENTERPRISE, LIANXIN__V1__APPLICANT__APPLICANT_ENTERPRISE);
SAME(URGENCY_CRITICAL, LIANXIN__V1__URGENCY__URGENCY_CRITICAL);
SAME(ROLE_SUPERVISOR, LIANXIN__V1__ROLE__ROLE_SUPERVISOR);
SAME(STATE_CLOSED, LIANXIN__V1__STATE__STATE_CLOSED);
SAME(VERB_REGIME, LIANXIN__V1__VERB__VERB_REGIME);
SAME(DISPOSITION_ATTACH, LIANXIN__V1__DISPOSITION__DISPOSITION_ATTACH);
SAME(REGIME_CALENDAR, LIANXIN__V1__REGIME__REGIME_CALENDAR);
SAME(NEED_OVERDUE, LIANXIN__V1__NEED__NEED_OVERDUE);
SAME(REASON_ALREADY_HANDLED, LIANXIN__V1__REASON__REASON_ALREADY_HANDLED);
SAME(KIND_CASE, LIANXIN__V1__KIND__KIND_CASE);
SAME(KIND_ACT, LIANXIN__V1__KIND__KIND_ACT);
SAME(KIND_BOOK, LIANXIN__V1__KIND__KIND_BOOK);
SAME(HOW_ROLLBACK, LIANXIN__V1__HOW__HOW_ROLLBACK);
SAME(OUTCOME_ACCEPTED, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
SAME(OUTCOME_DUPLICATE, LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
SAME(OUTCOME_CONFLICT, LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT);
SAME(OUTCOME_INVALID, LIANXIN__V1__OUTCOME__OUTCOME_INVALID);
SAME(OUTCOME_TRY_AGAIN, LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN);
SAME(OUTCOME_REFUSED, LIANXIN__V1__OUTCOME__OUTCOME_REFUSED);

static bool check_size(struct span bytes, struct misfit *misfit)
{
    if (bytes.bytes <= WIRE_CASE_BYTES_MAX)
        return true;
    return misfit_say(misfit, "", (struct span){0}, "at most %d bytes in all; this has %zu",
                      WIRE_CASE_BYTES_MAX, bytes.bytes);
}

static bool check_time(const struct fields *fields, uint32_t number, int64_t now_ms,
                       struct misfit *misfit)
{
    int64_t time_ms = (int64_t)fields_value(fields, number);
    if (time_ms < 0)
        return misfit_say(misfit, case_limits[number].path, (struct span){0},
                          "%" PRId64 " is before 1970; milliseconds since then are meant", time_ms);
    if (time_ms > now_ms + FORGIVEN_MS)
        return misfit_say(misfit, case_limits[number].path, (struct span){0},
                          "%" PRId64 " lies in the future; it is %" PRId64
                          " now, in milliseconds since 1970",
                          time_ms, now_ms);
    return true;
}

static bool check_number(const char *field, struct span number, struct misfit *misfit)
{
    int32_t day;
    uint64_t ordinal;
    switch (number_parse(number, &day, &ordinal)) {
    case NUMBER_OK:
        return true;
    case NUMBER_CHECK:
        return misfit_say(misfit, field, number,
                          "the check digit does not fit: a digit was misread or misheard");
    case NUMBER_DATE:
        return misfit_say(misfit, field, number, "its first eight digits are no date");
    case NUMBER_SHAPE:
        break;
    }
    return misfit_say(misfit, field, number,
                      "is no ticket number; they look like 20261124-000123-3");
}

/* Name of a respondent's message; of several the last, as everybody reads it. */
static struct span respondent_name(struct span respondent)
{
    struct walk walk = walk_begin(&lianxin__v1__respondent__descriptor, NULL, respondent);
    struct field field;
    struct misfit misfit;
    struct span name = {0};
    while (walk_next(&walk, &field, &misfit) == WALK_FIELD)
        if (field.number == RESPONDENT_NAME)
            name = field.bytes;
    return name;
}

/* A Story has these under the same numbers as a Case. */
static void read_story(const struct fields *fields, struct facts *facts, struct case_words *words)
{
    facts->answered = fields_bytes(fields, CASE_ANSWER).bytes > 0 ? FLAG_YES : FLAG_NO;
    words->respondent = respondent_name(fields_bytes(fields, CASE_RESPONDENT));
    words->address = fields_bytes(fields, CASE_ADDRESS);
    words->title = fields_bytes(fields, CASE_TITLE);
    words->text = fields_bytes(fields, CASE_TEXT);
}

static void read_facts(const struct fields *fields, struct facts *facts, struct case_words *words)
{
    uint64_t applicant = fields_value(fields, CASE_APPLICANT);
    uint64_t urgency = fields_value(fields, CASE_URGENCY);
    *facts = (struct facts){
        .channel = (enum channel)fields_value(fields, CASE_CHANNEL),
        .type = (enum type)fields_value(fields, CASE_TYPE),
        .applicant = applicant != 0 ? (enum applicant)applicant : APPLICANT_CITIZEN,
        .urgency = urgency != 0 ? (enum urgency)urgency : URGENCY_NORMAL,
        .secret = fields_value(fields, CASE_SECRET) != 0,
        .earlier = fields_bytes(fields, CASE_EARLIER_TICKET).bytes > 0 ? FLAG_YES : FLAG_NO,
        .about = UNIT_NONE,
        .line = LINE_NONE,
        .category = CATEGORY_NONE,
        .place = PLACE_NONE,
    };
    *words = (struct case_words){
        .line = fields_bytes(fields, CASE_LINE),
        .category = fields_bytes(fields, CASE_CATEGORY),
        .place = fields_bytes(fields, CASE_PLACE),
    };
    read_story(fields, facts, words);
}

static bool read_case(struct span bytes, int64_t now_ms, struct fields *fields,
                      struct misfit *misfit)
{
    if (!check_size(bytes, misfit) ||
        !fields_read(&lianxin__v1__case__descriptor, case_limits, bytes, fields, misfit) ||
        !check_time(fields, CASE_OCCURRED_MS, now_ms, misfit) ||
        !check_time(fields, CASE_RECEIVED_MS, now_ms, misfit))
        return false;
    struct span earlier = fields_bytes(fields, CASE_EARLIER_TICKET);
    return earlier.bytes == 0 || check_number("earlier_ticket", earlier, misfit);
}

/* Where the field of a number or of one above it begins. */
static size_t begin_of(const struct fields *fields, uint32_t number)
{
    uint32_t i = fields->count;
    while (i > 0 && fields->at[i - 1].number >= number)
        i--;
    return i < fields->count ? (size_t)(fields->at[i].raw.data - fields->message.data)
                             : fields->message.bytes;
}

static struct case_parts find_parts(const struct fields *fields)
{
    const uint8_t *data = fields->message.data;
    size_t open = begin_of(fields, CASE_REPORTER);
    size_t story = begin_of(fields, CASE_REPORTER + 1);
    return (struct case_parts){
        .known = fields->in_order,
        .open = span_of(data, open),
        .reporter = fields_bytes(fields, CASE_REPORTER),
        .story = span_of(data + story, fields->message.bytes - story),
    };
}

void wire_case_read(struct span bytes, uint64_t seed, int64_t now_ms, struct ticket *ticket,
                    struct misfit *misfit)
{
    struct fields fields;
    ticket->valid = read_case(bytes, now_ms, &fields, misfit);
    if (!ticket->valid)
        return;
    fields_key(&fields, seed, ticket->key);
    fields_content(&fields, CASE_RECEIVED_MS, seed, ticket->content);
    read_facts(&fields, &ticket->facts, &ticket->words);
    ticket->parts = find_parts(&fields);
    ticket->number = fields_bytes(&fields, CASE_EARLIER_TICKET);
}

static bool require(const struct fields *fields, uint32_t number, const char *for_what,
                    struct misfit *misfit)
{
    if (fields_bytes(fields, number).bytes > 0 || fields_value(fields, number) != 0)
        return true;
    return misfit_say(misfit, act_limits[number].path, (struct span){0}, "is required to %s",
                      for_what);
}

static bool check_regime(const struct fields *fields, struct misfit *misfit)
{
    struct span number = fields_bytes(fields, ACT_NUMBER);
    if (number.bytes > 0)
        return misfit_say(misfit, "number", number,
                          "a regime is the whole city's and no ticket's; leave the number out");
    return require(fields, ACT_REGIME, "choose a regime", misfit);
}

static bool check_act(const struct fields *fields, struct misfit *misfit)
{
    enum verb verb = (enum verb)fields_value(fields, ACT_VERB);
    const char *name = word_name(&verb_words, (uint32_t)verb);
    if (verb == VERB_REGIME)
        return check_regime(fields, misfit);
    if (!require(fields, ACT_NUMBER, name, misfit) ||
        !check_number("number", fields_bytes(fields, ACT_NUMBER), misfit))
        return false;
    if ((verb == VERB_SIGN || verb == VERB_RETURN || verb == VERB_ANSWER) &&
        !require(fields, ACT_UNIT, name, misfit))
        return false;
    if (verb == VERB_REASSIGN && !require(fields, ACT_TO_UNIT, name, misfit))
        return false;
    if (verb == VERB_CORRECT && fields_bytes(fields, ACT_CATEGORY).bytes == 0)
        return require(fields, ACT_PLACE, "correct, or a category", misfit);
    return verb != VERB_RETURN || require(fields, ACT_REASON, name, misfit);
}

static struct act read_act(const struct fields *fields)
{
    return (struct act){
        .verb = (enum verb)fields_value(fields, ACT_VERB),
        .unit = fields_bytes(fields, ACT_UNIT),
        .to_unit = fields_bytes(fields, ACT_TO_UNIT),
        .reason = (enum reason)fields_value(fields, ACT_REASON),
        .category = fields_bytes(fields, ACT_CATEGORY),
        .place = fields_bytes(fields, ACT_PLACE),
        .regime = (enum regime)fields_value(fields, ACT_REGIME),
    };
}

void wire_act_read(struct span bytes, uint64_t seed, struct ticket *ticket, struct misfit *misfit)
{
    struct fields fields;
    ticket->valid =
        check_size(bytes, misfit) &&
        fields_read(&lianxin__v1__act__descriptor, act_limits, bytes, &fields, misfit) &&
        check_act(&fields, misfit);
    if (!ticket->valid)
        return;
    fields_key(&fields, seed, ticket->key);
    fields_content(&fields, 0, seed, ticket->content);
    ticket->number = fields_bytes(&fields, ACT_NUMBER);
    ticket->act = read_act(&fields);
}

/* Reads one message inside an event; false where it has none. */
static bool read_inside(struct span event, const ProtobufCMessageDescriptor *descriptor,
                        struct fields *fields)
{
    struct walk walk = walk_begin(&lianxin__v1__event__descriptor, NULL, event);
    struct field field;
    struct misfit misfit;
    while (walk_next(&walk, &field, &misfit) == WALK_FIELD)
        if (field.descriptor->descriptor == descriptor)
            return fields_read(descriptor, NULL, field.bytes, fields, &misfit);
    return false;
}

bool wire_event_case(struct span open, struct span story, struct facts *facts,
                     struct case_words *words)
{
    struct fields fields;
    if (!read_inside(open, &lianxin__v1__case__descriptor, &fields))
        return false;
    read_facts(&fields, facts, words);
    if (read_inside(story, &lianxin__v1__story__descriptor, &fields))
        read_story(&fields, facts, words);
    return true;
}

/* A Story has its fields under the numbers that they have in a Case, behind all others. */
struct span wire_event_submitted(struct span open, struct span story, struct arena *arena)
{
    struct fields first = {.message = {0}};
    struct fields personal = {.message = {0}};
    bool is_case = read_inside(open, &lianxin__v1__case__descriptor, &first);
    bool is_told = read_inside(story, &lianxin__v1__story__descriptor, &personal);
    size_t bytes = is_told ? personal.message.bytes : 0;
    CHECK(is_case);
    uint8_t *out = arena_take(arena, first.message.bytes + bytes + 1);
    uint8_t *end = put_raw(out, first.message);
    if (is_told)
        end = put_raw(end, personal.message);
    return span_of(out, (size_t)(end - out));
}

struct span wire_event_earlier(struct span open)
{
    struct fields fields;
    bool is_case = read_inside(open, &lianxin__v1__case__descriptor, &fields);
    return is_case ? fields_bytes(&fields, CASE_EARLIER_TICKET) : (struct span){0};
}

/* Without a source, which every adapter must name. */
void wire_regime_key(uint64_t seed, uint8_t key[DIGEST_BYTES])
{
    uint8_t bytes[WIRE_REGIME_ACT_BYTES_MAX];
    struct fields fields;
    struct misfit misfit;
    uint8_t *end = put_text(bytes, ACT_EXTERNAL_ID, span_of_string("regime"));
    bool readable = fields_read(&lianxin__v1__act__descriptor, NULL,
                                span_of(bytes, (size_t)(end - bytes)), &fields, &misfit);
    CHECK(readable);
    fields_key(&fields, seed, key);
}

struct span wire_regime_act(uint8_t act[WIRE_REGIME_ACT_BYTES_MAX])
{
    uint8_t *end = put_text(act, ACT_SOURCE, span_of_string("lianxin"));
    end = put_text(end, ACT_EXTERNAL_ID, span_of_string("regime"));
    end = put_number(end, ACT_VERB, VERB_REGIME);
    end = put_number(end, ACT_REGIME, REGIME_CALENDAR);
    return span_of(act, (size_t)(end - act));
}

bool wire_event_act(struct span open, struct act *act)
{
    struct fields fields;
    if (!read_inside(open, &lianxin__v1__act__descriptor, &fields))
        return false;
    *act = read_act(&fields);
    return true;
}
