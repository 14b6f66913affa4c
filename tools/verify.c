/* verify - prove that a store is whole. */
#include "stages/recheck.h"
#include "stages/succession.h"
#include "tools/command.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct verify {
    struct diag *diag;
    struct recheck *recheck;
    struct succession succession;
    const char *path;
    bool json;
    unsigned percent_shown;
};

static const struct argp_option options[] = {OPTION_JSON, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct verify *verify = state->input;
    switch (key) {
    case KEY_JSON:
        verify->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        verify->path = argument;
        return 0;
    case ARGP_KEY_END:
        if (verify->path == NULL)
            argp_error(state, "the store's directory is needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "STORE",
    .doc = "Walk the whole log of a store that no engine has open: checksums, the chain of groups, "
           "numbers without gaps; recompute everything derived from it and compare. Decide every "
           "ticket again by the policy that decided it, as far as what people said has not been "
           "erased, and compare each decision. Exit 1 where anything disagrees.",
};

static void show_progress(void *self, uint64_t done, uint64_t all)
{
    struct verify *verify = self;
    unsigned percent = all == 0 ? 100 : (unsigned)(done * 100 / all);
    if (percent == verify->percent_shown || isatty(STDERR_FILENO) == 0)
        return;
    verify->percent_shown = percent;
    fprintf(stderr, "\rverify: %u %%%s", percent, percent == 100 ? "\r\033[K" : "");
}

/* The store cannot know what its events say; that they are Events is seen here. */
static bool is_right(const struct event_view *view)
{
    Lianxin__V1__Event *event = lianxin__v1__event__unpack(NULL, view->open.bytes, view->open.data);
    bool right = event != NULL && event->number == view->number && event->serial == view->serial &&
                 event->previous == view->previous && event->time_ms == view->time_ms;
    if (event != NULL)
        lianxin__v1__event__free_unpacked(event, NULL);
    return right;
}

static void read_event(void *self, struct store_reader *reader, const struct event_view *view)
{
    struct verify *verify = self;
    if (is_right(view)) {
        succession_event(&verify->succession, reader, view, verify->path, verify->diag);
        recheck_event(verify->recheck, reader, view, verify->path, verify->diag);
    } else {
        diag_add(verify->diag, verify->path, 0, 0,
                 "event %" PRIu64 " does not say what its record says", view->number);
    }
}

/* "1 group", "2 groups"; what is no noun is the same of one and of many. */
static void print_count(bool is_first, uint64_t value, const char *name)
{
    size_t bytes = strlen(name);
    bool is_plural = name[bytes - 1] == 's';
    printf("%s%" PRIu64 " ", is_first ? "" : ", ", value);
    for (size_t i = 0; i < bytes - (is_plural && value == 1); i++)
        putchar(name[i] == '_' ? ' ' : name[i]);
}

static void print_proof(const struct verify *verify, const struct store_proof *proof)
{
    struct recheck_counts counts = recheck_counts(verify->recheck);
    const char *const names[] = {"groups", "events",     "tickets",        "feeds",
                                 "erased", "recomputed", "not_recomputed", "findings"};
    const uint64_t values[] = {proof->groups, proof->events,           proof->tickets,
                               proof->feeds,  proof->erased,           counts.recomputed,
                               counts.erased, diag_count(verify->diag)};
    size_t count = sizeof names / sizeof names[0];
    printf("%s", verify->json ? "{" : "verify: ");
    for (size_t i = 0; i < count; i++)
        if (verify->json)
            printf("%s\"%s\":%" PRIu64, i == 0 ? "" : ",", names[i], values[i]);
        else
            print_count(i == 0, values[i], names[i]);
    puts(verify->json ? "}" : "");
}

int command_verify(int argc, char **argv)
{
    struct verify verify = {.percent_shown = UINT32_MAX, .succession = {.may_be_older = true}};
    argp_parse(&argp, argc, argv, 0, NULL, &verify);
    verify.diag = diag_create();
    verify.recheck = recheck_create();
    struct store_proof proof = {0};
    enum err err =
        store_verify(verify.path, verify.diag, show_progress, read_event, &verify, &proof);
    diag_print(verify.diag, stderr);
    size_t findings = diag_count(verify.diag);
    if (err == OK || err == ERR_DAMAGED)
        print_proof(&verify, &proof);
    recheck_destroy(&verify.recheck);
    diag_destroy(&verify.diag);
    if (err == OK)
        return findings == 0 ? DONE : WRONG;
    return err == ERR_DAMAGED || err == ERR_NOT_FOUND ? WRONG : MACHINE;
}
