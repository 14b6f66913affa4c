#include "tools/rules/rules.h"

#include "tools/command.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} verbs[] = {
    {"check", rules_check, "everything that is wrong with a city's tables and rules"},
    {"load", rules_load_city, "put another book in force while the engine runs"},
    {"history", rules_history, "which book was in force when, and by whom"},
    {"rollback", rules_rollback, "put a book in force again that was before"},
    {"diff", rules_diff, "what another book would have made of the cases of a store"},
    {"cover", rules_cover, "rows that no golden case and no case of a history ever hit"},
    {"stats", rules_stats, "how the rows have done: hits, returns, overdue"},
    {"learn", rules_learn, "a table of weights, from messages that somebody labelled"},
};

enum { VERBS = sizeof verbs / sizeof verbs[0] };

static void print_usage(FILE *out)
{
    fprintf(out, "Usage: lianxin rules VERB [OPTION...]\n\nThe rule book of a city.\n\n");
    for (size_t i = 0; i < VERBS; i++)
        fprintf(out, "  %-8s %s\n", verbs[i].name, verbs[i].summary);
    fprintf(out, "\nlianxin rules VERB --help says more of each.\n");
}

/* Help and complaints name the verb as it is typed. */
static int run(size_t verb, int argc, char **argv)
{
    char name[32];
    snprintf(name, sizeof name, "lianxin rules %s", verbs[verb].name);
    argv[0] = name;
    return verbs[verb].run(argc, argv);
}

int command_rules(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return USAGE;
    }
    for (size_t i = 0; i < VERBS; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return run(i, argc - 1, argv + 1);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return DONE;
    }
    fprintf(stderr, "lianxin: there is no verb '%s' of rules\n\n", argv[1]);
    print_usage(stderr);
    return USAGE;
}
