#include "store/store.h"

#include "base/check.h"
#include "store/ids.h"
#include "store/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { DERIVE_EVENTS = 16384, DERIVE_GROUPS = 1024, PATH_BYTES = 1024, SALTS = 512 };

static const size_t default_map_bytes = (size_t)1 << 40;
static const size_t default_reserve_bytes = (size_t)64 << 20;

/* A feed as the writer knows it: where it stands, and its open page. */
struct feed {
    uint32_t head;
    uint32_t page[STORE_PAGE_EVENTS];      /* its open page, as the tables have it */
    uint32_t next_page[STORE_PAGE_EVENTS]; /* the same, in the derivation under way */
    bool touched;                          /* by that */
};

struct store {
    struct store_options options;
    char path[PATH_BYTES];
    int lock_fd;
    MDB_env *env;
    struct tables tables;
    uint64_t seed;
    uint64_t salts[SALTS]; /* random, used up from the end */
    uint32_t salts_left;

    struct store_reader *own; /* for what is committed */
    bool own_begun;           /* since the last commit */

    uint64_t next; /* number of the next event */
    int64_t last_time_ms;
    uint8_t previous[DIGEST_BYTES]; /* hash of the last group */
    struct ids ids;
    uint32_t ids_blocks;
    struct feed *feeds;
    uint32_t feeds_count;
    struct tail tail; /* committed, not yet in the tables */
    uint32_t groups_since_derived;
    int32_t day;        /* the latest that has an event, the open group's included */
    uint64_t day_first; /* its first event */

    /* The open group. */
    uint8_t *records;
    struct stored_offset *offsets;
    uint64_t group_first;
    uint32_t group_count;
    size_t group_bytes;
    int32_t committed_day;
    uint64_t committed_day_first;
    int64_t committed_time_ms;

    struct counter events, tickets, groups;
};

/* -- opening ----------------------------------------------------------------------------------- */

static enum err lock(struct store *store, struct diag *diag)
{
    char path[PATH_BYTES + 16];
    char owner[32] = "";
    snprintf(path, sizeof path, "%s/engine.lock", store->path);
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (store->lock_fd < 0) {
        diag_add(diag, store->path, 0, 0, "cannot be written to: %s", strerror(errno));
        return ERR_IO;
    }
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) == 0) {
        int length = snprintf(owner, sizeof owner, "%d\n", getpid());
        bool noted = ftruncate(store->lock_fd, 0) == 0 &&
                     pwrite(store->lock_fd, owner, (size_t)length, 0) == length;
        (void)noted; /* the pid is only for messages; the lock is what counts */
        return OK;
    }
    ssize_t got = pread(store->lock_fd, owner, sizeof owner - 1, 0);
    diag_add(diag, store->path, 0, 0,
             "is in use by another engine (process %ld); stop that one first, or choose another "
             "store",
             got > 0 ? strtol(owner, NULL, 10) : 0L);
    return ERR_BUSY;
}

static void *reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(memory != MAP_FAILED);
    return memory;
}

static void grow_feeds(struct store *store, uint32_t count)
{
    if (count <= store->feeds_count)
        return;
    store->feeds = realloc(store->feeds, count * sizeof *store->feeds);
    CHECK(store->feeds != NULL);
    memset(store->feeds + store->feeds_count, 0,
           (count - store->feeds_count) * sizeof *store->feeds);
    store->feeds_count = count;
}

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

static bool take_ids(struct store *store, const MDB_val *key, const MDB_val *value)
{
    const struct stored_id *ids = value->mv_data;
    store->ids_blocks = (uint32_t)number_of_key(key) + 1;
    for (size_t i = 0; i < value->mv_size / sizeof *ids; i++)
        if (ids[i].event == 0 || ids_insert(&store->ids, ids[i].hash, ids[i].event) != OK)
            return false;
    return true;
}

static bool take_head(struct store *store, const MDB_val *key, const MDB_val *value)
{
    uint64_t number = number_of_key(key);
    uint32_t head;
    if (number >= store->feeds_count || value->mv_size < sizeof head)
        return false;
    struct feed *feed = &store->feeds[number];
    memcpy(&head, value->mv_data, sizeof head);
    size_t page_bytes = head % STORE_PAGE_EVENTS * sizeof feed->page[0];
    if (value->mv_size != sizeof head + page_bytes)
        return false;
    feed->head = head;
    memcpy(feed->page, (const uint8_t *)value->mv_data + sizeof head, page_bytes);
    return true;
}

