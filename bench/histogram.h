/* histogram - how often what was measured took how long, in a fixed amount of memory.
 *
 * Values are nanoseconds. Below 256 each has a bucket of its own; above, each power of two is cut
 * into 128 buckets of one width:
 *
 *      0 1 2 ... 255 | 256 258 260 ... 510 | 512 516 520 ... 1020 | ...
 *        steps of 1  |     steps of 2      |      steps of 4      |
 *
 * so a bucket is narrower than 1/128 of any value in it, and what a quantile says is less than 1 %
 * above the truth. Nothing is allocated; adding costs a shift and an increment. One thread.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_STEP_BITS = 7,
    HISTOGRAM_STEPS = 1 << HISTOGRAM_STEP_BITS,                           /* of a power of two */
    HISTOGRAM_BUCKETS = (64 - HISTOGRAM_STEP_BITS + 1) * HISTOGRAM_STEPS, /* any uint64_t has one */
};

/* Zeroed is empty. */
struct histogram {
    uint64_t count;
    uint64_t max; /* exactly; 0 when empty */
    uint64_t sum;
    uint64_t counts[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* The same value so many times, as where one answer stands for all cases of a message. */
void histogram_add_many(struct histogram *histogram, uint64_t value, uint64_t times);

/* Adds what the other holds. */
void histogram_merge(struct histogram *histogram, const struct histogram *other);

/* The value that a share of all, from 0 to 1, does not exceed: the greatest of its bucket, or max
 * where that is less. 0 when empty. */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

/* For plots: the first bucket from index on that is not empty, with the greatest value that belongs
 * to it; HISTOGRAM_BUCKETS where there is none. */
uint32_t histogram_next(const struct histogram *histogram, uint32_t index);
uint64_t histogram_upper(uint32_t index);

#endif
