#include "store/passed.h"

#include "base/check.h"

#include <unistd.h>

/* LMDB gives a value that is larger than a page pages of its own. */
static struct span pages_of(struct span value)
{
    uintptr_t page_bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t before = (uintptr_t)value.data % page_bytes;
    size_t bytes = (before + value.bytes + page_bytes - 1) / page_bytes * page_bytes;
    return span_of(value.data - before, bytes);
}

void passed_add(struct passed *passed, struct span group)
{
    if (group.bytes < PASSED_RUN_BYTES_MIN)
        return;
    struct span run = pages_of(group);
    CHECK(passed->limit - passed->next < PASSED_RUNS_MAX);
    passed->runs[passed->limit++ % PASSED_RUNS_MAX] = run;
    passed->bytes += run.bytes;
}

bool passed_next(struct passed *passed, struct span *run)
{
    if (passed->bytes <= PASSED_BYTES)
        return false;
    *run = passed->runs[passed->next++ % PASSED_RUNS_MAX];
    passed->bytes -= run->bytes;
    return true;
}
