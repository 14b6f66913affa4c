/* diag - what is wrong with a file that people wrote, all of it at once.
 *
 * A loader does not stop at the first error: it adds a finding and reads on, so that the desk sees
 * everything in one go. Each finding says where (file:line:column), what, and what would be right.
 * Grows without limit up to DIAG_MAX; after that it only counts. One thread at a time.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"

#include <stdio.h>

enum { DIAG_MAX = 1000 };

struct finding {
    const char *file; /* as it was opened; lives as long as the diag */
    uint32_t line;    /* from 1; 0 where the whole file is meant */
    uint32_t column;  /* in characters, from 1; 0 where the whole line is meant */
    const char *text; /* a sentence, and the remedy */
};

struct diag;

struct diag *diag_create(void);
void diag_destroy(struct diag **diag);

/* Adds one finding. File and text are copied. */
void diag_add(struct diag *diag, const char *file, uint32_t line, uint32_t column,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

/* All there were, also those beyond DIAG_MAX. */
size_t diag_count(const struct diag *diag);

/* index < min(diag_count, DIAG_MAX), in the order of adding. */
const struct finding *diag_at(const struct diag *diag, size_t index);

/* One line each: file:line:column: text. What was added of a file in one go is in its order. */
void diag_print(const struct diag *diag, FILE *out);

#endif
