/* Policies out of a store: found by the beginning of their hash, made again as they were, kept as
 * long as there is room; and one that cannot be made is told once, and not tried again.
 */
#include "stages/shelf.h"

#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdlib.h>

enum { POLICIES = 3, DAMAGED = POLICIES + 1 };

static struct small_city small;
static char path[] = "/tmp/lianxin-shelf-XXXXXX";
static struct store *store;
static struct store_reader *reader;
static uint8_t hashes[POLICIES + 1][POLICY_HASH_BYTES]; /* by number */

/* Three books that differ by their clocks. */
static void put_policies(void)
{
    for (uint32_t i = 1; i <= POLICIES; i++) {
        char text[128];
        struct policy *policy;
        snprintf(text, sizeof text,
                 "F,时限,职能\n,out:limit,out:function\n,limit,function\nall,%uwd,desk\n", i);
        small_city_write(&small, "book", "table,note\nassign,\n");
        small_city_write(&small, "assign", text);
        cr_assert_eq(policy_load(small.directory, small.diag, &policy), OK, "%s",
                     small_city_finding(&small, 0));
        cr_assert_eq(store_put_policy(store, policy), OK);
        cr_assert_eq(policy->number, i);
        memcpy(hashes[i], policy->hash, POLICY_HASH_BYTES);
        policy_destroy(&policy);
    }
}

/* One whose bundle is none, and whose hash begins as that of the first. */
static void put_damaged(void)
{
    uint32_t *feeds = calloc(city_units(small.city), sizeof *feeds);
    struct policy policy = {
        .city = small.city, .feeds = feeds, .bundle = span_of_string("places.csv\n9\nnothing")};
    memcpy(policy.hash, hashes[1], POLICY_HASH_BYTES);
    policy.hash[10] ^= 1;
    cr_assert_eq(store_put_policy(store, &policy), OK);
    cr_assert_eq(policy.number, (uint32_t)DAMAGED);
    free(feeds);
}

static void set_up(void)
{
    struct store_options options = {.path = path};
    small_city_make(&small);
    cr_assert_not_null(mkdtemp(path));
    cr_assert_eq(store_open(&options, small.diag, &store), OK);
    put_policies();
    put_damaged();
    cr_assert_eq(store_reader_open(store, &reader), OK);
    cr_assert_eq(store_reader_begin(reader), OK);
}

static int remove_one(const char *name, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(name);
}

static void tear_down(void)
{
    store_reader_end(reader);
    store_reader_close(&reader);
    store_close(&store);
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    small_city_remove(&small);
}

TestSuite(shelf, .init = set_up, .fini = tear_down);

static struct shelved take(struct shelf *shelf, uint32_t number)
{
    struct shelved shelved;
    cr_assert_eq(shelf_take(shelf, reader, number, small.diag, &shelved), OK, "%s",
                 small_city_finding(&small, 0));
    cr_assert_eq(shelved.policy->number, number);
    cr_assert_eq(memcmp(shelved.policy->hash, hashes[number], POLICY_HASH_BYTES), 0);
    cr_assert_not_null(shelved.scratch);
    return shelved;
}

Test(shelf, what_was_asked_for_stays_while_there_is_room)
{
    struct shelf *shelf = shelf_create(2);
    struct shelved first = take(shelf, 1);
    take(shelf, 2);
    cr_expect_eq(take(shelf, 1).policy, first.policy, "it is still there");
    struct shelved third = take(shelf, 3);
    cr_expect_eq(take(shelf, 1).policy, first.policy, "the second gave way, not the first");
    take(shelf, 2);
    take(shelf, 2);
    cr_expect_eq(take(shelf, 1).policy, first.policy);
    cr_expect_neq(third.policy, NULL);
    shelf_destroy(&shelf);
    cr_expect_null(shelf);
    shelf_destroy(&shelf);
}

Test(shelf, one_that_cannot_be_made_is_told_once)
{
    struct shelf *shelf = shelf_create(2);
    struct shelved shelved;
    cr_expect_eq(shelf_take(shelf, reader, DAMAGED, small.diag, &shelved), ERR_INVALID);
    size_t told = diag_count(small.diag);
    cr_expect_gt(told, 0);
    cr_expect_null(shelved.policy);
    cr_expect_eq(shelf_take(shelf, reader, DAMAGED, small.diag, &shelved), ERR_INVALID);
    cr_expect_eq(diag_count(small.diag), told);
    cr_expect_str_eq(shelf_why(shelf, DAMAGED), diag_at(small.diag, 0)->text);
    cr_expect_str_eq(shelf_why(shelf, 1), "");
    cr_expect_eq(shelf_take(shelf, reader, DAMAGED + 1, small.diag, &shelved), ERR_NOT_FOUND);
    cr_expect_eq(shelf_take(shelf, reader, 0, small.diag, &shelved), ERR_NOT_FOUND);
    shelf_destroy(&shelf);
}

static void expect_found(uint32_t number, uint32_t digits, enum err expected)
{
    char text[2 * POLICY_HASH_BYTES + 1];
    uint32_t found;
    for (uint32_t i = 0; i < POLICY_HASH_BYTES; i++)
        snprintf(text + 2 * i, 3, i % 2 == 0 ? "%02x" : "%02X", hashes[number][i]);
    cr_expect_eq(shelf_find(reader, span_of(text, digits), &found), expected, "%u digits", digits);
    if (expected == OK)
        cr_expect_eq(found, number);
}

Test(shelf, a_policy_is_found_by_how_its_hash_begins)
{
    uint32_t found;
    for (uint32_t digits = 8; digits <= 64; digits++) {
        expect_found(2, digits, OK);
        expect_found(1, digits, digits <= 21 ? ERR_FULL : OK);
    }
    expect_found(2, 7, ERR_INVALID);
    cr_expect_eq(shelf_find(reader, span_of_string("0123456g"), &found), ERR_INVALID);
    cr_expect_eq(shelf_find(reader, span_of_string("00000000"), &found), ERR_NOT_FOUND);
    cr_expect_eq(shelf_find(reader, (struct span){0}, &found), ERR_INVALID);
}
