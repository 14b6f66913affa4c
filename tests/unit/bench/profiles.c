/* Whole profiles with few cases, against the engine that was built with them: the JSON has what it
 * promises, and nothing was lost. How long anything took is not looked at. */
#include "bench/bench.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static char program[PATH_MAX + 16];
static struct bench_options options;

static void choose(void)
{
    char self[PATH_MAX] = "";
    cr_assert_gt(readlink("/proc/self/exe", self, sizeof self - 1), 0);
    snprintf(program, sizeof program, "%s/../lianxin", dirname(self));
    options = (struct bench_options){.threads = 2,
                                     .runs = 1,
                                     .seed = 1,
                                     .p99_ms = 1000,
                                     .city = "cities/leshan",
                                     .json = true,
                                     .no_floors = true,
                                     .program = program,
                                     .directory = "build/bench/tests"};
}

/* The result of a run that went well. */
static json_t *run(const char *profile)
{
    char *text = NULL;
    size_t bytes = 0;
    json_error_t error;
    FILE *out = open_memstream(&text, &bytes);
    options.profile = profile;
    cr_assert(bench_has_profile(profile));
    cr_assert_eq(bench_run(&options, out), 0);
    fclose(out);
    json_t *result = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    cr_assert_not_null(result, "%s: %s", error.text, text);
    free(text);
    cr_expect_str_eq(json_string_value(json_object_get(result, "profile")), profile);
    return result;
}

/* a.b; the end of the test where it is no number. */
static double number(const json_t *object, const char *group, const char *name)
{
    const json_t *in = group == NULL ? object : json_object_get(object, group);
    const json_t *value = json_object_get(in, name);
    cr_assert(json_is_number(value), "%s %s is no number", group == NULL ? "" : group, name);
    return json_number_value(value);
}

static void expect_whole(const json_t *point, uint32_t cases)
{
    static const char *const stages[] = {"ingress", "decode", "route",        "store",  "commit",
                                         "publish", "reader", "engine_other", "harness"};
    static const char *const quantiles[] = {"p50", "p99", "p999", "max"};
    double before = 0;
    cr_expect_eq(number(point, NULL, "cases"), cases);
    cr_expect_eq(number(point, NULL, "lost"), 0);
    cr_expect_eq(number(point, NULL, "doubled"), 0);
    cr_expect_eq(number(point, NULL, "misdirected"), 0);
    cr_expect_gt(number(point, NULL, "seconds"), 0);
    cr_expect_gt(number(point, NULL, "cases_per_second"), 0);
    cr_expect_geq(number(point, NULL, "events"), cases);
    cr_expect_gt(number(point, NULL, "commits"), 0);
    cr_expect_gt(number(point, NULL, "stored_bytes_per_case"), 0);
    cr_expect_gt(number(point, NULL, "resident_mib"), 0);
    cr_expect_gt(number(point, "wakeups", "all"), 0);
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
        cr_expect_geq(number(point, "cpu_seconds", stages[i]), 0);
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++) {
        double value = number(point, "ack_us", quantiles[i]);
        cr_expect_geq(value, before);
        cr_expect_gt(number(point, "delivered_us", quantiles[i]), 0);
        before = value;
    }
}

/* The second column of each row, added up. */
static double sum_of(const json_t *rows, size_t column)
{
    double sum = 0;
    for (size_t i = 0; i < json_array_size(rows); i++)
        sum += json_number_value(json_array_get(json_array_get(rows, i), column));
    return sum;
}

static void expect_series(const json_t *result, const char *key, size_t entries)
{
    const json_t *series = json_object_get(result, "series");
    cr_expect_eq(json_array_size(series), entries, "%zu", json_array_size(series));
    for (size_t i = 0; i < json_array_size(series); i++)
        cr_expect_geq(number(json_array_get(series, i), NULL, key), 0);
}

TestSuite(profiles, .init = choose);

