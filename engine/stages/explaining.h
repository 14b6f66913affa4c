/* explaining - why a case goes where it goes, and where it would go otherwise: a ticket's last
 * decision, or one that would be made.
 *
 *      as it is        a ticket's events, or what the stages would make of a case
 *      what if         the same with a field, the moment, the regime or the policy changed: what
 *                      differs is said, and then that is explained
 *      why not         what keeps it from a unit, under either
 *
 * A dry run is what the stages do, on the asker's thread: decoded, resolved and decided by the same
 * functions, and written as the event that it would become; only that nobody stores it. A ticket is
 * decided again out of its events (recalled.h). So a ticket, and a case that nobody submitted, are
 * explained alike, from an event; and it is the same whether an engine is asked, or a command looks
 * at a store or a directory by itself.
 */
#ifndef STAGES_EXPLAINING_H
#define STAGES_EXPLAINING_H

#include "stages/shelf.h"
#include "wire/wire.h"

/* What is known to whoever explains. */
struct explainer {
    struct store_reader *reader; /* within a snapshot; NULL: there is no store */
    struct shelf *shelf;         /* with a store: policies that are not in force. At least two */
    struct shelved in_force;
    struct shelved named; /* to decide by instead of the policy that a request names; may be none */
    uint64_t seed;        /* of the store's digests */
    int64_t now_ms;
    enum regime ordered; /* by the desk; REGIME_NONE: the calendar's holds */
};

/* Answers the content of an Explain with the bytes of a Reply, in the arena. */
struct span explaining_reply(const struct explainer *explainer, uint64_t id, struct span content,
                             struct arena *arena);

#endif
