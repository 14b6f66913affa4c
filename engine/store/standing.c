#include "store/standing.h"

bool standing_is_open(const struct standing_row *row, uint64_t serial)
{
    return row->words[serial / 64 % STANDING_WORDS] >> serial % 64 & 1;
}

void standing_set(struct standing_row *row, uint64_t serial, bool open)
{
    uint64_t *word = &row->words[serial / 64 % STANDING_WORDS];
    uint64_t bit = (uint64_t)1 << serial % 64;
    *word = open ? *word | bit : *word & ~bit;
}

uint32_t standing_count(const struct standing_row *row)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < STANDING_WORDS; i++)
        count += (uint32_t)__builtin_popcountll(row->words[i]);
    return count;
}

bool standing_read(const MDB_val *value, struct standing_row *row)
{
    if (value->mv_size != sizeof *row)
        return false;
    memcpy(row, value->mv_data, sizeof *row);
    return true;
}

int standing_get(MDB_txn *txn, MDB_dbi table, uint32_t number, struct standing_row *row)
{
    struct key bytes = key_of_u32(number);
    MDB_val key = val_of_key(&bytes);
    MDB_val value;
    *row = (struct standing_row){{0}};
    int code = mdb_get(txn, table, &key, &value);
    if (code == MDB_SUCCESS)
        return standing_read(&value, row) ? MDB_SUCCESS : MDB_CORRUPTED;
    return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

int standing_put(MDB_txn *txn, MDB_dbi table, uint32_t number, const struct standing_row *row)
{
    struct key bytes = key_of_u32(number);
    MDB_val key = val_of_key(&bytes);
    MDB_val value = val_of(row, sizeof *row);
    if (standing_count(row) > 0)
        return mdb_put(txn, table, &key, &value, 0);
    int code = mdb_del(txn, table, &key, NULL);
    return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}
