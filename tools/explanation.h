/* explanation - a decision, printed so that whoever reads it can tell a citizen on the phone why.
 *
 * What the case is; each table of the book in a paragraph, with what held and what it said; the
 * climb to the unit; who has it, and the clock in words.
 */
#ifndef TOOLS_EXPLANATION_H
#define TOOLS_EXPLANATION_H

#include "lianxin.pb-c.h"

/* To stdout. */
void print_explanation(const Lianxin__V1__Explanation *explanation);

#endif
