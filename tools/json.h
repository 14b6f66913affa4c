/* json - messages as JSON, by protobuf-c's descriptors.
 *
 * Names are those of lianxin.proto. An enum is its value without the type, in lower case: "phone"
 * for CHANNEL_PHONE. Bytes are lower-case hex. What is empty or 0 is left out when writing, and may
 * be left out when reading.
 */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include "base/arena.h"
#include "base/err.h"

#include <protobuf-c/protobuf-c.h>

enum { JSON_FAULT_BYTES = 512 };

/* One line, without its end; the caller frees it. */
char *json_from_message(const ProtobufCMessage *message);

/* Reads one object into a message that lives in the arena. NULL with a fault that says where, what
 * and what would be right. */
void *json_to_message(const ProtobufCMessageDescriptor *descriptor, struct span text,
                      struct arena *arena, char fault[JSON_FAULT_BYTES]);

#endif
