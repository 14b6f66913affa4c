/* codes - from a code of a table to its row: places, lines and categories are asked for once a
 * case.
 *
 * A hash table; a code is two words of eight bytes, so that comparing takes no loop. Immutable once
 * built; any thread; looking up allocates nothing.
 */
#ifndef DOMAIN_CITY_CODES_H
#define DOMAIN_CITY_CODES_H

#include "base/arena.h"

enum { CODE_BYTES_MAX = 15 };

#define CODE_NONE UINT32_MAX

struct codes;

/* For count codes, of 1 to CODE_BYTES_MAX bytes each; their numbers are below count. */
struct codes *codes_create(uint32_t count, struct arena *arena);

/* Of equal codes the first is kept. */
void codes_add(struct codes *codes, struct span code, uint32_t number);

/* The number that was added with the code, or CODE_NONE. */
uint32_t codes_find(const struct codes *codes, struct span code);

#endif
