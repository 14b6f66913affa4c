#include "store/lmdb.h"

#include "base/check.h"

#include <errno.h>
#include <sodium.h>
#include <stdbool.h>

enum { TABLES = 11, READERS_MAX = 126 };

enum err err_of_lmdb(int code)
{
    switch (code) {
    case MDB_SUCCESS:
        return OK;
    case MDB_NOTFOUND:
        return ERR_NOT_FOUND;
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ERR_FULL;
    case MDB_PANIC:
        return ERR_UNKNOWN;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
        return ERR_DAMAGED;
    default:
        return ERR_IO;
    }
}

enum err lmdb_get_u64(MDB_txn *txn, MDB_dbi table, MDB_val key, uint64_t *value)
{
    MDB_val data;
    int got = mdb_get(txn, table, &key, &data);
    if (got != MDB_SUCCESS)
        return err_of_lmdb(got);
    if (data.mv_size != sizeof *value)
        return ERR_DAMAGED;
    memcpy(value, data.mv_data, sizeof *value);
    return OK;
}

const uint8_t *lmdb_map(MDB_env *env, const uint8_t *value)
{
    MDB_stat stat;
    size_t number;
    int code = mdb_env_stat(env, &stat);
    CHECK(code == MDB_SUCCESS);
    const uint8_t *page = value - (uintptr_t)value % stat.ms_psize;
    memcpy(&number, page, sizeof number);
    return page - number * stat.ms_psize;
}

enum err lmdb_open(const char *path, size_t map_bytes, bool read_only, struct diag *diag,
                   MDB_env **env)
{
    int code = mdb_env_create(env);
    if (code == MDB_SUCCESS)
        code = mdb_env_set_maxdbs(*env, TABLES);
    if (code == MDB_SUCCESS)
        code = mdb_env_set_maxreaders(*env, READERS_MAX);
    if (code == MDB_SUCCESS && map_bytes > 0)
        code = mdb_env_set_mapsize(*env, map_bytes);
    if (code == MDB_SUCCESS)
        code = mdb_env_open(*env, path, MDB_NOTLS | (read_only ? MDB_RDONLY : 0), 0644);
    if (code == MDB_SUCCESS)
        return OK;
    diag_add(diag, path, 0, 0, "cannot be opened as a store: %s", mdb_strerror(code));
    mdb_env_close(*env);
    *env = NULL;
    return err_of_lmdb(code);
}

/* All but meta. */
static int open_rest(MDB_txn *txn, unsigned flags, struct tables *tables)
{
    const struct {
        const char *name;
        MDB_dbi *dbi;
    } all[] = {
        {"log", &tables->log},     {"policies", &tables->policies}, {"feeds", &tables->feeds},
        {"units", &tables->units}, {"pages", &tables->pages},       {"heads", &tables->heads},
        {"ids", &tables->ids},     {"days", &tables->days},         {"lasts", &tables->lasts},
        {"open", &tables->open},
    };
    const size_t count = sizeof all / sizeof all[0];
    _Static_assert(sizeof all / sizeof all[0] + 1 == TABLES, "all but meta");
    int code = MDB_SUCCESS;
    for (size_t i = 0; code == MDB_SUCCESS && i < count; i++)
        code = mdb_dbi_open(txn, all[i].name, flags, all[i].dbi);
    return code;
}

static int put_meta(MDB_txn *txn, MDB_dbi meta, const char *name, uint64_t value)
{
    MDB_val key = val_of(name, strlen(name));
    MDB_val data = val_of(&value, sizeof value);
    return mdb_put(txn, meta, &key, &data, 0);
}

static enum err begin_new(MDB_txn *txn, const struct tables *tables, uint64_t *seed)
{
    if (sodium_init() < 0)
        return ERR_IO;
    randombytes_buf(seed, sizeof *seed);
    int code = put_meta(txn, tables->meta, "format", STORE_FORMAT);
    if (code == MDB_SUCCESS)
        code = put_meta(txn, tables->meta, "seed", *seed);
    return err_of_lmdb(code);
}

static enum err check_format(MDB_txn *txn, const char *path, bool read_only, struct diag *diag,
                             const struct tables *tables, uint64_t *seed)
{
    uint64_t format = 0;
    enum err err = lmdb_get_u64(txn, tables->meta, val_of("format", 6), &format);
    if (err == ERR_NOT_FOUND && !read_only)
        return begin_new(txn, tables, seed);
    if (err == OK && format == STORE_FORMAT)
        return lmdb_get_u64(txn, tables->meta, val_of("seed", 4), seed);
    diag_add(diag, path, 0, 0,
             "is a store of format %llu; this engine reads format %d, and touches no other",
             (unsigned long long)format, STORE_FORMAT);
    return ERR_DAMAGED;
}

/* The format first: a store of another has other tables. */
static enum err open_in(MDB_txn *txn, const char *path, bool read_only, struct diag *diag,
                        struct tables *tables, uint64_t *seed)
{
    unsigned flags = read_only ? 0 : MDB_CREATE;
    int code = mdb_dbi_open(txn, "meta", flags, &tables->meta);
    if (code == MDB_SUCCESS) {
        enum err err = check_format(txn, path, read_only, diag, tables, seed);
        if (err != OK)
            return err;
        code = open_rest(txn, flags, tables);
    }
    if (code != MDB_SUCCESS)
        diag_add(diag, path, 0, 0, "is no store of Lianxin's: %s", mdb_strerror(code));
    return err_of_lmdb(code);
}

enum err lmdb_open_tables(MDB_env *env, const char *path, bool read_only, struct diag *diag,
                          struct tables *tables, uint64_t *seed)
{
    MDB_txn *txn;
    int code = mdb_txn_begin(env, NULL, read_only ? MDB_RDONLY : 0, &txn);
    if (code != MDB_SUCCESS) {
        diag_add(diag, path, 0, 0, "cannot be read: %s", mdb_strerror(code));
        return err_of_lmdb(code);
    }
    enum err err = open_in(txn, path, read_only, diag, tables, seed);
    if (err != OK) {
        mdb_txn_abort(txn);
        return err;
    }
    code = mdb_txn_commit(txn);
    if (code != MDB_SUCCESS)
        diag_add(diag, path, 0, 0, "cannot be written: %s", mdb_strerror(code));
    return err_of_lmdb(code);
}
