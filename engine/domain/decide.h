/* decide - which units get a ticket, and why.
 *
 * decide(policy, facts) -> decision, and nothing else: no state, no clock, no input or output. The
 * same function decides a new case, a return, a replay and an explanation.
 *
 * The book says function and tier; the unit is found by climbing. From the case's place go up to
 * the tier asked for (a place coarser than that is taken as it is); where no unit has the function
 * there, climb on. The city always has one. What cannot be decided goes to the desk, with the
 * doubt.
 */
#ifndef DOMAIN_DECIDE_H
#define DOMAIN_DECIDE_H

#include "domain/policy.h"

enum { ASSIGNMENTS_MAX = 8, EXCLUDED_MAX = ASSIGNMENTS_MAX };

struct assignment {
    struct unit unit;
    enum role role;
    uint8_t row; /* index into the decision's rows: who named its function; 0 where it is the desk's
                    for want of a row */
};

struct decision {
    struct place place;       /* where the climb began: the case's, or the city where it had none */
    struct category category; /* as classified */
    struct function function; /* of the main unit */
    enum tier tier;           /* as the book asked */
    uint32_t rows_count;
    struct place climb[TIER_COUNT]; /* places tried for the main unit, the last is its own */
    uint32_t climb_count;
    struct assignment assignments[ASSIGNMENTS_MAX]; /* the main one first; no unit twice */
    uint32_t assignments_count;
    uint32_t doubts;              /* of the facts, and the decision's own */
    enum disposition disposition; /* other than dispatch: the desk's part is closed at once */
    enum regime regime;
    enum urgency urgency;
    struct time_limit limit, sign_limit; /* of main and co-units, from the moment of assignment */
    struct span advice;                  /* as in struct outputs */
    struct category category_candidates[CATEGORY_CANDIDATES_MAX];
    uint32_t category_candidates_count;
    struct place_candidates place_candidates;
    bool place_from_words, category_from_words;
    struct unit kept_from; /* what accuses this unit: neither it nor any below it is assigned */
    bool reporter_shown;   /* to the main unit; nobody for a report, or where secrecy was asked */
    struct row rows[RULES_CITED_MAX]; /* as in struct outputs; few are set, so they stand last */
};

/* Units that must not get it again, since they returned it. */
struct excluded {
    struct unit units[EXCLUDED_MAX];
    uint32_t count;
};

/* excluded may be NULL. Always yields exactly one main assignment. Facts were resolved with the
 * same scratch, and nothing since. */
void decide(const struct policy *policy, const struct facts *facts, const struct excluded *excluded,
            struct scratch *scratch, struct decision *decision);

/* Is a unit the one, or below the one, that a report or complaint is about? The units of its
 * function in its place's subtree are; of a government (属地综合) all units there. */
bool decide_is_kept_from(const struct city *city, struct unit about, struct unit unit);

/* The unit that a case at a place goes to where the book says this function and tier: decide()
 * climbs so. UNIT_NONE: nobody has the function, or all that have it are excluded or kept from it.
 * excluded may be NULL. */
struct unit decide_climb(const struct city *city, struct function function, struct place place,
                         enum tier tier, const struct excluded *excluded, struct unit kept_from);

/* When a part is late that is given now. */
struct dues {
    int64_t issued_ms, due_ms, sign_by_ms; /* 0: no deadline */
    bool provisional;
};

struct dues decide_dues(const struct policy *policy, const struct decision *decision,
                        int64_t now_ms);

#endif
