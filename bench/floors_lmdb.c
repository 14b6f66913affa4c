/* floors_lmdb - what LMDB takes, as the store asks it: a record under a growing number.
 *
 * With the store's flags (MDB_NOTLS alone, so full durability), in an environment of its own that
 * is set up here and not by the store: a yardstick must not change with what it measures.
 */
#include "base/check.h"
#include "bench/floor_parts.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t map_spare_bytes = (size_t)256 << 20;

struct environment {
    char path[FLOOR_PATH_BYTES];
    MDB_env *env;
    MDB_dbi table;
    uint8_t *noise;
    size_t record_bytes;
};

static void must(int code, const char *what)
{
    if (code != MDB_SUCCESS)
        floor_fail(what, mdb_strerror(code));
}

static void environment_open(struct environment *environment, const struct floors_plan *plan,
                             size_t record_bytes)
{
    MDB_txn *txn;
    environment->noise = floor_noise(record_bytes);
    environment->record_bytes = record_bytes;
    floor_path(plan, "floor-lmdb", environment->path);
    floor_must(mkdir(environment->path, 0700) == 0, environment->path);
    must(mdb_env_create(&environment->env), "LMDB");
    must(mdb_env_set_maxdbs(environment->env, 1), "LMDB");
    must(mdb_env_set_mapsize(environment->env, 4 * plan->bytes + map_spare_bytes), "LMDB");
    must(mdb_env_open(environment->env, environment->path, MDB_NOTLS, 0600), environment->path);
    must(mdb_txn_begin(environment->env, NULL, 0, &txn), "LMDB");
    must(mdb_dbi_open(txn, "log", MDB_CREATE, &environment->table), "LMDB");
    must(mdb_txn_commit(txn), "LMDB");
}

static void environment_close(struct environment *environment)
{
    static const char *const files[] = {"data.mdb", "lock.mdb"};
    mdb_env_close(environment->env);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[FLOOR_PATH_BYTES + 16];
        snprintf(path, sizeof path, "%s/%s", environment->path, files[i]);
        unlink(path);
    }
    rmdir(environment->path);
    free(environment->noise);
}

static void append_and_commit(void *self, uint64_t i)
{
    struct environment *environment = self;
    uint64_t number = __builtin_bswap64(i);
    MDB_val key = {sizeof number, &number};
    MDB_val record = {environment->record_bytes, environment->noise};
    MDB_txn *txn;
    must(mdb_txn_begin(environment->env, NULL, 0, &txn), "LMDB");
    must(mdb_put(txn, environment->table, &key, &record, MDB_APPEND), "LMDB");
    must(mdb_txn_commit(txn), "LMDB");
}

void floors_lmdb(const struct floors_plan *plan, struct floors *floors)
{
    struct environment environment;
    environment_open(&environment, plan, (size_t)(plan->bytes / plan->cases) + 1);
    struct paced_us us = floor_run_paced(plan->paced_hz, append_and_commit, &environment);
    environment_close(&environment);
    floors->lmdb_commit_us_p50 = us.p50;
    floors->lmdb_commit_us_p99 = us.p99;
    struct floor_share share = floor_share(plan->bytes, plan->commits);
    environment_open(&environment, plan, share.bytes);
    floors->lmdb_append_seconds = floor_run(share.steps, append_and_commit, &environment);
    environment_close(&environment);
}
