/* Policies and feeds: a policy is put once, and a unit keeps its feed for ever. */
#include "tests/unit/store/agree.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct made made;

static void set_up(void)
{
    made_init(&made, 1);
    made_open(&made);
}

static void tear_down(void)
{
    made_fini(&made);
}

TestSuite(store_policies, .init = set_up, .fini = tear_down);

static struct policy other_policy(const struct city *city)
{
    return (struct policy){.city = city,
                           .hash = "another policy",
                           .bundle = span_of_string("rules/book.csv\n5\nother"),
                           .feeds = calloc(city_units(city), sizeof(uint32_t))};
}

static uint32_t put(struct policy *policy)
{
    policy->number = UINT32_MAX;
    memset(policy->feeds, 0xA5, city_units(policy->city) * sizeof *policy->feeds);
    enum err err = store_put_policy(made.store, policy);
    cr_assert_eq(err, OK, "%s", err_name(err));
    return policy->number;
}

/* Each unit has a feed of its own, from 0 and dense, and the store says so too. */
static void feeds_are(const struct policy *policy, uint32_t feeds_count)
{
    struct store_reader *reader;
    cr_assert_eq(store_reader_open(made.store, &reader), OK);
    cr_assert_eq(store_reader_begin(reader), OK);
    cr_expect_eq(store_reader_feeds(reader), feeds_count);
    for (uint32_t i = 0; i < city_units(policy->city); i++) {
        uint32_t feed;
        struct span unit = unit_key(policy->city, (struct unit){i});
        cr_assert_eq(store_reader_feed_find(reader, unit, &feed), OK);
        cr_expect_eq(feed, policy->feeds[i]);
        cr_expect_lt(feed, feeds_count);
    }
    store_reader_end(reader);
    store_reader_close(&reader);
}

static void reads_as(const struct policy *policy)
{
    struct store_reader *reader;
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    cr_assert_eq(store_reader_open(made.store, &reader), OK);
    cr_assert_eq(store_reader_begin(reader), OK);
    cr_assert_eq(store_reader_policy(reader, policy->number, hash, &bundle), OK);
    cr_expect_eq(memcmp(hash, policy->hash, sizeof hash), 0);
    cr_expect(span_equal(bundle, policy->bundle));
    cr_expect_eq(store_reader_policy(reader, 0, hash, &bundle), ERR_NOT_FOUND);
    cr_expect_eq(store_reader_policy(reader, 99, hash, &bundle), ERR_NOT_FOUND);
    store_reader_end(reader);
    store_reader_close(&reader);
}

Test(store_policies, put_again_it_is_the_same)
{
    uint32_t units = city_units(made.small.city);
    uint32_t *feeds = calloc(units, sizeof *feeds);
    uint32_t number = put(&made.policy);
    memcpy(feeds, made.policy.feeds, units * sizeof *feeds);
    cr_expect_eq(put(&made.policy), number);
    cr_expect_eq(memcmp(feeds, made.policy.feeds, units * sizeof *feeds), 0);
    made_reopen(&made);
    cr_expect_eq(put(&made.policy), number);
    cr_expect_eq(memcmp(feeds, made.policy.feeds, units * sizeof *feeds), 0);
    feeds_are(&made.policy, units);
    reads_as(&made.policy);
    free(feeds);
}

Test(store_policies, another_has_another_number_and_both_stay)
{
    struct policy other = other_policy(made.small.city);
    uint32_t number = put(&made.policy);
    cr_expect_neq(put(&other), number);
    reads_as(&made.policy);
    reads_as(&other);
    uint32_t others = other.number;
    made_reopen(&made);
    cr_expect_eq(put(&other), others);
    cr_expect_eq(put(&made.policy), number);
    cr_expect_eq(
        memcmp(other.feeds, made.policy.feeds, city_units(made.small.city) * sizeof *other.feeds),
        0);
    free(other.feeds);
}

/* Gives 市中区 its roads, before units that it had. */
static void add_unit(struct small_city *small)
{
    char path[128];
    snprintf(path, sizeof path, "%s/units.csv", small->directory);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs("place,function,name,basis\n", file);
    fclose(file);
    small->city = city_load(folder_of(small->directory), small->arena, small->diag);
    cr_assert_not_null(small->city);
}

Test(store_policies, a_new_unit_gets_a_feed_and_the_others_keep_theirs)
{
    struct small_city grown;
    uint32_t units = city_units(made.small.city);
    made_append_random(&made, 50);
    cr_assert_eq(made_commit(&made), OK);
    small_city_make(&grown);
    add_unit(&grown);
    cr_assert_eq(city_units(grown.city), units + 1);

    struct policy other = other_policy(grown.city);
    put(&other);
    feeds_are(&other, units + 1);
    feeds_are(&made.policy, units + 1);
    put(&made.policy);
    feeds_are(&made.policy, units + 1);

    struct made_event draft = made_small(&made, 1, units);
    cr_assert_eq(made_append(&made, draft), OK);
    cr_assert_eq(made_commit(&made), OK);
    made_reopen(&made);
    made_close(&made);
    made_verify(&made);
    free(other.feeds);
    small_city_remove(&grown);
}

Test(store_policies, a_policy_is_durable_when_it_is_put)
{
    struct policy other = other_policy(made.small.city);
    struct store_status before;
    put(&other);
    store_status(made.store, &before);
    cr_expect_eq(before.events, 0);
    made_append_random(&made, 3);
    made_reopen(&made);
    reads_as(&other);
    free(other.feeds);
}

Test(store_policies, the_seed_stays_and_is_each_stores_own)
{
    struct made second;
    uint64_t seed = store_seed(made.store);
    made_reopen(&made);
    cr_expect_eq(store_seed(made.store), seed);
    made_init(&second, 1);
    made_open(&second);
    cr_expect_neq(store_seed(second.store), seed);
    made_fini(&second);
}
