/* health - whether the store takes what comes in, told to the operator and in the status. */
#ifndef STAGES_HEALTH_H
#define STAGES_HEALTH_H

#include "base/counters.h"
#include "base/err.h"

/* The counter's owner, after each try: sets it to err, and says so where the store begins or ceases
 * to refuse. */
void health_note(struct counter *refusing, enum err err);

#endif
