/* Histograms: what a quantile says is never below the truth and less than 1 % above it, for values
 * of any size, held against the sorted values themselves. */
#include "bench/histogram.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { VALUES = 20000 };

static const double shares[] = {0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1};

/* xorshift64 */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int by_size(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* The least value that so many do not exceed. */
static uint64_t true_quantile(const uint64_t *sorted, double share)
{
    uint64_t rank = 0;
    while ((double)rank < share * VALUES)
        rank++;
    return sorted[rank > 0 ? rank - 1 : 0];
}

Test(histogram, tells_quantiles_to_a_hundredth)
{
    static uint64_t values[VALUES];
    uint64_t state = 88172645463325252;
    for (int width = 4; width <= 64; width += 6) {
        static struct histogram histogram;
        histogram = (struct histogram){0};
        for (int i = 0; i < VALUES; i++) {
            values[i] = next_random(&state) >> (64 - width);
            histogram_add(&histogram, values[i]);
        }
        qsort(values, VALUES, sizeof *values, by_size);
        cr_expect_eq(histogram.count, VALUES);
        cr_expect_eq(histogram.max, values[VALUES - 1]);
        for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
            uint64_t wanted = true_quantile(values, shares[i]);
            uint64_t told = histogram_quantile(&histogram, shares[i]);
            cr_expect_geq(told, wanted, "%d bits, share %g", width, shares[i]);
            cr_expect_leq((double)told - (double)wanted, 0.01 * (double)wanted,
                          "%d bits, share %g: %lu, not %lu", width, shares[i], told, wanted);
        }
    }
}

Test(histogram, that_is_empty_says_0)
{
    static struct histogram histogram;
    cr_expect_eq(histogram_quantile(&histogram, 0.5), 0);
    cr_expect_eq(histogram_next(&histogram, 0), HISTOGRAM_BUCKETS);
}

Test(histogram, has_a_bucket_for_every_value)
{
    for (uint32_t i = 1; i < HISTOGRAM_BUCKETS; i++) {
        static struct histogram histogram;
        histogram = (struct histogram){0};
        uint64_t upper = histogram_upper(i);
        cr_expect_gt(upper, histogram_upper(i - 1));
        histogram_add(&histogram, upper);
        histogram_add(&histogram, histogram_upper(i - 1) + 1);
        cr_expect_eq(histogram_next(&histogram, 0), i);
        cr_expect_eq(histogram.counts[i], 2);
    }
    cr_expect_eq(histogram_upper(HISTOGRAM_BUCKETS - 1), UINT64_MAX);
}

Test(histogram, merges_as_if_all_had_been_added_to_one)
{
    static struct histogram whole, parts[2];
    uint64_t state = 1;
    for (int i = 0; i < VALUES; i++) {
        uint64_t value = next_random(&state) >> 40;
        uint64_t times = next_random(&state) % 3;
        histogram_add_many(&whole, value, times);
        histogram_add_many(&parts[i % 2], value, times);
    }
    histogram_merge(&parts[0], &parts[1]);
    cr_expect_arr_eq(&whole, &parts[0], sizeof whole);
}
