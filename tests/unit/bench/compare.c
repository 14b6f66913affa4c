/* Two results, doctored: what compare says of each change, and what it refuses to compare. */
#include "bench/compare.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_BYTES = 16384 };

static char a_path[] = "/tmp/lianxin-compare-a-XXXXXX", b_path[] = "/tmp/lianxin-compare-b-XXXXXX";

static void write_file(char *path, const char *text)
{
    int fd = path[strlen(path) - 1] == 'X' ? mkstemp(path) : -1;
    FILE *file = fd >= 0 ? fdopen(fd, "w") : fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

/* What is said on stdout, the caller's to free; both files are removed again. */
static char *compare_texts(const char *a, const char *b, int code)
{
    char *said;
    size_t bytes;
    FILE *out = open_memstream(&said, &bytes);
    write_file(a_path, a);
    write_file(b_path, b);
    cr_expect_eq(bench_compare(a_path, b_path, out), code);
    unlink(a_path);
    unlink(b_path);
    fclose(out);
    return said;
}

/* A result of runs that took so many seconds, on a disk and a processor of such a speed. */
static const char *result_of(char text[TEXT_BYTES], const char *seconds, double sync_us,
                             double unpack_ns, const char *setup)
{
    char runs[TEXT_BYTES / 2] = "", *list = strdup(seconds), *state = list;
    for (const char *run; (run = strsep(&state, " ")) != NULL;)
        snprintf(runs + strlen(runs), sizeof runs - strlen(runs),
                 "%s{\"seconds\": %s, \"cases_per_second\": %f, \"ack_us\": {\"p50\": %f}}",
                 runs[0] == '\0' ? "" : ", ", run, 1000 / strtod(run, NULL),
                 100 * strtod(run, NULL));
    free(list);
    snprintf(text, TEXT_BYTES,
             "{\"profile\": \"year\", \"cases\": 1000, \"seconds\": 1, \"cases_per_second\": 1, "
             "\"ack_us\": {\"p50\": 1}, \"lost\": 0, \"doubled\": 0, \"commits\": 7,\n"
             "\"floors\": {\"sync_us_p50\": %f, \"unpack_ns\": %f}, \"runs\": [%s],\n"
             "\"setup\": {\"seed\": 1, \"city\": \"leshan\"%s}}\n",
             sync_us, unpack_ns, runs, setup);
    return text;
}

static void expect_line(const char *said, const char *start, const char *end)
{
    for (const char *line = said; line != NULL; line = strchr(line, '\n')) {
        line += line[0] == '\n';
        line += strspn(line, " ");
        size_t bytes = strcspn(line, "\n"), end_bytes = strlen(end);
        if (strncmp(line, start, strlen(start)) == 0 && bytes >= end_bytes &&
            strncmp(line + bytes - end_bytes, end, end_bytes) == 0)
            return;
    }
    cr_expect(false, "no line '%s ... %s' in:\n%s", start, end, said);
}

Test(compare, runs_wholly_apart_are_better_or_worse)
{
    char a[TEXT_BYTES], b[TEXT_BYTES];
    char *said = compare_texts(result_of(a, "1.00 1.02 1.01 1.03 0.99", 200, 250, ""),
                               result_of(b, "0.80 0.82 0.81 0.83 0.79", 200, 250, ""), 0);
    expect_line(said, "seconds ", "-19.8 %  better");
    expect_line(said, "cases_per_second ", "+24.7 %  better");
    expect_line(said, "ack_us.p50 ", "-19.8 %  better");
    expect_line(said, "commits ", "0.0 %  the same");
    expect_line(said, "3 better", "1 the same");
    free(said);
    said = compare_texts(b, a, 0);
    expect_line(said, "seconds ", "+24.7 %  worse");
    expect_line(said, "cases_per_second ", "-19.8 %  worse");
    free(said);
}

Test(compare, one_run_among_the_others_is_noise)
{
    char a[TEXT_BYTES], b[TEXT_BYTES];
    char *said = compare_texts(result_of(a, "1.00 1.02 1.01 1.03 0.99", 200, 250, ""),
                               result_of(b, "0.80 0.82 0.81 1.00 0.79", 200, 250, ""), 0);
    expect_line(said, "seconds ", "within the noise");
    free(said);
}

Test(compare, four_runs_say_nothing)
{
    char a[TEXT_BYTES], b[TEXT_BYTES];
    char *said = compare_texts(result_of(a, "1.00 1.02 1.01 1.03", 200, 250, ""),
                               result_of(b, "0.50 0.52 0.51 0.53 0.49", 200, 250, ""), 0);
    expect_line(said, "seconds ", "-49.8 %  too few runs to say");
    expect_line(said, "five runs on either side can say", "--runs 5");
    free(said);
}

Test(compare, a_change_that_the_floor_shared_is_the_machines)
{
    char a[TEXT_BYTES], b[TEXT_BYTES];
    char *said = compare_texts(result_of(a, "1.00 1.02 1.01 1.03 0.99", 200, 250, ""),
                               result_of(b, "1.20 1.22 1.21 1.23 1.19", 240, 250, ""), 0);
    expect_line(said, "sync_us_p50 ", "not the same machine");
    expect_line(said, "unpack_ns ", "0.0 %");
    expect_line(said, "ack_us.p50 ", "the machine's (sync_us_p50)");
    expect_line(said, "seconds ", "worse"); /* it does not hang on a single sync */
    free(said);
    said = compare_texts(result_of(a, "1.00 1.02 1.01 1.03 0.99", 200, 250, ""),
                         result_of(b, "1.20 1.22 1.21 1.23 1.19", 200, 300, ""), 0);
    expect_line(said, "seconds ", "the machine's (unpack_ns)");
    expect_line(said, "cases_per_second ", "the machine's (unpack_ns)");
    expect_line(said, "ack_us.p50 ", "the machine's (unpack_ns)");
    free(said);
}

Test(compare, a_flush_is_no_excuse_where_a_case_waited_for_many)
{
    char a[TEXT_BYTES], b[TEXT_BYTES];
    char *said = compare_texts(result_of(a, "1.00 1.02 1.01 1.03 0.99", 10, 250, ""),
                               result_of(b, "1.20 1.22 1.21 1.23 1.19", 12, 250, ""), 0);
    expect_line(said, "ack_us.p50 ", "worse");
    free(said);
}

Test(compare, a_floor_explains_no_more_than_it_moved_and_nothing_the_other_way)
{
    char a[TEXT_BYTES], b[TEXT_BYTES];
    char *said = compare_texts(result_of(a, "1.00 1.02 1.01 1.03 0.99", 200, 250, ""),
                               result_of(b, "1.50 1.52 1.51 1.53 1.49", 210, 260, ""), 0);
    expect_line(said, "seconds ", "worse");
    expect_line(said, "ack_us.p50 ", "worse");
    free(said);
    said = compare_texts(result_of(a, "1.00 1.02 1.01 1.03 0.99", 200, 250, ""),
                         result_of(b, "0.80 0.82 0.81 0.83 0.79", 300, 400, ""), 0);
    expect_line(said, "seconds ", "better");
    expect_line(said, "ack_us.p50 ", "better");
    free(said);
}

Test(compare, what_differs_in_the_setup_is_listed)
{
    char a[TEXT_BYTES], b[TEXT_BYTES];
    char *said = compare_texts(
        result_of(a, "1", 1, 1, ", \"threads\": 2, \"versions\": {\"lmdb\": \"0.9.24\"}"),
        result_of(b, "1", 1, 1, ", \"threads\": 5, \"versions\": {\"zmq\": \"4.3.4\"}"), 0);
    expect_line(said, "threads ", "2 -> 5");
    expect_line(said, "versions.lmdb ", "0.9.24 -> none");
    expect_line(said, "versions.zmq ", "none -> 4.3.4");
    free(said);
    said = compare_texts(a, a, 0);
    expect_line(said, "nothing", "nothing");
    free(said);
}

Test(compare, series_are_compared_entry_by_entry)
{
    char *said = compare_texts("{\"profile\": \"ramp\", \"cases\": 9, \"highest_rate\": 10, "
                               "\"ack_us\": {\"p99\": 7}, \"series\": ["
                               "{\"rate\": 10, \"cases\": 9, \"ack_us\": {\"p99\": 400}}, "
                               "{\"rate\": 1000, \"cases\": 8, \"ack_us\": {\"p99\": 800}}]}",
                               "{\"profile\": \"ramp\", \"cases\": 8, \"highest_rate\": 20, "
                               "\"ack_us\": {\"p99\": 3}, \"series\": ["
                               "{\"rate\": 1000, \"cases\": 8, \"ack_us\": {\"p99\": 600}}, "
                               "{\"rate\": 9000, \"cases\": 8, \"ack_us\": {\"p99\": 900}}]}",
                               0);
    expect_line(said, "figures", "figures");
    expect_line(said, "highest_rate ", "+100.0 %  too few runs to say");
    expect_line(said, "rate 10, cases 9: ", "only in A");
    expect_line(said, "rate 1000, cases 8", "cases 8");
    expect_line(said, "ack_us.p99 ", "-25.0 %  too few runs to say");
    expect_line(said, "rate 9000, cases 8: ", "only in B");
    expect_line(said, "2 too few", "to say"); /* the result's own p99 is that of an entry */
    expect_line(said, "without floors", "not known");
    free(said);
}

Test(compare, what_was_not_measured_is_left_out)
{
    char *said = compare_texts("{\"profile\": \"year\", \"seconds\": 1, \"start_seconds\": 0}",
                               "{\"profile\": \"year\", \"seconds\": 1, \"start_seconds\": 0}", 0);
    expect_line(said, "seconds ", "the same");
    cr_expect_null(strstr(said, "start_seconds"), "%s", said);
    free(said);
}

Test(compare, other_work_is_refused_with_all_that_is_other, .init = cr_redirect_stderr)
{
    char expected[TEXT_BYTES];
    char *said = compare_texts("{\"profile\": \"year\", \"lost\": 2, \"cases\": 10, \"setup\": "
                               "{\"seed\": 1, \"text_only\": false}}",
                               "{\"profile\": \"flood\", \"doubled\": 1, \"cases\": 10, "
                               "\"series\": [{\"misdirected\": 3}], \"setup\": "
                               "{\"seed\": 1, \"text_only\": true}}",
                               1);
    cr_expect_str_eq(said, "");
    free(said);
    snprintf(expected, sizeof expected,
             "%s: 2 cases were lost; such a run has no figures\n"
             "%s: 1 cases were doubled; such a run has no figures\n"
             "%s: 3 cases were misdirected; such a run has no figures\n"
             "%s: the profile is flood, in %s it is year; results compare where the same was done\n"
             "%s: the text_only is true, in %s it is false; results compare where the same was "
             "done\n",
             a_path, b_path, b_path, b_path, a_path, b_path, a_path);
    cr_expect_stderr_eq_str(expected);
}

Test(compare, what_is_no_result_is_refused, .init = cr_redirect_stderr)
{
    char expected[TEXT_BYTES];
    free(compare_texts("{\"profile\":\n  year}", "[]", 1));
    snprintf(expected, sizeof expected,
             "%s:2:6: not JSON: invalid token near 'year'\n"
             "%s: no object in { }; a file is wanted that `lianxin bench PROFILE --json` wrote\n",
             a_path, b_path);
    cr_expect_stderr_eq_str(expected);
}

Test(compare, a_missing_file_is_named, .init = cr_redirect_stderr)
{
    cr_expect_eq(bench_compare("/nowhere/a.json", "/nowhere/b.json", stdout), 1);
    cr_expect_stderr_eq_str("/nowhere/a.json: cannot be read: No such file or directory\n"
                            "/nowhere/b.json: cannot be read: No such file or directory\n");
}
