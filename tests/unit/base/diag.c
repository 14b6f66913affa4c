/* Findings are kept in order, copied whole, printed as file:line:column: text, and only counted
 * beyond DIAG_MAX. */
#include "base/diag.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>

/* What diag_print() writes; freed by the caller. */
static char *printed(const struct diag *diag)
{
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    cr_assert_not_null(out);
    diag_print(diag, out);
    fclose(out);
    return text;
}

Test(diag, keeps_findings_in_order_and_copies_them)
{
    struct diag *diag = diag_create();
    char file[] = "places.csv";
    diag_add(diag, file, 3, 7, "code %d", 5111);
    memset(file, 'x', sizeof file - 1);
    diag_add(diag, "lines.csv", 4, 0, "no line %s", "12345");
    diag_add(diag, "book.csv", 0, 0, "is empty");

    cr_assert_eq(diag_count(diag), 3);
    const struct finding *first = diag_at(diag, 0);
    cr_expect_str_eq(first->file, "places.csv");
    cr_expect_eq(first->line, 3);
    cr_expect_eq(first->column, 7);
    cr_expect_str_eq(first->text, "code 5111");
    cr_expect_str_eq(diag_at(diag, 2)->text, "is empty");

    char *text = printed(diag);
    cr_expect_str_eq(text, "places.csv:3:7: code 5111\n"
                           "lines.csv:4: no line 12345\n"
                           "book.csv: is empty\n");
    free(text);
    diag_destroy(&diag);
    cr_expect_null(diag);
    diag_destroy(&diag);
}

Test(diag, prints_what_one_file_has_from_its_top)
{
    struct diag *diag = diag_create();
    diag_add(diag, "places.csv", 9, 1, "nine");
    diag_add(diag, "lines.csv", 7, 2, "seven, two");
    diag_add(diag, "lines.csv", 12, 0, "twelve");
    diag_add(diag, "lines.csv", 7, 1, "seven, one");
    diag_add(diag, "lines.csv", 7, 2, "seven, two again");
    diag_add(diag, "lines.csv", 0, 0, "all of it");
    diag_add(diag, "book.csv", 1, 0, "one");
    char *text = printed(diag);
    cr_expect_str_eq(text, "places.csv:9:1: nine\n"
                           "lines.csv: all of it\n"
                           "lines.csv:7:1: seven, one\n"
                           "lines.csv:7:2: seven, two\n"
                           "lines.csv:7:2: seven, two again\n"
                           "lines.csv:12: twelve\n"
                           "book.csv:1: one\n");
    free(text);
    diag_destroy(&diag);
}

Test(diag, a_long_text_stays_whole)
{
    enum { CHARACTERS = 2000 };
    char text[3 * CHARACTERS + 1] = "";
    for (size_t i = 0; i < CHARACTERS; i++)
        memcpy(text + 3 * i, "乐", 4);
    struct diag *diag = diag_create();
    diag_add(diag, "places.csv", 1, 1, "%s", text);
    cr_expect_str_eq(diag_at(diag, 0)->text, text);
    diag_destroy(&diag);
}

Test(diag, counts_beyond_its_limit)
{
    struct diag *diag = diag_create();
    cr_expect_eq(diag_count(diag), 0);
    for (uint32_t i = 1; i <= DIAG_MAX + 5; i++)
        diag_add(diag, "places.csv", i, 0, "wrong");
    cr_expect_eq(diag_count(diag), DIAG_MAX + 5);
    cr_expect_eq(diag_at(diag, DIAG_MAX - 1)->line, DIAG_MAX);
    cr_expect_str_eq(diag_at(diag, 0)->file, "places.csv", "nothing was written behind the array");
    char *text = printed(diag);
    cr_expect_not_null(strstr(text, "places.csv:1000: wrong\n... and 5 more\n"));
    free(text);
    diag_destroy(&diag);
}

Test(diag, asking_for_a_finding_that_is_not_there_aborts, .signal = SIGABRT)
{
    struct diag *diag = diag_create();
    diag_add(diag, "places.csv", 1, 1, "wrong");
    diag_at(diag, 1);
}

Test(diag, asking_for_one_that_was_only_counted_aborts, .signal = SIGABRT)
{
    struct diag *diag = diag_create();
    for (uint32_t i = 0; i <= DIAG_MAX; i++)
        diag_add(diag, "places.csv", 1, 1, "wrong");
    diag_at(diag, DIAG_MAX);
}
