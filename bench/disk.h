/* disk - where stores lie while they are measured, and that it keeps what it is told to keep. */
#ifndef BENCH_DISK_H
#define BENCH_DISK_H

enum { DISK_TEXT_BYTES = 512 };

/* Makes the directory if it is not there, and refuses it where a sync is none: on a file system in
 * memory (tmpfs), or on one that was mounted without write barriers. */
void disk_check(const char *directory);

/* Device, file system and mount options of what the directory lies on; "unknown". */
void disk_describe(const char *directory, char text[DISK_TEXT_BYTES]);

/* A flush of the disk in so many microseconds is none: ends the benchmark. */
void disk_check_sync(double sync_us);

#endif
