/* recover - the writer's memory, rebuilt: from the derived tables up to the watermark, and from the
 * log behind it. What is redone is checked on the way, each group against its hash and the group
 * before; what lies before the watermark is verify's to check. */
#include "base/check.h"
#include "store/writer.h"

#include <sys/mman.h>
#include <unistd.h>

/* Calls take for each row of a table, in order, until it says no. */
static enum err each_row(struct store *store, MDB_txn *txn, MDB_dbi table,
                         bool (*take)(struct store *store, const MDB_val *key,
                                      const MDB_val *value))
{
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    int code = mdb_cursor_open(txn, table, &cursor);
    if (code != MDB_SUCCESS)
        return err_of_lmdb(code);
    enum err err = OK;
    while (err == OK && (code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS)
        err = take(store, &key, &value) ? OK : ERR_DAMAGED;
    mdb_cursor_close(cursor);
    return err == OK && code != MDB_NOTFOUND ? err_of_lmdb(code) : err;
}

/* Keys of a large city's year: a table that has to be copied within the first weeks, again and
 * again, would be read and written more often than it is searched. */
enum { KEYS_AHEAD = 700000 };

static bool take_ids(struct store *store, const MDB_val *key, const MDB_val *value)
{
    uint64_t first = number_of_key(key);
    size_t count = value->mv_size / sizeof(struct id_tag);
    return value->mv_size % sizeof(struct id_tag) == 0 && first == store->ids.count + 1 &&
           count <= IDS_MAX &&
           ids_insert_all(&store->ids, value->mv_data, (uint32_t)count, (uint32_t)first) == OK;
}

/* Has the system read a row that will soon be taken: what a cold disk takes longest for is waiting
 * for each piece in turn. */
static bool announce(struct store *store, const MDB_val *key, const MDB_val *value)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin = (uintptr_t)value->mv_data / page * page;
    uintptr_t limit = (uintptr_t)value->mv_data + value->mv_size;
    (void)store;
    (void)key;
    posix_madvise((void *)begin, limit - begin, POSIX_MADV_WILLNEED); /* advice and no more */
    return true;
}

/* One entry for each event before the watermark, and room for those to come. */
static enum err recover_ids(struct store *store, MDB_txn *txn, uint64_t watermark)
{
    uint64_t count = watermark - 1;
    enum err err =
        ids_expect(&store->ids, count < IDS_MAX - KEYS_AHEAD ? count + KEYS_AHEAD : count);
    if (err == OK)
        err = each_row(store, txn, store->tables.ids, announce);
    if (err == OK)
        err = each_row(store, txn, store->tables.ids, take_ids);
    return err == OK && store->ids.count != watermark - 1 ? ERR_DAMAGED : err;
}

static bool take_head(struct store *store, const MDB_val *key, const MDB_val *value)
{
    uint64_t feed = number_of_key(key);
    uint32_t head;
    if (feed >= store->feeds_count || value->mv_size < sizeof head)
        return false;
    memcpy(&head, value->mv_data, sizeof head);
    store->heads[feed] = head;
    return value->mv_size == (1 + head % STORE_PAGE_EVENTS) * sizeof head;
}

static bool take_day(struct store *store, const MDB_val *key, const MDB_val *value)
{
    if (value->mv_size != sizeof store->latest.day_first)
        return false;
    store->latest.day = (int32_t)number_of_key(key);
    memcpy(&store->latest.day_first, value->mv_data, sizeof store->latest.day_first);
    return true;
}

/* Takes a durable event into memory: its key, its places in feeds, and the tail. */
static enum err learn(struct store *store, const struct event_view *view)
{
    enum err err = ids_insert(&store->ids, hash_of_key(view->key), (uint32_t)view->number);
    if (err != OK)
        return err;
    for (uint32_t i = 0; i < view->feeds_count; i++) {
        if (view->feeds[i].feed >= store->feeds_count ||
            view->feeds[i].sequence != store->heads[view->feeds[i].feed] + 1)
            return ERR_DAMAGED;
        store->heads[view->feeds[i].feed]++;
    }
    tail_add(&store->tail, view);
    writer_note_time(store, view->number, view->time_ms);
    return OK;
}

