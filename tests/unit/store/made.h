/* made - a store in a directory of its own, and beside it a plain list of what it was given.
 *
 * What a test appends goes to the store and to the list; agree.h then compares the two. The list is
 * the obvious store: arrays by event number, taken back from their end. Everything is drawn from
 * made->random, so the same seed makes the same events, also without a store (made->store NULL).
 */
#ifndef TESTS_STORE_MADE_H
#define TESTS_STORE_MADE_H

#include "store/store.h"
#include "tests/support/small_city.h"

enum { MADE_EVENTS_MAX = 32768, MADE_FEEDS_MAX = 64, MADE_DAYS_MAX = 1024 };

struct made_event {
    uint64_t serial; /* 0 in a draft: a new ticket */
    uint64_t previous;
    uint64_t last; /* of a ticket: its last event so far */
    int64_t time_ms;
    enum kind kind;
    bool ticket_open;
    uint8_t key[DIGEST_BYTES];
    uint8_t content[DIGEST_BYTES];
    struct feed_entry feeds[STORE_FEEDS_PER_EVENT_MAX];
    uint32_t feeds_count;
    size_t open_bytes, story_bytes, reporter_bytes;
    uint64_t bytes_seed;
};

struct made_day {
    int32_t day;
    uint64_t first;
};

struct made {
    char directory[128]; /* the store is in DIR/store */
    char path[160];
    struct small_city small;
    struct policy policy;
    struct store_options options;
    struct store *store;
    uint64_t random;
    int64_t now_ms;

    struct made_event *events; /* by number */
    uint64_t next;
    uint64_t durable; /* one behind the last committed event */
    uint32_t *feeds[MADE_FEEDS_MAX];
    uint32_t heads[MADE_FEEDS_MAX];
    struct made_day days[MADE_DAYS_MAX];
    uint32_t days_count;
};

/* A seed for this run, printed; SEED repeats it. */
uint64_t made_seed(void);

/* Makes the directory, the city and the list. The store is not opened; options may be changed. */
void made_init(struct made *made, uint64_t seed);

/* Closes what is open and removes everything. */
void made_fini(struct made *made);

/* Opens the store and puts the policy; any trouble ends the test. */
void made_open(struct made *made);

/* Closes it; the open group is lost. */
void made_close(struct made *made);

void made_reopen(struct made *made);

/* [0, limit) */
uint64_t made_random(struct made *made, uint64_t limit);

/* The bytes of one part of an event, 0 the open one, 1 its story, 2 the reporter. */
void made_bytes(const struct made_event *event, int part, uint8_t *out);

/* Draws an event of any size and kind, in up to 16 feeds: a new ticket, or a later event of a
 * ticket where serial is not 0. A ticket that is closed is left closed, another perhaps. */
struct made_event made_draw(struct made *made, uint64_t serial);

/* A small event of a new ticket, closed at once, in these feeds. */
struct made_event made_small(struct made *made, uint32_t feeds_count, ...);

/* Completes a draft and appends it. What the store says, or ERR_FULL where it has no room. */
enum err made_append(struct made *made, struct made_event draft);

/* Draws and appends until so many were appended since. */
void made_append_random(struct made *made, uint32_t count);

/* Commits, and keeps or takes back in the list as the store says. */
enum err made_commit(struct made *made);

/* Takes the open group back, in the store and in the list. */
void made_abandon(struct made *made);

/* Verifies the closed store: no findings, and as many events and tickets as the list has. */
void made_verify(struct made *made);

#endif
