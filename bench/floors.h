/* floors - what the machine and the libraries below take for the same work.
 *
 * No figure of the engine's says much alone: a commit cannot be faster than the disk's flush, nor
 * an answer faster than libzmq. So the run that measured the engine measures also, in the same
 * minute and in the directory of the store, what would be left of its work if nothing but the disk,
 * LMDB, ZeroMQ, protobuf-c or the ring had to be paid, and its results are told as ratios to that.
 *
 * Each part looks at the clock, and none takes much more than two seconds, however many commits or
 * messages there were: beyond, the rest is reckoned from what was done so far. The files and
 * sockets that it needs are made in the directory, and removed.
 */
#ifndef BENCH_FLOORS_H
#define BENCH_FLOORS_H

#include "base/span.h"

struct floors_plan {
    const char *directory; /* beside the store, on the same disk */
    /* The requests of the run as they were sent, 1 at least, each a packed Request with a submit.
     */
    const struct span *messages;
    uint32_t messages_count;
    uint32_t cases;   /* in all of them */
    uint64_t commits; /* that the engine made of them; 0 counts as 1 */
    uint64_t bytes;   /* that it stored for them */
    double paced_hz;  /* single flushes and commits a second where they are paced; 0: 1,000 */
};

struct floors {
    /* 4 KiB written over and flushed (fdatasync), paced; without the pause before. */
    double sync_us_p50;
    double sync_us_p99;
    double write_mb_s;     /* 10^6 bytes a second, one after the other, with one flush at the end */
    double append_seconds; /* plain file: bytes in as many steps as commits, each flushed */
    /* One commit of a mean case's bytes into LMDB, appended, paced; without the pause before. */
    double lmdb_commit_us_p50;
    double lmdb_commit_us_p99;
    double lmdb_append_seconds;   /* LMDB: bytes in as many commits, appended */
    double zmq_round_trip_us_p50; /* the first message there, and a reply back */
    double zmq_stream_seconds;    /* all messages, a reply each, DEALER to ROUTER over ipc */
    double pack_ns;               /* protobuf-c, one Case */
    double unpack_ns;             /* freeing it too */
    double ring_hop_ns;           /* engine/ring: a slot from one thread to the next, under load */
    double ring_hop_parked_us; /* the same to a thread that sleeps: from ringing until it works */
};

/* Measures all of them; some seconds. A machine that does not let it (no file, no socket, no
 * thread) ends the program with a sentence on stderr: without floors a run has no result. */
void floors_measure(const struct floors_plan *plan, struct floors *floors);

#endif
