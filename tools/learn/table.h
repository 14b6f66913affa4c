/* table - what was learned, as a table that the desk reads and edits (rules/weights.h).
 *
 * Labels are not categories: which categories a label stands for says a sheet of its own, of two
 * columns, label and categories ("#01, #02"), in the order in which the table will have its
 * columns. Without one, each label must be a category's code or name.
 */
#ifndef TOOLS_LEARN_TABLE_H
#define TOOLS_LEARN_TABLE_H

#include "domain/city/city.h"
#include "tools/learn/weights.h"

struct label_map {
    struct span codes[LABELS_MAX]; /* a label each: "#01, #02" */
    uint32_t order[LABELS_MAX];    /* a column each: its label */
};

/* Of a corpus; path may be NULL. What is wrong goes to diag, and ERR_INVALID is returned. */
MUST_CHECK enum err label_map_read(const char *path, const struct city *city,
                                   const struct corpus *corpus, struct arena *arena,
                                   struct diag *diag, struct label_map *map);

/* The table as text in the arena. */
struct span learned_write(const struct learned *learned, const struct corpus *corpus,
                          const struct label_map *map, int32_t margin, struct arena *arena);

#endif
