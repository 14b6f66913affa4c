/* pipeline - what the stages share: the slots, and the numbers of what they did.
 *
 *      ingress -> decode -> route -> store -> commit -> publish    over slots
 *      ingress -> reader -> ingress                                over inquiries
 *
 * Fixed before the first thread starts; who writes which section of a slot is said in slot.h, who
 * writes which counter here.
 */
#ifndef STAGES_PIPELINE_H
#define STAGES_PIPELINE_H

#include "base/counters.h"
#include "ring/stage.h"
#include "slot.h"

enum {
    PIPELINE_SLOTS_MIN = 2048, /* the largest submit fits twice */
    PIPELINE_SLOTS = 8192,
    PIPELINE_INQUIRIES = 1024,
};

/* A request that is only read for: it travels over the second ring. Written by ingress, but for
 * reply. */
struct inquiry {
    uint32_t letter;             /* ingress's own: who asked */
    uint64_t id;                 /* of the request */
    int body;                    /* enum request_body */
    struct span content;         /* borrowed from the letter */
    int64_t time_ms;             /* when it was asked */
    const struct policy *policy; /* for names, and to decide a dry run by */
    enum regime ordered;         /* as in arrival */
    void *reply;                 /* written by reader: a zmq_msg_t of ingress's, filled */
};

struct pipeline {
    struct slot *slots;
    uint64_t slots_count;      /* a power of two */
    struct inquiry *inquiries; /* PIPELINE_INQUIRIES */
    const struct clock *clock;
    uint64_t seed;       /* of the store's digests */
    struct guard *guard; /* decode's */

    struct stage ingress, decode, route, store, commit, publish;
    struct stage reader;
    struct cursor asked;     /* ingress: inquiries handed to reader */
    struct bell *asked_bell; /* rung behind it; NULL where reader has no thread of its own */
    struct cursor closing;   /* the engine: 1 when no more is to be taken in */
    struct cursor failures;  /* commit: times that it could not write a group; then it waits for */
    struct cursor undone;    /* store: one behind the last slot that a failure has unmade */

    struct counter refusing;   /* commit: the enum err that the disk refuses with; 0: all is well */
    struct counter exhausted;  /* store: likewise, of numbers and places in the index of keys */
    struct counter duplicates; /* store */
    struct counter invalid;    /* store, for cases and acts */
    struct counter refused;    /* store */
    struct counter failed;     /* store: answered "try again" after a failed commit */
    struct counter stalled;    /* ingress: answered "try again" since the store stands still */
    struct counter malformed;  /* ingress: whole messages */
    struct counter disconnects; /* ingress */
};

static inline struct slot *pipeline_slot(const struct pipeline *pipeline, uint64_t sequence)
{
    return &pipeline->slots[sequence & (pipeline->slots_count - 1)];
}

static inline struct inquiry *pipeline_inquiry(const struct pipeline *pipeline, uint64_t sequence)
{
    return &pipeline->inquiries[sequence & (PIPELINE_INQUIRIES - 1)];
}

#endif
