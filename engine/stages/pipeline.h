/* pipeline - what the stages share: the slots, and the numbers of what they did.
 *
 *      ingress -> decode -> route -> store -> commit -> publish    over slots
 *      ingress -> reader -> ingress                                over inquiries
 *      ingress -> loader -> ingress                                over orders
 *
 * Fixed before the first thread starts; who writes which section of a slot is said in slot.h, who
 * writes which counter here.
 */
#ifndef STAGES_PIPELINE_H
#define STAGES_PIPELINE_H

#include "base/counters.h"
#include "ring/stage.h"
#include "slot.h"
#include "stages/book.h"

enum {
    PIPELINE_SLOTS_MIN = 2048, /* the largest submit fits twice */
    PIPELINE_SLOTS = 8192,
    PIPELINE_INQUIRIES = 1024,
    PIPELINE_ORDERS = 4, /* one book that is to come, and one out of use, at a time */
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
    uint8_t book;                /* its place */
    enum regime ordered;         /* as in arrival */
    void *reply;                 /* written by reader: a zmq_msg_t of ingress's, filled */
};

/* What becomes of the book that was ordered. */
enum loaded {
    LOADED_READY,   /* it stands in its place, is stored, and signed */
    LOADED_SAME,    /* it is the one in force */
    LOADED_WRONG,   /* the findings say what is wrong */
    LOADED_REFUSED, /* the misfit says why */
};

/* What ingress wants of the loader: a book, or that a place is freed. Written by ingress, but for
 * what is below. */
struct order {
    uint32_t place;    /* of the new book, or to be freed */
    uint32_t in_force; /* place of the book in force */
    enum how how;      /* HOW_NONE: the place is to be freed */
    struct wire_change change;
    /* Written by loader, where it is not to free. */
    enum loaded loaded;
    struct diag *findings; /* ingress's then; NULL: there are none */
    struct misfit misfit;
};

struct pipeline {
    struct slot *slots;
    uint64_t slots_count;      /* a power of two */
    struct inquiry *inquiries; /* PIPELINE_INQUIRIES */
    struct book books[BOOKS_MAX];
    struct order orders[PIPELINE_ORDERS];
    const struct clock *clock;
    uint64_t seed;       /* of the store's digests */
    struct guard *guard; /* decode's */

    struct stage ingress, decode, route, store, commit, publish;
    struct stage reader, loader;
    struct cursor asked;       /* ingress: inquiries handed to reader */
    struct bell *asked_bell;   /* rung behind it; NULL where reader has no thread of its own */
    struct cursor ordered;     /* ingress: orders handed to loader */
    struct bell *ordered_bell; /* rung behind it; NULL where there are no threads */
    struct cursor hangups;     /* the engine: times that it was told to read its directory again */
    struct cursor closing;     /* the engine: 1 when no more is to be taken in */
    struct cursor failures; /* commit: times that it could not write a group; then it waits for */
    struct cursor undone;   /* store: one behind the last slot that a failure has unmade */

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

static inline struct order *pipeline_order(struct pipeline *pipeline, uint64_t sequence)
{
    return &pipeline->orders[sequence % PIPELINE_ORDERS];
}

static inline struct inquiry *pipeline_inquiry(const struct pipeline *pipeline, uint64_t sequence)
{
    return &pipeline->inquiries[sequence & (PIPELINE_INQUIRIES - 1)];
}

#endif
