/* The exact rank test against what books print, and against dealing the values out in every way,
 * one after the other. */
#include "bench/ranks.h"

#include <criterion/criterion.h>
#include <math.h>

static double sum_of_ranks(const double *all, size_t count, unsigned chosen)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        if ((chosen >> i & 1) == 0)
            continue;
        for (size_t k = 0; k < count; k++)
            sum += all[k] < all[i] ? 1 : all[k] == all[i] ? 0.5 : 0;
    }
    return sum;
}

/* Of all choices of a_count of the values: how many lie as far from the middle? */
static double slow_chance(const double *all, size_t a_count, size_t count)
{
    double middle = (double)a_count * (double)count / 2;
    double seen = fabs(sum_of_ranks(all, count, (1U << a_count) - 1) - middle);
    double ways = 0, as_far = 0;
    for (unsigned chosen = 0; chosen < 1U << count; chosen++) {
        if ((size_t)__builtin_popcount(chosen) != a_count)
            continue;
        ways++;
        as_far += fabs(sum_of_ranks(all, count, chosen) - middle) >= seen;
    }
    return as_far / ways;
}

Test(ranks, five_and_five_wholly_apart_are_two_of_252_ways)
{
    const double a[] = {1, 2, 3, 4, 5}, b[] = {6, 7, 8, 9, 10};
    cr_expect_float_eq(ranks_chance(a, 5, b, 5), 2.0 / 252, 1e-12);
    cr_expect_float_eq(ranks_chance(b, 5, a, 5), 2.0 / 252, 1e-12);
    cr_expect_float_eq(ranks_chance_least(5, 5), 2.0 / 252, 1e-12);
}

Test(ranks, what_is_the_same_is_chance)
{
    const double a[] = {7, 7, 7}, b[] = {7, 7, 7, 7};
    cr_expect_float_eq(ranks_chance(a, 3, b, 4), 1, 1e-12);
    cr_expect_float_eq(ranks_chance(a, 1, b, 1), 1, 1e-12);
    cr_expect_float_eq(ranks_chance_least(1, 1), 1, 1e-12);
    cr_expect_float_eq(ranks_chance_least(4, 4), 2.0 / 70, 1e-12);
}

Test(ranks, chance_is_what_dealing_them_out_in_every_way_gives)
{
    unsigned state = 1;
    for (int round = 0; round < 200; round++) {
        double all[11];
        size_t a_count = 1 + (size_t)round % 5, count = a_count + 1 + (size_t)round / 5 % 6;
        for (size_t i = 0; i < count; i++) {
            state = state * 1103515245 + 12345;
            all[i] = state >> 16 & 7; /* few values, so many are equal */
        }
        cr_expect_float_eq(ranks_chance(all, a_count, all + a_count, count - a_count),
                           slow_chance(all, a_count, count), 1e-9, "round %d", round);
    }
}

Test(ranks, as_many_as_there_may_be)
{
    double a[RANKS_MAX], b[RANKS_MAX];
    for (size_t i = 0; i < RANKS_MAX; i++) {
        a[i] = (double)i;
        b[i] = (double)i + 0.5;
    }
    cr_expect_gt(ranks_chance(a, RANKS_MAX, b, RANKS_MAX), 0.5);
    for (size_t i = 0; i < RANKS_MAX; i++)
        b[i] += RANKS_MAX;
    cr_expect_float_eq(ranks_chance(a, RANKS_MAX, b, RANKS_MAX) /
                           ranks_chance_least(RANKS_MAX, RANKS_MAX),
                       1, 1e-9);
}

Test(ranks, the_median_needs_no_order)
{
    const double values[] = {9, 1, 5, 3};
    cr_expect_float_eq(ranks_median(values, 4), 4, 0);
    cr_expect_float_eq(ranks_median(values, 3), 5, 0);
    cr_expect_float_eq(ranks_median(values, 1), 9, 0);
}
