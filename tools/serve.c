/* serve - run the engine until it is told to stop. */
#include "tools/serve.h"

#include "base/say.h"
#include "tools/command.h"

#include <signal.h>

enum { KEY_CITY = KEY_FIRST_OWN, KEY_KEEP, KEY_STORE, KEY_THREADS };
enum { THREADS = 4, READY_BYTES = 2048 };

static const struct argp_option options[] = {
    {"city", KEY_CITY, "DIR", 0,
     "Tables of the city, such as cities/leshan (those that were in force last in the store)", 0},
    {"keep", KEY_KEEP, NULL, 0,
     "Go on with what was in force last; DIR is for a store without a book, and for SIGHUP", 0},
    {"store", KEY_STORE, "DIR", 0, "Where the log is kept; made if it does not exist", 0},
    {"threads", KEY_THREADS, "1|2|4|6", 0, "Threads of the pipeline (4)", 0},
    OPTION_FRONT,
    OPTION_FEED,
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct engine_options *engine = state->input;
    switch (key) {
    case KEY_CITY:
        engine->city = argument;
        return 0;
    case KEY_KEEP:
        engine->keep = true;
        return 0;
    case KEY_STORE:
        engine->store = argument;
        return 0;
    case KEY_FRONT:
        engine->front = argument;
        return 0;
    case KEY_FEED:
        engine->feed = argument;
        return 0;
    case KEY_THREADS:
        engine->threads = (uint32_t)option_number(state, "--threads", argument, 1, 6);
        return 0;
    case ARGP_KEY_END:
        if (engine->store == NULL)
            argp_error(state, "--store is needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .doc = "Run the engine. SIGTERM or SIGINT: it takes no more in, answers all it has taken, and "
           "ends. SIGHUP: it reads the directory of --city again, and where that is without an "
           "error its book comes into force. A kill at any other moment loses nothing that was "
           "acknowledged. Where the directory is not what was in force last it comes into force, "
           "which is told, and stands in lianxin rules history; not so with --keep, which is for "
           "starts that nobody watches.",
};

/* For the handler, which gets no argument of ours. */
static struct engine *running;

static void note_failure(int signal_number)
{
    engine_note_failure(running);
    raise(signal_number); /* once more, and now as if it had no handler */
}

/* Whatever a bug ends in: abort, or memory that is not there. */
static void note_failures_of(struct engine *engine)
{
    static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    struct sigaction action = {.sa_handler = note_failure, .sa_flags = (int)SA_RESETHAND};
    running = engine;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
}

static int exit_code(enum err err)
{
    return err == ERR_INVALID || err == ERR_NOT_FOUND ? WRONG : MACHINE;
}

/* What is said once it serves; written before, since from then on the policy may change. */
static void write_ready(const struct engine *engine, const char *store, char *text, size_t bytes)
{
    const struct policy *policy = engine_policy(engine);
    snprintf(text, bytes,
             "ready: %.*s, %u places, %u units, policy %u (%02x%02x%02x%02x), store %s, front %s, "
             "feed %s",
             SPAN_ARG(city_name(policy->city)), places_count(city_places(policy->city)),
             city_units(policy->city), policy->number, policy->hash[0], policy->hash[1],
             policy->hash[2], policy->hash[3], store, engine_front(engine), engine_feed(engine));
}

static void wait_for_end(struct engine *engine, const sigset_t *signals)
{
    int signal_number = SIGHUP;
    while (signal_number == SIGHUP) {
        int waited = sigwait(signals, &signal_number);
        CHECK(waited == 0);
        if (signal_number == SIGHUP)
            engine_reload(engine);
    }
}

static int run(struct engine *engine, const char *store, const sigset_t *signals)
{
    char ready[READY_BYTES];
    note_failures_of(engine);
    write_ready(engine, store, ready, sizeof ready);
    if (engine_start(engine) != OK) {
        say_error("no threads are to be had");
        return MACHINE;
    }
    say_info("%s", ready);
    wait_for_end(engine, signals);
    say_info("stopping: no more is taken in");
    engine_stop(engine);
    say_info("stopped: all that was taken in is answered");
    return DONE;
}

int serve(const struct engine_options *chosen)
{
    /* Blocked before any thread is born, so that all of them leave the signals to sigwait. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);

    struct diag *diag = diag_create();
    struct engine *engine = NULL;
    enum err err = engine_create(chosen, diag, &engine);
    diag_print(diag, stderr);
    if (err != OK)
        say_error("not started: %zu thing%s to mend", diag_count(diag),
                  diag_count(diag) == 1 ? "" : "s");
    diag_destroy(&diag);
    if (err != OK)
        return exit_code(err);
    int code = run(engine, chosen->store, &signals);
    engine_destroy(&engine);
    return code;
}

int command_serve(int argc, char **argv)
{
    struct engine_options chosen = {
        .front = LIANXIN_FRONT, .feed = LIANXIN_FEED, .threads = THREADS};
    argp_parse(&argp, argc, argv, 0, NULL, &chosen);
    chosen.by = login_name();
    return serve(&chosen);
}
