/* redis - the cases of a year through Redis Streams, measured as Lianxin is: what one would pick
 * instead.
 *
 * Per appendfsync, always and everysec: all cases 64 a write, all cases one a write, and six
 * seconds of 1,000 cases a second, open loop, at the moments of `lianxin bench latency`. Every
 * repeat has a Redis of its own on a fresh directory. Each case must come out once, as it went in;
 * else this ends with 1.
 */
#include "bench/disk.h"
#include "bench/fail.h"
#include "bench/redis/tally.h"
#include "bench/schedule.h"
#include "base/check.h"
#include "base/clock.h"
#include "domain/policy.h"

#include <argp.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { YEAR = 642189, WINDOW = 16384, RATE_SECONDS = 6 };

static const struct setting settings[] = {
    {"redis-always-64", "always", "fdatasync before every answer", 64, 0},
    {"redis-always-1", "always", "fdatasync before every answer", 1, 0},
    {"redis-always-rate", "always", "fdatasync before every answer", 1, 1000},
    {"redis-everysec-64", "everysec", "fdatasync once a second; a power cut loses up to two", 64,
     0},
    {"redis-everysec-1", "everysec", "fdatasync once a second; a power cut loses up to two", 1, 0},
    {"redis-everysec-rate", "everysec", "fdatasync once a second; a power cut loses up to two", 1,
     1000},
};

struct options {
    const char *program, *directory, *city;
    uint32_t cases, runs;
    uint64_t seed;
    bool json;
};

/* -- a run ----------------------------------------------------------------------------------- */

static void check_proof(const struct push *push, const struct setting *setting)
{
    if (push->lost + push->doubled + push->damaged > 0)
        fail("%s: %u cases lost, %u doubled, %u damaged", setting->profile, push->lost,
             push->doubled, push->damaged);
}

static void run_once(const struct options *options, const struct setting *setting,
                     const struct commands *commands, const int64_t *due_ns, struct tally *tally,
                     char version[32])
{
    static struct push push; /* two histograms: too much for a stack */
    struct process process;
    process_start(&process, options->program, options->directory, setting->appendfsync);
    struct process_usage before = process_usage(&process);
    int64_t harness_ns = clock_process_cpu_ns();
    const struct push_plan plan = {.process = &process,
                                   .commands = commands,
                                   .per_write = setting->per_write,
                                   .window = WINDOW,
                                   .due_ns = due_ns};
    push_run(&plan, &push);
    harness_ns = clock_process_cpu_ns() - harness_ns;
    struct process_usage after = process_usage(&process);
    snprintf(version, 32, "%s", process.version);
    process_end(&process);
    check_proof(&push, setting);
    after.written_bytes -= before.written_bytes;
    after.cpu_seconds -= before.cpu_seconds;
    *tally = tally_of(&push, commands->count, &after, (double)harness_ns / 1e9);
}

/* -- output ---------------------------------------------------------------------------------- */

static json_t *setup_json(const struct options *options, const char *version)
{
    struct utsname machine;
    char kernel[160], hiredis[32], disk[DISK_TEXT_BYTES];
    uname(&machine);
    snprintf(kernel, sizeof kernel, "%s %s", machine.sysname, machine.release);
    snprintf(hiredis, sizeof hiredis, "%d.%d.%d", HIREDIS_MAJOR, HIREDIS_MINOR, HIREDIS_PATCH);
    disk_describe(options->directory, disk);
    return json_pack("{s:s, s:s, s:I, s:I, s:i, s:s, s:{s:s, s:s}}", "disk", disk, "kernel", kernel,
                     "cores", (json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "seed",
                     (json_int_t)options->seed, "window", WINDOW, "city", options->city, "versions",
                     "redis", version, "hiredis", hiredis);
}

/* -- all of it ------------------------------------------------------------------------------- */

static json_t *measure(const struct options *options, const struct setting *setting,
                       const struct commands *commands, char version[32])
{
    struct tally tallies[TALLY_RUNS_MAX];
    struct commands some = *commands;
    int64_t *due_ns = NULL;
    if (setting->rate > 0) {
        uint32_t wanted = setting->rate * RATE_SECONDS;
        some.count = wanted < commands->count ? wanted : commands->count;
        due_ns = calloc(some.count, sizeof *due_ns);
        CHECK(due_ns != NULL);
        schedule_rate(due_ns, some.count, setting->rate, options->seed);
    }
    for (uint32_t run = 0; run < options->runs; run++) {
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "\r%s, run %u of %u ", setting->profile, run + 1, options->runs);
        run_once(options, setting, &some, due_ns, &tallies[run], version);
    }
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    free(due_ns);
    return tally_json(setting, some.count, tallies, options->runs);
}

