/* route - the third stage: which units get the ticket.
 *
 * Reads arrival and ticket, writes routing or misfit. Resolves the case's words against the city of
 * the policy that ingress stamped, and runs decide() on them. No state and no clock, so that the
 * same ticket under the same policy is always decided alike.
 */
#ifndef STAGES_ROUTE_H
#define STAGES_ROUTE_H

#include "stages/pipeline.h"

/* Resolves and decides one case, as the stage does: for a case and for an explanation alike. Facts
 * are left as they were decided by; where the routing is not valid, the misfit says why. */
void route_decide(const struct policy *policy, const struct ticket *ticket, bool strict,
                  struct scratch *scratch, struct facts *facts, struct routing *routing,
                  struct misfit *misfit);

/* The same as if the case were about no earlier ticket, with doubts beside its own: that one takes
 * no more, or is not there. */
void route_anew(const struct policy *policy, const struct ticket *ticket, bool strict,
                uint32_t doubts, struct scratch *scratch, struct facts *facts,
                struct routing *routing, struct misfit *misfit);

/* Where strict: the ticket that the case is about is not there. */
void route_refuse_unknown(const struct ticket *ticket, struct misfit *misfit);

/* Sets up pipeline->route, but for its wakes. From the arena. */
void route_stage_create(struct pipeline *pipeline, struct arena *arena);

#endif
