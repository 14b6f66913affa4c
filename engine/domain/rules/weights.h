/* weights - a table of keywords and how much each speaks for a category, learned or written.
 *
 *      W,      城乡建设,                劳动和社会保障, 环境保护      labels
 *      margin, out:category,            out:category,   out:category
 *      60,     "#01, #02, #05, #12",    "#03, #04",     #07           the categories of a column
 *      噪音,   -4,                      -9,             31            weights, -999 to 999
 *      物业,   28,                      -6,             -3
 *
 * Line 1 begins with W; below it stands the word margin, and below that the margin. The first
 * column holds the keywords, which are the ids of their rows too. Columns of note:* may stand
 * anywhere.
 *
 * A case that says no category has its words weighed: a keyword that stands in them adds its row to
 * the sums of the columns, once more where it stands there twice, four, eight and sixteen times.
 * Columns that the heaviest leads by the margin or more are ruled out. So one is left where its
 * lead is clear, else several, and the C+ tables that follow choose between the categories of what
 * is left and those that stand in no column: their rows for others do not count. Where they find
 * nothing, or none follows, the one category of the one column that is left is taken; where there
 * is more than one, all are candidates for the desk. Immutable; any thread; weighing allocates
 * nothing.
 */
#ifndef DOMAIN_RULES_WEIGHTS_H
#define DOMAIN_RULES_WEIGHTS_H

#include "domain/city/city.h"
#include "domain/city/sheet.h"

enum {
    WEIGHTS_COLUMNS_MAX = 16,
    WEIGHTS_WEIGHT_MAX = 999,
    WEIGHTS_MARGIN_MAX = 9999,
    WEIGHTS_KEYWORD_BYTES_MAX = 64
};

struct weights_column {
    struct span label;
    const struct category *categories; /* in the order of the cell; none lies in another */
    uint32_t count;
};

/* As it is written; its rows are the table's. */
struct weights {
    int32_t margin;
    struct weights_column columns[WEIGHTS_COLUMNS_MAX];
    uint32_t columns_count;
    uint32_t rows_count;
    uint32_t *keywords;                   /* a row each */
    int16_t (*rows)[WEIGHTS_COLUMNS_MAX]; /* 0 behind the last column */
    uint16_t *columns_of;                 /* a category each: a bit for each column it lies in */
};

struct reading;

/* Is this a sheet of weights? */
bool weights_is(const struct sheet *sheet);

/* Reads the whole of it into reading->table and adds its keywords to the city's. What is wrong goes
 * to diag. */
void weights_read(struct reading *reading);

/* -- weighing ----------------------------------------------------------------------------------
 */

struct weigher;

/* When all tables are read. */
const struct weigher *weigher_create(const struct weights *weights, const struct city *city,
                                     struct arena *arena);

struct weighing {
    int32_t sums[WEIGHTS_COLUMNS_MAX];
    uint32_t best;     /* column; the first where several weigh alike */
    int32_t lead;      /* of the best over the next; of one alone, its sum */
    uint32_t possible; /* a bit a column: is it left? */
    bool clear;        /* only the best is */
    uint32_t row;      /* which speaks most for the best; UINT32_MAX: no keyword stands there */
};

/* What stands in the words; hits may be NULL, a case without any. */
void weigher_weigh(const struct weigher *weigher, const struct text_hits *hits,
                   struct weighing *weighing);

/* The row of a keyword that the text has, by its number. */
uint32_t weigher_row(const struct weigher *weigher, uint32_t keyword);

/* Does a category lie in columns of which none is left? */
bool weights_rule_out(const struct weights *weights, uint32_t possible, uint32_t category);

#endif
