/* relay - five toy stages over a small ring, wired as the engine wires its own.
 *
 *      ingress -> decode -> route -> store -> publish       RELAY_SLOTS slots, re-used
 *
 * What they carry is arithmetic: each stage writes its section out of the one before, so that any
 * stage reading too early, and any slot overwritten too soon, leaves a word that is not what it
 * must be. Publish looks at all sections, acknowledge (ingress, behind store) at the last, and
 * ingress at all of them again before it writes the slot anew. Payloads are plain memory:
 * ThreadSanitizer watches each access.
 */
#ifndef STRESS_RELAY_H
#define STRESS_RELAY_H

#include "ring/stage.h"

enum { RELAY_STAGES = 5, RELAY_SECTIONS = 4, RELAY_SLOTS = 64, RELAY_WORDS = 4 };

struct parcel {
    uint64_t sections[RELAY_SECTIONS][RELAY_WORDS]; /* each written by the stage of its index */
};

/* What one stage's thread alone touches. */
struct runner {
    struct relay *relay;
    uint32_t index;
    uint64_t random;
    uint64_t faults; /* words that were not what they must be; read by others after the join */
};

struct relay {
    struct parcel parcels[RELAY_SLOTS];
    struct stage stages[RELAY_STAGES];
    struct runner runners[RELAY_STAGES];
    uint64_t seed;
    uint64_t total; /* fixed: commands until ingress has finished */

    /* Ingress only, or the driver that steps it by hand. */
    uint64_t offered;  /* commands that have come in */
    uint64_t answered; /* commands that were acknowledged */
    uint64_t told;     /* offered, when answers was rung last */

    int offers;  /* an eventfd in place of a socket: counts commands to take in; or -1 */
    int answers; /* an eventfd: rung when all that was offered is acknowledged; or -1 */
};

void relay_init(struct relay *relay, uint64_t seed, uint64_t total);

/* After all threads have ended. */
uint64_t relay_faults(const struct relay *relay);

/* The next number of a reproducible sequence. */
uint64_t random_next(uint64_t *random);

#endif
