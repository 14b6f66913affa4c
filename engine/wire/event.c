/* event - an Event, written in the three parts it is stored in, and read back. */
#include "base/check.h"
#include "wire/fields.h"
#include "wire/put.h"
#include "wire/wire.h"

/* Field numbers of lianxin.proto. */
enum {
    EVENT_NUMBER = 1,
    EVENT_SERIAL,
    EVENT_PREVIOUS,
    EVENT_TIME_MS,
    EVENT_KIND,
    EVENT_TICKET,
    EVENT_ASSIGNMENTS,
    EVENT_DECISION,
    EVENT_CASE,
    EVENT_ACT,
    EVENT_STORY,
    EVENT_REPORTER,
    EVENT_BOOK,
};
enum {
    ASSIGNMENT_UNIT = 1,
    ASSIGNMENT_ROLE,
    ASSIGNMENT_STATE,
    ASSIGNMENT_RETURNS,
    ASSIGNMENT_ROW,
    ASSIGNMENT_ISSUED_MS,
    ASSIGNMENT_DUE_MS,
    ASSIGNMENT_SIGN_BY_MS,
    ASSIGNMENT_PROVISIONAL,
};
enum {
    DECISION_POLICY = 1,
    DECISION_PLACE,
    DECISION_CATEGORY,
    DECISION_FUNCTION,
    DECISION_TIER,
    DECISION_ROWS,
    DECISION_CLIMB,
    DECISION_DOUBTS,
    DECISION_DISPOSITION,
    DECISION_REGIME,
    DECISION_URGENCY,
    DECISION_LIMIT,
    DECISION_SIGN_LIMIT,
    DECISION_ADVICE,
    DECISION_CATEGORIES,
    DECISION_PLACES,
    DECISION_KEPT_FROM,
    DECISION_PLACE_FROM_WORDS,
    DECISION_CATEGORY_FROM_WORDS,
};
enum { STORY_TEXT = CASE_TEXT };

/* How long things get, tags and lengths included. */
enum {
    ROW_NAME_BYTES_MAX = 64 + 1 + 64, /* table/row-id */
    DECISION_BYTES_MAX =
        RULES_CITED_MAX * (ROW_NAME_BYTES_MAX + 4) + (TIER_COUNT + 1) * (PLACE_CODE_BYTES + 2) +
        DOUBTS * 64 + FUNCTION_CODE_BYTES_MAX + RULES_ADVICE_BYTES_MAX +
        CATEGORY_CANDIDATES_MAX * 16 + PLACE_CANDIDATES_MAX * (PLACE_CODE_BYTES + 3) +
        UNIT_KEY_BYTES_MAX + 2 * TIME_LIMIT_BYTES_MAX + 128,
    ASSIGNMENT_BYTES_MAX = UNIT_KEY_BYTES_MAX + 64,
    NUMBERS_BYTES_MAX = 5 * (1 + VARINT_MAX) + 2 + NUMBER_BYTES_MAX,
    HEADS_BYTES_MAX = 4 * (2 + VARINT_MAX),
};

size_t wire_event_bytes_max(const struct event_text *text)
{
    return NUMBERS_BYTES_MAX + ASSIGNMENTS_MAX * (ASSIGNMENT_BYTES_MAX + 2) + DECISION_BYTES_MAX +
           HEADS_BYTES_MAX + text->submitted.bytes;
}

static uint8_t *put_assignment(uint8_t *out, const struct part *part)
{
    uint8_t *end = message_begin(out, EVENT_ASSIGNMENTS, 1);
    end = put_text(end, ASSIGNMENT_UNIT, part->unit);
    end = put_number(end, ASSIGNMENT_ROLE, (uint64_t)part->role);
    end = put_number(end, ASSIGNMENT_STATE, (uint64_t)part->state);
    end = put_number(end, ASSIGNMENT_RETURNS, part->returns);
    end = put_number(end, ASSIGNMENT_ROW, part->row);
    end = put_moment(end, ASSIGNMENT_ISSUED_MS, part->dues.issued_ms);
    end = put_moment(end, ASSIGNMENT_DUE_MS, part->dues.due_ms);
    end = put_moment(end, ASSIGNMENT_SIGN_BY_MS, part->dues.sign_by_ms);
    end = put_number(end, ASSIGNMENT_PROVISIONAL, part->dues.provisional);
    return message_end(out, EVENT_ASSIGNMENTS, 1, end);
}

