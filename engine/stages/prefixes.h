/* prefixes - what is subscribed to on the feed socket.
 *
 * A topic is "unit." and the unit's key; a subscription is any prefix of it, also the empty one.
 * Kept so that heads can be announced on each, so that units which nobody tells apart share their
 * messages (outbox.h), and so that nothing is written for topics nobody wants. Beyond PREFIXES_MAX
 * different ones all topics count as wanted, and those beyond hear heads only when they subscribe.
 * One thread.
 */
#ifndef STAGES_PREFIXES_H
#define STAGES_PREFIXES_H

#include "base/arena.h"

enum { PREFIXES_MAX = 8192, PREFIX_BYTES_MAX = 80 };

#define PREFIX_NONE UINT32_MAX

struct prefixes;

struct prefixes *prefixes_create(struct arena *arena);

/* Its index, which it keeps until it is removed; PREFIX_NONE where there is no room left. Nothing
 * changes where it is there already. */
uint32_t prefixes_add(struct prefixes *prefixes, struct span prefix);

/* The index that it had; PREFIX_NONE where it was not there. */
uint32_t prefixes_remove(struct prefixes *prefixes, struct span prefix);

/* All indexes are below this; and is there a prefix at one? */
uint32_t prefixes_limit(const struct prefixes *prefixes);
bool prefixes_has(const struct prefixes *prefixes, uint32_t index);
struct span prefixes_at(const struct prefixes *prefixes, uint32_t index);

uint32_t prefixes_count(const struct prefixes *prefixes);

/* Were there ever more than there is room for? From then on any topic may be wanted. */
bool prefixes_overflowed(const struct prefixes *prefixes);

/* The longest prefix that covers the unit, or PREFIX_NONE. */
uint32_t prefixes_longest(const struct prefixes *prefixes, struct span unit);

/* Is the unit's topic below the prefix? */
bool prefix_covers(struct span prefix, struct span unit);

/* What of the prefix is of a unit's key: empty where it ends before. */
struct span prefix_key(struct span prefix);

/* "unit." and the key, into a buffer of PREFIX_BYTES_MAX. */
struct span prefix_topic(struct span unit, char *topic);

#endif
