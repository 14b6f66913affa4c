/* A disk that takes what is written and then fails to keep it: fdatasync says EIO, or the very last
 * write of a commit does. And a disk that stands still.
 *
 * The failure is the kernel's own: a seccomp filter on the thread that starts the engine, which the
 * engine inherits, makes the system call fail. A filter cannot be lifted, so "the disk is mended"
 * is a restart without it. */
#include "tests/engine/requests.h"
#include "tests/engine/served.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define DUPLICATE LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE
#define TRY_AGAIN LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN

enum {
    PAGE_BYTES = 4096, /* LMDB writes whole pages, but for the meta page at the very end */
    EXIT_DISK = 74,    /* of an engine that does not know what the disk holds */
};

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define FAIL         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO)
#define PASS         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static struct sock_filter no_sync[] = {
    LOAD(nr),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fdatasync, 1, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsync, 0, 1),
    FAIL,
    PASS,
};

static struct sock_filter no_meta[] = {
    LOAD(nr),      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pwrite64, 0, 3),
    LOAD(args[2]), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, PAGE_BYTES, 1, 0),
    FAIL,          PASS,
};

static const struct sock_fprog without_sync = {sizeof no_sync / sizeof no_sync[0], no_sync};
static const struct sock_fprog without_meta = {sizeof no_meta / sizeof no_meta[0], no_meta};

static Lianxin__V1__Reply *submit(const struct served *served, const char *id)
{
    Lianxin__V1__Case one = bench_case(id);
    Lianxin__V1__Case *cases[] = {&one};
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    submit.n_cases = 1;
    submit.cases = cases;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    return served_ask(served, &request);
}

static void expect_outcome(const struct served *served, const char *id,
                           Lianxin__V1__Outcome outcome)
{
    Lianxin__V1__Reply *reply = submit(served, id);
    cr_expect_eq(outcome_of(reply), outcome, "%s: %d", id, outcome_of(reply));
    reply_free(reply);
}

static Lianxin__V1__Reply *ask_status(const struct served *served)
{
    Lianxin__V1__Status status = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    return served_ask(served, &request);
}

static void expect_events(const struct served *served, uint64_t events)
{
    Lianxin__V1__Replay replay = LIANXIN__V1__REPLAY__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    replay.unit = ENVIRONMENT;
    replay.first = 1;
    request.body_case = LIANXIN__V1__REQUEST__BODY_REPLAY;
    request.replay = &replay;
    Lianxin__V1__Reply *reply = served_ask(served, &request);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_FEED);
    cr_expect_eq(reply->feed->n_events, events);
    reply_free(reply);
}

/* An engine that ran well before, so that the next one has nothing to write at its start. */
static void serve_once(struct served *served)
{
    served_init(served);
    served_start(served);
    expect_outcome(served, "before", ACCEPTED);
    served_end(served, SIGTERM);
}

static void expect_try_again_while_it_fails(const char *threads)
{
    struct served served;
    serve_once(&served);
    served.threads = threads;
    served.filter = &without_sync;
    served_start(&served);
    expect_outcome(&served, "a", TRY_AGAIN);
    expect_outcome(&served, "a", TRY_AGAIN);
    expect_outcome(&served, "before", DUPLICATE);
    expect_events(&served, 1);
    Lianxin__V1__Reply *reply = ask_status(&served);
    cr_expect_str_eq(reply->status->refusing, "the disk fails");
    cr_expect_eq(reply->status->tickets, 1);
    cr_expect_eq(reply->status->try_again, 2);
    reply_free(reply);
    kill(served.process, SIGTERM);
    cr_expect_eq(served_wait(&served), 0);
    served.filter = NULL;
    served_start(&served);
    expect_outcome(&served, "a", ACCEPTED);
    expect_events(&served, 2);
    served_end(&served, SIGTERM);
    served_verify(&served, 2);
    served_fini(&served);
}

Test(sync, that_fails_means_try_again_and_nothing_is_stored, .timeout = 300)
{
    expect_try_again_while_it_fails("1");
    expect_try_again_while_it_fails("2");
    expect_try_again_while_it_fails("4");
    expect_try_again_while_it_fails("6");
}

