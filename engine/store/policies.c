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

static int find_or_add_policy(struct store *store, MDB_txn *txn, struct policy *policy)
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

struct named_feed {
    struct span unit;
    uint32_t feed;
};

static int by_unit(const void *a, const void *b)
{
    return span_compare(((const struct named_feed *)a)->unit, ((const struct named_feed *)b)->unit);
}

/* Feeds that exist, by unit. The spans are LMDB's and hold until the transaction writes. */
static int list_feeds(struct store *store, MDB_txn *txn, struct named_feed **list, uint32_t *count)
{
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    MDB_stat stat;
    *count = 0;
    *list = NULL;
    int code = mdb_stat(txn, store->tables.feeds, &stat);
    if (code == MDB_SUCCESS)
        code = mdb_cursor_open(txn, store->tables.feeds, &cursor);
    if (code != MDB_SUCCESS)
        return code;
    *list = calloc(stat.ms_entries + 1, sizeof **list);
    CHECK(*list != NULL);
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS)
        (*list)[(*count)++] = (struct named_feed){span_of(value.mv_data, value.mv_size),
                                                  (uint32_t)number_of_key(&key)};
    mdb_cursor_close(cursor);
    qsort(*list, *count, sizeof **list, by_unit);
    return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

static int add_feeds(struct store *store, MDB_txn *txn, struct policy *policy)
{
    struct named_feed *known;
    uint32_t known_count;
    uint32_t missing = UINT32_MAX; /* marks units that have no feed yet */
    int code = list_feeds(store, txn, &known, &known_count);
    for (uint32_t i = 0; code == MDB_SUCCESS && i < city_units(policy->city); i++) {
        struct named_feed wanted = {.unit = unit_key(policy->city, (struct unit){i})};
        struct named_feed *found =
            known_count > 0 ? bsearch(&wanted, known, known_count, sizeof wanted, by_unit) : NULL;
        policy->feeds[i] = found != NULL ? found->feed : missing;
    }
    free(known);
    for (uint32_t i = 0; code == MDB_SUCCESS && i < city_units(policy->city); i++) {
        if (policy->feeds[i] != missing)
            continue;
        struct span unit = unit_key(policy->city, (struct unit){i});
        struct key bytes = key_of_u32(known_count);
        MDB_val key = val_of_key(&bytes);
        MDB_val value = val_of(unit.data, unit.bytes);
        code = mdb_put(txn, store->tables.feeds, &key, &value, 0);
        policy->feeds[i] = known_count++;
    }
    if (code == MDB_SUCCESS)
        writer_grow_feeds(store, known_count);
    return code;
}

enum err store_put_policy(struct store *store, struct policy *policy)
{
    MDB_txn *txn;
    CHECK(store->group_count == 0);
    int code = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (code != MDB_SUCCESS)
        return err_of_lmdb(code);
    code = find_or_add_policy(store, txn, policy);
    if (code == MDB_SUCCESS)
        code = add_feeds(store, txn, policy);
    if (code != MDB_SUCCESS) {
        mdb_txn_abort(txn);
        return err_of_lmdb(code);
    }
    return err_of_lmdb(mdb_txn_commit(txn));
}
