/* explain - why a ticket went where it went, or where a case would go; and where it would
 * otherwise.
 */
#include "base/file.h"
#include "domain/city/date.h"
#include "domain/number.h"
#include "tools/circumstances.h"
#include "tools/command.h"
#include "tools/explanation.h"
#include "tools/rules/expectation.h"
#include "tools/offline.h"

#include <string.h>

enum {
    KEY_STRICT = KEY_FIRST_OWN,
    KEY_CITY,
    KEY_STORE,
    KEY_POLICY,
    KEY_WHAT_IF,
    KEY_WHY_NOT,
    FILE_BYTES_MAX = 1024 * 1024,
    WHAT_IF_MAX = 16
};

struct explain {
    struct common common;
    struct offline offline;
    bool strict;
    char *what;
    char *policy; /* digits of a hash, or a directory */
    char *what_if[WHAT_IF_MAX];
    size_t what_if_count;
    char *why_not;
};

static const struct argp_option options[] = {
    {"strict", KEY_STRICT, NULL, 0, "As an adapter that wants no case to go to the desk", 0},
    {"city", KEY_CITY, "DIR", 0, "By the tables of a directory, without an engine", 0},
    {"store", KEY_STORE, "DIR", 0,
     "Out of a store, without an engine; one may be running on it meanwhile", 0},
    {"policy", KEY_POLICY, "HASH", 0,
     "By a policy that the store has kept: 8 or more digits of its hash. With --store also a "
     "directory",
     0},
    {"what-if", KEY_WHAT_IF, "FIELD=VALUE", 0,
     "Were a field of the case this, or at (2026-10-03T09:00) or regime; may be given again", 0},
    {"why-not", KEY_WHY_NOT, "UNIT", 0, "What keeps it from a unit, named by key or name", 0},
    OPTION_FRONT,
    OPTION_JSON,
    {0},
};

static void add_what_if(struct explain *explain, char *argument, struct argp_state *state)
{
    const char *equals = strchr(argument, '=');
    if (equals == NULL || equals == argument)
        argp_error(state, "--what-if '%s' is not FIELD=VALUE, such as place=511102", argument);
    if (explain->what_if_count == WHAT_IF_MAX)
        argp_error(state, "--what-if can be given %d times", WHAT_IF_MAX);
    explain->what_if[explain->what_if_count++] = argument;
}

/* A number misread is one all the same; a file may be called like one with ./ before it. */
static bool is_number(const char *text)
{
    int32_t day;
    uint64_t ordinal;
    return number_parse(span_of_string(text), &day, &ordinal) != NUMBER_SHAPE;
}

