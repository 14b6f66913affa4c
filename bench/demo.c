/* demo - the main job, seen: a city, eight adapters, four subscribers, and a kill half-way.
 *
 * Starts the engine on a temporary store, an adapter process for each channel and four watchers,
 * kills the engine without warning when half of the cases are answered, starts it again, and counts
 * what came out at each end. Nothing is assumed: submitted and acknowledged are counted from the
 * adapters' input and answers, stored and assigned by asking the engine for each ticket, published
 * by the watcher of everything. Leaves no process and no file behind.
 */
#include "base/check.h"
#include "base/utf8.h"
#include "bench/cases.h"
#include "domain/number.h"
#include "domain/policy.h"
#include "proto/lianxin.h"
#include "tools/json.h"

#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ADAPTERS = CHANNEL_COUNT - 1,
    WATCHERS = 4,
    CASES_EACH = 50,
    CASES = ADAPTERS * CASES_EACH,
    PAUSE_MS = 40, /* between two cases of one adapter, so that there is a half-way */
    PATIENCE_MS = 30000,
    UNITS_SHOWN = 6,
    PATH_BYTES = 128,
};

static const char *const channels[CHANNEL_COUNT] = {"",     "电话", "短信", "邮件", "微信",
                                                    "微博", "APP",  "来信", "来访"};
static const char *const tiers[TIER_COUNT] = {"", "city", "county", "township", "village"};

static const struct {
    const char *prefix, *what;
} watched[WATCHERS] = {
    {"511100000000.housing_fund", "one city department"},
    {"511126", "all of 夹江县"},
    {"511102004001", "one village"},
    {"", "everything"},
};

struct demo {
    const char *program; /* build/.../lianxin */
    char directory[PATH_BYTES];
    char front[PATH_BYTES], feed[PATH_BYTES];
    pid_t engine;
    pid_t adapters[ADAPTERS], watchers[WATCHERS];
    int inputs[ADAPTERS]; /* pipes that cases are written to */
    struct policy *policy;
    struct cases cases[ADAPTERS];
    uint32_t submitted;
};

struct result {
    uint32_t acknowledged, stored, assigned, published;
    uint32_t by_tier[CHANNEL_COUNT][TIER_COUNT];
    uint32_t *by_unit;
    char example[NUMBER_BYTES_MAX];
};

static void fail(struct demo *demo, const char *why);

static int64_t now_ms(void)
{
    return clock_monotonic_ns(&clock_system) / 1000000;
}

static void pause_ms(long ms)
{
    struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&span, NULL);
}

/* -- processes --------------------------------------------------------------------------------- */

static void file_name(const struct demo *demo, const char *name, int index, char *path)
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
        fail(demo, "a process cannot be started");
    return pid;
}

static void start_engine(struct demo *demo)
{
    char store[2 * PATH_BYTES];
    char log[2 * PATH_BYTES];
    snprintf(store, sizeof store, "%s/store", demo->directory);
    file_name(demo, "engine", 0, log);
    char *arguments[] = {"lianxin", "serve",     "--city", "cities/leshan", "--store", store,
                         "--front", demo->front, "--feed", demo->feed,      NULL};
    demo->engine = start(demo, -1, log, log, arguments);
}

