/* arena - memory that is given out piece by piece and given back all at once.
 *
 * For what is built at start and then only read: a city, its rules, the pipeline's slots. Grows by
 * chunks; a sealed arena grows no more, so that "nothing on the path allocates" is a CHECK and not
 * a hope. One thread at a time. Running out of memory aborts: at start there is nothing to save.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

struct arena;

struct arena *arena_create(void);

/* Gives back everything at once and clears *arena. NULL is fine. */
void arena_destroy(struct arena **arena);

/* Zeroed, aligned to 64 bytes if bytes >= 64 and to 16 otherwise; never NULL. */
void *arena_take(struct arena *arena, size_t bytes);

/* A copy with a NUL behind it, which is not counted. */
char *arena_copy(struct arena *arena, struct span span);

/* From here on arena_take is a bug. */
void arena_seal(struct arena *arena);

/* Given out so far, in bytes. */
size_t arena_bytes(const struct arena *arena);

#endif
