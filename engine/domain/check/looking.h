/* looking - what the parts of a check have in common, and nobody else.
 *
 *      cells.c       cells that can never hold, rows that are over
 *      gaps.c        cases that a table has no row for; else rows that no case reaches
 *      overlaps.c    rows that meet where the hit policy forbids it, or the file's order decides
 *      first.c       what a table would be that goes by the order of its rows
 *      shadow.c      rows that never win, and rows that change nothing
 *      words.c       keywords that add nothing
 *      doubles.c     rows of a vote that count twice
 *      owners.c      categories without an owner, functions and units that nothing reaches
 *      guards.c      what must never come out at the end of all tables
 *      clocks.c      of these, that an emergency has a clock in hours
 *
 * Each looks at a table, or at the book, and adds its findings.
 */
#ifndef DOMAIN_CHECK_LOOKING_H
#define DOMAIN_CHECK_LOOKING_H

#include "domain/check/check.h"
#include "domain/check/grid.h"
#include "domain/check/wants.h"
#include "domain/rules/match.h"
#include "domain/rules/scratch.h"

struct seeker;
struct leader;
struct posts;

/* A table, and what it is looked at with. */
struct looked {
    const struct table *table;
    uint32_t index;
    struct grid grid;
    const struct matcher *matcher;
    struct match_scratch *room;
    struct seeker *seeker;
    bool apart;      /* no two of its rows meet; known once overlaps were looked for */
    uint32_t *ranks; /* row -> its rank among those that hold, 0 the best */
    uint8_t *dead;   /* a row each: it can never win, and a finding says so */
};

struct looking {
    const struct policy *policy;
    const struct city *city;
    const struct keywords *keywords;
    struct scratch *scratch;
    struct arena *arena;
    struct findings *findings;
    struct leader *leader;
    const struct posts *posts;
    int32_t today;
    struct looked tables[RULES_TABLES_MAX];
    uint32_t tables_count;
};

/* Does one row of it decide alone? Else all that hold do. */
bool looked_picks(const struct looked *looked);

/* Of two rows that hold, would the one be picked? */
static inline bool looked_ranks(const struct looked *looked, uint32_t one, uint32_t other)
{
    return looked->ranks[one] < looked->ranks[other];
}

/* Does another row hold wherever this one does? */
bool looked_covers(const struct looking *looking, const struct looked *looked, uint32_t row,
                   uint32_t other);

/* The row of an index, the else row's included; NULL where there is none. */
const struct table_row *looked_row(const struct looked *looked, uint32_t row);

/* Do both rows say the same, whatever it is cited by? */
static inline bool outputs_alike(const struct row_outputs *a, const struct row_outputs *b)
{
    return outputs_differ(a, b) == OUTPUT_COUNT;
}

/* A finding about a row, at its id; or at the cell in a column of that kind, "in:place". */
struct check_finding *looking_add(struct looking *looking, const struct looked *looked,
                                  uint32_t row, const char *kind, enum flaw flaw,
                                  enum severity severity);

/* About a table as a whole, at its hit policy. */
struct check_finding *looking_add_table(struct looking *looking, const struct looked *looked,
                                        enum flaw flaw, enum severity severity);

/* About a file of the city, such as functions.csv, at the row whose first cell is this. */
struct check_finding *looking_add_line(struct looking *looking, const char *name, struct span code,
                                       enum flaw flaw, enum severity severity);

void look_at_cells(struct looking *looking, const struct looked *looked);
void look_for_gaps(struct looking *looking, const struct looked *looked);
void look_for_overlaps(struct looking *looking, struct looked *looked);
void look_at_first(struct looking *looking, const struct looked *looked);
void look_for_doubles(struct looking *looking, const struct looked *looked);
void look_for_shadows(struct looking *looking, const struct looked *looked);
void look_at_words(struct looking *looking, const struct looked *looked);
void look_for_owners(struct looking *looking);
void look_for_breaches(struct looking *looking);
void guard_clocks(struct looking *looking);

#endif
