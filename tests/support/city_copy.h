/* city_copy - a city's directory, copied, with tables that a test spoils cell by cell.
 */
#ifndef TESTS_SUPPORT_CITY_COPY_H
#define TESTS_SUPPORT_CITY_COPY_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { COPIED_COLUMNS_MAX = 32 };

struct city_copy {
    char directory[64];
    struct arena *arena;
};

/* A table in work; cells are text of the copy's arena. */
struct copied_table {
    struct city_copy *copy;
    char path[128]; /* below the directory */
    const char *(*rows)[COPIED_COLUMNS_MAX];
    uint32_t rows_count, columns;
};

/* Copies all files of a directory and of its rules. Any trouble ends the test. */
void city_copy_make(const char *directory, struct city_copy *copy);
void city_copy_remove(struct city_copy *copy);

/* Opens a file such as rules/assign.csv, and writes it back. */
void copied_open(struct city_copy *copy, const char *path, struct copied_table *table);
void copied_write(const struct copied_table *table);

/* The column whose cell in a row says so; ends the test where there is none. */
uint32_t copied_column(const struct copied_table *table, uint32_t row, const char *text);

/* Puts a copy of a row in front of another one, with an id of its own; takes one out. */
void copied_insert(struct copied_table *table, uint32_t row, uint32_t before, const char *id);
void copied_delete(struct copied_table *table, uint32_t row);

#endif
