#include "stages/outbox.h"

#include "stages/pipeline.h"
#include "stages/socket.h"
#include "store/store.h"

#include <stdlib.h>

enum {
    ENTRIES_MAX = 4 * PIPELINE_SLOTS,
    /* A message is sent when it has as much. Large enough that a message costs what its bytes cost,
     * and small enough that a subscriber's full queue of them does not fill the memory. */
    MESSAGE_BYTES = 64 * 1024,
    MESSAGE_EVENTS_MAX = 1024,
    ALONE = PREFIXES_MAX, /* in place of a prefix, where not all are known: each on its own topic */
    NONE = UINT32_MAX,
};

/* One event of one feed, in the list of that feed. */
struct entry {
    struct span event;
    uint32_t sequence;
    uint32_t next; /* index, or NONE */
};

struct feed_box {
    struct span unit;     /* 511126000000.urban */
    uint32_t prefix;      /* the longest that covers it; NONE: nobody listens */
    uint32_t first, last; /* entries of this batch */
    uint32_t next;        /* feed with entries and the same prefix */
};

/* Feeds with entries that go together. */
struct bundle {
    uint32_t first, last;
};

struct outbox {
    void *xpub;
    const struct prefixes *prefixes;
    struct feed_box *feeds;
    uint32_t feeds_count;
    struct entry *entries;
    uint32_t entries_count;
    struct bundle *bundles; /* one a prefix, and ALONE */
    uint32_t *stirred;      /* prefixes whose bundles are not empty */
    uint32_t stirred_count;

    /* The message under way. */
    struct wire_feed *listed;
    uint32_t listed_count;
    struct span *events;
    uint32_t events_count;
    size_t bytes;
};

/* -- who listens ------------------------------------------------------------------------------- */

void outbox_name(struct outbox *outbox, uint32_t feed, struct span unit)
{
    CHECK(feed < outbox->feeds_count);
    outbox->feeds[feed].unit = unit;
    outbox->feeds[feed].prefix = prefixes_longest(outbox->prefixes, unit);
}

void outbox_widen(struct outbox *outbox, uint32_t prefix)
{
    struct span added = prefixes_at(outbox->prefixes, prefix);
    for (uint32_t i = 0; i < outbox->feeds_count; i++) {
        struct feed_box *feed = &outbox->feeds[i];
        if (prefix_covers(added, feed->unit) &&
            (feed->prefix == NONE ||
             prefixes_at(outbox->prefixes, feed->prefix).bytes < added.bytes))
            feed->prefix = prefix;
    }
}

void outbox_narrow(struct outbox *outbox, uint32_t prefix)
{
    for (uint32_t i = 0; i < outbox->feeds_count; i++)
        if (outbox->feeds[i].prefix == prefix)
            outbox->feeds[i].prefix = prefixes_longest(outbox->prefixes, outbox->feeds[i].unit);
}

/* -- gathering --------------------------------------------------------------------------------- */

bool outbox_has_room(const struct outbox *outbox)
{
    return outbox->entries_count + STORE_FEEDS_PER_EVENT_MAX <= ENTRIES_MAX;
}

static uint32_t prefix_of(const struct outbox *outbox, uint32_t feed)
{
    return prefixes_overflowed(outbox->prefixes) ? ALONE : outbox->feeds[feed].prefix;
}

/* The feed has entries now, so it joins those of its prefix. */
static void stir(struct outbox *outbox, uint32_t feed)
{
    uint32_t prefix = prefix_of(outbox, feed);
    struct bundle *bundle = &outbox->bundles[prefix];
    if (bundle->first == NONE) {
        bundle->first = feed;
        outbox->stirred[outbox->stirred_count++] = prefix;
    } else {
        outbox->feeds[bundle->last].next = feed;
    }
    bundle->last = feed;
    outbox->feeds[feed].next = NONE;
}

void outbox_add(struct outbox *outbox, uint32_t feed, uint32_t sequence, struct span event)
{
    struct feed_box *box = &outbox->feeds[feed];
    if (prefix_of(outbox, feed) == NONE)
        return;
    uint32_t index = outbox->entries_count++;
    outbox->entries[index] = (struct entry){.event = event, .sequence = sequence, .next = NONE};
    if (box->first == NONE) {
        box->first = index;
        stir(outbox, feed);
    } else {
        outbox->entries[box->last].next = index;
    }
    box->last = index;
}

