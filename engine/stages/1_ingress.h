/* ingress - the first stage and the last: it takes messages in, and answers them.
 *
 * Owns the ROUTER socket. Receives whole messages, stamps time, policy and regime, and puts each
 * case or act of a submit into a slot of its own. A message is answered once, when commit's
 * cursor has passed its last slot, and only then given back: until then the slots borrow its bytes.
 *
 *      letters   | 17 answered | 18: slots 40-103 | 19: slot 104 | 20 held: no room |
 *                               commit's cursor 96 -->
 *
 * Back-pressure: no free slots, no more than BYTES_IN_FLIGHT_MAX unanswered: ingress stops reading,
 * and ZeroMQ's high-water mark holds the adapters back. Where the store has stood still for a
 * second, what comes in is answered "try again" at once and never enters the ring. Requests that
 * only read go to the reader over the second ring and are answered as they are done; those that
 * want another book go to the loader, and what it makes becomes a command like any other
 * (changing.h).
 */
#ifndef STAGES_INGRESS_H
#define STAGES_INGRESS_H

#include "stages/pipeline.h"

struct ingress_stage;

/* Sets up pipeline->ingress, but for its wakes, on a bound ROUTER socket and a PAIR socket that
 * monitors it for ZMQ_EVENT_DISCONNECTED. The book in place 0 is in force. ordered: the regime that
 * the desk ordered last. Stamps no earlier than not_before_ms. From the arena. */
struct ingress_stage *ingress_stage_create(struct pipeline *pipeline, void *router, void *monitor,
                                           enum regime ordered, int64_t not_before_ms,
                                           struct arena *arena);

/* The policy that is in force now. Its thread, or before and after it. */
const struct policy *ingress_stage_policy(const struct ingress_stage *stage);

/* Gives back the messages that were never answered. After its thread has ended. */
void ingress_stage_fini(struct ingress_stage *stage);

#endif
