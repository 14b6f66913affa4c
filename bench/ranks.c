#include "bench/ranks.h"

#include "base/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BOTH_MAX = 2 * RANKS_MAX, SUM_MAX = BOTH_MAX * (BOTH_MAX + 1) };

/* Twice the rank, which is whole also where equal values share one. */
static size_t twice_rank(double value, const double *all, size_t count)
{
    size_t below = 0, equal = 0;
    for (size_t i = 0; i < count; i++) {
        below += all[i] < value;
        equal += all[i] == value;
    }
    return 2 * below + equal + 1;
}

/* ways[n * (SUM_MAX + 1) + sum]: how many choices of n of the ranks so far have that sum. Fifty of
 * a hundred are 1e29 ways; a double holds that with sixteen digits to spare for the shares. */
static void count_ways(double *ways, const size_t *ranks, size_t count, size_t chosen)
{
    ways[0] = 1;
    for (size_t i = 0; i < count; i++)
        for (size_t n = chosen; n-- > 0;)
            for (size_t sum = 0; sum + ranks[i] <= SUM_MAX; sum++)
                ways[(n + 1) * (SUM_MAX + 1) + sum + ranks[i]] += ways[n * (SUM_MAX + 1) + sum];
}

double ranks_chance(const double *a, size_t a_count, const double *b, size_t b_count)
{
    double all[BOTH_MAX];
    size_t ranks[BOTH_MAX];
    size_t count = a_count + b_count, seen = 0;
    CHECK(a_count > 0 && a_count <= RANKS_MAX);
    CHECK(b_count > 0 && b_count <= RANKS_MAX);
    memcpy(all, a, a_count * sizeof *a);
    memcpy(all + a_count, b, b_count * sizeof *b);
    for (size_t i = 0; i < count; i++) {
        ranks[i] = twice_rank(all[i], all, count);
        seen += i < a_count ? ranks[i] : 0;
    }
    double *ways = calloc((a_count + 1) * (SUM_MAX + 1), sizeof *ways);
    CHECK(ways != NULL);
    count_ways(ways, ranks, count, a_count);
    const double *sums = ways + a_count * (SUM_MAX + 1);
    double expected = (double)(a_count * (count + 1)); /* twice the mean of the sums */
    double as_far = 0, total = 0;
    for (size_t sum = 0; sum <= SUM_MAX; sum++) {
        total += sums[sum];
        if (fabs((double)sum - expected) >= fabs((double)seen - expected))
            as_far += sums[sum];
    }
    free(ways);
    return as_far / total;
}

double ranks_chance_least(size_t a_count, size_t b_count)
{
    double ways = 1; /* to choose a_count of all */
    for (size_t i = 1; i <= a_count; i++)
        ways *= (double)(b_count + i) / (double)i;
    return ways <= 2 ? 1 : 2 / ways;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double ranks_median(const double *values, size_t count)
{
    double sorted[RANKS_MAX];
    CHECK(count > 0 && count <= RANKS_MAX);
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, by_size);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}
