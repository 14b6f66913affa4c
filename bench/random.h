/* random - numbers that look random and are the same for the same seed, everywhere.
 *
 * xorshift64*. One owner at a time.
 */
#ifndef BENCH_RANDOM_H
#define BENCH_RANDOM_H

#include "base/check.h"

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* At least 0, below limit, which is at least 1. */
static inline uint64_t random_below(struct random *random, uint64_t limit)
{
    CHECK(limit > 0);
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return (random->state * 0x2545F4914F6CDD1DULL >> 16) % limit;
}

/* Streams of one seed differ from each other from their first number on. */
static inline struct random random_begin(uint64_t seed, uint64_t stream)
{
    struct random random = {(seed + 1) * 0x9E3779B97F4A7C15ULL ^
                            (stream + 1) * 0xC2B2AE3D27D4EB4FULL};
    if (random.state == 0)
        random.state = 1;
    for (int i = 0; i < 8; i++)
        random_below(&random, 2);
    return random;
}

/* At least `least`, at most `most`. */
static inline int64_t random_between(struct random *random, int64_t least, int64_t most)
{
    return least + (int64_t)random_below(random, (uint64_t)(most - least) + 1);
}

static inline bool random_happens(struct random *random, uint64_t per_thousand)
{
    return random_below(random, 1000) < per_thousand;
}

#endif
