/* raw - a closed store's tables as they lie on the disk, to look at and to spoil. */
#ifndef TESTS_STORE_RAW_H
#define TESTS_STORE_RAW_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* A row's key: a number of 4 or 8 bytes, or a name. */
struct raw_key {
    uint8_t bytes[64];
    size_t count;
};

struct raw_key raw_u32(uint32_t number);
struct raw_key raw_u64(uint64_t number);
struct raw_key raw_name(const char *name);

/* What a table has under a key, copied; without bytes where there is nothing. Holds until the next
 * call. */
struct span raw_get(const char *path, const char *table, struct raw_key key);

/* The key's row becomes this, or is made. */
void raw_put(const char *path, const char *table, struct raw_key key, struct span value);

void raw_delete(const char *path, const char *table, struct raw_key key);

/* Takes a table out; is there one? */
void raw_drop(const char *path, const char *table);
bool raw_has(const char *path, const char *table);

/* A row of the table meta. UINT64_MAX where there is none. */
uint64_t raw_meta(const char *path, const char *name);

#endif
