/* Feeds against an engine that loses live messages and replies, repeats and reorders them. What
 * must hold whatever it does: each unit's events are handed over in order, none missing, none
 * twice; the callback itself checks that on every event. Shown first for each trouble alone, then
 * for all of them at random.
 */
#include "fake.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>

static struct fake fake;
static struct lianxin_watcher *watcher;
static struct lianxin_watcher_options options;
static uint64_t handed[FAKE_UNITS_MAX]; /* the sequence handed over last */
static uint64_t total;                  /* calls that were taken */
static uint64_t refused;                /* calls to refuse before the next is taken */

static bool event(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    cr_assert_eq(self, &fake);
    uint64_t index = event->number / 1000000;
    cr_assert_str_eq(unit, fake_unit((uint32_t)index));
    cr_assert_eq(event->number % 1000000, sequence);
    cr_assert_eq(sequence, handed[index] + 1, "%s: %lu after %lu", unit, sequence, handed[index]);
    cr_assert_eq(lianxin_watcher_position(watcher, unit), handed[index]);
    if (refused > 0) {
        refused--;
        return false;
    }
    handed[index] = sequence;
    total++;
    return true;
}

static void open_watcher(const char *prefix)
{
    options.event = event;
    options.self = &fake;
    options.context = fake.folder[0] == '\0' ? fake.context : NULL;
    options.clock = &fake.clock;
    cr_assert_eq(lianxin_watcher_open(fake.front, fake.feed, &prefix, 1, &options, &watcher), OK,
                 "%s", lianxin_why());
}

static void open_all(void)
{
    fake_open(&fake);
    open_watcher("511126");
}

static void open_engine(void)
{
    fake_open(&fake);
}

static void close_all(void)
{
    lianxin_watcher_close(&watcher);
    lianxin_watcher_close(&watcher);
    fake_close(&fake);
}

static void step(void)
{
    cr_assert_eq(lianxin_watcher_step(watcher, 0), OK, "%s", lianxin_why());
}

static void expect_handed(uint32_t unit, uint64_t sequence)
{
    cr_assert_eq(handed[unit], sequence, "unit %u is at %lu, not %lu", unit, handed[unit],
                 sequence);
    cr_assert_eq(lianxin_watcher_position(watcher, fake_unit(unit)), sequence);
}

static void expect_silence(void)
{
    struct asked asked;
    step();
    cr_assert_not(fake_hear(&fake, &asked));
}

Test(watcher, live_events_are_handed_over_as_they_come, .init = open_all, .fini = close_all)
{
    fake_publish(&fake, 0, 1, 3);
    fake_publish(&fake, 1, 1, 1);
    fake_publish(&fake, 0, 4, 2);
    cr_expect_str_eq(fake.subscribed, "unit.511126");
    step();
    expect_handed(0, 5);
    expect_handed(1, 1);
    fake_publish(&fake, 0, 1, 5); /* old */
    fake_publish(&fake, 0, 4, 4); /* half old */
    step();
    expect_handed(0, 7);
    expect_silence();
}

Test(watcher, it_is_caught_up_when_it_knows_of_nothing_missing, .init = open_all, .fini = close_all)
{
    step();
    cr_expect_not(lianxin_watcher_caught_up(watcher), "no head has been told");
    fake_heads(&fake, "511126000001", 0, 1);
    step();
    cr_expect_not(lianxin_watcher_caught_up(watcher), "those were the heads below another prefix");
    fake_heads(&fake, "511126", 0, 2);
    step();
    cr_expect(lianxin_watcher_caught_up(watcher), "an empty list is a list");
    fake.length[0] = 4;
    fake_heads(&fake, "511126", 0, 2);
    step();
    cr_expect_not(lianxin_watcher_caught_up(watcher));
    fake_expect_replay(&fake, 0, 1);
    step();
    expect_handed(0, 4);
    cr_expect(lianxin_watcher_caught_up(watcher));
}

Test(watcher, a_gap_is_filled_from_the_store, .init = open_all, .fini = close_all)
{
    fake.length[0] = 20;
    fake_publish(&fake, 0, 1, 3);
    fake_publish(&fake, 0, 9, 2); /* 4 to 8 were lost */
    fake_publish(&fake, 0, 11, 1);
    step();
    expect_handed(0, 3);
    fake_expect_replay(&fake, 0, 4);
    fake_publish(&fake, 0, 12, 1); /* comes before the reply is read */
    step();
    expect_handed(0, 20);
    fake_publish(&fake, 0, 21, 1);
    step();
    expect_handed(0, 21);
    expect_silence();
}

