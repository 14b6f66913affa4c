/* stage - one step of the way, and the worker that walks it.
 *
 * A stage takes the slots its gate lets it have, does all of them in one batch, and publishes its
 * cursor; so batches grow by themselves under load. stage_step() never waits. A worker is a thread
 * that steps its stages in turn and sleeps on its bell when none has work; a test may step them by
 * hand, in any order, from one thread.
 *
 * Knows numbers only: what a slot holds is not this module's business.
 */
#ifndef RING_STAGE_H
#define RING_STAGE_H

#include "base/clock.h"
#include "base/counters.h"
#include "ring/wait.h"

#include <pthread.h>

enum { STAGE_WAKES_MAX = 6, WORKER_STAGES_MAX = 8 };

enum { SLEEP_NOT = 0, SLEEP_UNTIL_RUNG = -1 };

struct stage {
    const char *name;
    struct cursor cursor; /* written by the stage's own thread, read by any */
    struct gate gate;     /* fixed after start */

    /* Does slots [next, limit), or the first few of them, and returns how far it came. Must not
     * wait. To do none at all is for a stage with patience_ms: who has none is stepped again at
     * once while its gate is open. */
    uint64_t (*work)(void *self, uint64_t next, uint64_t limit);
    /* For a stage with a socket of its own, else NULL: called on every step, before work; does
     * what has to be done beside the slots and says whether there was anything. */
    bool (*attend)(void *self);
    /* For a stage with a socket, else NULL: how long its thread may sleep now, slots and socket
     * both considered: SLEEP_NOT, SLEEP_UNTIL_RUNG or milliseconds. */
    int (*patience_ms)(void *self);
    void *self;

    struct bell *wakes[STAGE_WAKES_MAX]; /* rung after each batch; fixed after start */
    uint32_t wakes_count;

    uint64_t next; /* the owner only: equals its cursor */
    bool finished; /* the owner only: set by work or attend to end its worker */

    const struct clock *clock;
    struct counter batches;
    struct counter busy_ns; /* in work, what it waited for included */
    struct counter cpu_ns;  /* of its worker, on its steps with work; where no stage had any, and on
                               falling asleep, it is nobody's */
};

/* The owner. Adds a bell to ring after each batch, once. */
void stage_wakes(struct stage *stage, struct bell *bell);

/* The owner. One batch; false if there was nothing to do. Never waits. */
bool stage_step(struct stage *stage);

/* The owner. Would a step find slots? */
bool stage_ready(const struct stage *stage);

struct worker {
    struct stage *stages[WORKER_STAGES_MAX];
    uint32_t count;
    struct bell bell;
    struct cursor *stop; /* published as 1 by whoever ends the pipeline; who then rings the bell */
    struct counter wakeups;
    pthread_t thread;
};

/* Steps until told to stop or until one of its stages has finished. On the calling thread. */
void worker_run(struct worker *worker);

/* The same on a thread of its own. ERR_IO where none is to be had. */
MUST_CHECK enum err worker_start(struct worker *worker);
void worker_join(struct worker *worker);

#endif
