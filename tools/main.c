/* main - lianxin, one program with a subcommand for each thing one does with the engine. */
#include "engine/engine.h"
#include "tools/command.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"serve", command_serve, "run the engine"},
    {"submit", command_submit, "submit cases, one JSON object a line"},
    {"watch", command_watch, "see the events of units as they come"},
    {"show", command_show, "show a ticket with its history and its decision"},
    {"explain", command_explain, "why a ticket went there, or where a case would go"},
    {"act", command_act, "sign, return, answer, reassign, correct or close a ticket; the regime"},
    {"desk", command_desk, "list the open tickets that need a human"},
    {"report", command_report, "a day in numbers"},
    {"status", command_status, "how the engine is doing"},
    {"verify", command_verify, "prove that a store is whole"},
    {"city", command_city, "check a city's tables, list its units"},
    {"rules", command_rules, "prove, change and compare the rule book"},
    {"simulate", command_simulate, "a made-up day through the real engine"},
    {"bench", command_bench, "how fast this machine does it, and what was in the way"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *out)
{
    fprintf(out, "Usage: lianxin COMMAND [OPTION...]\n\n"
                 "The ticket routing engine of a city hotline.\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fprintf(out, "\nlianxin COMMAND --help says more of each.\n");
}

/* Help and complaints name the command as it is typed. */
static int run(size_t command, int argc, char **argv)
{
    char name[32];
    snprintf(name, sizeof name, "lianxin %s", commands[command].name);
    argv[0] = name;
    return commands[command].run(argc, argv);
}

int main(int argc, char **argv)
{
    argp_err_exit_status = USAGE;
    argp_program_version = "lianxin " LIANXIN_RELEASE;
    if (argc < 2) {
        print_usage(stderr);
        return USAGE;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return run(i, argc - 1, argv + 1);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts(argp_program_version);
        return DONE;
    }
    fprintf(stderr, "lianxin: there is no command '%s'\n\n", argv[1]);
    print_usage(stderr);
    return USAGE;
}
