/* answer - what the rows of a table that hold write, as its hit policy has it (hit_policy.h).
 *
 * Of one row all counts; of lists every row adds its functions; of limits the shortest counts, or
 * the longest; of a vote the category that most speaks for; of weights no row but which categories
 * are left, between which a vote behind them chooses. Once a disposition other than dispatch
 * has been said, only a category is still written.
 */
#ifndef DOMAIN_RULES_ANSWER_H
#define DOMAIN_RULES_ANSWER_H

#include "domain/rules/match.h"
#include "domain/rules/vote.h"
#include "domain/rules/weights.h"

/* A table, ready to be asked. */
struct compiled {
    const struct table *table;
    const struct matcher *matcher;
    enum answer answer;            /* the table's */
    const struct ballot *ballots;  /* of a vote, else NULL */
    const struct weigher *weigher; /* of weights, else NULL */
    bool vote_follows;             /* of weights: a vote goes on from them */
    struct row_outputs *outputs;   /* of all rows, close together; the else row's stand last */
    struct span *row_names;        /* table/row-id; likewise */
};

/* A case on its way through the tables. */
struct asking {
    struct facts now;             /* with what the tables so far have said */
    uint32_t values[INPUT_COUNT]; /* of now */
    struct vote *vote;
    uint32_t *kept; /* room for the rows of any vote */
    struct outputs *outputs;
};

/* Asks the table, which is the index-th, and writes what it says into the outputs, and into now
 * what the tables after it are to see. Allocates nothing. */
void answer_table(const struct compiled *compiled, uint32_t index, struct match_scratch *scratch,
                  struct asking *asking);

/* The rows of a vote that hold for what it saw, without those for categories that weights have
 * ruled out; they stand in kept or in the scratch until the next use. */
struct match_rows answer_vote_rows(const struct compiled *compiled, const struct facts *seen,
                                   const uint32_t *values, struct match_scratch *scratch,
                                   uint32_t *kept);

/* How many rows it notes at most. */
uint32_t answer_citations_max(const struct table *table);

#endif
