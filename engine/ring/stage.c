#include "ring/stage.h"

void stage_wakes(struct stage *stage, struct bell *bell)
{
    for (uint32_t i = 0; i < stage->wakes_count; i++)
        if (stage->wakes[i] == bell)
            return;
    CHECK(stage->wakes_count < STAGE_WAKES_MAX);
    stage->wakes[stage->wakes_count++] = bell;
}

static void advance(struct stage *stage, uint64_t next)
{
    stage->next = next;
    cursor_publish(&stage->cursor, next);
    for (uint32_t i = 0; i < stage->wakes_count; i++)
        bell_ring(stage->wakes[i]);
}

bool stage_step(struct stage *stage)
{
    bool attended = stage->attend != NULL && stage->attend(stage->self);
    uint64_t limit = gate_limit(&stage->gate);
    if (limit == stage->next)
        return attended;
    int64_t start_ns = clock_monotonic_ns(stage->clock);
    uint64_t next = stage->work(stage->self, stage->next, limit);
    CHECK(next >= stage->next);
    CHECK(next <= limit);
    CHECK(next > stage->next || stage->patience_ms != NULL);
    if (next == stage->next)
        return attended;
    counter_add(&stage->busy_ns, (uint64_t)(clock_monotonic_ns(stage->clock) - start_ns));
    counter_add(&stage->batches, 1);
    advance(stage, next);
    return true;
}

bool stage_ready(const struct stage *stage)
{
    return gate_limit(&stage->gate) > stage->next;
}

/* To look at the CPU clock is a system call, so it is done once for each stage that worked. How
 * idle stages looked for work before it is charged to that stage too; a few loads. charged_ns: what
 * the thread had used when it was last done. */
static bool step_all(struct worker *worker, int64_t *charged_ns)
{
    bool worked = false;
    for (uint32_t i = 0; i < worker->count; i++) {
        if (!stage_step(worker->stages[i]))
            continue;
        int64_t used_ns = clock_own_cpu_ns();
        counter_add(&worker->stages[i]->cpu_ns, (uint64_t)(used_ns - *charged_ns));
        *charged_ns = used_ns;
        worked = true;
    }
    return worked;
}

/* How long may all of them sleep? A stage with a socket knows for itself; one without may sleep
 * unless its gate is open. */
static int patience_ms(const struct worker *worker)
{
    int shortest = SLEEP_UNTIL_RUNG;
    for (uint32_t i = 0; i < worker->count; i++) {
        const struct stage *stage = worker->stages[i];
        int patience = stage->patience_ms != NULL ? stage->patience_ms(stage->self)
                       : stage_ready(stage)       ? SLEEP_NOT
                                                  : SLEEP_UNTIL_RUNG;
        if (patience != SLEEP_UNTIL_RUNG && (shortest < 0 || patience < shortest))
            shortest = patience;
    }
    return shortest;
}

static bool is_over(const struct worker *worker)
{
    for (uint32_t i = 0; i < worker->count; i++)
        if (worker->stages[i]->finished)
            return true;
    return cursor_observe(worker->stop) != 0;
}

static void sleep_if_idle(struct worker *worker)
{
    bell_raise(&worker->bell);
    int sleep_ms = is_over(worker) ? SLEEP_NOT : patience_ms(worker);
    if (sleep_ms == SLEEP_NOT) {
        bell_lower(&worker->bell);
        return;
    }
    bell_wait(&worker->bell, sleep_ms);
    counter_add(&worker->wakeups, 1);
}

void worker_run(struct worker *worker)
{
    int64_t charged_ns = clock_own_cpu_ns();
    while (!is_over(worker)) {
        if (step_all(worker, &charged_ns))
            continue;
        sleep_if_idle(worker);
        charged_ns = clock_own_cpu_ns();
    }
}

static void *run(void *worker)
{
    worker_run(worker);
    return NULL;
}

enum err worker_start(struct worker *worker)
{
    return pthread_create(&worker->thread, NULL, run, worker) == 0 ? OK : ERR_IO;
}

void worker_join(struct worker *worker)
{
    int joined = pthread_join(worker->thread, NULL);
    CHECK(joined == 0);
}
