/* prefixes - what is subscribed to on the feed socket.
 *
 * A topic is "unit." and the unit's key; a subscription is any prefix of it, also the empty one.
 * Kept so that heads can be announced on each, and so that nothing is written for topics nobody
 * wants. Beyond PREFIXES_MAX different ones all topics count as wanted, and those beyond hear heads
 * only when they subscribe. One thread.
 */
#ifndef STAGES_PREFIXES_H
#define STAGES_PREFIXES_H

#include "base/arena.h"

enum { PREFIXES_MAX = 8192, PREFIX_BYTES_MAX = 80 };

struct prefixes;

struct prefixes *prefixes_create(struct arena *arena);

void prefixes_add(struct prefixes *prefixes, struct span prefix);
void prefixes_remove(struct prefixes *prefixes, struct span prefix);

uint32_t prefixes_count(const struct prefixes *prefixes);
struct span prefixes_at(const struct prefixes *prefixes, uint32_t index);

/* Does anybody want this unit's topic? */
bool prefixes_want(const struct prefixes *prefixes, struct span unit);

/* Is the unit's topic below the prefix? */
bool prefix_covers(struct span prefix, struct span unit);

/* "unit." and the key, into a buffer of PREFIX_BYTES_MAX. */
struct span prefix_topic(struct span unit, char *topic);

#endif
