/* space - address space that becomes memory page by page, as it is touched.
 *
 * For what has a stated bound but is seldom near it: reserved once at its bound, it never moves and
 * never has to grow. Zeroed. Any thread.
 */
#ifndef STORE_SPACE_H
#define STORE_SPACE_H

#include <stddef.h>
#include <stdint.h>

/* NULL where the process has no such address space left. */
void *space_reserve(size_t bytes);

/* The same for what is touched here and there all over: in large pages where the system has them,
 * so that a touch does not begin with looking for the page. */
void *space_reserve_scattered(size_t bytes);

/* Pages of a file, mapped shared at pages from offset on, that are not needed again soon: the
 * system may have their memory at once, but for what is not written yet. Whoever touches one all
 * the same gets it from the file. */
void space_let_go(const void *pages, size_t bytes, int fd, uint64_t offset);

/* NULL is fine. Also a part, in whole pages. */
void space_release(void *space, size_t bytes);

#endif
