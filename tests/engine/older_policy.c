/* Explanations by another policy than the one in force: of a ticket by the one that decided it, of
 * any by one that is named. By the policy that decided, nothing is different; and a store by itself
 * says what its engine says.
 */
#include "tests/engine/explained.h"

#include "stages/explaining.h"
#include "store/look.h"

#include <criterion/criterion.h>
#include <lmdb.h>
#include <stdlib.h>

static struct small_bench bench;

static void set_up(void)
{
    small_bench_open(&bench);
}

static void tear_down(void)
{
    small_bench_close(&bench);
}

TestSuite(older_policy, .init = set_up, .fini = tear_down);

static Lianxin__V1__Reply *ask(Lianxin__V1__Explain *explain)
{
    return explained_ask(&bench, explain);
}

static Lianxin__V1__Reply *ask_what_if(const char *number)
{
    char *what_if[] = {"place=511102"};
    Lianxin__V1__Explain explain = of_ticket(number);
    explain.what_if = what_if;
    explain.n_what_if = 1;
    return ask(&explain);
}

static void policy_hash(char hash[65])
{
    Lianxin__V1__Reply *reply = bench_status(&bench.bench);
    snprintf(hash, 65, "%s", reply->status->policy_hash);
    reply_free(reply);
}

static Lianxin__V1__Reply *ask_by(Lianxin__V1__Explain explain, const char *hash)
{
    explain.policy = (char *)hash;
    return ask(&explain);
}

/* Restarted with a book of another clock. */
static void change_book(void)
{
    small_city_write(&bench.small, "urgency",
                     "F,紧急程度,时限,签收\n,in:urgency,out:limit,out:sign\n"
                     ",urgency,limit,limit\ncritical,critical,2h,30min\nother,-,5wd,1wd\n");
    bench_restart(&bench.bench);
}

Test(older_policy, by_the_policy_that_decided_nothing_is_different)
{
    enum { TICKETS = 3 };
    char then[65];
    char now[65];
    char few[9] = "";
    char numbers[TICKETS][NUMBER_BYTES_MAX];
    policy_hash(then);
    memcpy(few, then, 8);
    Lianxin__V1__Case cases[TICKETS] = {small_case("plain"), small_case("urgent"),
                                        small_case("returned")};
    cases[1].urgency = LIANXIN__V1__URGENCY__URGENCY_URGENT;
    for (int i = 0; i < TICKETS; i++)
        small_ticket(&bench, &cases[i], numbers[i]);
    Lianxin__V1__Act act = bench_action("back", numbers[2], LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    small_act(&bench, &act);
    change_book();
    policy_hash(now);
    for (int i = 0; i < TICKETS; i++) {
        expect_differences(ask_by(of_ticket(numbers[i]), then), "");
        expect_differences(ask_by(of_ticket(numbers[i]), few), "");
        Lianxin__V1__Reply *reply = ask_by(of_ticket(numbers[i]), now);
        cr_assert_geq(said(reply)->n_differences, 1);
        cr_expect_str_eq(said(reply)->differences[0]->after, "5wd, late from 2026-12-01 00:00");
        cr_expect_eq(said(reply)->decision->policy, 2);
        cr_expect_str_eq(said(reply)->policy_hash, now);
        reply_free(reply);
    }
}

Test(older_policy, a_ticket_of_an_older_policy_is_explained_by_that)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    Lianxin__V1__Explain explain = of_ticket(number);
    Lianxin__V1__Reply *before = ask(&explain);
    change_book();
    Lianxin__V1__Reply *after = ask(&explain);
    cr_expect_eq(said(after)->policy, 2, "in force");
    cr_expect_eq(said(after)->decision->policy, 1);
    said(after)->policy = 1;
    expect_same(said(after), said(before), "but for what is in force");
    reply_free(after);
    reply_free(before);
    explain.why_not = TOWNSHIP;
    after = ask(&explain);
    cr_expect_str_eq(said(after)->why_not->nearest->row, "assign/rubbish");
    reply_free(after);
}

Test(older_policy, a_case_may_be_decided_by_an_older_policy)
{
    char hash[65];
    policy_hash(hash);
    Lianxin__V1__Case one = small_case("one");
    change_book();
    expect_differences(ask_by(of_case(&one), hash),
                       "clock 5wd, late from 2026-12-01 00:00 -> 2wd, late from 2026-11-27 00:00\n"
                       "rows urgency/other -> urgency/else\n");
}

