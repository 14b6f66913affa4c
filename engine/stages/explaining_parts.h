/* explaining_parts - what the files that explain know of each other, and nobody else.
 *
 *      explaining      the request, the policy it is about, and what a reply says
 *      explain_case    a case that nobody has submitted
 *      explain_ticket  a ticket of the store
 *      suppose         what if: the case, the moment and the regime as they were asked for
 */
#ifndef STAGES_EXPLAINING_PARTS_H
#define STAGES_EXPLAINING_PARTS_H

#include "stages/explaining.h"

/* One decision: as it is, or as it would be. */
struct outlook {
    struct shelved by; /* the policy that decided; none where it is not at hand */
    bool known;        /* what it was decided of, and what came out, as follows */
    struct facts facts;
    struct excluded excluded;
    struct decision decision;
    struct wire_explanation said;
};

struct explaining {
    const struct explainer *explainer;
    const struct wire_explain *asked;
    struct arena *arena;
    uint64_t id;
    struct explained_row *rows;
    struct misfit misfit; /* why there is no outlook */
};

/* Notes a misfit; returns false. */
bool explaining_say(struct explaining *explaining, const char *field, struct span value,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
bool explaining_say_damaged(struct explaining *explaining);

/* Replies that say the misfit: of a request that makes no sense, of a case that would be refused.
 */
struct span explaining_refuse(const struct explaining *explaining);
struct span explaining_refuse_case(const struct explaining *explaining);

/* The policy of a number. False where it cannot be made: shelved is none then. */
MUST_CHECK bool explaining_take(const struct explaining *explaining, uint32_t number,
                                struct shelved *shelved);

/* The policy that was asked for, none where none was. False with a misfit. */
MUST_CHECK bool explaining_other(struct explaining *explaining, struct shelved *other);

/* before: what it is compared with; before_refused: why that would be refused. NULL: it is compared
 * with nothing. */
struct span explaining_answer(struct explaining *explaining, struct outlook *outlook,
                              const struct outlook *before, const struct misfit *before_refused);

/* -- suppose ------------------------------------------------------------------------------- */

/* What is decided: a Case that comes in at a moment, under a regime. */
struct supposed {
    struct span bytes;
    int64_t at_ms;      /* 0: not said */
    enum regime regime; /* REGIME_NONE: likewise */
};

/* Is anything to be other than it is? */
bool suppose_is_asked(const struct explaining *explaining, struct shelved other);

/* Changes what was asked for, one after the other. False with a misfit. */
MUST_CHECK bool suppose_all(struct explaining *explaining, struct supposed *supposed);

/* Was this field asked for? */
bool suppose_names(const struct wire_explain *asked, const char *field);

/* Was something asked for that says whom the case is about? */
bool suppose_whom(const struct wire_explain *asked);

/* Reads a Case as decode does. False with a misfit. */
MUST_CHECK bool suppose_read(struct explaining *explaining, struct span bytes,
                             struct ticket *ticket);

/* Writes the event that a decision would become: it is what is explained. */
void suppose_event(const struct explaining *explaining, struct outlook *outlook, struct span bytes,
                   int64_t received_ms, const char *number, const struct ticket_state *state);

struct span explain_case(struct explaining *explaining);
struct span explain_ticket(struct explaining *explaining);

#endif
