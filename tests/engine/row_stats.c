/* What came of the parts that a row gave counts for that row: returns and answers that came late,
 * however often the ticket has been decided since; and what the desk gave by hand for the desk. */
#include "tests/engine/small_bench.h"
#include "tools/named_book.h"
#include "tools/rules/row_stats.h"

#include <criterion/criterion.h>

static struct small_bench bench;
static struct store_look *look;
static struct row_stats stats;
static struct diag *diag;

static void set_up(void)
{
    small_bench_open(&bench);
    diag = diag_create();
}

static void tear_down(void)
{
    row_stats_free(&stats);
    store_look_close(&look);
    diag_destroy(&diag);
    small_bench_close(&bench);
}

TestSuite(row_stats, .init = set_up, .fini = tear_down);

/* Ends the engine and counts; so many days after its start. */
static void count(uint32_t policy, int64_t days)
{
    if (look == NULL) {
        bench_stop(&bench.bench);
        cr_assert_eq(store_look_open(bench.bench.store, diag, &look), OK);
    } else {
        row_stats_free(&stats);
    }
    cr_assert_eq(row_stats_count(look, policy, BENCH_START_MS + days * DAY_MS, &stats, diag), OK);
    cr_assert_eq(diag_count(diag), 0);
}

static struct row_stat row(const char *name)
{
    for (uint32_t i = 0; i < stats.count; i++)
        if (span_is(stats.list[i].name, name))
            return stats.list[i];
    return (struct row_stat){.hits = 0};
}

static void submit(const char *id, const char *category, char number[NUMBER_BYTES_MAX])
{
    Lianxin__V1__Case one = small_case(id);
    one.category = (char *)category;
    small_ticket(&bench, &one, number);
}

static void act(const char *id, const char *number, Lianxin__V1__Verb verb, const char *unit)
{
    Lianxin__V1__Act act = bench_action(id, number, verb, unit);
    small_act(&bench, &act);
}

Test(row_stats, a_return_counts_for_the_row_that_gave_the_part)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0101", number);
    submit("two", "0102", number);
    submit("three", "0101", number);
    act("back", number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    count(0, 0);
    cr_expect_eq(stats.decisions, 4, "the return decided as well");
    cr_expect_eq(row("assign/urban").hits, 3);
    cr_expect_eq(row("assign/urban").parts, 5, "two main and two co, and the one upstairs");
    cr_expect_eq(row("assign/urban").returns, 1);
    cr_expect_eq(row("assign/rubbish").hits, 1);
    cr_expect_eq(row("assign/rubbish").parts, 1);
    cr_expect_eq(row("assign/rubbish").returns, 0);
    cr_expect_eq(row("assign/urban").overdue, 0);
}

Test(row_stats, what_is_answered_late_or_open_and_late_is_overdue)
{
    char late[NUMBER_BYTES_MAX], open[NUMBER_BYTES_MAX], in_time[NUMBER_BYTES_MAX];
    submit("late", "0102", late);
    submit("open", "02", open);
    submit("in time", "0102", in_time);
    act("sign", in_time, LIANXIN__V1__VERB__VERB_SIGN, TOWNSHIP);
    act("answer", in_time, LIANXIN__V1__VERB__VERB_ANSWER, TOWNSHIP);
    bench_pass_ms(&bench.bench, 6 * (int64_t)DAY_MS);
    act("sign late", late, LIANXIN__V1__VERB__VERB_SIGN, TOWNSHIP);
    act("answer late", late, LIANXIN__V1__VERB__VERB_ANSWER, TOWNSHIP);
    count(0, 0);
    cr_expect_eq(row("assign/rubbish").overdue, 1);
    cr_expect_eq(row("assign/fund").overdue, 0, "it is open and not late yet");
    count(0, 6);
    cr_expect_eq(row("assign/rubbish").overdue, 1);
    cr_expect_eq(row("assign/fund").overdue, 1);
}

Test(row_stats, what_the_desk_gave_by_hand_is_the_desks)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0102", number);
    act("other", number, LIANXIN__V1__VERB__VERB_REASSIGN, WATER);
    act("back", number, LIANXIN__V1__VERB__VERB_RETURN, WATER);
    count(0, 0);
    cr_expect_eq(stats.by_desk.parts, 1);
    cr_expect_eq(stats.by_desk.returns, 1);
    cr_expect_eq(row("assign/rubbish").returns, 0);
}

Test(row_stats, one_policys_decisions_can_be_told_apart)
{
    char number[NUMBER_BYTES_MAX];
    submit("before", "0101", number);
    small_book_write(&bench.small, "roads");
    bench_restart(&bench.bench);
    submit("after", "0101", number);
    count(0, 0);
    cr_expect_eq(stats.decisions, 2);
    count(2, 0);
    cr_expect_eq(stats.decisions, 1);
    count(3, 0);
    cr_expect_eq(stats.decisions, 0);
    cr_expect_eq(stats.count, 0);
}

Test(row_stats, rows_are_sorted_by_what_is_asked_for)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0101", number);
    submit("two", "0101", number);
    submit("three", "0102", number);
    act("back", number, LIANXIN__V1__VERB__VERB_RETURN, TOWNSHIP);
    count(0, 0);
    row_stats_sort(&stats, ORDER_RETURNS);
    cr_expect(span_is(stats.list[0].name, "assign/rubbish"));
    row_stats_sort(&stats, ORDER_ROW);
    for (uint32_t i = 1; i < stats.count; i++)
        cr_expect_lt(span_compare(stats.list[i - 1].name, stats.list[i].name), 0);
    row_stats_sort(&stats, ORDER_HITS);
    for (uint32_t i = 1; i < stats.count; i++)
        cr_expect_geq(stats.list[i - 1].hits, stats.list[i].hits);
}
