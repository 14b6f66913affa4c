/* trial - how well a written table does on messages that it was not learned from.
 *
 * The table is read, compiled, scanned for and weighed by the engine's own code, as part of a book
 * made in memory of a city's files: by itself, and in the city's own book in place of the table of
 * its name. So whatever the engine does with it is in the figures.
 */
#ifndef TOOLS_LEARN_TRIAL_H
#define TOOLS_LEARN_TRIAL_H

#include "domain/policy.h"
#include "tools/learn/table.h"

enum { NO_LABEL = UINT32_MAX };

struct verdict {
    uint32_t label; /* of the heaviest column; NO_LABEL: no keyword stood there */
    int32_t lead;
    uint32_t by_book; /* a bit for each label whose categories have the one that the book said */
    bool to_desk;     /* it said none */
};

struct trial {
    const struct corpus *corpus;
    const struct label_map *map;
    const char *name;    /* of the table */
    struct policy *city; /* as it is */
    bool in_book;        /* its book has a table of that name */
};

/* Loads the city. Findings go to diag. */
MUST_CHECK enum err trial_open(const char *directory, const char *name, struct diag *diag,
                               struct trial *trial);
void trial_close(struct trial *trial);

/* Asks the table by itself about the messages of which held says so: label and lead of their
 * verdicts. */
MUST_CHECK enum err trial_ask_table(const struct trial *trial, struct span table, const bool *held,
                                    struct diag *diag, struct verdict *verdicts);

/* Asks the city's book with the table in it, which it must have: the rest of their verdicts. */
MUST_CHECK enum err trial_ask_book(const struct trial *trial, struct span table, const bool *held,
                                   struct diag *diag, struct verdict *verdicts);

#endif
