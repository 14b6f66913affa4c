/* What the writer keeps in memory: recent, ids and tail, each against something simple, and at its
 * limits. */
#include "store/ids.h"
#include "store/tail.h"
#include "store/writer.h"
#include "tests/unit/store/made.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { KEYS = 1000, STEPS = 200000, IDS = 300000 };

static uint64_t state;

static uint64_t draw(uint64_t limit)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33) % limit;
}

Test(store_memory, recent_has_the_latest_value_of_each_key_until_it_forgets)
{
    struct recent recent;
    static uint32_t values[2 * KEYS];
    state = 1;
    recent_init(&recent, KEYS);
    for (int i = 0; i < STEPS; i++) {
        uint64_t key =
            draw(2 * KEYS) / 2 * 3; /* strides, and no more keys than there is room for */
        uint32_t value = (uint32_t)draw(1000) + 1;
        if (draw(5000) == 0) {
            recent_forget(&recent);
            memset(values, 0, sizeof values);
        }
        recent_put(&recent, key, value);
        values[key / 3] = value;
        uint64_t asked = draw(KEYS);
        cr_assert_eq(recent_get(&recent, asked * 3), values[asked], "step %d", i);
        cr_assert_eq(recent_get(&recent, asked * 3 + 1), 0);
    }
    recent_fini(&recent);
}

Test(store_memory, recent_forgets_also_when_its_generations_go_round)
{
    struct recent recent;
    recent_init(&recent, 8);
    recent_put(&recent, 7, 1); /* generation 1, and again 1 after 2^32 - 1 more */
    recent.generation = UINT32_MAX;
    recent_put(&recent, 9, 2);
    recent_forget(&recent);
    cr_expect_eq(recent_get(&recent, 9), 0);
    recent_forget(&recent);
    cr_expect_eq(recent_get(&recent, 7), 0);
    recent_fini(&recent);
}

/* Few different hashes below, so that keys share places, tags and runs. */
static uint64_t hash_of_event(uint32_t event)
{
    return (uint64_t)(event % 7) << 32 | (event * 2654435761u) >> 12;
}

static bool knows(const struct ids *ids, uint32_t event)
{
    struct ids_search search = {.hash = hash_of_event(event)};
    uint32_t found;
    while ((found = ids_next(ids, &search)) != 0)
        if (found == event)
            return true;
    return false;
}

Test(store_memory, ids_finds_all_that_was_put_and_nothing_that_was_taken_back)
{
    struct ids ids = {.segments_count = 0};
    uint32_t count = 0;
    state = 2;
    while (count < IDS) {
        uint32_t group = (uint32_t)draw(8192) + 1;
        for (uint32_t i = 0; i < group; i++) {
            count++;
            cr_assert_eq(ids_insert(&ids, hash_of_event(count), count), OK);
        }
        if (draw(3) > 0)
            continue;
        for (uint32_t i = 0; i < group; i++, count--)
            ids_take_back(&ids, hash_of_event(count), count);
        cr_assert_not(knows(&ids, count + 1));
        cr_assert_not(knows(&ids, count + group));
    }
    cr_expect_gt(ids.segments_count, 2);
    for (uint32_t event = 1; event <= count; event++)
        cr_assert(knows(&ids, event), "%u", event);
    cr_expect_not(knows(&ids, count + 1));
    ids_fini(&ids);
}

Test(store_memory, ids_says_when_its_last_segment_is_full)
{
    struct ids ids = {.segments_count = 0};
    cr_assert_eq(ids_insert(&ids, 1, 1), OK);
    struct ids full = ids;
    full.segments_count = IDS_SEGMENTS_MAX;
    full.segments[IDS_SEGMENTS_MAX - 1] = ids.segments[0];
    full.segments[IDS_SEGMENTS_MAX - 1].count = ids.segments[0].room;
    cr_expect_eq(ids_insert(&full, 2, 2), ERR_FULL);
    ids_fini(&ids);
}

Test(store_memory, a_tail_knows_when_it_is_full)
{
    struct tail tail;
    struct event_view view = {.feeds_count = 1, .feeds = {{.feed = 3}}};
    tail_init(&tail);
    tail_reset(&tail, 10, 5);
    for (uint32_t i = 0; i < TAIL_EVENTS_MAX; i++) {
        cr_assert(tail_has_room(&tail, TAIL_EVENTS_MAX - i));
        cr_assert_not(tail_has_room(&tail, TAIL_EVENTS_MAX - i + 1));
        view.number = 10 + i;
        view.serial = i < 100 ? view.number : 10 + i % 100;
        view.feeds[0].sequence = i + 1;
        tail_add(&tail, &view);
    }
    cr_expect_eq(tail_head(&tail, 3), TAIL_EVENTS_MAX);
    cr_expect_eq(tail_head(&tail, 4), 0);
    cr_expect_eq(tail_last(&tail, 10), 10 + (TAIL_EVENTS_MAX - 1) / 100 * 100);
    cr_expect_eq(tail_last(&tail, 110), 0);
    cr_expect(tail_closes(&tail, 10));
    cr_expect_not(tail_closes(&tail, 110));
    tail_reset(&tail, tail.limit, 6);
    cr_expect_eq(tail_head(&tail, 3), 0);
    cr_expect_eq(tail_last(&tail, 10), 0);
    cr_expect_not(tail_closes(&tail, 10));
    tail_fini(&tail);
}

/* Numbers are 32 bits in tables and index. */
Test(store_memory, when_no_number_is_left_an_append_says_so_and_changes_nothing)
{
    static struct made made;
    made_init(&made, 3);
    made_open(&made);
    made_append_random(&made, 5);
    cr_assert_eq(store_commit(made.store), OK);
    uint64_t next = store_next(made.store);
    made.store->next = UINT32_MAX;
    cr_expect_eq(made_append(&made, made_small(&made, 1, 0)), ERR_FULL);
    cr_expect_eq(made.store->group_count, 0);
    made.store->next = next;
    made_append_random(&made, 5);
    cr_assert_eq(store_commit(made.store), OK);
    made_fini(&made);
}
