/* slot - what one place in the ring holds: a command on its way.
 *
 *      arrival | ticket | routing | receipt, batch
 *      ingress   decode   route     store            who writes the section; later stages read it
 *
 * A slot holds a command, not a case: acts of units travel the same way, and timers will. Sections
 * are written by one stage each, and ring/ sees to it that no stage reads a section before its
 * writer's cursor has passed. Spans point into the received message, which ingress keeps until the
 * tail of the ring has passed its last slot.
 */
#ifndef SLOT_H
#define SLOT_H

#include "domain/number.h"
#include "domain/tickets.h"

enum { DIGEST_BYTES = 16 };

enum command { COMMAND_CASE, COMMAND_ACT };

/* Written by ingress. */
struct arrival {
    enum command command;
    bool strict;
    int64_t time_ms; /* stamped here; later stages ask no clock */
    const struct policy *policy;
    enum regime ordered; /* by the desk; REGIME_NONE: the calendar's holds */
    struct span bytes;   /* the Case or Act as it came */
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
    bool valid;                    /* else only misfit below is set */
    uint8_t key[DIGEST_BYTES];     /* of source and external id */
    uint8_t content[DIGEST_BYTES]; /* of all fields but received_ms; "the same content" */
    struct facts facts;            /* case: without what facts_resolve fills, hour and regime */
    struct case_words words;       /* case */
    struct case_parts parts;       /* case */
    struct act act;                /* act */
    struct span number;            /* act: of the ticket, as written. Case: of the earlier one */
    struct misfit misfit;          /* what is malformed */
};

/* Written by route. */
struct routing {
    bool valid; /* else misfit says which place, category or line means nothing here */
    struct decision decision;
    struct misfit misfit;
};

/* Written by store: what the sender is told, and what publish has to do. */
struct receipt {
    enum outcome outcome;
    uint64_t event;  /* the new event's number; 0 if nothing was stored */
    uint64_t serial; /* of the ticket */
    char number[NUMBER_BYTES_MAX];
    char unit[UNIT_KEY_BYTES_MAX]; /* the main unit */
    enum disposition disposition;  /* of a case */
    struct dues dues;              /* of the main part */
    struct span advice;            /* lives as long as the policy */
    const struct misfit *misfit;   /* invalid: in this slot or in refusal */
    struct misfit refusal;         /* of an act */
};

/* Written by store into the first slot of what it did at once: what commit has to do. */
struct batch {
    uint64_t limit; /* one behind its last slot */
    bool sealed;    /* its events are a group; else there are none */
};

/* A slot is cold when a stage comes to it: the ring is larger than the cache, and another core
 * wrote the slot. What most commands need stands first in each section, the misfit last. */
struct slot {
    struct arrival arrival;
    struct ticket ticket;
    struct routing routing;
    struct receipt receipt;
    struct batch batch;
};

#endif
