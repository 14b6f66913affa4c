/* changing - ingress's part in a change of books: what was asked for, done one after the other.
 *
 *      ordered      the loader reads, checks, compiles and stores it; all goes on meanwhile
 *      loaded       a slot for it is waited for
 *      under way    what comes behind that slot is stamped with it
 *      concluded    the slot is durable: the one before is out of use. Or it could not be stored:
 *                   the one before is stamped again, and what was stamped meanwhile was told to try
 *                   again
 *      out of use   until all that was stamped with it is answered; then the loader frees it, and
 *                   the next change may begin
 *
 * Who asks a question is answered by the book that is in force for certain. Ingress's thread only.
 */
#ifndef STAGES_CHANGING_H
#define STAGES_CHANGING_H

#include "stages/letter.h"
#include "stages/pipeline.h"

enum { CHANGES_WAITING_MAX = 16 };

enum changing_state {
    CHANGING_NOTHING,
    CHANGING_ORDERED,
    CHANGING_LOADED,
    CHANGING_UNDER_WAY,
};

struct changing {
    struct pipeline *pipeline;
    void *router;
    uint8_t in_force; /* place of the book that is */
    uint8_t stamped;  /* place of the one that commands are stamped with */
    enum changing_state state;
    bool hung_up; /* the change is ordered by no letter, but by a signal */

    struct letter waiting[CHANGES_WAITING_MAX]; /* the first of them is being done */
    uint64_t came, done;
    uint64_t hangups; /* heeded */
    uint64_t ordered; /* what pipeline->ordered says */

    bool has_retired;                      /* the other place's book is out of use */
    uint64_t slots_limit, inquiries_limit; /* one behind the last that were stamped with it */
};

/* How far ingress has come. */
struct changing_done {
    uint64_t slots; /* answered */
    uint64_t inquiries;
};

/* The book in place 0 is in force. */
void changing_init(struct changing *changing, struct pipeline *pipeline, void *router);

/* Closes what waits. After its thread has ended. */
void changing_fini(struct changing *changing);

/* Takes a letter over that asks for another book. False where too many wait. */
MUST_CHECK bool changing_take(struct changing *changing, struct letter *letter);

/* Goes on as far as can be. Says whether there was anything. */
bool changing_attend(struct changing *changing, const struct changing_done *done);

/* Would attend find anything? */
bool changing_is_due(const struct changing *changing, const struct changing_done *done);

/* Nothing is under way, and nobody waits for an answer. */
bool changing_is_idle(const struct changing *changing);

/* Does the new book wait for a slot? Then: what is to be put there, and stamped from there on. */
bool changing_wants_slot(const struct changing *changing);
struct span changing_begin(struct changing *changing);

/* What became of its slot, which came in at a time; how many slots and inquiries have been stamped
 * by now. */
void changing_conclude(struct changing *changing, const struct receipt *receipt, int64_t time_ms,
                       uint64_t slots, uint64_t inquiries);

#endif
