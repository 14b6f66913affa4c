/* lianxin_why tells of the error just returned and of no other: neither of what a callback failed
 * at meanwhile, nor of what passed within a call that succeeded. */
#include "fake.h"

#include <criterion/criterion.h>

static struct fake fake;
static struct lianxin_submitter *submitter;
static struct lianxin_watcher *watcher;
static const char *prefix = "511126";

static void fail_at_something(void)
{
    struct lianxin_client *none;
    cr_assert_eq(lianxin_client_open("nowhere", NULL, &none), ERR_INVALID);
    cr_assert_str_eq(lianxin_why(), "cannot connect to front at 'nowhere': Invalid argument");
}

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    (void)self, (void)tag, (void)answer;
    fail_at_something();
}

static bool event(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    (void)self, (void)unit, (void)sequence, (void)event;
    fail_at_something();
    return true;
}

static void submit(uint64_t tag)
{
    Lianxin__V1__Case ticket = LIANXIN__V1__CASE__INIT;
    ticket.external_id = (char *)"1";
    cr_assert_eq(lianxin_submitter_submit(submitter, &ticket, tag), OK);
}

static void open_submitter(void)
{
    struct lianxin_submitter_options options = {
        .answered = answered,
        .context = fake.folder[0] == '\0' ? fake.context : NULL,
        .clock = &fake.clock,
    };
    cr_assert_eq(lianxin_submitter_open(fake.front, &options, &submitter), OK);
}

static void open_watcher(void)
{
    struct lianxin_watcher_options options = {
        .event = event, .context = fake.context, .clock = &fake.clock};
    cr_assert_eq(lianxin_watcher_open(fake.front, fake.feed, &prefix, 1, &options, &watcher), OK);
}

static void open_engine(void)
{
    fake_open(&fake);
}

static void close_all(void)
{
    lianxin_submitter_close(&submitter);
    lianxin_watcher_close(&watcher);
    fake_close(&fake);
}

Test(why, is_the_submitters_whatever_its_callback_failed_at, .init = open_engine, .fini = close_all)
{
    struct asked asked;
    open_submitter();
    submit(0);
    cr_assert_eq(lianxin_submitter_step(submitter, 0), OK);
    cr_assert(fake_hear(&fake, &asked));
    fake_reply_nonsense(&fake, &asked);
    fake_answer(&fake, &asked, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    fake_forget(&asked);
    cr_expect_eq(lianxin_submitter_step(submitter, 0), ERR_INVALID);
    cr_expect_eq(lianxin_submitter_pending(submitter), 0);
    cr_expect_str_eq(lianxin_why(), "front sent something that is not a Reply");
}

Test(why, is_the_watchers_whatever_its_callback_failed_at, .init = open_engine, .fini = close_all)
{
    struct asked asked;
    open_watcher();
    fake.length[0] = 1;
    fake.length[1] = 1;
    fake_heads(&fake, prefix, 0, 2);
    cr_assert_eq(lianxin_watcher_step(watcher, 0), OK);
    cr_assert(fake_hear(&fake, &asked));
    fake_reply_error(&fake, &asked, "not now");
    fake_forget(&asked);
    cr_assert(fake_hear(&fake, &asked));
    fake_replay(&fake, &asked, 1);
    fake_forget(&asked);
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_INVALID);
    cr_expect_eq(lianxin_watcher_position(watcher, fake_unit(1)), 1);
    cr_expect_str_eq(lianxin_why(), "no replay of 511126000001.urban from 1: not now");
}

/* The cursor of the first unit is another store's; after that something is refused. */
Test(why, is_the_gravest_of_several, .init = open_engine, .fini = close_all)
{
    struct asked asked;
    open_watcher();
    fake.length[0] = 5;
    fake.length[1] = 1;
    cr_assert_eq(lianxin_watcher_set_cursor(watcher, fake_unit(0), 9), OK);
    fake_heads(&fake, prefix, 0, 2);
    cr_assert_eq(lianxin_watcher_step(watcher, 0), OK);
    fake_expect_replay(&fake, 0, 9);
    cr_assert(fake_hear(&fake, &asked));
    fake_reply_error(&fake, &asked, "not now");
    fake_forget(&asked);
    cr_expect_eq(lianxin_watcher_step(watcher, 0), ERR_NOT_FOUND);
    cr_expect_not_null(strstr(lianxin_why(), "511126000001.urban was followed up to 9"));
}

Test(why, stays_where_a_step_succeeds)
{
    fake_open_ipc(&fake);
    fake_stop(&fake);
    open_submitter();
    cr_expect_str_eq(lianxin_why(), "");
    fail_at_something();
    submit(0);
    cr_expect_eq(lianxin_submitter_step(submitter, 0), OK, "nobody is there, and that is no error");
    cr_expect_str_eq(lianxin_why(), "cannot connect to front at 'nowhere': Invalid argument");
    close_all();
}

static void grow_old(struct fake *engine)
{
    fake_pass_ms(engine, 40);
}

Test(why, says_when_nobody_is_connected)
{
    struct lianxin_client *client;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    fake_open_ipc(&fake);
    fake_stop(&fake);
    struct lianxin_client_options options = {.clock = &fake.clock};
    cr_assert_eq(lianxin_client_open(fake.front, &options, &client), OK);
    cr_expect_eq(lianxin_client_ask(client, &request, 0, &reply), ERR_TIMEOUT);
    cr_expect_str_eq(lianxin_why(), "front did not reply within 0 ms: it is not connected");
    fake.on_clock = grow_old;
    cr_expect_eq(lianxin_client_ask(client, &request, 100, &reply), ERR_TIMEOUT);
    cr_expect_str_eq(lianxin_why(), "front did not reply within 100 ms: it is not connected");
    lianxin_client_close(&client);
    close_all();
}
