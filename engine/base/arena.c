#include "base/arena.h"

#include "base/check.h"

#include <stdlib.h>

enum { CHUNK_BYTES = 256 * 1024, HEAD_BYTES = 64 /* a cache line */ };

struct chunk {
    struct chunk *next;
    size_t used;
    size_t limit;
};

_Static_assert(sizeof(struct chunk) <= HEAD_BYTES, "the pieces behind it start on a cache line");

struct arena {
    struct chunk *chunks;
    size_t given;
    bool sealed;
};

struct arena *arena_create(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    CHECK(arena != NULL);
    return arena;
}

void arena_destroy(struct arena **arena)
{
    if (*arena == NULL)
        return;
    for (struct chunk *chunk = (*arena)->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(*arena);
    *arena = NULL;
}

static size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

static struct chunk *grow(struct arena *arena, size_t bytes)
{
    size_t limit = round_up(HEAD_BYTES + (bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES), HEAD_BYTES);
    struct chunk *chunk = aligned_alloc(HEAD_BYTES, limit);
    CHECK(chunk != NULL);
    *chunk = (struct chunk){.next = arena->chunks, .used = HEAD_BYTES, .limit = limit};
    arena->chunks = chunk;
    return chunk;
}

void *arena_take(struct arena *arena, size_t bytes)
{
    CHECK(!arena->sealed);
    CHECK(bytes <= SIZE_MAX / 2);
    size_t alignment = bytes >= HEAD_BYTES ? HEAD_BYTES : 16;
    struct chunk *chunk = arena->chunks;
    if (chunk == NULL || round_up(chunk->used, alignment) + bytes > chunk->limit)
        chunk = grow(arena, bytes);
    size_t start = round_up(chunk->used, alignment);
    chunk->used = start + bytes;
    arena->given += bytes;
    return memset((char *)chunk + start, 0, bytes);
}

char *arena_copy(struct arena *arena, struct span span)
{
    char *copy = arena_take(arena, span.bytes + 1);
    if (span.bytes > 0)
        memcpy(copy, span.data, span.bytes);
    return copy;
}

void arena_seal(struct arena *arena)
{
    arena->sealed = true;
}

size_t arena_bytes(const struct arena *arena)
{
    return arena->given;
}
