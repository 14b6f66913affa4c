/* simulate - a made-up day of a city's hotline, through the real engine in less than a minute.
 *
 * Whatever it counts it has seen: acknowledged from the answers, stored by asking for each ticket,
 * published by the subscribers, and the store is walked at the end.
 */
#include "domain/policy.h"
#include "stages/recheck.h"
#include "tools/command.h"
#include "tools/simulate/day.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

enum {
    KEY_CASES = KEY_FIRST_OWN,
    KEY_SEED,
    KEY_DATE,
    KEY_CITY,
    KEY_STORE,
    KEY_KILL,
    CASES = 2000,
    CASES_MAX = 100000,
    MINUTE_MS = 60 * 1000,
};

struct simulate {
    const char *city, *store;
    uint32_t cases;
    uint64_t seed;
    int32_t day;
    int64_t kill_ms; /* from midnight, at least 1; 0: no kill */
};

static const struct argp_option options[] = {
    {"cases", KEY_CASES, "N", 0, "How many cases come in (2000)", 0},
    {"seed", KEY_SEED, "S", 0, "The same seed gives the same day (1)", 0},
    {"date", KEY_DATE, "DATE", 0, "The day (2026-11-26)", 0},
    {"city", KEY_CITY, "DIR", 0, "Tables of the city (cities/leshan)", 0},
    {"store", KEY_STORE, "DIR", 0, "Keep the store there; else it is removed at the end", 0},
    {"kill", KEY_KILL, "HH:MM", 0, "Kill the engine at that moment, and start it again", 0},
    {0},
};

/* A day of this century: an engine's clock before 1970 makes no sense, nor do deadlines after the
 * year 9999. */
static void parse_date(struct argp_state *state, const char *text, int32_t *day)
{
    int32_t first;
    int32_t limit;
    bool known = day_of_date(2000, 1, 1, &first) && day_of_date(2100, 1, 1, &limit);
    CHECK(known);
    if (date_parse(span_of_string(text), day) != DATE_OK || *day < first || *day >= limit)
        argp_error(state, "--date '%s' is no day of 2000 to 2099; write one such as 2026-11-26",
                   text);
}

/* Two digits below limit; -1 where they are none. */
static int read_two(const char *text, int limit)
{
    bool digits = text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
    int value = digits ? (text[0] - '0') * 10 + (text[1] - '0') : limit;
    return value < limit ? value : -1;
}

static void parse_kill(struct argp_state *state, const char *text, int64_t *kill_ms)
{
    bool shaped = strlen(text) == 5 && text[2] == ':';
    int hour = shaped ? read_two(text, 24) : -1;
    int minute = shaped ? read_two(text + 3, 60) : -1;
    if (hour < 0 || minute < 0)
        argp_error(state, "--kill '%s' is no moment of the day; write one such as 12:00", text);
    *kill_ms = 1 + (int64_t)(hour * 60 + minute) * MINUTE_MS;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct simulate *simulate = state->input;
    switch (key) {
    case KEY_CASES:
        simulate->cases = (uint32_t)option_number(state, "--cases", argument, 1, CASES_MAX);
        return 0;
    case KEY_SEED:
        simulate->seed = option_number(state, "--seed", argument, 0, INT64_MAX);
        return 0;
    case KEY_DATE:
        parse_date(state, argument, &simulate->day);
        return 0;
    case KEY_CITY:
        simulate->city = argument;
        return 0;
    case KEY_STORE:
        simulate->store = argument;
        return 0;
    case KEY_KILL:
        parse_kill(state, argument, &simulate->kill_ms);
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0 || strcmp(argument, "day") != 0)
            argp_error(state, "there is no simulation of '%s'; write day", argument);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "say what to simulate: day");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "day",
    .doc = "A made-up day of the hotline through the real engine: cases by the city's hours and in "
           "its words (DIR/simulation), units that sign, return and answer, a desk, subscribers, "
           "on a clock that goes as fast as the engine does. Ends with the day's report. Exit 1 "
           "where anything was lost.",
};

/* -- at the end -------------------------------------------------------------------------------- */

static void print_subscribers(const struct day *day)
{
    static const char *const what[LISTENERS] = {"everything", "one county", "the desk"};
    printf("\nwhat the subscribers were handed, in order%s\n",
           day->listen.gaps == 0 ? " and without gaps" : "");
    for (int i = 0; i < LISTENERS; i++) {
        const struct listener *listener = &day->listen.listeners[i];
        printf("  %8" PRIu64 "  ", listener->handed);
        print_padded(what[i], 12);
        printf(" unit.%s\n", listener->prefix);
    }
}

struct walk {
    struct recheck *recheck;
    const char *store;
    struct diag *diag;
};

static void check_decision(void *self, struct store_reader *reader, const struct event_view *event)
{
    const struct walk *walk = self;
    recheck_event(walk->recheck, reader, event, walk->store, walk->diag);
}

/* Walks the store, which no engine has open any more, and decides every ticket again. Returns what
 * is wrong with it. */
