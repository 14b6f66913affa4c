/* When the store cannot take what comes: senders are told to try again, nothing is stored half,
 * questions are answered all the while, and what was refused succeeds once there is room. */
#include "tests/engine/requests.h"

#include <criterion/criterion.h>
#include <sys/stat.h>

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define DUPLICATE LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE
#define TRY_AGAIN LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN

enum { TEXT_BYTES = 30000, CASES_MAX = 1000 };

static char text[TEXT_BYTES];

static Lianxin__V1__Case long_case(uint64_t number)
{
    static char id[24];
    memset(text, 'x', sizeof text - 1);
    snprintf(id, sizeof id, "%llu", (unsigned long long)number);
    Lianxin__V1__Case one = bench_case(id);
    one.text = text;
    return one;
}

static Lianxin__V1__Outcome submit_long(struct bench_engine *bench, uint64_t number)
{
    Lianxin__V1__Case one = long_case(number);
    Lianxin__V1__Reply *reply = bench_submit(bench, &one);
    Lianxin__V1__Outcome outcome = outcome_of(reply);
    reply_free(reply);
    return outcome;
}

/* Submits cases until one is not accepted, and says how many were. */
static uint64_t submit_until_full(struct bench_engine *bench)
{
    uint64_t accepted = 0;
    Lianxin__V1__Outcome outcome;
    while ((outcome = submit_long(bench, accepted)) == ACCEPTED) {
        accepted++;
        cr_assert_lt(accepted, CASES_MAX);
    }
    cr_assert_eq(outcome, TRY_AGAIN);
    return accepted;
}

/* What was accepted can be read, there is nothing else, and the status says that all is not well.
 */
static void expect_readable(struct bench_engine *bench, uint64_t accepted, bool refusing)
{
    Lianxin__V1__Reply *reply = bench_status(bench);
    cr_expect_eq(reply->status->tickets, accepted);
    cr_expect_eq(reply->status->events, accepted);
    cr_expect_eq(reply->status->refusing[0] != '\0', refusing, "%s", reply->status->refusing);
    reply_free(reply);
    reply = bench_replay(bench, ENVIRONMENT, accepted > 1 ? accepted - 1 : 1, 0);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_FEED);
    cr_expect_eq(reply->feed->heads[0]->sequence, accepted);
    cr_expect_eq(reply->feed->n_events, accepted > 1 ? 2 : accepted);
    for (size_t i = 0; i < reply->feed->n_events; i++) {
        Lianxin__V1__Reply *ticket = bench_lookup(bench, reply->feed->events[i]->ticket);
        cr_assert_eq(ticket->body_case, LIANXIN__V1__REPLY__BODY_TICKET);
        cr_expect_eq(ticket->ticket->events[0]->serial, reply->feed->events[i]->serial);
        reply_free(ticket);
    }
    reply_free(reply);
}

Test(disk, a_store_without_room_says_try_again_and_still_answers_questions)
{
    struct bench_engine bench;
    bench_open(&bench, 4 * 1024 * 1024);
    uint64_t accepted = submit_until_full(&bench);
    expect_readable(&bench, accepted, true);
    cr_expect_eq(submit_long(&bench, 0), DUPLICATE); /* nothing has to be stored for that */
    bench_close(&bench);
}

static uint64_t store_bytes(const struct bench_engine *bench)
{
    char path[96];
    struct stat status;
    snprintf(path, sizeof path, "%s/data.mdb", bench->store);
    cr_assert_eq(stat(path, &status), 0);
    return (uint64_t)status.st_size;
}

/* Twice, and with a restart in the second time, so that a failure leaves nothing behind. */
Test(disk, full_it_takes_the_same_cases_again_once_there_is_room)
{
    enum { ROUNDS = 4, MORE_BYTES = 300000 };
    struct bench_engine bench;
    uint64_t accepted = 0;
    bench_open(&bench, 0);
    for (int round = 0; round < ROUNDS; round++) {
        bench_limit_files(store_bytes(&bench) + MORE_BYTES);
        Lianxin__V1__Outcome outcome;
        while ((outcome = submit_long(&bench, accepted)) == ACCEPTED)
            cr_assert_lt(++accepted, CASES_MAX);
        cr_assert_eq(outcome, TRY_AGAIN);
        cr_expect_eq(submit_long(&bench, accepted), TRY_AGAIN);
        cr_expect_eq(submit_long(&bench, 0), DUPLICATE);
        expect_readable(&bench, accepted, true);
        bench_limit_files(UINT64_MAX);
        if (round % 2 == 1)
            bench_restart(&bench);
        cr_expect_eq(submit_long(&bench, accepted), ACCEPTED);
        accepted++;
        expect_readable(&bench, accepted, false);
    }
    bench_close(&bench);
}

/* The whole group is taken back, so whatever was found in it is not so: a duplicate or a conflict
 * with what is not stored, an act that came behind. What is malformed stays so. */
Test(disk, full_nothing_of_a_group_is_stored)
{
    struct bench_engine bench;
    struct adapter adapter;
    bench_open(&bench, 0);
    adapter_open(&adapter, &bench);
    Lianxin__V1__Case cases[5];
    for (int i = 0; i < 5; i++)
        cases[i] = long_case(0);
    cases[2].title = "别的事情";
    cases[3].external_id = "another";
    cases[4].channel = LIANXIN__V1__CHANNEL__CHANNEL_UNSPECIFIED;
    bench_limit_files(store_bytes(&bench));
    adapter_submit(&adapter, cases, 5);
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, &bench, ALL_STAGES);
    for (size_t i = 0; i < 5; i++) {
        const Lianxin__V1__Answer *answer = answer_of(reply, i);
        cr_expect_eq(answer->outcome, i < 4 ? TRY_AGAIN : LIANXIN__V1__OUTCOME__OUTCOME_INVALID,
                     "case %zu: %d", i, answer->outcome);
        cr_expect_str_eq(answer->number, "", "it is the next one's");
        cr_expect_str_eq(answer->unit, "");
        cr_expect_eq(answer->serial, 0);
        cr_expect_eq(answer->due_ms, 0);
        cr_expect_eq(answer->disposition, LIANXIN__V1__DISPOSITION__DISPOSITION_UNSPECIFIED);
    }
    reply_free(reply);
    expect_readable(&bench, 0, true);
    bench_limit_files(UINT64_MAX);
    adapter_submit(&adapter, cases, 5);
    reply = adapter_receive(&adapter, &bench, ALL_STAGES);
    const Lianxin__V1__Outcome outcomes[] = {ACCEPTED, DUPLICATE,
                                             LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT, ACCEPTED,
                                             LIANXIN__V1__OUTCOME__OUTCOME_INVALID};
    for (size_t i = 0; i < 5; i++)
        cr_expect_eq(answer_of(reply, i)->outcome, outcomes[i], "case %zu", i);
    cr_expect_eq(answer_of(reply, 3)->serial, 2);
    reply_free(reply);
    expect_readable(&bench, 2, false);
    adapter_close(&adapter);
    bench_close(&bench);
}
