/* decode - the second stage: bytes become a ticket, or a reason why they cannot.
 *
 * Reads arrival, writes ticket or misfit. Knows no city: whether a place or category exists is
 * route's question. No state but the guard's, which decides when a command that is suspect may be
 * begun (guard.h).
 */
#ifndef STAGES_DECODE_H
#define STAGES_DECODE_H

#include "stages/pipeline.h"

/* Sets up pipeline->decode, but for its wakes; pipeline->guard is there. */
void decode_init(struct pipeline *pipeline);

#endif
