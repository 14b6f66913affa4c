/* Golden cases of a city pass where the book does what they expect, and fail with words that say
 * what came instead and how to see why. */
#include "tools/rules/golden.h"

#include "tests/support/leshan.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSES                                                                                     \
    "{\"case\": {\"channel\": \"phone\", \"type\": \"complaint\", \"category\": \"0101\", "        \
    "\"place\": \"511126\"}, \"at\": \"2026-11-24T09:00\", \"unit\": \"511126000000.urban\", "     \
    "\"tier\": \"county\", \"row\": \"assign/urban\", \"category\": \"#0101\", \"limit\": "        \
    "\"2wd\", "                                                                                    \
    "\"co\": \"511126000000.police\", \"informed\": \"none\", \"reporter\": \"shown\"}\n"

static struct small_city small;
static struct policy *policy;
static struct golden golden;
static char golden_directory[128];

static void set_up(void)
{
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\nassign,\n");
    small_city_write(&small, "assign",
                     "F,事项,派单模式,层级,职能,协办,时限,来电人\n"
                     ",in:category,in:regime,out:tier,out:function,out:co,out:limit,out:reporter\n"
                     ",category,regime,tier,function,function,limit,reporter\n"
                     "festive,#0101,holiday,county,roads,,24h,shown\n"
                     "urban,#0101,-,county,urban,police,2wd,shown\n"
                     "pair,#0102,-,county,urban,\"police, health\",-,shown\n"
                     "else,-,-,city,desk,,2wd,shown\n");
    small_city_forget(&small);
    enum err err = policy_load(small.directory, small.diag, &policy);
    diag_print(small.diag, stderr);
    cr_assert_eq(err, OK);
    snprintf(golden_directory, sizeof golden_directory, "%s/golden", small.directory);
    cr_assert_eq(mkdir(golden_directory, 0700), 0);
}

