/* `lianxin submit` as one runs it: what is wrong with one line costs no other, and
 * an engine that is not there is waited for. */
#include "tests/engine/served.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { OUTPUT_BYTES = 4096, COMMAND_BYTES = PATH_MAX + 512, LONG_BYTES = 3 * 1024 * 1024 };

static struct served served;

static void set_up(void)
{
    served_init(&served);
}

static void tear_down(void)
{
    served_fini(&served);
}

TestSuite(submit, .init = set_up, .fini = tear_down, .timeout = 300);

static void put_case(FILE *file, const char *id, size_t text_bytes)
{
    fprintf(file,
            "{\"source\":\"test\",\"external_id\":\"%s\",\"channel\":\"sms\",\"type\":\"help\","
            "\"text\":\"%*s\"}\n",
            id, (int)text_bytes, "噪音");
}

/* Starts it; errors come out as well. */
static FILE *start(const char *file)
{
    char command[COMMAND_BYTES];
    snprintf(command, sizeof command, "timeout 250 %s submit --front %s %s 2>&1", served.program,
             served.front, file);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    return pipe;
}

/* All that it prints from here on; returns the exit code. */
static int finish(FILE *pipe, char output[OUTPUT_BYTES])
{
    size_t bytes = fread(output, 1, OUTPUT_BYTES - 1, pipe);
    output[bytes] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(submit, a_line_that_is_too_long_costs_no_other)
{
    char path[128];
    char output[OUTPUT_BYTES];
    snprintf(path, sizeof path, "%s/cases", served.directory);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    put_case(file, "a", 10);
    put_case(file, "b", LONG_BYTES);
    fputs("no case\n\n", file);
    put_case(file, "c", 10);
    put_case(file, "d", LONG_BYTES); /* and nothing behind it */
    fclose(file);
    served_start(&served);
    cr_expect_eq(finish(start(path), output), 1);
    cr_expect_not_null(strstr(output, "lianxin: line 2: is longer than 1 MiB\n"), "%s", output);
    cr_expect_not_null(strstr(output, "lianxin: line 3: not JSON"), "%s", output);
    cr_expect_not_null(strstr(output, "lianxin: line 6: is longer than 1 MiB\n"), "%s", output);
    cr_expect_not_null(strstr(output, "1\taccepted\t"), "%s", output);
    cr_expect_not_null(strstr(output, "5\taccepted\t"), "%s", output);
    cr_expect_not_null(strstr(output, "submit: 5 cases, 2 accepted, 3 unreadable\n"), "%s", output);
}

Test(submit, says_that_nobody_answers_and_goes_on)
{
    char path[128];
    char line[256];
    char output[OUTPUT_BYTES];
    snprintf(path, sizeof path, "%s/cases", served.directory);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    put_case(file, "a", 10);
    fclose(file);
    FILE *pipe = start(path);
    cr_assert_not_null(fgets(line, sizeof line, pipe));
    cr_expect_not_null(strstr(line, "nothing is stored for 5 s: no engine is at ipc://"), "%s",
                       line);
    served_start(&served);
    cr_expect_eq(finish(pipe, output), 0);
    cr_expect_not_null(strstr(output, "submit: 1 case, 1 accepted\n"), "%s", output);
    cr_expect_null(strstr(output, "nothing is stored"), "once is enough");
}
