/* watch - the events of some units as they come, none missing and none twice. */
#include "domain/words.h"
#include "tools/command.h"
#include "tools/json.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>

enum { KEY_NOW = KEY_FIRST_OWN, KEY_ONCE, KEY_COUNT, PREFIXES_MAX = 64, STEP_MS = 200 };

struct watch {
    struct common common;
    const char *prefixes[PREFIXES_MAX];
    size_t prefixes_count;
    bool now;
    bool once;
    uint64_t count_max; /* 0: no limit */
    uint64_t count;
};

static volatile sig_atomic_t ended;

static void end(int signal_number)
{
    (void)signal_number;
    ended = 1;
}

static const struct argp_option options[] = {
    {"now", KEY_NOW, NULL, 0, "Only what happens from now on, not what there is", 0},
    {"once", KEY_ONCE, NULL, 0, "Leave when all there is has been seen", 0},
    {"count", KEY_COUNT, "N", 0, "Leave after N events", 0},
    OPTION_FRONT,
    OPTION_FEED,
    OPTION_JSON,
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct watch *watch = state->input;
    switch (key) {
    case KEY_NOW:
        watch->now = true;
        return 0;
    case KEY_ONCE:
        watch->once = true;
        return 0;
    case KEY_COUNT:
        watch->count_max = option_number(state, "--count", argument, 1, UINT64_MAX);
        return 0;
    case ARGP_KEY_ARG:
        if (watch->prefixes_count == PREFIXES_MAX)
            argp_error(state, "at most %d prefixes", PREFIXES_MAX);
        watch->prefixes[watch->prefixes_count++] = argument;
        return 0;
    default:
        return common_parse(&watch->common, key, argument);
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[PREFIX...]",
    .doc = "See the events of all units whose key begins with PREFIX: 511126000000.urban is one "
           "unit, 511126 a whole county, none is everything. From the first event of each unit on, "
           "in order, without gaps, also across a restart of the engine.",
};

static const char *what_happened(const Lianxin__V1__Event *event)
{
    return event->case_ != NULL  ? word_name(&type_words, (uint32_t)event->case_->type)
           : event->act != NULL  ? word_name(&verb_words, (uint32_t)event->act->verb)
           : event->book != NULL ? word_name(&how_words, (uint32_t)event->book->how)
                                 : "";
}

/* What is no longer to be done, or was added to a ticket, is marked. */
static const char *what_became(const Lianxin__V1__Event *event)
{
    static char text[32];
    if (event->act != NULL && event->act->verb == LIANXIN__V1__VERB__VERB_REGIME)
        snprintf(text, sizeof text, "%s: ", word_name(&regime_words, (uint32_t)event->act->regime));
    else if (event->book != NULL)
        snprintf(text, sizeof text, "policy %u: ", event->book->policy);
    else if (event->decision != NULL &&
             event->decision->disposition > LIANXIN__V1__DISPOSITION__DISPOSITION_DISPATCH)
        snprintf(text, sizeof text,
                 "%s: ", word_name(&disposition_words, (uint32_t)event->decision->disposition));
    else
        return "";
    return text;
}

static void print_event(const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    char time[32];
    printf("%s  ", format_time(event->time_ms, time));
    print_padded(unit, 34);
    printf(" #%-5" PRIu64 " %s  ", sequence, event->ticket);
    const char *title = event->book != NULL           ? event->book->note
                        : event->story == NULL        ? ""
                        : event->story->title[0] != 0 ? event->story->title
                                                      : event->story->text;
    printf("%-10s %s", what_happened(event), what_became(event));
    print_clipped(title, TITLE_COLUMNS);
}

static bool saw(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    struct watch *watch = self;
    if (watch->count_max > 0 && watch->count == watch->count_max)
        return false;
    watch->count++;
    if (watch->common.json) {
        char *line = json_from_message(&event->base);
        printf("{\"unit\":\"%s\",\"sequence\":%" PRIu64 ",\"event\":%s}\n", unit, sequence, line);
        free(line);
    } else {
        print_event(unit, sequence, event);
    }
    return true;
}

static bool is_done(const struct watch *watch, const struct lianxin_watcher *watcher)
{
    return ended || (watch->count_max > 0 && watch->count == watch->count_max) ||
           (watch->once && lianxin_watcher_caught_up(watcher));
}

static int run(const struct watch *watch, struct lianxin_watcher *watcher)
{
    while (!is_done(watch, watcher)) {
        enum err err = lianxin_watcher_step(watcher, STEP_MS);
        fflush(stdout);
        if (err == OK)
            continue;
        fprintf(stderr, "lianxin: %s\n", lianxin_why());
        if (err != ERR_INVALID)
            return MACHINE;
    }
    return DONE;
}

/* A prefix that no unit's key begins with would be silent for ever. Units that are gone may still
 * be heard of, so it is said, and no more. */
static void say_whom_nobody_is(const struct watch *watch)
{
    for (uint32_t i = 0; i < watch->prefixes_count; i++) {
        Lianxin__V1__Desk desk = LIANXIN__V1__DESK__INIT;
        Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
        Lianxin__V1__Reply *reply;
        desk.unit = (char *)watch->prefixes[i];
        desk.limit = 1;
        request.body_case = LIANXIN__V1__REQUEST__BODY_DESK;
        request.desk = &desk;
        if (ask(&watch->common, &request, &reply) == DONE)
            lianxin__v1__reply__free_unpacked(reply, NULL);
    }
}

int command_watch(int argc, char **argv)
{
    struct watch watch = {.common = {.front = LIANXIN_FRONT, .feed = LIANXIN_FEED}};
    struct sigaction on_end = {.sa_handler = end};
    argp_parse(&argp, argc, argv, 0, NULL, &watch);
    say_whom_nobody_is(&watch);
    if (watch.prefixes_count == 0)
        watch.prefixes[watch.prefixes_count++] = "";
    sigaction(SIGINT, &on_end, NULL);
    sigaction(SIGTERM, &on_end, NULL);
    struct lianxin_watcher_options chosen = {
        .event = saw,
        .self = &watch,
        .start = watch.now ? LIANXIN_FROM_NOW : LIANXIN_FROM_FIRST,
    };
    struct lianxin_watcher *watcher;
    if (lianxin_watcher_open(watch.common.front, watch.common.feed, watch.prefixes,
                             watch.prefixes_count, &chosen, &watcher) != OK) {
        fprintf(stderr, "lianxin: %s\n", lianxin_why());
        return USAGE;
    }
    int code = run(&watch, watcher);
    lianxin_watcher_close(&watcher);
    return code;
}
