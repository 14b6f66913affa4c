#include "store/ids.h"

#include "base/check.h"
#include "store/space.h"

#include <stddef.h>

enum { FIRST_ROOM = 1 << 16 };

static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

static bool is_full(const struct ids_segment *segment)
{
    return segment->count >= segment->room / 8 * 7;
}

static enum err add_segment(struct ids *ids)
{
    if (ids->segments_count == IDS_SEGMENTS_MAX)
        return ERR_FULL;
    struct ids_segment *segment = &ids->segments[ids->segments_count];
    segment->room = (uint64_t)FIRST_ROOM << ids->segments_count;
    segment->count = 0;
    segment->tags = space_reserve(segment->room * 2 * sizeof(uint32_t));
    if (segment->tags == NULL)
        return ERR_FULL;
    segment->events = segment->tags + segment->room;
    ids->segments_count++;
    return OK;
}

void ids_fini(struct ids *ids)
{
    for (uint32_t i = 0; i < ids->segments_count; i++)
        space_release(ids->segments[i].tags, ids->segments[i].room * 2 * sizeof(uint32_t));
    *ids = (struct ids){.segments_count = 0};
}

enum err ids_insert(struct ids *ids, uint64_t hash, uint32_t event)
{
    CHECK(event != 0);
    if (ids->segments_count == 0 || is_full(&ids->segments[ids->segments_count - 1])) {
        enum err err = add_segment(ids);
        if (err != OK)
            return err;
    }
    struct ids_segment *segment = &ids->segments[ids->segments_count - 1];
    uint64_t place = hash & (segment->room - 1);
    while (segment->events[place] != 0)
        place = (place + 1) & (segment->room - 1);
    segment->tags[place] = tag_of(hash);
    segment->events[place] = event;
    segment->count++;
    return OK;
}

/* The last insert of a segment is at the end of its run, so taking it out breaks no other's run. */
void ids_take_back(struct ids *ids, uint64_t hash, uint32_t event)
{
    uint32_t last = ids->segments_count - 1;
    while (ids->segments[last].count == 0)
        last--;
    struct ids_segment *segment = &ids->segments[last];
    uint64_t place = hash & (segment->room - 1);
    while (segment->events[place] != event) {
        CHECK(segment->events[place] != 0);
        place = (place + 1) & (segment->room - 1);
    }
    segment->events[place] = 0;
    segment->count--;
}

uint32_t ids_next(const struct ids *ids, struct ids_search *search)
{
    if (!search->begun) {
        search->begun = true;
        search->segment = ids->segments_count;
        search->place = UINT64_MAX;
    }
    for (;;) {
        if (search->place == UINT64_MAX) {
            if (search->segment == 0)
                return 0;
            search->segment--;
            search->place = search->hash & (ids->segments[search->segment].room - 1);
        }
        const struct ids_segment *segment = &ids->segments[search->segment];
        uint32_t event = segment->events[search->place];
        uint32_t tag = segment->tags[search->place];
        search->place = event == 0 ? UINT64_MAX : (search->place + 1) & (segment->room - 1);
        if (event != 0 && tag == tag_of(search->hash))
            return event;
    }
}