Test(watcher, several_units_may_come_in_one_message, .init = open_all, .fini = close_all)
{
    fake.length[0] = 5;
    fake.length[1] = 9;
    fake_publish_two(&fake, (struct stretch){0, 1, 3}, (struct stretch){1, 1, 2});
    step();
    expect_handed(0, 3);
    expect_handed(1, 2);
    fake_publish_two(&fake, (struct stretch){1, 5, 5}, (struct stretch){0, 4, 2});
    step();
    expect_handed(0, 5);
    expect_handed(1, 2);
    fake_expect_replay(&fake, 1, 3); /* 3 and 4 were lost */
    step();
    expect_handed(1, 9);
    expect_silence();
}

Test(watcher, a_long_feed_is_fetched_in_stretches, .init = open_all, .fini = close_all)
{
    fake.length[0] = 700;
    fake_heads(&fake, "511126", 0, 1);
    step();
    for (uint64_t first = 1; first < 700; first += 256) {
        fake_expect_replay(&fake, 0, first);
        step();
    }
    expect_handed(0, 700);
    expect_silence();
}

Test(watcher, a_short_reply_is_followed_by_the_next_ask, .init = open_all, .fini = close_all)
{
    struct asked asked;
    fake.length[0] = 10;
    fake_heads(&fake, "511126", 0, 1);
    step();
    for (uint64_t i = 0; i < 10; i++) {
        cr_assert(fake_hear(&fake, &asked));
        fake_replay(&fake, &asked, 1);
        fake_forget(&asked);
        step();
        expect_handed(0, i + 1);
    }
    expect_silence();
}

Test(watcher, a_few_units_are_asked_for_at_a_time, .init = open_all, .fini = close_all)
{
    struct asked asked[FAKE_UNITS_MAX];
    for (uint32_t unit = 0; unit < FAKE_UNITS_MAX; unit++)
        fake.length[unit] = unit + 1;
    fake_heads(&fake, "511126", 0, FAKE_UNITS_MAX);
    uint32_t served = 0;
    for (int round = 0; served < FAKE_UNITS_MAX; round++) {
        cr_assert_lt(round, 10);
        step();
        uint32_t count = 0;
        while (fake_hear(&fake, &asked[count]))
            count++;
        cr_expect_eq(count, 8);
        for (; count > 0; served++) { /* the last first: replies may overtake each other */
            fake_replay(&fake, &asked[--count], SIZE_MAX);
            fake_forget(&asked[count]);
        }
    }
    step();
    for (uint32_t unit = 0; unit < FAKE_UNITS_MAX; unit++)
        expect_handed(unit, unit + 1);
    cr_expect(lianxin_watcher_caught_up(watcher));
}

Test(watcher, without_a_reply_it_asks_again_from_where_it_is, .init = open_all, .fini = close_all)
{
    struct asked first, again;
    fake.length[0] = 5;
    fake_heads(&fake, "511126", 0, 1);
    step();
    cr_assert(fake_hear(&fake, &first));
    fake_publish(&fake, 0, 1, 2);
    fake_pass_ms(&fake, 999);
    expect_silence();
    expect_handed(0, 2);
    fake_pass_ms(&fake, 1);
    step();
    cr_assert(fake_hear(&fake, &again));
    cr_expect_eq(again.request->replay->first, 3);
    cr_expect_eq(again.request->id, first.request->id);
    fake_replay(&fake, &first, SIZE_MAX);
    fake_replay(&fake, &again, SIZE_MAX);
    fake_forget(&first);
    fake_forget(&again);
    expect_silence();
    expect_handed(0, 5);
}

Test(watcher, a_reply_without_news_makes_it_rest, .init = open_all, .fini = close_all)
{
    static const int64_t pauses_ms[] = {50, 100, 200, 400, 800, 1600, 2000, 2000};
    fake.length[0] = 3;
    fake_heads(&fake, "511126", 0, 1);
    fake.length[0] = 0; /* the store's reader lags behind the feed */
    step();
    fake_expect_replay(&fake, 0, 1);
    for (size_t i = 0; i < sizeof pauses_ms / sizeof pauses_ms[0]; i++) {
        expect_silence();
        fake_pass_ms(&fake, pauses_ms[i] - 1);
        expect_silence();
        fake_pass_ms(&fake, 1);
        step();
        fake.length[0] = i / 7 * 3;
        fake_expect_replay(&fake, 0, 1);
    }
    step();
    expect_handed(0, 3);
    fake.length[0] = 4;
    fake_heads(&fake, "511126", 0, 1);
    step();
    fake_expect_replay(&fake, 0, 4); /* and is not tired any more */
}

