/* The program explains out of a store that an engine has open, and out of a directory, without
 * asking anybody; and ends with the exit code that goes with what is wrong.
 */
#include "tests/engine/small_bench.h"

#include <criterion/criterion.h>
#include <libgen.h>
#include <unistd.h>

static struct small_bench bench;

static void set_up(void)
{
    small_bench_open(&bench);
}

static void tear_down(void)
{
    small_bench_close(&bench);
}

TestSuite(explain_command, .init = set_up, .fini = tear_down);

/* What the program prints, run beside this engine. */
static const char *run(const char *arguments, int *code)
{
    static char printed[16 * 1024];
    char self[1024] = "";
    char command[4096];
    cr_assert_gt(readlink("/proc/self/exe", self, sizeof self - 1), 0);
    snprintf(command, sizeof command, "%s/../lianxin explain %s 2>&1", dirname(self), arguments);
    FILE *out = popen(command, "r");
    cr_assert_not_null(out);
    size_t bytes = fread(printed, 1, sizeof printed - 1, out);
    printed[bytes] = '\0';
    int status = pclose(out);
    *code = WEXITSTATUS(status);
    return printed;
}

static void expect_run(const char *arguments, int expected_code, const char *part)
{
    int code;
    const char *printed = run(arguments, &code);
    cr_expect_not_null(strstr(printed, part), "%s: %s", arguments, printed);
    cr_expect_eq(code, expected_code, "%s: %d", arguments, code);
}

Test(explain_command, reads_a_store_beside_its_engine, .timeout = 60)
{
    char number[NUMBER_BYTES_MAX];
    char arguments[512];
    char path[128];
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    snprintf(arguments, sizeof arguments, "--store %s %s", bench.bench.store, number);
    expect_run(arguments, 0, "main 主办: " URBAN " 夹江县城管局, issued");
    snprintf(arguments, sizeof arguments, "--store %s --what-if category=02 --json %s",
             bench.bench.store, number);
    expect_run(arguments, 0, "\"differences\":[{\"what\":\"unit\",\"before\":\"" URBAN);
    small_city_write(&bench.small, "urgency", "F,时限\n,out:limit\n,limit\nother,5wd\n");
    snprintf(arguments, sizeof arguments, "--store %s --policy %s %s", bench.bench.store,
             bench.small.directory, number);
    expect_run(arguments, 0,
               "what would be different\n  clock      2wd, late from 2026-11-27 "
               "00:00 -> 5wd, late from 2026-12-01 00:00\n");
    snprintf(path, sizeof path, "%s/case.json", bench.small.directory);
    FILE *file = fopen(path, "w");
    fputs("{\"case\": {\"channel\": \"phone\", \"type\": \"help\", \"category\": \"0101\", "
          "\"place\": \"511126001\"}, \"at\": \"2026-11-23T09:00\"}\n",
          file);
    fclose(file);
    snprintf(arguments, sizeof arguments, "--city %s --why-not " FUND " %s", bench.small.directory,
             path);
    expect_run(arguments, 0,
               "not to " FUND " 乐山市公积金中心\n  assign/fund came closest, and 1 "
               "of its cells does not hold; it went by assign/urban\n\nassign/fund\n"
               "  fails      事项 asks for #02; the case has #0101 市容\n");
    snprintf(arguments, sizeof arguments, "--city %s %s", bench.small.directory, path);
    expect_run(arguments, 0, "received 2026-11-23 09:00");
    snprintf(arguments, sizeof arguments, "--city %s %s.no", bench.small.directory, path);
    expect_run(arguments, 2, "No such file");
    snprintf(arguments, sizeof arguments, "--city %s %s", bench.small.directory, number);
    expect_run(arguments, 2, "a ticket is one of a store");
    unlink(path);
}
