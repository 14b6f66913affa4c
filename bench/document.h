/* document - a result of `lianxin bench --json`, read back.
 *
 * What a result holds and how its parts are called: README.md beside this file. Values are asked
 * for by path, "ack_us.p99". Memory that cannot be had aborts.
 */
#ifndef BENCH_DOCUMENT_H
#define BENCH_DOCUMENT_H

#include "base/diag.h"

#include <jansson.h>

enum { DOCUMENT_TEXT_BYTES = 256 };

/* The whole result, the caller's to json_decref. NULL, and a finding each, where the file cannot be
 * read, is no JSON, or is no result, which has a profile at least. */
json_t *document_read(const char *path, struct diag *diag);

/* What stands there, or NULL; borrowed. */
json_t *document_at(const json_t *object, const char *path);

/* The number that stands there, or else what is given. */
double document_number(const json_t *object, const char *path, double otherwise);

/* What stands there as people write it: a string without its quotes, "none" where there is nothing.
 * Returns the buffer. */
const char *document_text(const json_t *object, const char *path, char text[DOCUMENT_TEXT_BYTES]);

#endif
