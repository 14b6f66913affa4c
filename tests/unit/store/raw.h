/* raw - a closed store's tables, as they lie on the disk, to look at and to spoil. */
#ifndef TESTS_STORE_RAW_H
#define TESTS_STORE_RAW_H

#include "store/lmdb.h"

enum { RAW_BYTES_MAX = 1024 * 1024 };

/* What a table has under a key, copied; its length is 0 where there is nothing. Holds until the
 * next call. */
struct span raw_get(const char *path, const char *table, struct key key);

/* The key's row becomes this, or is made; with no bytes it goes. */
void raw_put(const char *path, const char *table, struct key key, struct span value);

/* The name of a row of the table meta. */
struct key raw_name(const char *name);

/* A number of the table meta. UINT64_MAX where there is none. */
uint64_t raw_meta(const char *path, const char *name);

void raw_put_u64(const char *path, const char *table, struct key key, uint64_t value);

#endif
