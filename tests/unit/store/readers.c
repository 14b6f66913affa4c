/* Readers: each sees what was durable when it began, and a feed is read through the tables and
 * beyond them as one. */
#include "tests/unit/store/agree.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdarg.h>

enum { FEED = 3, OTHER = 5, NUMBERS_MAX = 512 };

static struct made made;
static struct store_reader *reader;
static uint64_t numbers[NUMBERS_MAX];

static void set_up(void)
{
    made_init(&made, 1);
    made.options.derive_groups = 1000;
    made_open(&made);
    cr_assert_eq(store_reader_open(made.store, &reader), OK);
}

static void tear_down(void)
{
    store_reader_close(&reader);
    made_fini(&made);
}

TestSuite(store_readers, .init = set_up, .fini = tear_down);

/* So many events in FEED, and a commit. */
static void add(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        cr_assert_eq(made_append(&made, made_small(&made, 1, FEED)), OK);
    cr_assert_eq(made_commit(&made), OK);
}

static uint32_t read_feed(uint32_t feed, uint64_t first, uint32_t numbers_max)
{
    uint32_t count = UINT32_MAX;
    enum err err = store_reader_feed(reader, feed, first, numbers, numbers_max, &count);
    cr_assert_eq(err, OK, "%s", err_name(err));
    return count;
}

static void begin(void)
{
    cr_assert_eq(store_reader_begin(reader), OK);
}

Test(store_readers, a_snapshot_does_not_see_what_is_committed_after_it)
{
    struct event_view view;
    begin();
    add(3);
    cr_expect_eq(store_reader_limit(reader), 1);
    cr_expect_eq(store_reader_event(reader, 1, &view), ERR_NOT_FOUND);
    cr_expect_eq(store_reader_head(reader, FEED), 0);
    cr_expect_eq(read_feed(FEED, 1, NUMBERS_MAX), 0);
    agree_reader(&made, reader, 1);
    store_reader_end(reader);
    begin();
    cr_expect_eq(store_reader_limit(reader), 4);
    add(3);
    store_derive(made.store);
    add(3);
    agree_reader(&made, reader, 4);
    store_reader_end(reader);
}

Test(store_readers, the_open_group_is_nobodys_but_the_writers)
{
    struct event_view view;
    add(1);
    cr_assert_eq(made_append(&made, made_small(&made, 1, FEED)), OK);
    begin();
    cr_expect_eq(store_event(made.store, 2, &view), OK);
    cr_expect_eq(store_reader_event(reader, 2, &view), ERR_NOT_FOUND);
    cr_expect_eq(store_reader_limit(reader), 2);
    store_reader_end(reader);
}

Test(store_readers, several_see_each_their_own)
{
    enum { READERS = 20 };
    struct store_reader *readers[READERS];
    uint64_t limits[READERS];
    for (int i = 0; i < READERS; i++) {
        cr_assert_eq(store_reader_open(made.store, &readers[i]), OK);
        cr_assert_eq(store_reader_begin(readers[i]), OK);
        limits[i] = made.durable;
        add(10);
        if (i % 7 == 3)
            store_derive(made.store);
    }
    for (int i = 0; i < READERS; i++) {
        agree_reader(&made, readers[i], limits[i]);
        store_reader_end(readers[i]);
        store_reader_close(&readers[i]);
        cr_expect_null(readers[i]);
    }
}

/* From every sequence, for lengths on both sides of a page, and wherever the watermark is. */
static void replay_from_everywhere(void)
{
    static const uint32_t lengths[] = {0, 1, 2, 63, 64, 65, NUMBERS_MAX};
    uint32_t head = made.heads[FEED];
    begin();
    cr_assert_eq(store_reader_head(reader, FEED), head);
    for (uint32_t first = 1; first <= head + 2; first++)
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            uint32_t left = first > head ? 0 : head - first + 1;
            uint32_t count = read_feed(FEED, first, lengths[i]);
            cr_assert_eq(count, left < lengths[i] ? left : lengths[i], "from %u of %u", first,
                         head);
            for (uint32_t j = 0; j < count; j++)
                cr_assert_eq(numbers[j], made.feeds[FEED][first - 1 + j]);
        }
    store_reader_end(reader);
}

Test(store_readers, a_feed_is_replayed_across_pages_and_the_watermark, .timeout = 60)
{
    static const uint32_t derived[] = {0, 1, 62, 63, 64, 65, 66, 127, 128, 129};
    uint32_t last = 0;
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++) {
        add(derived[i] - last);
        last = derived[i];
        store_derive(made.store);
        replay_from_everywhere();
    }
    add(1);
    replay_from_everywhere();
    add(70);
    replay_from_everywhere();
    add(1);
    store_derive(made.store);
    replay_from_everywhere();
}

