/* explain - why a ticket went where it went, or where a case would go. */
#include "base/file.h"
#include "domain/number.h"
#include "tools/command.h"
#include "tools/explanation.h"
#include "tools/json.h"

#include <string.h>
#include <unistd.h>

enum { KEY_STRICT = KEY_FIRST_OWN, FILE_BYTES_MAX = 1024 * 1024 };

struct explain {
    struct common common;
    bool strict;
    char *what;
};

static const struct argp_option options[] = {
    {"strict", KEY_STRICT, NULL, 0, "As an adapter that wants no case to go to the desk", 0},
    OPTION_FRONT,
    OPTION_JSON,
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct explain *explain = state->input;
    switch (key) {
    case KEY_STRICT:
        explain->strict = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        explain->what = argument;
        return 0;
    case ARGP_KEY_END:
        if (explain->what == NULL)
            argp_error(state, "a ticket's number is needed, or a file with a case");
        return 0;
    default:
        return common_parse(&explain->common, key, argument);
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "NUMBER\nCASE.json",
    .doc = "Say why a ticket went where it went: the rows of the book, the climb to the unit, the "
           "clock. Or where a case would go if it came in now, which stores nothing: one JSON "
           "object as for submit, - for standard input. Exit 1 where the case would be refused.",
};

/* A number misread is one all the same; a file may be called like one with ./ before it. */
static bool is_number(const char *text)
{
    int32_t day;
    uint64_t ordinal;
    return number_parse(span_of_string(text), &day, &ordinal) != NUMBER_SHAPE;
}

/* A case from a file. NULL: it has been said what is wrong with it. */
static Lianxin__V1__Case *read_case(const char *path, struct arena *arena)
{
    char fault[JSON_FAULT_BYTES];
    char *room = arena_take(arena, FILE_BYTES_MAX + 1);
    bool from_stdin = strcmp(path, "-") == 0;
    FILE *file = from_stdin ? stdin : fopen(path, "r");
    size_t bytes = file != NULL ? fread(room, 1, FILE_BYTES_MAX + 1, file) : 0;
    if (file == NULL || ferror(file)) {
        fprintf(stderr, "lianxin: %s: %m\n", path);
        return NULL;
    }
    if (!from_stdin)
        fclose(file);
    if (bytes > FILE_BYTES_MAX) {
        fprintf(stderr, "lianxin: %s: is larger than 1 MiB, and holds one case at most\n", path);
        return NULL;
    }
    Lianxin__V1__Case *one =
        json_to_message(&lianxin__v1__case__descriptor, span_of(room, bytes), arena, fault);
    if (one == NULL)
        fprintf(stderr, "lianxin: %s: %s\n", path, fault);
    return one;
}

static int ask_and_print(const struct explain *explain, Lianxin__V1__Explain *asked)
{
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    asked->strict = explain->strict;
    request.body_case = LIANXIN__V1__REQUEST__BODY_EXPLAIN;
    request.explain = asked;
    int code = ask(&explain->common, &request, &reply);
    if (code != DONE)
        return code;
    if (explain->common.json)
        print_json(&reply->explanation->base);
    else
        print_explanation(reply->explanation);
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
    asked.body_case = LIANXIN__V1__EXPLAIN__BODY_CASE;
    asked.case_ = read_case(explain.what, arena);
    int code = asked.case_ != NULL ? ask_and_print(&explain, &asked) : WRONG;
    arena_destroy(&arena);
    return code;
}
