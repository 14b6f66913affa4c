/* edits - what was edited between two policies: the rows of their files, held against each other.
 *
 * Rows are found again by what stands in their first cell, or in their first two where that does
 * not tell them apart; columns by their kind or name. So what only stands elsewhere is no edit of
 * its cells. As it is written, not as it is meant: whether an edit changes anything is for
 * difference.h to say.
 */
#ifndef TOOLS_COMPARE_EDITS_H
#define TOOLS_COMPARE_EDITS_H

#include "domain/policy.h"

enum edit_kind { EDIT_CHANGED, EDIT_ADDED, EDIT_REMOVED, EDIT_KINDS };

struct edited_cell {
    struct span label; /* of the column, as people read it */
    struct span before, after;
};

struct edit {
    const char *file; /* rules/assign.csv */
    struct span row;  /* what it is found by; empty: the head of the table */
    enum edit_kind kind;
    const struct edited_cell *cells; /* that changed */
    uint32_t cells_count;
};

struct edits {
    struct edit *list; /* by file, as the rows stand there; what was removed comes last */
    uint32_t count, room;
    uint32_t kinds[EDIT_KINDS]; /* how many of each */
    bool reordered;             /* rows of some table stand in another order, which may count */
};

/* All there are; spans live as long as the arena and the policies. */
void edits_find(const struct policy *before, const struct policy *after, struct arena *arena,
                struct edits *edits);

/* Both texts from where they first differ, or from the item of a list that does; how many bytes of
 * each are left out. Short texts are left whole. */
size_t edits_part(const struct edited_cell *cell, struct span *before, struct span *after);

extern const char *const edit_kind_names[EDIT_KINDS];  /* changed added removed */
extern const char *const edit_kind_labels[EDIT_KINDS]; /* 修改 新增 删除 */

#endif
