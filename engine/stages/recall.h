/* recall - a stored case, to be decided again or explained.
 *
 * A return, a correction and a reassignment look at the case once more. Its words are those that
 * were submitted, but for category and place where the desk has corrected them since; then an
 * unknown line is no doubt any more. Where its story has been erased, the category and the place
 * that its words once led to stand in for them. A report whose words name no unit any more, since
 * they are erased or the unit is called something else by now, stays kept from whom it was about.
 * Spans borrow from the events.
 */
#ifndef STAGES_RECALL_H
#define STAGES_RECALL_H

#include "wire/wire.h"

/* Notes what an act corrected. Acts are looked at from the last to the first: of each the latest
 * correction counts. */
void recall_note(const struct act *act, struct case_words *corrected);

/* Resolves the case of a ticket's first event, as corrected; the moment and the regime are those
 * that it is to be decided by. False with a misfit: what it says means nothing in this policy's
 * city any more, and facts are as far as they go. */
MUST_CHECK bool recall_facts(const struct policy *policy, const struct event_parts *first,
                             const struct case_words *corrected, int64_t time_ms,
                             enum regime regime, struct scratch *scratch, struct facts *facts,
                             struct misfit *misfit);

/* What is added to the case's own doubts where an act has it decided anew, and the ticket stands so
 * after that: the third return ends at the desk, which decides for good. */
uint32_t recall_doubts(const struct ticket_state *state, enum verb verb);

/* Resolves it as above, and decides it anew. Facts are left as they were decided by. excluded may
 * be NULL; doubts are added to those of the case. */
void recall_anew(const struct policy *policy, const struct event_parts *first,
                 const struct case_words *corrected, int64_t time_ms, enum regime regime,
                 const struct excluded *excluded, uint32_t doubts, struct scratch *scratch,
                 struct facts *facts, struct decision *decision);

#endif
