/* why_not - why a case does not go to a unit: what stands in its way.
 *
 * A unit may be out of the question, since it has returned the ticket or the case is a report about
 * it. Else somebody asks it of the book: of the rows that say the unit's function, that which came
 * closest, and the cells that kept it from holding. "Closest" is: its output would lead to the
 * unit, by the climb of decide(); the fewest cells fail; and among equals the one that stands
 * first, as the table ranks its rows. What holds is asked of the compiled tables, as decide() does.
 * Pure; any thread.
 */
#ifndef DOMAIN_WHY_NOT_H
#define DOMAIN_WHY_NOT_H

#include "domain/explain.h"

/* What stands in the way; of several the first in this order. */
enum obstacle {
    OBSTACLE_UNSAID,
    OBSTACLE_NOTHING,     /* it has a part in it */
    OBSTACLE_RETURNED,    /* it has returned it */
    OBSTACLE_KEPT_FROM,   /* the case is a report about it, or about a unit above it */
    OBSTACLE_NO_ROW,      /* no row of the book says its function */
    OBSTACLE_DISPOSITION, /* the case is not dispatched */
    OBSTACLE_DOUBT,       /* the book says its function, but the case is doubtful, and the desk's */
    OBSTACLE_CLIMB,       /* the book says its function, but the climb ends elsewhere */
    OBSTACLE_CELLS,       /* the row that came closest does not hold */
    OBSTACLE_RANK,        /* it does, but another one was before it */
    OBSTACLE_COUNT
};

struct why_not {
    struct unit unit;
    enum obstacle obstacle;
    struct span because;          /* a sentence */
    bool has_nearest;             /* a row that says its function */
    struct explained_row nearest; /* the closest of them, with the cells that fail */
    uint32_t failing;             /* how many those are */
    struct span instead;          /* the row that decided instead; may be empty */
};

/* Excluded and decision as the case was decided, facts as they were resolved with the same scratch,
 * and nothing since. */
void why_not(const struct policy *policy, const struct facts *facts,
             const struct excluded *excluded, const struct decision *decision, struct unit unit,
             struct scratch *scratch, struct arena *arena, struct why_not *why);

/* The unit of a key, or of a name: in full, as people say it, or any part of it that only one
 * unit's name has. Of several that are called so the one that lies in the place, which may be
 * PLACE_NONE. False with a misfit that lists candidates. */
MUST_CHECK bool why_not_unit(const struct city *city, struct span text, struct place place,
                             struct unit *unit, struct misfit *misfit);

#endif
