/* commit - a group's way from open to durable.
 *
 *      kept          written       sealed
 *       |             |             |
 *       v             v             v
 *      | group | group | group | group |  open: events are appended to it
 *
 * The writer seals the open group and goes on with the next one, while a sealed one is written,
 * maybe by another thread. What was written is kept: only then does it count as committed to the
 * writer, and its place is free for another group.
 */
#include "base/check.h"
#include "store/writer.h"

#include <sys/statvfs.h>

enum { DERIVE_EVENTS = 65536 };

/* -- sealing ----------------------------------------------------------------------------------- */

bool store_may_seal(const struct store *store)
{
    return store->sealed - store->kept < STORE_SEALED_MAX;
}

bool store_has_sealed(const struct store *store)
{
    return store->sealed > store->kept;
}

void store_seal(struct store *store)
{
    struct group_draft *group = writer_group(store, store->sealed);
    CHECK(group->count > 0 && store_may_seal(store));
    group->has_room = tail_has_room(&store->tail, store->next - store->tail.limit);
    group_seal(&group->head, group->first, group->count, group->bytes, store->previous,
               group->checksums);
    memcpy(store->previous, group->head.hash, DIGEST_BYTES);
    store->sealed++;
    writer_open_group(store);
}

/* -- writing ----------------------------------------------------------------------------------- */

static int put_group(const struct store *store, MDB_txn *txn, const struct group_draft *group)
{
    size_t used = group->count * sizeof *group->offsets;
    size_t offsets_bytes = (used + RECORD_ALIGNMENT - 1) / RECORD_ALIGNMENT * RECORD_ALIGNMENT;
    struct key bytes = key_of_u64(group->first);
    MDB_val key = val_of_key(&bytes);
    MDB_val value = {sizeof group->head + offsets_bytes + group->bytes, NULL};
    int code = mdb_put(txn, store->tables.log, &key, &value, MDB_APPEND | MDB_RESERVE);
    if (code != MDB_SUCCESS)
        return code;
    uint8_t *out = value.mv_data;
    memcpy(out, &group->head, sizeof group->head);
    memset(out + sizeof group->head, 0, offsets_bytes);
    memcpy(out + sizeof group->head, group->offsets, used);
    memcpy(out + sizeof group->head + offsets_bytes, group->records, group->bytes);
    return MDB_SUCCESS;
}

static bool has_reserve(const struct store *store)
{
    struct statvfs disk;
    return statvfs(store->path, &disk) != 0 ||
           (uint64_t)disk.f_bavail * disk.f_frsize >= store->options.reserve_bytes;
}

enum err writer_judge(const struct store *store, int code)
{
    MDB_txn *txn;
    int begun = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (begun == MDB_PANIC)
        return ERR_UNKNOWN;
    if (begun == MDB_SUCCESS)
        mdb_txn_abort(txn);
    enum err err = err_of_lmdb(code);
    return err == ERR_IO && !has_reserve(store) ? ERR_FULL : err;
}

static enum err write_group(const struct store *store, const struct group_draft *group)
{
    MDB_txn *txn;
    int code = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (code != MDB_SUCCESS)
        return err_of_lmdb(code);
    code = put_group(store, txn, group);
    if (code != MDB_SUCCESS)
        mdb_txn_abort(txn);
    else
        code = mdb_txn_commit(txn);
    return code == MDB_SUCCESS ? OK : writer_judge(store, code);
}

enum err store_write(struct store *store)
{
    const struct group_draft *group = writer_group(store, store->written);
    if (!group->has_room || !has_reserve(store))
        return ERR_FULL;
    enum err err = write_group(store, group);
    if (err != OK)
        return err;
    store->written++;
    counter_set(&store->events, group->first + group->count - 1);
    counter_add(&store->tickets, group->tickets);
    counter_add(&store->groups, 1);
    return OK;
}

/* -- keeping ----------------------------------------------------------------------------------- */

void store_keep(struct store *store)
{
    const struct group_draft *group = writer_group(store, store->kept);
    const struct tail_place *places = group->places;
    CHECK(store->kept < store->sealed && store->tail.limit == group->first);
    reader_let_go(store->own); /* the next look-up sees what the group added */
    for (uint32_t i = 0; i < group->count; i++) {
        tail_add_noted(&store->tail, &group->notes[i], places);
        places += group->notes[i].places_count;
    }
    store->groups_since_derived++;
    store->kept++;
}

void writer_keep_written(struct store *store)
{
    while (store->kept < store->written)
        store_keep(store);
}

bool store_derive_is_due(const struct store *store)
{
    return store->tail.limit - store->tail.begin >= DERIVE_EVENTS ||
           store->groups_since_derived >= store->options.derive_groups;
}
