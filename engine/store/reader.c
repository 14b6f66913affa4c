#include "store/reader.h"

#include "base/check.h"
#include "store/space.h"
#include "store/standing.h"

#include <stdlib.h>

enum { LOOK_AHEAD = 8 };

enum err reader_open(MDB_env *env, const struct tables *tables, struct store_reader **reader)
{
    struct store_reader *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->env = env;
    made->tables = tables;
    tail_init(&made->tail);
    made->tail_watermark = 1;
    int code = mdb_txn_begin(env, NULL, MDB_RDONLY, &made->txn);
    if (code == MDB_SUCCESS)
        code = mdb_cursor_open(made->txn, tables->log, &made->log);
    if (code != MDB_SUCCESS) {
        store_reader_close(&made);
        return err_of_lmdb(code);
    }
    mdb_txn_reset(made->txn);
    *reader = made;
    return OK;
}

void store_reader_close(struct store_reader **reader)
{
    struct store_reader *old = *reader;
    if (old == NULL)
        return;
    *reader = NULL;
    if (old->log != NULL)
        mdb_cursor_close(old->log);
    if (old->txn != NULL)
        mdb_txn_abort(old->txn);
    tail_fini(&old->tail);
    free(old);
}

enum err store_reader_begin(struct store_reader *reader)
{
    CHECK(!reader->open);
    int code = mdb_txn_renew(reader->txn);
    if (code == MDB_SUCCESS) {
        code = mdb_cursor_renew(reader->txn, reader->log);
        if (code != MDB_SUCCESS)
            mdb_txn_reset(reader->txn);
    }
    reader->open = code == MDB_SUCCESS;
    reader->has_group = reader->caught_up = false;
    return err_of_lmdb(code);
}

void store_reader_end(struct store_reader *reader)
{
    CHECK(reader->open);
    mdb_txn_reset(reader->txn);
    reader->open = false;
    reader->has_group = false;
}

enum err reader_hold(struct store_reader *reader)
{
    return reader->open ? OK : store_reader_begin(reader);
}

void reader_let_go(struct store_reader *reader)
{
    if (reader->open)
        store_reader_end(reader);
}

/* -- the log ----------------------------------------------------------------------------------- */

static bool holds(const struct group_view *group, uint64_t number)
{
    return number >= group->head->first && number - group->head->first < group->head->count;
}

