/* proof - after the clock has stopped: did everything arrive, once, where it belongs?
 *
 * Unpacks all that was caught and holds it against what must be true of it:
 *
 *      - each case came exactly once to the unit that has its main part, else it is lost or
 * doubled;
 *      - that unit is the one that the slow matcher says (verdicts.h), and whoever else was told
 * has a part of the ticket, else it is misdirected;
 *      - the sequences of each feed go on from where the engine said at the start to where it said
 *        at the end, without a gap (lost) and without going back (doubled).
 */
#ifndef BENCH_PROOF_H
#define BENCH_PROOF_H

#include "bench/catch.h"
#include "domain/city/city.h"

struct verdicts;

struct proof {
    uint64_t events; /* received, all units together */
    uint64_t judged; /* cases that the slow matcher was asked about */
    uint64_t lost, doubled, misdirected;
    char first_fault[512]; /* of these, in words; "" where there is none */
};

/* Cases are numbered first to first + cases - 1. received_ns, a case each, is when its main unit
 * had it first, 0 for never. verdicts may be NULL: then it is not judged where cases belong. */
void proof_make(const struct catch *catch, const struct city *city, uint64_t first, uint32_t cases,
                struct verdicts *verdicts, int64_t *received_ns, struct proof *proof);

/* Counts what the other counted, too. */
void proof_add(struct proof *proof, const struct proof *more);

/* Nothing lost, doubled or misdirected? */
bool proof_is_whole(const struct proof *proof);

/* -- in parts, for tests ----------------------------------------------------------------------- */

struct proving;

struct proving *proving_begin(const struct city *city, uint64_t first, uint32_t cases,
                              struct verdicts *verdicts, int64_t *received_ns);

/* One Feed, packed, that was received then. */
void proving_take(struct proving *proving, struct span feed, int64_t received_ns);

/* Frees it. */
void proving_end(struct proving **proving, struct proof *proof);

#endif
