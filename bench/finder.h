/* finder - finds keywords in a text the plain way: from every character on, down a tree of bytes.
 *
 * The judge's own: nothing of the engine's symbols, double array or text.c is in it. One thread.
 */
#ifndef BENCH_FINDER_H
#define BENCH_FINDER_H

#include "domain/text/text.h"

enum { FINDER_HITS_MAX = 4096 };

struct finder;

/* Of all keywords, which must not become more. */
struct finder *finder_create(const struct keywords *keywords);

struct found {
    const uint8_t *stands;       /* a keyword each: 1 where it stands in the text */
    const struct name_hit *hits; /* each occurrence, by its beginning */
    uint32_t hits_count;
};

/* The folded text's; holds until the next call. */
struct found finder_find(struct finder *finder, struct span folded);

void finder_free(struct finder **finder);

#endif
