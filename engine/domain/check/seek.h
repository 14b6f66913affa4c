/* seek - finds a case in which a row of a table wins, or proves that there is none.
 *
 *      where it may be     [ the row's own box, and a text that its words want ]
 *      a case of these  -> matcher_match() -> another row wins
 *      where it may be     outside that row: on the one axis, or the next, or without its words
 *
 * Who wins is asked of the compiled matcher, as for any case. A row that wins instead is cut out of
 * where it may be, which leaves several parts apart from each other; each is looked at in turn.
 * When none is left there is no such case. What takes more steps than it has is open, and not
 * guessed.
 */
#ifndef DOMAIN_CHECK_SEEK_H
#define DOMAIN_CHECK_SEEK_H

#include "domain/check/looking.h"

/* Where to look. */
struct region {
    uint64_t *box;
    struct wants wants;
};

enum goal {
    GOAL_WINS,    /* the row wins; the else row, or UINT32_MAX: no row holds */
    GOAL_DIFFERS, /* it wins, and without it the outputs would be others */
};

enum found { FOUND_NO, FOUND_YES, FOUND_OPEN };

/* A case as the table sees it. */
struct point {
    uint32_t values[INPUT_COUNT]; /* as input.h has them; 0 for what the table does not ask */
    const char *text;             /* of the seeker, until the next search */
    size_t bytes;
    uint32_t second; /* of GOAL_DIFFERS: who would win instead, UINT32_MAX for nobody */
};

struct seeker *seeker_create(const struct looking *looking, const struct looked *looked);

/* All that can occur, to be cut down. It is the seeker's, until the next. */
struct region *seeker_region(struct seeker *seeker);

/* Cuts it down to where another row holds as well. */
void region_keep_row(const struct looked *looked, uint32_t row, struct region *region);

/* The point of a region where its rarest classes are, with no word too many. False where nothing is
 * in it. */
MUST_CHECK bool seeker_point(struct seeker *seeker, const struct region *region,
                             struct point *point);

/* The same of where two rows hold. */
MUST_CHECK bool seeker_both(struct seeker *seeker, uint32_t one, uint32_t other,
                            struct point *point);

enum found seek(struct seeker *seeker, const struct region *region, uint32_t row, enum goal goal,
                uint32_t steps, struct point *point);

/* Who wins at a point; all that hold, best first. Until the next question. */
uint32_t seeker_winner(struct seeker *seeker, const struct point *point);
struct match_rows seeker_held(struct seeker *seeker, const struct point *point);

#endif
