/* year - a year of cases through the engine: durable, assigned, published, acknowledged, received.
 *
 * 642,189 made-up cases over the real tree, handed in by one submitter, by 64 a message and then
 * one a message, to an engine in a process of its own on a fresh store with full durability; one
 * subscriber to everything. Seconds run from the first case handed in to the last event received
 * and the last answer. Each case must arrive in its main unit's feed exactly once. Beside it, in
 * the same run and directory, the disk's own floor: appending and syncing as many bytes in as many
 * steps as the engine made commits.
 */
#include "base/check.h"
#include "base/clock.h"
#include "bench/cases.h"
#include "domain/policy.h"
#include "proto/lianxin.h"

#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { YEAR = 642189, STEP_MS = 50, PATH_BYTES = 128, FLOOR_STEPS_MAX = 20000 };

struct run {
    const char *program;
    const struct city *city;
    char directory[PATH_BYTES], store[2 * PATH_BYTES], front[2 * PATH_BYTES], feed[2 * PATH_BYTES];
    pid_t engine;
    uint32_t cases;
    uint32_t answered;
    uint8_t *seen; /* by external id: how often its main unit had it */
    uint32_t received;
    uint64_t events;
};

static double seconds_since(int64_t start_ns)
{
    return (double)(clock_monotonic_ns(&clock_system) - start_ns) / 1e9;
}

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "year: %s: %s\n", what, lianxin_why());
    exit(EXIT_FAILURE);
}

static void start_engine(struct run *run, const char *threads)
{
    char *arguments[] = {"lianxin",   "serve",         "--city",   "cities/leshan", "--store",
                         run->store,  "--front",       run->front, "--feed",        run->feed,
                         "--threads", (char *)threads, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    must(posix_spawn(&run->engine, run->program, &actions, NULL, arguments, environ) == 0,
         "the engine cannot be started");
    posix_spawn_file_actions_destroy(&actions);
}

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    struct run *run = self;
    (void)tag;
    must(answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, answer->message);
    run->answered++;
}

static bool saw(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    struct run *run = self;
    (void)sequence;
    run->events++;
    if (strcmp(unit, event->assignments[0]->unit) != 0)
        return true; /* a co-unit's */
    run->seen[strtoul(event->case_->external_id, NULL, 10) - 1]++;
    run->received++;
    return true;
}

static void *watch(void *self)
{
    struct run *run = self;
    const char *const prefixes[] = {""};
    struct lianxin_watcher_options options = {.event = saw, .self = run};
    struct lianxin_watcher *watcher;
    must(lianxin_watcher_open(run->front, run->feed, prefixes, 1, &options, &watcher) == OK,
         "the watcher cannot be opened");
    while (run->received < run->cases)
        must(lianxin_watcher_step(watcher, STEP_MS) == OK, "watching failed");
    lianxin_watcher_close(&watcher);
    return NULL;
}

static void submit(struct run *run, uint32_t per_message)
{
    struct lianxin_submitter_options options = {.answered = answered,
                                                .self = run,
                                                .window = 16384,
                                                .per_message = per_message,
                                                .resend_ms = 60000};
    struct lianxin_submitter *submitter;
    struct cases cases;
    struct made_case made;
    cases_init(&cases, run->city, "year", CHANNEL_NONE, per_message);
    must(lianxin_submitter_open(run->front, &options, &submitter) == OK,
         "the submitter cannot be opened");
    for (uint32_t i = 0; i < run->cases; i++) {
        enum err err;
        cases_next(&cases, &made);
        while ((err = lianxin_submitter_submit(submitter, &made.message, i)) == ERR_FULL)
            must(lianxin_submitter_step(submitter, STEP_MS) == OK, "submitting failed");
        must(err == OK, "a case is refused");
        if (i % per_message == per_message - 1)
            must(lianxin_submitter_step(submitter, 0) == OK, "submitting failed");
    }
    while (run->answered < run->cases)
        must(lianxin_submitter_step(submitter, STEP_MS) == OK, "submitting failed");
    lianxin_submitter_close(&submitter);
}

static Lianxin__V1__Reply *ask_status(struct run *run)
{
    Lianxin__V1__Status what = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    struct lianxin_client *client;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &what;
    must(lianxin_client_open(run->front, NULL, &client) == OK &&
             lianxin_client_ask(client, &request, 10000, &reply) == OK,
         "no status");
    lianxin_client_close(&client);
    return reply;
}

