/* derive - the derived tables, brought up to the log from the tail. What is appended but not
 * kept yet is in neither, and may still be taken back: so nothing may be. */
#include "base/check.h"
#include "store/standing.h"
#include "store/writer.h"

static int put(MDB_txn *txn, MDB_dbi table, struct key bytes, const void *data, size_t data_bytes)
{
    MDB_val key = val_of_key(&bytes);
    MDB_val value = val_of(data, data_bytes);
    return mdb_put(txn, table, &key, &value, 0);
}

/* Adds places of one feed to its open page, which is carried on from what the table has; full pages
 * go to a table of their own. The cursor stays at the feed, and the next feed is near it. */
static int derive_feed(struct store *store, MDB_cursor *heads, const struct tail_place *places,
                       uint32_t count)
{
    uint32_t row[1 + STORE_PAGE_EVENTS] = {
        0}; /* the feed's head, and the events of its open page */
    uint32_t *head = &row[0];
    uint32_t feed = places[0].feed;
    struct key bytes = key_of_u32(feed);
    MDB_val key = val_of_key(&bytes);
    MDB_val value;
    int found = mdb_cursor_get(heads, &key, &value, MDB_SET);
    if (found == MDB_SUCCESS && value.mv_size <= sizeof row)
        memcpy(row, value.mv_data, value.mv_size);
    else if (found != MDB_NOTFOUND)
        return found != MDB_SUCCESS ? found : MDB_CORRUPTED;
    if (*head + 1 != places[0].sequence)
        return MDB_CORRUPTED;
    for (uint32_t i = 0; i < count; i++) {
        row[1 + *head % STORE_PAGE_EVENTS] = places[i].event;
        ++*head;
        if (*head % STORE_PAGE_EVENTS > 0)
            continue;
        int code = put(mdb_cursor_txn(heads), store->tables.pages,
                       key_of_page(feed, *head / STORE_PAGE_EVENTS - 1), row + 1,
                       sizeof row - sizeof *head);
        if (code != MDB_SUCCESS)
            return code;
    }
    value = val_of(row, (1 + *head % STORE_PAGE_EVENTS) * sizeof *head);
    return mdb_cursor_put(heads, &key, &value, found == MDB_SUCCESS ? MDB_CURRENT : 0);
}

static int derive_feeds(struct store *store, MDB_txn *txn)
{
    struct tail *tail = &store->tail;
    MDB_cursor *heads;
    int code = mdb_cursor_open(txn, store->tables.heads, &heads);
    if (code != MDB_SUCCESS)
        return code;
    tail_sort_places(tail);
    for (uint32_t i = 0, limit; i < tail->places_count && code == MDB_SUCCESS; i = limit) {
        for (limit = i + 1; limit < tail->places_count; limit++)
            if (tail->places[limit].feed != tail->places[i].feed)
                break;
        code = derive_feed(store, heads, &tail->places[i], limit - i);
    }
    mdb_cursor_close(heads);
    return code;
}

static int derive_ids(struct store *store, MDB_txn *txn)
{
    const struct tail *tail = &store->tail;
    struct key bytes = key_of_u64(tail->begin);
    MDB_val key = val_of_key(&bytes);
    MDB_val value = val_of(tail->ids, (tail->limit - tail->begin) * sizeof *tail->ids);
    return mdb_put(txn, store->tables.ids, &key, &value, MDB_APPEND);
}

/* Row by row, since they are in order. What was closed since comes out again. */
static int derive_opened(struct store *store, MDB_txn *txn)
{
    const struct tail *tail = &store->tail;
    int code = MDB_SUCCESS;
    for (uint32_t i = 0; i < tail->opened_count && code == MDB_SUCCESS;) {
        uint32_t number = standing_row_of(tail->opened[i]);
        struct standing_row row;
        code = standing_get(txn, store->tables.open, number, &row);
        for (; i < tail->opened_count && standing_row_of(tail->opened[i]) == number; i++)
            standing_set(&row, tail->opened[i], true);
        if (code == MDB_SUCCESS)
            code = standing_put(txn, store->tables.open, number, &row);
    }
    return code;
}

static int derive_closed(struct store *store, MDB_txn *txn)
{
    const struct tail *tail = &store->tail;
    int code = MDB_SUCCESS;
    for (uint32_t i = 0; i < tail->closed_count && code == MDB_SUCCESS; i++) {
        uint32_t number = standing_row_of(tail->closed[i]);
        struct standing_row row;
        code = standing_get(txn, store->tables.open, number, &row);
        standing_set(&row, tail->closed[i], false);
        if (code == MDB_SUCCESS)
            code = standing_put(txn, store->tables.open, number, &row);
    }
    return code;
}

static int derive_rest(struct store *store, MDB_txn *txn)
{
    const struct tail *tail = &store->tail;
    int code = MDB_SUCCESS;
    for (uint32_t i = 0; i < tail->lasts_count && code == MDB_SUCCESS; i++)
        code = put(txn, store->tables.lasts, key_of_u64(tail->lasts[i].serial),
                   &tail->lasts[i].event, sizeof tail->lasts[i].event);
    for (uint32_t i = 0; i < tail->days_count && code == MDB_SUCCESS; i++)
        code = put(txn, store->tables.days, key_of_u32((uint32_t)tail->days[i].day),
                   &tail->days[i].first, sizeof tail->days[i].first);
    uint64_t tickets = counter_read(&store->tickets);
    MDB_val name = val_of("tickets", 7);
    MDB_val value = val_of(&tickets, sizeof tickets);
    if (code == MDB_SUCCESS)
        code = mdb_put(txn, store->tables.meta, &name, &value, 0);
    name = val_of("watermark", 9);
    value = val_of(&tail->limit, sizeof tail->limit);
    return code == MDB_SUCCESS ? mdb_put(txn, store->tables.meta, &name, &value, 0) : code;
}

static int derive_into(struct store *store, MDB_txn *txn)
{
    int code = derive_feeds(store, txn);
    if (code == MDB_SUCCESS)
        code = derive_ids(store, txn);
    if (code == MDB_SUCCESS)
        code = derive_opened(store, txn);
    if (code == MDB_SUCCESS)
        code = derive_closed(store, txn);
    return code == MDB_SUCCESS ? derive_rest(store, txn) : code;
}

/* Only a derivation that is durable changes what the next one begins with. */
static void end_derivation(struct store *store, bool durable)
{
    if (!durable)
        return;
    store->groups_since_derived = 0;
    tail_reset(&store->tail, store->tail.limit, store->tail.day);
}

bool store_derive(struct store *store)
{
    MDB_txn *txn;
    CHECK(writer_kept_limit(store) == store->next);
    reader_let_go(store->own);
    if (store->tail.limit == store->tail.begin ||
        mdb_txn_begin(store->env, NULL, 0, &txn) != MDB_SUCCESS)
        return false;
    int code = derive_into(store, txn);
    if (code != MDB_SUCCESS)
        mdb_txn_abort(txn);
    else
        code = mdb_txn_commit(txn);
    end_derivation(store, code == MDB_SUCCESS);
    return true;
}
