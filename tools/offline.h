/* offline - explanations without an engine: of a store, of a directory, or of both.
 *
 * What the engine's reader does, by the same functions, on a snapshot of the store; an engine may
 * be writing it meanwhile. Of a store by itself the policy in force is the one that came into force
 * last.
 */
#ifndef TOOLS_OFFLINE_H
#define TOOLS_OFFLINE_H

#include "lianxin.pb-c.h"

struct offline {
    const char *store; /* a store's directory; NULL: there is none */
    const char *city;  /* a city's directory, to decide by; NULL: by the store's policies */
};

/* Answers a request's Explain, and prints what went wrong, if anything did. Returns DONE with a
 * reply that is no Error, to be freed by protobuf-c, or else the exit code (command.h). */
int offline_ask(const struct offline *offline, const Lianxin__V1__Explain *asked,
                Lianxin__V1__Reply **reply);

#endif
