/* lmdb - the environment, its tables, and keys as LMDB orders them. For store/ alone. */
#ifndef STORE_LMDB_H
#define STORE_LMDB_H

#include "base/diag.h"
#include "base/err.h"

#include <lmdb.h>

enum { STORE_FORMAT = 5 };

struct tables {
    MDB_dbi meta;     /* "format", "seed", "watermark" */
    MDB_dbi log;      /* first event, 8 bytes -> group */
    MDB_dbi policies; /* number, 4 bytes -> hash, bundle */
    MDB_dbi feeds;    /* feed, 4 bytes -> unit key */
    MDB_dbi units;    /* unit key -> feed, 4 bytes */
    MDB_dbi pages;    /* feed and page, 8 bytes -> 64 event numbers of 4 bytes */
    MDB_dbi heads;    /* feed, 4 bytes -> last sequence, then the open page's event numbers */
    MDB_dbi ids;      /* first event, 8 bytes -> struct id_tag for it and those that follow */
    MDB_dbi days;     /* day, 4 bytes -> first event, 8 bytes */
    MDB_dbi lasts;    /* serial, 8 bytes -> last event, 8 bytes */
    MDB_dbi open;     /* serial / 512, 4 bytes -> a bit for each, of an open ticket set */
};

/* A key, big-endian, so that LMDB's order is that of the numbers. */
struct key {
    uint8_t bytes[8];
    size_t count;
};

static inline struct key key_of_u64(uint64_t value)
{
    struct key key = {.count = 8};
    for (int i = 0; i < 8; i++)
        key.bytes[i] = (uint8_t)(value >> (56 - 8 * i));
    return key;
}

static inline struct key key_of_u32(uint32_t value)
{
    struct key key = {.count = 4};
    for (int i = 0; i < 4; i++)
        key.bytes[i] = (uint8_t)(value >> (24 - 8 * i));
    return key;
}

static inline struct key key_of_page(uint32_t feed, uint32_t page)
{
    return key_of_u64((uint64_t)feed << 32 | page);
}

static inline uint64_t number_of_key(const MDB_val *key)
{
    uint64_t value = 0;
    for (size_t i = 0; i < key->mv_size && i < 8; i++)
        value = value << 8 | ((const uint8_t *)key->mv_data)[i];
    return value;
}

static inline MDB_val val_of_key(struct key *key)
{
    return (MDB_val){key->count, key->bytes};
}

static inline MDB_val val_of(const void *data, size_t bytes)
{
    return (MDB_val){bytes, (void *)data};
}

/* What LMDB or the system says, in Lianxin's words. */
enum err err_of_lmdb(int code);

/* Gets a u64 that was put as 8 bytes in the machine's order; ERR_NOT_FOUND, ERR_DAMAGED. */
MUST_CHECK enum err lmdb_get_u64(MDB_txn *txn, MDB_dbi table, MDB_val key, uint64_t *value);

/* Where the environment's file is mapped, told by a value in it: the page in which a value begins
 * begins with its own number. */
const uint8_t *lmdb_map(MDB_env *env, const uint8_t *value);

/* Opens the environment of a directory. read_only: no engine may be changing it. */
MUST_CHECK enum err lmdb_open(const char *path, size_t map_bytes, bool read_only, struct diag *diag,
                              MDB_env **env);

/* Checks the format, and then opens all tables; where not read-only, makes those that are missing,
 * and format and seed in a new store. */
MUST_CHECK enum err lmdb_open_tables(MDB_env *env, const char *path, bool read_only,
                                     struct diag *diag, struct tables *tables, uint64_t *seed);

#endif
