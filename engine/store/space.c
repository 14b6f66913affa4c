#include "store/space.h"

#include <fcntl.h>
#include <sys/mman.h>

void *space_reserve(size_t bytes)
{
    void *space = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return space != MAP_FAILED ? space : NULL;
}

void *space_reserve_scattered(size_t bytes)
{
    void *space = space_reserve(bytes);
    if (space != NULL)
        (void)madvise(space, bytes, MADV_HUGEPAGE); /* advice: without it all is slower */
    return space;
}

/* What is mapped the system keeps; so it is unmapped first. MADV_PAGEOUT would do both, at half as
 * much again. */
void space_let_go(const void *pages, size_t bytes, int fd, uint64_t offset)
{
    if (madvise((void *)pages, bytes, MADV_DONTNEED) == 0)
        (void)posix_fadvise(fd, (off_t)offset, (off_t)bytes, POSIX_FADV_DONTNEED);
}

void space_release(void *space, size_t bytes)
{
    if (space != NULL)
        munmap(space, bytes);
}
