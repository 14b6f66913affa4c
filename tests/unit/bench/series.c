/* The columns that are drawn, from a small result written out here. */
#include "bench/series.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/lianxin-series-XXXXXX";

static char *series_of(const char *text, const char *what, int code)
{
    char *said;
    size_t bytes;
    FILE *out = open_memstream(&said, &bytes);
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    cr_expect_eq(bench_series(path, what, out), code);
    unlink(path);
    fclose(out);
    return said;
}

static void expect_series(const char *text, const char *what, const char *expected)
{
    char *said = series_of(text, what, 0);
    cr_expect_str_eq(said, expected, "%s", said);
    free(said);
}

Test(series, marks_can_be_loaded_whatever_the_profile_is_called)
{
    expect_series("{\"profile\": \"year\\\"; system 'x'\", \"cases\": 3, "
                  "\"ack_us\": {\"p99\": 812.5}, \"runs\": [{}, {}]}",
                  "marks",
                  "profile = \"yearsystemx\"\ncases = 3\nper_message = 0\nseconds = 0\np50 = 0\n"
                  "p99 = 812.5\np999 = 0\nsync = 0\nruns = 2\n");
}

Test(series, buckets_are_gathered_into_bins_with_the_empty_ones_between)
{
    char *said = series_of("{\"profile\": \"year\", "
                           "\"histogram_us\": [[100.1, 2], [100.9, 3], [113, 4], [1e12, 1]]}",
                           "histogram", 0);
    cr_expect_eq(strncmp(said, "100 105.925 0.5\n105.925 112.202 0\n112.202 118.85 0.4\n", 51), 0,
                 "%s", said);
    cr_expect_not_null(strstr(said, "9.44061e+08 1e+09 0.1\n"), "%s", said);
    free(said);
}

Test(series, cases_of_a_stretch_become_cases_a_second)
{
    expect_series("{\"profile\": \"day\", "
                  "\"timeline\": [[0.5, 10, 9, 400], [1, 12, 13, 500], [3, 8, 8, 600]]}",
                  "timeline", "0 0.5 20 18 400\n0.5 1 24 26 500\n1 3 4 4 600\n");
}

Test(series, what_an_entry_lacks_is_a_question_mark)
{
    expect_series("{\"profile\": \"latency\", \"series\": [{\"rate\": 10, \"ack_us\": "
                  "{\"p50\": 1, \"p99\": 2, \"p999\": 3}}]}",
                  "series",
                  "rate years cases_per_second seconds ack_us.p50 ack_us.p99 ack_us.p999 "
                  "resident_mib start_seconds\n10 ? ? ? 1 2 3 ? ?\n");
}

Test(series, what_is_not_there_is_said, .init = cr_redirect_stderr)
{
    char expected[512];
    free(series_of("{\"profile\": \"year\"}", "timeline", 1));
    snprintf(expected, sizeof expected, "%s: there is no timeline in this result\n", path);
    cr_expect_stderr_eq_str(expected);
}

Test(series, another_word_is_refused, .init = cr_redirect_stderr)
{
    char expected[512];
    free(series_of("{\"profile\": \"year\"}", "colour", 1));
    snprintf(expected, sizeof expected,
             "%s: 'colour' is none of marks, histogram, timeline, series\n", path);
    cr_expect_stderr_eq_str(expected);
}
