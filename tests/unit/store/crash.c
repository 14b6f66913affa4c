/* A store whose process is killed with SIGKILL: what it acknowledged is there, whole groups or none
 * of what it did not, and what had not been derived is derived again.
 *
 * A child appends and commits random groups and writes the number behind its last durable event
 * into a pipe. The parent kills it after so many acknowledgements as the seed says; the child is
 * ahead of what the parent has read, so the kill falls anywhere. Then the parent draws the same
 * groups without a store, up to where the log ends.
 */
#include "tests/unit/store/agree.h"
#include "tests/unit/store/raw.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    KILLS = 12,
    ACKNOWLEDGEMENTS_MAX = 20,
    GROUP_MAX = 30,
    EVENTS_A_LIFE = 2000,
    NEVER = 1000000
};

static struct made made;

static void set_up(void)
{
    made_init(&made, made_seed());
    made.options.derive_groups = NEVER;
}

static void tear_down(void)
{
    made_fini(&made);
}

TestSuite(store_crash, .init = set_up, .fini = tear_down);

static uint64_t last_group_first;

static void add_group(void)
{
    last_group_first = made.next;
    made_append_random(&made, 1 + (uint32_t)made_random(&made, GROUP_MAX));
    enum err err = made_commit(&made);
    cr_assert_eq(err, OK, "%s", err_name(err));
}

/* The child: until it is killed. It stops by itself only where the list would end. */
static _Noreturn void commit_for_ever(int acknowledge)
{
    uint64_t enough = made.durable + EVENTS_A_LIFE;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    made_open(&made);
    do {
        add_group();
    } while (write(acknowledge, &made.durable, sizeof made.durable) == sizeof made.durable &&
             made.durable < enough);
    for (;;)
        pause();
}

/* Runs a child and kills it after so many acknowledgements; the last of them. */
static uint64_t kill_after(uint32_t acknowledgements)
{
    uint64_t durable = 0;
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        close(ends[0]);
        commit_for_ever(ends[1]);
    }
    close(ends[1]);
    for (uint32_t i = 0; i < acknowledgements; i++)
        cr_assert_eq(read(ends[0], &durable, sizeof durable), sizeof durable, "the child ended");
    kill(child, SIGKILL);
    cr_assert_eq(waitpid(child, NULL, 0), child);
    for (uint64_t more; read(ends[0], &more, sizeof more) == sizeof more;)
        durable = more;
    close(ends[0]);
    return durable;
}

/* Brings the list to where the log ends, which must be the end of a group. */
static void follow(uint64_t limit)
{
    while (made.durable < limit)
        add_group();
    cr_assert_eq(made.durable, limit, "the log ends within a group, with %llu",
                 (unsigned long long)limit - 1);
}

static void verify_as_it_is(void)
{
    struct store_proof proof;
    struct diag *diag = diag_create();
    enum err err = store_verify(made.path, diag, NULL, NULL, NULL, &proof);
    diag_print(diag, stderr);
    cr_assert_eq(err, OK, "%s", err_name(err));
    cr_assert_eq(diag_count(diag), 0);
    diag_destroy(&diag);
}

/* Opens it after a kill, catches up, and compares everything. */
static void recover(uint64_t acknowledged)
{
    verify_as_it_is();
    made_open(&made);
    struct store *store = made.store;
    uint64_t limit = store_next(store);
    cr_assert_geq(limit, acknowledged, "%llu was acknowledged, the log ends before %llu",
                  (unsigned long long)acknowledged - 1, (unsigned long long)limit);
    made.store = NULL;
    follow(limit);
    made.store = store;
    agree_all(&made);
    made_close(&made);
    made_verify(&made);
}

Test(store_crash, killed_at_any_moment_it_has_all_that_it_acknowledged, .timeout = 60)
{
    made_open(&made);
    made_close(&made);
    for (int i = 0; i < KILLS; i++) {
        made.options.derive_groups = 1 + (uint32_t)made_random(&made, 8);
        recover(kill_after((uint32_t)made_random(&made, ACKNOWLEDGEMENTS_MAX)));
    }
    cr_assert_gt(made.durable, 1);
}

Test(store_crash, tables_that_lag_behind_a_kill_are_redone, .timeout = 60)
{
    uint64_t acknowledged = kill_after(ACKNOWLEDGEMENTS_MAX);
    cr_assert_eq(raw_meta(made.path, "watermark"), UINT64_MAX, "nothing was derived");
    recover(acknowledged);
    cr_assert_eq(raw_meta(made.path, "watermark"), made.next);

    /* And from a watermark within the log. */
    acknowledged = kill_after(ACKNOWLEDGEMENTS_MAX);
    uint64_t watermark = raw_meta(made.path, "watermark");
    cr_assert(watermark > 1 && watermark < acknowledged);
    recover(acknowledged);
    cr_assert_eq(raw_meta(made.path, "watermark"), made.next);
}

/* With tables that know nothing yet, the log alone says whether it is empty. */
Test(store_crash, a_damaged_last_group_is_no_empty_log)
{
    struct store_proof proof;
    struct diag *diag = diag_create();
    kill_after(1);
    cr_assert_eq(store_verify(made.path, diag, NULL, NULL, NULL, &proof), OK);
    follow(proof.events + 1);
    uint64_t first = last_group_first;
    struct span group = raw_get(made.path, "log", raw_u64(first));
    cr_assert_gt(group.bytes, 8);
    raw_put(made.path, "log", raw_u64(first), span_of(group.data, group.bytes - 8));
    cr_expect_eq(store_open(&made.options, diag, &made.store), ERR_DAMAGED);
    cr_expect_eq(diag_count(diag), 1);
    diag_destroy(&diag);
}
