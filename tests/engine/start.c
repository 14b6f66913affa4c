/* `lianxin serve` refuses to start where it could not do its work, says everything that is wrong at
 * once, ends with the exit code of tools/command.h, and leaves everything as it was. */
#include "tests/engine/requests.h"
#include "tests/engine/served.h"

#include "tools/command.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

static void expect_refused(struct served *served, int code, const char *const *parts, size_t count)
{
    served_start(served);
    cr_expect_eq(served_wait(served), code);
    const char *said = served_said(served);
    for (size_t i = 0; i < count; i++)
        cr_expect_not_null(strstr(said, parts[i]), "'%s' is not in '%s'", parts[i], said);
    cr_expect_not_null(strstr(said, "not started"), "%s", said);
}

#define REFUSED(served, code, ...)                                                                 \
    expect_refused(served, code, (const char *const[]){__VA_ARGS__},                               \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void expect_alive(struct bench_engine *bench, uint64_t tickets)
{
    Lianxin__V1__Reply *reply = bench_status(bench);
    cr_expect_eq(reply->status->tickets, tickets);
    reply_free(reply);
}

/* A city whose tables have a mistake each. */
static void spoil_city(const struct served *served, char city[96])
{
    static const char *const tables[] = {"places.csv", "functions.csv", "units.csv", "lines.csv",
                                         "categories.csv"};
    char path[160];
    snprintf(city, 96, "%s/city", served->directory);
    cr_assert_eq(mkdir(city, 0700), 0);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", city, tables[i]);
        FILE *file = fopen(path, "w");
        cr_assert_not_null(file);
        fputs("no,such,columns\n", file);
        fclose(file);
    }
}

Test(start, is_refused_with_a_city_that_has_errors_and_all_of_them_are_said, .timeout = 300)
{
    struct served served;
    char city[96];
    served_init(&served);
    spoil_city(&served, city);
    served.city = city;
    REFUSED(&served, WRONG, "places.csv", "functions.csv", "units.csv", "lines.csv",
            "categories.csv");
    served.city = "cities/no-such-city";
    REFUSED(&served, WRONG, "cities/no-such-city");
    served_fini(&served);
}

Test(start, is_refused_while_another_engine_has_the_store, .timeout = 300)
{
    struct bench_engine bench;
    struct served served;
    char process[32];
    bench_open(&bench, 0);
    served_init(&served);
    snprintf(served.store, sizeof served.store, "%s", bench.store);
    snprintf(process, sizeof process, "(process %d)", (int)getpid());
    REFUSED(&served, MACHINE, bench.store, "is in use by another engine", process);
    expect_alive(&bench, 0);
    Lianxin__V1__Case one = bench_case("undisturbed");
    reply_free(bench_submit(&bench, &one));
    expect_alive(&bench, 1);
    served_fini(&served);
    bench_close(&bench);
}

/* Adds to the number that stands behind a name in LMDB's pages, wherever a copy of it is. */
static void change_number(const char *path, const char *name, uint8_t add)
{
    static char content[8 * 1024 * 1024];
    FILE *file = fopen(path, "r+b");
    cr_assert_not_null(file);
    size_t bytes = fread(content, 1, sizeof content, file);
    uint32_t changed = 0;
    for (char *at = content; (at = memmem(at, bytes - (size_t)(at - content), name, strlen(name)));
         at += strlen(name)) {
        at[strlen(name)] = (char)(at[strlen(name)] + add);
        changed++;
    }
    cr_assert_gt(changed, 0);
    rewind(file);
    cr_assert_eq(fwrite(content, 1, bytes, file), bytes);
    cr_assert_eq(fclose(file), 0);
}

