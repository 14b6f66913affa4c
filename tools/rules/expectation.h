/* expectation - what is expected of a case by a golden one, and what is not so.
 *
 * The members that it has beside a case's circumstances, as golden.h names them; those that are not
 * said are not looked at.
 */
#ifndef TOOLS_RULES_EXPECTATION_H
#define TOOLS_RULES_EXPECTATION_H

#include "domain/decide.h"
#include "tools/circumstances.h"

enum { EXPECTATION_MEMBERS = 10, EXPECTATION_FAULT_BYTES = 1024 };

struct expectation {
    const struct policy *policy;
    struct circumstances_more members[EXPECTATION_MEMBERS]; /* for circumstances_read() */
    char fault[EXPECTATION_FAULT_BYTES];                    /* what is not so, "; " between */
    size_t used;
};

/* So that who only wants the case of a golden one can read it as well. */
void expectation_members(struct circumstances_more members[EXPECTATION_MEMBERS]);

void expectation_begin(const struct policy *policy, struct expectation *expectation);

/* Does it say which unit is to get the case? */
bool expectation_has_unit(const struct expectation *expectation);

/* Adds to what is not so. */
void expectation_complain(struct expectation *expectation, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds all in which the decision is another. */
void expectation_check(struct expectation *expectation, const struct decision *decision);

#endif