static bool take_day(struct store *store, const MDB_val *key, const MDB_val *value)
{
    if (value->mv_size != sizeof store->day_first)
        return false;
    store->day = (int32_t)number_of_key(key);
    memcpy(&store->day_first, value->mv_data, sizeof store->day_first);
    return true;
}

static void note_day(struct store *store, const struct event_view *view)
{
    int32_t day = day_of_ms(view->time_ms);
    if (day <= store->day)
        return;
    store->day = day;
    store->day_first = view->number;
}

/* Takes a durable event into memory: its key, its places in feeds, and the tail. */
static enum err learn(struct store *store, const struct event_view *view)
{
    enum err err = ids_insert(&store->ids, hash_of_key(view->key), (uint32_t)view->number);
    if (err != OK)
        return err;
    for (uint32_t i = 0; i < view->feeds_count; i++) {
        if (view->feeds[i].feed >= store->feeds_count ||
            view->feeds[i].sequence != store->feeds[view->feeds[i].feed].head + 1)
            return ERR_DAMAGED;
        store->feeds[view->feeds[i].feed].head++;
    }
    tail_add(&store->tail, view);
    note_day(store, view);
    return OK;
}

static enum err redo_tail(struct store *store, uint64_t watermark)
{
    uint64_t limit = store_reader_limit(store->own);
    tail_reset(&store->tail, watermark, store->day);
    for (uint64_t number = watermark; number < limit; number++) {
        struct event_view view;
        struct group_view group;
        enum err err = reader_find_group(store->own, number, &group);
        if (err == OK && number == group.head->first && !group_holds(&group))
            err = ERR_DAMAGED;
        if (err == OK)
            err = store_reader_event(store->own, number, &view);
        if (err == OK)
            err = learn(store, &view);
        if (err != OK)
            return err;
    }
    return OK;
}

static enum err read_last_group(struct store *store)
{
    uint64_t limit = store_reader_limit(store->own);
    struct group_view group;
    struct event_view view;
    store->next = limit;
    if (limit == 1)
        return OK;
    enum err err = reader_find_group(store->own, limit - 1, &group);
    if (err == OK && !group_holds(&group))
        err = ERR_DAMAGED;
    if (err == OK)
        err = store_reader_event(store->own, limit - 1, &view);
    if (err != OK)
        return err;
    memcpy(store->previous, group.head->hash, DIGEST_BYTES);
    store->last_time_ms = view.time_ms;
    return OK;
}

