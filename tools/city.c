/* city - check a city's tables; list its units. */
#include "base/clock.h"
#include "domain/check/check.h"
#include "domain/city/date.h"
#include "tools/command.h"

#include <string.h>

struct city_options {
    const char *verb;
    const char *directory;
    const char *prefix;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct city_options *chosen = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num == 0)
            chosen->verb = argument;
        else if (state->arg_num == 1)
            chosen->directory = argument;
        else if (state->arg_num == 2 && strcmp(chosen->verb, "units") == 0)
            chosen->prefix = argument;
        else
            return ARGP_ERR_UNKNOWN;
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num < 2 ||
            (strcmp(chosen->verb, "check") != 0 && strcmp(chosen->verb, "units") != 0))
            argp_error(state, "say what to do and where: check DIR, or units DIR [PREFIX]");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "check DIR\nunits DIR [PREFIX]",
    .doc =
        "check: read all tables and rules of a city and report every error, with file:line:column "
        "and what would be right; lianxin rules check also warns, and shows cases. units: list the "
        "units whose key begins with "
        "PREFIX, such as 511126.",
};

static int print_units(const struct city *city, const char *prefix)
{
    bool found = false;
    for (uint32_t i = 0; i < city_units(city); i++) {
        struct unit unit = {i};
        struct span key = unit_key(city, unit);
        if (!span_starts_with(key, span_of_string(prefix)))
            continue;
        found = true;
        printf("%.*s\t%.*s\n", SPAN_ARG(key), SPAN_ARG(unit_name(city, unit)));
    }
    if (!found)
        fprintf(stderr,
                "lianxin: no unit's key begins with '%s'; keys look like 511126000000.urban\n",
                prefix);
    return found ? DONE : WRONG;
}

static void print_summary(const struct policy *policy)
{
    const struct city *city = policy->city;
    printf("%.*s: %u places, %u functions, %u units, %u lines, %u categories; no errors\n",
           SPAN_ARG(city_name(city)), places_count(city_places(city)), city_functions(city),
           city_units(city), city_lines(city), city_categories(city));
}

int command_city(int argc, char **argv)
{
    struct city_options chosen = {.prefix = ""};
    argp_parse(&argp, argc, argv, 0, NULL, &chosen);
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    enum err err = policy_load(chosen.directory, diag, &policy);
    if (err == OK && strcmp(chosen.verb, "check") == 0)
        err = check_book(policy, day_of_ms(clock_wall_ms(&clock_system)), diag);
    int code = err == OK ? DONE : WRONG;
    diag_print(diag, stdout);
    if (err != OK)
        fprintf(stderr, "lianxin: %zu error%s\n", diag_count(diag),
                diag_count(diag) == 1 ? "" : "s");
    else if (strcmp(chosen.verb, "units") == 0)
        code = print_units(policy->city, chosen.prefix);
    else
        print_summary(policy);
    policy_destroy(&policy);
    diag_destroy(&diag);
    return code;
}
