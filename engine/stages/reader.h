/* reader - the stage beside the line: it answers what only asks.
 *
 * Look-ups, replays, status, the desk's list and a day's report travel over the second ring,
 * ingress -> reader -> ingress, and are read from LMDB snapshots in short slices, one a request.
 * They never disturb the pipeline.
 *
 * A reader of a ticket or a feed sees the reporter only where the unit was meant to.
 */
#ifndef STAGES_READER_H
#define STAGES_READER_H

#include "stages/pipeline.h"
#include "store/store.h"
#include "wire/wire.h"

struct reader_stage;

/* Fills in what only the engine knows. Called on the reader's thread. */
typedef void reader_report(void *self, struct engine_status *status);

/* Sets up pipeline->reader, but for its wakes. Borrows the reader, and alone uses it. From the
 * arena. */
struct reader_stage *reader_stage_create(struct pipeline *pipeline, struct store_reader *reader,
                                         reader_report *report, void *report_self,
                                         struct arena *arena);

/* Frees the policies that were asked for. After its thread has ended. */
void reader_stage_fini(struct reader_stage *stage);

#endif
