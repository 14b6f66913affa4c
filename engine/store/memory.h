/* memory - address space that becomes memory as it is touched.
 *
 * For arrays whose stated limit is far above their usual size: all of it is reserved at start, so
 * that nothing is ever moved or allocated later, and untouched pages cost nothing.
 */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <stddef.h>

/* Zeroed as it is touched. NULL where the machine has no such space. */
void *memory_reserve(size_t bytes);

/* NULL is fine. */
void memory_release(void *at, size_t bytes);

#endif
