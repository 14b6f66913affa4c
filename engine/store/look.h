/* look - a store opened to be read alone, whether or not an engine has it.
 *
 * For tools that go through the history: they take no lock of the engine's and change nothing. What
 * the engine appends meanwhile is seen by whoever begins a snapshot after it. Readers belong to one
 * thread each; the look itself to none, once it is open.
 */
#ifndef STORE_LOOK_H
#define STORE_LOOK_H

#include "store/store.h"

struct store_look;

/* ERR_NOT_FOUND: there is no store; ERR_DAMAGED: it is of another format; ERR_IO. All with a
 * finding. Not in a process that has the store open otherwise. */
MUST_CHECK enum err store_look_open(const char *path, struct diag *diag, struct store_look **look);

/* All its readers must be closed before. NULL is fine. */
void store_look_close(struct store_look **look);

/* As store_reader_open() of a store that one has. */
MUST_CHECK enum err store_look_reader(const struct store_look *look, struct store_reader **reader);

/* As it was opened; lives as long as the look. */
const char *store_look_path(const struct store_look *look);

/* As store_seed(). */
uint64_t store_look_seed(const struct store_look *look);

#endif
