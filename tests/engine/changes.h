/* changes - books that come into force on a workbench's engine: asked for, and what became of it.
 *
 *      directory    0101 goes to        books_open() writes them
 *      [0]          URBAN               and the engine begins with the first
 *      [1]          WATER
 *      [2]          POLICE
 */
#ifndef TESTS_ENGINE_CHANGES_H
#define TESTS_ENGINE_CHANGES_H

#include "tests/engine/small_bench.h"

enum { BOOKS = 3 };

struct books {
    struct small_city cities[BOOKS];
    struct bench_engine bench;
};

/* Must not move. When it is closed, small_verify() must have nothing to say. */
void books_open(struct books *books);
void books_close(struct books *books);

/* Who gets 0101 by the book in a directory. */
const char *books_unit(uint32_t index);

Lianxin__V1__Reply *ask_load(struct bench_engine *bench, const char *directory);
Lianxin__V1__Reply *ask_rollback(struct bench_engine *bench, const char *to);
Lianxin__V1__Reply *ask_history(struct bench_engine *bench, uint64_t before, uint32_t limit);

/* As ask_load() and ask_rollback(), of which a change comes that is this policy's. The serial from
 * which on it decides. */
uint64_t load(struct bench_engine *bench, const char *directory, uint32_t policy);
uint64_t roll_back(struct bench_engine *bench, const char *to, uint32_t policy);

/* The policy in force, by the status; and since which serial. */
void expect_in_force(struct bench_engine *bench, uint32_t policy, uint64_t from_serial);

/* So many changes, the store's first book counted. */
void expect_changes(struct bench_engine *bench, size_t count);

/* A case of this id is decided by the policy, and is this unit's. */
void expect_decided(struct bench_engine *bench, const char *id, uint32_t policy, const char *unit);

/* An error, in whose text this part is. */
void expect_refused(Lianxin__V1__Reply *reply, const char *field, const char *part);

#endif
