#include "store/writer.h"

#include "base/check.h"

#include <sodium.h>
#include <sys/statvfs.h>

enum { DERIVE_EVENTS = 16384, LOOK_AHEAD = 8 };

/* -- looking things up ------------------------------------------------------------------------- */

uint64_t store_next(const struct store *store)
{
    return store->next;
}

uint64_t store_day_first(struct store *store, int32_t day)
{
    CHECK(day >= store->latest.day);
    return day == store->latest.day ? store->latest.day_first : store->next;
}

/* An event of the open group. */
static void open_event(const struct store *store, uint64_t number, struct event_view *view)
{
    record_peek(store->records + store->offsets[number - store->group_first].bytes, view);
    VERIFY(view->number == number);
}

/* The first event of an earlier day than the latest, in the open group; 0 where it has none. */
static uint64_t open_day(const struct store *store, int32_t day)
{
    for (uint64_t number = store->group_first; number < store->next; number++) {
        struct event_view view;
        open_event(store, number, &view);
        if (day_of_ms(view.time_ms) == day)
            return number;
    }
    return 0;
}

enum err store_day_find(struct store *store, int32_t day, uint64_t *first)
{
    if (day == store->latest.day) {
        *first = store->latest.day_first;
        return OK;
    }
    if (day > store->committed.day && day < store->latest.day) {
        *first = open_day(store, day);
        return *first != 0 ? OK : ERR_NOT_FOUND;
    }
    *first = tail_day(&store->tail, day);
    if (*first != 0)
        return OK;
    enum err err = reader_hold(store->own);
    return err == OK ? reader_stored_day(store->own, day, first) : err;
}

int64_t store_last_time_ms(const struct store *store)
{
    return store->latest.time_ms;
}

enum err store_event(struct store *store, uint64_t number, struct event_view *view)
{
    if (number >= store->next)
        return ERR_NOT_FOUND;
    if (number >= store->group_first) {
        open_event(store, number, view);
        return OK;
    }
    enum err err = reader_hold(store->own);
    return err == OK ? store_reader_event(store->own, number, view) : err;
}

void store_expect(const struct store *store, const uint8_t key[DIGEST_BYTES])
{
    ids_look_ahead(&store->ids, hash_of_key(key));
}

enum err store_find(struct store *store, const uint8_t key[DIGEST_BYTES], struct event_view *view)
{
    struct ids_search search = {.hash = hash_of_key(key)};
    uint32_t event;
    while ((event = ids_next(&store->ids, &search)) != 0) {
        enum err err = store_event(store, event, view);
        if (err != OK)
            return err;
        if (memcmp(view->key, key, DIGEST_BYTES) == 0)
            return OK;
    }
    return ERR_NOT_FOUND;
}

enum err store_last(struct store *store, uint64_t serial, uint64_t *number)
{
    struct event_view view;
    if (serial == 0 || serial >= store->next)
        return ERR_NOT_FOUND;
    *number = recent_get(&store->group_lasts, serial);
    if (*number != 0)
        return OK;
    if (serial >= store->group_first) {
        open_event(store, serial, &view);
        *number = serial;
        return view.serial == serial ? OK : ERR_NOT_FOUND;
    }
    *number = tail_last(&store->tail, serial);
    if (*number != 0)
        return OK;
    enum err err = reader_hold(store->own);
    if (err == OK)
        err = reader_is_ticket(store->own, serial);
    return err == OK ? reader_stored_last(store->own, serial, number) : err;
}

/* -- the open group ---------------------------------------------------------------------------- */

uint8_t *store_room(struct store *store, uint32_t feeds_count, size_t bytes_max)
{
    CHECK(feeds_count <= STORE_FEEDS_PER_EVENT_MAX);
    CHECK(record_bytes_max(bytes_max) <= STORE_GROUP_BYTES_MAX);
    if (store->group_count == STORE_GROUP_EVENTS_MAX ||
        store->group_bytes + record_bytes_max(bytes_max) > STORE_GROUP_BYTES_MAX)
        return NULL;
    return store->records + store->group_bytes + record_parts_offset(feeds_count);
}

/* Of a cipher's stream under a random key that is forgotten at once: as random to whoever has no
 * key, at an eighth of the system's price. */
static void draw_salts(struct store *store)
{
    uint8_t key[randombytes_SEEDBYTES];
    randombytes_buf(key, sizeof key);
    randombytes_buf_deterministic(store->salts, sizeof store->salts, key);
    sodium_memzero(key, sizeof key);
    store->salts_left = STORE_SALTS;
}

/* Never 0, which marks what was erased. A salt that could be computed from its neighbour's would
 * give away what was erased. */
static uint64_t next_salt(struct store *store)
{
    if (store->salts_left == 0)
        draw_salts(store);
    return store->salts[--store->salts_left] | 1;
}

void writer_note_time(struct store *store, uint64_t number, int64_t time_ms)
{
    int32_t day = day_of_ms(time_ms);
    if (day > store->latest.day)
        store->latest = (struct moment){.day = day, .day_first = number};
    store->latest.time_ms = time_ms;
}

/* Is this a later event of a ticket that is closed? */
static bool comes_after_closing(struct store *store, const struct event_draft *draft)
{
    struct event_view before;
    if (draft->serial == store->next)
        return false;
    enum err err = store_event(store, draft->previous, &before);
    return err == OK && !before.ticket_open;
}