Test(older_policy, a_policy_that_there_is_not_is_refused)
{
    Lianxin__V1__Case one = small_case("one");
    const struct {
        const char *hash, *part;
    } bad[] = {
        {"0123456", "is no policy's hash: write 8 or more of its hex digits"},
        {"0123456x", "is no policy's hash"},
        {"0000000000", "the store keeps no policy whose hash begins so"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_error(ask_by(of_case(&one), bad[i].hash), "policy", bad[i].part);
}

/* Turns a digit of the bundle of policy 1 over, and back. */
static void spoil_policy(void)
{
    uint8_t number[] = {0, 0, 0, 1};
    static uint8_t copy[64 * 1024];
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi table;
    MDB_val key = {sizeof number, number};
    MDB_val value;
    cr_assert_eq(mdb_env_create(&env), 0);
    cr_assert_eq(mdb_env_set_maxdbs(env, 16), 0);
    cr_assert_eq(mdb_env_open(env, bench.bench.store, MDB_NOSYNC, 0644), 0);
    cr_assert_eq(mdb_txn_begin(env, NULL, 0, &txn), 0);
    cr_assert_eq(mdb_dbi_open(txn, "policies", 0, &table), 0);
    cr_assert_eq(mdb_get(txn, table, &key, &value), 0);
    cr_assert_leq(value.mv_size, sizeof copy);
    memcpy(copy, value.mv_data, value.mv_size);
    uint8_t *at = memmem(copy, value.mv_size, "urban,#0", 8);
    if (at == NULL)
        at = memmem(copy, value.mv_size, "urban,#8", 8);
    cr_assert_not_null(at);
    at[7] ^= '0' ^ '8';
    value.mv_data = copy;
    cr_assert_eq(mdb_put(txn, table, &key, &value, 0), 0);
    cr_assert_eq(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

Test(older_policy, of_a_policy_that_cannot_be_made_again_the_rows_are_named)
{
    char number[NUMBER_BYTES_MAX];
    char hash[65];
    Lianxin__V1__Case one = small_case("one");
    policy_hash(hash);
    small_ticket(&bench, &one, number);
    change_book();
    engine_destroy(&bench.bench.engine);
    spoil_policy();
    bench_restart(&bench.bench);
    Lianxin__V1__Explain explain = of_ticket(number);
    for (int i = 0; i < 2; i++) {
        Lianxin__V1__Reply *reply = ask(&explain);
        cr_expect_eq(said(reply)->n_steps, 0);
        cr_expect_eq(said(reply)->decision->n_rows, 3);
        cr_expect_str_eq(said(reply)->policy_hash, "");
        cr_expect_str_eq(said(reply)->unit_names[0], "夹江县城管局");
        cr_expect_eq(said(reply)->citizen_due_ms, BENCH_DAY_MS + 3 * DAY_MS);
        reply_free(reply);
    }
    expect_error(ask_what_if(number), "what_if", "the policy that decided cannot be made again");
    expect_error(ask_by(of_case(&one), hash), "policy", "cannot be made again by this release: ");
    policy_hash(hash);
    expect_differences(ask_by(of_ticket(number), hash),
                       "clock 2wd, late from 2026-11-27 00:00 -> 5wd, late from 2026-12-01 00:00\n"
                       "rows urgency/else -> urgency/other\n");
    engine_destroy(&bench.bench.engine);
    spoil_policy();
    bench_restart(&bench.bench);
}

/* -- without an engine ------------------------------------------------------------------------- */

/* What the closed store says by itself, decided by the policy of a directory where one is named. */
static Lianxin__V1__Explanation *ask_store(const Lianxin__V1__Explain *explain, int64_t now_ms,
                                           struct arena *arena, Lianxin__V1__Reply **reply)
{
    struct diag *diag = diag_create();
    struct store_look *look;
    struct explainer explainer = {.now_ms = now_ms};
    uint8_t content[4096];
    struct shelf *shelf = shelf_create(4);
    cr_assert_eq(store_look_open(bench.bench.store, diag, &look), OK);
    cr_assert_eq(store_look_reader(look, &explainer.reader), OK);
    cr_assert_eq(store_reader_begin(explainer.reader), OK);
    explainer.seed = store_look_seed(look);
    explainer.shelf = shelf;
    cr_assert_eq(shelf_take(shelf, explainer.reader, 2, diag, &explainer.in_force), OK);
    cr_assert_leq(lianxin__v1__explain__get_packed_size(explain), sizeof content);
    struct span bytes = span_of(content, lianxin__v1__explain__pack(explain, content));
    struct span answer = explaining_reply(&explainer, 0, bytes, arena);
    *reply = lianxin__v1__reply__unpack(NULL, answer.bytes, answer.data);
    store_reader_end(explainer.reader);
    store_reader_close(&explainer.reader);
    shelf_destroy(&shelf);
    store_look_close(&look);
    diag_destroy(&diag);
    return said(*reply);
}

Test(older_policy, a_store_says_what_its_engine_says)
{
    char number[NUMBER_BYTES_MAX];
    char hash[65];
    policy_hash(hash);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    change_book();
    Lianxin__V1__Explain asked[4] = {of_ticket(number), of_ticket(number), of_ticket(number),
                                     of_case(&one)};
    char *what_if[] = {"place=511102", "regime=holiday"};
    asked[1].what_if = what_if;
    asked[1].n_what_if = 2;
    asked[1].why_not = FUND;
    asked[2].policy = hash;
    asked[3].policy = hash;
    Lianxin__V1__Reply *replies[4];
    for (int i = 0; i < 4; i++)
        replies[i] = ask(&asked[i]);
    engine_destroy(&bench.bench.engine);
    struct arena *arena = arena_create();
    for (int i = 0; i < 4; i++) {
        Lianxin__V1__Reply *alone;
        Lianxin__V1__Explanation *explanation = ask_store(&asked[i], BENCH_START_MS, arena, &alone);
        cr_expect_eq(explanation->n_differences, said(replies[i])->n_differences);
        expect_same(explanation, said(replies[i]), "as the engine said");
        reply_free(alone);
        reply_free(replies[i]);
    }
    arena_destroy(&arena);
    bench_restart(&bench.bench);
}
