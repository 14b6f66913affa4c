/* A store that stands still: what waits goes on waiting, what comes after a second of it is told to
 * try again, and all is well when the store moves on. */
#include "tests/engine/requests.h"

#include <criterion/criterion.h>

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define TRY_AGAIN LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN

enum { STALL_MS = 1000 };

static void send_one(struct adapter *adapter, struct bench_engine *bench, const char *id)
{
    Lianxin__V1__Case one = bench_case(id);
    adapter_open(adapter, bench);
    adapter_submit(adapter, &one, 1);
}

static void expect_answer(struct adapter *adapter, struct bench_engine *bench, uint32_t one_stage,
                          Lianxin__V1__Outcome outcome)
{
    Lianxin__V1__Reply *reply = adapter_receive(adapter, bench, one_stage);
    cr_expect_eq(outcome_of(reply), outcome, "%d: %s", outcome_of(reply),
                 answer_of(reply, 0)->message);
    reply_free(reply);
}

Test(stall, of_more_than_a_second_is_told_to_those_who_come_and_nothing_that_waits_is_lost)
{
    struct bench_engine bench;
    struct adapter waiting, soon, late;
    bench_open(&bench, 0);
    send_one(&waiting, &bench, "waiting");
    bench_step_until(&bench, INGRESS, 1);
    bench_pass_ms(&bench, STALL_MS);
    send_one(&soon, &bench, "soon");
    bench_step_until(&bench, INGRESS, 2);
    bench_pass_ms(&bench, 1);
    send_one(&late, &bench, "late");
    expect_answer(&late, &bench, INGRESS, TRY_AGAIN);

    expect_answer(&waiting, &bench, ALL_STAGES, ACCEPTED);
    expect_answer(&soon, &bench, ALL_STAGES, ACCEPTED);
    Lianxin__V1__Case again = bench_case("late");
    adapter_submit(&late, &again, 1);
    expect_answer(&late, &bench, ALL_STAGES, ACCEPTED);
    Lianxin__V1__Reply *status = bench_status(&bench);
    cr_expect_eq(status->status->tickets, 3);
    cr_expect_eq(status->status->try_again, 1);
    reply_free(status);
    adapter_close(&waiting);
    adapter_close(&soon);
    adapter_close(&late);
    bench_close(&bench);
}
