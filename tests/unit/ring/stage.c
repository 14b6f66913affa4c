/* What one step does, with a scripted stage behind a gate that the test moves, and a clock that
 * moves only while the stage works. */
#include "ring/stage.h"

#include <criterion/criterion.h>
#include <signal.h>

static int64_t now_ns;
static struct cursor before;
static struct stage stage;
static uint64_t called, called_next, called_limit; /* how work was called last */
static uint64_t most;                              /* slots that work takes a batch */
static uint64_t attended;
static bool attend_says;

static int64_t test_ns(void *self)
{
    (void)self;
    return now_ns;
}

static uint64_t work(void *self, uint64_t next, uint64_t limit)
{
    cr_assert_eq(self, &most);
    called++;
    called_next = next;
    called_limit = limit;
    now_ns += 100;
    return limit - next > most ? next + most : limit;
}

static bool attend(void *self)
{
    cr_assert_eq(self, &most);
    attended++;
    return attend_says;
}

static int patience_ms(void *self)
{
    (void)self;
    return SLEEP_NOT;
}

static void open_all(void)
{
    static const struct clock clock = {test_ns, test_ns, NULL};
    most = UINT64_MAX;
    stage = (struct stage){
        .name = "scripted",
        .gate = {.cursors = {&before}, .count = 1},
        .work = work,
        .self = &most,
        .clock = &clock,
    };
}

TestSuite(stage, .init = open_all);

Test(stage, takes_all_there_is_in_one_batch)
{
    cr_expect(!stage_ready(&stage));
    cr_expect(!stage_step(&stage));
    cr_expect_eq(called, 0, "there was nothing to work on");

    cursor_publish(&before, 7);
    cr_expect(stage_ready(&stage));
    cr_expect(stage_step(&stage));
    cr_expect_eq(called, 1);
    cr_expect_eq(called_next, 0);
    cr_expect_eq(called_limit, 7);
    cr_expect_eq(cursor_observe(&stage.cursor), 7);
    cr_expect_eq(stage.next, 7);
    cr_expect(!stage_ready(&stage));
    cr_expect(!stage_step(&stage));
    cr_expect_eq(called, 1);

    cursor_publish(&before, 9);
    cr_expect(stage_step(&stage));
    cr_expect_eq(called_next, 7);
    cr_expect_eq(called_limit, 9);
    cr_expect_eq(counter_read(&stage.batches), 2);
    cr_expect_eq(counter_read(&stage.busy_ns), 200);
}

Test(stage, goes_on_where_a_short_batch_ended)
{
    most = 3;
    cursor_publish(&before, 7);
    static const uint64_t ends[] = {3, 6, 7};
    for (size_t i = 0; i < 3; i++) {
        cr_expect(stage_step(&stage));
        cr_expect_eq(cursor_observe(&stage.cursor), ends[i]);
        cr_expect_eq(called_limit, 7);
    }
    cr_expect(!stage_step(&stage));
}

Test(stage, rings_each_bell_once_a_batch_and_only_then)
{
    struct bell bells[2];
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(bell_init(&bells[i], NULL, 0), OK);
        stage_wakes(&stage, &bells[i]);
        stage_wakes(&stage, &bells[i]);
        bell_raise(&bells[i]);
    }
    cr_expect_eq(stage.wakes_count, 2);
    cr_expect(!stage_step(&stage));
    cr_expect_eq(atomic_load(&bells[0].sleeping), 1, "nothing was done");

    cursor_publish(&before, 1);
    cr_expect(stage_step(&stage));
    for (size_t i = 0; i < 2; i++)
        cr_expect_eq(atomic_load(&bells[i].sleeping), 0);
}

Test(stage, attends_on_every_step_slots_or_not)
{
    stage.attend = attend;
    cr_expect(!stage_step(&stage));
    attend_says = true;
    cr_expect(stage_step(&stage), "what it attended to counts as work");
    cr_expect_eq(called, 0);
    cursor_publish(&before, 1);
    attend_says = false;
    cr_expect(stage_step(&stage));
    cr_expect_eq(called, 1);
    cr_expect_eq(attended, 3);
}

Test(stage, with_patience_may_leave_its_slots)
{
    struct bell bell;
    cr_assert_eq(bell_init(&bell, NULL, 0), OK);
    stage_wakes(&stage, &bell);
    bell_raise(&bell);
    stage.patience_ms = patience_ms;
    stage.attend = attend;
    most = 0;
    cursor_publish(&before, 1);
    cr_expect(!stage_step(&stage));
    cr_expect_eq(called, 1);
    cr_expect_eq(cursor_observe(&stage.cursor), 0);
    cr_expect_eq(counter_read(&stage.batches), 0);
    cr_expect_eq(atomic_load(&bell.sleeping), 1, "nobody was woken for nothing");
    attend_says = true;
    cr_expect(stage_step(&stage));
}

Test(stage, without_patience_that_leaves_its_slots_aborts, .signal = SIGABRT)
{
    most = 0;
    cursor_publish(&before, 1);
    stage_step(&stage);
}

static uint64_t overtake(void *self, uint64_t next, uint64_t limit)
{
    (void)self;
    (void)next;
    return limit + 1;
}

static uint64_t go_back(void *self, uint64_t next, uint64_t limit)
{
    (void)self;
    (void)limit;
    return next - 1;
}

Test(stage, that_overtakes_its_gate_aborts, .signal = SIGABRT)
{
    stage.work = overtake;
    cursor_publish(&before, 1);
    stage_step(&stage);
}

Test(stage, that_goes_back_aborts, .signal = SIGABRT)
{
    cursor_publish(&before, 1);
    stage_step(&stage);
    cursor_publish(&before, 2);
    stage.work = go_back;
    stage_step(&stage);
}

Test(stage, that_wakes_too_many_aborts, .signal = SIGABRT)
{
    static struct bell bells[STAGE_WAKES_MAX + 1];
    for (size_t i = 0; i <= STAGE_WAKES_MAX; i++)
        stage_wakes(&stage, &bells[i]);
}
