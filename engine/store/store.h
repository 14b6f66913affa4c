/* store - the log of events, and what is derived from it. The only user of LMDB.
 *
 *      log        number of a group's first event -> the group: header, offsets, records
 *      policies   number -> hash, sources                 written before their first use
 *      feeds      feed -> unit key                        written with the policy that has the unit
 *      units      unit key -> feed                        beside it
 *      --- derived, written later, redone from the log's tail at start ---
 *      pages      (feed, page) -> 64 event numbers        full ones
 *      heads      feed -> its last sequence, and the event numbers of its open page
 *      ids        first event -> what the index keeps of its key, and of those that follow
 *      days       day -> first event number
 *      lasts      serial -> its ticket's last event, where that is not the serial itself
 *      open       serial / 512 -> a bit for each of the 512, set where its ticket is open
 *
 * One transaction before an acknowledgement, and it appends one record: the group. Each event
 * record carries a checksum, each group the hash of the one before. Personal parts stand last in a
 * record, under the chain by their salted digest only, so that they can be erased without breaking
 * it.
 *
 * The happy path of the single writer:
 *      store_find() for each key; store_room(), fill it, store_append(); ...; store_seal()
 * and on with the next group, while whoever may wait brings that one to the disk:
 *      store_write(); then, by the writer again, store_keep()
 * and when things go wrong:
 *      - the disk is full or a sync fails: store_write() says ERR_FULL or ERR_IO, the group and all
 *        that was built on it is taken back (keys, numbers, feed sequences), reads go on, the next
 *        group tries anew;
 *      - the last write of a commit fails (LMDB's meta page): ERR_UNKNOWN. Nobody can know what the
 *        disk holds: the engine stops, and recovery reads what is there;
 *      - a kill at any moment: the log has whole groups or none; the derived tables are redone.
 *
 * Threads: struct store belongs to one thread at a time, the writer's; but store_write() may be
 * called by another beside it, as long as each group is sealed before it is written and written
 * before it is kept or taken back, and the two threads see to it that one sees what the other did
 * before. A policy may be added by yet another. A struct store_reader belongs to one thread, any,
 * and sees what was durable when it began.
 *
 * Stated limits: 100 million tickets, 2^32 events, 2^24 feeds an engine.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/counters.h"
#include "base/diag.h"
#include "base/err.h"
#include "slot.h"

enum {
    STORE_GROUP_EVENTS_MAX = 8192,
    STORE_GROUP_BYTES_MAX = 16 * 1024 * 1024,
    STORE_FEEDS_PER_EVENT_MAX = 2 * ASSIGNMENTS_MAX,
    STORE_PAGE_EVENTS = 64,
    STORE_SEALED_MAX = 2, /* groups at a time: one that is written, and the next */
};

struct store;

struct store_options {
    const char *path;       /* a directory; made if it does not exist */
    size_t map_bytes;       /* address space, not memory; 0 means 1 TiB */
    uint32_t derive_groups; /* write the derived tables every so many groups; 0 means 1024 */
    size_t reserve_bytes;   /* refuse when less is free on the disk; 0 means 64 MiB */
};

/* Opens and recovers. Refuses, with everything that is wrong in diag: another engine has it
 * (ERR_BUSY), another format or a damaged tail (ERR_DAMAGED), no such directory to make (ERR_IO).
 * Allocates here and not later, but for LMDB's own page list. */
MUST_CHECK enum err store_open(const struct store_options *options, struct diag *diag,
                               struct store **store);

/* Writes the derived tables and closes. All readers must be closed before. */
void store_close(struct store **store);

/* Random, made with the store: seeds the digests of keys and contents, so that nobody outside can
 * build two ids with one digest. */
uint64_t store_seed(const struct store *store);

/* -- policies ------------------------------------------------------------------------------ */

/* Puts a policy, durable before it returns, or finds it again by hash. Sets policy->number and
 * fills policy->feeds (city_units entries). Any thread: it waits while a group is written, and a
 * group meanwhile waits for it. ERR_FULL, ERR_IO: nothing was put. ERR_UNKNOWN as of store_write().
 */
MUST_CHECK enum err store_add_policy(const struct store *store, struct policy *policy);

/* The writer, before the first event that goes to a feed of this policy's. */
void store_use_policy(struct store *store, const struct policy *policy);

/* Both. */
MUST_CHECK enum err store_put_policy(struct store *store, struct policy *policy);

