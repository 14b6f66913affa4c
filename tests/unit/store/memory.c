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

/* Three events share each hash; and a few are of the highest tags, so that their buckets go on with
 * the first. */
static uint64_t hash_of_event(uint32_t event)
{
    uint64_t hash = (uint64_t)(event / 3) * 0x9E3779B97F4A7C15;
    return event % 500 == 0 ? hash | 0xFFFFFF0000000000 : hash;
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
    struct ids ids = {.count = 0};
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
    cr_expect_eq(ids.count, count);
    for (uint32_t event = 1; event <= count; event++)
        cr_assert(knows(&ids, event), "%u", event);
    cr_expect_not(knows(&ids, count + 1));
    ids_fini(&ids);
}

/* Taking back what was put before others, also after the table was copied. */
Test(store_memory, ids_takes_back_any)
{
    struct ids ids = {.count = 0};
    state = 3;
    for (uint32_t event = 1; event <= IDS; event++)
        cr_assert_eq(ids_insert(&ids, hash_of_event(event), event), OK);
    for (uint32_t event = 1; event <= IDS; event++)
        if (event % 5 < 3)
            ids_take_back(&ids, hash_of_event(event), event);
    cr_expect_eq(ids.count, IDS / 5 * 2);
    for (uint32_t event = 1; event <= IDS; event++)
        cr_assert_eq(knows(&ids, event), event % 5 >= 3, "%u", event);
    ids_fini(&ids);
}

Test(store_memory, ids_takes_many_at_once_as_one_by_one)
{
    struct ids ids = {.count = 0};
    struct id_tag *tags = calloc(IDS, sizeof *tags);
    for (uint32_t i = 0; i < IDS; i++)
        tags[i] = id_tag_of(hash_of_event(i + 1));
    cr_assert_eq(ids_expect(&ids, IDS / 4), OK);
    uint64_t buckets_count = ids.buckets_count;
    cr_assert_eq(ids_insert_all(&ids, tags, IDS / 4, 1), OK);
    cr_expect_eq(ids.buckets_count, buckets_count, "there was room");
    cr_assert_eq(ids_expect(&ids, 1), OK);
    cr_assert_eq(ids_insert_all(&ids, tags + IDS / 4, IDS - IDS / 4, IDS / 4 + 1), OK);
    cr_expect_gt(ids.buckets_count, buckets_count);
    cr_expect_eq(ids.count, IDS);
    for (uint32_t event = 1; event <= IDS; event++)
        cr_assert(knows(&ids, event), "%u", event);
    for (uint32_t event = IDS + 3; event < 2 * IDS; event++) {
        struct ids_search search = {.hash = hash_of_event(event)};
        cr_assert(event % 500 == 0 || ids_next(&ids, &search) == 0, "nobody is like %u", event);
    }
    free(tags);
    ids_fini(&ids);
}

Test(store_memory, ids_says_when_there_are_no_more)
{
    struct ids ids = {.count = 0};
    struct id_tag tag = id_tag_of(2);
    cr_expect_eq(ids_expect(&ids, (uint64_t)IDS_MAX + 1), ERR_FULL);
    cr_assert_eq(ids_insert(&ids, 1, 1), OK);
    struct ids full = ids;
    full.count = IDS_MAX;
    cr_expect_eq(ids_insert(&full, 2, 2), ERR_FULL);
    cr_expect_eq(ids_insert_all(&full, &tag, 1, 2), ERR_FULL);
    cr_expect_eq(full.count, IDS_MAX);
    ids_fini(&ids);
}

/* Feeds of all sizes of numbers, some of them many times. */
Test(store_memory, a_tail_sorts_its_places_by_feed)
{
    struct tail tail;
    tail_init(&tail);
    state = 5;
    for (uint32_t event = 1; event <= KEYS * 2; event++) {
        uint32_t feed = (uint32_t)draw((uint64_t)1 << draw(25));
        struct event_view view = {.number = event,
                                  .serial = event,
                                  .feeds_count = 1,
                                  .feeds = {{.feed = feed, .sequence = event}}};
        tail_add(&tail, &view);
        if (event == KEYS)
            tail_sort_places(&tail);
    }
    tail_sort_places(&tail);
    cr_expect_eq(tail.places_count, KEYS * 2);
    for (uint32_t i = 1; i < tail.places_count; i++) {
        const struct tail_place *before = &tail.places[i - 1];
        const struct tail_place *place = &tail.places[i];
        cr_assert(before->feed < place->feed ||
                  (before->feed == place->feed && before->event < place->event));
    }
    tail_fini(&tail);
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
    cr_assert_eq(made_commit(&made), OK);
    uint64_t next = store_next(made.store);
    made.store->next = UINT32_MAX;
    cr_expect_eq(made_append(&made, made_small(&made, 1, 0)), ERR_FULL);
    cr_expect_eq(writer_group(made.store, made.store->sealed)->count, 0);
    made.store->next = next;
    made_append_random(&made, 5);
    cr_assert_eq(made_commit(&made), OK);
    made_fini(&made);
}
