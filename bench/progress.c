#include "bench/progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

enum { WIDTH = 40 };

static bool is_seen(void)
{
    return isatty(STDERR_FILENO) == 1;
}

void progress_begin(struct progress *progress, const char *what, uint64_t total)
{
    *progress = (struct progress){.what = what, .total = total > 0 ? total : 1, .shown = -1};
    progress_show(progress, 0);
}

void progress_show(struct progress *progress, uint64_t done)
{
    int percent = (int)(done * 100 / progress->total);
    if (percent == progress->shown || !is_seen())
        return;
    progress->shown = percent;
    char bar[WIDTH + 1] = "";
    for (int i = 0; i < WIDTH; i++)
        bar[i] = i * 100 < percent * WIDTH ? '#' : '.';
    fprintf(stderr, "\r%-24s [%s] %3d %%", progress->what, bar, percent);
}

void progress_end(struct progress *progress)
{
    if (progress->shown >= 0)
        fputs("\r\033[K", stderr);
    progress->shown = -1;
}
