/* history - every event of a store, for whoever recomputes or counts something over all of them.
 *
 *      stretch    | 1..4096 | 4097..8192 | 8193.. | ...
 *      threads    a         b            a         take the next one as they are done with theirs
 *
 * Within a stretch events come in order; stretches do not, since threads share them. Each thread
 * has a reader of its own, with a snapshot for each stretch, so an engine beside is not held up;
 * what it appends meanwhile is not seen. A bar on a terminal says how far it is.
 */
#ifndef TOOLS_HISTORY_H
#define TOOLS_HISTORY_H

#include "store/look.h"

enum { HISTORY_THREADS = 2, HISTORY_STRETCH_EVENTS = 4096 };

/* One event; self is the thread's own. The view, and what else the reader is asked about it, holds
 * until it returns. False ends the walk. */
typedef bool history_visit(void *self, struct store_reader *reader, const struct event_view *view);

/* Shows every event there is now. selves has one for each of so many threads, the caller's among
 * them. An event that cannot be read ends the walk with a finding, ERR_DAMAGED. OK also where
 * visit() ended it. */
MUST_CHECK enum err history_walk(const struct store_look *look, const char *what,
                                 history_visit *visit, void *const *selves, uint32_t threads,
                                 struct diag *diag);

/* One behind the last durable event. */
MUST_CHECK enum err history_limit(const struct store_look *look, uint64_t *limit);

#endif
