/* submit - cases in, one JSON object a line; answers out as they come.
 *
 * Reads while it sends: lines that arrive slowly are sent as they arrive. Every case is answered
 * once, however often it had to be sent.
 */
#include "base/check.h"
#include "base/clock.h"
#include "domain/words.h"
#include "tools/command.h"
#include "tools/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_STRICT = KEY_FIRST_OWN,
    KEY_WINDOW,
    KEY_BATCH,
    LINE_BYTES_MAX = 1024 * 1024,
    STEP_MS = 20,
    SILENCE_S = 5,
    OUTCOMES = LIANXIN__V1__OUTCOME__OUTCOME_REFUSED + 1,
};

struct submit {
    struct common common;
    bool strict;
    uint32_t window;
    uint32_t per_message;
    const char *file;
    struct lianxin_submitter *submitter;
    uint64_t line; /* of the input, from 1 */
    uint64_t unreadable;
    uint64_t counts[OUTCOMES];
    int64_t heard_ns; /* when the engine answered last, or was given something to answer */
    bool silent;      /* it was said that it does not */
    char *buffer;
    size_t buffered;
    bool skipping; /* the rest of a line that is too long */
    bool ended;
};

static const struct argp_option options[] = {
    {"strict", KEY_STRICT, NULL, 0, "Refuse what would otherwise go to the desk as doubtful", 0},
    {"window", KEY_WINDOW, "N", 0, "Cases unanswered at a time, at most (4096)", 0},
    {"batch", KEY_BATCH, "N", 0, "Cases a message, at most (64)", 0},
    OPTION_FRONT,
    OPTION_JSON,
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct submit *submit = state->input;
    switch (key) {
    case KEY_STRICT:
        submit->strict = true;
        return 0;
    case KEY_WINDOW:
        submit->window = (uint32_t)option_number(state, "--window", argument, 1, 1000000);
        return 0;
    case KEY_BATCH:
        submit->per_message =
            (uint32_t)option_number(state, "--batch", argument, 1, LIANXIN_SUBMIT_CASES_MAX);
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        submit->file = argument;
        return 0;
    default:
        return common_parse(&submit->common, key, argument);
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[FILE]",
    .doc = "Submit cases from FILE or standard input, one JSON object a line with the fields of "
           "Case in lianxin.proto. Needed are source, external_id, channel and type. Each is sent "
           "until it is answered; answers come as they are known, with the line number, the "
           "outcome, the ticket and its main unit, what becomes of the case, and the deadline or "
           "what to tell the citizen. Exit 1 where any was not accepted.",
};

/* -- answers ----------------------------------------------------------------------------------- */

static const char *const outcome_names[OUTCOMES] = {"",        "accepted",  "duplicate", "conflict",
                                                    "invalid", "try again", "refused"};

/* What became of it, and by when, or what to tell the citizen. */
static void print_handling(const Lianxin__V1__Answer *answer)
{
    char time[32];
    printf("\t%s", word_name(&disposition_words, (uint32_t)answer->disposition));
    if (answer->due_ms != 0)
        printf("\tlate from %s%s", format_time(answer->due_ms, time),
               answer->provisional ? " (provisional)" : "");
    if (answer->advice[0] != '\0')
        printf("\t%s", answer->advice);
}

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    struct submit *submit = self;
    submit->counts[answer->outcome]++;
    submit->heard_ns = clock_monotonic_ns(&clock_system);
    submit->silent = false;
    if (submit->common.json) {
        char *line = json_from_message(&answer->base);
        printf("{\"line\":%" PRIu64 ",%s\n", tag, line + 1);
        free(line);
        return;
    }
    printf("%" PRIu64 "\t%s\t%s\t%s", tag, outcome_names[answer->outcome], answer->number,
           answer->unit);
    if (answer->disposition != 0)
        print_handling(answer);
    if (answer->field[0] != '\0' || answer->message[0] != '\0')
        printf("\t%s%s%s%s%s", answer->field, answer->value[0] != '\0' ? " '" : "", answer->value,
               answer->value[0] != '\0' ? "': " : ": ", answer->message);
    putchar('\n');
}

/* Says once that nothing is answered for good; the cases are sent again by themselves. */
static void mind_silence(struct submit *submit)
{
    uint32_t pending = lianxin_submitter_pending(submit->submitter);
    int64_t silence_ns = clock_monotonic_ns(&clock_system) - submit->heard_ns;
    if (submit->silent || pending == 0 || silence_ns < SILENCE_S * INT64_C(1000000000))
        return;
    submit->silent = true;
    fprintf(stderr,
            "lianxin: nothing is stored for %d s: no engine is at %s, or it takes no cases now "
            "(lianxin status); sending again until it does\n",
            SILENCE_S, submit->common.front);
}

static int step(struct submit *submit, int timeout_ms)
{
    if (lianxin_submitter_step(submit->submitter, timeout_ms) == OK) {
        mind_silence(submit);
        return DONE;
    }
    fprintf(stderr, "lianxin: %s\n", lianxin_why());
    return MACHINE;
}

/* -- lines ------------------------------------------------------------------------------------- */

