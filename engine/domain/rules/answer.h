/* answer - what the rows of a table that hold write, as its hit policy has it (hit_policy.h).
 *
 * Of one row all counts; of lists every row adds its functions; of limits the shortest counts, or
 * the longest; of a vote the category that most speaks for. Once a disposition other than dispatch
 * has been said, only a category is still written.
 */
#ifndef DOMAIN_RULES_ANSWER_H
#define DOMAIN_RULES_ANSWER_H

#include "domain/rules/match.h"
#include "domain/rules/vote.h"

/* A table, ready to be asked. */
struct compiled {
    const struct table *table;
    const struct matcher *matcher;
    enum answer answer;           /* the table's */
    const struct ballot *ballots; /* of a vote, else NULL */
    struct row_outputs *outputs;  /* of all rows, close together; the else row's stand last */
    struct span *row_names;       /* table/row-id; likewise */
};

/* A case on its way through the tables. */
struct asking {
    struct facts now;             /* with what the tables so far have said */
    uint32_t values[INPUT_COUNT]; /* of now */
    struct vote *vote;
    struct outputs *outputs;
};

/* Asks the table, which is the index-th, and writes what it says into the outputs, and into now
 * what the tables after it are to see. Allocates nothing. */
void answer_table(const struct compiled *compiled, uint32_t index, struct match_scratch *scratch,
                  struct asking *asking);

/* How many rows it notes at most. */
uint32_t answer_citations_max(const struct table *table);

#endif
