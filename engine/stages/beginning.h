/* beginning - which book an engine begins with: that of a directory, or what was in force last.
 *
 * A directory that was named decides, and where it is not what was in force last, that is recorded
 * and said. Without one, or where it is only to be kept for later, what was in force last goes on.
 * Before any stage is stepped.
 */
#ifndef STAGES_BEGINNING_H
#define STAGES_BEGINNING_H

#include "stages/4_store.h"

struct beginning {
    /* The caller's. */
    const char *city;  /* the directory; NULL: none */
    bool keep;         /* it is only for a store without a book */
    const char *by;    /* who starts the engine; NULL: nobody that has a name */
    const char *store; /* for findings */
    int64_t now_ms;

    struct policy *policy;     /* until it is the book's */
    struct wire_in_force last; /* in force */
    bool changes;              /* the policy is another one */
};

/* Reads what can be read without the store. ERR_INVALID, ERR_NOT_FOUND, with the findings. */
MUST_CHECK enum err beginning_read(struct beginning *beginning, struct diag *diag);

/* Chooses the policy, and puts it into the store. What it keeps of the store's is in the arena. All
 * errors with a finding. */
MUST_CHECK enum err beginning_choose(struct beginning *beginning, struct store *store,
                                     struct store_reader *reader, struct arena *arena,
                                     struct diag *diag);

/* Makes it the book in place 0, and says how it came into force. */
void beginning_open(struct beginning *beginning, struct pipeline *pipeline);

/* Where it is a change, records that. All errors with a finding. */
MUST_CHECK enum err beginning_record(const struct beginning *beginning, struct store_stage *stage,
                                     struct pipeline *pipeline, struct diag *diag);

#endif
