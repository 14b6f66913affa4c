/* ring - does the ring hold under real threads, and under any order of steps?
 *
 *      ring [SEED [SLOTS]]
 *
 * Sends SLOTS commands through the relay (relay.h) under each grouping of stages onto threads that
 * the engine knows, publish sleeping in poll(2) as there, and then on a futex. An adapter, the main
 * thread, offers some commands, waits until all are acknowledged and, every other time, until all
 * workers sleep, and offers more: so each wake-up counts. A lost one hangs; the alarm ends it. Then
 * steps the same stages by hand, in a random order, from one thread.
 *
 * Run it under ThreadSanitizer too. On x86 alone a green run says nothing of memory orders.
 */
#include "relay.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { SLOTS_DEFAULT = 200000, SECONDS_MAX = 120, OFFER_MAX = 3 * RELAY_SLOTS };

static uint32_t passed, failed;

static void judge(bool right, const char *what)
{
    if (right) {
        passed++;
        return;
    }
    failed++;
    printf("FAILED  %s\n", what);
}

/* -- threads ----------------------------------------------------------------------------------- */

struct grouping {
    const char *name;
    const char *workers[RELAY_STAGES]; /* digits of stages */
};

static const struct grouping groupings[] = {
    {"1 thread", {"01234"}},
    {"2 threads", {"012", "34"}},
    {"5 threads", {"0", "1", "2", "3", "4"}},
};

struct crew {
    struct relay relay;
    struct worker workers[RELAY_STAGES];
    uint32_t workers_count;
    struct cursor stop;
    int quiet; /* an eventfd that never stirs */
};

