/* people - the units and the desk of a made-up day: what they do with what they are
 * handed.
 *
 * A unit signs, most often within an hour or two of office time, and answers some hours later; some
 * return the case with a reason, some are slow, some never sign. An urgent case is taken up day and
 * night. The desk, which is always there, corrects or reassigns what is doubtful, answers what is
 * its own, leaves some for the next day, and closes what has been answered. They know what the
 * feeds told, and what a human reads out of the words (the case as it was made).
 */
#ifndef TOOLS_SIMULATE_PEOPLE_H
#define TOOLS_SIMULATE_PEOPLE_H

#include "tools/simulate/agenda.h"
#include "tools/simulate/cases.h"

enum { PEOPLE_PARTS_MAX = 8 };

/* A part of a ticket, as an event told it. */
struct known_part {
    int64_t issued_ms;
    uint32_t unit;
    uint8_t role, state;
};

struct known_ticket {
    struct known_part parts[PEOPLE_PARTS_MAX];
    uint32_t parts_count;
    uint32_t case_index;
    uint32_t desk_tries; /* how often the desk has sent it on */
    bool doubtful, urgent;
    uint32_t interest; /* how much there is to explain of how it began; 0: nothing */
};

/* What one event told. */
struct news {
    uint64_t number; /* of the event */
    uint32_t serial;
    uint32_t case_index;       /* of an event that began the ticket */
    bool begins, decides;      /* it began the ticket; decided it, for the first time or anew */
    struct known_ticket after; /* parts; and where it decided: doubtful, urgent, interest */
};

struct people {
    const struct case_maker *maker;
    struct agenda agenda;
    struct random random;
    uint32_t desk;                /* unit */
    struct known_ticket *tickets; /* by serial */
    size_t tickets_room;
};

void people_init(struct people *people, const struct case_maker *maker);
void people_free(struct people *people);

/* Takes in one event and plans what comes of it; events in the order of their numbers. */
void people_hear(struct people *people, const struct news *news, int64_t now_ms);

struct known_ticket *people_ticket(struct people *people, uint32_t serial);

/* The main part in force, or NULL. */
const struct known_part *people_main(const struct known_ticket *ticket);

/* The memory of an act's strings. */
struct made_act {
    Lianxin__V1__Act message;
    struct made_case made;
    char unit[UNIT_KEY_BYTES_MAX], to_unit[UNIT_KEY_BYTES_MAX];
    char category[16], place[16];
    char text[256];
};

/* The act of a plan, all but its source and ids; false where things have changed so that nobody
 * would do it any more. */
MUST_CHECK bool people_act(struct people *people, const struct plan *plan, struct made_act *act);

#endif