/* The group's hash must hold, and it must follow the group that was taken before. */
static enum err take_group(struct store *store, const struct group_view *group)
{
    if (!group_holds(group) || memcmp(group->head->previous, store->previous, DIGEST_BYTES) != 0)
        return ERR_DAMAGED;
    memcpy(store->previous, group->head->hash, DIGEST_BYTES);
    for (uint32_t i = 0; i < group->head->count; i++) {
        struct event_view view;
        if (!group_event(group, group->head->first + i, &view))
            return ERR_DAMAGED;
        enum err err = learn(store, &view);
        if (err != OK)
            return err;
    }
    return OK;
}

/* What the tail goes on from: the last group that the tables know. */
static enum err begin_at(struct store *store, uint64_t watermark)
{
    struct group_view group;
    struct event_view view;
    tail_reset(&store->tail, watermark, store->latest.day);
    if (watermark == 1)
        return OK;
    enum err err = reader_find_group(store->own, watermark - 1, &group);
    if (err != OK)
        return ERR_DAMAGED;
    if (!group_holds(&group) || watermark != group.head->first + group.head->count ||
        !group_event(&group, watermark - 1, &view))
        return ERR_DAMAGED;
    memcpy(store->previous, group.head->hash, DIGEST_BYTES);
    store->latest.time_ms = view.time_ms;
    return OK;
}

/* How far the tables go, which is not beyond the log. */
static enum err find_watermark(struct store *store, uint64_t *watermark)
{
    uint64_t limit = store_reader_limit(store->own);
    struct group_view last;
    /* A last group that cannot be read looks like an empty log. */
    if (reader_find_group(store->own, UINT64_MAX, &last) == ERR_DAMAGED)
        return ERR_DAMAGED;
    *watermark = 1;
    enum err err =
        lmdb_get_u64(store->own->txn, store->tables.meta, val_of("watermark", 9), watermark);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    bool right = *watermark > 0 && *watermark <= limit && limit - *watermark <= TAIL_EVENTS_MAX;
    return right ? OK : ERR_DAMAGED;
}

static enum err redo_tail(struct store *store, uint64_t watermark)
{
    uint64_t limit = store_reader_limit(store->own);
    enum err err = begin_at(store, watermark);
    while (err == OK && store->tail.limit < limit) {
        struct group_view group;
        err = reader_find_group(store->own, store->tail.limit, &group);
        if (err == OK)
            err = group.head->first == store->tail.limit ? take_group(store, &group) : ERR_DAMAGED;
    }
    store->next = limit;
    return err;
}

static uint64_t count_tickets(struct store *store)
{
    uint64_t tickets = 0;
    enum err err =
        lmdb_get_u64(store->own->txn, store->tables.meta, val_of("tickets", 7), &tickets);
    if (err != OK) /* nothing was derived yet */
        tickets = 0;
    return tickets + (store->tail.limit - store->tail.begin) - store->tail.lasts_count;
}

enum err writer_recover(struct store *store)
{
    MDB_txn *txn = store->own->txn;
    uint64_t watermark;
    store->latest.day = INT32_MIN;
    writer_grow_feeds(store, store_reader_feeds(store->own));
    enum err err = find_watermark(store, &watermark);
    if (err == OK)
        err = recover_ids(store, txn, watermark);
    if (err == OK)
        err = each_row(store, txn, store->tables.heads, take_head);
    if (err == OK)
        err = each_row(store, txn, store->tables.days, take_day);
    if (err == OK)
        err = redo_tail(store, watermark);
    if (err != OK)
        return err;
    counter_set(&store->events, store->next - 1);
    counter_set(&store->tickets, count_tickets(store));
    writer_open_group(store);
    return OK;
}
