/* `lianxin rules check` as one runs it: what it prints, and what a script goes by.
 */
#include "tests/engine/served.h"
#include "tests/support/city_copy.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_BYTES = 1 << 20, COMMAND_BYTES = PATH_MAX + 512 };

static struct served served;
static struct city_copy copy;
static char output[OUTPUT_BYTES];

static void set_up(void)
{
    served_init(&served);
    city_copy_make("cities/leshan", &copy);
}

static void tear_down(void)
{
    city_copy_remove(&copy);
    served_fini(&served);
}

TestSuite(rules_check, .init = set_up, .fini = tear_down, .timeout = 100);

/* Everything that it prints; returns the exit code. */
static int run(const char *options, const char *directory)
{
    char command[COMMAND_BYTES];
    snprintf(command, sizeof command, "timeout 50 %s rules check %s %s 2>&1", served.program,
             options, directory);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    size_t bytes = fread(output, 1, OUTPUT_BYTES - 1, pipe);
    output[bytes] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void spoil(const char *path, const char *row, const char *kind, const char *cell)
{
    struct copied_table table;
    copied_open(&copy, path, &table);
    uint32_t column = copied_column(&table, 1, kind);
    for (uint32_t i = 0; i < table.rows_count; i++)
        if (strcmp(table.rows[i][0], row) == 0)
            table.rows[i][column] = cell;
    copied_write(&table);
}

Test(rules_check, ends_with_the_counts_and_0_where_there_is_no_error)
{
    cr_expect_eq(run("", "cities/leshan"), 0);
    cr_expect_not_null(strstr(output, " 0 errors, 0 undecided, 0 warnings, 4 waived\n"), "%s",
                       output);
    cr_expect_null(strstr(output, "Warnings"));
    cr_expect_eq(run("--waived", "cities/leshan"), 0);
    cr_expect_not_null(strstr(output, "    waived by "));
}

Test(rules_check, says_a_finding_with_its_place_its_remedy_and_a_case_and_ends_with_1)
{
    spoil("rules/urgency.csv", "rescue", "out:limit", "7wd");
    spoil("rules/reporter.csv", "outcry", "in:category", "#17");
    cr_expect_eq(run("", copy.directory), 1);
    char *errors = strstr(output, "Errors");
    cr_assert_not_null(errors);
    char *clock = strstr(errors, "urgency.csv:6:");
    cr_assert_not_null(clock, "%s", output);
    cr_expect_not_null(strstr(clock, "clock,urgency/rescue: by urgency/rescue an emergency has no "
                                     "clock in minutes or hours"));
    cr_expect_not_null(strstr(clock, "    mend:  write both limits"));
    cr_expect_not_null(strstr(clock, "    case:  {\"case\":{"));
    cr_expect_not_null(strstr(errors, "overlap,reporter/outcry"));
    cr_expect_not_null(strstr(output, " 2 errors, "));
}

Test(rules_check, writes_json_an_object_a_finding_with_the_case_that_explain_takes)
{
    spoil("rules/urgency.csv", "rescue", "out:limit", "7wd");
    cr_expect_eq(run("--json --today 2026-10-01", copy.directory), 1);
    json_t *finding = json_loads(strtok(output, "\n"), 0, NULL);
    cr_assert_not_null(finding);
    cr_expect_str_eq(json_string_value(json_object_get(finding, "severity")), "error");
    cr_expect_str_eq(json_string_value(json_object_get(finding, "finding")), "clock");
    cr_expect_str_eq(json_string_value(json_object_get(finding, "row")), "urgency/rescue");
    cr_expect_eq(json_integer_value(json_object_get(finding, "line")), 6);
    json_t *witness = json_object_get(finding, "witness");
    cr_expect_str_eq(json_string_value(json_object_get(witness, "at")), "2026-10-01T10:00");
    cr_expect_str_eq(json_string_value(json_object_get(witness, "regime")), "normal");
    cr_expect_not_null(json_object_get(json_object_get(witness, "case"), "channel"));
    json_decref(finding);
}

/* The one golden case of the copy, until it is taken away again. */
static void write_golden(const char *line)
{
    char path[256];
    snprintf(path, sizeof path, "%s/golden", copy.directory);
    cr_assert(mkdir(path, 0700) == 0 || errno == EEXIST);
    snprintf(path, sizeof path, "%s/golden/one.jsonl", copy.directory);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(line, file);
    cr_assert_eq(fclose(file), 0);
}

static void remove_golden(void)
{
    char path[256];
    snprintf(path, sizeof path, "%s/golden/one.jsonl", copy.directory);
    cr_assert_eq(unlink(path), 0);
    snprintf(path, sizeof path, "%s/golden", copy.directory);
    cr_assert_eq(rmdir(path), 0);
}

Test(rules_check, takes_a_golden_case_that_fails_for_an_error)
{
    write_golden(
        "{\"case\": {\"channel\": \"phone\", \"type\": \"complaint\", \"category\": \"010301\", "
        "\"place\": \"511126\"}, \"at\": \"2026-10-13T10:00\", \"unit\": "
        "\"511126000000.police\"}\n");
    cr_expect_eq(run("", copy.directory), 1);
    cr_expect_not_null(strstr(output, "/golden/one.jsonl:1: it goes to 511126000000.urban "));
    cr_expect_not_null(strstr(output, "\ngolden: 1 case, 1 not as expected; they hit 1 of "));
    cr_expect_not_null(strstr(output, " 1 error, "), "%s", output);
    cr_expect_eq(run("--json", copy.directory), 1);
    cr_expect_not_null(strstr(output, "\"finding\":\"golden\""));
    write_golden(
        "{\"case\": {\"channel\": \"phone\", \"type\": \"complaint\", \"category\": \"010301\", "
        "\"place\": \"511126\"}, \"at\": \"2026-10-13T10:00\", \"unit\": "
        "\"511126000000.urban\"}\n");
    cr_expect_eq(run("", copy.directory), 0);
    cr_expect_not_null(strstr(output, "golden: 1 case, all as expected; they hit 1 of "));
    remove_golden();
}

Test(rules_check, says_what_cannot_be_read_and_proves_nothing_then)
{
    spoil("rules/assign.csv", "urban", "out:function", "urbn");
    cr_expect_eq(run("", copy.directory), 1);
    cr_expect_not_null(strstr(output, "'urbn' is no function of functions.csv"));
    cr_expect_not_null(strstr(output, "1 error; what cannot be read is not proved"));
    cr_expect_eq(run("--json", copy.directory), 1);
    cr_expect_not_null(strstr(output, "\"finding\":\"unreadable\""));
    cr_expect_eq(run("", "/nowhere"), 1);
    cr_expect_eq(run("", ""), 2);
}

Test(rules_check, keeps_an_engine_from_starting_on_a_book_with_errors)
{
    spoil("rules/urgency.csv", "rescue", "out:limit", "7wd");
    served.city = copy.directory;
    served_start(&served);
    cr_expect_eq(served_wait(&served), 1);
    cr_expect_not_null(strstr(served_said(&served), "an emergency has no clock"));
}
