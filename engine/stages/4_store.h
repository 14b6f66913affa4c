/* store - the fourth stage: what was decided becomes events, in the one order that there is.
 *
 * Reads all sections before, writes batch, receipt, and misfit where it refuses. The single writer,
 * and the only place where order matters: drops duplicates, numbers tickets and feeds, moves the
 * states of tickets. Takes what waits as one group, which commit then makes durable; builds on it
 * meanwhile, as if it were, where enough waits. What it has built is so only when commit's cursor
 * has passed it.
 *
 *   new case      -> event, its decision and assignments inside
 *   case about an earlier ticket that is open -> one more event of that one
 *   act           -> event with the new state of the ticket; a return decides anew, in order
 *   book          -> event that says so; what comes behind it was decided by this one
 *   seen before   -> the first answer again, or a conflict
 *   malformed     -> invalid, not stored
 *   failed commit -> "try again" for all of the group, and of those built on it, that is not
 * invalid; nothing is stored
 */
#ifndef STAGES_STORE_H
#define STAGES_STORE_H

#include "stages/pipeline.h"
#include "store/store.h"

/* Slots that are worth a group of their own, and a flush, while the one before is still written.
 * Fewer wait for one another: a group ahead is closed to what comes behind it, which would wait for
 * three commits instead of two. */
enum { STORE_AHEAD_MIN = 256 };

struct store_stage;

/* Sets up pipeline->store, but for its wakes; the book in place 0 is in force. The stage borrows
 * the store. From the arena. */
struct store_stage *store_stage_create(struct pipeline *pipeline, struct store *store,
                                       struct arena *arena);

#endif
