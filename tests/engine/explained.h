/* explained - what tests of explanations ask, and how they look at the answers. */
#ifndef TESTS_ENGINE_EXPLAINED_H
#define TESTS_ENGINE_EXPLAINED_H

#include "tests/engine/small_bench.h"

/* Strings and cases are borrowed. */
Lianxin__V1__Explain of_case(Lianxin__V1__Case *one);
Lianxin__V1__Explain of_ticket(const char *number);

/* The reply may be an Error. */
Lianxin__V1__Reply *explained_ask(struct small_bench *bench, Lianxin__V1__Explain *explain);

/* The explanation in a reply, which must have one. */
Lianxin__V1__Explanation *said(Lianxin__V1__Reply *reply);

/* "unit a -> b" of each difference, line after line; until the next call. */
const char *differences(const Lianxin__V1__Explanation *explanation);

/* These give the reply back. */
void expect_differences(Lianxin__V1__Reply *reply, const char *expected);
void expect_error(Lianxin__V1__Reply *reply, const char *field, const char *part);

/* The same, but for what is different, which they need not both say. */
void expect_same(Lianxin__V1__Explanation *a, Lianxin__V1__Explanation *b, const char *what);

#endif
