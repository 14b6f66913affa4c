/* wants - what a case's words must and must not have, to lie where a search looks.
 *
 * A conjunction of cells, and of clauses that shall not hold. Whether any text is such can be told
 * exactly, since a clause wants words or forbids them, but never both: of each clause take a word
 * in which no forbidden one stands; a text of these alone, commas between, has nothing else, for no
 * keyword has a comma. If a clause has no such word, no text is.
 */
#ifndef DOMAIN_CHECK_WANTS_H
#define DOMAIN_CHECK_WANTS_H

#include "domain/rules/text_cell.h"

enum { WANTS_MAX = 96, WANTS_TEXT_BYTES = WANTS_MAX * (KEYWORD_BYTES_MAX + 1) };

struct keyword_list {
    const uint32_t *keywords;
    uint32_t count;
};

/* Lists are borrowed. */
struct wants {
    struct keyword_list any[WANTS_MAX]; /* of each at least one word */
    uint32_t any_count;
    struct keyword_list none[WANTS_MAX]; /* of each no word */
    uint32_t none_count;
    bool crowded; /* there was no room for one */
};

/* Words that hold for a cell, too. */
void wants_cell(struct wants *wants, const struct text_cell *cell);

void wants_any(struct wants *wants, const uint32_t *keywords, uint32_t count);

/* Adds that a clause does not hold, in one of several ways: 0 and on, until it is false. Of
 * any(...) no word stands there; of all(...) one of them does not; of none(...) one of them does.
 */
bool wants_break(struct wants *wants, const struct text_clause *clause, uint32_t way);

/* The shortest text of all that is wanted, into a buffer of WANTS_TEXT_BYTES; empty where nothing
 * is. False where there is none. */
MUST_CHECK bool wants_text(const struct wants *wants, const struct keywords *keywords, char *text,
                           size_t *bytes);

/* Does every text for which the one holds have the other hold as well? */
bool text_cell_implies(const struct keywords *keywords, const struct text_cell *one,
                       const struct text_cell *other);

#endif
