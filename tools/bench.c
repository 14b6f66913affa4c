/* bench - how fast the engine is, on this machine, beside what the machine itself can do. */
#include "bench/bench.h"

#include "bench/compare.h"
#include "bench/micro.h"
#include "bench/rules.h"
#include "bench/series.h"
#include "tools/command.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_PER_MESSAGE = KEY_FIRST_OWN,
    KEY_TEXT_ONLY,
    KEY_THREADS,
    KEY_RUNS,
    KEY_CASES,
    KEY_SEED,
    KEY_RATE,
    KEY_COMPRESS,
    KEY_YEARS,
    KEY_P99_MS,
    KEY_SECONDS,
    KEY_CITY,
    KEY_NO_FLOORS,
    KEY_SIZE,
};

enum { WORDS_MAX = 3, THREADS = 4, P99_MS = 50 };

static const struct argp_option options[] = {
    {"cases", KEY_CASES, "N", 0, "Cases a run; each profile has its own number", 0},
    {"runs", KEY_RUNS, "N", 0, "Repeats, of which the median is told; each profile has its own", 0},
    {"per-message", KEY_PER_MESSAGE, "N", 0, "Cases in one message, up to 1024", 0},
    {"text-only", KEY_TEXT_ONLY, NULL, 0, "Cases have neither place nor category: words must tell",
     0},
    {"threads", KEY_THREADS, "1|2|4|6", 0, "Threads of the engine's pipeline (4)", 0},
    {"seed", KEY_SEED, "N", 0, "Of the cases and their moments (1)", 0},
    {"rate", KEY_RATE, "N", 0, "latency, ramp: cases a second", 0},
    {"compress", KEY_COMPRESS, "N", 0, "day, peak: time runs so much faster", 0},
    {"years", KEY_YEARS, "N", 0, "growth: how many years the store gets (10)", 0},
    {"p99-ms", KEY_P99_MS, "N", 0, "ramp: 99 % of the answers are to come within (50)", 0},
    {"seconds", KEY_SECONDS, "N", 0, "idle: for how long (60)", 0},
    {"city", KEY_CITY, "DIR", 0, "Tables of the city (cities/leshan)", 0},
    {"no-floors", KEY_NO_FLOORS, NULL, 0, "Leave out what the machine alone takes for the same", 0},
    {"size", KEY_SIZE, "N", 0, "micro, rules: how many cases (4096)", 0},
    {"json", KEY_JSON, NULL, 0, "One JSON object instead of a table", 0},
    {0},
};

/* PROFILE, or compare A B, or series RESULT WHAT, or micro, or rules. */
struct asked {
    struct bench_options bench;
    const char *words[WORDS_MAX];
    uint32_t words_count;
    uint32_t size; /* micro, rules */
};

static bool is_word(const struct asked *asked, const char *word)
{
    return asked->words_count > 0 && strcmp(asked->words[0], word) == 0;
}

static void check_words(const struct asked *asked, struct argp_state *state)
{
    bool is_micro = is_word(asked, "micro") || is_word(asked, "rules");
    bool takes_files = is_word(asked, "compare") || is_word(asked, "series");
    if (asked->words_count == 0)
        argp_error(state, "say what to measure: a profile, or compare, or micro, or rules");
    if (!takes_files && !is_micro && !bench_has_profile(asked->words[0]))
        argp_error(state, "there is no profile '%s'", asked->words[0]);
    if (takes_files && asked->words_count != 3)
        argp_error(state, is_word(asked, "compare") ? "compare takes two results"
                                                    : "series takes a result and what of it");
    if (!takes_files && asked->words_count != 1)
        argp_error(state, "one at a time: '%s' is one word too many", asked->words[1]);
}

static double option_decimal(struct argp_state *state, const char *what, const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value > 0) || value > 1e9)
        argp_error(state, "%s: '%s' is no number above 0", what, text);
    return value;
}

