/* verify - the log read from end to end, and everything derived from it computed once more. */
#include "base/check.h"
#include "store/reader.h"
#include "store/standing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct verifier {
    const char *path;
    struct diag *diag;
    struct store_proof *proof;
    struct tables tables;
    MDB_txn *txn;
    struct store_reader *reader;
    uint64_t watermark;
    uint64_t limit;
    uint64_t next; /* event expected */
    uint8_t previous[DIGEST_BYTES];
    int32_t day;
    uint32_t *heads; /* of each feed, as the log has it */
    uint32_t feeds_count;
    uint64_t pages_rows, heads_rows, days_rows, lasts_rows; /* that the log makes */
    uint64_t open_tickets;                                  /* likewise, in table open */
    MDB_cursor *ids;
    MDB_val ids_block; /* a row */
    size_t ids_at;     /* within the block */
    uint64_t ids_next; /* event whose key comes next */
    void (*progress)(void *self, uint64_t done, uint64_t all);
    void (*visit)(void *self, struct store_reader *reader, const struct event_view *view);
    void *self;
};

#define COMPLAIN(verifier, ...) diag_add((verifier)->diag, (verifier)->path, 0, 0, __VA_ARGS__)

/* -- derived tables ---------------------------------------------------------------------------- */

static const struct id_tag *next_id(struct verifier *verifier)
{
    MDB_val key;
    while (verifier->ids_at >= verifier->ids_block.mv_size / sizeof(struct id_tag)) {
        if (mdb_cursor_get(verifier->ids, &key, &verifier->ids_block, MDB_NEXT) != MDB_SUCCESS)
            return NULL;
        if (verifier->ids_block.mv_size % sizeof(struct id_tag) != 0)
            COMPLAIN(verifier, "table ids, row %" PRIu64 ": ends within a key",
                     number_of_key(&key));
        if (number_of_key(&key) != verifier->ids_next)
            COMPLAIN(verifier, "table ids, row %" PRIu64 ": was to begin with event %" PRIu64,
                     number_of_key(&key), verifier->ids_next);
        verifier->ids_at = 0;
    }
    verifier->ids_next++;
    return (const struct id_tag *)verifier->ids_block.mv_data + verifier->ids_at++;
}

static void check_id(struct verifier *verifier, const struct event_view *view)
{
    const struct id_tag *id = next_id(verifier);
    struct id_tag made = id_tag_of(hash_of_key(view->key));
    if (id == NULL || id->tag != made.tag || id->more != made.more)
        COMPLAIN(verifier, "event %" PRIu64 ": table ids does not have its key in its place",
                 view->number);
}

/* The tables have the event at its sequence, or none of them goes so far yet. Behind the watermark
 * there may be a hundred thousand events, and a feed is searched for among all of them. */
static void check_place(struct verifier *verifier, const struct event_view *view,
                        const struct feed_entry *entry)
{
    uint64_t number = 0;
    uint32_t count = 0;
    if (view->number >= verifier->watermark) {
        if (reader_stored_head(verifier->reader, entry->feed) >= entry->sequence)
            COMPLAIN(verifier,
                     "event %" PRIu64
                     ": is behind the watermark, but table heads has feed %u up to "
                     "its sequence %u",
                     view->number, entry->feed, entry->sequence);
        return;
    }
    enum err err =
        store_reader_feed(verifier->reader, entry->feed, entry->sequence, &number, 1, &count);
    if (err != OK || count != 1 || number != view->number)
        COMPLAIN(verifier, "event %" PRIu64 ": feed %u does not have it at sequence %u",
                 view->number, entry->feed, entry->sequence);
}

static void check_last(struct verifier *verifier, const struct event_view *view)
{
    uint64_t last = 0;
    struct event_view there;
    if (store_reader_last(verifier->reader, view->serial, &last) != OK || last < view->number ||
        store_reader_event(verifier->reader, last, &there) != OK || there.serial != view->serial)
        COMPLAIN(verifier,
                 "event %" PRIu64 ": table lasts does not lead from ticket %" PRIu64
                 " to it or beyond",
                 view->number, view->serial);
}

