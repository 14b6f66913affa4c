/* leshan - the real city and its book, for tests of what that makes of a case.
 *
 * One at a time: Criterion gives each test a process of its own.
 */
#ifndef TESTS_SUPPORT_LESHAN_H
#define TESTS_SUPPORT_LESHAN_H

#include "domain/decide.h"

/* Loads cities/leshan; any trouble ends the test. For .init and .fini of a suite. */
void leshan_open(void);
void leshan_close(void);

const struct policy *leshan_policy(void);

/* Somebody writes over WeChat on an ordinary morning. */
struct facts leshan_facts(enum type type);

/* What the book makes of it. Words that cannot be accepted end the test. */
struct decision leshan_decide(struct facts facts, const struct case_words *words);

#endif
