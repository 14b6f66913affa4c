/* demo - the main job, seen: a city, eight adapters, four subscribers, and a kill half-way.
 *
 * demo.c starts the engine on a temporary store, an adapter process for each channel and four
 * watchers; kills the engine without warning when half of the cases are answered, and starts it
 * again. demo_report.c counts what came out at each end, and shows it.
 *
 * Nothing is assumed: submitted and acknowledged are counted from the adapters' input and answers,
 * stored and assigned by asking the engine for each ticket, published by the watcher of everything.
 * Leaves no process and no file behind.
 */
#ifndef BENCH_DEMO_H
#define BENCH_DEMO_H

#include "bench/cases.h"
#include "domain/policy.h"

#include <stdio.h>
#include <sys/types.h>

enum {
    ADAPTERS = CHANNEL_COUNT - 1,
    WATCHERS = 4,
    CASES_EACH = 50,
    CASES = ADAPTERS * CASES_EACH,
    PATH_BYTES = 128,
};

/* What the watchers subscribe to; the last one to everything. */
struct watched {
    const char *prefix, *what;
};

extern const struct watched watched[WATCHERS];

struct demo {
    const char *program; /* build/.../lianxin */
    char directory[PATH_BYTES];
    char front[PATH_BYTES], feed[PATH_BYTES];
    pid_t engine;
    pid_t adapters[ADAPTERS], watchers[WATCHERS];
    int inputs[ADAPTERS]; /* pipes that cases are written to */
    struct policy *policy;
    struct cases cases[ADAPTERS];
    uint32_t submitted;
};

/* The path of a process's output, such as DIR/answers3; path has room for 2 * PATH_BYTES. */
void demo_file(const struct demo *demo, const char *name, int index, char *path);

uint32_t demo_count_lines(const char *path);

/* Says why, cleans up, and ends the process. */
void demo_fail(struct demo *demo, const char *why) __attribute__((noreturn));

/* Sleeps; an interrupt meanwhile ends the demo, cleaned up. */
void demo_pause_ms(struct demo *demo, long ms);

/* Counts and prints. EXIT_SUCCESS where nothing was lost. */
int demo_report(struct demo *demo);

#endif
