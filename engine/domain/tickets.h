/* tickets - the states of a ticket's assignments, and which moves are legal.
 *
 *     issued --sign--> signed --answer--> answered --close--> closed
 *        |                |
 *        +----return------+----> returned        (the main part is decided anew, under the return)
 *
 * reassign: the desk gives the main part to another unit; the old one is returned, which does not
 * count as a return of its own. correct: the desk says category or place, and all is decided anew,
 * likewise. close: the desk, once the main unit has answered; parts that were
 * returned stay so. After that nothing is legal. A unit has one part at most. Pure; units are named
 * by key since a ticket outlives the policy that made it. Keys are not copied: a state holds as
 * long as what it was begun by or read from, and the acts that were applied to it.
 */
#ifndef DOMAIN_TICKETS_H
#define DOMAIN_TICKETS_H

#include "domain/decide.h"

enum { FINAL_RETURNS = 3 }; /* the third return ends in a final decision (终审) at the desk */

struct part {
    struct span unit; /* its key: of the policy's city, of the event or act that named it */
    enum role role;
    enum state state;
    uint32_t returns; /* by the unit itself */
    uint32_t row;     /* of the decision that gave it, in its event */
    struct dues dues; /* main and co; who is only informed has none */
};

struct ticket_state {
    struct part parts[ASSIGNMENTS_MAX];
    uint32_t count;
};

struct act {
    enum verb verb;
    struct span unit;            /* who acts */
    struct span to_unit;         /* reassign */
    enum reason reason;          /* return */
    struct span category, place; /* correct */
    enum regime regime;          /* regime */
    struct dues dues;            /* reassign: of the new main part */
};

enum move {
    MOVE_DONE,
    MOVE_REDECIDE, /* done, and the main part must be decided anew with returners excluded */
    MOVE_REFUSED,
};

/* Applies an act. MOVE_REFUSED leaves the state as it is and says in message (160 bytes hold any)
 * why, and what would be legal now. Who is only informed neither signs, returns nor answers. For
 * reassign the caller has checked that to_unit exists. */
enum move tickets_apply(struct ticket_state *state, const struct act *act, char *message,
                        size_t message_bytes);

/* Begins a ticket's state from its first decision. */
void tickets_begin(struct ticket_state *state, const struct city *city,
                   const struct decision *decision, const struct dues *dues);

/* The state of a ticket that is a record of the whole city's, of regimes or of books: the desk is
 * informed, and nothing is legal. */
void tickets_begin_record(struct ticket_state *state, const struct city *city);

/* Does anybody still have to do something? */
bool tickets_is_open(const struct ticket_state *state);

/* May a case become one more event of it? While it is open, unless the case accuses a unit
 * (about; else UNIT_NONE): the ticket may be that unit's, or become so. */
bool tickets_may_join(const struct ticket_state *state, struct unit about);

/* After MOVE_REDECIDE: adds the new decision's main unit (and, where there is room, those others it
 * has not yet) as issued. Where the array is full, who is only informed gives way to the main unit,
 * then who has no open part any more. */
void tickets_redecided(struct ticket_state *state, const struct city *city,
                       const struct decision *decision, const struct dues *dues);

/* All units that ever returned it, for decide(); units that no longer exist are left out. */
void tickets_excluded(const struct ticket_state *state, const struct city *city,
                      struct excluded *excluded);

/* Index of the main part that is in force (not returned), or UINT32_MAX. */
uint32_t tickets_main(const struct ticket_state *state);

/* Returns of the main part so far, over all units. */
uint32_t tickets_returns(const struct ticket_state *state);

#endif
