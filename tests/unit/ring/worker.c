/* The worker: steps its stages until told to stop or until one has finished, and sleeps in between.
 * Where a test needs it asleep, it waits for that; a wake-up that is lost hangs, and the time limit
 * ends the test. */
#include "ring/stage.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

static struct cursor before, stop;
static uint64_t finish_at;
static int patience;
static uint64_t asked;

static _Atomic pid_t worker_id; /* set by work */

static uint64_t work(void *self, uint64_t next, uint64_t limit)
{
    struct stage *stage = self;
    (void)next;
    atomic_store(&worker_id, gettid());
    stage->finished = limit >= finish_at;
    return limit;
}

static int an_hour(void *self)
{
    (void)self;
    return 3600 * 1000;
}

static int patience_ms(void *self)
{
    struct stage *stage = self;
    if (++asked == 3)
        stage->finished = true;
    return patience;
}

static struct stage stage_behind(const struct cursor *cursor)
{
    return (struct stage){
        .gate = {.cursors = {cursor}, .count = 1}, .work = work, .clock = &clock_system};
}

static void await_raised(struct worker *worker)
{
    while (atomic_load(&worker->bell.sleeping) == 0)
        sched_yield();
}

/* Raised is not yet asleep: the kernel says when. */
static void await_asleep(struct worker *worker)
{
    char path[64];
    char state = '?';
    await_raised(worker);
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)atomic_load(&worker_id));
    while (state != 'S') {
        FILE *stat = fopen(path, "r");
        cr_assert_not_null(stat);
        cr_assert_eq(fscanf(stat, "%*d (%*[^)]) %c", &state), 1);
        fclose(stat);
    }
}

TestSuite(worker, .timeout = 20);

Test(worker, walks_its_stages_until_one_has_finished)
{
    enum { STAGES = 3 };
    static struct stage stages[STAGES];
    struct worker worker = {.count = STAGES, .stop = &stop};
    finish_at = 5;
    for (size_t i = 0; i < STAGES; i++) {
        stages[i] = stage_behind(i == 0 ? &before : &stages[i - 1].cursor);
        stages[i].self = &stages[i];
        worker.stages[i] = &stages[i];
    }
    cr_assert_eq(bell_init(&worker.bell, NULL, 0), OK);
    cursor_publish(&before, 5);
    worker_run(&worker);
    for (size_t i = 0; i < STAGES; i++)
        cr_expect_eq(cursor_observe(&stages[i].cursor), 5, "stage %zu", i);
    cr_expect_eq(counter_read(&worker.wakeups), 0);
}

Test(worker, told_to_stop_does_no_more)
{
    struct stage stage = stage_behind(&before);
    struct worker worker = {.stages = {&stage}, .count = 1, .stop = &stop};
    cr_assert_eq(bell_init(&worker.bell, NULL, 0), OK);
    stage.self = &stage;
    cursor_publish(&before, 5);
    cursor_publish(&stop, 1);
    worker_run(&worker);
    cr_expect_eq(cursor_observe(&stage.cursor), 0);
}

Test(worker, sleeps_no_longer_than_the_least_patient_stage)
{
    static struct stage stages[3];
    struct worker worker = {.count = 3, .stop = &stop};
    cr_assert_eq(bell_init(&worker.bell, NULL, 0), OK);
    for (size_t i = 0; i < 3; i++) {
        stages[i] = stage_behind(&before);
        stages[i].self = &stages[i];
        worker.stages[i] = &stages[i];
    }
    stages[0].patience_ms = an_hour;
    stages[1].patience_ms = patience_ms;
    patience = 1;
    worker_run(&worker);
    cr_expect_eq(asked, 3, "one other would sleep for an hour, one for ever");
    cr_expect_eq(counter_read(&worker.wakeups), 3);

    stages[1].finished = false;
    asked = 0;
    patience = SLEEP_NOT;
    worker_run(&worker);
    cr_expect_eq(asked, 3);
    cr_expect_eq(counter_read(&worker.wakeups), 3, "it did not sleep");
}

/* Uses CPU time until the clock has seen it. */
static uint64_t work_a_while(void *self, uint64_t next, uint64_t limit)
{
    int64_t start_ns = clock_own_cpu_ns();
    while (clock_own_cpu_ns() == start_ns)
        continue;
    return work(self, next, limit);
}

static bool spend_a_while(void *self)
{
    work_a_while(self, 0, 0);
    return false;
}

Test(worker, charges_cpu_time_to_stages_that_worked)
{
    static struct stage idle, busy, looking;
    struct worker worker = {.stages = {&idle, &busy, &looking}, .count = 3, .stop = &stop};
    cr_assert_eq(bell_init(&worker.bell, NULL, 0), OK);
    static struct cursor never;
    finish_at = 5;
    idle = looking = stage_behind(&never);
    busy = stage_behind(&before);
    busy.work = work_a_while;
    busy.self = &busy;
    looking.attend = spend_a_while;
    looking.self = &looking;
    cursor_publish(&before, 5);
    int64_t start_ns = clock_own_cpu_ns();
    worker_run(&worker);
    uint64_t spent_ns = (uint64_t)(clock_own_cpu_ns() - start_ns);
    cr_expect_eq(counter_read(&idle.cpu_ns), 0);
    cr_expect_eq(counter_read(&looking.cpu_ns), 0, "what it did was nothing");
    cr_expect_gt(counter_read(&busy.cpu_ns), 0);
    cr_expect_leq(counter_read(&busy.cpu_ns), spent_ns);
}

Test(worker, wakes_for_every_slot)
{
    static struct worker worker;
    static struct stage stage;
    stage = stage_behind(&before);
    stage.self = &stage;
    finish_at = 200;
    worker = (struct worker){.stages = {&stage}, .count = 1, .stop = &stop};
    cr_assert_eq(bell_init(&worker.bell, NULL, 0), OK);
    cr_assert_eq(worker_start(&worker), OK);
    for (uint64_t done = 1; done <= finish_at; done++) {
        if (done % 2 == 0)
            await_asleep(&worker);
        else
            await_raised(&worker);
        cursor_publish(&before, done);
        bell_ring(&worker.bell);
        while (cursor_observe(&stage.cursor) < done)
            sched_yield();
    }
    worker_join(&worker);
    cr_expect_eq(counter_read(&stage.batches), finish_at);
    cr_expect_eq(cursor_observe(&stage.cursor), finish_at);
}

Test(worker, asleep_can_be_stopped)
{
    static struct worker worker;
    static struct stage stage;
    stage = stage_behind(&before);
    stage.self = &stage;
    worker = (struct worker){.stages = {&stage}, .count = 1, .stop = &stop};
    cr_assert_eq(bell_init(&worker.bell, NULL, 0), OK);
    cr_assert_eq(worker_start(&worker), OK);
    await_raised(&worker);
    cursor_publish(&stop, 1);
    bell_ring(&worker.bell);
    worker_join(&worker);
}