/* A ticket's last event before the watermark says what table open has. */
static void check_open(struct verifier *verifier, const struct event_view *view)
{
    uint64_t last = 0;
    bool open = false;
    if (reader_stored_last(verifier->reader, view->serial, &last) != OK || last != view->number)
        return;
    if (reader_stored_open(verifier->reader, view->serial, &open) != OK ||
        open != view->ticket_open)
        COMPLAIN(verifier, "event %" PRIu64 ": leaves ticket %" PRIu64 " %s, which table open %s",
                 view->number, view->serial, view->ticket_open ? "open" : "closed",
                 open ? "has" : "does not have");
    verifier->open_tickets += view->ticket_open;
}

static void check_day(struct verifier *verifier, const struct event_view *view)
{
    int32_t day = day_of_ms(view->time_ms);
    uint64_t first = 0;
    if (day <= verifier->day)
        return;
    verifier->day = day;
    verifier->days_rows += view->number < verifier->watermark;
    if (store_reader_day_first(verifier->reader, day, &first) != OK || first != view->number)
        COMPLAIN(verifier, "event %" PRIu64 ": table days does not have it as its day's first",
                 view->number);
}

/* -- the log ----------------------------------------------------------------------------------- */

static void check_sequences(struct verifier *verifier, const struct event_view *view)
{
    for (uint32_t i = 0; i < view->feeds_count; i++) {
        const struct feed_entry *entry = &view->feeds[i];
        if (entry->feed >= verifier->feeds_count) {
            COMPLAIN(verifier, "event %" PRIu64 ": there is no feed %u", view->number, entry->feed);
            continue;
        }
        if (entry->sequence != verifier->heads[entry->feed] + 1)
            COMPLAIN(verifier, "event %" PRIu64 ": feed %u goes from sequence %u to %u",
                     view->number, entry->feed, verifier->heads[entry->feed], entry->sequence);
        verifier->heads[entry->feed] = entry->sequence;
        if (view->number < verifier->watermark) {
            verifier->heads_rows += entry->sequence == 1;
            verifier->pages_rows += entry->sequence % STORE_PAGE_EVENTS == 0;
        }
        check_place(verifier, view, entry);
    }
}

static void check_ticket(struct verifier *verifier, const struct event_view *view)
{
    struct event_view before;
    bool begins = view->serial == view->number;
    verifier->proof->tickets += begins;
    check_last(verifier, view);
    if (begins && view->previous == 0)
        return;
    if (begins || view->previous < view->serial || view->previous >= view->number ||
        store_reader_event(verifier->reader, view->previous, &before) != OK ||
        before.serial != view->serial)
        COMPLAIN(verifier,
                 "event %" PRIu64 ": event %" PRIu64 " before it is not of its ticket %" PRIu64,
                 view->number, view->previous, view->serial);
    else if (view->ticket_open && !before.ticket_open)
        COMPLAIN(verifier,
                 "event %" PRIu64 ": opens ticket %" PRIu64 " again, which event %" PRIu64
                 " left closed",
                 view->number, view->serial, view->previous);
    if (view->previous == view->serial && view->number < verifier->watermark)
        verifier->lasts_rows++;
}

static void check_event(struct verifier *verifier, const struct group_view *group, uint64_t number)
{
    struct event_view view;
    if (!group_event(group, number, &view)) {
        COMPLAIN(verifier,
                 "event %" PRIu64 " in the group that begins with %" PRIu64
                 ": its checksum does not hold",
                 number, group->head->first);
        return;
    }
    verifier->proof->events++;
    verifier->proof->erased += view.erased;
    check_sequences(verifier, &view);
    check_ticket(verifier, &view);
    check_day(verifier, &view);
    if (number < verifier->watermark) {
        check_id(verifier, &view);
        check_open(verifier, &view);
    }
    if (verifier->visit != NULL)
        verifier->visit(verifier->self, verifier->reader, &view);
}

