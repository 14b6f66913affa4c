/* The store against a plain list, through thousands of random steps.
 *
 * What is appended, sealed, written, kept, committed, taken back, derived and found again after
 * closing is drawn from a printed seed; SEED repeats it. Now and then everything that can be asked
 * is asked of both: of the writer within its open group, of a reader that has just begun, and of
 * one whose snapshot is old.
 */
#include "tests/unit/store/agree.h"

#include <criterion/criterion.h>

enum { STEPS = 12000, DERIVE_GROUPS_MAX = 40 };

static const int64_t day_ms = 24 * 60 * 60 * 1000;

static struct made made;

/* A reader that keeps its snapshot over many steps, and how much was durable when it began. */
static struct store_reader *old;
static uint64_t old_limit;

/* Groups that are sealed: one behind the last event of each, those not written yet, and how many
 * are written and not kept. */
static uint64_t sealed[STORE_SEALED_MAX];
static uint32_t sealed_count, unkept;

static void set_up(void)
{
    made_init(&made, made_seed());
}

static void tear_down(void)
{
    made_fini(&made);
}

TestSuite(store_model, .init = set_up, .fini = tear_down);

static void begin_old(void)
{
    cr_assert_eq(store_reader_begin(old), OK);
    old_limit = made.durable;
}

static void renew_old(void)
{
    agree_reader(&made, old, old_limit);
    store_reader_end(old);
    begin_old();
}

static void open_with_old(void)
{
    made.options.derive_groups = 1 + (uint32_t)made_random(&made, DERIVE_GROUPS_MAX);
    made_open(&made);
    cr_assert_eq(store_reader_open(made.store, &old), OK);
    begin_old();
}

static void close_with_none(void)
{
    made_close(&made);
    sealed_count = 0;
    unkept = 0;
}

static void close_with_old(void)
{
    store_reader_end(old);
    store_reader_close(&old);
    close_with_none();
}

static uint64_t sealed_limit(void)
{
    return sealed_count > 0 ? sealed[sealed_count - 1] : made.durable;
}

static void seal(void)
{
    cr_assert_eq(store_may_seal(made.store), sealed_count + unkept < STORE_SEALED_MAX);
    if (!store_may_seal(made.store) || made.next == sealed_limit())
        return;
    store_seal(made.store);
    sealed[sealed_count++] = made.next;
}

static void write(void)
{
    if (sealed_count == 0)
        return;
    cr_assert_eq(store_write(made.store), OK);
    made.durable = sealed[0];
    sealed_count--;
    memmove(sealed, sealed + 1, sealed_count * sizeof sealed[0]);
    unkept++;
}

static void keep(void)
{
    if (unkept > 0)
        store_keep(made.store);
    unkept -= unkept > 0;
    cr_assert_eq(store_has_sealed(made.store), sealed_count + unkept > 0);
}

static void keep_all(void)
{
    while (unkept > 0)
        keep();
}

static void abandon(void)
{
    keep_all();
    made_abandon(&made);
    sealed_count = 0;
}

static void commit(void)
{
    while (sealed_count > 0)
        write();
    keep_all();
    enum err err = made_commit(&made);
    cr_assert_eq(err, OK, "%s", err_name(err));
}

static void step(void)
{
    uint64_t drawn = made_random(&made, 1000);
    if (drawn < 700) {
        made_append_random(&made, 1);
    } else if (drawn < 750) {
        seal();
    } else if (drawn < 800) {
        write();
    } else if (drawn < 850) {
        keep();
    } else if (drawn < 900) {
        commit();
    } else if (drawn < 915) {
        abandon();
    } else if (drawn < 925) {
        commit();
        store_derive(made.store);
    } else if (drawn < 935) {
        made.now_ms += day_ms * (int64_t)(1 + made_random(&made, 3));
    } else if (drawn < 965) {
        agree_all(&made);
    } else if (drawn < 990) {
        agree_reader(&made, old, old_limit);
    } else if (drawn < 996) {
        renew_old();
    } else {
        close_with_old();
        open_with_old();
        agree_all(&made);
    }
}

Test(store_model, whatever_happens_the_store_says_what_a_plain_list_says, .timeout = 60)
{
    open_with_old();
    for (int i = 0; i < STEPS; i++)
        step();
    commit();
    agree_all(&made);
    close_with_old();
    made_verify(&made);
    open_with_old();
    agree_all(&made);
    close_with_old();
}

Test(store_model, what_was_taken_back_can_be_brought_again_under_other_numbers)
{
    struct event_view view;
    made_open(&made);
    struct made_event first = made_small(&made, 1, 0);
    struct made_event second = made_small(&made, 1, 1);
    cr_assert_eq(made_append(&made, first), OK);
    cr_assert_eq(made_append(&made, second), OK);
    made_abandon(&made);
    cr_assert_eq(store_find(made.store, first.key, &view), ERR_NOT_FOUND);
    cr_assert_eq(store_find(made.store, second.key, &view), ERR_NOT_FOUND);
    cr_assert_eq(made_append(&made, second), OK);
    cr_assert_eq(store_find(made.store, second.key, &view), OK);
    agree_view(&made, 1, &view);
    cr_assert_eq(store_find(made.store, first.key, &view), ERR_NOT_FOUND);
    cr_assert_eq(made_append(&made, first), OK);
    commit();
    agree_all(&made);
}

Test(store_model, a_day_that_began_and_ended_within_the_open_group_is_found)
{
    uint64_t first = 0;
    made_open(&made);
    made_append_random(&made, 3);
    commit();
    int32_t days[3];
    for (int i = 0; i < 3; i++) {
        made.now_ms += day_ms;
        made_append_random(&made, 2);
        days[i] = day_of_ms(made.events[made.next - 1].time_ms);
    }
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(store_day_find(made.store, days[i], &first), OK, "day %d", i);
        cr_expect_eq(first, 4 + 2 * (uint64_t)i);
    }
    made_abandon(&made);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(store_day_find(made.store, days[i], &first), ERR_NOT_FOUND);
}

/* Built on a group that is not written: its acts, its ids and its feeds go on from there. */
Test(store_model, groups_built_on_one_that_fails_go_back_with_it)
{
    struct event_view view;
    made_open(&made);
    made_append_random(&made, 20);
    commit();
    struct made_event ticket = made_small(&made, 2, 0, 1);
    uint64_t serial = made.next;
    cr_assert_eq(made_append(&made, ticket), OK);
    made_append_random(&made, 5);
    seal();
    made.now_ms += day_ms;
    for (int i = 0; i < 3; i++)
        cr_assert_eq(made_append(&made, made_draw(&made, serial)), OK);
    made_append_random(&made, 5);
    seal();
    agree_all(&made);
    cr_expect_not(store_may_seal(made.store));
    made.now_ms += day_ms;
    made_append_random(&made, 5);
    agree_all(&made);
    abandon();
    agree_all(&made);
    cr_expect_eq(made.next, 21);
    cr_expect_eq(store_find(made.store, ticket.key, &view), ERR_NOT_FOUND);
    cr_expect(store_may_seal(made.store));
    made_append_random(&made, 20);
    commit();
    agree_all(&made);
    close_with_none();
    made_verify(&made);
}

/* As when an engine is stopped, or killed, between the two. */
Test(store_model, what_was_written_and_not_kept_is_there_after_a_restart)
{
    made_open(&made);
    made_append_random(&made, 20);
    seal();
    made_append_random(&made, 20);
    seal();
    write();
    close_with_none();
    cr_expect_eq(made.next, 21);
    made_open(&made);
    agree_all(&made);
    close_with_none();
    made_verify(&made);
}
