/* city_file - one file of a small city, spoilt, and what is said about it.
 *
 * For tests of the loaders: writes a file over that of the small city, loads something from its
 * directory, and compares all findings, in order, with what each must begin with.
 */
#ifndef TESTS_SUPPORT_CITY_FILE_H
#define TESTS_SUPPORT_CITY_FILE_H

#include "tests/support/small_city.h"

/* Writes DIR/NAME, such as lines.csv or rules/book.csv, byte for byte. */
void city_file_write(const struct small_city *small, const char *name, struct span content);

void city_file_write_text(const struct small_city *small, const char *name, const char *text);

void city_file_remove(const struct small_city *small, const char *name);

/* "lines.csv:3:1: text", without 0s. Holds until the next call. */
const char *city_file_finding(const struct diag *diag, size_t index);

/* Are these all the findings, each by how it begins? Says where they differ. */
bool city_file_found(const struct diag *diag, const char *const *beginnings, size_t count);

#endif
