/* policies - what decided, and the feeds of the units it knows. Written before their first use. */
#include "base/check.h"
#include "store/writer.h"

#include <stdlib.h>

void writer_grow_feeds(struct store *store, uint32_t count)
{
    if (count <= store->feeds_count)
        return;
    store->heads = realloc(store->heads, count * sizeof *store->heads);
    CHECK(store->heads != NULL);
    memset(store->heads + store->feeds_count, 0,
           (count - store->feeds_count) * sizeof *store->heads);
    store->feeds_count = count;
}

static int find_or_add_policy(const struct store *store, MDB_txn *txn, struct policy *policy)
{
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    policy->number = 1;
    int code = mdb_cursor_open(txn, store->tables.policies, &cursor);
    if (code != MDB_SUCCESS)
        return code;
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS) {
        if (value.mv_size >= POLICY_HASH_BYTES &&
            memcmp(value.mv_data, policy->hash, POLICY_HASH_BYTES) == 0)
            break;
        policy->number = (uint32_t)number_of_key(&key) + 1;
    }
    mdb_cursor_close(cursor);
    if (code != MDB_NOTFOUND)
        return code;
    struct key bytes = key_of_u32(policy->number);
    key = val_of_key(&bytes);
    value.mv_size = POLICY_HASH_BYTES + policy->bundle.bytes;
    code = mdb_put(txn, store->tables.policies, &key, &value, MDB_RESERVE);
    if (code != MDB_SUCCESS)
        return code;
    memcpy(value.mv_data, policy->hash, POLICY_HASH_BYTES);
    memcpy((uint8_t *)value.mv_data + POLICY_HASH_BYTES, policy->bundle.data, policy->bundle.bytes);
    return MDB_SUCCESS;
}

/* The unit's feed; where it has none yet, the next number is its. */
static int find_or_add_feed(const struct store *store, MDB_txn *txn, struct span unit,
                            uint32_t *count, uint32_t *feed)
{
    MDB_val key = val_of(unit.data, unit.bytes);
    MDB_val value;
    int code = mdb_get(txn, store->tables.units, &key, &value);
    if (code == MDB_SUCCESS) {
        if (value.mv_size != sizeof *feed)
            return MDB_CORRUPTED;
        memcpy(feed, value.mv_data, sizeof *feed);
        return *feed < *count ? MDB_SUCCESS : MDB_CORRUPTED;
    }
    if (code != MDB_NOTFOUND)
        return code;
    *feed = (*count)++;
    value = val_of(feed, sizeof *feed);
    code = mdb_put(txn, store->tables.units, &key, &value, 0);
    if (code != MDB_SUCCESS)
        return code;
    struct key bytes = key_of_u32(*feed);
    value = key;
    key = val_of_key(&bytes);
    return mdb_put(txn, store->tables.feeds, &key, &value, MDB_APPEND);
}

static int add_feeds(const struct store *store, MDB_txn *txn, struct policy *policy)
{
    MDB_stat stat;
    int code = mdb_stat(txn, store->tables.feeds, &stat);
    uint32_t count = code == MDB_SUCCESS ? (uint32_t)stat.ms_entries : 0;
    for (uint32_t i = 0; code == MDB_SUCCESS && i < city_units(policy->city); i++)
        code = find_or_add_feed(store, txn, unit_key(policy->city, (struct unit){i}), &count,
                                &policy->feeds[i]);
    return code;
}

enum err store_add_policy(const struct store *store, struct policy *policy)
{
    MDB_txn *txn;
    int code = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (code != MDB_SUCCESS)
        return err_of_lmdb(code);
    code = find_or_add_policy(store, txn, policy);
    if (code == MDB_SUCCESS)
        code = add_feeds(store, txn, policy);
    if (code != MDB_SUCCESS)
        mdb_txn_abort(txn);
    else
        code = mdb_txn_commit(txn);
    return code == MDB_SUCCESS ? OK : writer_judge(store, code);
}

void store_use_policy(struct store *store, const struct policy *policy)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < city_units(policy->city); i++)
        if (policy->feeds[i] >= count)
            count = policy->feeds[i] + 1;
    writer_grow_feeds(store, count);
    reader_let_go(store->own); /* the next look-up sees the feeds that were added */
}

enum err store_put_policy(struct store *store, struct policy *policy)
{
    enum err err = store_add_policy(store, policy);
    if (err == OK)
        store_use_policy(store, policy);
    return err;
}

enum err store_feed_find(struct store *store, struct span unit, uint32_t *feed)
{
    enum err err = reader_hold(store->own);
    if (err == OK)
        err = store_reader_feed_find(store->own, unit, feed);
    return err == OK && *feed >= store->feeds_count ? ERR_NOT_FOUND : err;
}
