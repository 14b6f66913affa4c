#include "tests/engine/served.h"

#include "store/store.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPLY_MS = 20000, END_MS = 20000, CANNOT_START = 127 };

void served_init(struct served *served)
{
    char self[PATH_MAX] = "";
    *served = (struct served){
        .directory = "/tmp/lianxin-test-XXXXXX", .city = "cities/leshan", .threads = "2"};
    cr_assert_gt(readlink("/proc/self/exe", self, sizeof self - 1), 0);
    cr_assert_not_null(mkdtemp(served->directory));
    snprintf(served->program, sizeof served->program, "%.4000s/../lianxin", dirname(self));
    snprintf(served->store, sizeof served->store, "%s/store", served->directory);
    snprintf(served->front, sizeof served->front, "ipc://%s/front", served->directory);
    snprintf(served->feed, sizeof served->feed, "ipc://%s/feed", served->directory);
    snprintf(served->said, sizeof served->said, "%s/said", served->directory);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

void served_fini(struct served *served)
{
    if (served->process != 0)
        served_end(served, SIGKILL);
    nftw(served->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The child of a vfork: nothing but system calls, and none that returns. */
__attribute__((noreturn)) static void become(const struct served *served, char *const arguments[])
{
    int said = open(served->said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    bool ready = said >= 0 && dup2(said, STDERR_FILENO) >= 0 &&
                 prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
    if (served->filter != NULL)
        ready = ready && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, served->filter) == 0;
    if (ready)
        execve(served->program, arguments, environ);
    _exit(CANNOT_START);
}

void served_start(struct served *served)
{
    bool has_city = served->city != NULL;
    char *const arguments[] = {"lianxin",
                               "serve",
                               "--store",
                               served->store,
                               "--front",
                               served->front,
                               "--feed",
                               served->feed,
                               "--threads",
                               (char *)served->threads,
                               has_city ? "--city" : NULL,
                               (char *)served->city,
                               NULL};
    pid_t process = vfork();
    if (process == 0)
        become(served, arguments);
    cr_assert_gt(process, 0);
    served->process = process;
}

void served_end(struct served *served, int signal_number)
{
    kill(served->process, signal_number);
    served_wait(served);
}

int served_wait(struct served *served)
{
    int status;
    pid_t process = served->process;
    struct pollfd end = {.fd = pidfd_open(process, 0), .events = POLLIN};
    cr_assert_geq(end.fd, 0);
    bool ended = poll(&end, 1, END_MS) == 1;
    close(end.fd);
    if (!ended)
        kill(process, SIGKILL);
    served->process = 0;
    cr_assert_eq(waitpid(process, &status, 0), process);
    cr_assert(ended, "it did not end; it said: %s", served_said(served));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

const char *served_said(const struct served *served)
{
    static char said[16 * 1024];
    FILE *file = fopen(served->said, "r");
    cr_assert_not_null(file);
    said[fread(said, 1, sizeof said - 1, file)] = '\0';
    fclose(file);
    return said;
}

Lianxin__V1__Reply *served_ask(const struct served *served, Lianxin__V1__Request *request)
{
    struct lianxin_client *client;
    Lianxin__V1__Reply *reply = NULL;
    cr_assert_eq(lianxin_client_open(served->front, NULL, &client), OK);
    enum err err = lianxin_client_ask(client, request, REPLY_MS, &reply);
    cr_assert_eq(err, OK, "no reply: %s; it said: %s", err_name(err), served_said(served));
    lianxin_client_close(&client);
    return reply;
}

void served_verify(const struct served *served, uint64_t tickets)
{
    struct store_proof proof;
    struct diag *diag = diag_create();
    enum err err = store_verify(served->store, diag, NULL, NULL, NULL, &proof);
    diag_print(diag, stderr);
    cr_assert_eq(err, OK);
    cr_assert_eq(diag_count(diag), 0);
    cr_assert_eq(proof.tickets, tickets);
    diag_destroy(&diag);
}
