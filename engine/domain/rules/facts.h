/* facts - what the rules may look at, as numbers.
 *
 * A case's words, resolved against a city. Pure; any thread.
 */
#ifndef DOMAIN_RULES_FACTS_H
#define DOMAIN_RULES_FACTS_H

#include "domain/city/city.h"
#include "domain/text/text.h"

/* What one thread scribbles on while it resolves and decides; policy.h makes it. */
struct scratch;

/* What was unclear about a case and sends it to the desk, where its adapter did not ask for
 * strictness. Bits. */
enum doubt {
    DOUBT_PLACE_UNKNOWN = 1,   /* a name that no place bears */
    DOUBT_PLACE_AMBIGUOUS = 2, /* a name that several bear */
    DOUBT_LINE_UNKNOWN = 4,
    DOUBT_CATEGORY_UNKNOWN = 8,
    DOUBT_NO_RULE = 16, /* no row of a table matched */
    DOUBT_NO_UNIT = 32, /* the book named a function that no unit has, or all were excluded */
    DOUBT_CATEGORY_UNCLEAR = 64, /* the words fit no category, or several alike */
    DOUBT_EARLIER_UNKNOWN = 128, /* it is about a ticket that this store does not have */
    DOUBT_CROWDED = 256,         /* the book named more units than a ticket has room for */
};

enum { DOUBTS = 9 };

/* One doubt, in words; bit is one of enum doubt. */
const char *doubt_text(enum doubt bit);

/* What weighed words leave of the categories (weights.h). */
struct narrowing {
    const struct weights *weights; /* NULL: nothing was weighed */
    uint32_t possible;             /* a bit a column */
    struct category only;          /* all that the one column has that is left; else NONE */
};

struct facts {
    enum channel channel;
    enum type type;
    enum applicant applicant; /* never NONE: a citizen unless said */
    enum urgency urgency;     /* never NONE: normal unless said */
    bool secret;
    int32_t date;    /* of receipt at ingress, local time; a day as date.h numbers them */
    uint32_t minute; /* of that day, 0 to 1439 */
    struct line line;
    struct category category;
    struct narrowing narrowing; /* of the table that weighed last; the book's own */
    struct place place;
    bool place_from_words;          /* found in address, title or text */
    struct place_candidates places; /* where several may be meant; else its count is 0 */
    enum regime regime;             /* in force */
    enum flag earlier;              /* is it about an earlier ticket? Never NONE */
    enum flag answered;             /* was the citizen answered at once? Never NONE */
    enum respondent respondent;     /* whom it is about */
    struct unit about;              /* for RESPONDENT_UNIT; else UNIT_NONE */
    const struct text_hits *hits;   /* of address, title and text; NULL: there are none. Of the
                                       scratch it was resolved with, until its next use */
    uint32_t doubts;
};

/* The words of a case that need a city to be understood. Borrowed. */
struct case_words {
    struct span line;
    struct span category;   /* code, with or without a leading # */
    struct span place;      /* code, with or without a leading #, or path of names */
    struct span respondent; /* name */
    struct span address, title, text;
};

/* What facts_resolve found that cannot be accepted. */
struct misfit {
    const char *field; /* "place" */
    struct span value;
    char message[256]; /* what is wrong and what would be right; candidates where there are some */
};

/* When the case came in. */
void facts_set_moment(struct facts *facts, int64_t time_ms);

/* Fills line, category, place, respondent, hits and doubts; the other fields stay as they are.
 * Without a place given, one that the words mention counts. False with a misfit for a place code or
 * category code that does not exist and, where strict, for anything doubtful. */
MUST_CHECK bool facts_resolve(const struct city *city, const struct case_words *words, bool strict,
                              struct scratch *scratch, struct facts *facts, struct misfit *misfit);

/* The hits of address, title and text, in this order, for facts that were resolved with another
 * scratch: names will not be asked for, so they are not looked for. NULL where the case has no
 * words. */
const struct text_hits *facts_scan(const struct case_words *words, struct scratch *scratch);

/* Where strict: what a decision's doubts say of the case. */
void facts_refuse_doubts(const struct city *city, const struct facts *facts, uint32_t doubts,
                         const struct category *candidates, uint32_t candidates_count,
                         struct misfit *misfit);

#endif