/* The feed of a unit that any policy ever had. ERR_NOT_FOUND, ERR_DAMAGED. */
MUST_CHECK enum err store_feed_find(struct store *store, struct span unit, uint32_t *feed);

/* -- the writer ---------------------------------------------------------------------------- */

struct feed_entry {
    uint32_t feed;
    uint32_t sequence; /* the event's place in that feed, from 1 */
    bool reporter;     /* this unit is shown the reporter */
};

/* An event record as it stands in the log. A ticket's serial is its first event's number, whatever
 * kind that is of; and a case may be a later event of a ticket, as an act may be the first. Spans
 * hold until the writer next keeps or takes back a group, or the reader's snapshot ends.
 */
struct event_view {
    uint64_t number;
    uint64_t serial;
    uint64_t previous;
    int64_t time_ms;
    enum kind kind;
    bool ticket_open; /* after this event */
    uint8_t key[DIGEST_BYTES];
    uint8_t content[DIGEST_BYTES];
    struct feed_entry feeds[STORE_FEEDS_PER_EVENT_MAX];
    uint32_t feeds_count;
    bool erased;          /* the personal bytes were */
    struct span open;     /* the Event's bytes that are under the chain */
    struct span story;    /* its personal bytes but for the reporter; empty if erased */
    struct span reporter; /* the reporter's; empty if erased */
};

/* The Event as somebody is told it. Its parts stand one behind the other, last the reporter, who is
 * not for all. */
static inline struct span event_told(const struct event_view *view, bool reporter)
{
    return span_of(view->open.data,
                   view->open.bytes + view->story.bytes + (reporter ? view->reporter.bytes : 0));
}

/* What to append. */
struct event_draft {
    uint64_t serial;   /* of its ticket; its own number for a new one */
    uint64_t previous; /* 0 for a new ticket */
    int64_t time_ms;
    enum kind kind;
    bool ticket_open;   /* after this event; what is closed stays closed */
    const uint8_t *key; /* DIGEST_BYTES each */
    const uint8_t *content;
    struct {
        uint32_t feed;
        bool reporter;
    } feeds[STORE_FEEDS_PER_EVENT_MAX]; /* no feed twice */
    uint32_t feeds_count;
    /* Lengths of the three parts that stand in the room, one behind the other. */
    size_t open_bytes, story_bytes, reporter_bytes;
};

/* Number that the next appended event gets. */
uint64_t store_next(const struct store *store);

/* The first event of a day, so that ordinal = number - first + 1. For a day not seen yet that is
 * store_next(), and is remembered with the next append. Days never go back. */
uint64_t store_day_first(struct store *store, int32_t day);

/* First event of a day that has one. Here as below, what was appended is found, be its group open,
 * sealed or committed. ERR_NOT_FOUND. */
MUST_CHECK enum err store_day_find(struct store *store, int32_t day, uint64_t *first);

/* Time of the last event, 0 in an empty log: ingress stamps no earlier. */
int64_t store_last_time_ms(const struct store *store);

/* Says that a key will be looked for in a moment, so that its place in memory is fetched. */
void store_expect(const struct store *store, const uint8_t key[DIGEST_BYTES]);

/* An event by its key. ERR_NOT_FOUND, ERR_DAMAGED. */
MUST_CHECK enum err store_find(struct store *store, const uint8_t key[DIGEST_BYTES],
                               struct event_view *view);

/* An event by number. */
MUST_CHECK enum err store_event(struct store *store, uint64_t number, struct event_view *view);

/* The last event of a ticket. ERR_NOT_FOUND where serial is no ticket's. */
MUST_CHECK enum err store_last(struct store *store, uint64_t serial, uint64_t *number);

/* Room in the open group for the parts of one event in so many feeds, bytes_max at most; NULL where
 * the group is full: commit it first. */
uint8_t *store_room(struct store *store, uint32_t feeds_count, size_t bytes_max);

/* Makes the room's content an event, in as many feeds as the room was asked for; gives it the next
 * number and the next sequence in each feed. ERR_FULL where there are no numbers or no places in
 * the index of keys left: nothing is changed.
 */
MUST_CHECK enum err store_append(struct store *store, const struct event_draft *draft);

/* May a group be sealed? Else one must be kept first. */
bool store_may_seal(const struct store *store);

/* Is a group sealed and neither kept nor taken back? */
bool store_has_sealed(const struct store *store);

/* Ends the open group, which is not empty, and begins the next. */
void store_seal(struct store *store);

