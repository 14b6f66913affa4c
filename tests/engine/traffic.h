/* traffic - cases as fast as they are taken, and another book every few milliseconds.
 *
 * An engine with threads on a store of its own, one client that submits, one that asks, and
 * one that loads the books of some directories, one after the other. Each book sends the same case
 * to another unit, so the answers alone show which book decided; and each load's answer says from
 * which serial on that was to be. Without a test framework, which ThreadSanitizer cannot stand:
 * what fails aborts.
 */
#ifndef TESTS_ENGINE_TRAFFIC_H
#define TESTS_ENGINE_TRAFFIC_H

#include "tests/support/small_book.h"

#include <stdint.h>

enum { TRAFFIC_BOOKS = 3 };

struct traffic {
    struct small_city cities[TRAFFIC_BOOKS];
    char directory[64]; /* of its own: store and sockets */
    char store[80];
    uint64_t cases;                   /* that were accepted */
    uint64_t before, behind;          /* a change came within a hundred serials */
    uint64_t early_bytes, late_bytes; /* in use after a tenth of the loads, and after all; 0: not
                                         known */
};

/* Runs so many loads; the engine is gone when it returns. */
void traffic_run(struct traffic *traffic, uint32_t threads, uint32_t loads);

/* Removes all files. */
void traffic_remove(struct traffic *traffic);

#endif
