/* cases - the cases of a made-up day, each of them a function of seed and index.
 *
 * So a case need not be kept: made again, it is the same, and the desk of the simulation looks up
 * in it what a human would read out of the words. Places are drawn by people: each village and
 * community counts alike, those of a street (街道) four times, and the case then names the
 * village, its township or its county. Most are enquiries, 82.8 % as Leshan counted them over three
 * years; the other proportions are chosen. What the texts are about is invented; nobody is meant.
 */
#ifndef TOOLS_SIMULATE_CASES_H
#define TOOLS_SIMULATE_CASES_H

#include "lianxin.pb-c.h"
#include "bench/arrivals.h"
#include "tools/simulate/phrases.h"

struct case_maker {
    const struct city *city;
    const struct phrases *phrases;
    uint64_t seed;
    int32_t day;
    uint32_t *weights; /* of places up to each index, those of the city's villages */
    uint32_t count;
    int64_t *times_ms; /* of each case, in order; since 1970 */
};

/* One case and the memory its strings lie in. Not to be moved. */
struct made_case {
    Lianxin__V1__Case message;
    Lianxin__V1__Reporter reporter;
    Lianxin__V1__Respondent respondent;
    const struct phrase *phrase;
    struct place place;  /* where it is, whether or not the case says so */
    bool about_earlier;  /* the caller says about which; number_from decides between those there are
                          */
    bool earlier_exists; /* else it names a ticket that never was */
    uint64_t number_from;
    char source[16], external_id[32], line[16], category[16], name[32], phone[16];
    char where[PLACE_PATH_BYTES_MAX];
    char respondent_name[256];
    char title[512], text[4096], answer[1024];
};

/* Draws when each of the day's cases comes. City and phrases must outlive it; memory is the
 * arena's. */
void case_maker_init(struct case_maker *maker, const struct city *city,
                     const struct phrases *phrases, const struct arrivals *arrivals, uint64_t seed,
                     int32_t day, uint32_t count, struct arena *arena);

/* Makes the case of an index, below count. */
void case_maker_make(const struct case_maker *maker, uint32_t index, struct made_case *made);

/* The index of a case by its external id. */
uint32_t case_maker_index(const char *external_id);

#endif
