/* reader - inside of a snapshot reader, for store/ alone: the writer has one of its own. */
#ifndef STORE_READER_H
#define STORE_READER_H

#include "store/lmdb.h"
#include "store/passed.h"
#include "store/tail.h"

struct store_reader {
    MDB_env *env;
    const struct tables *tables;
    MDB_txn *txn;
    MDB_cursor *log;
    bool open; /* between begin and end */
    struct group_view group;
    bool has_group; /* the cursor stands on it */
    bool caught_up; /* the tail goes to where this snapshot ends */
    struct tail tail;
    uint64_t tail_watermark; /* that the tail was begun at */
    struct passed passed;    /* fresh groups */
    const uint8_t *map;      /* of the file; NULL before there were any */
};

MUST_CHECK enum err reader_open(MDB_env *env, const struct tables *tables,
                                struct store_reader **reader);

/* Begins a snapshot unless there is one; ends it if there is one. */
MUST_CHECK enum err reader_hold(struct store_reader *reader);
void reader_let_go(struct store_reader *reader);

/* The group that holds an event, or ERR_NOT_FOUND. */
MUST_CHECK enum err reader_find_group(struct store_reader *reader, uint64_t number,
                                      struct group_view *group);

/* What the tables say, whatever the tail may know beyond: a ticket's last event, itself where
 * nothing happened to it; whether it is open; a day's first event, ERR_NOT_FOUND; a feed's last
 * sequence, 0. */
MUST_CHECK enum err reader_stored_last(struct store_reader *reader, uint64_t serial,
                                       uint64_t *number);
MUST_CHECK enum err reader_stored_open(struct store_reader *reader, uint64_t serial, bool *open);
MUST_CHECK enum err reader_stored_day(struct store_reader *reader, int32_t day, uint64_t *first);
uint32_t reader_stored_head(struct store_reader *reader, uint32_t feed);

/* OK where serial is the first event of a ticket; ERR_NOT_FOUND. */
MUST_CHECK enum err reader_is_ticket(struct store_reader *reader, uint64_t serial);

#endif