static uint8_t *put_rows(uint8_t *out, const struct rules *rules, const struct decision *decision)
{
    for (uint32_t i = 0; i < decision->rows_count; i++) {
        struct span name = rules_row_name(rules, decision->rows[i]);
        CHECK(name.bytes <= ROW_NAME_BYTES_MAX);
        out = put_text(out, DECISION_ROWS, name);
    }
    return out;
}

static uint8_t *put_doubts(uint8_t *out, uint32_t doubts)
{
    for (uint32_t bit = 1; bit < 1u << DOUBTS; bit <<= 1)
        if (doubts & bit)
            out = put_text(out, DECISION_DOUBTS, span_of_string(doubt_text((enum doubt)bit)));
    return out;
}

static uint8_t *put_limit(uint8_t *out, uint32_t field, struct time_limit limit)
{
    char text[TIME_LIMIT_BYTES_MAX];
    return put_text(out, field, span_of(text, time_limit_format(limit, text)));
}

/* How the case is handled, and against which clock. */
static uint8_t *put_handling(uint8_t *out, const struct decision *decision)
{
    out = put_number(out, DECISION_DISPOSITION, (uint64_t)decision->disposition);
    out = put_number(out, DECISION_REGIME, (uint64_t)decision->regime);
    out = put_number(out, DECISION_URGENCY, (uint64_t)decision->urgency);
    out = put_limit(out, DECISION_LIMIT, decision->limit);
    out = put_limit(out, DECISION_SIGN_LIMIT, decision->sign_limit);
    return put_text(out, DECISION_ADVICE, decision->advice);
}

/* What the words may have meant, and who is not to see them. */
static uint8_t *put_candidates(uint8_t *out, const struct city *city,
                               const struct decision *decision)
{
    const struct place_candidates *places = &decision->place_candidates;
    for (uint32_t i = 0; i < decision->category_candidates_count; i++)
        out = put_text(out, DECISION_CATEGORIES,
                       category_code(city, decision->category_candidates[i]));
    for (uint32_t i = 0; i < places->count && i < PLACE_CANDIDATES_MAX; i++)
        out = put_text(out, DECISION_PLACES, place_code12(city_places(city), places->places[i]));
    if (decision->kept_from.index != UNIT_NONE.index)
        out = put_text(out, DECISION_KEPT_FROM, unit_key(city, decision->kept_from));
    out = put_number(out, DECISION_PLACE_FROM_WORDS, decision->place_from_words);
    return put_number(out, DECISION_CATEGORY_FROM_WORDS, decision->category_from_words);
}

size_t wire_decision_bytes_max(void)
{
    return DECISION_BYTES_MAX;
}

struct span wire_decision_write(const struct policy *policy, const struct decision *decision,
                                uint8_t *room)
{
    const struct city *city = policy->city;
    const struct places *places = city_places(city);
    uint8_t *end = put_number(room, DECISION_POLICY, policy->number);
    end = put_text(end, DECISION_PLACE, place_code12(places, decision->place));
    if (decision->category.index != CATEGORY_NONE.index)
        end = put_text(end, DECISION_CATEGORY, category_code(city, decision->category));
    if (decision->function.index != FUNCTION_NONE.index)
        end = put_text(end, DECISION_FUNCTION, function_code(city, decision->function));
    const char *tier = word_name(&tier_words, (uint32_t)decision->tier);
    end = put_text(end, DECISION_TIER, span_of_string(tier));
    end = put_rows(end, policy->rules, decision);
    for (uint32_t i = 0; i < decision->climb_count; i++)
        end = put_text(end, DECISION_CLIMB, place_code12(places, decision->climb[i]));
    end = put_doubts(end, decision->doubts);
    end = put_handling(end, decision);
    end = put_candidates(end, city, decision);
    CHECK(end <= room + DECISION_BYTES_MAX);
    return span_of(room, (size_t)(end - room));
}

