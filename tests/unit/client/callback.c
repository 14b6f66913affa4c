/* What a callback must not do, for its caller would go on with what is gone or changed: each of it
 * aborts at once. */
#include "fake.h"

#include <criterion/criterion.h>
#include <signal.h>

static struct fake fake;
static struct lianxin_submitter *submitter;
static struct lianxin_watcher *watcher;

static void step_submitter(void)
{
    cr_assert_eq(lianxin_submitter_step(submitter, 0), OK, "%s", lianxin_why());
}

static void close_submitter(void)
{
    lianxin_submitter_close(&submitter);
}

static void step_watcher(void)
{
    cr_assert_eq(lianxin_watcher_step(watcher, 0), OK, "%s", lianxin_why());
}

static void close_watcher(void)
{
    lianxin_watcher_close(&watcher);
}

static void set_cursor(void)
{
    cr_assert_eq(lianxin_watcher_set_cursor(watcher, fake_unit(0), 0), OK);
}

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    void (*misdeed)(void) = self;
    (void)tag, (void)answer;
    misdeed();
}

static bool event(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    void (*misdeed)(void) = self;
    (void)unit, (void)sequence, (void)event;
    misdeed();
    return true;
}

/* Has one case answered by an engine, and commits the misdeed then. */
static void answer_one(void (*misdeed)(void))
{
    struct asked asked;
    Lianxin__V1__Case ticket = LIANXIN__V1__CASE__INIT;
    fake_open(&fake);
    struct lianxin_submitter_options options = {
        .answered = answered, .self = misdeed, .context = fake.context, .clock = &fake.clock};
    cr_assert_eq(lianxin_submitter_open(fake.front, &options, &submitter), OK);
    cr_assert_eq(lianxin_submitter_submit(submitter, &ticket, 1), OK);
    step_submitter();
    cr_assert(fake_hear(&fake, &asked));
    fake_answer(&fake, &asked, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    step_submitter();
}

/* Has two events handed over, and commits the misdeed at the first. */
static void hand_over_two(void (*misdeed)(void))
{
    const char *prefix = "";
    fake_open(&fake);
    struct lianxin_watcher_options options = {
        .event = event, .self = misdeed, .context = fake.context, .clock = &fake.clock};
    cr_assert_eq(lianxin_watcher_open(fake.front, fake.feed, &prefix, 1, &options, &watcher), OK);
    fake_publish(&fake, 0, 1, 2);
    step_watcher();
}

Test(callback, answered_must_not_step, .signal = SIGABRT)
{
    answer_one(step_submitter);
}

Test(callback, answered_must_not_close, .signal = SIGABRT)
{
    answer_one(close_submitter);
}

Test(callback, event_must_not_step, .signal = SIGABRT)
{
    hand_over_two(step_watcher);
}

Test(callback, event_must_not_close, .signal = SIGABRT)
{
    hand_over_two(close_watcher);
}

Test(callback, event_must_not_set_a_cursor, .signal = SIGABRT)
{
    hand_over_two(set_cursor);
}

static void look(void)
{
    cr_expect_eq(lianxin_watcher_position(watcher, fake_unit(0)), (uint64_t)fake.now_ns);
    cr_expect_not(lianxin_watcher_caught_up(watcher));
    fake.now_ns++;
}

Test(callback, event_may_ask_how_far_it_is)
{
    hand_over_two(look);
    cr_expect_eq(fake.now_ns, 2);
    lianxin_watcher_close(&watcher);
    fake_close(&fake);
}