/* As many bytes in as many synced steps, into a file beside the store. */
static double floor_seconds(const struct run *run, uint64_t bytes, uint64_t steps)
{
    char path[2 * PATH_BYTES];
    snprintf(path, sizeof path, "%s/floor", run->directory);
    steps = steps > FLOOR_STEPS_MAX ? FLOOR_STEPS_MAX : steps > 0 ? steps : 1;
    size_t step = (size_t)(bytes / steps) + 1;
    uint8_t *buffer = malloc(step);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(buffer != NULL && fd >= 0);
    memset(buffer, 0x5A, step);
    int64_t start_ns = clock_monotonic_ns(&clock_system);
    for (uint64_t i = 0; i < steps; i++)
        must(write(fd, buffer, step) == (ssize_t)step && fdatasync(fd) == 0, "the floor failed");
    double seconds = seconds_since(start_ns);
    close(fd);
    unlink(path);
    free(buffer);
    return seconds;
}

static void print_stages(const Lianxin__V1__StatusReport *status)
{
    printf("    CPU");
    for (size_t i = 0; i < status->n_stages; i++)
        printf(" %s %.2f s%s", status->stages[i]->name, (double)status->stages[i]->cpu_us / 1e6,
               i + 1 < status->n_stages ? "," : "\n");
    for (size_t i = 0; i < status->n_threads; i++)
        printf("    thread %-22s %6.2f s, %" PRIu64 " wake-ups\n", status->threads[i]->stages,
               (double)status->threads[i]->cpu_us / 1e6, status->threads[i]->wakeups);
}

static void check_once(const struct run *run)
{
    uint32_t lost = 0;
    uint32_t doubled = 0;
    for (uint32_t i = 0; i < run->cases; i++) {
        lost += run->seen[i] == 0;
        doubled += run->seen[i] > 1;
    }
    printf("    %" PRIu64 " events received, %u lost, %u doubled\n", run->events, lost, doubled);
    if (lost + doubled > 0)
        exit(EXIT_FAILURE);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

static void push(struct run *run, uint32_t per_message, const char *threads)
{
    pthread_t watcher;
    snprintf(run->directory, sizeof run->directory, "build/year-XXXXXX");
    must(mkdtemp(run->directory) != NULL, "no directory");
    snprintf(run->store, sizeof run->store, "%s/store", run->directory);
    snprintf(run->front, sizeof run->front, "ipc://%s/front", run->directory);
    snprintf(run->feed, sizeof run->feed, "ipc://%s/feed", run->directory);
    run->answered = run->received = 0;
    run->events = 0;
    memset(run->seen, 0, run->cases);
    start_engine(run, threads);
    lianxin__v1__reply__free_unpacked(ask_status(run), NULL); /* it is up */
    must(pthread_create(&watcher, NULL, watch, run) == 0, "no thread");
    int64_t start_ns = clock_monotonic_ns(&clock_system);
    submit(run, per_message);
    double acknowledged = seconds_since(start_ns);
    pthread_join(watcher, NULL);
    double seconds = seconds_since(start_ns);
    Lianxin__V1__Reply *reply = ask_status(run);
    const Lianxin__V1__StatusReport *status = reply->status;
    double floor = floor_seconds(run, status->store_bytes, status->groups);
    printf("  %u a message, --threads %s: %.2f s, %.0f cases/s (acknowledged after %.2f s)\n",
           per_message, threads, seconds, run->cases / seconds, acknowledged);
    printf("    %" PRIu64
           " commits, %.0f bytes a case; the disk alone for that: %.2f s, ratio %.1f\n",
           status->groups, (double)status->store_bytes / run->cases, floor, seconds / floor);
    print_stages(status);
    check_once(run);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    kill(run->engine, SIGTERM);
    waitpid(run->engine, NULL, 0);
    nftw(run->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv)
{
    struct run run = {.program = argc > 1 ? argv[1] : "lianxin",
                      .cases = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : YEAR};
    const char *threads = argc > 3 ? argv[3] : "2";
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    must(policy_load("cities/leshan", diag, &policy) == OK, "the city has errors");
    diag_destroy(&diag);
    run.city = policy->city;
    run.seen = calloc(run.cases, 1);
    CHECK(run.seen != NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN); /* whoever stops reading leaves the engine to be ended all the same */
    printf("year: %u cases, full durability, one subscriber to everything, %ld cores\n", run.cases,
           sysconf(_SC_NPROCESSORS_ONLN));
    push(&run, 64, threads);
    push(&run, 1, threads);
    free(run.seen);
    policy_destroy(&policy);
    return EXIT_SUCCESS;
}
