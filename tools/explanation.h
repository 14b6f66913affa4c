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

/* What would be different, a line each; nothing of a case that would be refused. */
void print_differences(const Lianxin__V1__Explanation *explanation);

/* Why it does not go to the unit that was asked for, and the row that came closest, cell by cell.
 */
void print_why_not(const Lianxin__V1__Explanation *explanation);

#endif
