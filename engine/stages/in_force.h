/* in_force - which book decides: a record of its own, as the regime's.
 *
 * Each change of books is an event of one ticket, which the first change opens under an id that no
 * adapter can use. So the changes are as durable as any case, chained with all else, and found
 * again at start without a table. What has a greater number than such an event was decided by the
 * book that it names, what has a smaller one by the book before: the event says which that was, so
 * a store whose first book is still in force needs no record. Older releases kept none: there the
 * policy that decided last was in force.
 */
#ifndef STAGES_IN_FORCE_H
#define STAGES_IN_FORCE_H

#include "stages/4_store.h"

/* What was in force last; spans as an event_view's. Before the first record that is what decided
 * last, and where nothing was decided, the first that was put: the event that it is told by is then
 * none. ERR_NOT_FOUND: no book ever was. ERR_DAMAGED. */
MUST_CHECK enum err in_force_find(struct store *store, struct store_reader *reader,
                                  struct wire_in_force *last);

/* At start, before any stage is stepped: records that the book in place 0, which is signed, has
 * come into force. ERR_FULL, ERR_IO, ERR_UNKNOWN: nothing was stored. */
MUST_CHECK enum err in_force_record(struct store_stage *stage, struct pipeline *pipeline,
                                    int64_t now_ms);

#endif
