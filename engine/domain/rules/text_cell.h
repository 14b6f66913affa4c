/* text_cell - one in:text cell: the words that a case's text must and must not have.
 *
 *      -  or empty                           anything, also a case without words
 *      any(噪音, 噪声)                        one of these
 *      all(夜间, 施工)                        each of these
 *      none(演练, 模拟)                       none of these
 *      any(噪音, 噪声) all(夜间) none(演练)    clauses, of which each must hold
 *
 * Blanks or commas stand between clauses; there may be several of a kind. Keywords are folded as
 * texts are (fold.h). A case without words has none of any, so a cell of nothing but none(...)
 * holds for it. A clause that can never hold, since what it wants has a part that none(...)
 * forbids, is an error.
 */
#ifndef DOMAIN_RULES_TEXT_CELL_H
#define DOMAIN_RULES_TEXT_CELL_H

#include "domain/text/text.h"

enum { TEXT_CLAUSES_MAX = 16, TEXT_CELL_KEYWORDS_MAX = 512 };

enum clause_kind { CLAUSE_ANY, CLAUSE_ALL, CLAUSE_NONE, CLAUSE_KIND_COUNT };

struct text_clause {
    enum clause_kind kind;
    uint32_t count; /* at least 1 */
    const uint32_t *keywords;
};

struct text_cell {
    const struct text_clause *clauses;
    uint32_t count; /* 0: anything */
};

/* Reads a cell folded by cell_fold() and adds its keywords. False with a fault that says what is
 * wrong and what would be right; 256 bytes hold any. */
MUST_CHECK bool text_cell_parse(struct keywords *keywords, struct span text, struct arena *arena,
                                struct text_cell *cell, char *fault, size_t fault_bytes);

#endif