/* Once the format is its own again, all is there: it touched nothing. */
Test(start, is_refused_on_a_store_of_another_format_which_stays_as_it_is, .timeout = 300)
{
    struct served served;
    char data[128];
    Lianxin__V1__Case one = bench_case("kept");
    Lianxin__V1__Case *cases[] = {&one};
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    submit.n_cases = 1;
    submit.cases = cases;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    served_init(&served);
    snprintf(data, sizeof data, "%s/data.mdb", served.store);
    served_start(&served);
    reply_free(served_ask(&served, &request));
    served_end(&served, SIGTERM);
    change_number(data, "format", 1);
    REFUSED(&served, MACHINE, served.store, "is a store of format 6; this engine reads format 5");
    change_number(data, "format", (uint8_t)-1);
    served_start(&served);
    Lianxin__V1__Reply *reply = served_ask(&served, &request);
    cr_expect_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
    reply_free(reply);
    served_end(&served, SIGTERM);
    served_verify(&served, 1);
    served_fini(&served);
}

Test(start, is_refused_where_the_store_is_none, .timeout = 300)
{
    struct served served;
    char data[128];
    served_init(&served);
    cr_assert_eq(mkdir(served.store, 0700), 0);
    snprintf(data, sizeof data, "%s/data.mdb", served.store);
    FILE *file = fopen(data, "w");
    cr_assert_not_null(file);
    for (int i = 0; i < 10000; i++)
        fputs("no store", file);
    fclose(file);
    REFUSED(&served, MACHINE, served.store, "cannot be opened as a store");
    snprintf(served.store, sizeof served.store, "%s/no/such/place", served.directory);
    REFUSED(&served, MACHINE, served.store, "cannot be made");
    served_fini(&served);
}

/* Somebody else's socket on a port of the machine's choice. */
static void *hold_port(void *context, char endpoint[96])
{
    char bound[96];
    size_t bytes = sizeof bound;
    void *socket = zmq_socket(context, ZMQ_PUB);
    cr_assert_eq(zmq_bind(socket, "tcp://127.0.0.1:*"), 0);
    cr_assert_eq(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &bytes), 0);
    snprintf(endpoint, 96, "%s", bound);
    return socket;
}

Test(start, is_refused_where_an_address_is_in_use_or_not_allowed, .timeout = 300)
{
    struct served served;
    void *context = zmq_ctx_new();
    served_init(&served);
    void *on_front = hold_port(context, served.front);
    void *on_feed = hold_port(context, served.feed);
    REFUSED(&served, MACHINE, served.front, served.feed, "Address already in use",
            "choose another with --front and --feed");
    zmq_close(on_front);
    zmq_close(on_feed);
    zmq_ctx_term(context);

    snprintf(served.front, sizeof served.front, "tcp://0.0.0.0:5111");
    snprintf(served.feed, sizeof served.feed, "nonsense");
    REFUSED(&served, WRONG, "tcp://0.0.0.0:5111 is not a loopback address",
            "nonsense is no endpoint");
    served_fini(&served);
}

/* libzmq itself would take the path from whoever listens there. */
Test(start, is_refused_where_an_ipc_path_is_in_use_and_who_has_it_keeps_it, .timeout = 300)
{
    struct bench_engine bench;
    struct served served;
    bench_open(&bench, 0);
    served_init(&served);
    snprintf(served.front, sizeof served.front, "%s", bench.front);
    snprintf(served.feed, sizeof served.feed, "%s", bench.feed);
    REFUSED(&served, MACHINE, served.front, served.feed, "Address already in use");
    expect_alive(&bench, 0);
    snprintf(served.store, sizeof served.store, "%s", bench.store);
    REFUSED(&served, MACHINE, served.front, served.feed, "is in use by another engine");
    expect_alive(&bench, 0);
    served_fini(&served);
    bench_close(&bench);
}

/* Three mistakes, one look: whoever mends them need not start three times. */
Test(start, is_refused_for_all_reasons_at_once, .timeout = 300)
{
    struct bench_engine bench;
    struct served served;
    char city[96];
    bench_open(&bench, 0);
    served_init(&served);
    spoil_city(&served, city);
    served.city = city;
    snprintf(served.store, sizeof served.store, "%s", bench.store);
    snprintf(served.front, sizeof served.front, "tcp://0.0.0.0:5111");
    snprintf(served.feed, sizeof served.feed, "nonsense");
    REFUSED(&served, WRONG, "places.csv", "is not a loopback address", "nonsense is no endpoint",
            "is in use by another engine");
    served_fini(&served);
    bench_close(&bench);
}
