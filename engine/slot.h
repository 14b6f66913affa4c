/* slot - what one place in the ring holds: a command on its way.
 *
 *      arrival | ticket | routing | batch, receipt | misfit
 *      ingress   decode   route     store            who refuses it       writes the section
 *
 * A slot holds a command, not a case: acts of units travel the same way, a new book too. Sections
 * are written by one stage each, but for the misfit, which is by the first that refuses; and ring/
 * sees to it that no stage reads a section before its writer's cursor has passed. Spans point into
 * the received message, which ingress keeps until the tail of the ring has passed its last slot.
 *
 * A slot is cold when a stage comes to it: the ring is larger than the cache, and another core
 * wrote the slot. So what counts is how many lines of it a usual command has: what store needs of
 * arrival and ticket stands together, an act stands where a case would, a receipt begins a line,
 * and what few commands need comes last.
 */
#ifndef SLOT_H
#define SLOT_H

#include "domain/number.h"
#include "domain/tickets.h"

enum { DIGEST_BYTES = 16, SLOT_LINE_BYTES = 64 };

enum command { COMMAND_CASE, COMMAND_ACT, COMMAND_BOOK };

/* Written by ingress. */
struct arrival {
    struct span bytes; /* the Case or Act as it came, or the Book that comes into force */
    int64_t time_ms;   /* stamped here; later stages ask no clock */
    const struct policy *policy;
    enum command command;
    enum regime ordered; /* by the desk; REGIME_NONE: the calendar's holds */
    bool strict;
    uint8_t book; /* place of the policy among the engine's books */
};

/* What the desk ordered, or else what the calendar says of the day. */
static inline enum regime regime_in_force(const struct policy *policy, enum regime ordered,
                                          int64_t time_ms)
{
    if (ordered != REGIME_NONE)
        return ordered;
    return calendar_regime(city_calendar(policy->city), day_of_ms(time_ms));
}

/* The regime in force when it came in. */
static inline enum regime arrival_regime(const struct arrival *arrival)
{
    return regime_in_force(arrival->policy, arrival->ordered, arrival->time_ms);
}

/* A Case in the parts that are stored apart: bytes of the command, one behind the other but for the
 * head of the reporter. */
struct case_parts {
    bool known; /* else the fields came out of order, and the parts are in pieces */
    struct span open, reporter, story;
};

/* Written by decode: the command, understood and found well-formed. */
struct ticket {
    uint8_t key[DIGEST_BYTES];     /* of source and external id */
    uint8_t content[DIGEST_BYTES]; /* of all fields but received_ms; "the same content" */
    struct span number;            /* act: of the ticket, as written. Case: of the earlier one */
    bool valid;                    /* else nothing here is set, and the misfit is */
    union {
        struct {
            struct case_parts parts;
            struct case_words words;
            struct facts facts; /* without what facts_resolve fills, moment and regime */
        };
        struct act act;
    };
};

/* Written by route. */
struct routing {
    bool valid; /* else the misfit says which place, category or line means nothing here */
    struct decision decision;
};

/* Written by store into the first slot of what it did at once: what commit has to do. */
struct batch {
    uint64_t limit; /* one behind its last slot */
    bool sealed;    /* its events are a group; else there are none */
};

/* Written by store: what the sender is told. */
struct receipt {
    _Alignas(SLOT_LINE_BYTES) uint64_t serial; /* of the ticket; the event's where it is a book */
    struct span advice;                        /* lives as long as the policy */
    const struct misfit *misfit;               /* invalid or refused: the slot's; else NULL */
    int64_t due_ms;                            /* of the main part; 0: none */
    enum outcome outcome;
    enum disposition disposition; /* of a case */
    enum regime ordered;          /* by the desk, with this; REGIME_NONE: it is no order */
    bool provisional;             /* due_ms */
    uint8_t number_bytes, unit_bytes;
    char number[NUMBER_BYTES_MAX]; /* with a NUL behind it */
    char unit[UNIT_KEY_BYTES_MAX]; /* the main unit's key, without one */
};

struct slot {
    struct arrival arrival;
    struct ticket ticket;
    struct routing routing;
    struct batch batch;
    struct receipt receipt;
    struct misfit misfit; /* what is wrong with the command, where an outcome says so */
};

_Static_assert(offsetof(struct slot, ticket.words) <= 3 * SLOT_LINE_BYTES,
               "of arrival and ticket, store reads three lines");
_Static_assert(offsetof(struct receipt, unit) + 32 <= 2 * SLOT_LINE_BYTES,
               "an answer is in two lines, but for a long key");

#endif
