#include "tests/unit/store/agree.h"

#include <criterion/criterion.h>

/* Looks a time: enough to come by every event in a long test. */
enum { LOOKS = 24, PART_BYTES_MAX = 64 * 1024, NUMBERS_MAX = 300 };

#define SAME(got, wanted)                                                                          \
    do {                                                                                           \
        uint64_t same_got = (uint64_t)(got), same_wanted = (uint64_t)(wanted);                     \
        cr_assert_eq(same_got, same_wanted, "%s: is %llu, was to be %llu", #got,                   \
                     (unsigned long long)same_got, (unsigned long long)same_wanted);               \
    } while (0)

static void same_part(const struct made_event *event, int part, size_t bytes, struct span got)
{
    uint8_t wanted[PART_BYTES_MAX];
    made_bytes(event, part, wanted);
    SAME(got.bytes, bytes);
    cr_assert(bytes == 0 || memcmp(got.data, wanted, bytes) == 0, "part %d differs", part);
}

void agree_view(const struct made *made, uint64_t number, const struct event_view *view)
{
    const struct made_event *event = &made->events[number];
    SAME(view->number, number);
    SAME(view->serial, event->serial);
    SAME(view->previous, event->previous);
    SAME(view->time_ms, event->time_ms);
    SAME(view->kind, event->kind);
    SAME(view->ticket_open, event->ticket_open);
    cr_assert_eq(memcmp(view->key, event->key, DIGEST_BYTES), 0);
    cr_assert_eq(memcmp(view->content, event->content, DIGEST_BYTES), 0);
    SAME(view->feeds_count, event->feeds_count);
    for (uint32_t i = 0; i < view->feeds_count; i++) {
        SAME(view->feeds[i].feed, event->feeds[i].feed);
        SAME(view->feeds[i].sequence, event->feeds[i].sequence);
        SAME(view->feeds[i].reporter, event->feeds[i].reporter);
    }
    same_part(event, 0, event->open_bytes, view->open);
    same_part(event, 1, event->story_bytes, view->story);
    same_part(event, 2, event->reporter_bytes, view->reporter);
}

/* A ticket's last event below limit. */
static uint64_t last_of(const struct made *made, uint64_t serial, uint64_t limit)
{
    uint64_t last = made->events[serial].last;
    while (last >= limit)
        last = made->events[last].previous;
    return last;
}

static uint64_t tickets_below(const struct made *made, uint64_t limit)
{
    uint64_t tickets = 0;
    for (uint64_t number = 1; number < limit; number++)
        tickets += made->events[number].serial == number;
    return tickets;
}

/* -- the writer -------------------------------------------------------------------------------- */

static void agree_event(struct made *made, uint64_t number)
{
    struct event_view view;
    uint64_t last = 0;
    SAME(store_event(made->store, number, &view), OK);
    agree_view(made, number, &view);
    SAME(store_find(made->store, made->events[number].key, &view), OK);
    agree_view(made, number, &view);
    if (made->events[number].serial != number) {
        SAME(store_last(made->store, number, &last), ERR_NOT_FOUND);
        return;
    }
    SAME(store_last(made->store, number, &last), OK);
    SAME(last, last_of(made, number, made->next));
}

static void agree_beyond(struct made *made)
{
    struct event_view view;
    uint64_t last = 0;
    uint8_t key[DIGEST_BYTES] = "never appended";
    SAME(store_find(made->store, key, &view), ERR_NOT_FOUND);
    SAME(store_event(made->store, 0, &view), ERR_NOT_FOUND);
    SAME(store_event(made->store, made->next, &view), ERR_NOT_FOUND);
    SAME(store_last(made->store, 0, &last), ERR_NOT_FOUND);
    SAME(store_last(made->store, made->next, &last), ERR_NOT_FOUND);
}

/* Of the days, the latest, and one that somebody might ask for. */
static void agree_days(struct made *made)
{
    uint64_t first = 0;
    if (made->days_count == 0)
        return;
    const struct made_day *latest = &made->days[made->days_count - 1];
    const struct made_day *some = &made->days[made_random(made, made->days_count)];
    SAME(store_day_first(made->store, latest->day), latest->first);
    SAME(store_day_first(made->store, latest->day + 1), made->next);
    SAME(store_day_find(made->store, latest->day, &first), OK);
    SAME(first, latest->first);
    SAME(store_day_find(made->store, latest->day + 1, &first), ERR_NOT_FOUND);
    SAME(store_day_find(made->store, made->days[0].day - 1, &first), ERR_NOT_FOUND);
    SAME(store_day_find(made->store, some->day, &first), OK);
    SAME(first, some->first);
}

static void agree_status(struct made *made)
{
    struct store_status status;
    store_status(made->store, &status);
    SAME(status.events, made->durable - 1);
    SAME(status.tickets, tickets_below(made, made->durable));
    cr_assert_gt(status.store_bytes, 0);
    cr_assert_gt(status.free_bytes, 0);
}