static int open_eventfd(int flags)
{
    int fd = eventfd(0, flags | EFD_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

/* Ingress has a socket, and so a bell in poll(2); publish may have one too. */
static void init_bell(struct crew *crew, struct worker *worker, const char *stages,
                      bool publish_polls)
{
    int fds[BELL_FDS_MAX];
    uint32_t fds_count = 0;
    for (const char *digit = stages; *digit != '\0'; digit++) {
        worker->stages[worker->count++] = &crew->relay.stages[*digit - '0'];
        if (*digit == '0')
            fds[fds_count++] = crew->relay.offers;
        if (*digit == '4' && publish_polls)
            fds[fds_count++] = crew->quiet;
    }
    enum err err = bell_init(&worker->bell, fds, fds_count);
    CHECK(err == OK);
}

/* Each stage wakes the next; ingress waits for publish's room and for store's answers. */
static void wire_wakes(struct crew *crew, struct bell *bells[RELAY_STAGES])
{
    struct stage *stages = crew->relay.stages;
    for (uint32_t i = 0; i < RELAY_STAGES; i++)
        if (bells[i] != bells[(i + 1) % RELAY_STAGES])
            stage_wakes(&stages[i], bells[(i + 1) % RELAY_STAGES]);
    if (bells[RELAY_STAGES - 2] != bells[0])
        stage_wakes(&stages[RELAY_STAGES - 2], bells[0]);
}

static void crew_init(struct crew *crew, const struct grouping *grouping, bool publish_polls)
{
    crew->relay.offers = open_eventfd(EFD_NONBLOCK);
    crew->relay.answers = open_eventfd(0);
    crew->quiet = open_eventfd(EFD_NONBLOCK);
    struct bell *bells[RELAY_STAGES];
    for (uint32_t i = 0; i < RELAY_STAGES && grouping->workers[i] != NULL; i++) {
        struct worker *worker = &crew->workers[crew->workers_count++];
        worker->stop = &crew->stop;
        init_bell(crew, worker, grouping->workers[i], publish_polls);
        for (const char *digit = grouping->workers[i]; *digit != '\0'; digit++)
            bells[*digit - '0'] = &worker->bell;
    }
    wire_wakes(crew, bells);
}

static void crew_fini(struct crew *crew)
{
    for (uint32_t i = 0; i < crew->workers_count; i++)
        bell_fini(&crew->workers[i].bell);
    close(crew->relay.offers);
    close(crew->relay.answers);
    close(crew->quiet);
}

/* So that a wake-up is needed, and not only now and then. */
static void await_sleep(const struct crew *crew)
{
    for (uint32_t i = 0; i < crew->workers_count; i++)
        while (atomic_load(&crew->workers[i].bell.sleeping) == 0)
            sched_yield();
}

static void offer_all(struct crew *crew, uint64_t random)
{
    for (uint64_t left = crew->relay.total; left > 0;) {
        uint64_t count = 1 + random_next(&random) % OFFER_MAX;
        count = count < left ? count : left;
        left -= count;
        if (random_next(&random) % 2 == 0)
            await_sleep(crew);
        ssize_t written = write(crew->relay.offers, &count, sizeof count);
        CHECK(written == sizeof count);
        uint64_t rung;
        ssize_t taken = read(crew->relay.answers, &rung, sizeof rung);
        CHECK(taken == sizeof rung);
    }
}

/* Ingress ends by itself when all is done; the others are told to, asleep or not. */
static void run_threads(struct crew *crew, uint64_t random)
{
    for (uint32_t i = 0; i < crew->workers_count; i++) {
        enum err err = worker_start(&crew->workers[i]);
        CHECK(err == OK);
    }
    offer_all(crew, random);
    worker_join(&crew->workers[0]);
    cursor_publish(&crew->stop, 1);
    for (uint32_t i = 1; i < crew->workers_count; i++) {
        bell_ring(&crew->workers[i].bell);
        worker_join(&crew->workers[i]);
    }
}

static void stress_threads(const struct grouping *grouping, bool publish_polls, uint64_t seed,
                           uint64_t total)
{
    static struct crew crew;
    crew = (struct crew){0};
    relay_init(&crew.relay, seed, total);
    crew_init(&crew, grouping, publish_polls);
    run_threads(&crew, seed);

    bool all_slept = true, all_done = true;
    uint64_t wakeups = 0, batches = 0;
    for (uint32_t i = 0; i < crew.workers_count; i++) {
        all_slept &= counter_read(&crew.workers[i].wakeups) > 0;
        wakeups += counter_read(&crew.workers[i].wakeups);
    }
    for (uint32_t i = 0; i < RELAY_STAGES; i++) {
        all_done &= cursor_observe(&crew.relay.stages[i].cursor) == total;
        batches += counter_read(&crew.relay.stages[i].batches);
    }
    printf("%s, %s: %" PRIu64 " slots, %" PRIu64 " batches, %" PRIu64 " wake-ups\n", grouping->name,
           publish_polls ? "publish in poll" : "publish on the futex", total, batches, wakeups);
    judge(relay_faults(&crew.relay) == 0, "every word is what it must be");
    judge(all_done, "every stage has passed every slot");
    judge(all_slept, "every worker has slept");
    crew_fini(&crew);
}

/* -- by hand ----------------------------------------------------------------------------------- */

/* While anything is left to do, some stage must be able to do it. */
static void stress_steps(uint64_t seed, uint64_t total)
{
    static struct relay relay;
    relay_init(&relay, seed, total);
    uint64_t random = seed, steps = 0, idle = 0;
    while (!relay.stages[0].finished && idle < 100 * RELAY_STAGES) {
        if (relay.offered < total && random_next(&random) % 8 == 0) {
            uint64_t count = 1 + random_next(&random) % OFFER_MAX;
            relay.offered += count < total - relay.offered ? count : total - relay.offered;
        }
        idle = stage_step(&relay.stages[random_next(&random) % RELAY_STAGES]) ? 0 : idle + 1;
        steps++;
    }
    printf("by hand: %" PRIu64 " slots, %" PRIu64 " steps\n", total, steps);
    judge(relay_faults(&relay) == 0, "every word is what it must be");
    judge(relay.stages[0].finished, "the stages are never stuck");
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t total = argc > 2 ? strtoull(argv[2], NULL, 0) : SLOTS_DEFAULT;
    printf("seed %" PRIu64 "\n", seed);
    alarm(SECONDS_MAX);
    for (size_t i = 0; i < sizeof groupings / sizeof groupings[0]; i++) {
        stress_threads(&groupings[i], false, seed, total);
        stress_threads(&groupings[i], true, seed, total);
    }
    stress_steps(seed, total);
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
