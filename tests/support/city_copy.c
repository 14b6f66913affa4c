#include "tests/support/city_copy.h"

#include "base/check.h"
#include "domain/city/sheet.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SPARE_ROWS = 8 };

static void copy_file(const char *from, const char *to)
{
    char buffer[65536];
    FILE *in = fopen(from, "r");
    FILE *out = fopen(to, "w");
    CHECK(in != NULL && out != NULL);
    for (size_t bytes; (bytes = fread(buffer, 1, sizeof buffer, in)) > 0;)
        CHECK(fwrite(buffer, 1, bytes, out) == bytes);
    CHECK(fclose(in) == 0 && fclose(out) == 0);
}

static void copy_files(const char *from, const char *to)
{
    DIR *files = opendir(from);
    CHECK(files != NULL);
    for (struct dirent *file; (file = readdir(files)) != NULL;) {
        char one[512];
        char other[512];
        struct stat status;
        snprintf(one, sizeof one, "%s/%s", from, file->d_name);
        snprintf(other, sizeof other, "%s/%s", to, file->d_name);
        if (stat(one, &status) == 0 && S_ISREG(status.st_mode))
            copy_file(one, other);
    }
    closedir(files);
}

void city_copy_make(const char *directory, struct city_copy *copy)
{
    char from[256];
    char to[256];
    *copy = (struct city_copy){.directory = "/tmp/lianxin-copy-XXXXXX", .arena = arena_create()};
    CHECK(mkdtemp(copy->directory) != NULL);
    snprintf(from, sizeof from, "%s/rules", directory);
    snprintf(to, sizeof to, "%s/rules", copy->directory);
    CHECK(mkdir(to, 0700) == 0);
    copy_files(directory, copy->directory);
    copy_files(from, to);
}

static void remove_files(const char *directory)
{
    DIR *files = opendir(directory);
    CHECK(files != NULL);
    for (struct dirent *file; (file = readdir(files)) != NULL;) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", directory, file->d_name);
        if (strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0)
            (void)unlink(path);
    }
    closedir(files);
    CHECK(rmdir(directory) == 0);
}

void city_copy_remove(struct city_copy *copy)
{
    char rules[256];
    snprintf(rules, sizeof rules, "%s/rules", copy->directory);
    remove_files(rules);
    remove_files(copy->directory);
    arena_destroy(&copy->arena);
}

void copied_open(struct city_copy *copy, const char *path, struct copied_table *table)
{
    char whole[256];
    struct sheet sheet;
    struct diag *diag = diag_create();
    *table = (struct copied_table){.copy = copy};
    snprintf(table->path, sizeof table->path, "%s", path);
    snprintf(whole, sizeof whole, "%s/%s", copy->directory, path);
    enum err err = sheet_read(whole, copy->arena, diag, &sheet);
    CHECK(err == OK);
    table->rows = arena_take(copy->arena, (sheet.count + SPARE_ROWS) * sizeof *table->rows);
    table->rows_count = sheet.count;
    for (uint32_t i = 0; i < sheet.count; i++) {
        table->columns =
            sheet.rows[i].count > table->columns ? sheet.rows[i].count : table->columns;
        CHECK(table->columns <= COPIED_COLUMNS_MAX);
        for (uint32_t j = 0; j < sheet.rows[i].count; j++)
            table->rows[i][j] = arena_copy(copy->arena, sheet.rows[i].cells[j].text);
    }
    diag_destroy(&diag);
}

/* No cell here has a quote in it. */
void copied_write(const struct copied_table *table)
{
    char whole[256];
    snprintf(whole, sizeof whole, "%s/%s", table->copy->directory, table->path);
    FILE *file = fopen(whole, "w");
    CHECK(file != NULL);
    for (uint32_t i = 0; i < table->rows_count; i++)
        for (uint32_t j = 0; j < table->columns; j++) {
            const char *text = table->rows[i][j] != NULL ? table->rows[i][j] : "";
            bool quoted = strchr(text, ',') != NULL;
            fprintf(file, "%s%s%s%s", quoted ? "\"" : "", text, quoted ? "\"" : "",
                    j + 1 < table->columns ? "," : "\n");
        }
    CHECK(fclose(file) == 0);
}

uint32_t copied_column(const struct copied_table *table, uint32_t row, const char *text)
{
    for (uint32_t j = 0; j < table->columns; j++)
        if (table->rows[row][j] != NULL && strcmp(table->rows[row][j], text) == 0)
            return j;
    CHECK(false);
    return 0;
}

void copied_insert(struct copied_table *table, uint32_t row, uint32_t before, const char *id)
{
    const char *cells[COPIED_COLUMNS_MAX];
    memcpy(cells, table->rows[row], sizeof cells);
    cells[0] = arena_copy(table->copy->arena, span_of_string(id));
    memmove(table->rows + before + 1, table->rows + before,
            (table->rows_count - before) * sizeof *table->rows);
    memcpy(table->rows[before], cells, sizeof cells);
    table->rows_count++;
}

void copied_delete(struct copied_table *table, uint32_t row)
{
    memmove(table->rows + row, table->rows + row + 1,
            (table->rows_count - row - 1) * sizeof *table->rows);
    table->rows_count--;
}
