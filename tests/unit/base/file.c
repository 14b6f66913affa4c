/* A small file is read whole or not at all, with the reason. In a temporary directory. */
#include "base/file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64];
static char path[128];
static struct arena *arena;

static void open_all(void)
{
    snprintf(directory, sizeof directory, "/tmp/lianxin-file-XXXXXX");
    cr_assert_not_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/places.csv", directory);
    arena = arena_create();
}

static void close_all(void)
{
    arena_destroy(&arena);
    unlink(path);
    rmdir(directory);
}

TestSuite(file, .init = open_all, .fini = close_all);

static void write_file(const void *content, size_t bytes)
{
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(content, 1, bytes, file), bytes);
    fclose(file);
}

Test(file, is_read_whole)
{
    struct span content;
    write_file("5111,\0\xFF\n", 8);
    cr_assert_eq(file_read(path, 8, arena, &content), OK);
    cr_expect(span_equal(content, span_of("5111,\0\xFF\n", 8)));

    write_file("", 0);
    cr_assert_eq(file_read(path, 0, arena, &content), OK);
    cr_expect_eq(content.bytes, 0);
}

Test(file, refuses_what_is_missing_too_large_or_no_file)
{
    struct span content = span_of("as it was", 9);
    cr_expect_eq(file_read(path, 8, arena, &content), ERR_NOT_FOUND);
    write_file("123456789", 9);
    cr_expect_eq(file_read(path, 8, arena, &content), ERR_FULL);
    cr_expect_eq(file_read(directory, 1 << 20, arena, &content), ERR_IO);

    char below[160];
    snprintf(below, sizeof below, "%s/places.csv", path);
    cr_expect_eq(file_read(below, 8, arena, &content), ERR_NOT_FOUND);
    cr_expect(span_is(content, "as it was"), "an error leaves things as they were");
}

Test(file, a_directory_is_one_and_nothing_else_is)
{
    cr_expect(file_is_directory("/"));
    cr_expect(file_is_directory("."));
    cr_expect_not(file_is_directory("/dev/null"));
    cr_expect_not(file_is_directory("/nowhere"));
    cr_expect_not(file_is_directory(""));
}
