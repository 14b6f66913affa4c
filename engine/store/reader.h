/* reader - inside of a snapshot reader, for store/ alone: the writer has one of its own. */
#ifndef STORE_READER_H
#define STORE_READER_H

#include "store/lmdb.h"
#include "store/tail.h"

struct store_reader {
    MDB_env *env;
    const struct tables *tables;
    MDB_txn *txn;
    MDB_cursor *log;
    bool open; /* between begin and end */
    struct group_view group;
    bool has_group; /* the cursor stands on it */
    struct tail tail;
    uint64_t tail_watermark; /* that the tail was begun at */
};

MUST_CHECK enum err reader_open(MDB_env *env, const struct tables *tables,
                                struct store_reader **reader);

/* The group that holds an event, or ERR_NOT_FOUND. */
MUST_CHECK enum err reader_find_group(struct store_reader *reader, uint64_t number,
                                      struct group_view *group);

#endif