enum err store_append(struct store *store, const struct event_draft *draft)
{
    uint32_t sequences[STORE_FEEDS_PER_EVENT_MAX];
    uint8_t *record = store->records + store->group_bytes;
    uint64_t number = store->next;
    CHECK(draft->feeds_count <= STORE_FEEDS_PER_EVENT_MAX);
    CHECK(!draft->ticket_open || !comes_after_closing(store, draft));
    if (number == UINT32_MAX ||
        ids_insert(&store->ids, hash_of_key(draft->key), (uint32_t)number) != OK)
        return ERR_FULL;
    for (uint32_t i = 0; i < draft->feeds_count; i++)
        sequences[i] = ++store->heads[draft->feeds[i].feed];
    store->next++;
    store->offsets[store->group_count++].bytes = (uint32_t)store->group_bytes;
    store->group_bytes += record_seal(record, number, draft, sequences, next_salt(store));
    if (draft->serial != number)
        recent_put(&store->group_lasts, draft->serial, (uint32_t)number);
    writer_note_time(store, number, draft->time_ms);
    return OK;
}

static void close_group(struct store *store)
{
    store->group_first = store->next;
    store->group_count = 0;
    store->group_bytes = 0;
    recent_forget(&store->group_lasts);
}

void store_abandon(struct store *store)
{
    while (store->next > store->group_first) {
        struct event_view view;
        open_event(store, store->next - 1, &view);
        for (uint32_t i = 0; i < view.feeds_count; i++)
            store->heads[view.feeds[i].feed]--;
        ids_take_back(&store->ids, hash_of_key(view.key), (uint32_t)view.number);
        store->next--;
    }
    store->latest = store->committed;
    close_group(store);
}

/* -- commit ------------------------------------------------------------------------------------ */

static int put_group(struct store *store, MDB_txn *txn, struct group_head *head)
{
    size_t offsets_bytes = (store->group_count * sizeof *store->offsets + RECORD_ALIGNMENT - 1) /
                           RECORD_ALIGNMENT * RECORD_ALIGNMENT;
    struct key bytes = key_of_u64(store->group_first);
    MDB_val key = val_of_key(&bytes);
    MDB_val value = {sizeof *head + offsets_bytes + store->group_bytes, NULL};
    group_seal(head, store->group_first, store->group_count, store->group_bytes, store->previous,
               store->offsets, store->records);
    int code = mdb_put(txn, store->tables.log, &key, &value, MDB_APPEND | MDB_RESERVE);
    if (code != MDB_SUCCESS)
        return code;
    uint8_t *out = value.mv_data;
    memcpy(out, head, sizeof *head);
    memset(out + sizeof *head, 0, offsets_bytes);
    memcpy(out + sizeof *head, store->offsets, store->group_count * sizeof *store->offsets);
    memcpy(out + sizeof *head + offsets_bytes, store->records, store->group_bytes);
    return MDB_SUCCESS;
}

static bool has_reserve(const struct store *store)
{
    struct statvfs disk;
    return statvfs(store->path, &disk) != 0 ||
           (uint64_t)disk.f_bavail * disk.f_frsize >= store->options.reserve_bytes;
}

/* After a failed commit: is the environment still good for another? */
static enum err judge(struct store *store, int code)
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

static enum err write_group(struct store *store, struct group_head *head)
{
    MDB_txn *txn;
    int code = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (code != MDB_SUCCESS)
        return err_of_lmdb(code);
    code = put_group(store, txn, head);
    if (code != MDB_SUCCESS)
        mdb_txn_abort(txn);
    else
        code = mdb_txn_commit(txn);
    return code == MDB_SUCCESS ? OK : judge(store, code);
}

/* A large group has left the cache by the time it is durable. */
static void expect_event(const struct store *store, uint64_t number)
{
    if (number < store->next)
        record_expect(store->records + store->offsets[number - store->group_first].bytes);
}

/* What the group added, now that it is durable. */
static void keep_group(struct store *store, const struct group_head *head)
{
    uint64_t tickets = 0;
    for (uint64_t number = store->group_first; number < store->next; number++) {
        struct event_view view;
        expect_event(store, number + LOOK_AHEAD);
        open_event(store, number, &view);
        tickets += view.serial == view.number;
        tail_add(&store->tail, &view);
    }
    memcpy(store->previous, head->hash, DIGEST_BYTES);
    store->committed = store->latest;
    store->groups_since_derived++;
    counter_set(&store->events, store->next - 1);
    counter_add(&store->tickets, tickets);
    counter_add(&store->groups, 1);
    close_group(store);
}

enum err store_commit(struct store *store)
{
    struct group_head head;
    reader_let_go(store->own); /* the next look-up sees what this commit adds */
    if (store->group_count == 0)
        return OK;
    bool has_room = tail_has_room(&store->tail, store->group_count) && has_reserve(store);
    enum err err = has_room ? write_group(store, &head) : ERR_FULL;
    if (err == OK)
        keep_group(store, &head);
    else
        store_abandon(store);
    if (store->tail.limit - store->tail.begin >= DERIVE_EVENTS ||
        store->groups_since_derived >= store->options.derive_groups)
        store_derive(store);
    return err;
}
