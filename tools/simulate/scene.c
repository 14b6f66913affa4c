#include "tools/simulate/scene.h"

#include "tools/command.h"
#include "tools/serve.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLOCK_FD = 3, SAID_BYTES = 4096, TEMPORARY_BYTES_MAX = 64 };

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    interrupted = signal_number;
}

int scene_interrupted(void)
{
    return interrupted;
}

/* -- the spawned engine ------------------------------------------------------------------------ */

static int64_t shared_wall_ms(void *self)
{
    const _Atomic int64_t *now_ms = self;
    return *now_ms;
}

static int64_t real_monotonic_ns(void *self)
{
    (void)self;
    return clock_monotonic_ns(&clock_system);
}

/* A simulation that ended before the kernel was asked to tell of it has another pid. */
static bool dies_with_parent(const char *parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
           getppid() == (pid_t)strtol(parent, NULL, 10);
}

int scene_engine(char **argv)
{
    void *now_ms = mmap(NULL, sizeof(_Atomic int64_t), PROT_READ, MAP_SHARED, CLOCK_FD, 0);
    if (now_ms == MAP_FAILED || !dies_with_parent(argv[4])) {
        fprintf(stderr, "lianxin: this is for `lianxin simulate day` to start: %s\n",
                strerror(errno));
        return MACHINE;
    }
    struct clock clock = {shared_wall_ms, real_monotonic_ns, now_ms};
    struct engine_options options = {
        .city = argv[0],
        .store = argv[1],
        .front = argv[2],
        .feed = argv[3],
        .threads = 2,
        .clock = &clock,
    };
    return serve(&options);
}

/* -- directory and clock ----------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

static bool fail(const char *what)
{
    fprintf(stderr, "simulate: %s: %s\n", what, strerror(errno));
    return false;
}

/* A day begins on an empty store: the log's times never go back. */
static bool check_store(const char *store)
{
    DIR *directory = opendir(store);
    if (directory == NULL)
        return errno == ENOENT || fail(store);
    uint32_t entries = 0;
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
        entries += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(directory);
    if (entries > 0)
        fprintf(stderr,
                "simulate: %s is not empty; a simulated day begins on a store of its own, so name "
                "a directory that is empty or not there yet\n",
                store);
    return entries == 0;
}

static bool open_clock(struct scene *scene)
{
    scene->clock_fd = memfd_create("lianxin-clock", MFD_CLOEXEC);
    if (scene->clock_fd < 0 || ftruncate(scene->clock_fd, sizeof *scene->now_ms) != 0)
        return fail("no memory for the clock");
    scene->now_ms =
        mmap(NULL, sizeof *scene->now_ms, PROT_READ | PROT_WRITE, MAP_SHARED, scene->clock_fd, 0);
    return scene->now_ms != MAP_FAILED || fail("no memory for the clock");
}

bool scene_open(struct scene *scene, const char *city, const char *store)
{
    static const struct sigaction hear = {.sa_handler = interrupt};
    const char *temporary = getenv("TMPDIR");
    if (temporary == NULL || temporary[0] == '\0')
        temporary = "/tmp";
    *scene = (struct scene){.city = city};
    if (strlen(temporary) > TEMPORARY_BYTES_MAX) {
        fprintf(stderr, "simulate: TMPDIR is too long for the names of sockets; at most %d bytes\n",
                TEMPORARY_BYTES_MAX);
        return false;
    }
    if (store != NULL && !check_store(store))
        return false;
    sigaction(SIGINT, &hear, NULL);
    sigaction(SIGTERM, &hear, NULL);
    snprintf(scene->directory, sizeof scene->directory, "%s/lianxin-simulate-XXXXXX", temporary);
    if (mkdtemp(scene->directory) == NULL)
        return fail(scene->directory);
    snprintf(scene->front, sizeof scene->front, "ipc://%.90s/front", scene->directory);
    snprintf(scene->feed, sizeof scene->feed, "ipc://%.90s/feed", scene->directory);
    snprintf(scene->said, sizeof scene->said, "%.90s/said", scene->directory);
    if (store != NULL)
        snprintf(scene->store, sizeof scene->store, "%s", store);
    else
        snprintf(scene->store, sizeof scene->store, "%.90s/store", scene->directory);
    return open_clock(scene);
}

void scene_close(struct scene *scene)
{
    scene_end(scene, SIGKILL);
    if (scene->now_ms != NULL && scene->now_ms != MAP_FAILED)
        munmap(scene->now_ms, sizeof *scene->now_ms);
    if (scene->clock_fd > 0)
        close(scene->clock_fd);
    if (scene->front[0] != '\0')
        nftw(scene->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void scene_set_ms(struct scene *scene, int64_t ms)
{
    *scene->now_ms = ms;
}

/* -- the process ------------------------------------------------------------------------------- */

/* In a group of its own, so that an interrupt from the keyboard is the simulation's to handle. */
bool scene_start(struct scene *scene)
{
    char self[16];
    char *arguments[] = {"lianxin",           "simulate",   "engine",
                         (char *)scene->city, scene->store, scene->front,
                         scene->feed,         self,         NULL};
    snprintf(self, sizeof self, "%ld", (long)getpid());
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, scene->said,
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, scene->clock_fd, CLOCK_FD);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int err =
        posix_spawn(&scene->engine, "/proc/self/exe", &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (err == 0)
        return true;
    scene->engine = 0;
    errno = err;
    return fail("the engine cannot be started");
}

void scene_end(struct scene *scene, int signal_number)
{
    if (scene->engine == 0)
        return;
    struct pollfd end = {.fd = pidfd_open(scene->engine, 0), .events = POLLIN};
    kill(scene->engine, signal_number);
    while (end.fd >= 0 && poll(&end, 1, SCENE_PATIENCE_MS) < 0 && errno == EINTR)
        ;
    if (end.revents == 0)
        kill(scene->engine, SIGKILL);
    if (end.fd >= 0)
        close(end.fd);
    waitpid(scene->engine, NULL, 0);
    scene->engine = 0;
}

static void print_said(const struct scene *scene)
{
    char said[SAID_BYTES] = "";
    FILE *file = fopen(scene->said, "r");
    if (file == NULL)
        return;
    if (fseek(file, -(long)sizeof said, SEEK_END) != 0)
        rewind(file);
    fwrite(said, 1, fread(said, 1, sizeof said, file), stderr);
    fclose(file);
}

bool scene_lives(struct scene *scene)
{
    int status;
    if (scene->engine == 0 || waitpid(scene->engine, &status, WNOHANG) == 0)
        return scene->engine != 0;
    scene->engine = 0;
    if (WIFSIGNALED(status))
        fprintf(stderr, "simulate: the engine was ended by signal %d; it said last:\n",
                WTERMSIG(status));
    else
        fprintf(stderr, "simulate: the engine ended with code %d; it said last:\n",
                WEXITSTATUS(status));
    print_said(scene);
    return false;
}
