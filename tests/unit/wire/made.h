/* made - cases as adapters might send them, and what protobuf-c makes of them.
 *
 * Random but well-formed messages, in protobuf-c's own encoding and in others that mean the same,
 * and the oracle: what a message is once unpacked, packed again in the one way that pack has.
 */
#ifndef TESTS_UNIT_WIRE_MADE_H
#define TESTS_UNIT_WIRE_MADE_H

#include "wire/wire.h"

#include "lianxin.pb-c.h"

enum { MADE_BYTES_MAX = 16 * 1024 };

#define MADE_NOW_MS 1795500000000 /* a day in November 2026 */
#define MADE_SEED   7             /* of hashes */

struct made {
    uint8_t bytes[MADE_BYTES_MAX];
    size_t count;
};

/* A random number below limit. The first call prints the seed, which the environment's SEED sets.
 */
uint64_t made_random(uint64_t limit);

/* A random case or act, with everything that is required and any of the rest. */
void made_case(struct made *made);
void made_act(struct made *made);

/* The least that a case and an act need; tests set more. Strings are borrowed. */
Lianxin__V1__Case made_least_case(void);
Lianxin__V1__Act made_least_act(void);

void made_pack(const ProtobufCMessage *message, struct made *made);

/* The same content in another encoding: fields in another order, varints longer than need be,
 * numbers given twice. */
void made_disguise(const struct made *made, const ProtobufCMessageDescriptor *descriptor,
                   struct made *disguised);

/* Reads a copy that ends where its memory ends, so that AddressSanitizer sees any step beyond. What
 * the ticket borrows holds until the next such call. */
struct ticket made_read_case(struct span bytes);
struct ticket made_read_act(struct span bytes);
extern struct misfit made_misfit; /* of the last that was not valid */

/* What protobuf-c reads, packed anew without received_ms and without empty messages. False where it
 * does not read it. */
bool made_canonical(const ProtobufCMessageDescriptor *descriptor, struct span bytes,
                    struct made *canonical);

static inline struct span made_span(const struct made *made)
{
    return span_of(made->bytes, made->count);
}

#endif
