/* recalled - what an event decided, and of what: all that its decision was made of, out of the log.
 *
 * A decision follows from the case as it stood, the policy, the regime, and who had returned the
 * ticket by then. All of that is in the ticket's own events. So a decision of last year can be made
 * again, by the policy of then, which must give the same, or by another, to see what would be
 * different. The first one is made again as route made it, those after it as store did, by the same
 * functions.
 *
 * Within a snapshot, of which everything here is borrowed.
 */
#ifndef STAGES_RECALLED_H
#define STAGES_RECALLED_H

#include "stages/recall.h"
#include "store/store.h"

struct recalled {
    struct event_parts first; /* the event that the case came in with */
    int64_t received_ms;      /* when that was */
    int64_t decided_ms;
    uint32_t policy; /* number of the one that decided */
    enum regime regime;
    bool by_case;    /* it was decided when the case came in, not by an act after it */
    bool attached;   /* and became one more event of an earlier ticket */
    bool erased;     /* what people said is gone: the decision can be made again only in part */
    uint32_t doubts; /* beside the case's own */
    struct case_words corrected; /* by the desk until then */
    struct ticket_state state;   /* as it stood: who had returned it is excluded */
};

/* Reads what an event's decision was made of. ERR_NOT_FOUND: the event decided nothing.
 * ERR_DAMAGED: its ticket's events do not lead to it. */
MUST_CHECK enum err recalled_read(struct store_reader *reader, const struct event_view *event,
                                  struct recalled *recalled);

/* Makes the decision again by a policy. Facts are left as it was decided by, and so is who was
 * excluded. False with a misfit: what the case says means nothing in this policy's city, and there
 * is no decision. */
MUST_CHECK bool recalled_decide(const struct recalled *recalled, const struct policy *policy,
                                struct scratch *scratch, struct facts *facts,
                                struct excluded *excluded, struct decision *decision,
                                struct misfit *misfit);

#endif
