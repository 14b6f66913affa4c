/* Groups and their samples do not depend on who counted what: added up from parts they are what
 * they would have been in one. */
#include "tools/compare/groups.h"

#include <criterion/criterion.h>

enum { SERIALS = 1000, GROUPS = 7 };

static struct change key_of(uint32_t serial)
{
    return (struct change){
        .aspect = ASPECT_URGENCY, .category = serial % GROUPS, .rows = {ROW_NONE, ROW_NONE}};
}

static void count(struct groups *groups, uint32_t first, uint32_t step)
{
    for (uint32_t serial = first; serial <= SERIALS; serial += step) {
        struct change key = key_of(serial);
        groups_add_one(groups, &key, serial);
    }
}

static const struct group *find(const struct groups *groups, uint32_t category)
{
    for (uint32_t i = 0; i < groups->count; i++)
        if (groups->list[i].key.category == category)
            return &groups->list[i];
    return NULL;
}

Test(groups, parts_added_up_are_the_whole)
{
    struct groups whole = {.count = 0}, odd = {.count = 0}, even = {.count = 0};
    count(&whole, 1, 1);
    count(&odd, 1, 2);
    count(&even, 2, 2);
    groups_add_all(&odd, &even);
    cr_assert_eq(whole.count, GROUPS);
    cr_assert_eq(odd.count, GROUPS);
    for (uint32_t category = 0; category < GROUPS; category++) {
        const struct group *one = find(&whole, category);
        const struct group *other = find(&odd, category);
        cr_expect_eq(one->count, other->count);
        cr_expect_eq(one->samples.count, SAMPLES_MAX);
        cr_expect_arr_eq(&one->samples, &other->samples, sizeof one->samples);
    }
    groups_free(&whole);
    groups_free(&odd);
    groups_free(&even);
}

Test(groups, samples_are_of_the_group_and_from_all_of_it)
{
    struct groups groups = {.count = 0};
    count(&groups, 1, 1);
    for (uint32_t i = 0; i < groups.count; i++) {
        const struct samples *samples = &groups.list[i].samples;
        uint32_t late = 0;
        for (uint32_t j = 0; j < samples->count; j++) {
            cr_expect_eq(samples->serials[j] % GROUPS, groups.list[i].key.category);
            late += samples->serials[j] > SERIALS / 2;
        }
        cr_expect_gt(late, 0, "none of the later half");
        cr_expect_lt(late, SAMPLES_MAX, "none of the earlier half");
    }
    groups_free(&groups);
}

Test(groups, a_few_are_all_samples)
{
    struct groups groups = {.count = 0};
    struct change key = key_of(1);
    groups_add_one(&groups, &key, 1);
    groups_add_one(&groups, &key, 8);
    cr_expect_eq(groups.list[0].samples.count, 2);
    groups_free(&groups);
}
