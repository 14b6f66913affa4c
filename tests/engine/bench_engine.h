/* bench_engine - an engine on a workbench: no threads, its stages stepped by hand in a random order
 * from a printed seed, clients beside it in the same thread. For tests of the whole.
 */
#ifndef TESTS_BENCH_ENGINE_H
#define TESTS_BENCH_ENGINE_H

#include "engine/engine.h"
#include "proto/lianxin.h"

#include <limits.h>

enum { STAGE_INGRESS, STAGE_DECODE, STAGE_ROUTE, STAGE_STORE, STAGE_PUBLISH, STAGE_READER };

struct bench_engine {
    struct engine *engine;
    char store[64]; /* a directory of its own, removed at the end */
    char front[96], feed[96];
    size_t map_bytes;
    struct clock clock;   /* what the engine takes for the time: */
    int64_t monotonic_ns; /* stands still, until a test moves it */
    uint64_t random;
};

/* Makes a store in a temporary directory and an engine of Leshan on it. */
void bench_open(struct bench_engine *bench, size_t map_bytes);

/* Ends the engine as a crash would, as far as one process can: nothing is drained. Starts another
 * on the same store. */
void bench_restart(struct bench_engine *bench);

void bench_close(struct bench_engine *bench);

/* Steps some stages, in a random order. */
void bench_step(struct bench_engine *bench);

/* Random numbers from the same seed. */
uint64_t bench_random(struct bench_engine *bench, uint64_t limit);

/* Steps one stage: an index of engine_stage(). */
void bench_step_stage(struct bench_engine *bench, uint32_t stage);

/* Sends one request and steps until its reply is there; the caller frees it. */
Lianxin__V1__Reply *bench_ask(struct bench_engine *bench, Lianxin__V1__Request *request);

/* Submits one case and gives its answer; the caller frees the reply. */
Lianxin__V1__Reply *bench_submit(struct bench_engine *bench, Lianxin__V1__Case *one);

/* The program lianxin that was built beside this test. */
void find_program(char program[PATH_MAX]);

/* Removes a directory and all that is in it. */
void remove_tree(const char *directory);

/* A case with what is required, and a place. */
Lianxin__V1__Case bench_case(const char *external_id);

#endif
