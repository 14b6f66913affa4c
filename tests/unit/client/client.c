/* One request and its reply, against an engine that loses, repeats and delays replies. Time is
 * moved by hand; where the whole of ask is shown, the engine answers whenever the client looks at
 * the clock. */
#include "fake.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct fake fake;
static struct lianxin_client *client;

static void open_all(void)
{
    fake_open(&fake);
    struct lianxin_client_options options = {.context = fake.context, .clock = &fake.clock};
    cr_assert_eq(lianxin_client_open(fake.front, &options, &client), OK, "%s", lianxin_why());
}

static void close_all(void)
{
    lianxin_client_close(&client);
    cr_expect_null(client);
    lianxin_client_close(&client);
    fake_close(&fake);
}

static void start_status(void)
{
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Status status = LIANXIN__V1__STATUS__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    cr_assert_eq(lianxin_client_start(client, &request), OK);
}

static void expect_nothing_yet(void)
{
    Lianxin__V1__Reply *reply;
    cr_expect_eq(lianxin_client_step(client, 0, &reply), ERR_TIMEOUT);
    cr_expect_null(reply);
}

static void reply_version(const struct asked *asked, const char *version)
{
    Lianxin__V1__StatusReport report = LIANXIN__V1__STATUS_REPORT__INIT;
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    report.version = (char *)version;
    reply.body_case = LIANXIN__V1__REPLY__BODY_STATUS;
    reply.status = &report;
    fake_reply(&fake, asked, &reply);
}

static void expect_version(const char *version)
{
    Lianxin__V1__Reply *reply;
    cr_assert_eq(lianxin_client_step(client, 0, &reply), OK, "%s", lianxin_why());
    cr_expect_str_eq(reply->status->version, version);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

Test(client, a_late_or_second_reply_is_dropped, .init = open_all, .fini = close_all)
{
    struct asked first, second;
    start_status();
    expect_nothing_yet();
    cr_assert(fake_hear(&fake, &first));
    start_status();
    expect_nothing_yet();
    cr_assert(fake_hear(&fake, &second));
    reply_version(&first, "of the first");
    expect_nothing_yet();
    reply_version(&second, "of the second");
    reply_version(&second, "of the second, again");
    expect_version("of the second");
    fake_forget(&second);
    start_status();
    expect_nothing_yet();
    cr_assert(fake_hear(&fake, &second));
    reply_version(&second, "of the third");
    expect_version("of the third");
    fake_forget(&first);
    fake_forget(&second);
}

Test(client, without_a_reply_the_same_request_is_sent_again, .init = open_all, .fini = close_all)
{
    struct asked first, again;
    start_status();
    expect_nothing_yet();
    cr_assert(fake_hear(&fake, &first));
    fake_pass_ms(&fake, 999);
    expect_nothing_yet();
    cr_assert_not(fake_hear(&fake, &again));
    fake_pass_ms(&fake, 1);
    expect_nothing_yet();
    cr_assert(fake_hear(&fake, &again));
    cr_expect_eq(again.digest, first.digest);
    reply_version(&first, "at last");
    expect_version("at last");
    fake_forget(&first);
    fake_forget(&again);
}

Test(client, a_reply_that_is_none_is_told_and_waited_for_anew, .init = open_all, .fini = close_all)
{
    struct asked asked;
    Lianxin__V1__Reply *reply;
    start_status();
    expect_nothing_yet();
    cr_assert(fake_hear(&fake, &asked));
    fake_reply_nonsense(&fake, &asked);
    cr_expect_eq(lianxin_client_step(client, 0, &reply), ERR_INVALID);
    cr_expect_str_eq(lianxin_why(), "front sent something that is not a Reply");
    fake_reply_error(&fake, &asked, "no");
    cr_assert_eq(lianxin_client_step(client, 0, &reply), OK);
    cr_expect_str_eq(reply->error->message, "no");
    lianxin__v1__reply__free_unpacked(reply, NULL);
    fake_forget(&asked);
}

static void answer_whatever_comes(struct fake *engine)
{
    struct asked asked;
    while (fake_hear(engine, &asked)) {
        reply_version(&asked, "1");
        fake_forget(&asked);
    }
}

static void grow_old(struct fake *engine)
{
    fake_pass_ms(engine, 40);
}

Test(client, ask_waits_for_the_reply_but_not_for_ever, .init = open_all, .fini = close_all)
{
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Lookup lookup = LIANXIN__V1__LOOKUP__INIT;
    Lianxin__V1__Reply *reply;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOOKUP;
    request.lookup = &lookup;
    cr_expect_eq(lianxin_client_ask(client, &request, 0, &reply), ERR_TIMEOUT);
    fake.on_clock = answer_whatever_comes;
    cr_assert_eq(lianxin_client_ask(client, &request, 1000, &reply), OK, "%s", lianxin_why());
    cr_expect_eq(reply->id, request.id);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    cr_assert_eq(lianxin_client_ask(client, &request, -1, &reply), OK, "%s", lianxin_why());
    lianxin__v1__reply__free_unpacked(reply, NULL);
    fake.on_clock = grow_old;
    cr_expect_eq(lianxin_client_ask(client, &request, 100, &reply), ERR_TIMEOUT);
    cr_expect_str_eq(lianxin_why(), "front did not reply within 100 ms");
    cr_expect_null(reply);
}

Test(client, what_no_engine_would_take_is_refused_at_once, .init = open_all, .fini = close_all)
{
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Act act = LIANXIN__V1__ACT__INIT;
    act.text = calloc(1, 1024 * 1024 + 65);
    memset(act.text, 'x', 1024 * 1024 + 64);
    request.body_case = LIANXIN__V1__REQUEST__BODY_ACT;
    request.act = &act;
    cr_expect_eq(lianxin_client_start(client, &request), ERR_INVALID);
    cr_expect_str_eq(lianxin_why(), "the request has 1048652 bytes; the engine takes 1048640");
    free(act.text);
    struct lianxin_client *none = client;
    cr_expect_eq(lianxin_client_open("nowhere", NULL, &none), ERR_INVALID);
    cr_expect_null(none);
    cr_expect_str_eq(lianxin_why(), "cannot connect to front at 'nowhere': Invalid argument");
}

Test(client, a_request_waits_until_there_is_an_engine)
{
    struct asked asked;
    fake_open_ipc(&fake);
    fake_stop(&fake);
    struct lianxin_client_options options = {.clock = &fake.clock};
    cr_assert_eq(lianxin_client_open(fake.front, &options, &client), OK);
    start_status();
    expect_nothing_yet();
    fake_start(&fake);
    Lianxin__V1__Reply *reply;
    bool heard = false;
    for (int i = 0; i < 1000 && !heard; i++) {
        cr_assert_eq(lianxin_client_step(client, 10, &reply), ERR_TIMEOUT);
        heard = fake_hear(&fake, &asked);
    }
    cr_assert(heard);
    reply_version(&asked, "1");
    cr_assert_eq(lianxin_client_step(client, 10000, &reply), OK);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    fake_forget(&asked);
    close_all();
}
