#include "bench/histogram.h"

#include "base/check.h"

/* Values below 2 * STEPS are their own index; each power of two above goes on where the one before
 * ended. */
static uint32_t index_of(uint64_t value)
{
    if (value < HISTOGRAM_STEPS * 2ULL)
        return (uint32_t)value;
    uint32_t shift = 63 - (uint32_t)__builtin_clzll(value) - HISTOGRAM_STEP_BITS;
    return shift * HISTOGRAM_STEPS + (uint32_t)(value >> shift);
}

uint64_t histogram_upper(uint32_t index)
{
    CHECK(index < HISTOGRAM_BUCKETS);
    if (index < 2 * HISTOGRAM_STEPS)
        return index;
    uint32_t shift = index / HISTOGRAM_STEPS - 1;
    uint64_t step = index % HISTOGRAM_STEPS + HISTOGRAM_STEPS;
    return (step << shift) + ((1ULL << shift) - 1);
}

void histogram_add_many(struct histogram *histogram, uint64_t value, uint64_t times)
{
    if (times == 0)
        return;
    histogram->count += times;
    histogram->sum += value * times;
    histogram->max = value > histogram->max ? value : histogram->max;
    histogram->counts[index_of(value)] += times;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
    histogram_add_many(histogram, value, 1);
}

void histogram_merge(struct histogram *histogram, const struct histogram *other)
{
    histogram->count += other->count;
    histogram->sum += other->sum;
    histogram->max = other->max > histogram->max ? other->max : histogram->max;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        histogram->counts[i] += other->counts[i];
}

/* How many values make up the share, at least one: 0.5 of 3 are 2. */
static uint64_t rank_of(uint64_t count, double share)
{
    double exact = share * (double)count;
    uint64_t rank = (uint64_t)exact;
    rank += (double)rank < exact;
    return rank < 1 ? 1 : rank > count ? count : rank;
}

uint64_t histogram_quantile(const struct histogram *histogram, double share)
{
    CHECK(share >= 0 && share <= 1);
    if (histogram->count == 0)
        return 0;
    uint64_t rank = rank_of(histogram->count, share);
    uint64_t passed = 0;
    uint32_t index = 0;
    for (;; index++) {
        passed += histogram->counts[index];
        if (passed >= rank)
            break;
    }
    uint64_t upper = histogram_upper(index);
    return upper < histogram->max ? upper : histogram->max;
}

uint32_t histogram_next(const struct histogram *histogram, uint32_t index)
{
    while (index < HISTOGRAM_BUCKETS && histogram->counts[index] == 0)
        index++;
    return index;
}
