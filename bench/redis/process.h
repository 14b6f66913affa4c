/* process - a Redis of our own: on a socket in a fresh directory, with nothing of an installed one.
 *
 * It keeps its log (AOF) in the directory and makes no snapshots; nor does it rewrite the log while
 * it is measured, which is kind to it. It ends with this process, whatever way that ends, and no
 * other Redis is touched. Whatever goes wrong ends the program.
 */
#ifndef BENCH_REDIS_PROCESS_H
#define BENCH_REDIS_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

enum { PROCESS_PATH_BYTES = 96 /* what a socket's address can hold */ };

struct process {
    pid_t pid;
    char directory[PROCESS_PATH_BYTES];
    char said[2 * PROCESS_PATH_BYTES];
    char version[32];
};

/* appendfsync is redis' own word: "always" or "everysec". Refuses a parent where a sync is none,
 * and a Redis that does not say that it keeps a log in that way. */
void process_start(struct process *process, const char *program, const char *parent,
                   const char *appendfsync);

/* Ends it and removes its directory. */
void process_end(struct process *process);

/* A new connection. */
int process_connect(const struct process *process);

/* How many entries the stream has, says Redis. */
uint64_t process_entries(const struct process *process);

struct process_usage {
    double cpu_seconds;
    uint64_t written_bytes; /* that it made the disk write */
    uint64_t resident_bytes;
    uint64_t log_bytes; /* of the files in its directory */
};

struct process_usage process_usage(const struct process *process);

#endif
