/* succession - did the books that decided follow one another as the history of changes says?
 *
 * Every decision must be by the book that was in force when its event came: that of the last change
 * before it, or where nothing had been changed yet, of the one that decided first. And each change
 * must say which book it ended, and name its own as the store has kept it. Sees all events of a log
 * in order.
 */
#ifndef STAGES_SUCCESSION_H
#define STAGES_SUCCESSION_H

#include "store/store.h"

/* Zeroed before the first event, but for what is the caller's. */
struct succession {
    bool may_be_older; /* the caller's: an older release recorded no changes, so before the first
                          record whichever book decided was in force */
    uint32_t in_force; /* policy; 0: not known yet */
    uint64_t changes;
};

/* Adds what disagrees to diag, as findings of this file. Within a snapshot. */
void succession_event(struct succession *succession, struct store_reader *reader,
                      const struct event_view *event, const char *file, struct diag *diag);

#endif
