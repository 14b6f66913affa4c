/* standing - which tickets are open, as the table of open ones has it: a bit each.
 *
 *      row    serials of 512 tickets, a bit for each; none where all are closed
 *
 * Most tickets are open for days and then never again. Beside each other they cost a bit, where a
 * row for each would cost more to write than all else that is derived of an event. For store/
 * alone.
 */
#ifndef STORE_STANDING_H
#define STORE_STANDING_H

#include "store/lmdb.h"

#include <stdbool.h>

enum { STANDING_SERIALS = 512, STANDING_WORDS = STANDING_SERIALS / 64 };

struct standing_row {
    uint64_t words[STANDING_WORDS];
};

/* The row's number, which is its key, that has a serial. */
static inline uint32_t standing_row_of(uint64_t serial)
{
    return (uint32_t)(serial / STANDING_SERIALS);
}

static inline uint64_t standing_first(uint32_t number)
{
    return (uint64_t)number * STANDING_SERIALS;
}

bool standing_is_open(const struct standing_row *row, uint64_t serial);
void standing_set(struct standing_row *row, uint64_t serial, bool open);

/* How many of the row's tickets are open. */
uint32_t standing_count(const struct standing_row *row);

/* What a table's value says; false where it is no row. */
bool standing_read(const MDB_val *value, struct standing_row *row);

/* MDB_SUCCESS too where there is no such row: then all its tickets are closed. */
int standing_get(MDB_txn *txn, MDB_dbi table, uint32_t number, struct standing_row *row);

/* Takes the row out where all its tickets are closed. */
int standing_put(MDB_txn *txn, MDB_dbi table, uint32_t number, const struct standing_row *row);

#endif
