#include "wire/fields.h"

#include "base/check.h"
#include "wire/put.h"
#include "wire/wire.h"

#include <stdio.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Tag and length of a nested message, at most. */
enum { HEAD_BYTES_MAX = 8 };

/* -- reading ----------------------------------------------------------------------------------- */

static bool is_given(const struct field *field)
{
    return field->value != 0 || field->bytes.bytes > 0;
}

static bool is_repeated(const struct field *field)
{
    return field->descriptor->label == PROTOBUF_C_LABEL_REPEATED;
}

/* Does it stand there as put_field would write it? Of a message inside only its head is seen. */
static bool is_canonical(const struct field *field)
{
    return field->shortest && (is_given(field) || is_repeated(field));
}

static bool check_required(const struct limit *limits, uint32_t given, struct misfit *misfit)
{
    uint32_t missing = limits[0].required & ~given;
    return missing == 0 ||
           misfit_say(misfit, limits[__builtin_ctz(missing)].path, (struct span){0}, "is required");
}

/* A message inside another has only single fields and none inside. */
static bool check_inside(const struct field *outer, const struct limit *limits, bool *canonical,
                         struct misfit *misfit)
{
    const ProtobufCMessageDescriptor *descriptor = outer->descriptor->descriptor;
    struct walk walk = walk_begin(descriptor, limits, outer->bytes);
    struct field field;
    enum walk_result result;
    uint32_t given = 0;
    uint32_t last = 0;
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        uint32_t bit = 1u << field.number;
        given = is_given(&field) ? given | bit : given & ~bit;
        *canonical &= field.number > last && is_canonical(&field);
        last = field.number;
    }
    return result == WALK_END && check_required(limits, given, misfit);
}

static uint32_t count_of(const struct fields *fields, uint32_t number)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fields->count; i++)
        count += fields->at[i].number == number;
    return count;
}

/* Says which of several it was that did not fit. */
static bool point_at(const struct fields *fields, const struct field *field, struct misfit *misfit)
{
    if (field->descriptor == NULL || !is_repeated(field))
        return false;
    size_t used = strlen(misfit->message);
    snprintf(misfit->message + used, sizeof misfit->message - used, " (%s[%u])",
             field->descriptor->name, count_of(fields, field->number));
    return false;
}

/* Most messages are in order as they come. */
static void sort(struct fields *fields)
{
    for (uint32_t i = 1; i < fields->count; i++) {
        struct field moved = fields->at[i];
        uint32_t at = i;
        for (; at > 0 && fields->at[at - 1].number > moved.number; at--)
            fields->at[at] = fields->at[at - 1];
        fields->at[at] = moved;
    }
    for (uint32_t i = 0; i < fields->count; i++)
        fields->place[fields->at[i].number] = (uint8_t)(i + 1);
}

/* In the place of the one before it: the last counts. */
static bool keep_instead(struct fields *fields, const struct field *field, struct misfit *misfit)
{
    uint32_t bit = 1u << field->number;
    fields->in_order = false;
    fields->given = is_given(field) ? fields->given | bit : fields->given & ~bit;
    fields->at[fields->place[field->number] - 1] = *field;
    return field->descriptor->type != PROTOBUF_C_TYPE_MESSAGE ||
           misfit_say(misfit, field->descriptor->name, (struct span){0}, "is given twice");
}

/* Keeps the field that stands behind the last. */
static bool keep(struct fields *fields, const struct limit *limit, struct misfit *misfit)
{
    const struct field *field = &fields->at[fields->count];
    uint8_t *place = &fields->place[field->number];
    if (*place != 0 && !is_repeated(field))
        return keep_instead(fields, field, misfit);
    if (*place != 0 && limit != NULL && count_of(fields, field->number) == limit->count_max)
        return misfit_say(misfit, limit->path, (struct span){0}, "at most %u of them",
                          limit->count_max);
    CHECK(fields->count < FIELDS_MAX);
    fields->given |= (uint32_t)is_given(field) << field->number;
    *place = (uint8_t)++fields->count;
    return true;
}

/* Nothing is to be asked of it but to keep it: it is new, in order, canonical and no message. */
static inline bool is_usual(const struct field *field, const struct limit *limits, uint32_t highest)
{
    return field->number > highest && field->shortest && is_given(field) && limits != NULL &&
           limits[field->number].inside == NULL;
}

