/* group - what one commit appends to the log: its layout, written and read back.
 *
 *      head | entry entry entry ... | record | record | record ...
 *       |        |                      |
 *       |        |                      head | feeds | open | story | reporter | salt
 *       |        |                      \---- checksum ----/ \------ digest -------/
 *       |        offset, bytes, checksum of a record
 *       hash over the rest of the head and all entries; the hash of the group before
 *
 * A record's checksum is seeded with the event's number, so that a record in the wrong place is
 * found. Through the checksums a group's hash stands for every byte but the personal ones, and
 * through the hash before it for the whole log. Of the personal bytes only the digest, seeded by
 * the salt, is under the checksum: erasing sets story, reporter and salt to zero and nothing else
 * changes. Without the salt nobody can try out what the text may have been.
 *
 * All numbers are little-endian. Pure bytes: no LMDB here, and no trust in what is read.
 */
#ifndef STORE_GROUP_H
#define STORE_GROUP_H

#include "store/store.h"

enum { GROUP_HASH_BYTES = 16 };

struct group_head {
    uint8_t hash[GROUP_HASH_BYTES];
    uint32_t magic;
    uint32_t version;
    uint32_t count;
    uint32_t bytes; /* of the whole group */
    uint64_t first; /* number of the first event */
    uint8_t previous[GROUP_HASH_BYTES];
};

struct group_entry {
    uint32_t offset; /* from the first record */
    uint32_t bytes;
    uint64_t checksum;
};

struct record_head {
    uint32_t serial;
    uint32_t previous;
    int64_t time_ms;
    uint32_t open_bytes;
    uint32_t story_bytes;
    uint32_t reporter_bytes;
    int32_t day;
    uint8_t kind;
    uint8_t feeds_count;
    uint8_t zero[6];
    uint8_t key[DIGEST_BYTES];
    uint8_t content[DIGEST_BYTES];
    uint8_t personal[DIGEST_BYTES]; /* digest of story and reporter */
};

struct record_feed {
    uint32_t feed; /* the top bit: is shown the reporter */
    uint32_t sequence;
};

_Static_assert(sizeof(struct group_head) == 56, "it lies in the log as it stands here");
_Static_assert(sizeof(struct group_entry) == 16, "it lies in the log as it stands here");
_Static_assert(sizeof(struct record_head) == 88, "it lies in the log as it stands here");
_Static_assert(sizeof(struct record_feed) == 8, "it lies in the log as it stands here");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the log is little-endian");

/* -- the open group ------------------------------------------------------------------------ */

/* Private memory of the store, reserved at start for the largest group. */
struct group {
    uint64_t first;
    uint32_t count;
    size_t bytes; /* of records */
    uint8_t *records;
    struct group_entry *entries;
};

MUST_CHECK enum err group_create(struct group *group);
void group_destroy(struct group *group);

/* Empties it; the next event appended is number first. */
void group_begin(struct group *group, uint64_t first);

/* Room for one event's parts, or NULL where no more fits. One event fits an empty group, or it is a
 * bug. */
uint8_t *group_room(struct group *group, size_t bytes_max);

/* Makes a record of the view, whose three parts stand in the room, and puts it behind the others.
 * Moves the parts to their place and sets the view's spans to it. The salt is not 0. */
void group_append(struct group *group, struct event_view *view, uint64_t salt);

/* The whole value, and writing it. previous is the hash of the group before; hash is set. */
size_t group_value_bytes(const struct group *group);
void group_write(const struct group *group, const uint8_t previous[GROUP_HASH_BYTES], uint8_t *out,
                 uint8_t hash[GROUP_HASH_BYTES]);

/* -- a group that is read ------------------------------------------------------------------ */

enum fault {
    SOUND = 0,
    FAULT_SHAPE,    /* lengths or constants that cannot be */
    FAULT_HASH,     /* of a group */
    FAULT_CHECKSUM, /* of a record */
    FAULT_PERSONAL, /* the digest of a personal part, which is not erased either */
};

/* Half a sentence: "its checksum does not hold". */
const char *fault_text(enum fault fault);

struct group_view {
    uint64_t first;
    uint32_t count;
    const uint8_t *value;
    const uint8_t *entries;
    const uint8_t *records;
    size_t bytes; /* of records */
};

/* The open group, seen like one that is in the log. */
struct group_view group_open_view(const struct group *group);

/* Looks at a value of the log whose key is first. After FAULT_HASH the view may still be used to
 * save what can be saved; after FAULT_SHAPE it is empty. */
MUST_CHECK enum fault group_view_open(struct span value, uint64_t first, struct group_view *view);

void group_view_hash(const struct group_view *view, uint8_t hash[GROUP_HASH_BYTES],
                     uint8_t previous[GROUP_HASH_BYTES]);

/* Reads and checks one event of it; number must be in [first, first + count). */
MUST_CHECK enum fault group_event(const struct group_view *group, uint64_t number,
                                  struct event_view *view);

#endif