static void check_group(struct verifier *verifier, const MDB_val *key, const MDB_val *value)
{
    struct group_view group;
    uint64_t first = number_of_key(key);
    if (!group_open(span_of(value->mv_data, value->mv_size), &group)) {
        COMPLAIN(verifier, "group %" PRIu64 ": is damaged: its head makes no sense", first);
        return;
    }
    if (group.head->first != first || first != verifier->next)
        COMPLAIN(verifier,
                 "group %" PRIu64 ": events from %" PRIu64 " were to come here; some are missing",
                 first, verifier->next);
    if (memcmp(group.head->previous, verifier->previous, DIGEST_BYTES) != 0)
        COMPLAIN(verifier, "group %" PRIu64 ": does not follow the group before it", first);
    if (!group_holds(&group))
        COMPLAIN(verifier, "group %" PRIu64 ": its hash does not hold", first);
    memcpy(verifier->previous, group.head->hash, DIGEST_BYTES);
    verifier->proof->groups++;
    verifier->proof->bytes += value->mv_size;
    for (uint64_t i = 0; i < group.head->count; i++)
        check_event(verifier, &group, first + i);
    verifier->next = first + group.head->count;
    if (verifier->progress != NULL)
        verifier->progress(verifier->self, verifier->next - 1, verifier->limit - 1);
}

static enum err walk_log(struct verifier *verifier)
{
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    int code = mdb_cursor_open(verifier->txn, verifier->tables.log, &cursor);
    if (code != MDB_SUCCESS)
        return err_of_lmdb(code);
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS)
        check_group(verifier, &key, &value);
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? OK : err_of_lmdb(code);
}

static void check_rows(struct verifier *verifier, MDB_dbi table, const char *name, uint64_t made)
{
    MDB_stat stat = {0};
    if (mdb_stat(verifier->txn, table, &stat) != MDB_SUCCESS || stat.ms_entries != made)
        COMPLAIN(verifier, "table %s has %zu rows, the log makes %" PRIu64, name, stat.ms_entries,
                 made);
}

/* Table open has all the tickets that it is to have: so it must have no more of them. */
static void check_standing(struct verifier *verifier)
{
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    uint64_t count = 0;
    int code = mdb_cursor_open(verifier->txn, verifier->tables.open, &cursor);
    if (code != MDB_SUCCESS) {
        COMPLAIN(verifier, "table open cannot be read: %s", mdb_strerror(code));
        return;
    }
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS) {
        struct standing_row row;
        if (!standing_read(&value, &row) || standing_count(&row) == 0)
            COMPLAIN(verifier, "table open, row %" PRIu64 ": has no ticket, or not %d bits",
                     number_of_key(&key), STANDING_SERIALS);
        else
            count += standing_count(&row);
    }
    mdb_cursor_close(cursor);
    if (count != verifier->open_tickets)
        COMPLAIN(verifier, "table open has %" PRIu64 " tickets, the log makes %" PRIu64, count,
                 verifier->open_tickets);
}

/* Each unit has one feed, and that is its. */
static void check_units(struct verifier *verifier)
{
    MDB_stat stat = {0};
    uint32_t feed;
    for (uint32_t i = 0; i < verifier->feeds_count; i++) {
        struct span unit = store_reader_feed_unit(verifier->reader, i);
        if (store_reader_feed_find(verifier->reader, unit, &feed) != OK || feed != i)
            COMPLAIN(verifier, "feed %u: table units does not lead to it from its unit %.*s", i,
                     SPAN_ARG(unit));
    }
    if (mdb_stat(verifier->txn, verifier->tables.units, &stat) != MDB_SUCCESS ||
        stat.ms_entries != verifier->feeds_count)
        COMPLAIN(verifier, "table units has %zu rows, there are %u feeds", stat.ms_entries,
                 verifier->feeds_count);
}

