/* Floors of a small run: every figure is there, and nothing is left behind.
 *
 * How large a figure is nobody can say here; but what is measured checks itself that all was
 * written, answered and handed over.
 */
#include "bench/cases.h"
#include "bench/floors.h"
#include "domain/policy.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MESSAGES = 20, CASES_A_MESSAGE = 3, MESSAGE_BYTES_MAX = 16 * 1024 };

static char directory[] = "/tmp/lianxin-floors-XXXXXX";
static uint8_t room[MESSAGES][MESSAGE_BYTES_MAX];
static struct span messages[MESSAGES];

static void pack_message(struct cases *cases, uint32_t index)
{
    struct made_case made[CASES_A_MESSAGE];
    Lianxin__V1__Case *list[CASES_A_MESSAGE];
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    for (uint32_t i = 0; i < CASES_A_MESSAGE; i++) {
        cases_next(cases, &made[i]);
        list[i] = &made[i].message;
    }
    submit.n_cases = CASES_A_MESSAGE;
    submit.cases = list;
    request.version = 1;
    request.id = index + 1;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    cr_assert_leq(lianxin__v1__request__get_packed_size(&request), MESSAGE_BYTES_MAX);
    messages[index] = span_of(room[index], lianxin__v1__request__pack(&request, room[index]));
}

static void set_up(void)
{
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    struct cases cases;
    cr_assert_eq(policy_load("cities/leshan", diag, &policy), OK);
    cases_init(&cases, policy->city, "floors", CHANNEL_NONE, 1);
    for (uint32_t i = 0; i < MESSAGES; i++)
        pack_message(&cases, i);
    policy_destroy(&policy);
    diag_destroy(&diag);
    cr_assert_not_null(mkdtemp(directory));
}

static void tear_down(void)
{
    cr_expect_eq(rmdir(directory), 0, "%s has something in it", directory);
}

TestSuite(floors, .init = set_up, .fini = tear_down);

static void expect_all(const struct floors *floors)
{
    const double figures[] = {floors->sync_us_p50,         floors->sync_us_p99,
                              floors->write_mb_s,          floors->append_seconds,
                              floors->lmdb_commit_us_p50,  floors->lmdb_commit_us_p99,
                              floors->lmdb_append_seconds, floors->zmq_round_trip_us_p50,
                              floors->zmq_stream_seconds,  floors->pack_ns,
                              floors->unpack_ns,           floors->ring_hop_ns,
                              floors->ring_hop_parked_us};
    cr_assert_eq(sizeof figures, sizeof *floors, "one of them is not looked at");
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        cr_expect(figures[i] > 0, "figure %zu is %g", i, figures[i]);
    cr_expect(floors->sync_us_p99 >= floors->sync_us_p50);
    cr_expect(floors->lmdb_commit_us_p99 >= floors->lmdb_commit_us_p50);
}

Test(floors, every_floor_has_a_figure, .timeout = 120)
{
    struct floors floors;
    struct floors_plan plan = {.directory = directory,
                               .messages = messages,
                               .messages_count = MESSAGES,
                               .cases = MESSAGES * CASES_A_MESSAGE,
                               .commits = 5,
                               .bytes = 30000,
                               .paced_hz = 2000};
    floors_measure(&plan, &floors);
    expect_all(&floors);
}

Test(floors, a_run_that_stored_nothing_has_floors_all_the_same, .timeout = 120)
{
    struct floors floors;
    struct floors_plan plan = {
        .directory = directory, .messages = messages, .messages_count = 1, .cases = 1};
    floors_measure(&plan, &floors);
    expect_all(&floors);
}

Test(floors, a_directory_that_is_not_there_ends_the_program, .exit_code = EXIT_FAILURE)
{
    struct floors floors;
    struct floors_plan plan = {.directory = "/tmp/lianxin-floors-nowhere",
                               .messages = messages,
                               .messages_count = 1,
                               .cases = 1};
    rmdir(directory); /* what ends here is not torn down */
    floors_measure(&plan, &floors);
}
