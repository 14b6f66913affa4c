/* passed - what was read of the log lately, and what of it is so far back that its memory is for
 * others.
 *
 *      | let go | let go | kept | kept | kept | just read
 *                          \____ PASSED_BYTES ____/
 *
 * A log is written once, read once a moment later and then hardly ever. The system does not know
 * that: it keeps each page that was written, and looks for new memory for the next, until there is
 * none; then a year of log stands where others' files stood.
 *
 * Whole pages, of groups that have some: small ones share theirs with others, and are left to the
 * system. One thread.
 */
#ifndef STORE_PASSED_H
#define STORE_PASSED_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PASSED_BYTES = 64 << 20, /* some 75,000 events, for those who come a little later */
    PASSED_RUN_BYTES_MIN = 64 << 10,
    PASSED_RUNS_MAX = PASSED_BYTES / PASSED_RUN_BYTES_MIN + 1,
};

/* Zeroed, it is empty. */
struct passed {
    struct span runs[PASSED_RUNS_MAX];
    uint64_t next, limit; /* counted; each has its place in turn */
    size_t bytes;         /* of those between */
};

/* A group was read, which lies here. Until passed_next() says that there is no more. */
void passed_add(struct passed *passed, struct span group);

/* Takes out the oldest run of pages, where too many are kept. */
bool passed_next(struct passed *passed, struct span *run);

#endif
