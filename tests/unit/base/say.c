/* Log lines as people see them and as the journal gets them; stderr is a pipe here. */
#include "base/say.h"
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int ends[2];
static int stderr_before;
static char heard[4096];

static void open_all(void)
{
    stderr_before = dup(STDERR_FILENO);
    cr_assert_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
}

static void close_all(void)
{
    dup2(stderr_before, STDERR_FILENO);
    close(stderr_before);
    close(ends[0]);
    close(ends[1]);
}

TestSuite(say, .init = open_all, .fini = close_all);

/* One read takes one write, so this is the line that was said last. */
static const char *hear(void)
{
    ssize_t bytes = read(ends[0], heard, sizeof heard - 1);
    heard[bytes > 0 ? bytes : 0] = '\0';
    return heard;
}

static void name_journal(uintmax_t more)
{
    struct stat status;
    char journal[64];
    cr_assert_eq(fstat(STDERR_FILENO, &status), 0);
    snprintf(journal, sizeof journal, "%ju:%ju", (uintmax_t)status.st_dev,
             (uintmax_t)status.st_ino + more);
    setenv("JOURNAL_STREAM", journal, 1);
}

Test(say, people_see_no_levels)
{
    unsetenv("JOURNAL_STREAM");
    say_error("the disk is %s", "full");
    cr_expect_str_eq(hear(), "lianxin: the disk is full\n");
    name_journal(1); /* which is another's, from whom this was started */
    say_error("the disk is %s", "full");
    cr_expect_str_eq(hear(), "lianxin: the disk is full\n");
}

Test(say, a_line_of_the_journal_begins_with_its_level)
{
    name_journal(0);
    say_error("the disk is %s", "full");
    cr_expect_str_eq(hear(), "<3>lianxin: the disk is full\n");
    say_warning("%d refused", 2);
    cr_expect_str_eq(hear(), "<4>lianxin: 2 refused\n");
    say_info("乐山市");
    cr_expect_str_eq(hear(), "<6>lianxin: 乐山市\n");
}

Test(say, a_line_that_is_too_long_ends_with_a_whole_character)
{
    for (size_t shift = 0; shift < 3; shift++) {
        char text[3000] = "..";
        for (size_t at = shift; at + 4 < sizeof text; at += 3)
            memcpy(text + at, "乐", 4);
        say_info("%s", text);
        struct span line = span_of_string(hear());
        cr_expect_leq(line.bytes, 1024);
        cr_expect_geq(line.bytes, 1016);
        cr_expect_eq(utf8_check(line), line.bytes, "shifted by %zu", shift);
        cr_expect_eq(line.data[line.bytes - 1], '\n');
    }
}
