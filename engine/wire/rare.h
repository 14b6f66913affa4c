/* rare - inside of wire: how replies that are rare are built, by protobuf-c, in an arena. */
#ifndef WIRE_RARE_H
#define WIRE_RARE_H

#include "base/arena.h"
#include "wire/wire.h"

#include "lianxin.pb-c.h"

/* The message's bytes. */
struct span rare_pack(struct arena *arena, const ProtobufCMessage *message);

/* A message out of its bytes, in the arena; NULL where they are none. */
ProtobufCMessage *rare_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                              struct span bytes);

/* Bytes as hex digits. */
char *rare_hex(struct arena *arena, const uint8_t *bytes, size_t count);

/* People's name of a unit, by its key; it may be one that the city no longer has. */
char *rare_unit_name(struct arena *arena, const struct city *city, struct span key);

#endif
