#include "tests/unit/store/raw.h"

#include "store/lmdb.h"

#include <criterion/criterion.h>

enum { RAW_BYTES_MAX = 1024 * 1024 };

static struct raw_key of_key(struct key key)
{
    struct raw_key raw = {.count = key.count};
    memcpy(raw.bytes, key.bytes, key.count);
    return raw;
}

struct raw_key raw_u32(uint32_t number)
{
    return of_key(key_of_u32(number));
}

struct raw_key raw_u64(uint64_t number)
{
    return of_key(key_of_u64(number));
}

struct raw_key raw_name(const char *name)
{
    struct raw_key raw = {.count = strlen(name)};
    cr_assert_leq(raw.count, sizeof raw.bytes);
    memcpy(raw.bytes, name, raw.count);
    return raw;
}

/* One look at one table, or one change of it. */
struct visit {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi table;
    bool there;
};

static struct visit enter(const char *path, const char *table)
{
    struct visit visit;
    cr_assert_eq(mdb_env_create(&visit.env), 0);
    cr_assert_eq(mdb_env_set_maxdbs(visit.env, 16), 0);
    cr_assert_eq(mdb_env_open(visit.env, path, MDB_NOSYNC, 0644), 0);
    cr_assert_eq(mdb_txn_begin(visit.env, NULL, 0, &visit.txn), 0);
    int code = mdb_dbi_open(visit.txn, table, 0, &visit.table);
    cr_assert(code == 0 || code == MDB_NOTFOUND);
    visit.there = code == 0;
    return visit;
}

static void leave(struct visit *visit)
{
    cr_assert_eq(mdb_txn_commit(visit->txn), 0);
    mdb_env_close(visit->env);
}

struct span raw_get(const char *path, const char *table, struct raw_key key)
{
    static uint8_t copy[RAW_BYTES_MAX];
    struct visit visit = enter(path, table);
    MDB_val name = {key.count, key.bytes};
    MDB_val value = {0};
    int code = mdb_get(visit.txn, visit.table, &name, &value);
    cr_assert(code == 0 || code == MDB_NOTFOUND);
    cr_assert_leq(value.mv_size, sizeof copy);
    if (value.mv_size > 0)
        memcpy(copy, value.mv_data, value.mv_size);
    leave(&visit);
    return span_of(copy, value.mv_size);
}

void raw_put(const char *path, const char *table, struct raw_key key, struct span value)
{
    struct visit visit = enter(path, table);
    MDB_val name = {key.count, key.bytes};
    MDB_val data = val_of(value.data, value.bytes);
    cr_assert_eq(mdb_put(visit.txn, visit.table, &name, &data, 0), 0);
    leave(&visit);
}

void raw_delete(const char *path, const char *table, struct raw_key key)
{
    struct visit visit = enter(path, table);
    MDB_val name = {key.count, key.bytes};
    cr_assert_eq(mdb_del(visit.txn, visit.table, &name, NULL), 0);
    leave(&visit);
}

void raw_drop(const char *path, const char *table)
{
    struct visit visit = enter(path, table);
    cr_assert_eq(mdb_drop(visit.txn, visit.table, 1), 0);
    leave(&visit);
}

bool raw_has(const char *path, const char *table)
{
    struct visit visit = enter(path, table);
    leave(&visit);
    return visit.there;
}

uint64_t raw_meta(const char *path, const char *name)
{
    uint64_t number = UINT64_MAX;
    struct span value = raw_get(path, "meta", raw_name(name));
    if (value.bytes == sizeof number)
        memcpy(&number, value.data, sizeof number);
    return number;
}
