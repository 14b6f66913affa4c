/* micro_parts - what a micro benchmark is. For micro*.c alone. */
#ifndef BENCH_MICRO_PARTS_H
#define BENCH_MICRO_PARTS_H

#include "base/span.h"
#include "domain/policy.h"

enum { MICRO_TEXT_BYTES = 300, MICRO_HASHED = 64, MICRO_PATH_BYTES = 128 };

/* A moment in November 2026, later than what happened in any case. */
#define MICRO_NOW_MS 1795500000000

/* What all work on: a city and cases in it, made up, always the same. */
struct micro_inputs {
    const char *directory; /* of the city */
    struct policy *policy; /* a store may number it */
    uint32_t count;
    const struct span *packed; /* a Case each, as an adapter packs it */
    /* Of the same cases the place and MICRO_TEXT_BYTES of text, so that the words must tell what
     * they are about. */
    const struct case_words *words;
    struct arena *arena;
};

struct micro {
    const char *name;
    /* Where one takes long: only every so many inputs have a turn. MICRO_ONCE: one has. */
    uint32_t share;
    /* One operation, on the i-th input; returns something of its result, so that no compiler can
     * leave it out, and always the same. */
    uint64_t (*run)(void *self, uint32_t i);
    /* All of its result, untimed, of the first MICRO_HASHED inputs in order; NULL: run() says all.
     */
    uint64_t (*digest)(void *self, uint32_t i);
    /* Of the group: the benchmark whose results must be the same as this one's; NULL: none. */
    const char *same_as;
};

#define MICRO_ONCE UINT32_MAX

/* Benchmarks that share what they work on. */
struct micro_group {
    const char *name;
    const struct micro *micros;
    uint32_t count;
    void *(*open)(const struct micro_inputs *inputs); /* ends the program where it cannot */
    void (*close)(void *self);
};

extern const struct micro_group micro_wire, micro_words, micro_table, micro_store;

/* Some bytes and numbers, one after the other, made one number. */
uint64_t micro_mix(uint64_t hash, uint64_t value);
uint64_t micro_mix_span(uint64_t hash, struct span bytes);

/* Else ends the program with what and the system's reason. */
void micro_must(bool good, const char *what);

/* A directory of its own under TMPDIR, and its end with all that is in it. */
void micro_make_directory(char directory[MICRO_PATH_BYTES]);
void micro_remove(const char *directory);

#endif