Test(watcher, an_event_not_taken_is_offered_again, .init = open_all, .fini = close_all)
{
    fake.length[0] = 3;
    refused = 1;
    fake_publish(&fake, 0, 1, 3);
    expect_silence();
    expect_handed(0, 0);
    cr_expect_not(lianxin_watcher_caught_up(watcher));
    fake_pass_ms(&fake, 50);
    step();
    refused = 1;
    fake_expect_replay(&fake, 0, 1);
    expect_silence();
    fake_pass_ms(&fake, 100);
    step();
    fake_expect_replay(&fake, 0, 1);
    step();
    expect_handed(0, 3);
}

Test(watcher, it_begins_behind_the_cursors_it_is_given, .init = open_all, .fini = close_all)
{
    for (uint32_t unit = 0; unit < 3; unit++)
        fake.length[unit] = 10;
    handed[0] = 7;
    handed[1] = 10;
    cr_assert_eq(lianxin_watcher_set_cursor(watcher, fake_unit(0), 7), OK);
    cr_assert_eq(lianxin_watcher_set_cursor(watcher, fake_unit(1), 10), OK);
    fake_heads(&fake, "511126", 0, 3);
    step();
    fake_expect_replay(&fake, 0, 8);
    fake_expect_replay(&fake, 2, 1);
    expect_silence();
    cr_expect_eq(total, 13);
    handed[0] = 2;
    cr_assert_eq(lianxin_watcher_set_cursor(watcher, fake_unit(0), 2), OK); /* once more */
    step();
    fake_expect_replay(&fake, 0, 3);
    step();
    expect_handed(0, 10);
    cr_expect_eq(lianxin_watcher_set_cursor(watcher, "", 2), ERR_INVALID);
}

Test(watcher, a_cursor_behind_the_end_is_another_stores, .init = open_all, .fini = close_all)
{
    fake.length[0] = 5;
    fake.length[1] = 5;
    handed[1] = 6;
    cr_assert_eq(lianxin_watcher_set_cursor(watcher, fake_unit(0), 9), OK);
    cr_assert_eq(lianxin_watcher_set_cursor(watcher, fake_unit(1), 6), OK);
    fake_heads(&fake, "511126", 0, 2);
    fake.length[1] = 6; /* here the announcement was merely late */
    step();
    fake_expect_replay(&fake, 0, 9);
    fake_expect_replay(&fake, 1, 6);
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_NOT_FOUND);
    cr_expect_str_eq(lianxin_why(), "511126000001.urban was followed up to 9, but its feed ends "
                                    "before: is this another store?");
    expect_silence();
    expect_handed(1, 6);
}

/* The engine was started anew on another store, whose feeds are shorter. */
Test(watcher, another_store_is_noticed_while_it_runs_and_said_at_each_announcement,
     .init = open_all, .fini = close_all)
{
    fake.length[0] = 5;
    fake_publish(&fake, 0, 1, 5);
    step();
    expect_handed(0, 5);
    fake.length[0] = 2;
    for (int i = 0; i < 2; i++) {
        fake_heads(&fake, "511126", 0, 1);
        step();
        fake_expect_replay(&fake, 0, 5);
        cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_NOT_FOUND);
        cr_expect(strstr(lianxin_why(), "is this another store?") != NULL);
    }
    expect_silence();
}

Test(watcher, a_step_tells_the_first_of_its_failures, .init = open_all, .fini = close_all)
{
    struct asked asked;
    fake.length[0] = 5;
    fake_heads(&fake, "511126", 0, 1);
    step();
    cr_assert(fake_hear(&fake, &asked));
    fake_reply_error(&fake, &asked, "not now");
    fake_reply_nonsense(&fake, &asked);
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    cr_expect_str_eq(lianxin_why(), "no replay of 511126000001.urban from 1: not now");
    fake_forget(&asked);
}

static bool moving(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    (void)self;
    (void)event;
    return lianxin_watcher_set_cursor(watcher, unit, sequence + 1) == OK;
}

Test(watcher, nobody_moves_a_cursor_under_its_feet, .init = open_engine, .signal = SIGABRT)
{
    const char *const prefix = "511126";
    options.event = moving;
    options.context = fake.context;
    options.clock = &fake.clock;
    cr_assert_eq(lianxin_watcher_open(fake.front, fake.feed, &prefix, 1, &options, &watcher), OK);
    fake.length[0] = 2;
    fake_publish(&fake, 0, 1, 2);
    (void)!lianxin_watcher_step(watcher, 0);
}

