/* facts - what the rules may look at, as numbers.
 *
 * A case's words, resolved against a city. Pure; any thread.
 */
#ifndef DOMAIN_FACTS_H
#define DOMAIN_FACTS_H

#include "domain/city.h"

/* What was unclear about a case and sends it to the desk, where its adapter did not ask for
 * strictness. Bits. */
enum doubt {
    DOUBT_PLACE_UNKNOWN = 1,   /* a name that no place bears */
    DOUBT_PLACE_AMBIGUOUS = 2, /* a name that several bear */
    DOUBT_LINE_UNKNOWN = 4,
    DOUBT_CATEGORY_UNKNOWN = 8,
    DOUBT_NO_RULE = 16, /* no row of a table matched */
    DOUBT_NO_UNIT = 32, /* the book named a function that no unit has, or all were excluded */
};

enum { DOUBTS = 6 };

/* One doubt, in words; bit is one of enum doubt. */
const char *doubt_text(enum doubt bit);

struct facts {
    enum channel channel;
    enum type type;
    enum applicant applicant; /* never NONE: a citizen unless said */
    enum urgency urgency;     /* never NONE: normal unless said */
    bool secret;
    uint32_t hour; /* of receipt at ingress, local time, 0 to 23 */
    struct line line;
    struct category category;
    struct place place;
    uint32_t doubts;
};

/* The words of a case that need a city to be understood. Borrowed. */
struct case_words {
    struct span line;
    struct span category; /* code, with or without a leading # */
    struct span place;    /* code, or path of names */
};

/* What facts_resolve found that cannot be accepted. */
struct misfit {
    const char *field; /* "place" */
    struct span value;
    char message[256]; /* what is wrong and what would be right; candidates where there are some */
};

/* Fills line, category, place and doubts; the other fields stay as they are. False with a misfit
 * for a place code or category code that does not exist and, where strict, for anything doubtful.
 */
MUST_CHECK bool facts_resolve(const struct city *city, const struct case_words *words, bool strict,
                              struct facts *facts, struct misfit *misfit);

#endif