static void check_sense(struct explain *explain, struct argp_state *state)
{
    struct offline *offline = &explain->offline;
    if (explain->what == NULL)
        argp_error(state, "a ticket's number is needed, or a file with a case");
    else if (is_number(explain->what) && offline->city != NULL && offline->store == NULL)
        argp_error(state, "a ticket is one of a store: say which with --store");
    if (explain->policy == NULL)
        return;
    if (offline->city != NULL)
        argp_error(state, "--policy and --city name two books to decide by; choose one");
    if (!file_is_directory(explain->policy))
        return;
    if (offline->store == NULL)
        argp_error(state, "an engine is told a policy by its hash; a directory goes with --store");
    offline->city = explain->policy;
    explain->policy = NULL;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct explain *explain = state->input;
    switch (key) {
    case KEY_STRICT:
        explain->strict = true;
        return 0;
    case KEY_CITY:
        explain->offline.city = argument;
        return 0;
    case KEY_STORE:
        explain->offline.store = argument;
        return 0;
    case KEY_POLICY:
        explain->policy = argument;
        return 0;
    case KEY_WHAT_IF:
        add_what_if(explain, argument, state);
        return 0;
    case KEY_WHY_NOT:
        explain->why_not = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        explain->what = argument;
        return 0;
    case ARGP_KEY_END:
        check_sense(explain, state);
        return 0;
    default:
        return common_parse(&explain->common, key, argument);
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "NUMBER\nCASE.json",
    .doc =
        "Say why a ticket went where it went: the rows of the book, the climb to the unit, the "
        "clock. Or where a case would go if it came in now, which stores nothing: one JSON object "
        "as for submit, or {\"case\": {...}, \"at\": \"2026-10-03T09:00\", \"regime\": "
        "\"holiday\"}; - for standard input. With --what-if or --policy what would be different "
        "is said first. An engine is asked, unless --city or --store is given. Exit 1 where the "
        "case would be refused.",
};

/* -- a case from a file ------------------------------------------------------------------------ */

/* All of a file, into room for one byte more than may be in it. */
static int read_file(const char *path, char *room, size_t *bytes)
{
    bool from_stdin = strcmp(path, "-") == 0;
    FILE *file = from_stdin ? stdin : fopen(path, "r");
    if (file != NULL)
        *bytes = fread(room, 1, FILE_BYTES_MAX + 1, file);
    if (file == NULL || ferror(file)) {
        fprintf(stderr, "lianxin: %s: %m\n", path);
        return USAGE;
    }
    if (!from_stdin)
        fclose(file);
    return DONE;
}

static int read_case(const char *path, struct arena *arena, struct circumstances *circumstances)
{
    struct circumstances_more
        expected[EXPECTATION_MEMBERS]; /* of a golden case, and not looked at */
    char fault[JSON_FAULT_BYTES];
    char *room = arena_take(arena, FILE_BYTES_MAX + 1);
    size_t bytes = 0;
    int code = read_file(path, room, &bytes);
    if (code != DONE)
        return code;
    if (bytes > FILE_BYTES_MAX) {
        fprintf(stderr, "lianxin: %s: is larger than 1 MiB, and holds one case at most\n", path);
        return WRONG;
    }
    expectation_members(expected);
    if (circumstances_read(span_of(room, bytes), expected, EXPECTATION_MEMBERS, arena,
                           circumstances, fault))
        return DONE;
    fprintf(stderr, "lianxin: %s: %s\n", path, fault);
    return WRONG;
}

/* -- asking ------------------------------------------------------------------------------------ */

static int ask_somebody(const struct explain *explain, Lianxin__V1__Explain *asked,
                        Lianxin__V1__Reply **reply)
{
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    if (explain->offline.city != NULL || explain->offline.store != NULL)
        return offline_ask(&explain->offline, asked, reply);
    request.body_case = LIANXIN__V1__REQUEST__BODY_EXPLAIN;
    request.explain = asked;
    return ask(&explain->common, &request, reply);
}

static bool is_compared(const struct explain *explain)
{
    bool other_book = explain->offline.city != NULL && explain->offline.store != NULL;
    return explain->what_if_count > 0 || explain->policy != NULL || other_book;
}

static void print(const struct explain *explain, const Lianxin__V1__Explanation *explanation)
{
    if (explain->common.json) {
        print_json(&explanation->base);
        return;
    }
    if (is_compared(explain))
        print_differences(explanation);
    if (explain->why_not != NULL)
        print_why_not(explanation);
    print_explanation(explanation);
}

static int ask_and_print(struct explain *explain, Lianxin__V1__Explain *asked)
{
    Lianxin__V1__Reply *reply;
    asked->strict = explain->strict;
    asked->what_if = explain->what_if;
    asked->n_what_if = explain->what_if_count;
    if (explain->policy != NULL)
        asked->policy = explain->policy;
    if (explain->why_not != NULL)
        asked->why_not = explain->why_not;
    int code = ask_somebody(explain, asked, &reply);
    if (code != DONE)
        return code;
    print(explain, reply->explanation);
    code = reply->explanation->invalid[0] == '\0' ? DONE : WRONG;
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return code;
}

int command_explain(int argc, char **argv)
{
    struct explain explain = {.common = {.front = LIANXIN_FRONT}};
    Lianxin__V1__Explain asked = LIANXIN__V1__EXPLAIN__INIT;
    argp_parse(&argp, argc, argv, 0, NULL, &explain);
    if (is_number(explain.what)) {
        asked.body_case = LIANXIN__V1__EXPLAIN__BODY_NUMBER;
        asked.number = explain.what;
        return ask_and_print(&explain, &asked);
    }
    struct arena *arena = arena_create();
    struct circumstances circumstances = {.one = NULL};
    char at[MOMENT_BYTES_MAX];
    int code = read_case(explain.what, arena, &circumstances);
    if (code == DONE) {
        asked.body_case = LIANXIN__V1__EXPLAIN__BODY_CASE;
        asked.case_ = circumstances.one;
        asked.regime = (Lianxin__V1__Regime)circumstances.regime;
        if (circumstances.at_ms != 0) {
            moment_format(circumstances.at_ms, at);
            asked.at = at;
        }
        code = ask_and_print(&explain, &asked);
    }
    arena_destroy(&arena);
    return code;
}