static void write_golden(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", golden_directory, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

static void tear_down(void)
{
    policy_destroy(&policy);
    nftw(golden_directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    small_city_remove(&small);
}

TestSuite(golden, .init = set_up, .fini = tear_down);

static enum err run(void)
{
    enum err err = golden_run(small.directory, policy, small.arena, small.diag, &golden);
    cr_expect_eq(err, diag_count(small.diag) == 0 ? OK : ERR_INVALID);
    return err;
}

/* One case that fails, with these words before "; why: ...", or alone. */
static void expect_fault(const char *line, const char *fault, bool shows_why)
{
    char expected[1024];
    small_city_forget(&small);
    write_golden("one.jsonl", line);
    cr_expect_eq(run(), ERR_INVALID);
    cr_assert_eq(diag_count(small.diag), 1, "%s", line);
    cr_expect_eq(golden.failed, 1);
    snprintf(expected, sizeof expected, "%s", fault);
    if (shows_why)
        snprintf(expected, sizeof expected,
                 "%s; why: sed -n 1p %s/one.jsonl | lianxin explain --city %s -", fault,
                 golden_directory, small.directory);
    cr_expect_str_eq(diag_at(small.diag, 0)->text, expected);
    cr_expect_eq(diag_at(small.diag, 0)->line, 1);
}

Test(golden, what_is_as_expected_passes_and_counts_its_rows)
{
    char text[512];
    FILE *out = fmemopen(text, sizeof text, "w");
    write_golden("one.jsonl", "# what a person noted\n\n" PASSES);
    write_golden("two.jsonl", PASSES PASSES);
    write_golden("notes.txt", "no case");
    cr_expect_eq(run(), OK, "%s", small_city_finding(&small, 0));
    cr_expect_eq(golden.cases, 3);
    cr_expect_eq(golden.failed, 0);
    cr_expect_eq(golden.coverage.hits[0][1], 3);
    golden_print(&golden, out);
    fclose(out);
    cr_expect_str_eq(text, "golden: 3 cases, all as expected; they hit 1 of 4 rows of assign\n");
}

Test(golden, a_city_without_any_has_none_that_fails)
{
    cr_assert_eq(rmdir(golden_directory), 0);
    cr_expect_eq(run(), OK);
    cr_expect_eq(golden.cases, 0);
}

Test(golden, another_unit_is_told_with_the_row_that_chose_it)
{
    expect_fault("{\"case\": {\"channel\": \"phone\", \"type\": \"help\", \"category\": \"0101\", "
                 "\"place\": \"511126\"}, \"at\": \"2026-11-24T09:00\", \"unit\": "
                 "\"511126000000.roads\", \"row\": \"assign/festive\"}",
                 "it goes to 511126000000.urban 夹江县城管局 by assign/urban, and not to "
                 "511126000000.roads; assign/urban holds, and not assign/festive",
                 true);
}

Test(golden, the_regime_may_be_said_or_is_the_calendars)
{
    write_golden("one.jsonl",
                 "{\"case\": {\"channel\": \"phone\", \"type\": \"help\", \"category\": \"0101\", "
                 "\"place\": \"511126\"}, \"at\": \"2026-11-24T09:00\", \"regime\": \"holiday\", "
                 "\"unit\": \"511126000000.roads\", \"row\": \"assign/festive\"}\n"
                 "{\"case\": {\"channel\": \"phone\", \"type\": \"help\", \"category\": \"0101\", "
                 "\"place\": \"511126\"}, \"at\": \"2026-11-23T09:00\", "
                 "\"unit\": \"511126000000.roads\", \"limit\": \"24h\"}\n");
    cr_expect_eq(run(), OK, "%s", small_city_finding(&small, 0));
}

Test(golden, each_thing_that_is_not_as_expected_is_told)
{
    expect_fault(
        "{\"case\": {\"channel\": \"phone\", \"type\": \"help\", \"category\": \"0101\", "
        "\"place\": \"511126\"}, \"at\": \"2026-11-24T09:00\", \"unit\": "
        "\"511126000000.urban\", \"tier\": \"city\", \"row\": \"assign/urban, assign/no\", "
        "\"disposition\": \"redirect\", \"category\": \"0102\", \"limit\": \"1wd\", "
        "\"co\": \"none\", \"informed\": \"511126000000.water\", \"reporter\": "
        "\"withheld\"}",
        "disposition is dispatch, and not redirect; tier is county, and not city; the "
        "book has no row assign/no; category is 0101, and not 0102; limit is 2wd, and not "
        "1wd; co: 511126000000.police, and not none; informed: none, and not "
        "511126000000.water; reporter is shown, and not withheld",
        true);
}

#define OF_TWO                                                                                     \
    "{\"case\": {\"channel\": \"phone\", \"type\": \"help\", \"category\": \"0102\", "             \
    "\"place\": \"511126\"}, \"at\": \"2026-11-24T09:00\", \"unit\": \"511126000000.urban\", "     \
    "\"limit\": \"absent\", \"co\": "

Test(golden, of_several_units_each_one_counts)
{
    write_golden("one.jsonl", OF_TWO "\"511126000000.health, 511126000000.police\"}\n");
    cr_expect_eq(run(), OK, "%s", small_city_finding(&small, 0));
    expect_fault(OF_TWO "\"511126000000.police, 511126000000.police\"}",
                 "co: 511126000000.police, 511126000000.health, and not 511126000000.police, "
                 "511126000000.police",
                 true);
}

Test(golden, a_case_that_would_be_refused_is_no_case)
{
    expect_fault("{\"case\": {\"channel\": \"phone\", \"type\": \"help\", \"place\": \"511199\"}, "
                 "\"unit\": \"511126000000.urban\"}",
                 "case.place: 511199 there is no such code; 5111 is 乐山市, as far as it goes",
                 true);
}

Test(golden, a_line_that_is_no_golden_case_says_what_is_wrong_with_it)
{
    expect_fault("{\"case\": {\"channel\": \"phone\", \"type\": \"help\"}}",
                 "unit is missing; the key of the unit that is to get the case stands there",
                 false);
    expect_fault("{\"case\": {\"channel\": \"fone\"}, \"unit\": \"511126000000.urban\"}",
                 "case.channel: \"fone\" is not one of phone, sms, email, wechat, weibo, app, "
                 "letter, visit",
                 false);
}

Test(golden, a_unit_that_there_is_not_is_said_so)
{
    expect_fault("{\"case\": {\"channel\": \"phone\", \"type\": \"help\", \"place\": \"511126\"}, "
                 "\"unit\": \"511126000000.urbane\"}",
                 "there is no unit 511126000000.urbane; it goes to 511100000000.desk 乐山市热线 by "
                 "assign/else, and not to 511126000000.urbane",
                 true);
}

/* What this repository says of its own city. */
Test(golden_leshan, all_are_as_expected, .init = leshan_open, .fini = leshan_close)
{
    struct arena *arena = arena_create();
    struct diag *diag = diag_create();
    enum err err = golden_run("cities/leshan", leshan_policy(), arena, diag, &golden);
    diag_print(diag, stderr);
    cr_expect_eq(err, OK);
    cr_expect_geq(golden.cases, 60);
    for (uint32_t i = 0; i < golden.coverage.tables; i++)
        cr_expect(golden.coverage.rows[i] == 0 || coverage_hit(&golden.coverage, i) > 0);
    diag_destroy(&diag);
    arena_destroy(&arena);
}
