/* json - messages as JSON and JSON as messages, by protobuf-c's descriptors.
 *
 * Names are those of lianxin.proto. An enum is its value without the type, in lower case: "phone"
 * for CHANNEL_PHONE; reading takes both forms in either case. Bytes are lower-case hex. What is
 * empty, 0 or null is the same as absent: left out when writing, allowed when reading. Integers are
 * numbers; above 2^63 - 1, which the JSON library cannot hold, they are digits in quotes.
 */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include "base/arena.h"

#include <protobuf-c/protobuf-c.h>

enum { JSON_FAULT_BYTES = 512 };

/* One line, without its end; fields in the order of the proto. The caller frees it. Text that is
 * not UTF-8, which no engine sends, has its bad bytes replaced by '?'. */
char *json_from_message(const ProtobufCMessage *message);

/* Reads one object into a message that lives in the arena (so it is never to be freed by itself).
 * NULL with a fault that says where, what is there, and what would be right:
 *     case.channel: "fone" is not one of phone, sms, email, wechat, weibo, app, letter, visit
 * Limits of length and count are the engine's to judge. */
void *json_to_message(const ProtobufCMessageDescriptor *descriptor, struct span text,
                      struct arena *arena, char fault[JSON_FAULT_BYTES]);

#endif