Test(profiles, year_says_all_that_it_promises)
{
    static const char *const setup[] = {"machine",    "kernel", "disk",  "commit",
                                        "durability", "city",   "policy"};
    static const char *const floors[] = {"sync_us_p50", "append_seconds", "lmdb_append_seconds",
                                         "zmq_stream_seconds", "unpack_ns"};
    options.cases = 2000;
    options.runs = 2;
    options.no_floors = false;
    json_t *result = run("year");
    expect_whole(result, 2000);
    cr_expect_eq(number(result, NULL, "judged"), 4000);
    cr_expect_eq(json_array_size(json_object_get(result, "runs")), 2);
    cr_expect_eq(sum_of(json_object_get(result, "histogram_us"), 1), 4000);
    cr_expect_eq(sum_of(json_object_get(result, "timeline"), 1), 2000);
    cr_expect_eq(sum_of(json_object_get(result, "timeline"), 2), 2000);
    for (size_t i = 0; i < sizeof setup / sizeof setup[0]; i++)
        cr_expect(json_is_string(json_object_get(json_object_get(result, "setup"), setup[i])));
    for (size_t i = 0; i < sizeof floors / sizeof floors[0]; i++)
        cr_expect_gt(number(result, "floors", floors[i]), 0);
    cr_expect_gt(number(result, "ratios", "seconds_to_lmdb_append"), 0);
    cr_expect_eq(number(result, "setup", "per_message"), 64);
    json_decref(result);
}

Test(profiles, words_alone_a_case_a_message)
{
    options.cases = 500;
    options.text_only = true;
    options.per_message = 1;
    json_t *result = run("year");
    expect_whole(result, 500);
    cr_expect_eq(number(result, NULL, "judged"), 500);
    json_decref(result);
}

Test(profiles, latency_has_its_rates)
{
    options.cases = 40;
    json_t *result = run("latency");
    expect_series(result, "rate", 3);
    expect_whole(result, 40);
    json_decref(result);
}

Test(profiles, a_day_is_pressed_together)
{
    options.cases = 200;
    options.compress = 100000;
    json_t *result = run("peak");
    expect_whole(result, 200);
    json_decref(result);
}

Test(profiles, ramp_finds_a_rate)
{
    options.cases = 100;
    options.rate = 100;
    options.p99_ms = 1e6;
    json_t *result = run("ramp");
    expect_whole(result, 100);
    cr_expect_eq(number(result, NULL, "highest_rate"), 400);
    expect_series(result, "rate", 3);
    json_decref(result);
}

/* Also the day's cases that are accepted before a kill are there behind it. */
Test(profiles, restart_starts_twice)
{
    options.cases = 1000;
    json_t *result = run("restart");
    expect_series(result, "years", 2);
    expect_whole(result, 1000);
    cr_expect_gt(number(result, NULL, "start_seconds"), 0);
    json_decref(result);
}

Test(profiles, growth_fills_years)
{
    options.cases = 300;
    options.years = 1;
    json_t *result = run("growth");
    expect_series(result, "years", 2);
    expect_whole(result, 300);
    json_decref(result);
}

Test(profiles, idle_counts_what_nothing_takes)
{
    options.seconds = 0.05;
    json_t *result = run("idle");
    cr_expect_eq(number(result, NULL, "cases"), 0);
    cr_expect_geq(number(result, NULL, "engine_cores"), 0);
    cr_expect_geq(number(result, "wakeups", "all"), 0);
    cr_expect_gt(number(result, NULL, "start_seconds"), 0);
    json_decref(result);
}

Test(profiles, an_engine_that_does_not_start_ends_it, .exit_code = 1)
{
    options.cases = 10;
    options.program = "/bin/false";
    run("year");
}

Test(profiles, memory_is_no_disk, .exit_code = 1)
{
    options.cases = 10;
    options.directory = "/dev/shm/lianxin-bench-test";
    run("year");
}
