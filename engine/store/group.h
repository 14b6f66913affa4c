/* group - how events lie in the log: records, gathered into groups, chained.
 *
 *      group   | head | offsets, one a record | record | record | ... |
 *      record  | head | feed entries | open part | story | reporter | salt |
 *               \__ checksum, seeded with the number __/ \_ salted digest _/
 *
 * A group's hash covers the hash of the group before and its records' checksums, and these cover
 * the digests of the personal parts. So a personal part can be overwritten with zeros, salt and
 * all, and the chain holds; and without its salt the digest that stays behind tells nothing of what
 * was there.
 *
 * Numbers are little-endian, as on every machine Lianxin is built for. Pure; any thread.
 */
#ifndef STORE_GROUP_H
#define STORE_GROUP_H

#include "base/fetch.h"
#include "store/store.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the store is little-endian");

enum { GROUP_MAGIC = 0x3147584C /* LXG1 */, RECORD_ALIGNMENT = 8 };

/* LMDB aligns what it stores to two bytes and no better, so that is all these structs ask for. */
#define STORED __attribute__((packed, aligned(2)))

struct STORED group_head {
    uint32_t magic;
    uint32_t count;
    uint64_t first;
    uint64_t bytes; /* of all records */
    uint8_t previous[DIGEST_BYTES];
    uint8_t hash[DIGEST_BYTES];
};

struct STORED stored_offset {
    uint32_t bytes;
};

struct group_view {
    const struct group_head *head;
    const struct stored_offset *offsets; /* of records, from the first record's begin */
    const uint8_t *records;
};

/* Upper bound of a record whose parts have so many bytes. */
size_t record_bytes_max(size_t parts_bytes);

/* Where in a record the parts begin, given its feeds: the caller has written them there. */
size_t record_parts_offset(uint32_t feeds_count);

/* Writes the head, entries, salt and digests around the parts, which stand at
 * out + record_parts_offset() and are not moved. sequences has one for each of the draft's feeds.
 * Returns the record's length, and its checksum for group_seal(). */
size_t record_seal(uint8_t *out, uint64_t number, const struct event_draft *draft,
                   const uint32_t *sequences, uint64_t salt, uint64_t *checksum);

/* Fills the head of a group whose records have these checksums. */
void group_seal(struct group_head *head, uint64_t first, uint32_t count, uint64_t bytes,
                const uint8_t previous[DIGEST_BYTES], const uint64_t *checksums);

/* Looks at a stored value. False: not a group, or cut short. */
MUST_CHECK bool group_open(struct span value, struct group_view *group);

/* Do hash and records agree? */
MUST_CHECK bool group_holds(const struct group_view *group);

/* One record, checked against its checksum and digest. */
MUST_CHECK bool group_event(const struct group_view *group, uint64_t number,
                            struct event_view *view);

/* Fetches what record_peek will read into the cache. */
static inline void record_expect(const uint8_t *record)
{
    enum { HEAD_AND_ENTRIES = 192 /* of a usual record */ };
    fetch(record, record + HEAD_AND_ENTRIES);
}

/* A record that this process sealed: nothing is checked. */
void record_peek(const uint8_t *record, struct event_view *view);

#endif
