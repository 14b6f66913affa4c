/* fetch - has memory come near before it is needed.
 *
 * A hint: it reads nothing, waits for nothing, and is no access as threads or bounds go. For what
 * is cold and whose place shows early, where the processor itself does not foretell it.
 */
#ifndef BASE_FETCH_H
#define BASE_FETCH_H

#include <stdint.h>

enum { FETCH_LINE_BYTES = 64 };

/* Where the line begins that a byte is in. */
static inline uintptr_t fetch_line(const void *at)
{
    return (uintptr_t)at & ~(uintptr_t)(FETCH_LINE_BYTES - 1);
}

/* The lines that [begin, limit) lies in. To gcc a function that does no more than prefetch has no
 * effect, and calls to it may go; so these say that they have one. */
static inline void fetch(const void *begin, const void *limit)
{
    for (uintptr_t at = fetch_line(begin); at < (uintptr_t)limit; at += FETCH_LINE_BYTES)
        __builtin_prefetch((const void *)at);
    __asm__("");
}

/* The same, for this core alone, which is about to write there. Compilers make the same of this as
 * of the above where they may not assume an instruction for it. x86-64 as such has none, though its
 * processors of the last ten years do, and to older ones it is none at all. */
static inline void fetch_to_write(void *begin, const void *limit)
{
    for (uintptr_t at = fetch_line(begin); at < (uintptr_t)limit; at += FETCH_LINE_BYTES)
#ifdef __x86_64__
        __asm__("prefetchw %0" : : "m"(*(uint8_t *)at));
#else
        __builtin_prefetch((const void *)at, 1);
#endif
    __asm__("");
}

#endif
