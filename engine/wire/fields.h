/* fields - a Case or an Act as its fields, in number order, each where it stands in the message.
 *
 * Nothing is copied. A number given twice counts as given last, as protobuf says; a nested message
 * given twice is refused, since nobody means that.
 */
#ifndef WIRE_FIELDS_H
#define WIRE_FIELDS_H

#include "wire/limits.h"
#include "wire/walk.h"

enum { REPEATED_MAX = 32 };

struct fields {
    uint32_t count_max;                   /* highest field number of the message */
    struct field single[CASE_FIELDS + 1]; /* by number; descriptor is NULL where not given */
    struct field repeated[REPEATED_MAX];  /* in the order of the message */
    uint32_t repeated_count;
};

/* Reads and checks a whole message against its limits, nested messages too. */
MUST_CHECK bool fields_read(const ProtobufCMessageDescriptor *descriptor,
                            const struct limit *limits, struct span bytes, struct fields *fields,
                            struct misfit *misfit);

/* What was given, or 0 and the empty span. */
static inline uint64_t fields_value(const struct fields *fields, uint32_t number)
{
    return fields->single[number].descriptor != NULL ? fields->single[number].value : 0;
}

static inline struct span fields_bytes(const struct fields *fields, uint32_t number)
{
    return fields->single[number].descriptor != NULL ? fields->single[number].bytes
                                                     : (struct span){0};
}

/* Of source (1) and external id (2), which cases and acts have alike: they share one space of ids.
 */
void fields_key(const struct fields *fields, uint64_t seed, uint8_t digest[DIGEST_BYTES]);

/* Of all fields but one: in number order, without those that are empty or 0, however they stood in
 * the message. Nested messages count by their bytes. */
void fields_content(const struct fields *fields, uint32_t without, uint64_t seed,
                    uint8_t digest[DIGEST_BYTES]);

#endif
