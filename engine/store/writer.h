/* writer - inside of the store, for store/ alone: what its parts share.
 *
 *      store.c     opening, closing, status
 *      recover.c   memory rebuilt from the tables and the log's tail
 *      policies.c  policies, and feeds for their units
 *      writer.c    looking things up, the open group, the commit
 *      derive.c    the derived tables, brought up to the log
 *
 * All of it belongs to the store's one thread; counters may be read by any.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/ids.h"
#include "store/reader.h"

enum { STORE_PATH_BYTES = 1024, STORE_SALTS = 512 };

/* When the last event was. */
struct moment {
    int64_t time_ms;
    int32_t day;
    uint64_t day_first; /* first event of that day */
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

    struct store_reader *own; /* for what is committed; held between two commits */

    uint64_t next; /* number of the next event */
    struct moment latest;
    uint8_t previous[DIGEST_BYTES]; /* hash of the last group */
    struct ids ids;
    uint32_t *heads; /* last sequence of each feed, the open group included */
    uint32_t feeds_count;
    struct tail tail; /* committed, not yet in the tables */
    uint32_t groups_since_derived;

    /* The open group: what store_commit() makes durable, or takes back. */
    uint8_t *records;
    struct stored_offset *offsets;
    uint64_t group_first;
    uint32_t group_count;
    size_t group_bytes;
    struct recent group_lasts; /* ticket -> its last act in this group */
    struct moment committed;   /* latest, before this group */

    struct counter events, tickets, groups;
};

/* Rebuilds memory from the disk; whatever does not fit is ERR_DAMAGED. Within own's snapshot. */
MUST_CHECK enum err writer_recover(struct store *store);

/* The latest moment is now this event's. */
void writer_note_time(struct store *store, uint64_t number, int64_t time_ms);

/* Room for so many feeds, the new ones empty. */
void writer_grow_feeds(struct store *store, uint32_t count);

#endif