static void check_ends(struct verifier *verifier)
{
    uint64_t tickets = 0;
    if (next_id(verifier) != NULL)
        COMPLAIN(verifier, "table ids has more keys than the log has events before %" PRIu64,
                 verifier->watermark);
    check_units(verifier);
    check_rows(verifier, verifier->tables.pages, "pages", verifier->pages_rows);
    check_rows(verifier, verifier->tables.heads, "heads", verifier->heads_rows);
    check_rows(verifier, verifier->tables.days, "days", verifier->days_rows);
    check_rows(verifier, verifier->tables.lasts, "lasts", verifier->lasts_rows);
    check_standing(verifier);
    for (uint32_t i = 0; i < verifier->feeds_count; i++) {
        verifier->proof->feeds += verifier->heads[i] > 0;
        if (store_reader_head(verifier->reader, i) != verifier->heads[i])
            COMPLAIN(verifier, "feed %u: the tables say it ends with %" PRIu64 ", the log with %u",
                     i, store_reader_head(verifier->reader, i), verifier->heads[i]);
    }
    if (verifier->watermark == verifier->next &&
        lmdb_get_u64(verifier->txn, verifier->tables.meta, val_of("tickets", 7), &tickets) == OK &&
        tickets != verifier->proof->tickets)
        COMPLAIN(verifier, "the tables count %" PRIu64 " tickets, the log has %" PRIu64, tickets,
                 verifier->proof->tickets);
}

/* -- opening ----------------------------------------------------------------------------------- */

static bool has_data(const char *path)
{
    char name[1024];
    snprintf(name, sizeof name, "%s/data.mdb", path);
    return access(name, F_OK) == 0;
}

static enum err lock(const char *path, struct diag *diag, int *fd)
{
    char name[1024];
    snprintf(name, sizeof name, "%s/engine.lock", path);
    *fd = open(name, O_RDONLY | O_CLOEXEC);
    if (*fd < 0 && errno == ENOENT && has_data(path))
        return OK; /* a copy that no engine ever had */
    if (*fd < 0) {
        diag_add(diag, path, 0, 0, "is no store: %s", strerror(errno));
        return ERR_NOT_FOUND;
    }
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return OK;
    diag_add(diag, path, 0, 0, "is in use by an engine; stop it first");
    return ERR_BUSY;
}

static enum err verify_open(struct verifier *verifier)
{
    verifier->txn = verifier->reader->txn;
    verifier->day = INT32_MIN;
    verifier->next = 1;
    verifier->ids_next = 1;
    verifier->watermark = 1;
    verifier->limit = store_reader_limit(verifier->reader);
    verifier->feeds_count = store_reader_feeds(verifier->reader);
    verifier->heads = calloc(verifier->feeds_count + 1, sizeof *verifier->heads);
    CHECK(verifier->heads != NULL);
    enum err err = lmdb_get_u64(verifier->txn, verifier->tables.meta, val_of("watermark", 9),
                                &verifier->watermark);
    if (err == ERR_NOT_FOUND)
        err = OK;
    if (err == OK)
        err = err_of_lmdb(mdb_cursor_open(verifier->txn, verifier->tables.ids, &verifier->ids));
    if (err == OK) {
        err = walk_log(verifier);
        if (err == OK)
            check_ends(verifier);
        mdb_cursor_close(verifier->ids);
    }
    free(verifier->heads);
    return err;
}

static enum err verify_in(struct verifier *verifier, MDB_env *env)
{
    uint64_t seed;
    enum err err =
        lmdb_open_tables(env, verifier->path, true, verifier->diag, &verifier->tables, &seed);
    if (err == OK)
        err = reader_open(env, &verifier->tables, &verifier->reader);
    if (err == OK)
        err = store_reader_begin(verifier->reader);
    if (err == OK) {
        err = verify_open(verifier);
        store_reader_end(verifier->reader);
    }
    store_reader_close(&verifier->reader);
    return err;
}

enum err store_verify(const char *path, struct diag *diag,
                      void (*progress)(void *self, uint64_t done, uint64_t all),
                      void (*visit)(void *self, struct store_reader *reader,
                                    const struct event_view *view),
                      void *self, struct store_proof *proof)
{
    int fd;
    MDB_env *env;
    *proof = (struct store_proof){0};
    struct verifier verifier = {.path = path,
                                .diag = diag,
                                .proof = proof,
                                .progress = progress,
                                .visit = visit,
                                .self = self};
    enum err err = lock(path, diag, &fd);
    if (err == OK)
        err = lmdb_open(path, 0, true, diag, &env);
    if (err == OK) {
        err = verify_in(&verifier, env);
        mdb_env_close(env);
    }
    if (fd >= 0)
        close(fd);
    return err;
}
