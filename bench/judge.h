/* judge - which unit a made-up case should go to, worked out the slow way.
 *
 * What the engine's quick paths do is done again here by other means: keywords are found by walking
 * a tree of bytes from every character on (not by symbols, trie and text.c); a case's words
 * are resolved by a few lines (not by facts.c); of every table every row is looked at as it is
 * written, and weights are added up code by code (slow_match.h; not by the bit vectors of match.c,
 * text_column.c and vote.c); the book's outputs are followed and the climb to each unit is gone by
 * itself (not by rules.c and decide.c).
 *
 * Shared with the engine, and therefore not judged: how tables, places, units and lines are read
 * and looked up, how texts are folded, and which place or unit a name in a text means (hints.c).
 *
 * It knows made-up cases only: those have a place by code or none, a category by code or none, and
 * nobody whom they are about but in their words. One thread.
 */
#ifndef BENCH_JUDGE_H
#define BENCH_JUDGE_H

#include "bench/cases.h"
#include "domain/policy.h"

struct judge;

/* When the engine took a case in, as far as the book asks for it. */
struct moment {
    int32_t date;    /* a day as date.h numbers them */
    uint32_t minute; /* of that day */
    enum regime regime;
};

/* For the policy of that directory, which must outlive it. */
struct judge *judge_create(const struct policy *policy, const char *directory);

/* The moment, or an earlier one that is the same to every row of the book. */
struct moment judge_moment(const struct judge *judge, int64_t time_ms);

/* Its main unit. Where text.c finds other names in it than stand there, that ends the benchmark. */
struct unit judge_unit(struct judge *judge, const struct made_case *made, struct moment moment);

void judge_free(struct judge **judge);

#endif
