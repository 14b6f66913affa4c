/* err - what can go wrong with the machine.
 *
 * Malformed input is no error but a verdict in its slot; a bug is a CHECK. An enum err is left for
 * disks, sockets, files and options, and for "there is no such thing". An error leaves things as
 * they were.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum err {
    OK = 0,
    ERR_NOT_FOUND, /* no such ticket, feed, event, file */
    ERR_INVALID,   /* what was read does not make sense; a diag says what */
    ERR_BUSY,      /* another engine, or another socket, has it */
    ERR_FULL,      /* disk, map, or a stated limit */
    ERR_IO,        /* the disk or the network failed; nothing changed */
    ERR_UNKNOWN,   /* a commit failed half-way: what it held may or may not be durable */
    ERR_DAMAGED,   /* a checksum or chain does not hold */
    ERR_TIMEOUT,   /* nobody answered in time */
};

/* A word or three, for log lines. */
const char *err_name(enum err err);

#endif
