#include "bench/redis/process.h"

#include "base/check.h"
#include "bench/disk.h"
#include "bench/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { START_MS = 10000, LOOK_MS = 20, CANNOT_START = 127, DIRECTORY_BYTES_MAX = 80 };

/* -- asking ---------------------------------------------------------------------------------- */

static void socket_path(const struct process *process, char path[PROCESS_PATH_BYTES])
{
    snprintf(path, PROCESS_PATH_BYTES, "%.80s/socket", process->directory);
}

/* An answer of the wanted kind, the caller's to free. */
static redisReply *ask(const struct process *process, const char *command, int type)
{
    char path[PROCESS_PATH_BYTES];
    socket_path(process, path);
    redisContext *context = redisConnectUnix(path);
    if (context == NULL || context->err != 0)
        fail("redis cannot be asked: %s", context == NULL ? "no memory" : context->errstr);
    redisReply *reply = redisCommand(context, command);
    if (reply == NULL || reply->type != type)
        fail("redis does not answer %s as expected: %s", command,
             reply != NULL && reply->str != NULL ? reply->str : context->errstr);
    redisFree(context);
    return reply;
}

uint64_t process_entries(const struct process *process)
{
    redisReply *reply = ask(process, "XLEN cases", REDIS_REPLY_INTEGER);
    uint64_t entries = (uint64_t)reply->integer;
    freeReplyObject(reply);
    return entries;
}

/* Does it do what it was told? A figure without durability would be worth nothing. */
static void check_setting(const struct process *process, const char *name, const char *wanted)
{
    char command[64];
    snprintf(command, sizeof command, "CONFIG GET %s", name);
    redisReply *reply = ask(process, command, REDIS_REPLY_ARRAY);
    if (reply->elements != 2 || strcmp(reply->element[1]->str, wanted) != 0)
        fail("redis has %s otherwise than %s", name, wanted);
    freeReplyObject(reply);
}

static void read_version(struct process *process)
{
    static const char name[] = "redis_version:";
    redisReply *reply = ask(process, "INFO server", REDIS_REPLY_STRING);
    const char *at = strstr(reply->str, name);
    if (at == NULL)
        fail("redis does not say its version");
    at += strlen(name);
    snprintf(process->version, sizeof process->version, "%.*s", (int)strcspn(at, "\r\n"), at);
    freeReplyObject(reply);
}

/* -1, with errno, where nobody listens. */
static int try_to_connect(const struct process *process)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    _Static_assert(PROCESS_PATH_BYTES <= sizeof address.sun_path, "a path fits into an address");
    socket_path(process, address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

int process_connect(const struct process *process)
{
    int fd = try_to_connect(process);
    if (fd < 0)
        fail("no connection to redis: %s", strerror(errno));
    return fd;
}

/* -- life ------------------------------------------------------------------------------------ */

static void make_directory(struct process *process, const char *parent)
{
    int length = snprintf(process->directory, sizeof process->directory, "%s/redis-XXXXXX", parent);
    if (length >= DIRECTORY_BYTES_MAX)
        fail("the path of %s is too long for a socket", parent);
    disk_check(parent);
    if (mkdtemp(process->directory) == NULL)
        fail("no directory in %s: %s", parent, strerror(errno));
    snprintf(process->said, sizeof process->said, "%s/said", process->directory);
}

/* The child: nothing but system calls, and none that returns. */
_Noreturn static void become(const struct process *process, const char *program,
                             char *const arguments[])
{
    int said = open(process->said, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (said >= 0 && dup2(said, STDERR_FILENO) >= 0 && dup2(said, STDOUT_FILENO) >= 0 &&
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0)
        execv(program, arguments);
    _exit(CANNOT_START);
}

static void print_what_it_said(const struct process *process)
{
    char line[512];
    FILE *said = fopen(process->said, "re");
    while (said != NULL && fgets(line, sizeof line, said) != NULL)
        fputs(line, stderr);
    if (said != NULL)
        fclose(said);
}

/* The socket is there a moment before anyone listens to it. */
static void await(const struct process *process)
{
    for (int waited = 0; waited < START_MS; waited += LOOK_MS) {
        int fd = try_to_connect(process);
        if (fd >= 0) {
            close(fd);
            return;
        }
        if (waitpid(process->pid, NULL, WNOHANG) == process->pid) {
            print_what_it_said(process);
            fail("redis does not start");
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
    fail("redis takes no connection within %d s", START_MS / 1000);
}

void process_start(struct process *process, const char *program, const char *parent,
                   const char *appendfsync)
{
    *process = (struct process){0};
    make_directory(process, parent);
    /* The socket's path counts from the directory, where Redis goes first. */
    char *const arguments[] = {"redis-server",
                               "--dir",
                               process->directory,
                               "--port",
                               "0",
                               "--unixsocket",
                               "socket",
                               "--save",
                               "",
                               "--appendonly",
                               "yes",
                               "--appendfsync",
                               (char *)appendfsync,
                               "--auto-aof-rewrite-percentage",
                               "0",
                               "--daemonize",
                               "no",
                               NULL};
    process->pid = fork();
    if (process->pid == 0)
        become(process, program, arguments);
    if (process->pid < 0)
        fail("no process: %s", strerror(errno));
    await(process);
    check_setting(process, "appendonly", "yes");
    check_setting(process, "appendfsync", appendfsync);
    read_version(process);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

void process_end(struct process *process)
{
    kill(process->pid, SIGKILL); /* what it holds is of no use any more */
    waitpid(process->pid, NULL, 0);
    nftw(process->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    *process = (struct process){0};
}

/* -- what it took ---------------------------------------------------------------------------- */

static uint64_t proc_number(pid_t pid, const char *file, const char *name)
{
    char path[64], line[256];
    uint64_t number = 0;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *lines = fopen(path, "re");
    if (lines == NULL)
        fail("%s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, lines) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            number = strtoull(line + strlen(name), NULL, 10);
    fclose(lines);
    return number;
}

static uint64_t log_bytes_seen; /* nftw has no argument for its callback */

static int add_size(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)walk;
    if (flag == FTW_F && strstr(path, ".aof") != NULL)
        log_bytes_seen += (uint64_t)status->st_size;
    return 0;
}

struct process_usage process_usage(const struct process *process)
{
    clockid_t cpu;
    struct timespec used = {0};
    if (clock_getcpuclockid(process->pid, &cpu) != 0 || clock_gettime(cpu, &used) != 0)
        fail("the CPU time of redis cannot be read");
    log_bytes_seen = 0;
    nftw(process->directory, add_size, 8, FTW_PHYS);
    return (struct process_usage){
        .cpu_seconds = (double)used.tv_sec + (double)used.tv_nsec / 1e9,
        .written_bytes = proc_number(process->pid, "io", "write_bytes:"),
        .resident_bytes = proc_number(process->pid, "status", "VmRSS:") * 1024,
        .log_bytes = log_bytes_seen,
    };
}
