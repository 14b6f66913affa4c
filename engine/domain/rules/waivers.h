/* waivers - warnings of the check that a city lives with, by name and for a reason.
 *
 *   rules/waivers.csv   finding, row, by, reason     shadowed,assign/foo,王芳,...
 *
 * A finding is named as check/finding.h names it, and the row as decisions cite it; a table, a
 * function or a category by its own name where the finding is about one of these. The file may be
 * missing. What it says is a part of the book, and of the policy's hash.
 */
#ifndef DOMAIN_RULES_WAIVERS_H
#define DOMAIN_RULES_WAIVERS_H

#include "domain/city/folder.h"

#define WAIVERS_FILE "rules/waivers.csv"

struct waiver {
    struct span finding, row, by, reason;
    struct cell where;
};

struct waivers {
    const char *path;
    const struct waiver *list;
    uint32_t count;
    struct span source; /* without data: there is no such file */
};

/* What is wrong with it goes to diag. Lives as long as the arena. */
void waivers_read(struct folder folder, struct arena *arena, struct diag *diag,
                  struct waivers *waivers);

#endif