/* -- sending ----------------------------------------------------------------------------------- */

/* One feed is a message by itself, several stand inside one. */
static void send_message(struct outbox *outbox, struct span topic)
{
    struct wire_feed several = {.feeds = outbox->listed, .feeds_count = outbox->listed_count};
    if (outbox->listed_count > 0)
        socket_send_feed(outbox->xpub, topic,
                         outbox->listed_count == 1 ? &outbox->listed[0] : &several);
    outbox->listed_count = 0;
    outbox->events_count = 0;
    outbox->bytes = 0;
}

/* Adds the feed's events to the message, and sends it whenever it is full. */
static void list_feed(struct outbox *outbox, struct span topic, const struct feed_box *feed)
{
    uint32_t index = feed->first;
    while (index != NONE) {
        struct wire_feed *listed = &outbox->listed[outbox->listed_count++];
        *listed = (struct wire_feed){
            .unit = feed->unit,
            .first = outbox->entries[index].sequence,
            .events = outbox->events + outbox->events_count,
        };
        for (; index != NONE && outbox->events_count < MESSAGE_EVENTS_MAX &&
               outbox->bytes < MESSAGE_BYTES;
             index = outbox->entries[index].next) {
            outbox->events[outbox->events_count++] = outbox->entries[index].event;
            outbox->bytes += outbox->entries[index].event.bytes;
            listed->events_count++;
        }
        if (outbox->events_count == MESSAGE_EVENTS_MAX || outbox->bytes >= MESSAGE_BYTES)
            send_message(outbox, topic);
    }
}

static void send_bundle(struct outbox *outbox, uint32_t prefix)
{
    struct bundle *bundle = &outbox->bundles[prefix];
    char buffer[PREFIX_BYTES_MAX];
    for (uint32_t i = bundle->first; i != NONE; i = outbox->feeds[i].next) {
        struct feed_box *feed = &outbox->feeds[i];
        if (prefix == ALONE) {
            list_feed(outbox, prefix_topic(feed->unit, buffer), feed);
            send_message(outbox, prefix_topic(feed->unit, buffer));
        } else {
            list_feed(outbox, prefixes_at(outbox->prefixes, prefix), feed);
        }
        feed->first = NONE;
    }
    if (prefix != ALONE)
        send_message(outbox, prefixes_at(outbox->prefixes, prefix));
    bundle->first = NONE;
}

void outbox_flush(struct outbox *outbox)
{
    for (uint32_t i = 0; i < outbox->stirred_count; i++)
        send_bundle(outbox, outbox->stirred[i]);
    outbox->stirred_count = 0;
    outbox->entries_count = 0;
}

/* -- life -------------------------------------------------------------------------------------- */

void outbox_grow(struct outbox *outbox, uint32_t feeds_count)
{
    CHECK(outbox->entries_count == 0 && feeds_count >= outbox->feeds_count);
    outbox->feeds = realloc(outbox->feeds, (feeds_count + 1) * sizeof *outbox->feeds);
    CHECK(outbox->feeds != NULL);
    for (; outbox->feeds_count < feeds_count; outbox->feeds_count++)
        outbox->feeds[outbox->feeds_count] = (struct feed_box){.prefix = NONE, .first = NONE};
}

void outbox_fini(struct outbox *outbox)
{
    free(outbox->feeds);
}

struct outbox *outbox_create(void *xpub, const struct prefixes *prefixes, struct arena *arena)
{
    struct outbox *outbox = arena_take(arena, sizeof *outbox);
    *outbox = (struct outbox){
        .xpub = xpub,
        .prefixes = prefixes,
        .entries = arena_take(arena, ENTRIES_MAX * sizeof *outbox->entries),
        .bundles = arena_take(arena, (ALONE + 1) * sizeof *outbox->bundles),
        .stirred = arena_take(arena, (ALONE + 1) * sizeof *outbox->stirred),
        .listed = arena_take(arena, MESSAGE_EVENTS_MAX * sizeof *outbox->listed),
        .events = arena_take(arena, MESSAGE_EVENTS_MAX * sizeof *outbox->events),
    };
    for (uint32_t i = 0; i <= ALONE; i++)
        outbox->bundles[i].first = NONE;
    return outbox;
}
