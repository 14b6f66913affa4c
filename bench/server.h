/* server - an engine in a process of its own, with a store of its own on a real disk.
 *
 *      build/bench/run-PID/   store/  front  feed  said     said: what it says on stderr
 *
 * The process is the program that measures, run as `serve`, so what is measured is what was built
 * with the harness. It is killed when the harness ends, however that ends, and the directory is
 * removed: at once, or if the harness itself is killed, by the next one. One at a time. All of this
 * is the main thread's. Whatever goes wrong ends the benchmark (fail.h).
 */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include "lianxin.pb-c.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SERVER_PATH_BYTES = 512 };

struct server {
    const char *program; /* NULL: the one that is running */
    const char *city;
    uint32_t threads; /* of the pipeline */
    char directory[SERVER_PATH_BYTES], store[SERVER_PATH_BYTES];
    char front[SERVER_PATH_BYTES], feed[SERVER_PATH_BYTES], said[SERVER_PATH_BYTES];
    void *context;        /* of ZeroMQ, for all that talks to it */
    pid_t process;        /* 0: none */
    double start_seconds; /* from the start of the process to its first answer */
};

/* Makes a fresh directory below parent, which disk.h checks, and no process yet. The server must
 * not move until server_fini(). */
void server_init(struct server *server, const char *parent, const char *program, const char *city,
                 uint32_t threads);

/* Starts the process and waits until it answers. Directory and store may be those of an earlier
 * one. */
void server_start(struct server *server);

/* SIGTERM: it answers what it has taken and ends, or else the benchmark fails. SIGKILL: at once. */
void server_end(struct server *server, int signal_number);

/* Ends it, if it runs, and removes the directory with all that is in it. */
void server_fini(struct server *server);

/* Its status; free with lianxin__v1__reply__free_unpacked(). */
Lianxin__V1__Reply *server_status(const struct server *server);

/* What the kernel has counted for a living process. */
struct usage {
    double cpu_seconds;       /* all threads, those that have ended included */
    uint64_t written_bytes;   /* /proc/PID/io, write_bytes: what it made the disk write */
    uint64_t resident_bytes;  /* VmRSS: file pages of the store that are mapped included */
    uint64_t anonymous_bytes; /* RssAnon: without them */
};

struct usage server_usage(const struct server *server);

#endif