static uint8_t *put_decision(uint8_t *out, const struct policy *policy,
                             const struct decision *decision)
{
    uint8_t *begin = message_begin(out, EVENT_DECISION, 2);
    struct span written = wire_decision_write(policy, decision, begin);
    return message_end(out, EVENT_DECISION, 2, begin + written.bytes);
}

/* The submitted message's fields [first, limit) but for one, in number order, as one field of the
 * event. */
static uint8_t *put_submitted(uint8_t *out, uint32_t event_field, const struct fields *fields,
                              uint32_t first, uint32_t limit, uint32_t without)
{
    size_t bytes = 0;
    uint32_t begin = 0;
    while (begin < fields->count && fields->at[begin].number < first)
        begin++;
    uint32_t end = begin;
    for (; end < fields->count && fields->at[end].number < limit; end++)
        if (fields->at[end].number != without)
            bytes += fields->at[end].raw.bytes;
    if (bytes == 0)
        return out;
    out = put_head(out, event_field, bytes);
    for (uint32_t i = begin; i < end; i++)
        if (fields->at[i].number != without)
            out = put_raw(out, fields->at[i].raw);
    return out;
}

static void read_again(const ProtobufCMessageDescriptor *descriptor, struct span submitted,
                       struct fields *fields)
{
    struct misfit misfit;
    bool readable = fields_read(descriptor, NULL, submitted, fields, &misfit);
    CHECK(readable); /* decode read it, with limits */
}

/* A Case's personal fields are its last: the reporter, then those that a Story has under the same
 * numbers. In most Cases each part is in one piece. */
static void put_case_parts(uint8_t *out, const struct event_text *text, struct event_parts *parts)
{
    const struct case_parts *known = text->parts;
    bool whole = known != NULL && known->known;
    struct fields fields;
    if (!whole)
        read_again(&lianxin__v1__case__descriptor, text->submitted, &fields);
    uint8_t *end = whole ? put_text(out, EVENT_CASE, known->open)
                         : put_submitted(out, EVENT_CASE, &fields, 1, CASE_REPORTER, 0);
    parts->open.bytes += (size_t)(end - out);
    out = end;
    end = whole ? put_text(out, EVENT_STORY, known->story)
                : put_submitted(out, EVENT_STORY, &fields, CASE_RESPONDENT, CASE_FIELDS + 1, 0);
    parts->story = span_of(out, (size_t)(end - out));
    out = end;
    end = put_text(out, EVENT_REPORTER,
                   whole ? known->reporter : fields_bytes(&fields, CASE_REPORTER));
    parts->reporter = span_of(out, (size_t)(end - out));
}

static void put_act_parts(uint8_t *out, const struct event_text *event, struct event_parts *parts)
{
    struct fields fields;
    read_again(&lianxin__v1__act__descriptor, event->submitted, &fields);
    struct span text = fields_bytes(&fields, ACT_TEXT);
    uint8_t *end = put_submitted(out, EVENT_ACT, &fields, 1, ACT_FIELDS + 1, ACT_TEXT);
    parts->open.bytes += (size_t)(end - out);
    out = end;
    if (text.bytes > 0) {
        end = put_head(out, EVENT_STORY, text_bytes(STORY_TEXT, text));
        end = put_text(end, STORY_TEXT, text);
    }
    parts->story = span_of(out, (size_t)(end - out));
    parts->reporter = span_of(end, 0);
}

/* Nothing of it is personal. */
static void put_book_part(uint8_t *out, const struct event_text *text, struct event_parts *parts)
{
    uint8_t *end = put_text(out, EVENT_BOOK, text->submitted);
    parts->open.bytes += (size_t)(end - out);
    parts->story = parts->reporter = span_of(end, 0);
}

