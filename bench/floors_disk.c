/* floors_disk - what the disk takes, through plain files.
 *
 * The paced flush writes over blocks that the file has already, as no store of growing size can:
 * there is nothing for the file system to note, so that it is the least that "durable" can cost
 * here. What growing costs is in append_seconds.
 */
#include "base/check.h"
#include "base/clock.h"
#include "bench/floor_parts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK_BYTES = 4096, BLOCKS = 256, CHUNK_BYTES = 1 << 20, CHUNKS_MIN = 4, CHUNKS_MAX = 128 };

struct file {
    char path[FLOOR_PATH_BYTES];
    int fd;
    uint8_t *noise;
    size_t step_bytes;
};

static void file_open(struct file *file, const struct floors_plan *plan, size_t step_bytes)
{
    floor_path(plan, "floor", file->path);
    file->fd = open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    floor_must(file->fd >= 0, file->path);
    file->noise = floor_noise(step_bytes);
    file->step_bytes = step_bytes;
}

static void file_close(struct file *file)
{
    close(file->fd);
    unlink(file->path);
    free(file->noise);
}

static void append(void *self, uint64_t i)
{
    struct file *file = self;
    (void)i;
    ssize_t written = write(file->fd, file->noise, file->step_bytes);
    floor_must(written == (ssize_t)file->step_bytes, file->path);
}

static void flush(const struct file *file)
{
    floor_must(fdatasync(file->fd) == 0, file->path);
}

static void append_and_flush(void *self, uint64_t i)
{
    append(self, i);
    flush(self);
}

static void write_over_and_flush(void *self, uint64_t i)
{
    struct file *file = self;
    off_t offset = (off_t)(i % BLOCKS * BLOCK_BYTES);
    ssize_t written = pwrite(file->fd, file->noise, BLOCK_BYTES, offset);
    floor_must(written == BLOCK_BYTES, file->path);
    flush(file);
}

static void measure_flush(const struct floors_plan *plan, struct floors *floors)
{
    struct file file;
    file_open(&file, plan, BLOCK_BYTES);
    for (uint64_t i = 0; i < BLOCKS; i++)
        append(&file, i);
    flush(&file);
    struct paced_us us = floor_run_paced(plan->paced_hz, write_over_and_flush, &file);
    file_close(&file);
    floors->sync_us_p50 = us.p50;
    floors->sync_us_p99 = us.p99;
}

static void measure_bandwidth(const struct floors_plan *plan, struct floors *floors)
{
    struct file file;
    uint64_t chunks = plan->bytes / CHUNK_BYTES;
    chunks = chunks < CHUNKS_MIN ? CHUNKS_MIN : chunks > CHUNKS_MAX ? CHUNKS_MAX : chunks;
    file_open(&file, plan, CHUNK_BYTES);
    int64_t start_ns = clock_monotonic_ns(&clock_system);
    for (uint64_t i = 0; i < chunks; i++)
        append(&file, i);
    flush(&file);
    double seconds = (double)(clock_monotonic_ns(&clock_system) - start_ns) / 1e9;
    file_close(&file);
    floors->write_mb_s = (double)chunks * CHUNK_BYTES / 1e6 / seconds;
}

static void measure_append(const struct floors_plan *plan, struct floors *floors)
{
    struct file file;
    struct floor_share share = floor_share(plan->bytes, plan->commits);
    file_open(&file, plan, share.bytes);
    floors->append_seconds = floor_run(share.steps, append_and_flush, &file);
    file_close(&file);
}

void floors_disk(const struct floors_plan *plan, struct floors *floors)
{
    measure_flush(plan, floors);
    measure_bandwidth(plan, floors);
    measure_append(plan, floors);
}
