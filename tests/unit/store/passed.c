/* What is kept of the log behind the reader who follows it, and that nobody misses the rest. */
#include "tests/unit/store/agree.h"

#include "store/reader.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <unistd.h>

static const size_t page = 4096;

/* Where nothing is: the list never looks there. */
static struct span group_at(uintptr_t begin, size_t bytes)
{
    return span_of((const uint8_t *)begin, bytes);
}

Test(passed, lets_the_oldest_go_beyond_what_is_kept)
{
    static struct passed passed;
    struct span run;
    const uintptr_t begin = (uintptr_t)1 << 40;
    const size_t bytes = (size_t)PASSED_BYTES / 4;
    for (uintptr_t i = 0; i < 4; i++) {
        passed_add(&passed, group_at(begin + i * bytes, bytes));
        cr_assert(!passed_next(&passed, &run));
    }
    for (uintptr_t i = 4; i < 20; i++) {
        passed_add(&passed, group_at(begin + i * bytes, bytes));
        cr_assert(passed_next(&passed, &run));
        cr_assert_eq((uintptr_t)run.data, begin + (i - 4) * bytes);
        cr_assert_eq(run.bytes, bytes);
        cr_assert(!passed_next(&passed, &run));
    }
}

/* From the page in which a group begins to the one in which it ends. */
Test(passed, whole_pages_go)
{
    static struct passed passed;
    struct span run;
    const uintptr_t begin = (uintptr_t)1 << 40;
    passed_add(&passed, group_at(begin + 16, PASSED_BYTES));
    cr_assert(passed_next(&passed, &run));
    cr_assert_eq((uintptr_t)run.data, begin);
    cr_assert_eq(run.bytes, PASSED_BYTES + page);
}

Test(passed, small_groups_are_left_to_the_system)
{
    static struct passed passed;
    struct span run;
    for (uintptr_t i = 1; i < 10000; i++) {
        passed_add(&passed, group_at(i * PASSED_RUN_BYTES_MIN, PASSED_RUN_BYTES_MIN - 1));
        cr_assert(!passed_next(&passed, &run));
    }
}

/* Never more than the list has places for. */
Test(passed, the_least_of_large_groups_fit)
{
    static struct passed passed;
    struct span run;
    for (uintptr_t i = 1; i < 10000; i++) {
        passed_add(&passed, group_at(i * PASSED_RUN_BYTES_MIN, PASSED_RUN_BYTES_MIN));
        while (passed_next(&passed, &run))
            ;
    }
    cr_assert_eq(passed.bytes, PASSED_BYTES);
}

static void follow(struct made *made, struct store_reader *follower, uint64_t *next)
{
    struct event_view view;
    cr_assert_eq(store_reader_begin(follower), OK);
    for (; *next < made->durable; ++*next) {
        cr_assert_eq(store_reader_fresh(follower, *next, &view), OK);
        agree_view(made, *next, &view);
    }
    store_reader_end(follower);
}

/* What is mapped at a place is the file's at that offset. */
static void agree_map(const struct made *made, struct store_reader *follower, uint64_t number)
{
    char path[256];
    uint8_t stored[64];
    struct event_view view;
    snprintf(path, sizeof path, "%s/data.mdb", made->path);
    int fd = open(path, O_RDONLY);
    cr_assert_eq(store_reader_begin(follower), OK);
    cr_assert_eq(store_reader_fresh(follower, number, &view), OK);
    off_t offset = (off_t)(view.story.data - follower->map);
    cr_assert_eq(pread(fd, stored, sizeof stored, offset), (ssize_t)sizeof stored);
    cr_assert_arr_eq(stored, view.story.data, sizeof stored);
    store_reader_end(follower);
    close(fd);
}

/* A group that shares its page with others tells as well where the file is mapped. */
Test(passed, a_small_group_leads_to_the_map)
{
    struct made made;
    struct store_reader *follower;
    uint64_t next = 1;
    made_init(&made, made_seed());
    made_open(&made);
    cr_assert_eq(store_reader_open(made.store, &follower), OK);
    for (int i = 0; i < 3; i++) {
        struct made_event draft = made_small(&made, 1, 0);
        draft.story_bytes = 100;
        cr_assert_eq(made_append(&made, draft), OK);
        cr_assert_eq(made_commit(&made), OK);
    }
    follow(&made, follower, &next);
    agree_map(&made, follower, next - 1);
    store_reader_close(&follower);
    made_close(&made);
    made_fini(&made);
}

static struct made_event draw_large(struct made *made)
{
    struct made_event draft = made_draw(made, 0);
    draft.story_bytes = 16000;
    return draft;
}

/* Groups as large as they can be, until several have been let go of. */
Test(passed, what_was_let_go_of_is_read_again)
{
    struct made made;
    struct store_reader *follower;
    struct store_status status = {0};
    uint64_t next = 1;
    made_init(&made, made_seed());
    made.options.map_bytes = (size_t)4 * PASSED_BYTES;
    made_open(&made);
    cr_assert_eq(store_reader_open(made.store, &follower), OK);
    while (status.store_bytes < 3 * (uint64_t)PASSED_BYTES / 2) {
        while (made_append(&made, draw_large(&made)) == OK)
            ;
        cr_assert_eq(made_commit(&made), OK);
        follow(&made, follower, &next);
        agree_map(&made, follower, next - 1);
        store_status(made.store, &status);
    }
    agree_all(&made);
    store_reader_close(&follower);
    made_close(&made);
    made_verify(&made);
    made_fini(&made);
}
