/* table - one decision table as it is written: what a person put into the spreadsheet, understood.
 *
 * The rows stay in the order of the file. Nothing here is quick; match.h compiles it. Immutable
 * once read.
 */
#ifndef DOMAIN_RULES_TABLE_H
#define DOMAIN_RULES_TABLE_H

#include "domain/rules/cell.h"
#include "domain/rules/hit_policy.h"
#include "domain/rules/text_cell.h"

struct table_row {
    struct span id;
    const struct values *values; /* one an input column; of in:text "-", whatever it says */
    struct text_cell text;       /* the cell of in:text; "-" where there is no such column */
    struct row_outputs outputs;
    /* What P goes by: an output column each, from left to right, the place of its value in the
     * column's list of allowed values; 0 is the best, and in columns without a list all are 0. */
    uint32_t standing[OUTPUT_COUNT];
    struct cell where;
};

struct table {
    struct span name;
    enum hit_policy hit_policy;
    enum answer answer;
    enum input inputs[INPUT_COUNT];
    uint32_t inputs_count;
    bool has_text;          /* in:text is among the inputs */
    struct table_row *rows; /* without the else row */
    uint32_t rows_count;
    const struct table_row *otherwise; /* the else row, or NULL; its index is rows_count */
    const struct weights *weights;     /* of W, which has neither inputs nor outputs; else NULL */
    /* What O goes by: a function's place among the allowed values, of out:co and out:informed; of
     * other tables NULL. */
    const uint32_t *co_places, *informed_places;
    struct sheet sheet; /* as it was written, for explanations */
    struct source source;
};

/* Reads rules/NAME.csv and adds its keywords to the city's. Everything wrong with it goes to
 * diag; NULL where nothing can be made of it. */
struct table *table_read(struct folder folder, struct span name, const struct city *city,
                         struct arena *arena, struct diag *diag);

#endif
