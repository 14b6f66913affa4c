/* cases - made-up cases over a real city, the same for the same seed.
 *
 * Places are drawn from the city's tree (villages most, as people live there), categories from its
 * leaves; four in five have a category, the others only their words and the line they came over.
 * The texts are put together so that they read like what an operator writes down, some 300 bytes.
 * What they are about is invented; nobody is meant.
 */
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include "bench/random.h"
#include "domain/city/city.h"
#include "lianxin.pb-c.h"

enum { CASE_TEXT_BYTES_MAX = 1024 };

struct cases {
    const struct city *city;
    const char *source;
    enum channel channel; /* CHANNEL_NONE: all in turn */
    bool text_only;       /* neither place nor category nor line: the words must tell. Set it, if
                             so, before the first */
    struct random random;
    uint64_t count; /* made so far */
};

/* One case and the memory its strings lie in. */
struct made_case {
    Lianxin__V1__Case message;
    Lianxin__V1__Reporter reporter;
    char external_id[32];
    char line[16];
    char category[16];
    char place[16];
    char name[32];
    char phone[16];
    char title[256];
    char text[CASE_TEXT_BYTES_MAX];
};

/* The city must outlive it. */
void cases_init(struct cases *cases, const struct city *city, const char *source,
                enum channel channel, uint64_t seed);

/* Makes the next one, in place. */
void cases_next(struct cases *cases, struct made_case *made);

/* A random number below limit, from the same sequence. */
uint64_t cases_random(struct cases *cases, uint64_t limit);

#endif