void agree_writer(struct made *made)
{
    SAME(store_next(made->store), made->next);
    SAME(store_last_time_ms(made->store),
         made->next > 1 ? made->events[made->next - 1].time_ms : 0);
    for (int i = 0; i < LOOKS && made->next > 1; i++)
        agree_event(made, 1 + made_random(made, made->next - 1));
    for (uint64_t number = made->durable; number < made->next; number++)
        agree_event(made, number);
    agree_beyond(made);
    agree_days(made);
    agree_status(made);
}

/* -- readers ----------------------------------------------------------------------------------- */

static void agree_reader_event(struct made *made, struct store_reader *reader, uint64_t number,
                               uint64_t limit)
{
    struct event_view view;
    uint64_t last = 0;
    if (number == 0 || number >= limit) {
        SAME(store_reader_event(reader, number, &view), ERR_NOT_FOUND);
        SAME(store_reader_last(reader, number, &last), ERR_NOT_FOUND);
        return;
    }
    SAME(store_reader_event(reader, number, &view), OK);
    agree_view(made, number, &view);
    bool begins = made->events[number].serial == number;
    SAME(store_reader_last(reader, number, &last), begins ? OK : ERR_NOT_FOUND);
    if (begins)
        SAME(last, last_of(made, number, limit));
}

static void agree_reader_feed(struct made *made, struct store_reader *reader, uint32_t feed,
                              uint64_t limit)
{
    uint64_t numbers[NUMBERS_MAX];
    uint32_t head = made->heads[feed];
    uint32_t count = 0;
    while (head > 0 && made->feeds[feed][head - 1] >= limit)
        head--;
    SAME(store_reader_head(reader, feed), head);
    uint64_t first = 1 + made_random(made, head + 2);
    uint32_t numbers_max = (uint32_t)made_random(made, NUMBERS_MAX + 1);
    uint64_t wanted = first > head ? 0 : head - first + 1;
    SAME(store_reader_feed(reader, feed, first, numbers, numbers_max, &count), OK);
    SAME(count, wanted < numbers_max ? wanted : numbers_max);
    for (uint32_t i = 0; i < count; i++)
        SAME(numbers[i], made->feeds[feed][first - 1 + i]);
}

static void agree_reader_feeds(struct made *made, struct store_reader *reader, uint64_t limit)
{
    uint32_t units = city_units(made->small.city);
    SAME(store_reader_feeds(reader), units);
    for (uint32_t i = 0; i < units; i++) {
        struct span unit = unit_key(made->small.city, (struct unit){i});
        uint32_t feed = UINT32_MAX;
        SAME(store_reader_feed_find(reader, unit, &feed), OK);
        SAME(feed, made->policy.feeds[i]);
        cr_assert(span_equal(store_reader_feed_unit(reader, feed), unit));
        agree_reader_feed(made, reader, feed, limit);
    }
}

static void agree_reader_days(struct made *made, struct store_reader *reader, uint64_t limit)
{
    uint64_t first = 0;
    for (uint32_t i = 0; i < made->days_count; i++) {
        bool there = made->days[i].first < limit;
        SAME(store_reader_day_first(reader, made->days[i].day, &first), there ? OK : ERR_NOT_FOUND);
        if (there)
            SAME(first, made->days[i].first);
    }
    SAME(store_reader_day_first(reader, 0, &first), ERR_NOT_FOUND);
}

static void agree_reader_open(struct made *made, struct store_reader *reader, uint64_t limit)
{
    uint64_t serials[NUMBERS_MAX];
    uint64_t after = made_random(made, limit + 1);
    uint32_t serials_max = (uint32_t)made_random(made, NUMBERS_MAX + 1);
    uint32_t count = 0;
    uint32_t at = 0;
    SAME(store_reader_open_tickets(reader, after, serials, serials_max, &count), OK);
    for (uint64_t serial = after + 1; serial < limit && at < serials_max; serial++) {
        if (made->events[serial].serial != serial ||
            !made->events[last_of(made, serial, limit)].ticket_open)
            continue;
        cr_assert_lt(at, count, "open ticket %llu is left out", (unsigned long long)serial);
        SAME(serials[at++], serial);
    }
    SAME(count, at);
}

void agree_reader(struct made *made, struct store_reader *reader, uint64_t limit)
{
    SAME(store_reader_limit(reader), limit);
    uint64_t from = made_random(made, limit);
    for (uint64_t number = from; number < from + LOOKS; number++)
        agree_reader_event(made, reader, number, limit);
    for (int i = 0; i < LOOKS; i++)
        agree_reader_event(made, reader, made_random(made, limit + 1), limit);
    agree_reader_feeds(made, reader, limit);
    agree_reader_days(made, reader, limit);
    agree_reader_open(made, reader, limit);
}

void agree_all(struct made *made)
{
    struct store_reader *reader;
    agree_writer(made);
    SAME(store_reader_open(made->store, &reader), OK);
    SAME(store_reader_begin(reader), OK);
    agree_reader(made, reader, made->durable);
    store_reader_end(reader);
    store_reader_close(&reader);
}
