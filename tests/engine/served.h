/* served - `lianxin serve` as a process of its own, for what only a process can show: that it is
 * killed, refuses to start, meets a disk that fails.
 */
#ifndef TESTS_ENGINE_SERVED_H
#define TESTS_ENGINE_SERVED_H

#include "proto/lianxin.h"

#include <limits.h>
#include <linux/filter.h>
#include <sys/types.h>

struct served {
    char directory[64]; /* of its own; holds all below */
    char store[96], front[96], feed[96], said[96];
    const char *city;                /* NULL: what was in force last in the store */
    const char *threads;             /* of the pipeline; 2 */
    const struct sock_fprog *filter; /* of its system calls; NULL: none */
    char program[PATH_MAX];
    pid_t process; /* 0 where none runs */
};

/* Makes the directory, and names what an engine needs. */
void served_init(struct served *served);

/* Ends what still runs, and removes the directory. */
void served_fini(struct served *served);

/* Starts an engine on the store; it ends with the test at the latest. It inherits limits and
 * ignored signals. What it says goes to a file. */
void served_start(struct served *served);

/* Sends the signal and waits for the end. */
void served_end(struct served *served, int signal_number);

/* Waits until it ends by itself; gives its exit code, or -1 where a signal ended it. One that does
 * not end is killed, and fails the test. */
int served_wait(struct served *served);

/* What the latest one said, all of it. Holds until the next call. */
const char *served_said(const struct served *served);

/* Sends one request and waits for the reply, which is the caller's. */
Lianxin__V1__Reply *served_ask(const struct served *served, Lianxin__V1__Request *request);

/* Walks the store, which no engine has open, and expects no finding and so many tickets. */
void served_verify(const struct served *served, uint64_t tickets);

#endif