/* Then nobody knows whether the commit is on the disk: it stops rather than say either. */
Test(sync, that_fails_at_the_last_write_stops_the_engine_and_a_restart_reads_what_is_there,
     .timeout = 300)
{
    struct served served;
    struct lianxin_client *client;
    serve_once(&served);
    served.threads = "4"; /* store builds meanwhile */
    served.filter = &without_meta;
    served_start(&served);
    expect_events(&served, 1);
    Lianxin__V1__Case one = bench_case("a");
    Lianxin__V1__Case *cases[] = {&one};
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply = NULL;
    submit.n_cases = 1;
    submit.cases = cases;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    cr_assert_eq(lianxin_client_open(served.front, NULL, &client), OK);
    cr_assert_eq(lianxin_client_start(client, &request), OK);
    for (int i = 0; i < 100 && strstr(served_said(&served), "stopping") == NULL; i++)
        cr_assert_neq(lianxin_client_step(client, 100, &reply), OK, "it answered");
    cr_expect_eq(served_wait(&served), EXIT_DISK);
    served.filter = NULL;
    served_start(&served);
    enum err err = ERR_TIMEOUT;
    for (int i = 0; i < 100 && err == ERR_TIMEOUT; i++)
        err = lianxin_client_step(client, 100, &reply);
    cr_assert_eq(err, OK);
    cr_expect(outcome_of(reply) == ACCEPTED || outcome_of(reply) == DUPLICATE);
    reply_free(reply);
    lianxin_client_close(&client);
    expect_events(&served, 2);
    served_end(&served, SIGTERM);
    served_verify(&served, 2);
    served_fini(&served);
}

static void limit_file(const struct served *served, rlim_t bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY};
    cr_assert_eq(prlimit(served->process, RLIMIT_FSIZE, &limit, NULL), 0);
}

static void count_answer(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    uint8_t *answered = self;
    cr_assert(answer->outcome == ACCEPTED || answer->outcome == DUPLICATE, "case %d: %d %s",
              (int)tag, answer->outcome, answer->message);
    cr_assert_eq(answered[tag]++, 0);
}

/* The whole way: the disk fills under an adapter that only steps on, and is given room. */
static void fill_for_a_while(const char *threads)
{
    enum { CASES = 400, TEXT = 20000 };
    static uint8_t answered[CASES];
    static char text[TEXT + 1];
    struct served served;
    struct stat data;
    char path[128];
    memset(answered, 0, sizeof answered);
    serve_once(&served);
    served.threads = threads;
    signal(SIGXFSZ, SIG_IGN); /* the engine inherits that */
    served_start(&served);
    expect_outcome(&served, "before", DUPLICATE);
    snprintf(path, sizeof path, "%s/data.mdb", served.store);
    cr_assert_eq(stat(path, &data), 0);
    limit_file(&served, (rlim_t)data.st_size + CASES * TEXT / 2);

    struct lianxin_submitter *submitter;
    struct lianxin_submitter_options options = {.answered = count_answer, .self = answered};
    cr_assert_eq(lianxin_submitter_open(served.front, &options, &submitter), OK);
    memset(text, 'x', TEXT);
    for (uint64_t i = 0; i < CASES; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", (int)i);
        Lianxin__V1__Case one = bench_case(id);
        one.text = text;
        cr_assert_eq(lianxin_submitter_submit(submitter, &one, i), OK);
    }
    bool refused = false;
    for (int i = 0; i < 600 && !refused; i++) {
        cr_assert_eq(lianxin_submitter_step(submitter, 10), OK);
        Lianxin__V1__Reply *reply = ask_status(&served);
        refused = reply->status->refusing[0] != '\0' && reply->status->try_again > 0;
        reply_free(reply);
    }
    cr_assert(refused, "the disk was never full");
    cr_assert_gt(lianxin_submitter_pending(submitter), 0);
    limit_file(&served, RLIM_INFINITY);
    for (int i = 0; i < 3000 && lianxin_submitter_pending(submitter) > 0; i++)
        cr_assert_eq(lianxin_submitter_step(submitter, 10), OK);
    cr_assert_eq(lianxin_submitter_pending(submitter), 0);
    lianxin_submitter_close(&submitter);
    served_end(&served, SIGTERM);
    served_verify(&served, CASES + 1);
    served_fini(&served);
}

Test(disk, full_for_a_while_costs_an_adapter_nothing, .timeout = 300)
{
    fill_for_a_while("2");
    fill_for_a_while("4");
}
