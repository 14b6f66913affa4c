/* decode - the second stage: bytes become a ticket, or a reason why they cannot.
 *
 * Reads arrival, writes ticket. Knows no city: whether a place or category exists is route's
 * question. No state; its thread is whichever steps it.
 */
#ifndef STAGES_DECODE_H
#define STAGES_DECODE_H

#include "stages/pipeline.h"

/* Sets up pipeline->decode, but for its wakes. */
void decode_init(struct pipeline *pipeline);

#endif
