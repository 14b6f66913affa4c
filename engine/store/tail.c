#include "store/tail.h"

#include "base/check.h"
#include "store/space.h"

/* Two digits are a feed's number. */
enum { DIGIT_BITS = 12, DIGITS = 1 << DIGIT_BITS };

static const size_t places_bytes = TAIL_PLACES_MAX * sizeof(struct tail_place);
static const size_t ids_bytes = TAIL_EVENTS_MAX * sizeof(struct id_tag);
static const size_t lasts_bytes = TAIL_EVENTS_MAX * sizeof(struct tail_last);
static const size_t days_bytes = TAIL_EVENTS_MAX * sizeof(struct tail_day);
static const size_t serials_bytes = TAIL_EVENTS_MAX * sizeof(uint32_t);

uint64_t hash_of_key(const uint8_t key[DIGEST_BYTES])
{
    uint64_t hash;
    memcpy(&hash, key, sizeof hash);
    return hash;
}

void tail_init(struct tail *tail)
{
    *tail = (struct tail){
        .begin = 1,
        .limit = 1,
        .day = INT32_MIN,
        .places = space_reserve(places_bytes),
        .sorting = space_reserve(places_bytes),
        .ids = space_reserve(ids_bytes),
        .lasts = space_reserve(lasts_bytes),
        .days = space_reserve(days_bytes),
        .opened = space_reserve(serials_bytes),
        .closed = space_reserve(serials_bytes),
    };
    CHECK(tail->places != NULL && tail->ids != NULL && tail->lasts != NULL && tail->days != NULL);
    CHECK(tail->opened != NULL && tail->closed != NULL && tail->sorting != NULL);
    recent_init(&tail->last_of, TAIL_EVENTS_MAX);
    recent_init(&tail->head_of, TAIL_PLACES_MAX);
    recent_init(&tail->closed_by, TAIL_EVENTS_MAX);
}

void tail_fini(struct tail *tail)
{
    space_release(tail->places, places_bytes);
    space_release(tail->sorting, places_bytes);
    space_release(tail->ids, ids_bytes);
    space_release(tail->lasts, lasts_bytes);
    space_release(tail->days, days_bytes);
    space_release(tail->opened, serials_bytes);
    space_release(tail->closed, serials_bytes);
    recent_fini(&tail->last_of);
    recent_fini(&tail->head_of);
    recent_fini(&tail->closed_by);
    *tail = (struct tail){0};
}

void tail_reset(struct tail *tail, uint64_t begin, int32_t day)
{
    tail->begin = begin;
    tail->limit = begin;
    tail->day = day;
    tail->places_count = 0;
    tail->lasts_count = 0;
    tail->days_count = 0;
    tail->opened_count = 0;
    tail->closed_count = 0;
    recent_forget(&tail->last_of);
    recent_forget(&tail->head_of);
    recent_forget(&tail->closed_by);
}

bool tail_has_room(const struct tail *tail, uint64_t events)
{
    return tail->limit - tail->begin + events <= TAIL_EVENTS_MAX;
}

static void add_place(struct tail *tail, const struct tail_place *place)
{
    tail->places[tail->places_count++] = *place;
    recent_put(&tail->head_of, place->feed, place->sequence);
}

static void add_last(struct tail *tail, uint32_t serial, uint32_t event)
{
    tail->lasts[tail->lasts_count++] = (struct tail_last){.serial = serial, .event = event};
    recent_put(&tail->last_of, serial, event);
}

/* Nothing to do for a ticket that is closed at once, nor for one that stays open. */
static void add_standing(struct tail *tail, const struct tail_note *note, uint32_t event)
{
    bool begins = note->serial == event;
    if (begins && note->ticket_open) {
        tail->opened[tail->opened_count++] = note->serial;
    } else if (!begins && !note->ticket_open && !tail_closes(tail, note->serial)) {
        tail->closed[tail->closed_count++] = note->serial;
        recent_put(&tail->closed_by, note->serial, event);
    }
}

static void add_day(struct tail *tail, int32_t day, uint64_t first)
{
    tail->days[tail->days_count++] = (struct tail_day){.day = day, .first = first};
    tail->day = day;
}

void tail_add_noted(struct tail *tail, const struct tail_note *note,
                    const struct tail_place *places)
{
    uint32_t event = (uint32_t)tail->limit;
    CHECK(tail_has_room(tail, 1));
    tail->ids[tail->limit - tail->begin] = id_tag_of(note->hash);
    for (uint32_t i = 0; i < note->places_count; i++)
        add_place(tail, &places[i]);
    if (note->serial != event)
        add_last(tail, note->serial, event);
    add_standing(tail, note, event);
    if (note->day > tail->day)
        add_day(tail, note->day, event);
    tail->limit++;
}

void tail_add(struct tail *tail, const struct event_view *view)
{
    struct tail_place places[STORE_FEEDS_PER_EVENT_MAX];
    CHECK(view->number == tail->limit);
    for (uint32_t i = 0; i < view->feeds_count; i++)
        places[i] = (struct tail_place){.feed = view->feeds[i].feed,
                                        .sequence = view->feeds[i].sequence,
                                        .event = (uint32_t)view->number};
    struct tail_note note = {.hash = hash_of_key(view->key),
                             .serial = (uint32_t)view->serial,
                             .day = day_of_ms(view->time_ms),
                             .places_count = (uint8_t)view->feeds_count,
                             .ticket_open = view->ticket_open};
    tail_add_noted(tail, &note, places);
}

/* By one digit of the feed's number, the lower ones sorted before. */
static void sort_by_digit(const struct tail_place *from, struct tail_place *to, uint32_t count,
                          uint32_t shift)
{
    uint32_t next[DIGITS + 1] = {0}; /* where the next one of each digit goes */
    for (uint32_t i = 0; i < count; i++)
        next[(from[i].feed >> shift) % DIGITS + 1]++;
    for (uint32_t digit = 1; digit < DIGITS; digit++)
        next[digit] += next[digit - 1];
    for (uint32_t i = 0; i < count; i++)
        to[next[(from[i].feed >> shift) % DIGITS]++] = from[i];
}

void tail_sort_places(struct tail *tail)
{
    sort_by_digit(tail->places, tail->sorting, tail->places_count, 0);
    sort_by_digit(tail->sorting, tail->places, tail->places_count, DIGIT_BITS);
}

uint64_t tail_last(const struct tail *tail, uint64_t serial)
{
    return recent_get(&tail->last_of, serial);
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
    return recent_get(&tail->head_of, feed);
}

bool tail_closes(const struct tail *tail, uint64_t serial)
{
    return recent_get(&tail->closed_by, serial) != 0;
}
