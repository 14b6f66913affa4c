/* progress - a bar on stderr while something takes long; nothing where that is no terminal.
 *
 *      judging    [##########..........]  51 %
 *
 * One at a time, one thread.
 */
#ifndef BENCH_PROGRESS_H
#define BENCH_PROGRESS_H

#include <stdint.h>

struct progress {
    const char *what;
    uint64_t total;
    int shown; /* percent; -1: nothing yet */
};

void progress_begin(struct progress *progress, const char *what, uint64_t total);

/* So much of the total is done. Cheap where nothing changes. */
void progress_show(struct progress *progress, uint64_t done);

/* Wipes the bar. */
void progress_end(struct progress *progress);

#endif