void wire_event_write(const struct event_text *text, uint8_t *room, struct event_parts *parts)
{
    uint8_t *out = put_number(room, EVENT_NUMBER, text->number);
    out = put_number(out, EVENT_SERIAL, text->serial);
    out = put_number(out, EVENT_PREVIOUS, text->previous);
    out = put_moment(out, EVENT_TIME_MS, text->time_ms);
    out = put_number(out, EVENT_KIND, (uint64_t)text->kind);
    out = put_text(out, EVENT_TICKET, span_of_string(text->ticket));
    for (uint32_t i = 0; i < text->state->count; i++)
        out = put_assignment(out, &text->state->parts[i]);
    if (text->decision != NULL)
        out = put_decision(out, text->policy, text->decision);
    parts->open = span_of(room, (size_t)(out - room));
    if (text->kind == KIND_CASE)
        put_case_parts(out, text, parts);
    else if (text->kind == KIND_ACT)
        put_act_parts(out, text, parts);
    else
        put_book_part(out, text, parts);
    CHECK(parts->open.bytes + parts->story.bytes + parts->reporter.bytes <=
          wire_event_bytes_max(text));
}

static uint8_t *put_decision_for_all(uint8_t *out, struct span decision)
{
    struct walk walk = walk_begin(&lianxin__v1__decision__descriptor, NULL, decision);
    struct field field;
    struct misfit misfit;
    uint8_t *begin = message_begin(out, EVENT_DECISION, 2);
    uint8_t *end = begin;
    while (walk_next(&walk, &field, &misfit) == WALK_FIELD)
        if (field.number != DECISION_KEPT_FROM)
            end = put_raw(end, field.raw);
    return message_end(out, EVENT_DECISION, 2, end);
}

struct event_parts wire_event_with_case(struct span open, struct span submitted, bool about_another,
                                        struct arena *arena)
{
    struct event_text text = {.kind = KIND_CASE, .submitted = submitted};
    struct event_parts parts = {.open = {0}};
    struct walk walk = walk_begin(&lianxin__v1__event__descriptor, NULL, open);
    struct field field;
    struct misfit misfit;
    uint8_t *room = arena_take(arena, open.bytes + HEADS_BYTES_MAX + submitted.bytes);
    uint8_t *out = room;
    while (walk_next(&walk, &field, &misfit) == WALK_FIELD)
        if (field.number == EVENT_DECISION && about_another)
            out = put_decision_for_all(out, field.bytes);
        else if (field.number != EVENT_CASE)
            out = put_raw(out, field.raw);
    parts.open = span_of(room, (size_t)(out - room));
    put_case_parts(out, &text, &parts);
    return parts;
}

static bool read_part(struct span bytes, struct part *part)
{
    struct walk walk = walk_begin(&lianxin__v1__assignment__descriptor, NULL, bytes);
    struct field field;
    struct misfit misfit;
    enum walk_result result;
    *part = (struct part){.role = ROLE_NONE};
    while ((result = walk_next(&walk, &field, &misfit)) == WALK_FIELD) {
        switch (field.number) {
        case ASSIGNMENT_UNIT:
            if (field.bytes.bytes >= UNIT_KEY_BYTES_MAX)
                return false;
            part->unit = field.bytes;
            break;
        case ASSIGNMENT_ROLE:
            part->role = (enum role)field.value;
            break;
        case ASSIGNMENT_STATE:
            part->state = (enum state)field.value;
            break;
        case ASSIGNMENT_RETURNS:
            part->returns = (uint32_t)field.value;
            break;
        case ASSIGNMENT_ROW:
            part->row = (uint32_t)field.value;
            break;
        case ASSIGNMENT_ISSUED_MS:
            part->dues.issued_ms = (int64_t)field.value;
            break;
        case ASSIGNMENT_DUE_MS:
            part->dues.due_ms = (int64_t)field.value;
            break;
        case ASSIGNMENT_SIGN_BY_MS:
            part->dues.sign_by_ms = (int64_t)field.value;
            break;
        case ASSIGNMENT_PROVISIONAL:
            part->dues.provisional = field.value != 0;
            break;
        }
    }
    return result == WALK_END && part->role < ROLE_COUNT && part->state < STATE_COUNT;
}

