/* catch - the subscriber to everything: takes all that the engine publishes, and keeps it.
 *
 * A SUB peer (zmtp.h) in a thread of its own. What comes is read straight into memory that was
 * touched before the clock starts, where it stays, with the moment at which it came; of each
 * message only the number of its latest event is looked at, and all else waits until the clock has
 * stopped (proof.h). What a feed lost is not asked for again, as a department's program would: here
 * it counts as lost.
 *
 * All is there once the log's last event has come and, behind it, an announcement of how far the
 * feeds are: the engine makes one a second after activity. So the end of the run is the moment at
 * which the last event came, and not the one at which that was known.
 */
#ifndef BENCH_CATCH_H
#define BENCH_CATCH_H

#include "base/span.h"

struct catch;

/* Subscribes, and returns when the engine has told how far its feeds are: from here on nothing is
 * missed. The log's last event will be `latest`; bytes and messages are what is expected, and made
 * room for. */
struct catch *catch_start(const char *feed, uint64_t latest, size_t bytes, size_t messages);

/* Waits until all is there, or until nothing has come for so long, and ends the thread. */
void catch_finish(struct catch *catch, uint32_t silence_ms);

struct caught {
    int64_t received_ns; /* of the monotonic clock */
    struct span feed;    /* a Feed, packed */
};

/* After catch_finish(): what came, in order. The first is the announcement at the start. */
size_t catch_count(const struct catch *catch);
struct caught catch_at(const struct catch *catch, size_t index);

/* When the last message with events came; 0: none did. */
int64_t catch_last_ns(const struct catch *catch);

void catch_free(struct catch **catch);

#endif
