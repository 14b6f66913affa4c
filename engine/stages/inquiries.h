/* inquiries - ingress's part in requests that only read: handed to the reader, answered as they are
 * done.
 *
 *      told           ready          asked
 *      | to be replied | with reader | free: PIPELINE_INQUIRIES at most are between told and asked
 *
 * Each keeps its letter, whose bytes reader borrows, until it is replied. Ingress's thread only.
 */
#ifndef STAGES_INQUIRIES_H
#define STAGES_INQUIRIES_H

#include "stages/letter.h"
#include "stages/pipeline.h"

struct inquiries {
    struct pipeline *pipeline;
    void *router;
    struct letter *letters; /* PIPELINE_INQUIRIES, one an inquiry */
    zmq_msg_t *replies;     /* likewise; reader fills them */
    uint64_t asked;         /* handed to reader */
    uint64_t told;          /* replied */
};

/* From the arena. */
void inquiries_init(struct inquiries *inquiries, struct pipeline *pipeline, void *router,
                    struct arena *arena);

/* Closes what waits. After the threads have ended. */
void inquiries_fini(struct inquiries *inquiries);

/* Takes a readable letter over. Of what is asked, time, place of the book and regime are set. False
 * where too many wait. Reader sees it once inquiries_hand_over() says so. */
MUST_CHECK bool inquiries_take(struct inquiries *inquiries, struct letter *letter,
                               const struct inquiry *asked);

/* Once for all that were taken since. */
void inquiries_hand_over(struct inquiries *inquiries);

/* Replies to all that are ready. Says whether there were any. */
bool inquiries_answer(struct inquiries *inquiries);

/* Would inquiries_answer find any? */
bool inquiries_are_ready(const struct inquiries *inquiries);

#endif