bool wire_event_state(struct span open, struct ticket_state *state, char number[NUMBER_BYTES_MAX])
{
    struct walk walk = walk_begin(&lianxin__v1__event__descriptor, NULL, open);
    struct field field;
    struct misfit misfit;
    enum walk_result result;
    state->count = 0;
    number[0] = '\0';
    while ((result = walk_next(&walk, &field, &misfit)) == WALK_FIELD) {
        if (field.number == EVENT_TICKET) {
            if (field.bytes.bytes >= NUMBER_BYTES_MAX)
                return false;
            memcpy(number, field.bytes.data, field.bytes.bytes);
            number[field.bytes.bytes] = '\0';
        }
        if (field.number == EVENT_ASSIGNMENTS &&
            (state->count == ASSIGNMENTS_MAX ||
             !read_part(field.bytes, &state->parts[state->count++])))
            return false;
    }
    return result == WALK_END && state->count > 0;
}

/* The bytes of a message field of an event; false where it has none. */
static bool find_part(struct span open, uint32_t number, struct span *bytes)
{
    struct walk walk = walk_begin(&lianxin__v1__event__descriptor, NULL, open);
    struct field field;
    struct misfit misfit;
    while (walk_next(&walk, &field, &misfit) == WALK_FIELD)
        if (field.number == number) {
            *bytes = field.bytes;
            return true;
        }
    return false;
}

struct span wire_event_ticket(struct span open)
{
    struct span number = {0};
    return find_part(open, EVENT_TICKET, &number) ? number : (struct span){0};
}

bool wire_event_decision_bytes(struct span open, struct span *bytes)
{
    return find_part(open, EVENT_DECISION, bytes);
}

bool wire_event_decision(struct span open, struct wire_decision *decision)
{
    struct span bytes;
    struct field field;
    struct misfit misfit;
    *decision = (struct wire_decision){.doubtful = false};
    if (!find_part(open, EVENT_DECISION, &bytes))
        return false;
    struct walk walk = walk_begin(&lianxin__v1__decision__descriptor, NULL, bytes);
    while (walk_next(&walk, &field, &misfit) == WALK_FIELD) {
        switch (field.number) {
        case DECISION_POLICY:
            decision->policy = (uint32_t)field.value;
            break;
        case DECISION_LIMIT:
            decision->limit = field.bytes;
            break;
        case DECISION_REGIME:
            decision->regime = (enum regime)field.value;
            break;
        case DECISION_PLACE:
            decision->place = field.bytes;
            break;
        case DECISION_CATEGORY:
            decision->category = field.bytes;
            break;
        case DECISION_FUNCTION:
            decision->function = field.bytes;
            break;
        case DECISION_TIER:
            decision->tier = field.bytes;
            break;
        case DECISION_DOUBTS:
            decision->doubtful = true;
            break;
        case DECISION_DISPOSITION:
            decision->disposition = (enum disposition)field.value;
            break;
        case DECISION_KEPT_FROM:
            decision->kept_from = field.bytes;
            break;
        case DECISION_PLACE_FROM_WORDS:
            decision->place_from_words = field.value != 0;
            break;
        case DECISION_CATEGORY_FROM_WORDS:
            decision->category_from_words = field.value != 0;
            break;
        }
    }
    return true;
}

uint32_t wire_event_rows(struct span open, struct span rows[RULES_CITED_MAX])
{
    struct span bytes;
    struct field field;
    struct misfit misfit;
    uint32_t count = 0;
    if (!find_part(open, EVENT_DECISION, &bytes))
        return 0;
    struct walk walk = walk_begin(&lianxin__v1__decision__descriptor, NULL, bytes);
    while (walk_next(&walk, &field, &misfit) == WALK_FIELD && count < RULES_CITED_MAX)
        if (field.number == DECISION_ROWS)
            rows[count++] = field.bytes;
    return count;
}

bool wire_event_book(struct span open, struct wire_book *book)
{
    struct span bytes;
    return find_part(open, EVENT_BOOK, &bytes) && wire_book_read(bytes, book);
}