Test(watcher, from_now_on_means_behind_the_heads, .init = open_engine, .fini = close_all)
{
    options.start = LIANXIN_FROM_NOW;
    open_watcher("511126");
    fake.length[0] = 5;
    fake.length[1] = 5;
    handed[0] = 5;
    handed[1] = 2;
    handed[2] = 8;
    fake_publish(&fake, 2, 9, 1); /* live before any head */
    cr_assert_eq(lianxin_watcher_set_cursor(watcher, fake_unit(1), 2), OK);
    fake_heads(&fake, "511126", 0, 2);
    step();
    fake_expect_replay(&fake, 1, 3);
    expect_silence();
    expect_handed(0, 5);
    expect_handed(1, 5);
    expect_handed(2, 9);
    fake.length[3] = 2; /* had nothing when all heads were told, so all of it is new */
    fake_publish(&fake, 3, 2, 1);
    step();
    fake_expect_replay(&fake, 3, 1);
    step();
    expect_handed(3, 2);
}

Test(watcher, a_refused_or_foreign_replay_is_told_and_tried_again, .init = open_all,
     .fini = close_all)
{
    struct asked asked;
    fake.length[0] = 5;
    fake_heads(&fake, "511126", 0, 1);
    step();
    cr_assert(fake_hear(&fake, &asked));
    fake_reply_error(&fake, &asked, "not now");
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    cr_expect_str_eq(lianxin_why(), "no replay of 511126000001.urban from 1: not now");
    fake_forget(&asked);
    fake_pass_ms(&fake, 50);
    step();
    cr_assert(fake_hear(&fake, &asked));
    asked.request->replay->unit[11] = '2';
    fake.length[1] = 5;
    fake_replay(&fake, &asked, SIZE_MAX);
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    fake_forget(&asked);
    fake_pass_ms(&fake, 100);
    step();
    cr_assert(fake_hear(&fake, &asked));
    fake_reply_nonsense(&fake, &asked);
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    fake_replay(&fake, &asked, SIZE_MAX);
    fake_forget(&asked);
    step();
    expect_handed(0, 5);
    cr_expect_eq(total, 5);
}

Test(watcher, a_feed_that_makes_no_sense_is_told_and_dropped, .init = open_all, .fini = close_all)
{
    Lianxin__V1__Feed feed = LIANXIN__V1__FEED__INIT;
    Lianxin__V1__Event nothing = LIANXIN__V1__EVENT__INIT;
    Lianxin__V1__Event *events[] = {&nothing};
    Lianxin__V1__Head head = LIANXIN__V1__HEAD__INIT;
    Lianxin__V1__Head *heads[] = {&head};
    char long_name[] = "511126.........................................................64";
    feed.n_events = 1;
    feed.events = events;
    feed.unit = (char *)"511126";
    fake_publish_raw(&fake, "unit.511126", &feed); /* sequence 0 */
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    feed.first = UINT64_MAX;
    fake_publish_raw(&fake, "unit.511126", &feed);
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    feed.first = 1;
    feed.unit = long_name;
    cr_assert_eq(strlen(long_name), LIANXIN_UNIT_BYTES_MAX + 1);
    fake_publish_raw(&fake, "unit.511126", &feed);
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    feed.n_events = 0;
    feed.n_heads = 1;
    feed.heads = heads;
    fake_publish_raw(&fake, "unit.511126", &feed);
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    fake_publish_two(&fake, (struct stretch){1, 1, 1}, (struct stretch){0, 0, 1});
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    fake_publish(&fake, 0, 1, 1);
    step();
    expect_handed(0, 1);
}

Test(watcher, endpoints_that_make_no_sense_are_refused)
{
    options.event = event;
    fake_open(&fake);
    const char *prefix = "";
    watcher = (struct lianxin_watcher *)&fake;
    cr_expect_eq(lianxin_watcher_open("x", fake.feed, &prefix, 1, &options, &watcher), ERR_INVALID);
    cr_expect_null(watcher);
    cr_expect_eq(lianxin_watcher_open(fake.front, "x", &prefix, 1, &options, &watcher),
                 ERR_INVALID);
    cr_expect_str_eq(lianxin_why(), "cannot connect to the feed at 'x': Invalid argument");
    close_all();
}

