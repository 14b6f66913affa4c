/* load - another book comes into force while the engine runs. */
#include "tools/rules/change.h"
#include "tools/rules/golden.h"
#include "tools/rules/rules.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct argp_option options[] = {
    OPTION_BY, OPTION_NOTE, OPTION_FRONT, OPTION_JSON, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct change *change = state->input;
    if (key == ARGP_KEY_END && change->argument == NULL)
        argp_error(state, "the city's directory is needed");
    return change_parse(change, key, argument, state);
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "CITY",
    .doc = "Put the book of a city's directory in force while the engine runs. It is read, checked "
           "and compiled first, while all goes on; where it has errors, or golden cases come out "
           "otherwise, that is told, and nothing changes. What came in before is decided by the "
           "book that was in force then. The engine "
           "reads the directory itself, so it is one of its machine. Exit 1 where nothing changes "
           "for an error.",
};

/* The engine stands elsewhere. */
static char *find(const char *directory)
{
    char *path = realpath(directory, NULL);
    if (path == NULL)
        fprintf(stderr, "lianxin: %s: %s\n", directory, strerror(errno));
    return path;
}

/* Do the golden cases come out as they should? The engine does not know them. A book that cannot be
 * read is the engine's to refuse. */
static bool golden_agree(const char *directory)
{
    struct diag *diag = diag_create();
    struct diag *failed = diag_create();
    struct arena *arena = arena_create();
    struct policy *policy = NULL;
    struct golden golden = {0};
    bool agree = policy_load(directory, diag, &policy) != OK ||
                 golden_run(directory, policy, arena, failed, &golden) == OK;
    diag_print(failed, stderr);
    if (!agree)
        fprintf(stderr,
                "lianxin: not loaded: %" PRIu64 " of %" PRIu64 " golden cases come out otherwise; "
                "mend the book, or what they expect\n",
                golden.failed, golden.cases);
    policy_destroy(&policy);
    arena_destroy(&arena);
    diag_destroy(&failed);
    diag_destroy(&diag);
    return agree;
}

int rules_load_city(int argc, char **argv)
{
    struct change change = change_begin();
    argp_parse(&argp, argc, argv, 0, NULL, &change);
    Lianxin__V1__Load load = LIANXIN__V1__LOAD__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    load.directory = find(change.argument);
    if (load.directory == NULL || !golden_agree(load.directory)) {
        free(load.directory);
        return WRONG;
    }
    load.by = change.by;
    load.note = change.note;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOAD;
    request.load = &load;
    int code = change_ask(&change, &request);
    free(load.directory);
    return code;
}
