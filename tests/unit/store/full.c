/* A commit for which there is no room: the whole group is taken back, what was durable can be read
 * as before, and when there is room again the next group goes in.
 *
 * Room ends in three ways: LMDB's map, the largest file that the process may write (EFBIG), and the
 * reserve that the options ask for.
 */
#include "tests/unit/store/agree.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { GROUP = 40, GROUPS_MAX = 500, MAP_BYTES = 1 << 20, FILE_STEP = 256 * 1024 };

static const int64_t day_ms = 24 * 60 * 60 * 1000;

static struct made made;

static void set_up(void)
{
    made_init(&made, made_seed());
    made.options.derive_groups = 7;
}

static void tear_down(void)
{
    made_fini(&made);
}

TestSuite(store_full, .init = set_up, .fini = tear_down);

/* Appends a group on a new day and says what its commit says. If that is refused, nothing of it may
 * be left. */
static enum err add_group(void)
{
    made.now_ms += day_ms;
    made_append_random(&made, GROUP);
    agree_writer(&made);
    struct made_event lost = made.events[made.next - 1];
    enum err err = made_commit(&made);
    agree_all(&made);
    if (err != OK) {
        struct event_view view;
        uint64_t first;
        cr_assert_eq(store_find(made.store, lost.key, &view), ERR_NOT_FOUND);
        cr_assert_eq(store_day_find(made.store, day_of_ms(lost.time_ms), &first), ERR_NOT_FOUND);
    }
    return err;
}

/* Adds groups until one is refused, and says how. */
static enum err fill(void)
{
    enum err err = OK;
    for (int i = 0; i < GROUPS_MAX && err == OK; i++)
        err = add_group();
    cr_assert_neq(err, OK, "it never came to its end");
    cr_assert_gt(made.durable, 1, "something is to be there before");
    return err;
}

static void must_add_group(void)
{
    enum err err = add_group();
    cr_assert_eq(err, OK, "%s", err_name(err));
}

static void close_and_verify(void)
{
    made_close(&made);
    made_verify(&made);
}

Test(store_full, a_full_map_takes_the_group_back_and_a_larger_one_goes_on, .timeout = 60)
{
    made.options.map_bytes = MAP_BYTES;
    made_open(&made);
    cr_expect_eq(fill(), ERR_FULL);
    close_and_verify();

    made.options.map_bytes = 64 * MAP_BYTES;
    made_open(&made);
    agree_all(&made);
    must_add_group();
    close_and_verify();
}

Test(store_full, a_full_map_keeps_the_store_readable_after_a_restart, .timeout = 60)
{
    made.options.map_bytes = MAP_BYTES;
    made_open(&made);
    cr_expect_eq(fill(), ERR_FULL);
    made_close(&made);
    struct diag *diag = diag_create();
    cr_assert_eq(store_open(&made.options, diag, &made.store), OK);
    agree_all(&made);
    diag_destroy(&diag);
    close_and_verify();
}

/* As much more as the data have, and so many bytes beyond. */
static void limit_file(rlim_t beyond)
{
    char path[256];
    struct stat status;
    struct rlimit limit;
    snprintf(path, sizeof path, "%s/data.mdb", made.path);
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = (rlim_t)status.st_size + beyond;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void lift_limit(void)
{
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

Test(store_full, a_file_that_may_not_grow_takes_the_group_back_until_it_may, .timeout = 60)
{
    signal(SIGXFSZ, SIG_IGN);
    made_open(&made);
    must_add_group();
    for (int i = 0; i < 4; i++) {
        limit_file(made_random(&made, FILE_STEP));
        enum err err = fill();
        cr_expect(err == ERR_FULL || err == ERR_IO, "%s", err_name(err));
        lift_limit();
        must_add_group();
    }
    close_and_verify();
    made_open(&made);
    agree_all(&made);
}

Test(store_full, derived_tables_that_find_no_room_are_derived_later, .timeout = 60)
{
    signal(SIGXFSZ, SIG_IGN);
    made.options.derive_groups = GROUPS_MAX;
    made_open(&made);
    for (int i = 0; i < 20; i++)
        must_add_group();
    limit_file(0);
    store_derive(made.store);
    agree_all(&made);
    lift_limit();
    store_derive(made.store);
    agree_all(&made);
    must_add_group();
    close_and_verify();
}

Test(store_full, less_free_than_the_reserve_is_full)
{
    made.options.reserve_bytes = SIZE_MAX;
    made_open(&made);
    cr_expect_eq(add_group(), ERR_FULL);
    made_close(&made);
    made.options.reserve_bytes = 1;
    made_open(&made);
    must_add_group();
    close_and_verify();
}

Test(store_full, a_group_has_room_for_so_many_events_and_no_more, .timeout = 60)
{
    made_open(&made);
    for (uint32_t i = 0; i < STORE_GROUP_EVENTS_MAX; i++)
        cr_assert_eq(made_append(&made, made_small(&made, 1, i % 2)), OK);
    cr_expect_null(store_room(made.store, 0, 1));
    cr_assert_eq(made_commit(&made), OK);
    cr_expect_not_null(store_room(made.store, 0, 1));
    agree_all(&made);
    close_and_verify();
}

Test(store_full, a_group_has_room_for_so_many_bytes_and_no_more, .timeout = 60)
{
    uint64_t bytes = 0;
    made_open(&made);
    while (store_room(made.store, 0, 64 * 1024) != NULL) {
        struct made_event large = made_small(&made, 1, 0);
        large.open_bytes = 60 * 1024;
        cr_assert_eq(made_append(&made, large), OK);
        bytes += large.open_bytes;
    }
    cr_expect(bytes > STORE_GROUP_BYTES_MAX - 256 * 1024 && bytes < STORE_GROUP_BYTES_MAX,
              "%llu bytes", (unsigned long long)bytes);
    cr_assert_eq(made_commit(&made), OK);
    agree_all(&made);
    close_and_verify();
}
