/* bench_engine - an engine on a workbench: no threads, its stages stepped by hand in a random order
 * from a printed seed, its clock moved by hand, clients beside it in the same thread. For tests of
 * the whole.
 *
 * What a test waits for it waits for in steps, bounded by STEPS_MAX; only the sockets have a thread
 * of their own, libzmq's.
 */
#ifndef TESTS_BENCH_ENGINE_H
#define TESTS_BENCH_ENGINE_H

#include "engine/engine.h"
#include "proto/lianxin.h"

#define BENCH_START_MS 1795500000000 /* 2026-11-24, 14:00 in China */

enum { STEPS_MAX = 200000 };

/* As engine_stage() counts them. */
enum { INGRESS, DECODE, ROUTE, STORE, COMMIT, PUBLISH, READER, LOADER };

struct bench_engine {
    struct engine *engine;
    const char *city; /* its directory; NULL: what was in force last */
    bool keep;        /* as of struct engine_options */
    char store[64];   /* a directory of its own, removed at the end */
    char front[96], feed[96];
    size_t map_bytes;
    uint64_t random;
    struct clock clock; /* stands still but for bench_pass_ms() */
    int64_t passed_ms;
};

/* Makes a store in a temporary directory and an engine of Leshan on it. The bench must not move. */
void bench_open(struct bench_engine *bench, size_t map_bytes);

/* The same of another city. */
void bench_open_city(struct bench_engine *bench, const char *directory);

/* Ends the engine as a crash would, as far as one process can: nothing is drained. Starts another
 * on the same store. */
void bench_restart(struct bench_engine *bench);

/* Ends the engine and leaves its store to others; bench_restart() begins the next. */
void bench_stop(struct bench_engine *bench);

void bench_close(struct bench_engine *bench);

/* Steps some stages, in a random order. */
void bench_step(struct bench_engine *bench);

/* Steps one stage until it has passed so many slots or questions. */
void bench_step_until(struct bench_engine *bench, uint32_t stage, uint64_t passed);

void bench_pass_ms(struct bench_engine *bench, int64_t ms);

/* From here on no file of this process grows beyond this, UINT64_MAX for any size; LMDB's write
 * then fails as on a full disk. */
void bench_limit_files(uint64_t bytes);

#endif
