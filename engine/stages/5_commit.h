/* commit - the fifth stage: the disk, waited for while store builds the next group.
 *
 * Makes one group durable a step; its cursor passes a slot only when that slot's fate is on the
 * disk, and then, and not before, the sender is told and the event published. Reads of a slot only
 * which others belong to it (struct batch).
 *
 *      store   | A | B |   built, cursor at the end of B; C may not begin before A is kept
 *      commit  | A |       written, cursor at its end; store keeps A when it sees that
 *
 * Where a group cannot be written nothing behind it may be, since it was built on it. Commit says
 * so (pipeline->failures) and stands still; store takes back what it has built, tells the senders
 * of all those slots to try again and says so (pipeline->undone); commit passes these slots, and
 * goes on with what is built anew. Both of them sleep and wake as stages do.
 */
#ifndef STAGES_COMMIT_H
#define STAGES_COMMIT_H

#include "stages/pipeline.h"
#include "store/store.h"

/* Sets up pipeline->commit, but for its wakes. The stage borrows the store, of which it calls
 * store_write() and nothing else. From the arena. */
void commit_stage_create(struct pipeline *pipeline, struct store *store, struct arena *arena);

#endif
