/* alike - what two policies have in common, so that of a case that both are asked about not all is
 * found twice.
 *
 *      nothing     another city: all is resolved anew
 *      city        the same tables of the city: places, lines, categories and units are the same
 *                  ones, under the same numbers; only the book's words are looked for anew
 *      words       the books ask for the same words as well: the facts are the same
 *
 * Pure; any thread.
 */
#ifndef DOMAIN_ALIKE_H
#define DOMAIN_ALIKE_H

#include "domain/policy.h"

enum alike { ALIKE_NOTHING, ALIKE_CITY, ALIKE_WORDS };

enum alike policies_alike(const struct policy *a, const struct policy *b);

/* The facts that a case has by the other policy, which is alike in more than nothing; scratch is of
 * that one, words are those that the facts were resolved from. As long as both scratches are left
 * alone, both may be decided. */
struct facts facts_shared(enum alike alike, const struct facts *facts,
                          const struct case_words *words, struct scratch *scratch);

#endif
