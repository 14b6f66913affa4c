/* The commands that read a store and a book, as they are typed: what they print, and how they end.
 */
#include "tests/engine/small_bench.h"
#include "tools/command.h"
#include "tools/rules/rules.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16, SAID_BYTES_MAX = 65536 };

static struct small_bench bench;
static char number[NUMBER_BYTES_MAX];
static char said[SAID_BYTES_MAX];

static void set_up(void)
{
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    bench_stop(&bench.bench);
}

static void tear_down(void)
{
    small_bench_close(&bench);
}

TestSuite(rules_commands, .init = set_up, .fini = tear_down);

/* Runs a command with these arguments, the last is NULL; what it prints is in `said`. */
static int run(int (*command)(int argc, char **argv), ...)
{
    char *arguments[ARGUMENTS_MAX] = {"lianxin rules"};
    int count = 1;
    va_list list;
    va_start(list, command);
    while ((arguments[count] = va_arg(list, char *)) != NULL)
        count++;
    va_end(list);
    FILE *out = tmpfile();
    int saved = dup(STDOUT_FILENO);
    cr_assert_not_null(out);
    fflush(stdout);
    dup2(fileno(out), STDOUT_FILENO);
    int code = command(count, arguments);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    rewind(out);
    said[fread(said, 1, sizeof said - 1, out)] = '\0';
    fclose(out);
    return code;
}

static void expect_said(const char *part)
{
    cr_expect_not_null(strstr(said, part), "'%s' is not in:\n%s", part, said);
}

/* One JSON object, to be given back. */
static json_t *object_said(void)
{
    json_t *object = json_loads(said, 0, NULL);
    cr_assert_not_null(object, "%s", said);
    return object;
}

Test(rules_commands, cover_counts_golden_cases_and_the_history)
{
    char *city = bench.small.directory;
    cr_expect_eq(run(rules_cover, city, NULL), DONE);
    expect_said("table             rows   golden  hit by nothing\n");
    expect_said("assign               5        0               5\n");
    expect_said("\n0 golden cases; --store counts a history as well\n");
    expect_said("/rules/assign.csv:5: assign/urban\n");
    cr_expect_eq(run(rules_cover, city, "--store", bench.bench.store, NULL), DONE);
    expect_said("table             rows   golden  history  hit by nothing\n");
    expect_said("assign               5        0        1               4\n");
    expect_said("\n0 golden cases, 1 cases of the history\n");
    cr_expect_null(strstr(said, "assign/urban"));
    cr_expect_eq(run(rules_cover, city, "--store", bench.bench.store, "--json", NULL), DONE);
    json_t *object = object_said();
    cr_expect_eq(json_integer_value(json_object_get(object, "history_cases")), 1);
    cr_expect_eq(json_array_size(json_object_get(object, "tables")), 3);
    json_decref(object);
    cr_expect_eq(run(rules_cover, "nowhere", NULL), WRONG);
    cr_expect_eq(run(rules_cover, city, "--store", "nowhere", NULL), WRONG);
}

Test(rules_commands, stats_counts_what_rows_did)
{
    char *store = bench.bench.store;
    cr_expect_eq(run(rules_stats, "--store", store, "--at", "2026-11-24T15:00", NULL), DONE);
    expect_said("1 decisions\n\n");
    expect_said(
        "assign/urban                           1  100.0 %         2        0   0.0 %        "
        "0   0.0 %\n");
    cr_expect_eq(
        run(rules_stats, "--store", store, "--sort", "overdue", "--at", "2026-12-24T15:00", NULL),
        DONE);
    expect_said(
        "assign/urban                           1  100.0 %         2        0   0.0 %        "
        "2 100.0 %\n");
    cr_expect_eq(run(rules_stats, "--store", store, "--json", NULL), DONE);
    json_t *object = object_said();
    cr_expect_eq(json_integer_value(json_object_get(object, "decisions")), 1);
    json_decref(object);
    cr_expect_eq(run(rules_stats, "--store", store, "--policy", "12345678", NULL), WRONG);
    cr_expect_eq(run(rules_stats, "--store", "nowhere", NULL), WRONG);
}

Test(rules_commands, diff_tells_on_a_terminal_and_as_a_page)
{
    char *store = bench.bench.store;
    char page[128];
    struct stat status;
    struct small_city other;
    small_city_make(&other);
    small_book_write(&other, "roads");
    snprintf(page, sizeof page, "%s/page.html", store);
    cr_expect_eq(run(rules_diff, bench.small.directory, other.directory, "--store", store, "--html",
                     page, NULL),
                 DONE);
    expect_said("1 ticket of ");
    expect_said("  any of these 合计                                 1  100.0 %\n");
    expect_said(number);
    cr_expect_eq(stat(page, &status), 0);
    cr_expect_gt(status.st_size, 1000);
    cr_expect_eq(run(rules_diff, bench.small.directory, other.directory, "--store", store, "--html",
                     "/nowhere/page.html", NULL),
                 MACHINE);
    cr_expect_eq(run(rules_diff, "nowhere", other.directory, "--store", store, NULL), WRONG);
    cr_expect_eq(run(rules_diff, other.directory, other.directory, "--store", "nowhere", NULL),
                 WRONG);
    small_city_remove(&other);
}
