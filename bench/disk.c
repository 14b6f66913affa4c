#include "bench/disk.h"

#include "bench/fail.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* A system call that writes 4 KiB and comes back takes longer. */
static const double sync_us_least = 3;

static void make_directories(const char *path)
{
    char part[PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *at = part + 1; *at != '\0'; at++)
        if (*at == '/') {
            *at = '\0';
            mkdir(part, 0777);
            *at = '/';
        }
    if (mkdir(part, 0777) != 0 && errno != EEXIST)
        fail("%s cannot be made: %s", path, strerror(errno));
}

/* Is the path the mount point, or below it? */
static bool lies_on(const char *path, const char *mount)
{
    size_t bytes = strlen(mount);
    return strncmp(path, mount, bytes) == 0 &&
           (bytes == 1 || path[bytes] == '/' || path[bytes] == '\0');
}

void disk_describe(const char *directory, char text[DISK_TEXT_BYTES])
{
    char path[PATH_MAX];
    size_t longest = 0;
    snprintf(text, DISK_TEXT_BYTES, "unknown");
    FILE *mounts = setmntent("/proc/self/mounts", "r");
    if (mounts == NULL)
        return;
    if (realpath(directory, path) != NULL)
        for (const struct mntent *mount; (mount = getmntent(mounts)) != NULL;)
            if (lies_on(path, mount->mnt_dir) && strlen(mount->mnt_dir) >= longest) {
                longest = strlen(mount->mnt_dir);
                snprintf(text, DISK_TEXT_BYTES, "%.150s, %.50s (%.250s)", mount->mnt_fsname,
                         mount->mnt_type, mount->mnt_opts);
            }
    endmntent(mounts);
}

void disk_check(const char *directory)
{
    struct statfs system;
    char text[DISK_TEXT_BYTES];
    make_directories(directory);
    if (statfs(directory, &system) != 0)
        fail("%s: %s", directory, strerror(errno));
    if (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC)
        fail("%s lies in memory (tmpfs), where nothing is durable; run from a directory on a disk",
             directory);
    disk_describe(directory, text);
    if (strstr(text, "nobarrier") != NULL || strstr(text, "barrier=0") != NULL)
        fail("%s lies on %s, where a sync does not reach the disk", directory, text);
}

void disk_check_sync(double sync_us)
{
    if (sync_us < sync_us_least)
        fail(
            "half of all syncs took less than %.1f us: nothing was written to a disk; is a library "
            "in LD_PRELOAD that leaves them out?",
            sync_us);
}
