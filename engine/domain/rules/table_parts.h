/* table_parts - what the files that read a table know of each other, and nobody else.
 *
 *      table_head.c        lines 1 to 3: hit policy, columns, types
 *      table.c             the rows
 *      table_validity.c    the days on which a row holds
 *      table_check.c       what must hold for the table as a whole
 *      weights_read.c      a table of weights, which has a form of its own
 */
#ifndef DOMAIN_RULES_TABLE_PARTS_H
#define DOMAIN_RULES_TABLE_PARTS_H

#include "domain/rules/table.h"

enum { ALLOWED_MAX = 64, FAULT_BYTES = 256, SHOWN_BYTES = 48 };

enum column_kind { COLUMN_INPUT, COLUMN_OUTPUT, COLUMN_NOTE, COLUMN_FROM, COLUMN_UNTIL };

struct column {
    enum column_kind kind;
    uint32_t which;                /* enum input or enum output; of other kinds 0 */
    uint32_t input;                /* index among the inputs */
    struct values domain;          /* of an input: what line 3 allows */
    uint32_t allowed[ALLOWED_MAX]; /* of an output, best first; none: all are, and alike */
    uint32_t allowed_count;
};

struct reading {
    const struct city *city;
    struct arena *arena;
    struct diag *diag;
    struct sheet sheet;
    struct table *table;
    struct column columns[RULES_COLUMNS_MAX];
    uint32_t columns_count; /* the id's included */
    uint32_t outputs_count;
    uint32_t dates; /* the dates' index among the inputs, or as many as those are */
};

/* As output_value(), with a finding. */
bool table_find_value(const struct reading *reading, enum output output, struct cell cell,
                      struct span item, uint32_t *value);

/* Lines 1, 2 and 3. What makes no sense is said, and read on without. */
void table_read_hit_policy(struct reading *reading);
void table_read_columns(struct reading *reading);
void table_read_types(struct reading *reading);

/* Where columns from and until stand, the table asks for the date. Then what they say of a row is
 * taken from its dates. */
void table_add_dates(struct reading *reading);
void table_read_validity(const struct reading *reading, const struct sheet_row *row, bool otherwise,
                         struct values *dates);

/* After all rows. */
void table_check(const struct reading *reading);

#endif
