/* storing - what the files of the store stage share: its state, and the steps of keeping an event.
 *
 *      4_store       the stage: duplicates, batches, what becomes of them
 *      storing       the steps
 *      store_case    a new ticket, or one more event of an earlier one
 *      store_act     what units and the desk do
 *      recall        a stored case, to be decided again
 *      regime        the desk's choice of a regime, a ticket of its own
 *      in_force      the book that decides, likewise
 *
 * Functions that keep something return false where the group is full: nothing was changed, and the
 * slot is to be taken up again with the next group. All on the store's thread.
 */
#ifndef STAGES_STORING_H
#define STAGES_STORING_H

#include "stages/4_store.h"
#include "wire/wire.h"

struct store_stage {
    struct pipeline *pipeline;
    struct store *store;
    struct scratch *scratch; /* of the book in force */
    uint8_t in_force;        /* its place: what was stamped with another is not stored */
    uint8_t before;          /* the place that was in force before */
    uint64_t changed;        /* number of the event that changed it; 0: none did since start */
    struct number_stem stem; /* of the last new ticket's number */
    /* Groups that were sealed, and were kept or taken back; where the slots end of those between.
     */
    uint64_t sealed, kept;
    uint64_t limits[STORE_SEALED_MAX];
    uint64_t failures; /* of commit's, that were settled */
    int64_t kept_ns;   /* when the last group was */
    bool lagging;      /* groups were kept since the derived tables were written */
};

/* An event on its way into the log. */
struct keeping {
    struct event_text text;
    struct event_draft draft;
};

/* An event about this slot's command: time, kind, ids and content are set. serial and previous as
 * in store.h; serial 0 begins a ticket with the event's own number. */
void storing_begin(struct store_stage *stage, const struct slot *slot, uint64_t serial,
                   uint64_t previous, const struct ticket_state *state, struct keeping *keeping);

/* The unit hears of the event. */
void storing_tell(struct keeping *keeping, struct unit unit, bool reporter_shown);

/* All hear of it that have or had a part in the ticket. */
void storing_tell_all(struct store_stage *stage, struct keeping *keeping, bool reporter_shown);

/* Appends the event. Where the store is full for good the slot is
 * answered "try again", else accepted. */
MUST_CHECK bool storing_append(struct store_stage *stage, struct slot *slot,
                               struct keeping *keeping);

/* Is the main unit shown the reporter? With what happens later that does not change: as it was with
 * the ticket's first event. */
bool storing_shows_reporter(struct store_stage *stage, uint64_t serial);

/* The state of a ticket after an event of its, and its number, for the answer. */
void storing_read_state(const struct event_view *event, struct ticket_state *state,
                        struct receipt *receipt);

/* The main unit and its deadline, for the answer. */
void storing_name_main(const struct ticket_state *state, struct receipt *receipt);

/* An outcome of what is not stored: a number, a unit or a deadline would be another ticket's by and
 * by. */
void storing_answer_nothing_but(struct receipt *receipt, enum outcome outcome);

/* The command is malformed, not legal, or means nothing; the slot's misfit says why. */
void storing_refuse(struct store_stage *stage, struct slot *slot, enum outcome outcome);

/* The book in a place decides what comes behind an event. */
void storing_put_in_force(struct store_stage *stage, uint8_t place, uint64_t event);

/* Events were taken back: was this one of them? */
void storing_restore_in_force(struct store_stage *stage);

/* The ticket of a number that decode found well-formed: its serial, and its last event. False:
 * there is none. */
MUST_CHECK bool storing_find(struct store_stage *stage, struct span number, uint64_t *serial,
                             struct event_view *last);

MUST_CHECK bool store_case(struct store_stage *stage, struct slot *slot);
MUST_CHECK bool store_act(struct store_stage *stage, struct slot *slot);
MUST_CHECK bool store_regime(struct store_stage *stage, struct slot *slot);
MUST_CHECK bool store_book(struct store_stage *stage, struct slot *slot);

/* Is the ticket a report or complaint about the unit, or about one above it, by any of its
 * decisions? A later one may know better whom it is about, but what was kept from a unit once stays
 * so. */
bool recall_is_kept_from(struct store_stage *stage, const struct city *city, uint64_t serial,
                         uint64_t last, struct unit unit);

/* Decides a stored ticket's case by the slot's policy, as it stands now: as it was submitted, with
 * what the desk corrected since, the slot's own correction included. excluded may be NULL. doubts
 * are added to those of the case. */
void recall_decide(struct store_stage *stage, const struct slot *slot, uint64_t serial,
                   uint64_t last, const struct excluded *excluded, uint32_t doubts,
                   struct decision *decision);

#endif
