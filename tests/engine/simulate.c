/* `lianxin simulate day` as one runs it: the same seed gives the same day, killed in between or
 * not, and loses nothing; what makes no sense is refused; an interrupt leaves nothing behind.
 *
 * Each runs with a TMPDIR of its own, which must be empty afterwards.
 */
#include "tests/engine/served.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_BYTES = 64 * 1024, COMMAND_BYTES = PATH_MAX + 512 };

static struct served served; /* for its directory and program */

static void set_up(void)
{
    served_init(&served);
    setenv("TMPDIR", served.directory, 1);
}

static uint32_t left_behind(void)
{
    uint32_t entries = 0;
    DIR *directory = opendir(served.directory);
    cr_assert_not_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        entries += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(directory);
    return entries;
}

static void tear_down(void)
{
    served_fini(&served);
}

TestSuite(simulate, .init = set_up, .fini = tear_down, .timeout = 300);

/* What it prints to stdout, and errors too where asked for; returns the exit code. */
static int run(const char *arguments, char output[OUTPUT_BYTES])
{
    char command[COMMAND_BYTES];
    snprintf(command, sizeof command, "%s simulate %s", served.program, arguments);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    size_t bytes = fread(output, 1, OUTPUT_BYTES - 1, pipe);
    output[bytes] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Takes out the one line that a kill adds. */
static bool cut_kill(char *output)
{
    char *told = strstr(output, "the engine is killed");
    if (told == NULL)
        return false;
    char *begin = told;
    while (begin > output && begin[-1] != '\n')
        begin--;
    char *end = strchr(told, '\n') + 1;
    memmove(begin, end, strlen(end) + 1);
    return true;
}

/* All that was submitted came through, and the day's report has counted as much. */
static void expect_whole(const char *output, unsigned cases)
{
    char line[128];
    snprintf(line, sizeof line,
             "\nsimulate: %u submitted, %u acknowledged, %u stored, %u published, ", cases, cases,
             cases, cases);
    const char *last = strstr(output, line);
    char report[32];
    snprintf(report, sizeof report, ": %u cases\n", cases);
    cr_expect_not_null(strstr(output, report), "the report counts otherwise: %s", output);
    cr_assert_not_null(last, "%s", output);
    cr_expect_not_null(strstr(last, ", 0 lost\n"), "%s", last);
}

Test(simulate, one_seed_gives_one_day_with_a_kill_or_without)
{
    static char first[OUTPUT_BYTES];
    static char again[OUTPUT_BYTES];
    static char killed[OUTPUT_BYTES];
    cr_expect_eq(run("day --cases 60 --seed 5", first), 0);
    cr_expect_eq(run("day --cases 60 --seed 5", again), 0);
    cr_expect_eq(run("day --cases 60 --seed 5 --kill 10:00", killed), 0);
    expect_whole(first, 60);
    cr_expect_str_eq(first, again);
    cr_expect(cut_kill(killed));
    cr_expect_str_eq(first, killed);
    cr_expect_eq(left_behind(), 0);
}

Test(simulate, another_seed_gives_another_day)
{
    static char first[OUTPUT_BYTES];
    static char second[OUTPUT_BYTES];
    cr_expect_eq(run("day --cases 30 --seed 8 --date 2026-10-01", first), 0);
    cr_expect_eq(run("day --cases 30 --seed 9 --date 2026-10-01 --kill 23:59", second), 0);
    expect_whole(first, 30);
    expect_whole(second, 30);
    cr_expect_str_neq(strchr(first, '\n'), strchr(second, '\n'));
}

Test(simulate, a_store_that_was_asked_for_stays_and_is_used_once)
{
    static char output[OUTPUT_BYTES];
    char arguments[256];
    snprintf(arguments, sizeof arguments, "day --cases 20 --store %s 2>&1", served.store);
    cr_expect_eq(run(arguments, output), 0);
    cr_expect_eq(left_behind(), 1);
    cr_expect_eq(run(arguments, output), 1);
    cr_expect_not_null(
        strstr(output, "is not empty; a simulated day begins on a store of its own"));
    cr_expect_eq(left_behind(), 1);
}

Test(simulate, what_makes_no_sense_is_refused)
{
    static const struct {
        const char *arguments;
        int code;
        const char *says;
    } refused[] = {
        {"", 2, "say what to simulate: day"},
        {"night", 2, "there is no simulation of 'night'; write day"},
        {"day day", 2, "write day"},
        {"day --frequent", 2, "unrecognized option"},
        {"day --cases 0", 2, "--cases '0' is not a whole number from 1 to 100000"},
        {"day --cases 100001", 2, "--cases '100001' is not a whole number from 1 to 100000"},
        {"day --seed -1", 2, "--seed '-1' is not a whole number"},
        {"day --date 2026-02-30", 2, "--date '2026-02-30' is no day of 2000 to 2099"},
        {"day --date 1969-12-31", 2, "--date '1969-12-31' is no day of 2000 to 2099"},
        {"day --date 9999-12-31", 2, "--date '9999-12-31' is no day of 2000 to 2099"},
        {"day --kill 24:00", 2, "--kill '24:00' is no moment of the day"},
        {"day --kill noon", 2, "--kill 'noon' is no moment of the day"},
        {"day --city tests", 1, "tests has "},
        {"engine a b c d 1", 4, "this is for `lianxin simulate day` to start"},
    };
    static char output[OUTPUT_BYTES];
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char arguments[256];
        snprintf(arguments, sizeof arguments, "%s 2>&1", refused[i].arguments);
        cr_expect_eq(run(arguments, output), refused[i].code, "%s", refused[i].arguments);
        cr_expect_not_null(strstr(output, refused[i].says), "%s: %s", refused[i].arguments, output);
    }
    cr_expect_eq(left_behind(), 0);
}

/* The interrupt comes when the day has begun, which its first line says. */
Test(simulate, an_interrupt_ends_it_and_leaves_nothing)
{
    int ends[2];
    char first;
    int status;
    char *const arguments[] = {"lianxin", "simulate", "day", "--cases", "100000", NULL};
    cr_assert_eq(pipe(ends), 0);
    pid_t process = vfork();
    if (process == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execve(served.program, arguments, environ);
        _exit(127);
    }
    cr_assert_gt(process, 0);
    close(ends[1]);
    cr_assert_eq(read(ends[0], &first, 1), 1);
    kill(process, SIGTERM);
    cr_assert_eq(waitpid(process, &status, 0), process);
    cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    cr_expect_eq(left_behind(), 0);
    close(ends[0]);
}