static enum err recover_in(struct store *store, MDB_txn *txn)
{
    uint64_t watermark = 1;
    store->day = INT32_MIN;
    grow_feeds(store, store_reader_feeds(store->own));
    enum err err = lmdb_get_u64(txn, store->tables.meta, val_of("watermark", 9), &watermark);
    if (err == ERR_NOT_FOUND)
        err = OK;
    if (err == OK)
        err = each_row(store, txn, store->tables.ids, take_ids);
    if (err == OK)
        err = each_row(store, txn, store->tables.heads, take_head);
    if (err == OK)
        err = each_row(store, txn, store->tables.days, take_day);
    if (err == OK)
        err = redo_tail(store, watermark);
    return err == OK ? read_last_group(store) : err;
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

static enum err recover(struct store *store, struct diag *diag)
{
    enum err err = reader_open(store->env, &store->tables, &store->own);
    if (err == OK)
        err = store_reader_begin(store->own);
    if (err == OK) {
        err = recover_in(store, store->own->txn);
        counter_set(&store->tickets, count_tickets(store));
        store_reader_end(store->own);
    }
    if (err != OK)
        diag_add(diag, store->path, 0, 0,
                 "cannot be recovered from its log (%s); run lianxin verify on it", err_name(err));
    counter_set(&store->events, store->next - 1);
    store->group_first = store->next;
    store->committed_day = store->day;
    store->committed_day_first = store->day_first;
    store->committed_time_ms = store->last_time_ms;
    return err;
}

static enum err open_parts(struct store *store, struct diag *diag)
{
    if (mkdir(store->path, 0755) != 0 && errno != EEXIST) {
        diag_add(diag, store->path, 0, 0, "cannot be made: %s", strerror(errno));
        return ERR_IO;
    }
    enum err err = lock(store, diag);
    if (err == OK)
        err = lmdb_open(store->path, store->options.map_bytes, false, diag, &store->env);
    if (err != OK)
        return err;
    int dead;
    mdb_reader_check(store->env, &dead); /* readers that were killed keep old pages alive */
    err = lmdb_open_tables(store->env, store->path, false, diag, &store->tables, &store->seed);
    return err == OK ? recover(store, diag) : err;
}

enum err store_open(const struct store_options *options, struct diag *diag, struct store **store)
{
    struct store *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->options = *options;
    snprintf(made->path, sizeof made->path, "%s", options->path);
    if (made->options.map_bytes == 0)
        made->options.map_bytes = default_map_bytes;
    if (made->options.derive_groups == 0)
        made->options.derive_groups = DERIVE_GROUPS;
    if (made->options.reserve_bytes == 0)
        made->options.reserve_bytes = default_reserve_bytes;
    made->lock_fd = -1;
    made->records = reserve(STORE_GROUP_BYTES_MAX);
    made->offsets = reserve(STORE_GROUP_EVENTS_MAX * sizeof *made->offsets);
    int ready = sodium_init();
    CHECK(ready >= 0);
    enum err err = open_parts(made, diag);
    if (err != OK) {
        made->next = 0; /* nothing to write when it is closed */
        store_close(&made);
        return err;
    }
    *store = made;
    return OK;
}

void store_close(struct store **store)
{
    struct store *old = *store;
    if (old == NULL)
        return;
    *store = NULL;
    if (old->next > 0) {
        store_abandon(old);
        store_derive(old);
    }
    store_reader_close(&old->own);
    if (old->env != NULL)
        mdb_env_close(old->env);
    if (old->lock_fd >= 0)
        close(old->lock_fd);
    ids_fini(&old->ids);
    tail_fini(&old->tail);
    free(old->feeds);
    munmap(old->records, STORE_GROUP_BYTES_MAX);
    munmap(old->offsets, STORE_GROUP_EVENTS_MAX * sizeof *old->offsets);
    free(old);
}

uint64_t store_seed(const struct store *store)
{
    return store->seed;
}

/* -- policies ---------------------------------------------------------------------------------- */

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
        grow_feeds(store, known_count);
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

/* -- looking things up ------------------------------------------------------------------------- */

static enum err begin_own(struct store *store)
{
    if (store->own_begun)
        return OK;
    enum err err = store_reader_begin(store->own);
    store->own_begun = err == OK;
    return err;
}

static void end_own(struct store *store)
{
    if (store->own_begun)
        store_reader_end(store->own);
    store->own_begun = false;
}

uint64_t store_next(const struct store *store)
{
    return store->next;
}

uint64_t store_day_first(struct store *store, int32_t day)
{
    return day <= store->day ? store->day_first : store->next;
}

enum err store_day_find(struct store *store, int32_t day, uint64_t *first)
{
    if (day == store->day) {
        *first = store->day_first;
        return OK;
    }
    enum err err = begin_own(store);
    return err == OK ? store_reader_day_first(store->own, day, first) : err;
}

int64_t store_last_time_ms(const struct store *store)
{
    return store->last_time_ms;
}

enum err store_event(struct store *store, uint64_t number, struct event_view *view)
{
    if (number >= store->next)
        return ERR_NOT_FOUND;
    if (number >= store->group_first) {
        uint32_t offset = store->offsets[number - store->group_first].bytes;
        bool right =
            record_view(store->records + offset, store->group_bytes - offset, number, view);
        CHECK(right);
        return OK;
    }
    enum err err = begin_own(store);
    return err == OK ? store_reader_event(store->own, number, view) : err;
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

/* The last event of a ticket within the open group, 0 where it has none there. */
static uint64_t last_in_group(struct store *store, uint64_t serial)
{
    struct event_view view;
    for (uint64_t number = store->next; number > store->group_first; number--) {
        enum err err = store_event(store, number - 1, &view);
        CHECK(err == OK);
        if (view.serial == serial)
            return number - 1;
    }
    return 0;
}

enum err store_last(struct store *store, uint64_t serial, uint64_t *number)
{
    *number = last_in_group(store, serial);
    if (*number != 0)
        return OK;
    if (serial == 0 || serial >= store->group_first)
        return ERR_NOT_FOUND;
    enum err err = begin_own(store);
    return err == OK ? store_reader_last(store->own, serial, number) : err;
}

/* -- the open group ---------------------------------------------------------------------------- */

uint8_t *store_room(struct store *store, size_t bytes_max)
{
    CHECK(record_bytes_max(bytes_max) <= STORE_GROUP_BYTES_MAX);
    if (store->group_count == STORE_GROUP_EVENTS_MAX ||
        store->group_bytes + record_bytes_max(bytes_max) > STORE_GROUP_BYTES_MAX)
        return NULL;
    return store->records + store->group_bytes + record_parts_offset(STORE_FEEDS_PER_EVENT_MAX);
}

/* Never 0, which marks what was erased. Of real randomness: a salt that could be computed from its
 * neighbour's would give away what was erased. */
static uint64_t next_salt(struct store *store)
{
    if (store->salts_left == 0) {
        randombytes_buf(store->salts, sizeof store->salts);
        store->salts_left = SALTS;
    }
    return store->salts[--store->salts_left] | 1;
}

void store_append(struct store *store, const struct event_draft *draft)
{
    uint32_t sequences[STORE_FEEDS_PER_EVENT_MAX];
    uint8_t *record = store->records + store->group_bytes;
    uint8_t *room = record + record_parts_offset(STORE_FEEDS_PER_EVENT_MAX);
    CHECK(draft->feeds_count <= STORE_FEEDS_PER_EVENT_MAX);
    memmove(record + record_parts_offset(draft->feeds_count), room,
            draft->open_bytes + draft->story_bytes + draft->reporter_bytes);
    for (uint32_t i = 0; i < draft->feeds_count; i++)
        sequences[i] = ++store->feeds[draft->feeds[i].feed].head;
    uint64_t number = store->next++;
    store->offsets[store->group_count++].bytes = (uint32_t)store->group_bytes;
    store->group_bytes += record_seal(record, number, draft, sequences, next_salt(store));
    store->last_time_ms = draft->time_ms;
    int32_t day = day_of_ms(draft->time_ms);
    if (day > store->day) {
        store->day = day;
        store->day_first = number;
    }
    enum err err = ids_insert(&store->ids, hash_of_key(draft->key), (uint32_t)number);
    CHECK(err == OK); /* limits are checked before a group is opened for more */
}

static void view_of_group(struct store *store, uint64_t number, struct event_view *view)
{
    enum err err = store_event(store, number, view);
    CHECK(err == OK);
}

static void close_group(struct store *store)
{
    store->group_first = store->next;
    store->group_count = 0;
    store->group_bytes = 0;
}

void store_abandon(struct store *store)
{
    while (store->next > store->group_first) {
        struct event_view view;
        view_of_group(store, store->next - 1, &view);
        for (uint32_t i = 0; i < view.feeds_count; i++)
            store->feeds[view.feeds[i].feed].head--;
        ids_take_back(&store->ids, hash_of_key(view.key), (uint32_t)view.number);
        store->next--;
    }
    store->day = store->committed_day;
    store->day_first = store->committed_day_first;
    store->last_time_ms = store->committed_time_ms;
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

static int put(MDB_txn *txn, MDB_dbi table, struct key bytes, const void *data, size_t data_bytes)
{
    MDB_val key = val_of_key(&bytes);
    MDB_val value = val_of(data, data_bytes);
    return mdb_put(txn, table, &key, &value, 0);
}

/* Adds the tail's places to the feeds' pages; full ones go to the table. The places of a feed stand
 * in the tail in order, so each open page is carried on from what the table has. */
static int derive_feeds(struct store *store, MDB_txn *txn)
{
    const struct tail *tail = &store->tail;
    int code = MDB_SUCCESS;
    for (uint32_t i = 0; i < tail->places_count && code == MDB_SUCCESS; i++) {
        const struct tail_place *place = &tail->places[i];
        struct feed *feed = &store->feeds[place->feed];
        if (!feed->touched)
            memcpy(feed->next_page, feed->page, sizeof feed->page);
        feed->touched = true;
        feed->next_page[(place->sequence - 1) % STORE_PAGE_EVENTS] = place->event;
        if (place->sequence % STORE_PAGE_EVENTS == 0)
            code = put(txn, store->tables.pages,
                       key_of_page(place->feed, (place->sequence - 1) / STORE_PAGE_EVENTS),
                       feed->next_page, sizeof feed->next_page);
    }
    for (uint32_t i = 0; i < store->feeds_count && code == MDB_SUCCESS; i++) {
        struct feed *feed = &store->feeds[i];
        uint32_t value[1 + STORE_PAGE_EVENTS];
        if (!feed->touched)
            continue;
        size_t open = feed->head % STORE_PAGE_EVENTS;
        value[0] = feed->head;
        memcpy(value + 1, feed->next_page, open * sizeof value[0]);
        code = put(txn, store->tables.heads, key_of_u32(i), value, (1 + open) * sizeof value[0]);
    }
    return code;
}

static int derive_ids(struct store *store, MDB_txn *txn)
{
    const struct tail *tail = &store->tail;
    struct key bytes = key_of_u32(store->ids_blocks);
    MDB_val key = val_of_key(&bytes);
    MDB_val value = {tail->ids_count * sizeof(struct stored_id), NULL};
    int code = mdb_put(txn, store->tables.ids, &key, &value, MDB_APPEND | MDB_RESERVE);
    if (code != MDB_SUCCESS)
        return code;
    struct stored_id *out = value.mv_data;
    for (uint32_t i = 0; i < tail->ids_count; i++)
        out[i] = (struct stored_id){tail->ids[i].hash, tail->ids[i].event};
    return MDB_SUCCESS;
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
    return code == MDB_SUCCESS ? derive_rest(store, txn) : code;
}

/* Only a derivation that is durable changes what the next one begins with. */
static void end_derivation(struct store *store, bool durable)
{
    for (uint32_t i = 0; i < store->feeds_count; i++) {
        struct feed *feed = &store->feeds[i];
        if (feed->touched && durable)
            memcpy(feed->page, feed->next_page, sizeof feed->page);
        feed->touched = false;
    }
    if (!durable)
        return;
    store->ids_blocks++;
    store->groups_since_derived = 0;
    tail_reset(&store->tail, store->tail.limit, store->tail.day);
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

/* What the group added, now that it is durable. */
static void keep_group(struct store *store, const struct group_head *head)
{
    uint64_t tickets = 0;
    for (uint64_t number = store->group_first; number < store->next; number++) {
        struct event_view view;
        view_of_group(store, number, &view);
        tickets += view.serial == view.number;
        tail_add(&store->tail, &view);
    }
    memcpy(store->previous, head->hash, DIGEST_BYTES);
    store->committed_day = store->day;
    store->committed_day_first = store->day_first;
    store->committed_time_ms = store->last_time_ms;
    store->groups_since_derived++;
    counter_set(&store->events, store->next - 1);
    counter_add(&store->tickets, tickets);
    counter_add(&store->groups, 1);
    close_group(store);
}

enum err store_commit(struct store *store)
{
    struct group_head head;
    end_own(store); /* the next look-up sees what this commit adds */
    if (store->group_count == 0)
        return OK;
    bool within_limits = store->next + STORE_GROUP_EVENTS_MAX < UINT32_MAX;
    enum err err = within_limits && has_reserve(store) ? write_group(store, &head) : ERR_FULL;
    if (err != OK) {
        store_abandon(store);
        return err;
    }
    keep_group(store, &head);
    if (store->tail.limit - store->tail.begin >= DERIVE_EVENTS ||
        store->groups_since_derived >= store->options.derive_groups)
        store_derive(store);
    return OK;
}

bool store_derive(struct store *store)
{
    MDB_txn *txn;
    CHECK(store->group_count == 0);
    end_own(store);
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

/* -- readers and status ------------------------------------------------------------------------ */

enum err store_reader_open(struct store *store, struct store_reader **reader)
{
    return reader_open(store->env, &store->tables, reader);
}

void store_status(const struct store *store, struct store_status *status)
{
    char path[PATH_BYTES + 16];
    struct stat file;
    struct statvfs disk;
    snprintf(path, sizeof path, "%s/data.mdb", store->path);
    *status = (struct store_status){
        .events = counter_read(&store->events),
        .tickets = counter_read(&store->tickets),
        .groups = counter_read(&store->groups),
    };
    if (stat(path, &file) == 0)
        status->store_bytes = (uint64_t)file.st_size;
    if (statvfs(store->path, &disk) == 0)
        status->free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
}