static void measure_all(const struct options *options, const struct city *city)
{
    struct cases cases;
    struct commands commands;
    char version[32] = "";
    json_t *series = json_array();
    cases_init(&cases, city, "bench", CHANNEL_NONE, options->seed);
    commands_init(&commands, &cases, options->cases);
    if (!options->json)
        printf("redis: %s, seed %" PRIu64 ", one stream, one reader of everything, %ld cores\n",
               options->city, options->seed, sysconf(_SC_NPROCESSORS_ONLN));
    for (size_t i = 0; i < COUNT(settings); i++) {
        json_t *entry = measure(options, &settings[i], &commands, version);
        if (!options->json)
            tally_print(entry);
        fflush(stdout);
        json_array_append_new(series, entry);
    }
    commands_fini(&commands);
    json_t *result =
        json_pack("{s:s, s:I, s:o, s:o}", "profile", "redis", "cases", (json_int_t)options->cases,
                  "series", series, "setup", setup_json(options, version));
    CHECK(result != NULL);
    if (options->json) {
        json_dumpf(result, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
        putchar('\n');
    }
    json_decref(result);
}

static uint64_t option_number(struct argp_state *state, const char *what, const char *text,
                              uint64_t most)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < 1 || value > most)
        argp_error(state, "%s '%s' is not a whole number from 1 to %llu", what, text,
                   (unsigned long long)most);
    return value;
}

enum { KEY_CASES = 0x100, KEY_RUNS, KEY_SEED, KEY_CITY, KEY_JSON, KEY_PROGRAM, KEY_DIRECTORY };

static const struct argp_option accepted[] = {
    {"cases", KEY_CASES, "N", 0, "So many cases (642189)", 0},
    {"runs", KEY_RUNS, "N", 0, "Repeat each so often (3)", 0},
    {"seed", KEY_SEED, "N", 0, "Of the made-up cases (1)", 0},
    {"city", KEY_CITY, "DIR", 0, "Whose places and categories they name (cities/leshan)", 0},
    {"json", KEY_JSON, NULL, 0, "One JSON object, named as lianxin bench names things", 0},
    {"program", KEY_PROGRAM, "FILE", 0, "The Redis to run (redis-server)", 0},
    {"directory", KEY_DIRECTORY, "DIR", 0, "Where its log goes, on a disk (build/bench)", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_CASES:
        options->cases = (uint32_t)option_number(state, "--cases", argument, 100000000);
        return 0;
    case KEY_RUNS:
        options->runs = (uint32_t)option_number(state, "--runs", argument, TALLY_RUNS_MAX);
        return 0;
    case KEY_SEED:
        options->seed = option_number(state, "--seed", argument, UINT32_MAX);
        return 0;
    case KEY_CITY:
        options->city = argument;
        return 0;
    case KEY_JSON:
        options->json = true;
        return 0;
    case KEY_PROGRAM:
        options->program = argument;
        return 0;
    case KEY_DIRECTORY:
        options->directory = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        accepted, parse, NULL, "The cases of a year through Redis Streams.", NULL, NULL, NULL};
    struct options options = {.program = "/usr/bin/redis-server",
                              .directory = "build/bench",
                              .city = "cities/leshan",
                              .cases = YEAR,
                              .runs = 3,
                              .seed = 1};
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    signal(SIGPIPE, SIG_IGN);
    if (policy_load(options.city, diag, &policy) != OK) {
        diag_print(diag, stderr);
        return EXIT_FAILURE;
    }
    diag_destroy(&diag);
    measure_all(&options, policy->city);
    policy_destroy(&policy);
    return EXIT_SUCCESS;
}
