/* route - the third stage: which units get the ticket.
 *
 * Reads arrival and ticket, writes routing. Resolves the case's words against the city of the
 * policy that ingress stamped, and runs decide() on them. No state and no clock, so that the same
 * ticket under the same policy is always decided alike.
 */
#ifndef STAGES_ROUTE_H
#define STAGES_ROUTE_H

#include "stages/pipeline.h"

/* Sets up pipeline->route, but for its wakes. */
void route_init(struct pipeline *pipeline);

#endif