bool fields_read(const ProtobufCMessageDescriptor *descriptor, const struct limit *limits,
                 struct span bytes, struct fields *fields, struct misfit *misfit)
{
    struct walk walk = walk_begin(descriptor, limits, bytes);
    enum walk_result result;
    uint32_t highest = 0;
    CHECK(descriptor->n_fields <= CASE_FIELDS);
    fields->message = bytes;
    fields->count = fields->given = 0;
    fields->in_order = fields->canonical = true;
    memset(fields->place, 0, sizeof fields->place);
    for (;;) {
        struct field *field = &fields->at[fields->count];
        result = walk_next(&walk, field, misfit);
        if (result != WALK_FIELD)
            break;
        if (is_usual(field, limits, highest)) {
            highest = field->number;
            fields->given |= 1u << highest;
            fields->place[highest] = (uint8_t)++fields->count;
            continue;
        }
        const struct limit *limit = limits != NULL ? &limits[field->number] : NULL;
        if (limit != NULL && limit->inside != NULL &&
            !check_inside(field, limit->inside, &fields->canonical, misfit))
            return point_at(fields, field, misfit);
        fields->in_order &= field->number >= highest;
        fields->canonical &= is_canonical(field);
        if (field->number > highest)
            highest = field->number;
        if (!keep(fields, limit, misfit))
            return false;
    }
    if (result == WALK_BAD)
        return point_at(fields, &fields->at[fields->count], misfit);
    if (!fields->in_order)
        sort(fields);
    fields->canonical &= fields->in_order && limits != NULL;
    return limits == NULL || check_required(limits, fields->given, misfit);
}

/* -- hashing ----------------------------------------------------------------------------------- */

static void write_digest(XXH128_hash_t hash, uint8_t digest[DIGEST_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    _Static_assert(sizeof canonical == DIGEST_BYTES, "128 bits");
    memcpy(digest, &canonical, DIGEST_BYTES);
}

void fields_key(const struct fields *fields, uint64_t seed, uint8_t digest[DIGEST_BYTES])
{
    struct span source = fields_bytes(fields, CASE_SOURCE);
    struct span external_id = fields_bytes(fields, CASE_EXTERNAL_ID);
    uint8_t buffer[256];
    CHECK(source.bytes + 1 + external_id.bytes <= sizeof buffer);
    uint8_t *end = put_raw(buffer, source);
    *end++ = 0; /* is in no text, so the two cannot run into each other */
    end = put_raw(end, external_id);
    write_digest(XXH3_128bits_withSeed(buffer, (size_t)(end - buffer), seed), digest);
}

static uint8_t *put_fields(uint8_t *out, const struct fields *fields, uint32_t without);

/* The content is written first, behind room for its head, since its length shows only then. */
static uint8_t *put_message(uint8_t *out, const struct field *field)
{
    struct fields inner;
    struct misfit misfit;
    bool readable = fields_read(field->descriptor->descriptor, NULL, field->bytes, &inner, &misfit);
    CHECK(readable); /* the outer message was read with limits */
    uint8_t *content = out + HEAD_BYTES_MAX;
    size_t bytes = (size_t)(put_fields(content, &inner, 0) - content);
    if (bytes == 0 && !is_repeated(field))
        return out;
    out = put_head(out, field->number, bytes);
    memmove(out, content, bytes);
    return out + bytes;
}

static uint8_t *put_field(uint8_t *out, const struct field *field)
{
    if (field->descriptor->type == PROTOBUF_C_TYPE_MESSAGE)
        return put_message(out, field);
    if (is_repeated(field))
        return put_raw(put_head(out, field->number, field->bytes.bytes), field->bytes);
    return field->value != 0 ? put_number(out, field->number, field->value)
                             : put_text(out, field->number, field->bytes);
}

static uint8_t *put_fields(uint8_t *out, const struct fields *fields, uint32_t without)
{
    for (uint32_t i = 0; i < fields->count; i++)
        if (fields->at[i].number != without)
            out = put_field(out, &fields->at[i]);
    return out;
}

/* Most messages come in the one encoding already. */
static size_t put_canonical(uint8_t *out, const struct fields *fields, struct span without)
{
    size_t before = (size_t)(without.data - fields->message.data);
    const uint8_t *behind = without.data + without.bytes;
    uint8_t *end = put_raw(out, span_of(fields->message.data, before));
    end = put_raw(end, span_of(behind, fields->message.bytes - before - without.bytes));
    return (size_t)(end - out);
}

void fields_content(const struct fields *fields, uint32_t without, uint64_t seed,
                    uint8_t digest[DIGEST_BYTES])
{
    uint8_t buffer[WIRE_CASE_BYTES_MAX + 2 * HEAD_BYTES_MAX];
    struct span left_out = fields_raw(fields, without);
    struct span content = fields->message;
    if (!fields->canonical)
        content = span_of(buffer, (size_t)(put_fields(buffer, fields, without) - buffer));
    else if (left_out.bytes > 0)
        content = span_of(buffer, put_canonical(buffer, fields, left_out));
    CHECK(content.bytes <= WIRE_CASE_BYTES_MAX); /* no encoding of it is shorter */
    write_digest(XXH3_128bits_withSeed(content.data, content.bytes, seed), digest);
}