static void start_adapter(struct demo *demo, int index)
{
    char answers[2 * PATH_BYTES];
    char errors[2 * PATH_BYTES];
    int ends[2];
    file_name(demo, "answers", index, answers);
    file_name(demo, "errors", index, errors);
    if (pipe2(ends, O_CLOEXEC) != 0)
        fail(demo, "no pipe is to be had");
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
    file_name(demo, "events", index, events);
    file_name(demo, "watch", index, errors);
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

static void fail(struct demo *demo, const char *why)
{
    fprintf(stderr, "demo: %s\n", why);
    clean_up(demo);
    exit(EXIT_FAILURE);
}

/* -- the run ----------------------------------------------------------------------------------- */

static uint32_t count_lines(const char *path)
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
        file_name(demo, name, i, path);
        lines += count_lines(path);
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
        fail(demo, "an adapter takes no more");
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
        pause_ms(PAUSE_MS);
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

/* -- counting ---------------------------------------------------------------------------------- */

static Lianxin__V1__Reply *look_up(struct demo *demo, struct lianxin_client *client,
                                   const char *number)
{
    Lianxin__V1__Lookup lookup = LIANXIN__V1__LOOKUP__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    lookup.number = (char *)number;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOOKUP;
    request.lookup = &lookup;
    if (lianxin_client_ask(client, &request, PATIENCE_MS, &reply) != OK)
        fail(demo, lianxin_why());
    return reply;
}

static enum tier tier_of_unit(const struct demo *demo, const char *key)
{
    struct unit unit = city_unit_by_key(demo->policy->city, span_of_string(key));
    return unit.index == UNIT_NONE.index
               ? TIER_NONE
               : place_tier(city_places(demo->policy->city), unit_place(demo->policy->city, unit));
}

static void count_ticket(struct demo *demo, struct lianxin_client *client, const char *number,
                         struct result *result)
{
    Lianxin__V1__Reply *reply = look_up(demo, client, number);
    if (reply->body_case == LIANXIN__V1__REPLY__BODY_TICKET) {
        const Lianxin__V1__Event *event = reply->ticket->events[0];
        const char *unit = event->n_assignments > 0 ? event->assignments[0]->unit : "";
        enum tier tier = tier_of_unit(demo, unit);
        result->stored++;
        result->assigned += tier != TIER_NONE;
        result->by_tier[event->case_->channel][tier]++;
        if (tier != TIER_NONE)
            result->by_unit[city_unit_by_key(demo->policy->city, span_of_string(unit)).index]++;
        if (event->decision->n_climb > 1 || (tier == TIER_TOWNSHIP && result->example[0] == '\0'))
            snprintf(result->example, sizeof result->example, "%s", number);
    }
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

static void count_answers(struct demo *demo, struct lianxin_client *client, struct result *result)
{
    char path[2 * PATH_BYTES];
    char line[4096];
    for (int i = 0; i < ADAPTERS; i++) {
        file_name(demo, "answers", i, path);
        FILE *file = fopen(path, "r");
        if (file == NULL)
            fail(demo, "an adapter left no answers");
        while (fgets(line, sizeof line, file) != NULL) {
            json_t *answer = json_loads(line, 0, NULL);
            const char *outcome = json_string_value(json_object_get(answer, "outcome"));
            const char *number = json_string_value(json_object_get(answer, "number"));
            if (outcome != NULL && number != NULL &&
                (strcmp(outcome, "accepted") == 0 || strcmp(outcome, "duplicate") == 0)) {
                result->acknowledged++;
                count_ticket(demo, client, number, result);
            }
            json_decref(answer);
        }
        fclose(file);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Tickets that the watcher of everything was handed, each once however many units it went to. */
static uint32_t count_published(struct demo *demo, uint32_t *events)
{
    char path[2 * PATH_BYTES];
    static char numbers[CASES * 16][NUMBER_BYTES_MAX];
    char *line = NULL;
    size_t room = 0;
    file_name(demo, "events", WATCHERS - 1, path);
    FILE *file = fopen(path, "r");
    *events = 0;
    while (file != NULL && *events < CASES * 16 && getline(&line, &room, file) > 0) {
        json_t *event = json_loads(line, 0, NULL);
        const char *number =
            json_string_value(json_object_get(json_object_get(event, "event"), "ticket"));
        if (number != NULL)
            snprintf(numbers[(*events)++], NUMBER_BYTES_MAX, "%s", number);
        json_decref(event);
    }
    free(line);
    if (file != NULL)
        fclose(file);
    qsort(numbers, *events, sizeof numbers[0], by_text);
    uint32_t distinct = 0;
    for (uint32_t i = 0; i < *events; i++)
        distinct += i == 0 || strcmp(numbers[i], numbers[i - 1]) != 0;
    return distinct;
}

/* The watchers fill their gaps by themselves; this only waits until the last has. */
static void wait_for_watchers(struct demo *demo, struct result *result)
{
    uint32_t events;
    int64_t end = now_ms() + PATIENCE_MS;
    do {
        pause_ms(100);
        result->published = count_published(demo, &events);
    } while (result->published < result->stored && now_ms() < end);
}

/* -- showing ----------------------------------------------------------------------------------- */

static void print_cell(const char *text, size_t columns)
{
    size_t used = utf8_columns(span_of_string(text));
    printf("%s%*s", text, used < columns ? (int)(columns - used) : 0, "");
}

static void print_table(const struct result *result)
{
    printf("\n  ");
    print_cell("channel", 10);
    for (int tier = TIER_CITY; tier < TIER_COUNT; tier++)
        printf("%10s", tiers[tier]);
    putchar('\n');
    for (int channel = 1; channel < CHANNEL_COUNT; channel++) {
        printf("  ");
        print_cell(channels[channel], 10);
        for (int tier = TIER_CITY; tier < TIER_COUNT; tier++)
            printf("%10u", result->by_tier[channel][tier]);
        putchar('\n');
    }
}

static void print_busiest(const struct demo *demo, struct result *result)
{
    const struct city *city = demo->policy->city;
    puts("\n  the busiest units");
    for (int shown = 0; shown < UNITS_SHOWN; shown++) {
        uint32_t best = 0;
        for (uint32_t i = 0; i < city_units(city); i++)
            if (result->by_unit[i] > result->by_unit[best])
                best = i;
        if (result->by_unit[best] == 0)
            break;
        printf("  %5u  ", result->by_unit[best]);
        print_cell(arena_copy(demo->policy->arena, unit_key(city, (struct unit){best})), 34);
        printf(" %.*s\n", SPAN_ARG(unit_name(city, (struct unit){best})));
        result->by_unit[best] = 0;
    }
}

static void print_example(struct demo *demo, struct lianxin_client *client, const char *number)
{
    if (number[0] == '\0')
        return;
    Lianxin__V1__Reply *reply = look_up(demo, client, number);
    const Lianxin__V1__Event *event = reply->ticket->events[0];
    const Lianxin__V1__Decision *decision = event->decision;
    printf("\n  why did %s go there?\n", number);
    printf("    case   %s, category %s, %s\n", word_name(&type_words, (uint32_t)event->case_->type),
           reply->ticket->category_name, reply->ticket->place_name);
    printf("    row    %s: %s at tier %s\n",
           decision->n_rows > 0 ? decision->rows[decision->n_rows - 1] : "none", decision->function,
           decision->tier);
    printf("    climb  from %s:", decision->place);
    for (size_t i = 0; i < decision->n_climb; i++)
        printf("%s %s", i == 0 ? "" : " ->", decision->climb[i]);
    printf("\n    unit   %s %s\n", event->assignments[0]->unit, reply->ticket->unit_names[0]);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

static void print_watchers(const struct demo *demo)
{
    char path[2 * PATH_BYTES];
    puts("\n  what the four subscribers were handed, in order and without gaps");
    for (int i = 0; i < WATCHERS; i++) {
        file_name(demo, "events", i, path);
        printf("  %5u  ", count_lines(path));
        print_cell(watched[i].what, 22);
        printf(" unit.%s\n", watched[i].prefix);
    }
}

static int report(struct demo *demo)
{
    struct result result = {0};
    struct lianxin_client *client;
    result.by_unit = calloc(city_units(demo->policy->city), sizeof *result.by_unit);
    CHECK(result.by_unit != NULL);
    if (lianxin_client_open(demo->front, NULL, &client) != OK)
        fail(demo, lianxin_why());
    count_answers(demo, client, &result);
    wait_for_watchers(demo, &result);
    print_table(&result);
    print_busiest(demo, &result);
    print_watchers(demo);
    print_example(demo, client, result.example);
    lianxin_client_close(&client);
    free(result.by_unit);
    uint32_t least = result.acknowledged;
    if (result.stored < least)
        least = result.stored;
    if (result.assigned < least)
        least = result.assigned;
    if (result.published < least)
        least = result.published;
    printf("\ndemo: %u submitted, %u acknowledged, %u stored, %u assigned, %u published, %u lost\n",
           demo->submitted, result.acknowledged, result.stored, result.assigned, result.published,
           demo->submitted - least);
    return demo->submitted == least ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct demo demo = {.program = argc > 1 ? argv[1] : "lianxin"};
    struct diag *diag = diag_create();
    signal(SIGPIPE, SIG_IGN);
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
        fail(&demo, "the city has errors");
    }
    diag_destroy(&diag);
    printf("demo: %d adapters submit %d cases to the engine of 乐山市\n\n", ADAPTERS, CASES);
    start_engine(&demo);
    for (int i = 0; i < WATCHERS; i++)
        start_watcher(&demo, i);
    for (int i = 0; i < ADAPTERS; i++)
        start_adapter(&demo, i);
    submit_all(&demo);
    int code = report(&demo);
    clean_up(&demo);
    return code;
}
