/* small_bench - an engine of the small city on a workbench, with a book that does all a book
 * can (small_book.h).
 */
#ifndef TESTS_ENGINE_SMALL_BENCH_H
#define TESTS_ENGINE_SMALL_BENCH_H

#include "tests/engine/requests.h"
#include "tests/support/small_book.h"

#define DESK     "511100000000.desk"
#define FUND     "511100000000.fund"
#define URBAN    "511126000000.urban"
#define POLICE   "511126000000.police"
#define WATER    "511126000000.water"
#define TOWNSHIP "511126001000.general"

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

/* Of BENCH_START_MS: 2026-11-24 00:00 in China. */
#define BENCH_DAY_MS (BENCH_START_MS - 14 * (int64_t)HOUR_MS)

struct small_bench {
    struct small_city small;
    struct bench_engine bench;
};

/* Must not move. When it is closed, its store must verify, and every decision in it must be the one
 * that its policy makes. */
void small_bench_open(struct small_bench *bench);
void small_bench_close(struct small_bench *bench);

/* A store that no engine has: it is whole, every decision in it is the one that its policy makes,
 * and that policy was in force then. */
void small_verify(const char *store);

/* A complaint about 0101 at 511126001. Strings are borrowed. */
Lianxin__V1__Case small_case(const char *external_id);

/* What became of it: of a case accepted, with its answer's number copied. */
struct became {
    Lianxin__V1__Reply *reply; /* the caller's */
    const Lianxin__V1__Answer *answer;
    char number[NUMBER_BYTES_MAX];
};
struct became small_submit(struct small_bench *bench, Lianxin__V1__Case *one);

/* Submits, looks at no more than the number. */
void small_ticket(struct small_bench *bench, Lianxin__V1__Case *one, char number[NUMBER_BYTES_MAX]);

/* An act that is accepted. */
void small_act(struct small_bench *bench, Lianxin__V1__Act *act);

/* The ticket's last event, in a reply of the caller's. */
Lianxin__V1__Reply *small_lookup(struct small_bench *bench, const char *number);
const Lianxin__V1__Event *last_event(const Lianxin__V1__Reply *ticket);

/* The part of a unit in it, or NULL. */
const Lianxin__V1__Assignment *part_of(const Lianxin__V1__Event *event, const char *unit);

/* How many events its feed has. */
uint64_t count_feed(struct small_bench *bench, const char *unit);

#endif
