#include "bench/bench.h"

#include "base/check.h"
#include "bench/disk.h"
#include "bench/fail.h"
#include "bench/result.h"
#include "bench/verdicts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    void (*run)(struct bench *bench);
} profiles[] = {
    {"day", profile_day},         {"peak", profile_peak},     {"year", profile_year},
    {"flood", profile_flood},     {"ramp", profile_ramp},     {"latency", profile_latency},
    {"restart", profile_restart}, {"growth", profile_growth}, {"floors", profile_floors},
    {"idle", profile_idle},
};

enum { PROFILES = sizeof profiles / sizeof profiles[0] };

static size_t profile_find(const char *name)
{
    size_t index = 0;
    while (index < PROFILES && strcmp(profiles[index].name, name) != 0)
        index++;
    return index;
}

bool bench_has_profile(const char *name)
{
    return profile_find(name) < PROFILES;
}

/* -- options ----------------------------------------------------------------------------------- */

uint32_t bench_cases(const struct bench *bench, uint32_t own)
{
    return bench->options->cases > 0 ? bench->options->cases : own;
}

uint32_t bench_runs(const struct bench *bench, uint32_t own)
{
    return bench->options->runs > 0 ? bench->options->runs : own;
}

uint32_t bench_per_message(struct bench *bench, uint32_t own)
{
    bench->per_message = bench->options->per_message > 0 ? bench->options->per_message : own;
    return bench->per_message;
}

/* -- for profiles ------------------------------------------------------------------------------ */

void bench_expect(struct bench *bench, uint64_t cases)
{
    CHECK(bench->verdicts == NULL);
    bench->judged_limit = cases + 1;
    bench->verdicts = verdicts_create(bench->policy, bench->options->city, &bench->cases, cases,
                                      bench->options->directory);
}

struct parcels *bench_parcels(struct bench *bench, uint32_t count, uint32_t per_message)
{
    return parcels_make(&bench->cases, count, per_message);
}

void bench_serve(const struct bench *bench, struct server *server)
{
    const struct bench_options *options = bench->options;
    server_init(server, options->directory, options->program, options->city, options->threads);
    sync(); /* what was written before is not this run's to wait for */
    server_start(server);
}

struct run *bench_measure_apart(struct bench *bench, const struct server *server,
                                const struct parcels *parcels, uint32_t window,
                                const int64_t *due_ns)
{
    struct run *run = malloc(sizeof *run);
    bool judged = parcels->first + parcels->cases <= bench->judged_limit;
    struct run_plan plan = {.server = server,
                            .city = bench->policy->city,
                            .parcels = parcels,
                            .window = window,
                            .due_ns = due_ns,
                            .verdicts = judged ? bench->verdicts : NULL};
    CHECK(run != NULL);
    bench->window = due_ns == NULL ? window : bench->window;
    bench->paced |= due_ns != NULL;
    run_measure(&plan, run);
    return run;
}

static struct point *point_of(struct bench *bench, const char *key, double value)
{
    for (uint32_t i = 0; i < bench->points_count; i++)
        if (bench->points[i].value == value)
            return &bench->points[i];
    CHECK(bench->points_count < BENCH_POINTS_MAX);
    struct point *point = &bench->points[bench->points_count++];
    *point = (struct point){.key = key, .value = value};
    return point;
}

void bench_file(struct bench *bench, struct run *run, const char *key, double value)
{
    struct point *point = point_of(bench, key, value);
    point->runs = realloc(point->runs, (point->runs_count + 1) * sizeof(struct run *));
    CHECK(point->runs != NULL);
    point->runs[point->runs_count++] = run;
    bench->chosen = (uint32_t)(point - bench->points);
}

struct run *bench_measure(struct bench *bench, const struct server *server,
                          const struct parcels *parcels, uint32_t window, const int64_t *due_ns,
                          const char *key, double value)
{
    struct run *run = bench_measure_apart(bench, server, parcels, window, due_ns);
    bench_file(bench, run, key, value);
    return run;
}

void bench_floors_of(struct bench *bench, const struct parcels *parcels, uint64_t commits,
                     uint64_t bytes, double paced_hz)
{
    if (bench->options->no_floors)
        return;
    struct span *messages = calloc(parcels->count, sizeof *messages);
    CHECK(messages != NULL);
    for (uint32_t i = 0; i < parcels->count; i++)
        messages[i] = parcels->list[i].frame;
    struct floors_plan plan = {.directory = bench->options->directory,
                               .messages = messages,
                               .messages_count = parcels->count,
                               .cases = parcels->cases,
                               .commits = commits,
                               .bytes = bytes,
                               .paced_hz = paced_hz};
    floors_measure(&plan, &bench->floors);
    disk_check_sync(bench->floors.sync_us_p50);
    bench->has_floors = true;
    free(messages);
}

void bench_floors(struct bench *bench, const struct parcels *parcels, double paced_hz)
{
    const struct point *point = &bench->points[bench->chosen];
    const double *figures = point->runs[point->runs_count - 1]->figures.values;
    bench_floors_of(bench, parcels, (uint64_t)figures[FIGURE_COMMITS],
                    (uint64_t)(figures[FIGURE_STORED_PER_CASE] * parcels->cases), paced_hz);
}

/* -- a whole benchmark ------------------------------------------------------------------------- */

static struct policy *load_policy(const char *city)
{
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    enum err err = policy_load(city, diag, &policy);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    if (err != OK)
        fail("%s cannot be loaded: %s", city, err_name(err));
    return policy;
}

/* Says what went wrong in which run. */
static bool is_whole(const struct bench *bench)
{
    bool whole = true;
    for (uint32_t i = 0; i < bench->points_count; i++)
        for (uint32_t j = 0; j < bench->points[i].runs_count; j++) {
            const struct proof *proof = &bench->points[i].runs[j]->proof;
            if (proof_is_whole(proof))
                continue;
            whole = false;
            fprintf(stderr,
                    "lianxin bench: %" PRIu64 " lost, %" PRIu64 " doubled, %" PRIu64
                    " misdirected; the first: %s\n",
                    proof->lost, proof->doubled, proof->misdirected, proof->first_fault);
        }
    return whole;
}

static void bench_free(struct bench *bench)
{
    for (uint32_t i = 0; i < bench->points_count; i++) {
        for (uint32_t j = 0; j < bench->points[i].runs_count; j++)
            free(bench->points[i].runs[j]);
        free(bench->points[i].runs);
    }
    verdicts_free(&bench->verdicts);
    policy_destroy(&bench->policy);
}

int bench_run(const struct bench_options *options, FILE *out)
{
    static struct bench bench;
    size_t profile = profile_find(options->profile);
    CHECK(profile < PROFILES);
    bench = (struct bench){.options = options, .policy = load_policy(options->city)};
    cases_init(&bench.cases, bench.policy->city, "bench", CHANNEL_NONE, options->seed);
    bench.cases.text_only = options->text_only;
    profiles[profile].run(&bench);
    if (options->json)
        result_print_json(&bench, out);
    else
        result_print_table(&bench, out);
    bool whole = is_whole(&bench);
    bench_free(&bench);
    return whole ? EXIT_SUCCESS : EXIT_FAILURE;
}
