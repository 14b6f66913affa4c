#include "stages/6_publish.h"

#include "stages/outbox.h"
#include "stages/socket.h"
#include "wire/wire.h"

#include <stdlib.h>

enum {
    HEADS_AFTER_MS = 1000,  /* after activity: a lost last message is noticed then */
    HEADS_EVERY_MS = 10000, /* all of them, in case an announcement was lost too */
    SUBSCRIPTIONS_A_STEP = 64,
};

struct feed_state {
    struct span unit; /* 511126000000.urban */
    uint64_t head;    /* sequence of the last event sent */
    bool stirred;     /* since heads were announced last */
};

struct publish_stage {
    struct pipeline *pipeline;
    void *xpub;
    struct store_reader *reader;
    uint64_t next_event; /* of the log, to be sent next */
    struct arena *names; /* of units */
    struct feed_state *feeds;
    uint32_t feeds_count;
    uint32_t *in_order;      /* feeds, by their units' keys */
    struct wire_head *heads; /* of one announcement */
    struct prefixes *prefixes;
    struct outbox *outbox;
    int64_t stirred_ms;   /* when the first feed stirred since the last announcement; 0: none did */
    int64_t announced_ms; /* all heads, last */
};

static int64_t now_ms(const struct publish_stage *stage)
{
    return clock_monotonic_ns(stage->pipeline->clock) / 1000000;
}

/* -- heads ------------------------------------------------------------------------------------- */

static const struct feed_state *in_order(const struct publish_stage *stage, uint32_t at)
{
    return &stage->feeds[stage->in_order[at]];
}

