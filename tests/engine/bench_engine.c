#include "tests/engine/bench_engine.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <libgen.h>
#include <stdlib.h>
#include <unistd.h>

enum { STEPS_A_TIME = 8, STEPS_MAX = 200000 };

static int64_t wall_ms(void *self)
{
    (void)self;
    return clock_wall_ms(&clock_system);
}

static int64_t monotonic_ns(void *self)
{
    const struct bench_engine *bench = self;
    return bench->monotonic_ns;
}

static void open_engine(struct bench_engine *bench)
{
    struct engine_options options = {
        .city = "cities/leshan",
        .store = bench->store,
        .front = bench->front,
        .feed = bench->feed,
        .map_bytes = bench->map_bytes,
        .clock = &bench->clock,
    };
    struct diag *diag = diag_create();
    enum err err = engine_create(&options, diag, &bench->engine);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    cr_assert_eq(err, OK);
}

void bench_open(struct bench_engine *bench, size_t map_bytes)
{
    *bench = (struct bench_engine){.map_bytes = map_bytes};
    bench->clock = (struct clock){.wall_ms = wall_ms, .monotonic_ns = monotonic_ns, .self = bench};
    snprintf(bench->store, sizeof bench->store, "/tmp/lianxin-test-XXXXXX");
    cr_assert_not_null(mkdtemp(bench->store));
    snprintf(bench->front, sizeof bench->front, "ipc://%s/front", bench->store);
    snprintf(bench->feed, sizeof bench->feed, "ipc://%s/feed", bench->store);
    const char *seed = getenv("LIANXIN_SEED");
    bench->random = seed != NULL ? strtoull(seed, NULL, 10) : (uint64_t)getpid() * 2654435761u;
    fprintf(stderr, "LIANXIN_SEED=%llu\n", (unsigned long long)bench->random);
    open_engine(bench);
}

void bench_restart(struct bench_engine *bench)
{
    engine_destroy(&bench->engine);
    open_engine(bench);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

void remove_tree(const char *directory)
{
    nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void find_program(char program[PATH_MAX])
{
    char self[PATH_MAX] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    cr_assert_gt(length, 0);
    snprintf(program, PATH_MAX, "%.4000s/../lianxin", dirname(self));
}

void bench_close(struct bench_engine *bench)
{
    engine_destroy(&bench->engine);
    remove_tree(bench->store);
}

uint64_t bench_random(struct bench_engine *bench, uint64_t limit)
{
    bench->random = bench->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (bench->random >> 33) % limit;
}

void bench_step_stage(struct bench_engine *bench, uint32_t stage)
{
    stage_step(engine_stage(bench->engine, stage));
}

void bench_step(struct bench_engine *bench)
{
    for (int i = 0; i < STEPS_A_TIME; i++)
        bench_step_stage(bench, (uint32_t)bench_random(bench, ENGINE_STAGES));
}

Lianxin__V1__Reply *bench_ask(struct bench_engine *bench, Lianxin__V1__Request *request)
{
    struct lianxin_client *client;
    Lianxin__V1__Reply *reply = NULL;
    cr_assert_eq(lianxin_client_open(bench->front, NULL, &client), OK);
    cr_assert_eq(lianxin_client_start(client, request), OK);
    enum err err = ERR_TIMEOUT;
    for (int i = 0; i < STEPS_MAX && err == ERR_TIMEOUT; i++) {
        bench_step(bench);
        err = lianxin_client_step(client, 0, &reply);
    }
    cr_assert_eq(err, OK, "no reply: %s", err_name(err));
    lianxin_client_close(&client);
    return reply;
}

Lianxin__V1__Reply *bench_submit(struct bench_engine *bench, Lianxin__V1__Case *one)
{
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    submit.n_cases = 1;
    submit.cases = &one;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    Lianxin__V1__Reply *reply = bench_ask(bench, &request);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ANSWERS);
    cr_assert_eq(reply->answers->n_answers, 1);
    return reply;
}

Lianxin__V1__Case bench_case(const char *external_id)
{
    Lianxin__V1__Case one = LIANXIN__V1__CASE__INIT;
    one.source = "test";
    one.external_id = (char *)external_id;
    one.channel = LIANXIN__V1__CHANNEL__CHANNEL_WECHAT;
    one.type = LIANXIN__V1__TYPE__TYPE_COMPLAINT;
    one.category = "0701";
    one.place = "511126";
    one.title = "夜间施工噪声";
    return one;
}
