#include "tests/engine/bench_engine.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { STEPS_A_TIME = 8 };

static int64_t wall_ms(void *self)
{
    const struct bench_engine *bench = self;
    return BENCH_START_MS + bench->passed_ms;
}

static int64_t monotonic_ns(void *self)
{
    const struct bench_engine *bench = self;
    return (1 + bench->passed_ms) * 1000000;
}

static void open_engine(struct bench_engine *bench)
{
    struct engine_options options = {
        .city = bench->city,
        .keep = bench->keep,
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

static void open_bench(struct bench_engine *bench, const char *city, size_t map_bytes)
{
    *bench = (struct bench_engine){
        .city = city,
        .map_bytes = map_bytes,
        .clock = {.wall_ms = wall_ms, .monotonic_ns = monotonic_ns, .self = bench},
    };
    snprintf(bench->store, sizeof bench->store, "/tmp/lianxin-test-XXXXXX");
    cr_assert_not_null(mkdtemp(bench->store));
    snprintf(bench->front, sizeof bench->front, "ipc://%s/front", bench->store);
    snprintf(bench->feed, sizeof bench->feed, "ipc://%s/feed", bench->store);
    const char *seed = getenv("LIANXIN_SEED");
    bench->random = seed != NULL ? strtoull(seed, NULL, 10) : (uint64_t)getpid() * 2654435761u;
    fprintf(stderr, "LIANXIN_SEED=%llu\n", (unsigned long long)bench->random);
    open_engine(bench);
}

void bench_open(struct bench_engine *bench, size_t map_bytes)
{
    open_bench(bench, "cities/leshan", map_bytes);
}

void bench_open_city(struct bench_engine *bench, const char *directory)
{
    open_bench(bench, directory, 0);
}

void bench_restart(struct bench_engine *bench)
{
    engine_destroy(&bench->engine);
    open_engine(bench);
}

void bench_stop(struct bench_engine *bench)
{
    engine_destroy(&bench->engine);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

void bench_close(struct bench_engine *bench)
{
    engine_destroy(&bench->engine);
    nftw(bench->store, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void bench_step(struct bench_engine *bench)
{
    for (int i = 0; i < STEPS_A_TIME; i++) {
        bench->random = bench->random * 6364136223846793005ULL + 1442695040888963407ULL;
        stage_step(engine_stage(bench->engine, (uint32_t)(bench->random >> 33) % ENGINE_STAGES));
    }
}

void bench_step_until(struct bench_engine *bench, uint32_t stage, uint64_t passed)
{
    struct stage *stepped = engine_stage(bench->engine, stage);
    for (int i = 0; i < STEPS_MAX * STEPS_A_TIME && cursor_observe(&stepped->cursor) < passed; i++)
        stage_step(stepped);
    cr_assert_eq(cursor_observe(&stepped->cursor), passed);
}

void bench_pass_ms(struct bench_engine *bench, int64_t ms)
{
    bench->passed_ms += ms;
}

void bench_limit_files(uint64_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes == UINT64_MAX ? RLIM_INFINITY : bytes;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}