/* Where in the order the first unit stands that the prefix covers, if it covers any. */
static uint32_t first_below(const struct publish_stage *stage, struct span prefix)
{
    uint32_t low = 0;
    uint32_t high = stage->feeds_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (span_compare(in_order(stage, middle)->unit, prefix_key(prefix)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* One message on the prefix itself, which reaches all who subscribed to it. Only the units below it
 * are looked at: there may be a subscription for each. */
static void announce(struct publish_stage *stage, struct span prefix, bool stirred_only)
{
    struct wire_feed feed = {.heads = stage->heads};
    for (uint32_t at = first_below(stage, prefix); at < stage->feeds_count; at++) {
        const struct feed_state *state = in_order(stage, at);
        if (!prefix_covers(prefix, state->unit))
            break;
        if (state->head > 0 && (state->stirred || !stirred_only))
            stage->heads[feed.heads_count++] = (struct wire_head){state->unit, state->head};
    }
    if (feed.heads_count > 0 || !stirred_only)
        socket_send_feed(stage->xpub, prefix, &feed);
}

static void announce_all(struct publish_stage *stage, bool stirred_only)
{
    for (uint32_t i = 0; i < prefixes_limit(stage->prefixes); i++)
        if (prefixes_has(stage->prefixes, i))
            announce(stage, prefixes_at(stage->prefixes, i), stirred_only);
    for (uint32_t i = 0; i < stage->feeds_count; i++)
        stage->feeds[i].stirred = false;
    stage->stirred_ms = 0;
}

/* Milliseconds until heads are due; SLEEP_UNTIL_RUNG where nobody listens. */
static int heads_due_ms(const struct publish_stage *stage)
{
    if (prefixes_count(stage->prefixes) == 0)
        return SLEEP_UNTIL_RUNG;
    int64_t now = now_ms(stage);
    int64_t due = stage->announced_ms + HEADS_EVERY_MS - now;
    if (stage->stirred_ms > 0 && stage->stirred_ms + HEADS_AFTER_MS - now < due)
        due = stage->stirred_ms + HEADS_AFTER_MS - now;
    return due > 0 ? (int)due : 0;
}

static bool announce_if_due(struct publish_stage *stage)
{
    if (heads_due_ms(stage) != 0)
        return false;
    bool all = stage->announced_ms + HEADS_EVERY_MS <= now_ms(stage);
    announce_all(stage, !all);
    if (all)
        stage->announced_ms = now_ms(stage);
    return true;
}

/* -- subscriptions ----------------------------------------------------------------------------- */

/* A subscription is one frame: 1 or 0, then the prefix. */
static bool hear_subscription(struct publish_stage *stage)
{
    uint8_t frame[1 + PREFIX_BYTES_MAX];
    struct span told;
    if (!socket_receive_short(stage->xpub, frame, sizeof frame, &told))
        return false;
    if (told.bytes < 1 || told.bytes > sizeof frame || told.data[0] > 1)
        return true; /* longer than any topic, so it matches nothing; or no subscription at all */
    struct span prefix = span_of(told.data + 1, told.bytes - 1);
    uint32_t index = told.data[0] == 0 ? prefixes_remove(stage->prefixes, prefix)
                                       : prefixes_add(stage->prefixes, prefix);
    if (told.data[0] == 0 && index != PREFIX_NONE)
        outbox_narrow(stage->outbox, index);
    if (told.data[0] == 0)
        return true;
    if (index != PREFIX_NONE)
        outbox_widen(stage->outbox, index);
    announce(stage, prefix, false);
    return true;
}

static bool publish_attend(void *self)
{
    struct publish_stage *stage = self;
    uint32_t heard = 0;
    while (heard < SUBSCRIPTIONS_A_STEP && hear_subscription(stage))
        heard++;
    return announce_if_due(stage) || heard > 0;
}

static int publish_patience_ms(void *self)
{
    const struct publish_stage *stage = self;
    if (stage_ready(&stage->pipeline->publish) || socket_readable(stage->xpub))
        return SLEEP_NOT;
    return heads_due_ms(stage);
}

/* -- feeds ------------------------------------------------------------------------------------- */

static int by_unit(const void *a, const void *b, void *self)
{
    const struct publish_stage *stage = self;
    return span_compare(stage->feeds[*(const uint32_t *)a].unit,
                        stage->feeds[*(const uint32_t *)b].unit);
}

static void *grow(void *old, size_t count, size_t bytes)
{
    void *grown = realloc(old, (count + 1) * bytes);
    CHECK(grown != NULL);
    return grown;
}

static void name_feed(struct publish_stage *stage, uint32_t feed)
{
    struct span unit = store_reader_feed_unit(stage->reader, feed);
    stage->feeds[feed] =
        (struct feed_state){.unit = span_of(arena_copy(stage->names, unit), unit.bytes)};
    stage->in_order[feed] = feed;
    outbox_name(stage->outbox, feed, stage->feeds[feed].unit);
}

/* Makes room for all feeds that the reader's snapshot has, and names the new ones. While nothing is
 * gathered. */
static void learn_feeds(struct publish_stage *stage)
{
    uint32_t count = store_reader_feeds(stage->reader);
    CHECK(count >= stage->feeds_count);
    stage->feeds = grow(stage->feeds, count, sizeof *stage->feeds);
    stage->in_order = grow(stage->in_order, count, sizeof *stage->in_order);
    stage->heads = grow(stage->heads, count, sizeof *stage->heads);
    outbox_grow(stage->outbox, count);
    for (; stage->feeds_count < count; stage->feeds_count++)
        name_feed(stage, stage->feeds_count);
    qsort_r(stage->in_order, stage->feeds_count, sizeof *stage->in_order, by_unit, stage);
}

static bool knows_feeds(const struct publish_stage *stage, const struct event_view *view)
{
    for (uint32_t i = 0; i < view->feeds_count; i++)
        if (view->feeds[i].feed >= stage->feeds_count)
            return false;
    return true;
}

/* -- events ------------------------------------------------------------------------------------ */

static void gather(struct publish_stage *stage, const struct event_view *view)
{
    if (stage->stirred_ms == 0)
        stage->stirred_ms = now_ms(stage);
    for (uint32_t i = 0; i < view->feeds_count; i++) {
        const struct feed_entry *told = &view->feeds[i];
        struct feed_state *feed = &stage->feeds[told->feed];
        CHECK(told->sequence == feed->head + 1);
        feed->head = told->sequence;
        feed->stirred = true;
        outbox_add(stage->outbox, told->feed, told->sequence, event_told(view, told->reporter));
    }
}

/* What commit has passed is in the log, and maybe more. */
static uint64_t publish_work(void *self, uint64_t next, uint64_t limit)
{
    struct publish_stage *stage = self;
    enum err err = store_reader_begin(stage->reader);
    CHECK(err == OK && limit > next);
    uint64_t end = store_reader_limit(stage->reader);
    CHECK(end >= stage->next_event); /* a log that cannot be read looks like an empty one */
    for (; stage->next_event < end; stage->next_event++) {
        struct event_view view;
        err = store_reader_fresh(stage->reader, stage->next_event, &view);
        CHECK(err == OK); /* it was committed a moment ago */
        bool known = knows_feeds(stage, &view);
        if (!known || !outbox_has_room(stage->outbox))
            outbox_flush(stage->outbox);
        if (!known)
            learn_feeds(stage);
        gather(stage, &view);
    }
    outbox_flush(stage->outbox);
    store_reader_end(stage->reader);
    return limit;
}

/* -- life -------------------------------------------------------------------------------------- */

static enum err begin(struct publish_stage *stage)
{
    enum err err = store_reader_begin(stage->reader);
    if (err != OK)
        return err;
    stage->next_event = store_reader_limit(stage->reader);
    learn_feeds(stage);
    for (uint32_t i = 0; i < stage->feeds_count; i++)
        stage->feeds[i].head = store_reader_head(stage->reader, i);
    store_reader_end(stage->reader);
    return OK;
}

enum err publish_stage_create(struct pipeline *pipeline, void *xpub, struct store_reader *reader,
                              struct arena *arena, struct publish_stage **stage)
{
    *stage = arena_take(arena, sizeof **stage);
    **stage = (struct publish_stage){
        .pipeline = pipeline,
        .xpub = xpub,
        .reader = reader,
        .prefixes = prefixes_create(arena),
        .names = arena_create(),
    };
    (*stage)->outbox = outbox_create(xpub, (*stage)->prefixes, arena);
    enum err err = begin(*stage);
    if (err != OK)
        return err;
    (*stage)->announced_ms = now_ms(*stage);
    pipeline->publish = (struct stage){
        .name = "publish",
        .gate = {.cursors = {&pipeline->commit.cursor}, .count = 1},
        .work = publish_work,
        .attend = publish_attend,
        .patience_ms = publish_patience_ms,
        .self = *stage,
        .clock = pipeline->clock,
    };
    return OK;
}

void publish_stage_fini(struct publish_stage *stage)
{
    outbox_fini(stage->outbox);
    free(stage->feeds);
    free(stage->in_order);
    free(stage->heads);
    arena_destroy(&stage->names);
}
