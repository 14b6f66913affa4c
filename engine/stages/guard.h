/* guard - keeps one command from bringing the engine down again and again.
 *
 * A bug may lie in wait for one certain case. Its sender hears nothing and sends it again, and the
 * engine would fail for ever. So an engine that dies of a bug notes, in a file beside the store,
 * what was in work: begun by decode, not yet durable. The next engine takes each of those
 * alone, with nothing else in work; and one that is in work at a second failure is set aside, which
 * means that it is answered invalid and not begun any more. What passes alone is suspect no longer.
 *
 * A command is known by a hash of its bytes, which are the same when it is sent again. Costs a
 * comparison a batch while there are no suspects. Belongs to decode's thread, but for guard_note().
 */
#ifndef STAGES_GUARD_H
#define STAGES_GUARD_H

#include "base/arena.h"
#include "stages/pipeline.h"

/* Reads what the engine before noted in the directory of the store, and says so. */
struct guard *guard_create(const struct pipeline *pipeline, const char *store, struct arena *arena);

/* How many of the slots [next, limit) may be begun now: up to the slot that is returned, maybe
 * next. They are in work from here on. */
uint64_t guard_admit(struct guard *guard, uint64_t next, uint64_t limit);

/* Does a suspect wait to be alone, or others for it to pass? */
bool guard_waits(const struct guard *guard);

/* Was it in work at two failures? */
bool guard_sets_aside(const struct guard *guard, struct span command);

/* Writes down what is in work. For a process about to die: any thread, async-signal-safe. */
void guard_note(struct guard *guard);

/* When all is drained: nothing is suspect, but what is set aside stays so. */
void guard_settle(struct guard *guard);

#endif
