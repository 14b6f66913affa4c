#include "wire/fields.h"

#include "base/check.h"
#include "wire/wire.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { PIECE_BYTES = 12, CANONICAL_BYTES_MAX = WIRE_CASE_BYTES_MAX + 64 * PIECE_BYTES };

static bool check_length(const struct field *field, const struct limit *limit,
                         struct misfit *misfit)
{
    if (limit->bytes_max == 0 || field->bytes.bytes <= limit->bytes_max)
        return true;
    return misfit_say(misfit, limit->path, field->bytes, "at most %u bytes; this has %zu",
                      limit->bytes_max, field->bytes.bytes);
}

static bool check_required(const ProtobufCMessageDescriptor *descriptor, const struct limit *limits,
                           uint64_t given, struct misfit *misfit)
{
    for (uint32_t number = 1; number <= descriptor->n_fields; number++)
        if (limits[number].required && (given >> number & 1) == 0)
            return misfit_say(misfit, limits[number].path, (struct span){0}, "is required");
    return true;
}

static bool is_given(const struct field *field)
{
    return field->descriptor->type == PROTOBUF_C_TYPE_STRING ||
                   field->descriptor->type == PROTOBUF_C_TYPE_BYTES
               ? field->bytes.bytes > 0
               : field->descriptor->type == PROTOBUF_C_TYPE_MESSAGE || field->value != 0;
}

/* A message inside: its own fields are known to be single. */
static bool check_nested(const struct field *outer, const struct limit *limits,
                         struct misfit *misfit)
{
    const ProtobufCMessageDescriptor *descriptor = outer->descriptor->descriptor;
    struct walk walk = walk_begin(descriptor, outer->bytes);
    struct field field;
    uint64_t given = 0;
    enum walk_result result;
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        const struct limit *limit = &limits[field.number];
        if (!check_length(&field, limit, misfit))
            return false;
        if (limit == &attachment_limits[3] && field.bytes.bytes != 0 &&
            field.bytes.bytes != DIGEST_SHA256_BYTES)
            return misfit_say(misfit, limit->path, (struct span){0},
                              "is 32 bytes or empty; this has %zu", field.bytes.bytes);
        if (is_given(&field))
            given |= 1ULL << field.number;
    }
    if (result == WALK_BAD) {
        for (uint32_t number = 1; number <= descriptor->n_fields; number++)
            if (misfit->field == descriptor->fields[number - 1].name)
                misfit->field = limits[number].path;
        return false;
    }
    return check_required(descriptor, limits, given, misfit);
}

static bool check_inside(const struct field *field, struct misfit *misfit)
{
    if (field->descriptor->type != PROTOBUF_C_TYPE_MESSAGE)
        return true;
    const void *inside = field->descriptor->descriptor;
    const struct limit *limits = inside == &lianxin__v1__reporter__descriptor ? reporter_limits
                                 : inside == &lianxin__v1__respondent__descriptor
                                     ? respondent_limits
                                     : attachment_limits;
    return check_nested(field, limits, misfit);
}

static bool keep_single(struct fields *fields, const struct field *field, const struct limit *limit,
                        struct misfit *misfit)
{
    struct field *kept = &fields->single[field->number];
    if (kept->descriptor != NULL && field->descriptor->type == PROTOBUF_C_TYPE_MESSAGE)
        return misfit_say(misfit, limit->path, (struct span){0}, "is given twice");
    *kept = *field;
    return true;
}

static bool keep_repeated(struct fields *fields, const struct field *field,
                          const struct limit *limit, struct misfit *misfit)
{
    uint32_t before = 0;
    for (uint32_t i = 0; i < fields->repeated_count; i++)
        before += fields->repeated[i].number == field->number;
    if (before == limit->count_max)
        return misfit_say(misfit, limit->path, (struct span){0}, "at most %u of them",
                          limit->count_max);
    CHECK(fields->repeated_count < REPEATED_MAX);
    fields->repeated[fields->repeated_count++] = *field;
    return true;
}

bool fields_read(const ProtobufCMessageDescriptor *descriptor, const struct limit *limits,
                 struct span bytes, struct fields *fields, struct misfit *misfit)
{
    struct walk walk = walk_begin(descriptor, bytes);
    struct field field;
    enum walk_result result;
    uint64_t given = 0;
    fields->count_max = descriptor->n_fields;
    fields->repeated_count = 0;
    for (uint32_t number = 0; number <= descriptor->n_fields; number++)
        fields->single[number].descriptor = NULL;
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        const struct limit *limit = &limits[field.number];
        bool repeated = field.descriptor->label == PROTOBUF_C_LABEL_REPEATED;
        if (!check_length(&field, limit, misfit) || !check_inside(&field, misfit) ||
            !(repeated ? keep_repeated(fields, &field, limit, misfit)
                       : keep_single(fields, &field, limit, misfit)))
            return false;
        uint64_t bit = 1ULL << field.number;
        given = is_given(&field) ? given | bit : given & ~bit;
    }
    return result == WALK_END && check_required(descriptor, limits, given, misfit);
}

static void write_digest(XXH128_hash_t hash, uint8_t digest[DIGEST_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    _Static_assert(sizeof canonical == DIGEST_BYTES, "128 bits");
    memcpy(digest, &canonical, DIGEST_BYTES);
}

void fields_key(const struct fields *fields, uint64_t seed, uint8_t digest[DIGEST_BYTES])
{
    struct span source = fields_bytes(fields, 1);
    struct span external_id = fields_bytes(fields, 2);
    uint8_t buffer[256];
    CHECK(source.bytes + 1 + external_id.bytes <= sizeof buffer);
    memcpy(buffer, source.data, source.bytes);
    buffer[source.bytes] = 0; /* is in no text, so the two cannot run into each other */
    memcpy(buffer + source.bytes + 1, external_id.data, external_id.bytes);
    write_digest(XXH3_128bits_withSeed(buffer, source.bytes + 1 + external_id.bytes, seed), digest);
}

/* number, then the value or the length, then the bytes. */
static size_t put_piece(const struct field *field, uint8_t *out)
{
    bool long_form = field->descriptor->type == PROTOBUF_C_TYPE_STRING ||
                     field->descriptor->type == PROTOBUF_C_TYPE_BYTES ||
                     field->descriptor->type == PROTOBUF_C_TYPE_MESSAGE;
    uint64_t value = long_form ? field->bytes.bytes : field->value;
    memcpy(out, &field->number, sizeof field->number);
    memcpy(out + sizeof field->number, &value, sizeof value);
    if (!long_form)
        return PIECE_BYTES;
    memcpy(out + PIECE_BYTES, field->bytes.data, field->bytes.bytes);
    return PIECE_BYTES + field->bytes.bytes;
}

void fields_content(const struct fields *fields, uint32_t without, uint64_t seed,
                    uint8_t digest[DIGEST_BYTES])
{
    uint8_t buffer[CANONICAL_BYTES_MAX];
    size_t used = 0;
    for (uint32_t number = 1; number <= fields->count_max; number++) {
        const struct field *single = &fields->single[number];
        if (number == without)
            continue;
        if (single->descriptor != NULL && is_given(single))
            used += put_piece(single, buffer + used);
        for (uint32_t i = 0; i < fields->repeated_count; i++)
            if (fields->repeated[i].number == number)
                used += put_piece(&fields->repeated[i], buffer + used);
    }
    VERIFY(used <= sizeof buffer);
    write_digest(XXH3_128bits_withSeed(buffer, used, seed), digest);
}