/* Moves the cursor to the group whose first event is the highest not above number. */
static int seek(struct store_reader *reader, uint64_t number, MDB_val *value)
{
    struct key bytes = key_of_u64(number);
    MDB_val key = val_of_key(&bytes);
    int code = mdb_cursor_get(reader->log, &key, value, MDB_SET_RANGE);
    if (code == MDB_SUCCESS && number_of_key(&key) == number)
        return MDB_SUCCESS;
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return code;
    return mdb_cursor_get(reader->log, &key, value, code == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
}

enum err reader_find_group(struct store_reader *reader, uint64_t number, struct group_view *group)
{
    MDB_val value;
    CHECK(reader->open);
    if (!reader->has_group || !holds(&reader->group, number)) {
        reader->has_group = false;
        int code = seek(reader, number, &value);
        if (code != MDB_SUCCESS)
            return err_of_lmdb(code);
        if (!group_open(span_of(value.mv_data, value.mv_size), &reader->group))
            return ERR_DAMAGED;
        reader->has_group = true;
    }
    if (!holds(&reader->group, number))
        return ERR_NOT_FOUND;
    *group = reader->group;
    return OK;
}

enum err store_reader_event(struct store_reader *reader, uint64_t number, struct event_view *view)
{
    struct group_view group;
    enum err err = reader_find_group(reader, number, &group);
    if (err != OK)
        return err;
    return group_event(&group, number, view) ? OK : ERR_DAMAGED;
}

/* The next one to be written goes best where the one is that was written a while ago. */
static void pass(struct store_reader *reader, const struct group_view *group)
{
    struct span run;
    const uint8_t *begin = (const uint8_t *)group->head;
    passed_add(&reader->passed,
               span_of(begin, (size_t)(group->records - begin) + group->head->bytes));
    if (reader->map == NULL)
        reader->map = lmdb_map(reader->env, begin);
    while (passed_next(&reader->passed, &run)) {
        int fd;
        int code = mdb_env_get_fd(reader->env, &fd);
        CHECK(code == MDB_SUCCESS);
        space_let_go(run.data, run.bytes, fd, (uint64_t)(run.data - reader->map));
    }
}

enum err store_reader_fresh(struct store_reader *reader, uint64_t number, struct event_view *view)
{
    struct group_view group;
    enum err err = reader_find_group(reader, number, &group);
    if (err != OK)
        return err;
    uint64_t index = number - group.head->first;
    if (index == 0)
        pass(reader, &group);
    if (index + LOOK_AHEAD < group.head->count)
        record_expect(group.records + group.offsets[index + LOOK_AHEAD].bytes);
    record_peek(group.records + group.offsets[index].bytes, view);
    return OK;
}

uint64_t store_reader_limit(struct store_reader *reader)
{
    MDB_val key;
    MDB_val value;
    struct group_view group;
    reader->has_group = false;
    if (mdb_cursor_get(reader->log, &key, &value, MDB_LAST) != MDB_SUCCESS ||
        !group_open(span_of(value.mv_data, value.mv_size), &group))
        return 1;
    return group.head->first + group.head->count;
}

/* -- the tail ---------------------------------------------------------------------------------- */

static uint64_t watermark(struct store_reader *reader)
{
    uint64_t mark;
    enum err err = lmdb_get_u64(reader->txn, reader->tables->meta, val_of("watermark", 9), &mark);
    return err == OK ? mark : 1;
}

static int32_t last_day(struct store_reader *reader)
{
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    int32_t day = INT32_MIN;
    if (mdb_cursor_open(reader->txn, reader->tables->days, &cursor) != MDB_SUCCESS)
        return day;
    if (mdb_cursor_get(cursor, &key, &value, MDB_LAST) == MDB_SUCCESS)
        day = (int32_t)number_of_key(&key);
    mdb_cursor_close(cursor);
    return day;
}

/* Brings the tail to where the snapshot ends. It begins anew when the tables have moved on. */
static enum err catch_up(struct store_reader *reader)
{
    if (reader->caught_up)
        return OK;
    uint64_t mark = watermark(reader);
    uint64_t limit = store_reader_limit(reader);
    if (mark > limit || limit - mark > TAIL_EVENTS_MAX)
        return ERR_DAMAGED;
    if (reader->tail_watermark != mark) {
        tail_reset(&reader->tail, mark, last_day(reader));
        reader->tail_watermark = mark;
    }
    while (reader->tail.limit < limit) {
        struct event_view view;
        enum err err = store_reader_event(reader, reader->tail.limit, &view);
        if (err != OK)
            return err;
        tail_add(&reader->tail, &view);
    }
    reader->caught_up = true;
    return OK;
}

enum err reader_stored_last(struct store_reader *reader, uint64_t serial, uint64_t *number)
{
    struct key key = key_of_u64(serial);
    enum err err = lmdb_get_u64(reader->txn, reader->tables->lasts, val_of_key(&key), number);
    if (err != ERR_NOT_FOUND)
        return err;
    *number = serial; /* nothing happened to it yet */
    return OK;
}

enum err reader_is_ticket(struct store_reader *reader, uint64_t serial)
{
    struct event_view view;
    enum err err = store_reader_event(reader, serial, &view);
    return err == OK && view.serial != serial ? ERR_NOT_FOUND : err;
}

enum err store_reader_last(struct store_reader *reader, uint64_t serial, uint64_t *number)
{
    enum err err = reader_is_ticket(reader, serial);
    if (err == OK)
        err = catch_up(reader);
    if (err != OK)
        return err;
    *number = tail_last(&reader->tail, serial);
    return *number != 0 ? OK : reader_stored_last(reader, serial, number);
}

/* A row's open tickets from the first that is greater than after, but for what the tail closes. */
static void list_row(const struct store_reader *reader, const struct standing_row *row,
                     uint64_t first, uint64_t after, uint64_t *serials, uint32_t serials_max,
                     uint32_t *count)
{
    for (uint64_t serial = first; serial < first + STANDING_SERIALS; serial++)
        if (serial > after && standing_is_open(row, serial) && *count < serials_max &&
            !tail_closes(&reader->tail, serial))
            serials[(*count)++] = serial;
}

static enum err list_stored_open(struct store_reader *reader, uint64_t after, uint64_t *serials,
                                 uint32_t serials_max, uint32_t *count)
{
    MDB_cursor *cursor;
    MDB_val value;
    struct key bytes = key_of_u32(standing_row_of(after));
    MDB_val key = val_of_key(&bytes);
    int code = mdb_cursor_open(reader->txn, reader->tables->open, &cursor);
    if (code != MDB_SUCCESS)
        return err_of_lmdb(code);
    code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    while (code == MDB_SUCCESS && *count < serials_max) {
        struct standing_row row;
        if (!standing_read(&value, &row)) {
            code = MDB_CORRUPTED;
            break;
        }
        list_row(reader, &row, standing_first((uint32_t)number_of_key(&key)), after, serials,
                 serials_max, count);
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? OK : err_of_lmdb(code);
}

/* The tables end where the tail begins, and what is closed stays closed: so the tail's own come
 * behind the tables', and both are in order. */
enum err store_reader_open_tickets(struct store_reader *reader, uint64_t after, uint64_t *serials,
                                   uint32_t serials_max, uint32_t *count)
{
    const struct tail *tail = &reader->tail;
    enum err err = catch_up(reader);
    *count = 0;
    if (err == OK && after < UINT32_MAX)
        err = list_stored_open(reader, after, serials, serials_max, count);
    if (err != OK)
        return err;
    for (uint32_t i = 0; i < tail->opened_count && *count < serials_max; i++)
        if (tail->opened[i] > after && !tail_closes(tail, tail->opened[i]))
            serials[(*count)++] = tail->opened[i];
    return OK;
}

enum err reader_stored_open(struct store_reader *reader, uint64_t serial, bool *open)
{
    struct standing_row row;
    int code = standing_get(reader->txn, reader->tables->open, standing_row_of(serial), &row);
    *open = standing_is_open(&row, serial);
    return err_of_lmdb(code);
}

enum err reader_stored_day(struct store_reader *reader, int32_t day, uint64_t *first)
{
    struct key key = key_of_u32((uint32_t)day);
    return lmdb_get_u64(reader->txn, reader->tables->days, val_of_key(&key), first);
}

enum err store_reader_day_first(struct store_reader *reader, int32_t day, uint64_t *first)
{
    enum err err = catch_up(reader);
    if (err != OK)
        return err;
    *first = tail_day(&reader->tail, day);
    return *first != 0 ? OK : reader_stored_day(reader, day, first);
}

/* -- feeds ------------------------------------------------------------------------------------- */

uint32_t store_reader_feeds(struct store_reader *reader)
{
    MDB_stat stat;
    int code = mdb_stat(reader->txn, reader->tables->feeds, &stat);
    return code == MDB_SUCCESS ? (uint32_t)stat.ms_entries : 0;
}

struct span store_reader_feed_unit(struct store_reader *reader, uint32_t feed)
{
    struct key bytes = key_of_u32(feed);
    MDB_val key = val_of_key(&bytes);
    MDB_val value;
    int code = mdb_get(reader->txn, reader->tables->feeds, &key, &value);
    return code == MDB_SUCCESS ? span_of(value.mv_data, value.mv_size) : (struct span){0};
}

enum err store_reader_feed_find(struct store_reader *reader, struct span unit, uint32_t *feed)
{
    MDB_val key = val_of(unit.data, unit.bytes);
    MDB_val value;
    if (unit.bytes == 0 || unit.bytes > UNIT_KEY_BYTES_MAX) /* no key of LMDB's may be so long */
        return ERR_NOT_FOUND;
    int code = mdb_get(reader->txn, reader->tables->units, &key, &value);
    if (code != MDB_SUCCESS)
        return err_of_lmdb(code);
    if (value.mv_size != sizeof *feed)
        return ERR_DAMAGED;
    memcpy(feed, value.mv_data, sizeof *feed);
    return *feed < store_reader_feeds(reader) ? OK : ERR_DAMAGED;
}

/* What the table says: last sequence and the events of the open page. */
static uint32_t stored_row(struct store_reader *reader, uint32_t feed, MDB_val *value)
{
    struct key bytes = key_of_u32(feed);
    MDB_val key = val_of_key(&bytes);
    uint32_t head = 0;
    if (mdb_get(reader->txn, reader->tables->heads, &key, value) == MDB_SUCCESS &&
        value->mv_size >= sizeof head)
        memcpy(&head, value->mv_data, sizeof head);
    return head;
}

uint32_t reader_stored_head(struct store_reader *reader, uint32_t feed)
{
    MDB_val value;
    return stored_row(reader, feed, &value);
}

uint64_t store_reader_head(struct store_reader *reader, uint32_t feed)
{
    if (catch_up(reader) != OK)
        return 0;
    uint32_t head = tail_head(&reader->tail, feed);
    return head != 0 ? head : reader_stored_head(reader, feed);
}

/* One event number out of the tables. */
static enum err stored_place(struct store_reader *reader, uint32_t feed, uint32_t sequence,
                             uint32_t head, const MDB_val *open_page, uint64_t *number)
{
    uint32_t index = sequence - 1;
    uint32_t event;
    size_t offset = index % STORE_PAGE_EVENTS * sizeof event;
    MDB_val value = *open_page;
    if (index / STORE_PAGE_EVENTS == head / STORE_PAGE_EVENTS) {
        offset += sizeof head;
    } else {
        struct key bytes = key_of_page(feed, index / STORE_PAGE_EVENTS);
        MDB_val key = val_of_key(&bytes);
        int code = mdb_get(reader->txn, reader->tables->pages, &key, &value);
        if (code != MDB_SUCCESS)
            return ERR_DAMAGED;
    }
    if (offset + sizeof event > value.mv_size)
        return ERR_DAMAGED;
    memcpy(&event, (const uint8_t *)value.mv_data + offset, sizeof event);
    *number = event;
    return OK;
}

enum err store_reader_feed(struct store_reader *reader, uint32_t feed, uint64_t first,
                           uint64_t *numbers, uint32_t numbers_max, uint32_t *count)
{
    MDB_val open_page = {0};
    enum err err = catch_up(reader);
    *count = 0;
    CHECK(first > 0);
    if (err != OK || first > UINT32_MAX)
        return err;
    uint32_t head = stored_row(reader, feed, &open_page);
    uint32_t sequence = (uint32_t)first;
    for (; sequence <= head && *count < numbers_max && err == OK; sequence++)
        err = stored_place(reader, feed, sequence, head, &open_page, &numbers[(*count)++]);
    for (uint32_t i = 0; i < reader->tail.places_count && *count < numbers_max; i++) {
        const struct tail_place *place = &reader->tail.places[i];
        if (place->feed == feed && place->sequence == sequence) {
            numbers[(*count)++] = place->event;
            sequence++;
        }
    }
    if (err != OK)
        *count = 0;
    return err;
}

enum err store_reader_policy(struct store_reader *reader, uint32_t number,
                             uint8_t hash[POLICY_HASH_BYTES], struct span *bundle)
{
    struct key bytes = key_of_u32(number);
    MDB_val key = val_of_key(&bytes);
    MDB_val value;
    int code = mdb_get(reader->txn, reader->tables->policies, &key, &value);
    if (code != MDB_SUCCESS)
        return err_of_lmdb(code);
    if (value.mv_size < POLICY_HASH_BYTES)
        return ERR_DAMAGED;
    memcpy(hash, value.mv_data, POLICY_HASH_BYTES);
    *bundle = span_of((const uint8_t *)value.mv_data + POLICY_HASH_BYTES,
                      value.mv_size - POLICY_HASH_BYTES);
    return OK;
}
