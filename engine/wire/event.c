/* event - an Event, written in the three parts it is stored in, and read back. */
#include "base/check.h"
#include "wire/fields.h"
#include "wire/put.h"
#include "wire/wire.h"

enum {
    /* Decision: 16 rows of a table's and a row's name, 4 places, 6 doubts, and the rest. */
    DECISION_BYTES_MAX = RULES_TABLES_MAX * 136 + TIER_COUNT * 16 + DOUBTS * 64 + 256,
    ASSIGNMENT_BYTES_MAX = UNIT_KEY_BYTES_MAX + 16,
    FIXED_BYTES_MAX = 128,
    HEADS_BYTES_MAX = 3 * 2 * VARINT_MAX,
};

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
};

_Static_assert(ASSIGNMENT_BYTES_MAX < 128, "its length takes one byte");

size_t wire_event_bytes_max(const struct event_text *text)
{
    return FIXED_BYTES_MAX + ASSIGNMENTS_MAX * (ASSIGNMENT_BYTES_MAX + 2) + DECISION_BYTES_MAX +
           HEADS_BYTES_MAX + text->submitted.bytes;
}

static uint8_t *put_assignment(uint8_t *out, const struct part *part)
{
    uint8_t buffer[ASSIGNMENT_BYTES_MAX];
    uint8_t *end = put_text(buffer, 1, span_of_string(part->unit));
    end = put_number(end, 2, (uint64_t)part->role);
    end = put_number(end, 3, (uint64_t)part->state);
    end = put_number(end, 4, part->returns);
    end = put_number(end, 5, part->row);
    return put_text(out, EVENT_ASSIGNMENTS, span_of(buffer, (size_t)(end - buffer)));
}

static uint8_t *put_doubts(uint8_t *out, uint32_t doubts)
{
    for (uint32_t bit = 1; bit < 1u << DOUBTS; bit <<= 1)
        if (doubts & bit)
            out = put_text(out, 8, span_of_string(doubt_text((enum doubt)bit)));
    return out;
}

static uint8_t *put_decision(uint8_t *out, const struct policy *policy,
                             const struct decision *decision)
{
    const struct city *city = policy->city;
    const struct places *places = city_places(city);
    uint8_t buffer[DECISION_BYTES_MAX];
    uint8_t *end = put_number(buffer, 1, policy->number);
    end = put_text(end, 2, place_code12(places, decision->place));
    if (decision->category.index != CATEGORY_NONE.index)
        end = put_text(end, 3, category_code(city, decision->category));
    if (decision->function.index != FUNCTION_NONE.index)
        end = put_text(end, 4, function_code(city, decision->function));
    end = put_text(end, 5, span_of_string(word_name(&tier_words, (uint32_t)decision->tier)));
    for (uint32_t i = 0; i < decision->rows_count; i++)
        end = put_text(end, 6, rules_row_name(policy->rules, decision->rows[i]));
    for (uint32_t i = 0; i < decision->climb_count; i++)
        end = put_text(end, 7, place_code12(places, decision->climb[i]));
    end = put_doubts(end, decision->doubts);
    VERIFY(end <= buffer + sizeof buffer);
    return put_text(out, EVENT_DECISION, span_of(buffer, (size_t)(end - buffer)));
}

/* Which part of the event a field of the submitted message belongs to. */
enum part_of { PART_OPEN, PART_STORY, PART_REPORTER };

static enum part_of part_of_field(enum kind kind, uint32_t number)
{
    if (kind == KIND_ACT)
        return number == 8 ? PART_STORY : PART_OPEN;
    return number == 16 ? PART_REPORTER : number > 16 ? PART_STORY : PART_OPEN;
}

/* The submitted message's fields that belong to one part, in number order, as one more occurrence
 * of the event's field. */
static uint8_t *put_submitted(uint8_t *out, enum kind kind, const struct fields *fields,
                              enum part_of part)
{
    struct span pieces[CASE_FIELDS + REPEATED_MAX];
    uint32_t count = 0;
    size_t bytes = 0;
    for (uint32_t number = 1; number <= fields->count_max; number++) {
        if (part_of_field(kind, number) != part)
            continue;
        if (fields->single[number].descriptor != NULL)
            pieces[count++] = fields->single[number].raw;
        for (uint32_t i = 0; i < fields->repeated_count; i++)
            if (fields->repeated[i].number == number)
                pieces[count++] = fields->repeated[i].raw;
    }
    for (uint32_t i = 0; i < count; i++)
        bytes += pieces[i].bytes;
    if (bytes == 0)
        return out;
    out = put_head(out, kind == KIND_CASE ? EVENT_CASE : EVENT_ACT, bytes);
    for (uint32_t i = 0; i < count; i++)
        out = put_raw(out, pieces[i]);
    return out;
}

void wire_event_write(const struct event_text *text, uint8_t *room, struct event_parts *parts)
{
    struct fields fields;
    struct misfit misfit;
    bool is_case = text->kind == KIND_CASE;
    bool readable =
        fields_read(is_case ? &lianxin__v1__case__descriptor : &lianxin__v1__act__descriptor,
                    is_case ? case_limits : act_limits, text->submitted, &fields, &misfit);
    CHECK(readable); /* decode read it */
    uint8_t *out = put_number(room, EVENT_NUMBER, text->number);
    out = put_number(out, EVENT_SERIAL, text->serial);
    out = put_number(out, EVENT_PREVIOUS, text->previous);
    out = put_number(out, EVENT_TIME_MS, (uint64_t)text->time_ms);
    out = put_number(out, EVENT_KIND, (uint64_t)text->kind);
    out = put_text(out, EVENT_TICKET, span_of_string(text->ticket));
    for (uint32_t i = 0; i < text->state->count; i++)
        out = put_assignment(out, &text->state->parts[i]);
    if (text->decision != NULL)
        out = put_decision(out, text->policy, text->decision);
    out = put_submitted(out, text->kind, &fields, PART_OPEN);
    uint8_t *story = out;
    out = put_submitted(out, text->kind, &fields, PART_STORY);
    uint8_t *reporter = out;
    out = put_submitted(out, text->kind, &fields, PART_REPORTER);
    CHECK((size_t)(out - room) <= wire_event_bytes_max(text));
    parts->open = span_of(room, (size_t)(story - room));
    parts->story = span_of(story, (size_t)(reporter - story));
    parts->reporter = span_of(reporter, (size_t)(out - reporter));
}

static bool read_part(struct span bytes, struct part *part)
{
    struct walk walk = walk_begin(&lianxin__v1__assignment__descriptor, bytes);
    struct field field;
    struct misfit misfit;
    enum walk_result result;
    *part = (struct part){.role = ROLE_NONE};
    while ((result = walk_next(&walk, &field, &misfit)) == WALK_FIELD) {
        switch (field.number) {
        case 1:
            if (field.bytes.bytes >= sizeof part->unit)
                return false;
            memcpy(part->unit, field.bytes.data, field.bytes.bytes);
            break;
        case 2:
            part->role = (enum role)field.value;
            break;
        case 3:
            part->state = (enum state)field.value;
            break;
        case 4:
            part->returns = (uint32_t)field.value;
            break;
        case 5:
            part->row = (uint32_t)field.value;
            break;
        }
    }
    return result == WALK_END;
}

bool wire_event_state(struct span open, struct ticket_state *state, char number[NUMBER_BYTES_MAX])
{
    struct walk walk = walk_begin(&lianxin__v1__event__descriptor, open);
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
