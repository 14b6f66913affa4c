/* explain - why a row of the book held, in the words that stand there.
 *
 * A row is taken apart as it was written: the label of each cell that says something (line 1 of its
 * table), the cell, what the case has for it, and which part of the cell that is in. Numbers become
 * names here and nowhere else. Everything is made in the caller's arena or lives as long as the
 * policy. Pure; any thread.
 */
#ifndef DOMAIN_EXPLAIN_H
#define DOMAIN_EXPLAIN_H

#include "domain/decide.h"

struct explained_cell {
    struct span label; /* 事项 */
    struct span cell;  /* as written */
    struct span value; /* what the case has, "#070101 施工噪声"; of a text, the keywords found in
                          it. Empty: the case does not say, or it is not known any more. Of an
                          output: the names of what the cell says */
    struct span part;  /* of a condition that is a list: the item that lets it pass, "#07 环境" */
    bool fails;        /* of a condition: it keeps the row from holding */
};

enum { EXPLAINED_ALSO_MAX = 8 };

struct explained_row {
    struct span name;  /* table/row */
    struct span basis; /* its note:basis */
    struct explained_cell conditions[RULES_COLUMNS_MAX];
    uint32_t conditions_count;
    struct explained_cell outputs[RULES_COLUMNS_MAX];
    uint32_t outputs_count;
    /* Of tables of which several rows may decide together: the others that held, of a vote the
     * heaviest first, of lists those that named nobody new, of limits those that others outdid.
     * They stand with the table's first. */
    struct span also[EXPLAINED_ALSO_MAX];
    uint32_t also_count;
    uint32_t also_more; /* that held besides */
};

/* The rows that hold for these facts, with what they say that counts, in the order of the tables;
 * as many as it returns. Facts were resolved with the same scratch, and nothing since. */
uint32_t explain_facts(const struct policy *policy, const struct facts *facts,
                       struct scratch *scratch, struct arena *arena,
                       struct explained_row rows[RULES_CITED_MAX]);

/* One row, whatever held: without what the case had. */
void explain_row(const struct policy *policy, struct row row, struct arena *arena,
                 struct explained_row *explained);

/* One row with what the case has for it, as its table sees it; failing as rules_failing() says. */
void explain_row_failing(const struct policy *policy, struct row row, const struct facts *seen,
                         uint32_t failing, struct arena *arena, struct explained_row *explained);

/* Why the climb for a function went on from a place: "has no unit for it". Empty where nothing
 * there keeps it from ending. */
const char *explain_climb(const struct city *city, struct function function, struct place place,
                          struct unit kept_from, const struct excluded *excluded);

#endif
