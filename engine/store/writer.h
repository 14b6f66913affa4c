/* writer - inside of the store, for store/ alone: what its parts share.
 *
 *      store.c     opening, closing, status
 *      recover.c   memory rebuilt from the tables and the log's tail
 *      policies.c  policies, and feeds for their units
 *      writer.c    looking things up, the open group
 *      commit.c    a group sealed, written and kept
 *      derive.c    the derived tables, brought up to the log
 *
 * All of it belongs to the writer's thread, but for `written` and what is said below of a sealed
 * group; counters may be read by any.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/check.h"
#include "store/ids.h"
#include "store/reader.h"

enum { STORE_PATH_BYTES = 1024, STORE_SALTS = 512 };

/* When the last event was. */
struct moment {
    int64_t time_ms;
    int32_t day;
    uint64_t day_first; /* first event of that day */
};

enum { STORE_GROUPS = STORE_SEALED_MAX + 1 };

/* A group that is open or sealed. From its sealing until it is written, whoever writes it reads it
 * too, so the writer changes none of it. */
struct group_draft {
    uint8_t *records;
    struct stored_offset *offsets;
    uint64_t first;
    uint32_t count;
    uint32_t tickets; /* that begin in it */
    size_t bytes;
    /* The writer's own: what would be read back of records that have left the cache by the time
     * that the group is sealed, durable, or taken back. */
    uint64_t *checksums;       /* one a record */
    struct tail_note *notes;   /* one an event */
    struct tail_place *places; /* of all events, in their order */
    uint32_t places_count;
    struct moment before;   /* the latest before it */
    struct recent lasts;    /* ticket -> its last act in this group */
    struct group_head head; /* once it is sealed, and so is: */
    bool has_room;          /* the tail will take it */
};

struct store {
    struct store_options options;
    char path[STORE_PATH_BYTES];
    int lock_fd;
    MDB_env *env;
    struct tables tables;
    uint64_t seed;
    uint64_t salts[STORE_SALTS]; /* random, used up from the end */
    uint32_t salts_left;

    struct store_reader *own; /* for what is kept; held until more is */

    uint64_t next; /* number of the next event */
    struct moment latest;
    uint8_t previous[DIGEST_BYTES]; /* hash of the last group that was sealed */
    struct ids ids;
    uint32_t *heads; /* last sequence of each feed, of all that was appended */
    uint32_t feeds_count;
    struct tail tail; /* kept, not yet in the tables */
    uint32_t groups_since_derived;

    /* Groups are counted; each has its place in turn. The one with the number sealed is open. */
    struct group_draft drafts[STORE_GROUPS];
    uint64_t kept, sealed;
    uint64_t written; /* by whoever calls store_write() */

    struct counter events, tickets, groups; /* that are written, by whoever writes them */
};

static inline struct group_draft *writer_group(struct store *store, uint64_t index)
{
    return &store->drafts[index % STORE_GROUPS];
}

/* An event of a group that is open or sealed. */
static inline void writer_peek(const struct group_draft *group, uint64_t number,
                               struct event_view *view)
{
    record_peek(group->records + group->offsets[number - group->first].bytes, view);
    VERIFY(view->number == number);
}

/* Number of the first event that is not kept yet. */
static inline uint64_t writer_kept_limit(struct store *store)
{
    return writer_group(store, store->kept)->first;
}

/* Begins the open group, empty, with the next event. */
void writer_open_group(struct store *store);

/* Keeps what was written. No other thread may be writing. */
void writer_keep_written(struct store *store);

/* Rebuilds memory from the disk; whatever does not fit is ERR_DAMAGED. Within own's snapshot. */
MUST_CHECK enum err writer_recover(struct store *store);

/* The latest moment is now this event's. */
void writer_note_time(struct store *store, uint64_t number, int64_t time_ms);

/* What a failed commit means: is the environment still good for another? Whichever thread tried. */
MUST_CHECK enum err writer_judge(const struct store *store, int code);

/* Room for so many feeds, the new ones empty. */
void writer_grow_feeds(struct store *store, uint32_t count);

#endif
