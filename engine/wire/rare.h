/* rare - inside of wire: how replies that are rare are built, by protobuf-c, in an arena. */
#ifndef WIRE_RARE_H
#define WIRE_RARE_H

#include "base/arena.h"
#include "wire/wire.h"

#include "lianxin.pb-c.h"

/* The message's bytes. */
struct span rare_pack(struct arena *arena, const ProtobufCMessage *message);

/* People's name of a unit, by its key; it may be one that the city no longer has. */
char *rare_unit_name(struct arena *arena, const struct city *city, struct span key);

#endif
