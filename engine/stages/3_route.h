/* route - the third stage: which units get the ticket.
 *
 * Reads arrival and ticket, writes routing. Resolves the case's words against the city of the
 * policy that ingress stamped, and runs decide() on them. No state and no clock, so that the same
 * ticket under the same policy is always decided alike.
 */
#ifndef STAGES_ROUTE_H
#define STAGES_ROUTE_H

#include "stages/pipeline.h"

struct route_stage;

/* Sets up pipeline->route, but for its wakes; cases are stamped with this policy. From the arena.
 */
struct route_stage *route_stage_create(struct pipeline *pipeline, const struct policy *policy,
                                       struct arena *arena);

/* Frees what deciding needed. After its thread has ended. */
void route_stage_fini(struct route_stage *stage);

#endif
