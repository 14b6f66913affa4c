/* rules_check - everything that is wrong with a city's tables and rules. */
#include "domain/policy.h"
#include "tools/command.h"
#include "tools/rules.h"

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **directory = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        *directory = argument;
        return 0;
    case ARGP_KEY_END:
        if (*directory == NULL)
            argp_error(state, "the city's directory is needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "CITY",
    .doc = "Read all tables and rules of a city's directory and report everything that is wrong "
           "with them: file:line:column, what it is, what would be right. Exit 1 where there is "
           "something.",
};

int rules_check(int argc, char **argv)
{
    const char *directory = NULL;
    argp_parse(&argp, argc, argv, 0, NULL, &directory);
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    enum err err = policy_load(directory, diag, &policy);
    diag_print(diag, stdout);
    printf("%s: %zu error%s\n", directory, diag_count(diag), diag_count(diag) == 1 ? "" : "s");
    policy_destroy(&policy);
    diag_destroy(&diag);
    return err == OK ? DONE : WRONG;
}
