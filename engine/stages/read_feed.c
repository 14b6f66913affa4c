/* read_feed - a stretch of a unit's feed, as that unit was shown it. */
#include "stages/reading.h"

enum { REPLAY_BYTES_MAX = 1024 * 1024 };

static bool shows_reporter(const struct event_view *view, uint32_t feed)
{
    for (uint32_t i = 0; i < view->feeds_count; i++)
        if (view->feeds[i].feed == feed)
            return view->feeds[i].reporter;
    return false;
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
        stage->events[*count] = event_told(&view, shows_reporter(&view, feed));
        bytes += stage->events[*count].bytes;
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
        .events = stage->events,
        .events_count = count,
        .heads = &head,
        .heads_count = 1,
    };
    uint8_t *out = reading_begin(inquiry, wire_feed_reply_bytes(inquiry->id, &message));
    wire_feed_reply_write(inquiry->id, &message, out);
}