Test(store_readers, beyond_the_head_there_is_nothing)
{
    add(70);
    store_derive(made.store);
    add(3);
    begin();
    cr_expect_eq(read_feed(FEED, 73, NUMBERS_MAX), 1);
    cr_expect_eq(read_feed(FEED, 74, NUMBERS_MAX), 0);
    cr_expect_eq(read_feed(FEED, UINT32_MAX, NUMBERS_MAX), 0);
    cr_expect_eq(read_feed(FEED, (uint64_t)UINT32_MAX + 1, NUMBERS_MAX), 0);
    cr_expect_eq(read_feed(FEED, ((uint64_t)1 << 32) + 1, NUMBERS_MAX), 0);
    cr_expect_eq(read_feed(FEED, UINT64_MAX, NUMBERS_MAX), 0);
    cr_expect_eq(read_feed(OTHER, 1, NUMBERS_MAX), 0);
    store_reader_end(reader);
}

Test(store_readers, a_feed_that_does_not_exist_is_empty_and_has_no_unit)
{
    uint32_t feed = 0;
    add(70);
    begin();
    uint32_t beyond = store_reader_feeds(reader);
    cr_expect_eq(store_reader_head(reader, beyond), 0);
    cr_expect_eq(read_feed(beyond, 1, NUMBERS_MAX), 0);
    cr_expect_eq(store_reader_feed_unit(reader, beyond).bytes, 0);
    static const uint8_t long_key[1000];
    cr_expect_eq(store_reader_feed_find(reader, span_of_string("511199.urban"), &feed),
                 ERR_NOT_FOUND);
    cr_expect_eq(store_reader_feed_find(reader, span_of("", 0), &feed), ERR_NOT_FOUND);
    cr_expect_eq(store_reader_feed_find(reader, span_of(long_key, sizeof long_key), &feed),
                 ERR_NOT_FOUND);
    store_reader_end(reader);
}

Test(store_readers, go_on_past_events_of_several_groups_in_order)
{
    struct event_view view;
    for (uint32_t i = 1; i < 12; i++)
        add(i);
    begin();
    for (uint64_t number = 1; number < made.durable; number++) {
        cr_assert_eq(store_reader_event(reader, number, &view), OK);
        agree_view(&made, number, &view);
    }
    for (uint64_t number = made.durable - 1; number > 0; number--) {
        cr_assert_eq(store_reader_event(reader, number, &view), OK);
        agree_view(&made, number, &view);
    }
    store_reader_end(reader);
}

/* -- open tickets ------------------------------------------------------------------------------ */

static void add_open(uint64_t serial, bool ticket_open)
{
    struct made_event draft = made_small(&made, 1, FEED);
    draft.serial = serial;
    draft.ticket_open = ticket_open;
    cr_assert_eq(made_append(&made, draft), OK);
}

static void open_are(uint64_t after, uint32_t numbers_max, uint32_t count, ...)
{
    uint32_t found = UINT32_MAX;
    va_list wanted;
    begin();
    cr_assert_eq(store_reader_open_tickets(reader, after, numbers, numbers_max, &found), OK);
    store_reader_end(reader);
    cr_assert_eq(found, count, "%u tickets are open", found);
    va_start(wanted, count);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t serial = va_arg(wanted, unsigned);
        cr_expect_eq(numbers[i], serial, "%llu, not %llu", (unsigned long long)numbers[i],
                     (unsigned long long)serial);
    }
    va_end(wanted);
}

Test(store_readers, open_tickets_are_read_through_the_tables_and_beyond_as_one)
{
    open_are(0, NUMBERS_MAX, 0);
    add_open(0, true);
    add_open(0, false);
    add_open(0, true);
    add_open(0, true);
    cr_assert_eq(made_commit(&made), OK);
    open_are(0, NUMBERS_MAX, 3, 1, 3, 4);
    store_derive(made.store);
    open_are(0, NUMBERS_MAX, 3, 1, 3, 4);
    add_open(3, true); /* goes on */
    add_open(4, false);
    add_open(0, true); /* 7, closed before a table has it */
    add_open(0, true);
    add_open(7, false);
    cr_assert_eq(made_commit(&made), OK);
    open_are(0, NUMBERS_MAX, 3, 1, 3, 8);
    open_are(0, 2, 2, 1, 3);
    open_are(1, 1, 1, 3);
    open_are(3, NUMBERS_MAX, 1, 8);
    open_are(8, NUMBERS_MAX, 0);
    open_are(UINT64_MAX, NUMBERS_MAX, 0);
    open_are(0, 0, 0);
}

Test(store_readers, a_snapshot_has_the_open_tickets_of_its_time)
{
    uint32_t count = 0;
    add_open(0, true);
    add_open(0, true);
    cr_assert_eq(made_commit(&made), OK);
    store_derive(made.store);
    begin();
    add_open(1, false);
    add_open(0, true);
    cr_assert_eq(made_commit(&made), OK);
    store_derive(made.store);
    cr_assert_eq(store_reader_open_tickets(reader, 0, numbers, NUMBERS_MAX, &count), OK);
    store_reader_end(reader);
    cr_expect(count == 2 && numbers[0] == 1 && numbers[1] == 2);
    open_are(0, NUMBERS_MAX, 2, 2, 4);
}

Test(store_readers, what_is_closed_is_not_opened_again, .signal = SIGABRT)
{
    add_open(0, true);
    add_open(1, false);
    add_open(1, true);
}
