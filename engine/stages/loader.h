/* loader - the stage beside the line that makes books: it reads, checks and compiles.
 *
 * Orders come from ingress over a small ring of their own and go back the same way. What takes long
 * is done here, on a thread that does nothing else: files, findings, the trie, the copy of the
 * bundle in the store. Freeing too.
 */
#ifndef STAGES_LOADER_H
#define STAGES_LOADER_H

#include "stages/pipeline.h"
#include "store/store.h"

struct loader_stage;

struct loader_options {
    const char *city; /* what a signal asks to be read again; NULL: no such directory */
    const char *by;   /* who is said to have wanted that; NULL: nobody that has a name */
};

/* Reads a directory and proves its book, as of a day. ERR_INVALID, ERR_NOT_FOUND, with the
 * findings. */
MUST_CHECK enum err loader_read(const char *directory, int64_t now_ms, struct diag *findings,
                                struct policy **policy);

/* Makes a policy of what the store has kept, by its number there. It was proved when it was put
 * there. ERR_NOT_FOUND: there is none; ERR_INVALID, ERR_DAMAGED, with the findings. */
MUST_CHECK enum err loader_read_kept(struct store_reader *reader, uint32_t number,
                                     struct diag *findings, struct policy **policy);

/* Sets up pipeline->loader, but for its wakes. Borrows all, and the reader alone uses. From the
 * arena. */
void loader_stage_create(struct pipeline *pipeline, const struct store *store,
                         struct store_reader *reader, const struct loader_options *options,
                         struct arena *arena);

#endif
