/* read_feed - a stretch of a unit's feed, as that unit was shown it. */
#include "stages/reading.h"

enum { REPLAY_BYTES_MAX = 1024 * 1024 };

/* What this one feed was shown of an event. */
static struct event_parts feed_parts(const struct event_view *view, uint32_t feed)
{
    struct event_parts parts = {view->open, view->story, {0}};
    for (uint32_t i = 0; i < view->feeds_count; i++)
        if (view->feeds[i].feed == feed && view->feeds[i].reporter)
            parts.reporter = view->reporter;
    return parts;
}

static enum err read_range(struct reader_stage *stage, uint32_t feed,
                           const struct wire_replay *replay, uint32_t *count)
{
    uint32_t found;
    size_t bytes = 0;
    enum err err = store_reader_feed(stage->reader, feed, replay->first, stage->numbers,
                                     replay->limit, &found);
    *count = 0;
    for (; err == OK && *count < found && bytes < REPLAY_BYTES_MAX; (*count)++) {
        struct event_view view;
        err = store_reader_event(stage->reader, stage->numbers[*count], &view);
        if (err != OK)
            break;
        stage->parts[*count] = feed_parts(&view, feed);
        bytes += view.open.bytes + view.story.bytes + view.reporter.bytes;
    }
    return err;
}

void reading_replay(struct reader_stage *stage, struct inquiry *inquiry)
{
    struct wire_replay replay;
    struct misfit misfit;
    uint32_t feed;
    uint32_t count;
    if (!wire_replay_read(inquiry->content, &replay, &misfit)) {
        reading_refuse(inquiry, &misfit);
        return;
    }
    if (store_reader_feed_find(stage->reader, replay.unit, &feed) != OK) {
        reading_refuse_because(inquiry, "unit", replay.unit,
                               "there is no such unit; keys look like 511126000000.urban");
        return;
    }
    if (read_range(stage, feed, &replay, &count) != OK) {
        reading_refuse_damaged(inquiry);
        return;
    }
    struct wire_head head = {replay.unit, store_reader_head(stage->reader, feed)};
    struct wire_feed message = {
        .unit = replay.unit,
        .first = replay.first,
        .events = stage->parts,
        .events_count = count,
        .heads = &head,
        .heads_count = 1,
    };
    uint8_t *out = reading_begin(inquiry, wire_feed_reply_bytes(inquiry->id, &message));
    wire_feed_reply_write(inquiry->id, &message, out);
}
