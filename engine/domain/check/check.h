/* check - proves a rule book, or shows what is wrong with it.
 *
 * Everything is looked at that cases can bring about on the day of the check and after it. What a
 * table asks is laid out as a grid of boxes, a row each (grid.h): gaps are counted exactly, and a
 * case in one is found by bisecting what is missing (volume.h); whether a row can win, and against
 * whom, is asked of the matcher that decides cases too, until it does or nothing is left where it
 * could (seek.h). A case that is shown was led through the whole book, as any case is, and came out
 * as is said of it (witness.h). Pure; takes milliseconds for a city's book.
 */
#ifndef DOMAIN_CHECK_CHECK_H
#define DOMAIN_CHECK_CHECK_H

#include "domain/check/finding.h"

/* Everything that is wrong with a book that could be read, sorted; today is a day as date.h numbers
 * them. Lives as long as the arena and the policy. */
const struct findings *check_policy(const struct policy *policy, int32_t today,
                                    struct arena *arena);

/* For whoever wants to use the book: adds its errors to diag, with their witnesses in words, and
 * then it is ERR_INVALID. Says nothing of warnings. */
MUST_CHECK enum err check_book(const struct policy *policy, int32_t today, struct diag *diag);

#endif
