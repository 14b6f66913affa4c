/* What is asked for and is not there: a unit, a stretch, a ticket. What there is comes with the
 * head; what makes no sense is an error that says so. */
#include "tests/engine/requests.h"

#include <criterion/criterion.h>

static void make_tickets(struct bench_engine *bench, uint32_t count)
{
    static Lianxin__V1__Case cases[LIANXIN_SUBMIT_CASES_MAX];
    static char ids[LIANXIN_SUBMIT_CASES_MAX][16];
    for (uint32_t i = 0; i < count; i++) {
        snprintf(ids[i], sizeof ids[i], "%u", i);
        cases[i] = bench_case(ids[i]);
    }
    reply_free(bench_submit_all(bench, cases, count, false));
}

static void expect_stretch(struct bench_engine *bench, uint64_t first, uint32_t limit,
                           uint64_t count, uint64_t head)
{
    Lianxin__V1__Reply *reply = bench_replay(bench, ENVIRONMENT, first, limit);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_FEED);
    cr_expect_str_eq(reply->feed->unit, ENVIRONMENT);
    cr_expect_eq(reply->feed->first, first);
    cr_expect_eq(reply->feed->n_events, count, "[%d, +%u): %zu", (int)first, limit,
                 reply->feed->n_events);
    for (size_t i = 0; i < reply->feed->n_events; i++)
        cr_expect_eq(reply->feed->events[i]->number, first + i);
    cr_assert_eq(reply->feed->n_heads, 1);
    cr_expect_str_eq(reply->feed->heads[0]->unit, ENVIRONMENT);
    cr_expect_eq(reply->feed->heads[0]->sequence, head);
    reply_free(reply);
}

static void expect_error(Lianxin__V1__Reply *reply, const char *field, const char *part)
{
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR, "%s", part);
    cr_expect_str_eq(reply->error->field, field);
    cr_expect_not_null(strstr(reply->error->message, part), "'%s' is not in '%s'", part,
                       reply->error->message);
    reply_free(reply);
}

/* Out of the tail in memory and, after a restart, out of the tables. */
Test(replay, gives_what_there_is_with_the_head)
{
    enum { COUNT = 300 };
    struct bench_engine bench;
    bench_open(&bench, 0);
    expect_stretch(&bench, 1, 0, 0, 0);
    make_tickets(&bench, COUNT);
    for (int restarted = 0; restarted < 2; restarted++) {
        expect_stretch(&bench, 1, 0, LIANXIN_REPLAY_EVENTS_MAX, COUNT);
        expect_stretch(&bench, 1, 1, 1, COUNT);
        expect_stretch(&bench, 63, 4, 4, COUNT);
        expect_stretch(&bench, COUNT - 1, 100, 2, COUNT);
        expect_stretch(&bench, COUNT, 256, 1, COUNT);
        expect_stretch(&bench, COUNT + 1, 256, 0, COUNT);
        expect_stretch(&bench, UINT32_MAX, 256, 0, COUNT);
        expect_stretch(&bench, (uint64_t)UINT32_MAX + 2, 256, 0, COUNT);
        expect_stretch(&bench, UINT64_MAX, 256, 0, COUNT);
        bench_restart(&bench);
    }
    bench_close(&bench);
}

Test(replay, of_what_makes_no_sense_is_an_error)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    make_tickets(&bench, 1);
    expect_error(bench_replay(&bench, "511126000000.magic", 1, 0), "unit",
                 "'511126000000.magic': there is no such unit");
    expect_error(bench_replay(&bench, "", 1, 0), "unit", "there is no such unit");
    expect_error(bench_replay(&bench, "511126", 1, 0), "unit", "there is no such unit");
    expect_error(bench_replay(&bench, "511126000000.environ", 1, 0), "unit", "no such unit");
    expect_error(bench_replay(&bench, "511126000000.environments", 1, 0), "unit", "no such unit");
    expect_error(bench_replay(&bench, "unit." ENVIRONMENT, 1, 0), "unit", "no such unit");
    expect_error(bench_replay(&bench, ENVIRONMENT, 0, 0), "first", "sequences begin at 1");
    expect_error(bench_replay(&bench, ENVIRONMENT, 1, 257), "limit", "at most 256");
    expect_stretch(&bench, 1, 0, 1, 1);
    bench_close(&bench);
}

Test(replay, a_look_up_of_what_is_no_ticket_is_an_error)
{
    struct bench_engine bench;
    bench_open(&bench, 0);
    make_tickets(&bench, 1);
    expect_error(bench_lookup(&bench, ""), "lookup", "looks for nothing");
    expect_error(bench_lookup(&bench, "12345"), "number", "is no ticket number");
    expect_error(bench_lookup(&bench, "20261124-000001-0"), "number", "check digit");
    Lianxin__V1__Lookup lookup = LIANXIN__V1__LOOKUP__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOOKUP;
    request.lookup = &lookup;
    lookup.serial = 2;
    expect_error(bench_ask(&bench, &request), "serial", "there is no such ticket");
    lookup.serial = UINT64_MAX;
    expect_error(bench_ask(&bench, &request), "serial", "there is no such ticket");
    lookup.serial = 1;
    Lianxin__V1__Reply *reply = bench_ask(&bench, &request);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_TICKET);
    reply_free(reply);
    bench_close(&bench);
}
