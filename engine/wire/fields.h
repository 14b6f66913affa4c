/* fields - a message as its fields, in number order, each where it stands in the message.
 *
 * For Case and Act and what stands inside them. Nothing is copied. A number given twice counts as
 * given last, as protobuf says; a nested message given twice is refused, since nobody means that.
 */
#ifndef WIRE_FIELDS_H
#define WIRE_FIELDS_H

#include "wire/walk.h"

enum { FIELDS_MAX = CASE_FIELDS + 2 * FIELD_COUNT_MAX };

struct fields {
    struct span message; /* the whole */
    bool in_order;       /* by number as it came, and no single field twice */
    bool canonical;      /* as fields_content would write it; known where limits were given */
    uint32_t count;
    uint32_t given; /* a bit for each number that is neither absent nor empty nor 0 */
    uint8_t place[CASE_FIELDS + 1];  /* by number: one more than the index in at, 0 if not given */
    struct field at[FIELDS_MAX + 1]; /* by number, repeated ones as they came; one to spare */
};

/* Reads a whole message and holds it against its limits, nested messages too. With NULL for limits
 * only its structure is checked: it was held against them before. */
MUST_CHECK bool fields_read(const ProtobufCMessageDescriptor *descriptor,
                            const struct limit *limits, struct span bytes, struct fields *fields,
                            struct misfit *misfit);

/* What was given, or 0 and the empty span. */
static inline uint64_t fields_value(const struct fields *fields, uint32_t number)
{
    uint32_t place = fields->place[number];
    return place != 0 ? fields->at[place - 1].value : 0;
}

static inline struct span fields_bytes(const struct fields *fields, uint32_t number)
{
    uint32_t place = fields->place[number];
    return place != 0 ? fields->at[place - 1].bytes : (struct span){0};
}

/* The field as it stands there, tag and all. Of a single one. */
static inline struct span fields_raw(const struct fields *fields, uint32_t number)
{
    uint32_t place = fields->place[number];
    return place != 0 ? fields->at[place - 1].raw : (struct span){0};
}

/* Of source and external id, which cases and acts have alike: they share one space of ids. */
void fields_key(const struct fields *fields, uint64_t seed, uint8_t digest[DIGEST_BYTES]);

/* Of all fields but one, 0 for none, in the one encoding that all messages with this content share:
 * in number order, without what is empty or 0, no varint longer than it must be. */
void fields_content(const struct fields *fields, uint32_t without, uint64_t seed,
                    uint8_t digest[DIGEST_BYTES]);

#endif
