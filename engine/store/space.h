/* space - address space that becomes memory page by page, as it is touched.
 *
 * For what has a stated bound but is seldom near it: reserved once at its bound, it never moves and
 * never has to grow. Zeroed. Any thread.
 */
#ifndef STORE_SPACE_H
#define STORE_SPACE_H

#include <stddef.h>

/* NULL where the process has no such address space left. */
void *space_reserve(size_t bytes);

/* NULL is fine. */
void space_release(void *space, size_t bytes);

#endif