/* While the engine is away events happen; afterwards its heads tell of them. */
Test(watcher, a_restart_of_the_engine_loses_nothing)
{
    fake_open_ipc(&fake);
    open_watcher("511126");
    for (int i = 0; i < 1000 && fake.subscriptions == 0; i++) {
        cr_assert_eq(lianxin_watcher_step(watcher, 10), OK);
        fake_listen(&fake);
    }
    fake_publish(&fake, 0, 1, 2);
    cr_assert_eq(lianxin_watcher_step(watcher, 10000), OK);
    expect_handed(0, 2);
    fake_stop(&fake);
    fake.length[0] = 300;
    fake_start(&fake);
    for (int i = 0; i < 1000 && fake.subscriptions == 1; i++) {
        cr_assert_eq(lianxin_watcher_step(watcher, 10), OK);
        fake_listen(&fake);
    }
    fake_heads(&fake, "511126", 0, 1);
    for (int i = 0; i < 1000 && handed[0] < 300; i++) {
        struct asked asked;
        cr_assert_eq(lianxin_watcher_step(watcher, 10), OK);
        while (fake_hear(&fake, &asked)) {
            fake_replay(&fake, &asked, SIZE_MAX);
            fake_forget(&asked);
        }
        fake_pass_ms(&fake, 10);
    }
    expect_handed(0, 300);
    close_all();
}

/* -- all troubles at once ---------------------------------------------------------------------- */

enum { UNITS = 12, HELD_MAX = 6 };

static uint64_t chance;

static uint64_t below(uint64_t limit)
{
    return random_next(&chance) % limit;
}

/* Loses one request in four, answers some twice, some later, some with nothing, some in part. */
static void serve(struct asked *held, size_t *held_count)
{
    struct asked asked;
    while (fake_hear(&fake, &asked)) {
        uint64_t fate = below(8);
        if (fate == 0 && *held_count < HELD_MAX) {
            held[(*held_count)++] = asked;
            continue;
        }
        if (fate == 1)
            fake_reply_error(&fake, &asked, "not now");
        if (fate == 2 || fate == 3)
            fake_replay(&fake, &asked, below(5));
        if (fate >= 3 && fate < 7)
            fake_replay(&fake, &asked, SIZE_MAX);
        fake_forget(&asked);
    }
    if (*held_count > 0 && below(3) == 0) {
        fake_replay(&fake, &held[--*held_count], SIZE_MAX);
        fake_forget(&held[*held_count]);
    }
}

/* Events happen; half of them are published, and some of the old once more. */
static void happen(void)
{
    uint32_t unit = (uint32_t)below(UNITS);
    uint64_t first = fake.length[unit] + 1;
    uint64_t count = 1 + below(30);
    fake.length[unit] += count;
    if (below(2) == 0)
        fake_publish(&fake, unit, first, count);
    uint64_t old = first - below(first);
    if (below(4) == 0)
        fake_publish(&fake, unit, old, 1 + below(fake.length[unit] + 1 - old));
    if (below(6) == 0)
        fake_heads(&fake, "511126", 0, UNITS);
}

static void run(uint64_t seed)
{
    struct asked held[HELD_MAX];
    size_t held_count = 0;
    chance = seed;
    memset(handed, 0, sizeof handed);
    fake_open(&fake);
    open_watcher("511126");
    for (int i = 0; i < 20000; i++) {
        if (i < 600)
            happen();
        else if (i % 50 == 0)
            fake_heads(&fake, "511126", 0, UNITS);
        refused = below(10) == 0;
        if (lianxin_watcher_step(watcher, 0) != OK)
            cr_assert_not_null(strstr(lianxin_why(), "not now"), "%s", lianxin_why());
        serve(held, &held_count);
        fake_pass_ms(&fake, (int64_t)below(200));
        if (i > 700 && lianxin_watcher_caught_up(watcher))
            break;
    }
    for (uint32_t unit = 0; unit < UNITS; unit++) {
        cr_assert_eq(handed[unit], fake.length[unit], "seed %lu, unit %u: %lu of %lu", seed, unit,
                     handed[unit], fake.length[unit]);
        cr_assert_gt(handed[unit], 0);
    }
    while (held_count > 0)
        fake_forget(&held[--held_count]);
    close_all();
}

Test(watcher, whatever_is_lost_or_repeated_each_event_is_handed_over_once)
{
    uint64_t seed = random_seed();
    for (uint64_t i = 0; i < 20; i++)
        run(seed + i);
}
