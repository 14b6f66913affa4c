/* The cases of a store hit rows of a book: each as it came in, attached ones too. */
#include "tests/engine/small_bench.h"
#include "tools/rules/covered.h"

#include <criterion/criterion.h>

static uint64_t hits_of(const struct covered *covered, const char *name)
{
    struct row row;
    bool found = rules_find_row(covered->coverage.policy->rules, span_of_string(name), &row);
    cr_assert(found, "%s", name);
    return covered->coverage.hits[row.table][row.row];
}

Test(covered, every_case_of_the_history_hits_its_rows)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    struct store_look *look = NULL;
    struct policy *policy = NULL;
    struct covered covered;
    struct arena *arena = arena_create();
    struct diag *diag = diag_create();
    small_bench_open(&bench);
    Lianxin__V1__Case urban = small_case("urban");
    Lianxin__V1__Case rubbish = small_case("rubbish");
    Lianxin__V1__Case more = small_case("more");
    rubbish.category = "0102";
    small_ticket(&bench, &rubbish, number);
    small_ticket(&bench, &urban, number);
    more.earlier_ticket = number;
    struct became became = small_submit(&bench, &more);
    reply_free(became.reply);
    bench_stop(&bench.bench);
    cr_assert_eq(store_look_open(bench.bench.store, diag, &look), OK);
    cr_assert_eq(policy_load(bench.small.directory, diag, &policy), OK);
    cr_assert_eq(covered_count(look, policy, arena, diag, &covered), OK);
    cr_expect_eq(covered.cases, 3);
    cr_expect_eq(covered.unknown, 0);
    cr_expect_eq(hits_of(&covered, "triage/follow-up"), 1);
    cr_expect_eq(hits_of(&covered, "triage/else"), 2);
    cr_expect_geq(hits_of(&covered, "assign/urban"), 1);
    cr_expect_eq(hits_of(&covered, "assign/rubbish"), 1);
    cr_expect_eq(hits_of(&covered, "assign/fund"), 0);
    cr_expect_eq(coverage_hit(&covered.coverage, 2), 2);
    policy_destroy(&policy);
    store_look_close(&look);
    small_bench_close(&bench);
    diag_destroy(&diag);
    arena_destroy(&arena);
}
