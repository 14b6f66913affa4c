/* demo - the main job, seen: a city, eight adapters, four subscribers, and a kill half-way.
 *
 * Starts the engine on a temporary store, an adapter process for each channel and four watchers
 * (demo_scene.h); kills the engine without warning when half of the cases are answered, and starts
 * it again; has what came out at each end counted (demo_report.h).
 *
 * Nothing is assumed: submitted and acknowledged are counted from the adapters' input and answers,
 * stored and assigned by asking the engine for each ticket, published by the watcher of everything.
 * Leaves no process and no file behind.
 */
#include "bench/demo_report.h"

#include "tools/json.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAUSE_MS = 40 /* between two cases of one adapter, so that there is a half-way */ };

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
    demo_end_process(&demo->engine, SIGKILL);
    printf("  engine killed (SIGKILL) with %u of %d cases answered ... ", answered, CASES);
    fflush(stdout);
    demo_start_engine(demo);
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
    demo_hear_interrupts();
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
    demo_start_engine(&demo);
    for (int i = 0; i < WATCHERS; i++)
        demo_start_watcher(&demo, i);
    for (int i = 0; i < ADAPTERS; i++)
        demo_start_adapter(&demo, i);
    submit_all(&demo);
    int code = demo_report(&demo);
    demo_clean_up(&demo);
    return code;
}
