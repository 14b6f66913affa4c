/* tickets - the states of a ticket's assignments, and which moves are legal.
 *
 *     issued --sign--> signed --answer--> answered --close--> closed
 *        |                |
 *        +----return------+----> returned        (the main part is decided anew, under the return)
 *
 * reassign: the desk gives the main part to another unit; the old main is returned if still open.
 * close: the desk, once the main unit has answered. Pure; units are named by key since a ticket
 * outlives the policy that made it.
 */
#ifndef DOMAIN_TICKETS_H
#define DOMAIN_TICKETS_H

#include "domain/decide.h"

enum { FINAL_RETURNS = 3 }; /* the third return ends in a final decision (终审) at the desk */

struct part {
    char unit[UNIT_KEY_BYTES_MAX];
    enum role role;
    enum state state;
    uint32_t returns;
    uint32_t row; /* of the decision that gave it, in its event */
};

struct ticket_state {
    struct part parts[ASSIGNMENTS_MAX];
    uint32_t count;
};

struct act {
    enum verb verb;
    struct span unit;    /* who acts */
    struct span to_unit; /* reassign */
    enum reason reason;  /* return */
};

enum move {
    MOVE_DONE,
    MOVE_REDECIDE, /* done, and the main part must be decided anew with returners excluded */
    MOVE_REFUSED,
};

/* Applies an act. MOVE_REFUSED leaves the state as it is and says in message (at least 200 bytes)
 * why, and what would be legal now. For reassign the caller has checked that to_unit exists. */
enum move tickets_apply(struct ticket_state *state, const struct act *act, char *message,
                        size_t message_bytes);

/* Begins a ticket's state from its first decision. */
void tickets_begin(struct ticket_state *state, const struct city *city,
                   const struct decision *decision);

/* After MOVE_REDECIDE: adds the new decision's main unit (and those co-units it has not yet) as
 * issued. Where the array is full, closed informed parts give way; a bug if none can. */
void tickets_redecided(struct ticket_state *state, const struct city *city,
                       const struct decision *decision);

/* All units that ever returned it, for decide(); units that no longer exist are left out. */
void tickets_excluded(const struct ticket_state *state, const struct city *city,
                      struct excluded *excluded);

/* Index of the main part that is in force (not returned), or UINT32_MAX. */
uint32_t tickets_main(const struct ticket_state *state);

/* Returns of the main part so far, over all units. */
uint32_t tickets_returns(const struct ticket_state *state);

#endif
