/* fetch - has memory come near before it is needed.
 *
 * A hint: it reads nothing, waits for nothing, and is no access as threads or bounds go. For what
 * is cold and whose place shows early, where the processor itself does not foretell it.
 */
#ifndef BASE_FETCH_H
#define BASE_FETCH_H

#include <stdint.h>

enum { FETCH_LINE_BYTES = 64 };

/* The lines of [begin, limit). To gcc a function that does no more than this has no effect, and
 * calls to it may go; so it says that it has one. */
static inline void fetch(const void *begin, const void *limit)
{
    for (const uint8_t *at = begin; at < (const uint8_t *)limit; at += FETCH_LINE_BYTES)
        __builtin_prefetch(at);
    __asm__ volatile("");
}

#endif