/* Options that are numbers. */
static bool parse_number(int key, const char *argument, struct argp_state *state,
                         struct asked *asked)
{
    struct bench_options *bench = &asked->bench;
    switch (key) {
    case KEY_CASES:
        bench->cases = (uint32_t)option_number(state, "--cases", argument, 1, 100000000);
        return true;
    case KEY_RUNS:
        bench->runs = (uint32_t)option_number(state, "--runs", argument, 1, 100);
        return true;
    case KEY_PER_MESSAGE:
        bench->per_message =
            (uint32_t)option_number(state, "--per-message", argument, 1, LIANXIN_SUBMIT_CASES_MAX);
        return true;
    case KEY_THREADS:
        bench->threads = (uint32_t)option_number(state, "--threads", argument, 1, 6);
        return true;
    case KEY_SEED:
        bench->seed = option_number(state, "--seed", argument, 0, UINT32_MAX);
        return true;
    case KEY_YEARS:
        bench->years = (uint32_t)option_number(state, "--years", argument, 1, 50);
        return true;
    case KEY_SIZE:
        asked->size = (uint32_t)option_number(state, "--size", argument, 1, 1000000);
        return true;
    default:
        return false;
    }
}

/* Those that may have a point. */
static bool parse_decimal(int key, const char *argument, struct argp_state *state,
                          struct bench_options *bench)
{
    switch (key) {
    case KEY_RATE:
        bench->rate = option_decimal(state, "--rate", argument);
        return true;
    case KEY_COMPRESS:
        bench->compress = option_decimal(state, "--compress", argument);
        return true;
    case KEY_P99_MS:
        bench->p99_ms = option_decimal(state, "--p99-ms", argument);
        return true;
    case KEY_SECONDS:
        bench->seconds = option_decimal(state, "--seconds", argument);
        return true;
    default:
        return false;
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct asked *asked = state->input;
    if (parse_number(key, argument, state, asked) ||
        parse_decimal(key, argument, state, &asked->bench))
        return 0;
    switch (key) {
    case KEY_TEXT_ONLY:
        asked->bench.text_only = true;
        return 0;
    case KEY_NO_FLOORS:
        asked->bench.no_floors = true;
        return 0;
    case KEY_JSON:
        asked->bench.json = true;
        return 0;
    case KEY_CITY:
        asked->bench.city = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (asked->words_count == WORDS_MAX)
            argp_error(state, "'%s' is one word too many", argument);
        asked->words[asked->words_count++] = argument;
        return 0;
    case ARGP_KEY_END:
        check_words(asked, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "PROFILE\ncompare A.json B.json\nseries RESULT.json WHAT\nmicro\nrules",
    .doc = "Measure an engine of its own, on a store of its own in build/bench: made-up cases over "
           "a real city, full durability, one subscriber to everything; each case must come once, "
           "to the unit that a slow matcher says. Beside that stands what disk, LMDB, ZeroMQ and "
           "protobuf take for the same.\v"
           "Profiles: day, peak, year (642,189 cases), flood (the same, as many under way as it "
           "goes), latency, ramp, restart, growth, idle, and floors without an engine. "
           "compare says what changed between two results; micro times single parts, rules how "
           "matching grows with the table. bench/README.md "
           "says how to read all this.",
};

int command_bench(int argc, char **argv)
{
    struct asked asked = {.bench = {.threads = THREADS,
                                    .seed = 1,
                                    .p99_ms = P99_MS,
                                    .city = "cities/leshan",
                                    .directory = "build/bench"},
                          .size = MICRO_SIZE};
    argp_parse(&argp, argc, argv, 0, NULL, &asked);
    if (is_word(&asked, "compare"))
        return bench_compare(asked.words[1], asked.words[2], stdout);
    if (is_word(&asked, "series"))
        return bench_series(asked.words[1], asked.words[2], stdout);
    if (is_word(&asked, "micro"))
        return bench_micro(asked.bench.city, asked.size, stdout);
    if (is_word(&asked, "rules"))
        return bench_rules(asked.size, RULES_ROWS_MAX, asked.bench.json, stdout);
    asked.bench.profile = asked.words[0];
    return bench_run(&asked.bench, stdout);
}
