/* checked - a book in a directory, loaded and checked, and what was found of it.
 */
#ifndef TESTS_SUPPORT_CHECKED_H
#define TESTS_SUPPORT_CHECKED_H

#include "domain/check/check.h"

struct checked {
    struct diag *diag;     /* what the loader said */
    struct policy *policy; /* NULL: it could not be read */
    struct arena *arena;
    const struct findings *findings; /* NULL likewise */
};

/* As it stands on 2026-11-26. */
void checked_open(const char *directory, struct checked *checked);
void checked_close(struct checked *checked);

/* The finding of this flaw about a row, a table, a function ...; NULL where there is none. */
const struct check_finding *checked_find(const struct checked *checked, enum flaw flaw,
                                         const char *about);

/* All findings, one a line, for messages of tests. */
void checked_print(const struct checked *checked);

/* Does the case of a finding, taken as any case is, come to a row of a table, by name? */
bool checked_comes_to(const struct checked *checked, const struct witness *witness,
                      const char *row);

#endif