/* Makes the oldest sealed group durable that is not yet: its events are on the disk when this says
 * OK. ERR_FULL, ERR_IO: nothing is taken back, and the next call tries the same again. ERR_UNKNOWN:
 * see above. Any thread: likewise. */
MUST_CHECK enum err store_write(struct store *store);

/* The oldest sealed group, which was written, is the writer's own no more. */
void store_keep(struct store *store);

/* Takes back the open group, and the sealed ones, none of which is or will be written. */
void store_abandon(struct store *store);

/* Is so much committed and not in the derived tables that they should be written now? */
bool store_derive_is_due(const struct store *store);

/* Writes the derived tables if they lag: when idle, and when that is due. No group may be sealed or
 * have been begun. Says whether there was anything to do. Failing is no harm: they are redone at
 * start. */
bool store_derive(struct store *store);

/* -- readers ------------------------------------------------------------------------------- */

struct store_reader;

MUST_CHECK enum err store_reader_open(struct store *store, struct store_reader **reader);
void store_reader_close(struct store_reader **reader);

/* A snapshot of what is durable now. Keep it for milliseconds: pages written meanwhile pile up. */
MUST_CHECK enum err store_reader_begin(struct store_reader *reader);
void store_reader_end(struct store_reader *reader);

/* One behind the last durable event's number. */
uint64_t store_reader_limit(struct store_reader *reader);

/* Quick for consecutive numbers. ERR_NOT_FOUND, ERR_DAMAGED. */
MUST_CHECK enum err store_reader_event(struct store_reader *reader, uint64_t number,
                                       struct event_view *view);

/* The same for one who follows the log, for an event that this process committed a moment ago: what
 * comes straight from its own memory is not held against its checksum again. What was so read some
 * way back is left to the disk (passed.h). */
MUST_CHECK enum err store_reader_fresh(struct store_reader *reader, uint64_t number,
                                       struct event_view *view);

MUST_CHECK enum err store_reader_last(struct store_reader *reader, uint64_t serial,
                                      uint64_t *number);

/* Serials of open tickets, ascending, from the first that is greater than after; at most
 * serials_max. */
MUST_CHECK enum err store_reader_open_tickets(struct store_reader *reader, uint64_t after,
                                              uint64_t *serials, uint32_t serials_max,
                                              uint32_t *count);

/* First event of a day; ERR_NOT_FOUND where nothing came that day. */
MUST_CHECK enum err store_reader_day_first(struct store_reader *reader, int32_t day,
                                           uint64_t *first);

/* Feeds are numbered from 0, densely, for ever. */
uint32_t store_reader_feeds(struct store_reader *reader);
struct span store_reader_feed_unit(struct store_reader *reader, uint32_t feed);
MUST_CHECK enum err store_reader_feed_find(struct store_reader *reader, struct span unit,
                                           uint32_t *feed);

/* Sequence of the feed's last durable event; 0 for none. */
uint64_t store_reader_head(struct store_reader *reader, uint32_t feed);

/* Event numbers of sequences [first, ...), at most numbers_max; sequences begin with 1. */
MUST_CHECK enum err store_reader_feed(struct store_reader *reader, uint32_t feed, uint64_t first,
                                      uint64_t *numbers, uint32_t numbers_max, uint32_t *count);

/* A policy's bundle of files (policy.h) and its hash. */
MUST_CHECK enum err store_reader_policy(struct store_reader *reader, uint32_t number,
                                        uint8_t hash[POLICY_HASH_BYTES], struct span *bundle);

struct store_status {
    uint64_t events;
    uint64_t tickets;
    uint64_t groups; /* commits since start */
    uint64_t store_bytes;
    uint64_t free_bytes;
};

/* Any thread. */
void store_status(const struct store *store, struct store_status *status);

/* -- verify -------------------------------------------------------------------------------- */

struct store_proof {
    uint64_t groups, events, tickets, feeds, erased;
    uint64_t bytes;
};

/* Walks the whole log of a store that no engine has open: checksums, chain, density of numbers and
 * sequences; recomputes the derived tables and compares. Adds every disagreement to diag. progress
 * may be NULL; visit, if not NULL, sees each event in order, may ask the reader for what came
 * before, and may add findings of its own. */
MUST_CHECK enum err store_verify(const char *path, struct diag *diag,
                                 void (*progress)(void *self, uint64_t done, uint64_t all),
                                 void (*visit)(void *self, struct store_reader *reader,
                                               const struct event_view *view),
                                 void *self, struct store_proof *proof);

#endif