static int submit_case(struct submit *submit, const Lianxin__V1__Case *one)
{
    enum err err;
    if (lianxin_submitter_pending(submit->submitter) == 0)
        submit->heard_ns = clock_monotonic_ns(&clock_system);
    while ((err = lianxin_submitter_submit(submit->submitter, one, submit->line)) == ERR_FULL) {
        int code = step(submit, STEP_MS);
        if (code != DONE)
            return code;
    }
    if (err == OK)
        return DONE;
    fprintf(stderr, "lianxin: line %" PRIu64 ": %s\n", submit->line, lianxin_why());
    submit->unreadable++;
    return DONE;
}

static int take_line(struct submit *submit, struct span line)
{
    char fault[JSON_FAULT_BYTES];
    submit->line++;
    if (submit->skipping || line.bytes == 0) {
        submit->skipping = false;
        return DONE;
    }
    struct arena *arena = arena_create();
    const Lianxin__V1__Case *one =
        json_to_message(&lianxin__v1__case__descriptor, line, arena, fault);
    int code = DONE;
    if (one != NULL) {
        code = submit_case(submit, one);
    } else {
        fprintf(stderr, "lianxin: line %" PRIu64 ": %s\n", submit->line, fault);
        submit->unreadable++;
    }
    arena_destroy(&arena);
    return code;
}

/* A line that fills the buffer; its end may be far. */
static void skip_line(struct submit *submit)
{
    if (!submit->skipping) {
        fprintf(stderr, "lianxin: line %" PRIu64 ": is longer than 1 MiB\n", submit->line + 1);
        submit->unreadable++;
    }
    submit->skipping = true;
    submit->buffered = 0;
}

static int take_lines(struct submit *submit)
{
    size_t start = 0;
    int code = DONE;
    for (;;) {
        char *end = memchr(submit->buffer + start, '\n', submit->buffered - start);
        if (end == NULL || code != DONE)
            break;
        size_t limit = (size_t)(end - submit->buffer);
        code = take_line(submit, span_of(submit->buffer + start, limit - start));
        start = limit + 1;
    }
    memmove(submit->buffer, submit->buffer + start, submit->buffered - start);
    submit->buffered -= start;
    if (submit->buffered == LINE_BYTES_MAX)
        skip_line(submit);
    return code;
}

/* What has arrived of the input, without waiting for more. */
static int read_some(struct submit *submit, int fd)
{
    struct pollfd input = {.fd = fd, .events = POLLIN};
    int timeout_ms = lianxin_submitter_pending(submit->submitter) > 0 ? 0 : STEP_MS;
    if (poll(&input, 1, timeout_ms) <= 0)
        return DONE;
    ssize_t got = read(fd, submit->buffer + submit->buffered, LINE_BYTES_MAX - submit->buffered);
    if (got < 0 && errno == EINTR)
        return DONE;
    if (got <= 0) {
        submit->ended = true;
        bool rest = submit->buffered > 0;
        size_t bytes = submit->buffered;
        submit->buffered = 0;
        return rest ? take_line(submit, span_of(submit->buffer, bytes)) : DONE;
    }
    submit->buffered += (size_t)got;
    return take_lines(submit);
}

static int pump(struct submit *submit, int fd)
{
    int code = DONE;
    while (code == DONE && !submit->ended) {
        code = read_some(submit, fd);
        if (code == DONE && lianxin_submitter_pending(submit->submitter) > 0)
            code = step(submit, 0);
        fflush(stdout);
    }
    while (code == DONE && lianxin_submitter_pending(submit->submitter) > 0)
        code = step(submit, STEP_MS);
    return code;
}

/* -- the whole --------------------------------------------------------------------------------- */

static int summarise(const struct submit *submit)
{
    uint64_t good = submit->counts[LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED] +
                    submit->counts[LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE];
    uint64_t all = submit->unreadable;
    for (int i = 0; i < OUTCOMES; i++)
        all += submit->counts[i];
    fprintf(stderr, "submit: %" PRIu64 " case%s", all, all == 1 ? "" : "s");
    for (int i = 1; i < OUTCOMES; i++)
        if (submit->counts[i] > 0)
            fprintf(stderr, ", %" PRIu64 " %s", submit->counts[i], outcome_names[i]);
    if (submit->unreadable > 0)
        fprintf(stderr, ", %" PRIu64 " unreadable", submit->unreadable);
    fputc('\n', stderr);
    return good == all ? DONE : WRONG;
}

static int open_input(const char *file)
{
    return file == NULL || strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
}

int command_submit(int argc, char **argv)
{
    struct submit submit = {.common = {.front = LIANXIN_FRONT}};
    argp_parse(&argp, argc, argv, 0, NULL, &submit);
    int fd = open_input(submit.file);
    if (fd < 0) {
        fprintf(stderr, "lianxin: %s: %s\n", submit.file, strerror(errno));
        return USAGE;
    }
    struct lianxin_submitter_options chosen = {
        .answered = answered,
        .self = &submit,
        .strict = submit.strict,
        .window = submit.window,
        .per_message = submit.per_message,
    };
    if (lianxin_submitter_open(submit.common.front, &chosen, &submit.submitter) != OK) {
        fprintf(stderr, "lianxin: %s\n", lianxin_why());
        return USAGE;
    }
    submit.buffer = malloc(LINE_BYTES_MAX);
    CHECK(submit.buffer != NULL);
    int code = pump(&submit, fd);
    free(submit.buffer);
    lianxin_submitter_close(&submit.submitter);
    fflush(stdout);
    return code == DONE ? summarise(&submit) : code;
}
