/* recent - number -> the latest value put for it: of a ticket its last event, of a feed its last
 * sequence.
 *
 * Open addressing in space reserved once. Its keys are numbers given out densely, so a key is its
 * own hash and neighbours share a cache line. Forgetting all raises a generation and touches no
 * entry. One thread.
 */
#ifndef STORE_RECENT_H
#define STORE_RECENT_H

#include <stdint.h>

struct recent_entry {
    uint64_t key;
    uint32_t value;
    uint32_t generation; /* the entry counts where this is the map's */
};

struct recent {
    struct recent_entry *entries;
    uint32_t room; /* a power of two */
    uint32_t count;
    uint32_t generation;
};

/* For at most keys_max different keys at a time. */
void recent_init(struct recent *recent, uint32_t keys_max);
void recent_fini(struct recent *recent);

void recent_forget(struct recent *recent);

/* value must not be 0. */
void recent_put(struct recent *recent, uint64_t key, uint32_t value);

/* 0 where there is none. */
uint32_t recent_get(const struct recent *recent, uint64_t key);

#endif
