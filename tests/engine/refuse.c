/* What `lianxin serve` refuses to start with, as its own process: everything that is wrong is said,
 * and what is running already is not disturbed. */
#include "tests/engine/requests.h"

#include "tools/command.h"

#include <criterion/criterion.h>
#include <lmdb.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID_BYTES = 8192 };

struct attempt {
    const char *city, *store, *front, *feed;
    int code;
    char said[SAID_BYTES];
};

/* Runs serve, which must end by itself, and keeps what it says and its exit code. */
static void attempt_serve(struct attempt *attempt)
{
    char program[PATH_MAX];
    char line[4 * PATH_MAX];
    find_program(program);
    snprintf(line, sizeof line,
             "exec %s serve --city '%s' --store '%s' --front '%s' --feed '%s' 2>&1", program,
             attempt->city, attempt->store, attempt->front, attempt->feed);
    FILE *pipe = popen(line, "r");
    cr_assert_not_null(pipe);
    size_t length = fread(attempt->said, 1, sizeof attempt->said - 1, pipe);
    attempt->said[length] = '\0';
    int status = pclose(pipe);
    cr_assert(WIFEXITED(status), "%s", attempt->said);
    attempt->code = WEXITSTATUS(status);
}

static void expect_said(const struct attempt *attempt, const char *words)
{
    cr_expect(strstr(attempt->said, words) != NULL, "'%s' is not in:\n%s", words, attempt->said);
}

static void expect_unharmed(struct bench_engine *bench)
{
    Lianxin__V1__Case one = bench_case("afterwards");
    Lianxin__V1__Reply *reply = bench_submit(bench, &one);
    cr_expect_eq(reply->answers->answers[0]->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    reply_free(reply);
}

Test(serve, a_store_in_use_is_refused_with_the_process_that_has_it)
{
    struct bench_engine bench;
    char pid[32];
    bench_open(&bench, 0);
    struct attempt attempt = {.city = "cities/leshan",
                              .store = bench.store,
                              .front = "tcp://127.0.0.1:*",
                              .feed = "tcp://127.0.0.1:*"};
    attempt_serve(&attempt);
    snprintf(pid, sizeof pid, "process %d", getpid());
    cr_expect_eq(attempt.code, MACHINE);
    expect_said(&attempt, "in use");
    expect_said(&attempt, pid);
    expect_unharmed(&bench);
    bench_close(&bench);
}

Test(serve, an_address_in_use_is_refused_and_its_owner_keeps_it)
{
    struct bench_engine bench;
    char store[96];
    bench_open(&bench, 0);
    snprintf(store, sizeof store, "%s/other", bench.store);
    struct attempt attempt = {
        .city = "cities/leshan", .store = store, .front = bench.front, .feed = bench.feed};
    attempt_serve(&attempt);
    cr_expect_eq(attempt.code, MACHINE);
    expect_said(&attempt, "--front");
    expect_said(&attempt, "--feed");
    expect_said(&attempt, "already in use");
    expect_unharmed(&bench);
    bench_close(&bench);
}

Test(serve, a_city_with_errors_and_a_bad_endpoint_are_said_together)
{
    struct bench_engine bench;
    char city[96];
    char line[512];
    char store[96];
    bench_open(&bench, 0);
    snprintf(city, sizeof city, "%s/city", bench.store);
    snprintf(store, sizeof store, "%s/other", bench.store);
    snprintf(line, sizeof line,
             "cp -r cities/leshan %s && sed -i s/urban/urbn/ %s/rules/assign.csv", city, city);
    cr_assert_eq(system(line), 0);
    struct attempt attempt = {
        .city = city, .store = store, .front = "tcp://0.0.0.0:5111", .feed = bench.feed};
    attempt_serve(&attempt);
    cr_expect_eq(attempt.code, WRONG);
    expect_said(&attempt, "rules/assign.csv:12:");
    expect_said(&attempt, "'urbn' is no function of functions.csv");
    expect_said(&attempt, "rules/assign.csv:39:");
    expect_said(&attempt, "--front: tcp://0.0.0.0:5111 is not a loopback address");
    expect_said(&attempt, "not started");
    bench_close(&bench);
}

Test(serve, a_store_of_another_format_is_refused_and_left_alone)
{
    struct bench_engine bench;
    char line[256];
    bench_open(&bench, 0);
    engine_destroy(&bench.engine);
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi meta;
    MDB_val key = {6, "format"};
    MDB_val value;
    uint64_t format = 99;
    cr_assert_eq(mdb_env_create(&env), 0);
    mdb_env_set_maxdbs(env, 16);
    cr_assert_eq(mdb_env_open(env, bench.store, 0, 0644), 0);
    cr_assert_eq(mdb_txn_begin(env, NULL, 0, &txn), 0);
    cr_assert_eq(mdb_dbi_open(txn, "meta", 0, &meta), 0);
    cr_assert_eq(mdb_get(txn, meta, &key, &value), 0);
    value = (MDB_val){value.mv_size, &format};
    cr_assert_eq(mdb_put(txn, meta, &key, &value, 0), 0);
    cr_assert_eq(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    snprintf(line, sizeof line, "cksum < %s/data.mdb > %s/before", bench.store, bench.store);
    cr_assert_eq(system(line), 0);
    struct attempt attempt = {
        .city = "cities/leshan", .store = bench.store, .front = bench.front, .feed = bench.feed};
    attempt_serve(&attempt);
    cr_expect_eq(attempt.code, MACHINE);
    expect_said(&attempt, "format 99");
    snprintf(line, sizeof line, "cksum < %s/data.mdb | cmp - %s/before", bench.store, bench.store);
    cr_expect_eq(system(line), 0);
    bench_close(&bench);
}
