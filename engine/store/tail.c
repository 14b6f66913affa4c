#include "store/tail.h"

#include "base/check.h"

#include <stdlib.h>

uint64_t hash_of_key(const uint8_t key[DIGEST_BYTES])
{
    uint64_t hash;
    memcpy(&hash, key, sizeof hash);
    return hash;
}

void tail_reset(struct tail *tail, uint64_t begin, int32_t day)
{
    tail->begin = begin;
    tail->limit = begin;
    tail->day = day;
    tail->places_count = 0;
    tail->ids_count = 0;
    tail->lasts_count = 0;
    tail->days_count = 0;
}

void tail_fini(struct tail *tail)
{
    free(tail->places);
    free(tail->ids);
    free(tail->lasts);
    free(tail->days);
    *tail = (struct tail){0};
}

/* The list, with room for one more. */
static void *grown(void *list, uint32_t count, uint32_t *room, size_t bytes_each)
{
    if (count < *room)
        return list;
    *room = *room == 0 ? 1024 : *room * 2;
    list = realloc(list, *room * bytes_each);
    CHECK(list != NULL);
    return list;
}

static void add_place(struct tail *tail, const struct feed_entry *entry, uint32_t event)
{
    tail->places =
        grown(tail->places, tail->places_count, &tail->places_room, sizeof *tail->places);
    tail->places[tail->places_count++] =
        (struct tail_place){.feed = entry->feed, .sequence = entry->sequence, .event = event};
}

static void add_last(struct tail *tail, const struct event_view *view)
{
    tail->lasts = grown(tail->lasts, tail->lasts_count, &tail->lasts_room, sizeof *tail->lasts);
    tail->lasts[tail->lasts_count++] =
        (struct tail_last){.serial = view->serial, .event = view->number};
}

static void add_day(struct tail *tail, int32_t day, uint64_t first)
{
    tail->days = grown(tail->days, tail->days_count, &tail->days_room, sizeof *tail->days);
    tail->days[tail->days_count++] = (struct tail_day){.day = day, .first = first};
    tail->day = day;
}

void tail_add(struct tail *tail, const struct event_view *view)
{
    CHECK(view->number == tail->limit);
    tail->ids = grown(tail->ids, tail->ids_count, &tail->ids_room, sizeof *tail->ids);
    tail->ids[tail->ids_count++] =
        (struct tail_id){.hash = hash_of_key(view->key), .event = (uint32_t)view->number};
    for (uint32_t i = 0; i < view->feeds_count; i++)
        add_place(tail, &view->feeds[i], (uint32_t)view->number);
    if (view->serial != view->number)
        add_last(tail, view);
    if (day_of_ms(view->time_ms) > tail->day)
        add_day(tail, day_of_ms(view->time_ms), view->number);
    tail->limit++;
}

uint64_t tail_last(const struct tail *tail, uint64_t serial)
{
    for (uint32_t i = tail->lasts_count; i > 0; i--)
        if (tail->lasts[i - 1].serial == serial)
            return tail->lasts[i - 1].event;
    return 0;
}

uint64_t tail_day(const struct tail *tail, int32_t day)
{
    for (uint32_t i = tail->days_count; i > 0; i--)
        if (tail->days[i - 1].day == day)
            return tail->days[i - 1].first;
    return 0;
}

uint32_t tail_head(const struct tail *tail, uint32_t feed)
{
    for (uint32_t i = tail->places_count; i > 0; i--)
        if (tail->places[i - 1].feed == feed)
            return tail->places[i - 1].sequence;
    return 0;
}
