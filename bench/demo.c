#include "bench/demo.h"

#include "tools/json.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAUSE_MS = 40 /* between two cases of one adapter, so that there is a half-way */ };

const struct watched watched[WATCHERS] = {
    {"511100000000.housing_fund", "one city department"},
    {"511126", "all of 夹江县"},
    {"511102004001", "one village"},
    {"", "everything"},
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

void demo_pause_ms(struct demo *demo, long ms)
{
    struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&span, NULL);
    if (interrupted)
        demo_fail(demo, "interrupted");
}

/* -- processes --------------------------------------------------------------------------------- */

void demo_file(const struct demo *demo, const char *name, int index, char *path)
{
    snprintf(path, (size_t)2 * PATH_BYTES, "%s/%s%d", demo->directory, name, index);
}

static pid_t start(struct demo *demo, int input, const char *output, const char *errors,
                   char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    if (input >= 0)
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    int spawned = posix_spawn(&pid, demo->program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (spawned != 0)
        demo_fail(demo, "a process cannot be started");
    return pid;
}

static void start_engine(struct demo *demo)
{
    char store[2 * PATH_BYTES];
    char log[2 * PATH_BYTES];
    snprintf(store, sizeof store, "%s/store", demo->directory);
    demo_file(demo, "engine", 0, log);
    char *arguments[] = {"lianxin", "serve",     "--city", "cities/leshan", "--store", store,
                         "--front", demo->front, "--feed", demo->feed,      NULL};
    demo->engine = start(demo, -1, log, log, arguments);
}

static void start_adapter(struct demo *demo, int index)
{
    char answers[2 * PATH_BYTES];
    char errors[2 * PATH_BYTES];
    int ends[2];
    demo_file(demo, "answers", index, answers);
    demo_file(demo, "errors", index, errors);
    if (pipe2(ends, O_CLOEXEC) != 0)
        demo_fail(demo, "no pipe is to be had");
    char *arguments[] = {"lianxin", "submit", "--json", "--front", demo->front, NULL};
    demo->adapters[index] = start(demo, ends[0], answers, errors, arguments);
    close(ends[0]);
    demo->inputs[index] = ends[1];
    cases_init(&demo->cases[index], demo->policy->city,
               word_name(&channel_words, (uint32_t)index + 1), (enum channel)(index + 1),
               (uint64_t)index + 1);
}

static void start_watcher(struct demo *demo, int index)
{
    char events[2 * PATH_BYTES];
    char errors[2 * PATH_BYTES];
    demo_file(demo, "events", index, events);
    demo_file(demo, "watch", index, errors);
    char *arguments[] = {"lianxin",   "watch",  "--json",   "--front",
                         demo->front, "--feed", demo->feed, (char *)watched[index].prefix,
                         NULL};
    demo->watchers[index] = start(demo, -1, events, errors, arguments);
}

static void end_process(pid_t *pid, int signal_number)
{
    if (*pid <= 0)
        return;
    kill(*pid, signal_number);
    waitpid(*pid, NULL, 0);
    *pid = 0;
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

static void clean_up(struct demo *demo)
{
    for (int i = 0; i < ADAPTERS; i++)
        end_process(&demo->adapters[i], SIGKILL);
    for (int i = 0; i < WATCHERS; i++)
        end_process(&demo->watchers[i], SIGKILL);
    end_process(&demo->engine, SIGKILL);
    nftw(demo->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    policy_destroy(&demo->policy);
}

void demo_fail(struct demo *demo, const char *why)
{
    fprintf(stderr, "demo: %s\n", why);
    clean_up(demo);
    exit(EXIT_FAILURE);
}

/* -- the run ----------------------------------------------------------------------------------- */

uint32_t demo_count_lines(const char *path)
{
    FILE *file = fopen(path, "r");
    uint32_t lines = 0;
    int c;
    if (file == NULL)
        return 0;
    while ((c = getc(file)) != EOF)
        lines += c == '\n';
    fclose(file);
    return lines;
}

static uint32_t count_files(const struct demo *demo, const char *name, int count)
{
    char path[2 * PATH_BYTES];
    uint32_t lines = 0;
    for (int i = 0; i < count; i++) {
        demo_file(demo, name, i, path);
        lines += demo_count_lines(path);
    }
    return lines;
}

/* Neighbours who quarrel are the village's own business, so the watched one hears of it. */
static void send_to_watched_village(struct made_case *made)
{
    made->message.place = "511102004001";
    made->message.category = "170302";
    made->message.type = LIANXIN__V1__TYPE__TYPE_HELP;
    made->message.applicant = LIANXIN__V1__APPLICANT__APPLICANT_CITIZEN;
}

static void hand_in(struct demo *demo, int adapter, bool to_village)
{
    struct made_case made;
    cases_next(&demo->cases[adapter], &made);
    if (to_village)
        send_to_watched_village(&made);
    char *line = json_from_message(&made.message.base);
    size_t bytes = strlen(line);
    line[bytes] = '\n';
    if (write(demo->inputs[adapter], line, bytes + 1) != (ssize_t)bytes + 1)
        demo_fail(demo, "an adapter takes no more");
    free(line);
    demo->submitted++;
}

static void kill_and_restart(struct demo *demo)
{
    uint32_t answered = count_files(demo, "answers", ADAPTERS);
    end_process(&demo->engine, SIGKILL);
    printf("  engine killed (SIGKILL) with %u of %d cases answered ... ", answered, CASES);
    fflush(stdout);
    start_engine(demo);
    puts("started again");
}

static void submit_all(struct demo *demo)
{
    for (int round = 0; round < CASES_EACH; round++) {
        for (int i = 0; i < ADAPTERS; i++)
            hand_in(demo, i, round == 0);
        demo_pause_ms(demo, PAUSE_MS);
        if (round == CASES_EACH / 2)
            kill_and_restart(demo);
    }
    for (int i = 0; i < ADAPTERS; i++)
        close(demo->inputs[i]);
    for (int i = 0; i < ADAPTERS; i++) {
        waitpid(demo->adapters[i], NULL, 0);
        demo->adapters[i] = 0;
    }
}

int main(int argc, char **argv)
{
    struct demo demo = {.program = argc > 1 ? argv[1] : "lianxin"};
    struct diag *diag = diag_create();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);
    setvbuf(stdout, NULL, _IOLBF, 0);
    snprintf(demo.directory, sizeof demo.directory, "/tmp/lianxin-demo-XXXXXX");
    if (mkdtemp(demo.directory) == NULL) {
        perror("demo");
        return EXIT_FAILURE;
    }
    snprintf(demo.front, sizeof demo.front, "ipc://%.100s/front", demo.directory);
    snprintf(demo.feed, sizeof demo.feed, "ipc://%.100s/feed", demo.directory);
    if (policy_load("cities/leshan", diag, &demo.policy) != OK) {
        diag_print(diag, stderr);
        demo_fail(&demo, "the city has errors");
    }
    diag_destroy(&diag);
    printf("demo: %d adapters submit %d cases to the engine of 乐山市\n\n", ADAPTERS, CASES);
    start_engine(&demo);
    for (int i = 0; i < WATCHERS; i++)
        start_watcher(&demo, i);
    for (int i = 0; i < ADAPTERS; i++)
        start_adapter(&demo, i);
    submit_all(&demo);
    int code = demo_report(&demo);
    clean_up(&demo);
    return code;
}
