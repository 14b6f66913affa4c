/* agenda - what units and the desk are going to do, soonest first.
 *
 * A heap; what is planned for one moment is done in the order of planning, so that nothing but the
 * seed decides. Grows as needed.
 */
#ifndef TOOLS_SIMULATE_AGENDA_H
#define TOOLS_SIMULATE_AGENDA_H

#include "domain/words.h"

#include <stdbool.h>

struct plan {
    int64_t time_ms;
    uint64_t order;    /* of planning; the agenda's to set */
    int64_t issued_ms; /* of the part that this is about: another one is another's business */
    uint32_t serial;
    uint32_t unit; /* who does it */
    enum verb verb;
    enum reason reason; /* return */
};

struct agenda {
    struct plan *plans;
    size_t count, room;
    uint64_t planned;
};

void agenda_add(struct agenda *agenda, const struct plan *plan);

/* The soonest, or NULL; borrowed until the next change. */
const struct plan *agenda_first(const struct agenda *agenda);

/* Takes the soonest out. There must be one. */
struct plan agenda_take(struct agenda *agenda);

void agenda_free(struct agenda *agenda);

#endif
