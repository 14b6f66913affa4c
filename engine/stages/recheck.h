/* recheck - are the decisions in the log those that their policies make?
 *
 * Every event that decided is decided again, by the policy of then, out of what its ticket's events
 * say; and what comes out is held against the event, byte by byte. Where what people said has been
 * erased that is not possible, and the event is counted instead. The regime in force, and that a
 * doubt was raised about an earlier ticket, are taken from the log.
 */
#ifndef STAGES_RECHECK_H
#define STAGES_RECHECK_H

#include "store/store.h"

struct recheck;

struct recheck_counts {
    uint64_t recomputed; /* decisions made again, right or wrong */
    uint64_t erased;     /* decisions that cannot be made again, since their words are gone */
};

struct recheck *recheck_create(void);
void recheck_destroy(struct recheck **recheck);

/* Looks at one event. Adds a finding of this file for a decision that is another by now, and for a
 * policy that cannot be made again. Within a snapshot. */
void recheck_event(struct recheck *recheck, struct store_reader *reader,
                   const struct event_view *event, const char *file, struct diag *diag);

struct recheck_counts recheck_counts(const struct recheck *recheck);

#endif
