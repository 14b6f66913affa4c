/* scene - the engine of a simulated day as a process of its own, and the clock it goes by.
 *
 * The engine is this very program, spawned again, so that killing it is a real SIGKILL and all that
 * is between is a socket. Its wall clock is a word of shared memory (a memfd that it inherits as
 * CLOCK_FD), which the simulation sets and nobody else does: so stored times, numbers and deadlines
 * are the simulated day's, to the millisecond and the same every time. Its monotonic clock is the
 * machine's own, so stalls, resends and idle work go on as ever. An engine dies with the
 * simulation, however that ends.
 *
 * Sockets, what the engine says, and the store where none was named lie in a directory of their own
 * below TMPDIR (or /tmp), removed at the end.
 */
#ifndef TOOLS_SIMULATE_SCENE_H
#define TOOLS_SIMULATE_SCENE_H

#include "base/err.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SCENE_PATH_BYTES = 128, SCENE_PATIENCE_MS = 30000 };

struct scene {
    const char *city;
    char directory[SCENE_PATH_BYTES];
    char front[SCENE_PATH_BYTES], feed[SCENE_PATH_BYTES], said[SCENE_PATH_BYTES];
    char store[PATH_MAX];
    _Atomic int64_t *now_ms; /* shared */
    int clock_fd;
    pid_t engine; /* 0 where none runs */
};

/* Makes the directory. store: where to keep the log, a directory that is empty or not there; NULL:
 * in the scene's own. False, having said why, where that cannot be. From here on SIGINT and SIGTERM
 * are heard, and only heard. */
MUST_CHECK bool scene_open(struct scene *scene, const char *city, const char *store);

/* Ends the engine if it still runs, and removes what is the scene's. */
void scene_close(struct scene *scene);

/* What time the engine thinks it is. Before the engine is started, too. */
void scene_set_ms(struct scene *scene, int64_t ms);

MUST_CHECK bool scene_start(struct scene *scene);

/* Sends the signal and waits for the end, for SCENE_PATIENCE_MS at most. */
void scene_end(struct scene *scene, int signal_number);

/* The signal that came, or 0. */
int scene_interrupted(void);

/* Does the engine live? Where it does not, says so, with what it said last. */
MUST_CHECK bool scene_lives(struct scene *scene);

/* The entry of the spawned engine; argv is CITY STORE FRONT FEED PARENT. */
int scene_engine(char **argv);

#endif
