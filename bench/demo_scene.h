/* demo_scene - who plays in the demo: the engine, an adapter process for each channel, four
 * watchers, and the directory that all of it is in. One thread.
 */
#ifndef BENCH_DEMO_SCENE_H
#define BENCH_DEMO_SCENE_H

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

void demo_start_engine(struct demo *demo);
void demo_start_adapter(struct demo *demo, int index);
void demo_start_watcher(struct demo *demo, int index);
void demo_end_process(pid_t *pid, int signal_number);

/* Ends all that runs and removes the directory. */
void demo_clean_up(struct demo *demo);

/* From here on SIGINT and SIGTERM are interrupts. */
void demo_hear_interrupts(void);

/* Sleeps; an interrupt meanwhile ends the demo, cleaned up. */
void demo_pause_ms(struct demo *demo, long ms);

#endif