static uint64_t verify(const struct scene *scene)
{
    struct store_proof proof = {0};
    struct walk walk = {recheck_create(), scene->store, diag_create()};
    enum err err = store_verify(scene->store, walk.diag, NULL, check_decision, &walk, &proof);
    diag_print(walk.diag, stderr);
    uint64_t findings = diag_count(walk.diag) + (err != OK && diag_count(walk.diag) == 0);
    recheck_destroy(&walk.recheck);
    diag_destroy(&walk.diag);
    printf("  %8" PRIu64 "  events in the store, %" PRIu64 " tickets, %" PRIu64
           " findings when it was walked\n",
           proof.events, proof.tickets, findings);
    return findings;
}

static void print_counts(const struct day *day, uint64_t lost)
{
    const struct day_counts *counts = &day->counts;
    uint64_t published = 0;
    for (uint32_t i = 0; i < day->maker.count; i++)
        published += day->listen.published[i];
    printf("\nsimulate: %" PRIu64 " submitted, %" PRIu64 " acknowledged, %" PRIu64
           " stored, %" PRIu64 " published, %" PRIu64 " acts, %" PRIu64 " acknowledged, %" PRIu64
           " lost\n",
           counts->submitted, counts->acknowledged, counts->stored, published, counts->acts,
           counts->acts_acknowledged, lost);
}

/* As `lianxin report` prints it. */
static int print_report(const struct day *day)
{
    char date[DATE_BYTES_MAX];
    char *arguments[] = {"report", "--front", day->scene->front, "--day", date, NULL};
    date_format(day->maker.day, date);
    putchar('\n');
    return command_report(5, arguments);
}

/* Of the ticket about which there is most to say, as `lianxin explain` says it. */
static int explain_one(struct day *day)
{
    char number[NUMBER_BYTES_MAX];
    char *arguments[] = {"explain", "--front", day->scene->front, number, NULL};
    day_interesting(day, number);
    if (number[0] == '\0')
        return DONE;
    printf("\nwhy did %s go where it went?\n\n", number);
    return command_explain(4, arguments);
}

static int conclude(struct day *day)
{
    if (!day_look_up(day))
        return MACHINE;
    int code = print_report(day);
    if (code == DONE)
        code = explain_one(day);
    if (code != DONE)
        return code;
    print_subscribers(day);
    scene_end(day->scene, SIGTERM);
    uint64_t findings = verify(day->scene);
    uint64_t lost = day_lost(day);
    print_counts(day, lost);
    return lost == 0 && findings == 0 ? DONE : WRONG;
}

/* -- the whole --------------------------------------------------------------------------------- */

/* All that a day needs of a city. */
struct setting {
    struct policy *policy;
    struct arrivals arrivals;
    struct phrases phrases;
    struct case_maker maker;
};

static bool load(const struct simulate *simulate, struct arena *arena, struct setting *setting)
{
    struct diag *diag = diag_create();
    if (policy_load(simulate->city, diag, &setting->policy) == OK) {
        arrivals_load(simulate->city, arena, diag, &setting->arrivals);
        phrases_load(simulate->city, setting->policy->city, arena, diag, &setting->phrases);
    }
    size_t findings = diag_count(diag);
    diag_print(diag, stderr);
    if (findings > 0)
        fprintf(stderr, "simulate: %s has %zu thing%s to mend\n", simulate->city, findings,
                findings == 1 ? "" : "s");
    diag_destroy(&diag);
    if (findings > 0)
        return false;
    case_maker_init(&setting->maker, setting->policy->city, &setting->phrases, &setting->arrivals,
                    simulate->seed, simulate->day, simulate->cases, arena);
    return true;
}

static int run_day(const struct simulate *simulate, const struct case_maker *maker,
                   struct scene *scene)
{
    char date[DATE_BYTES_MAX];
    struct day day;
    date_format(simulate->day, date);
    printf("simulate: %s, %.*s, %u cases, seed %" PRIu64 "\n\n", date,
           SPAN_ARG(city_name(maker->city)), maker->count, simulate->seed);
    bool open = day_open(&day, scene, maker);
    if (simulate->kill_ms > 0)
        day.kill_ms = ms_of_day(simulate->day) + simulate->kill_ms - 1;
    int code = open && day_run(&day) ? conclude(&day) : MACHINE;
    day_close(&day);
    return code;
}

static int simulate_day(const struct simulate *simulate)
{
    struct arena *arena = arena_create();
    struct setting setting = {0};
    struct scene scene = {0};
    int code = WRONG;
    if (load(simulate, arena, &setting))
        code = scene_open(&scene, simulate->city, simulate->store)
                   ? run_day(simulate, &setting.maker, &scene)
                   : WRONG;
    scene_close(&scene);
    policy_destroy(&setting.policy);
    arena_destroy(&arena);
    fflush(stdout);
    if (scene_interrupted() != 0) {
        signal(scene_interrupted(), SIG_DFL);
        raise(scene_interrupted());
    }
    return code;
}

int command_simulate(int argc, char **argv)
{
    struct simulate simulate = {.city = "cities/leshan", .cases = CASES, .seed = 1};
    if (argc == 7 && strcmp(argv[1], "engine") == 0)
        return scene_engine(argv + 2);
    bool known = day_of_date(2026, 11, 26, &simulate.day);
    CHECK(known);
    argp_parse(&argp, argc, argv, 0, NULL, &simulate);
    setvbuf(stdout, NULL, _IOLBF, 0);
    return simulate_day(&simulate);
}
