#include "bench/server.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/disk.h"
#include "bench/fail.h"
#include "proto/lianxin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum {
    START_MS = 120000, /* ten years of log are read back within it */
    END_MS = 60000,
    ASK_BYTES = 16,
    CANNOT_START = 127,
};

/* -- directories ------------------------------------------------------------------------------- */

static struct server *current; /* for who ends all of a sudden */

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

static void remove_all(const char *directory)
{
    nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void clear_up(void)
{
    if (current == NULL)
        return;
    if (current->process != 0) {
        kill(current->process, SIGKILL);
        waitpid(current->process, NULL, 0);
    }
    remove_all(current->directory);
}

/* Of a harness that runs no more, or of this one before. */
static bool is_leftover(const char *name)
{
    static const char prefix[] = "run-";
    if (strncmp(name, prefix, strlen(prefix)) != 0)
        return false;
    pid_t owner = (pid_t)strtol(name + strlen(prefix), NULL, 10);
    return owner == getpid() || (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH);
}

/* What harnesses left behind that were killed. */
static void remove_leftovers(const char *parent)
{
    char path[SERVER_PATH_BYTES];
    DIR *entries = opendir(parent);
    if (entries == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (!is_leftover(entry->d_name))
            continue;
        snprintf(path, sizeof path, "%.200s/%.200s", parent, entry->d_name);
        remove_all(path);
    }
    closedir(entries);
}

static void make_directory(struct server *server, const char *parent)
{
    disk_check(parent);
    remove_leftovers(parent);
    snprintf(server->directory, sizeof server->directory, "%.256s/run-%d", parent, (int)getpid());
    if (mkdir(server->directory, 0700) != 0)
        fail("%s: %s", server->directory, strerror(errno));
}

void server_init(struct server *server, const char *parent, const char *program, const char *city,
                 uint32_t threads)
{
    static bool will_clear_up;
    CHECK(current == NULL);
    *server = (struct server){.program = program != NULL ? program : "/proc/self/exe",
                              .city = city,
                              .threads = threads,
                              .context = zmq_ctx_new()};
    CHECK(server->context != NULL);
    make_directory(server, parent);
    snprintf(server->store, sizeof server->store, "%.300s/store", server->directory);
    snprintf(server->front, sizeof server->front, "ipc://%.300s/front", server->directory);
    snprintf(server->feed, sizeof server->feed, "ipc://%.300s/feed", server->directory);
    snprintf(server->said, sizeof server->said, "%.300s/said", server->directory);
    current = server;
    if (!will_clear_up)
        will_clear_up = atexit(clear_up) == 0;
}

void server_fini(struct server *server)
{
    clear_up();
    current = NULL;
    zmq_ctx_term(server->context);
    *server = (struct server){0};
}

/* -- the process ------------------------------------------------------------------------------- */

/* The last line that it said. */
static const char *last_words(const struct server *server)
{
    static char line[1024];
    FILE *file = fopen(server->said, "r");
    if (file == NULL)
        return "nothing";
    while (fgets(line, sizeof line, file) != NULL)
        continue;
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    return line[0] != '\0' ? line : "nothing";
}

/* The child of a vfork: nothing but system calls, and none that returns. */
__attribute__((noreturn)) static void become(const struct server *server, char *const arguments[])
{
    int said = open(server->said, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (said >= 0 && dup2(said, STDERR_FILENO) >= 0 && dup2(said, STDOUT_FILENO) >= 0 &&
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0)
        execve(server->program, arguments, environ);
    _exit(CANNOT_START);
}

/* A reply within so many milliseconds, or NULL. */
static Lianxin__V1__Reply *receive(void *socket, int timeout_ms)
{
    zmq_msg_t message;
    Lianxin__V1__Reply *reply = NULL;
    zmq_msg_init(&message);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    if (zmq_msg_recv(&message, socket, 0) >= 0)
        reply = lianxin__v1__reply__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    zmq_msg_close(&message);
    return reply;
}

/* Its own socket and not the client library's: that tries to connect every 100 ms, as is right for
 * those who wait for an engine, and would round the time of a start up to that. */
static void *ask_status(const struct server *server)
{
    static const int now = 0, often_ms = 1;
    Lianxin__V1__Status what = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    uint8_t frame[ASK_BYTES];
    request.version = LIANXIN_VERSION;
    request.id = 1;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &what;
    CHECK(lianxin__v1__request__get_packed_size(&request) <= sizeof frame);
    void *socket = zmq_socket(server->context, ZMQ_DEALER);
    CHECK(socket != NULL);
    zmq_setsockopt(socket, ZMQ_LINGER, &now, sizeof now);
    zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &often_ms, sizeof often_ms);
    int connected = zmq_connect(socket, server->front);
    CHECK(connected == 0);
    int sent = zmq_send(socket, frame, lianxin__v1__request__pack(&request, frame), 0);
    CHECK(sent > 0);
    return socket;
}

Lianxin__V1__Reply *server_status(const struct server *server)
{
    void *socket = ask_status(server);
    Lianxin__V1__Reply *reply = receive(socket, START_MS);
    zmq_close(socket);
    if (reply == NULL || reply->body_case != LIANXIN__V1__REPLY__BODY_STATUS)
        fail("the engine tells no status; it said last: %s", last_words(server));
    return reply;
}

/* Until it answers, or has ended. */
static void await_first_answer(struct server *server)
{
    enum { LOOK_MS = 100 };
    void *socket = ask_status(server);
    Lianxin__V1__Reply *reply = NULL;
    for (int waited = 0; waited < START_MS && reply == NULL; waited += LOOK_MS) {
        reply = receive(socket, LOOK_MS);
        if (reply == NULL && waitpid(server->process, NULL, WNOHANG) == server->process) {
            server->process = 0;
            fail("the engine does not start: %s", last_words(server));
        }
    }
    zmq_close(socket);
    if (reply == NULL)
        fail("the engine does not answer within %d s", START_MS / 1000);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

void server_start(struct server *server)
{
    char threads[16];
    snprintf(threads, sizeof threads, "%u", server->threads);
    char *const arguments[] = {"lianxin", "serve",       "--city",    (char *)server->city,
                               "--store", server->store, "--front",   server->front,
                               "--feed",  server->feed,  "--threads", threads,
                               NULL};
    int64_t start_ns = clock_monotonic_ns(&clock_system);
    /* vfork, since only then the child can ask to die with this process, and a harness with
     * gigabytes of messages need not copy its page tables while a start is timed. */
    pid_t process = vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork)
    if (process == 0)
        become(server, arguments); // NOLINT(clang-analyzer-unix.Vfork)
    if (process < 0)
        fail("no process: %s", strerror(errno));
    server->process = process;
    await_first_answer(server);
    server->start_seconds = (double)(clock_monotonic_ns(&clock_system) - start_ns) / 1e9;
}

void server_end(struct server *server, int signal_number)
{
    int status = 0;
    pid_t process = server->process;
    struct pollfd end = {.fd = pidfd_open(process, 0), .events = POLLIN};
    if (end.fd < 0)
        fail("the engine's process cannot be watched: %s", strerror(errno));
    kill(process, signal_number);
    bool ended = poll(&end, 1, END_MS) == 1;
    close(end.fd);
    if (!ended)
        kill(process, SIGKILL);
    waitpid(process, &status, 0);
    server->process = 0;
    if (signal_number == SIGTERM && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
        fail("the engine did not end in order; it said last: %s", last_words(server));
}

/* -- what the kernel counts -------------------------------------------------------------------- */

/* The number behind a name in /proc/PID/FILE. */
static uint64_t proc_number(pid_t process, const char *file, const char *name)
{
    char path[64];
    char line[256];
    uint64_t number = 0;
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, file);
    FILE *lines = fopen(path, "r");
    if (lines == NULL)
        fail("%s: %s", path, strerror(errno));
    while (!found && fgets(line, sizeof line, lines) != NULL) {
        found = strncmp(line, name, strlen(name)) == 0;
        number = found ? strtoull(line + strlen(name), NULL, 10) : 0;
    }
    fclose(lines);
    if (!found)
        fail("%s has no %s", path, name);
    return number;
}

struct usage server_usage(const struct server *server)
{
    clockid_t cpu;
    struct timespec used = {0};
    if (clock_getcpuclockid(server->process, &cpu) != 0 || clock_gettime(cpu, &used) != 0)
        fail("the engine's CPU time cannot be read");
    return (struct usage){
        .cpu_seconds = (double)used.tv_sec + (double)used.tv_nsec / 1e9,
        .written_bytes = proc_number(server->process, "io", "write_bytes:"),
        .resident_bytes = proc_number(server->process, "status", "VmRSS:") * 1024,
        .anonymous_bytes = proc_number(server->process, "status", "RssAnon:") * 1024,
    };
}
