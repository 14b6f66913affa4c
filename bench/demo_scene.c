#include "bench/demo_scene.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

void demo_hear_interrupts(void)
{
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);
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

void demo_start_engine(struct demo *demo)
{
    char store[2 * PATH_BYTES];
    char log[2 * PATH_BYTES];
    snprintf(store, sizeof store, "%s/store", demo->directory);
    demo_file(demo, "engine", 0, log);
    char *arguments[] = {"lianxin", "serve",     "--city", "cities/leshan", "--store", store,
                         "--front", demo->front, "--feed", demo->feed,      NULL};
    demo->engine = start(demo, -1, log, log, arguments);
}

void demo_start_adapter(struct demo *demo, int index)
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

void demo_start_watcher(struct demo *demo, int index)
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

void demo_end_process(pid_t *pid, int signal_number)
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

void demo_clean_up(struct demo *demo)
{
    for (int i = 0; i < ADAPTERS; i++)
        demo_end_process(&demo->adapters[i], SIGKILL);
    for (int i = 0; i < WATCHERS; i++)
        demo_end_process(&demo->watchers[i], SIGKILL);
    demo_end_process(&demo->engine, SIGKILL);
    nftw(demo->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    policy_destroy(&demo->policy);
}

void demo_fail(struct demo *demo, const char *why)
{
    fprintf(stderr, "demo: %s\n", why);
    demo_clean_up(demo);
    exit(EXIT_FAILURE);
}

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
