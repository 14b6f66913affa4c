/* scratch - what one thread scribbles on while it resolves facts and decides.
 *
 * Made for one policy, and used with that alone. Domain's own; others only pass it on.
 */
#ifndef DOMAIN_RULES_SCRATCH_H
#define DOMAIN_RULES_SCRATCH_H

#include "domain/rules/rules.h"

struct scratch {
    struct arena *arena;
    struct text_scratch *text;
    struct rules_scratch *rules;
};

#endif
