#include "tests/engine/traffic.h"

#include "base/check.h"
#include "engine/engine.h"
#include "proto/lianxin.h"

#include <dlfcn.h>
#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

enum { CASES_MAX = 1 << 20, WINDOW = 256, PER_MESSAGE = 16, REPLY_STEPS = 100000, NEAR = 100 };

/* ThreadSanitizer leaves no terabyte of address space. */
#define MAP_BYTES ((size_t)4 << 30)

static const char *const functions[TRAFFIC_BOOKS] = {"urban", "water", "police"};

/* What is known of the serials: who got a ticket, and which book a change was to. */
struct answered {
    uint32_t serial;
    uint8_t book;
};

struct load {
    uint64_t from_serial;
    uint32_t book;
};

struct run {
    struct traffic *traffic;
    struct engine *engine;
    struct lianxin_submitter *submitter;
    struct lianxin_client *client;
    struct lianxin_client *asker; /* of one question after the other */
    bool asks;
    struct answered *answers;
    uint64_t sent, answers_count;
    struct load *loads;
    uint32_t loads_count;
};

/* -- cases ------------------------------------------------------------------------------------- */

static uint8_t book_of_unit(const char *unit)
{
    const char *function = strchr(unit, '.');
    CHECK(function != NULL);
    for (uint8_t i = 0; i < TRAFFIC_BOOKS; i++)
        if (strcmp(function + 1, functions[i]) == 0)
            return i;
    CHECK(false); /* no book sends it there */
    return 0;
}

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    struct run *run = self;
    (void)tag;
    CHECK(answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED ||
          answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
    run->answers[run->answers_count++] =
        (struct answered){(uint32_t)answer->serial, book_of_unit(answer->unit)};
}

static Lianxin__V1__Case case_of(const char *id)
{
    Lianxin__V1__Case one = LIANXIN__V1__CASE__INIT;
    one.source = "traffic";
    one.external_id = (char *)id;
    one.channel = LIANXIN__V1__CHANNEL__CHANNEL_WECHAT;
    one.type = LIANXIN__V1__TYPE__TYPE_COMPLAINT;
    one.category = "0101";
    one.place = "511126001";
    one.title = "占道";
    return one;
}

static void submit_some(struct run *run)
{
    char id[24];
    Lianxin__V1__Case one = case_of(id);
    while (run->sent < CASES_MAX) {
        snprintf(id, sizeof id, "%llu", (unsigned long long)run->sent);
        if (lianxin_submitter_submit(run->submitter, &one, run->sent) != OK)
            break;
        run->sent++;
    }
    enum err err = lianxin_submitter_step(run->submitter, 0);
    CHECK(err == OK);
}

/* What is read for is read by the book in force, too. */
static void ask_on(struct run *run)
{
    Lianxin__V1__Explain explain = LIANXIN__V1__EXPLAIN__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Case one = case_of("question");
    Lianxin__V1__Reply *reply = NULL;
    explain.body_case = LIANXIN__V1__EXPLAIN__BODY_CASE;
    explain.case_ = &one;
    request.body_case = LIANXIN__V1__REQUEST__BODY_EXPLAIN;
    request.explain = &explain;
    enum err err = run->asks ? lianxin_client_step(run->asker, 0, &reply)
                             : lianxin_client_start(run->asker, &request);
    run->asks = !run->asks || err == ERR_TIMEOUT;
    CHECK(err == OK || err == ERR_TIMEOUT);
    if (reply == NULL)
        return;
    CHECK(reply->body_case == LIANXIN__V1__REPLY__BODY_EXPLANATION);
    book_of_unit(reply->explanation->assignments[0]->unit);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

/* -- loads ------------------------------------------------------------------------------------- */

static void start_load(struct run *run, uint32_t book)
{
    Lianxin__V1__Load load = LIANXIN__V1__LOAD__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    load.directory = run->traffic->cities[book].directory;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOAD;
    request.load = &load;
    enum err err = lianxin_client_start(run->client, &request);
    CHECK(err == OK);
}

/* While it is done, cases go on. */
static void load(struct run *run, uint32_t book)
{
    Lianxin__V1__Reply *reply = NULL;
    enum err err = ERR_TIMEOUT;
    start_load(run, book);
    for (int i = 0; i < REPLY_STEPS && err == ERR_TIMEOUT; i++) {
        submit_some(run);
        ask_on(run);
        err = lianxin_client_step(run->client, 1, &reply);
    }
    CHECK(err == OK && reply->body_case == LIANXIN__V1__REPLY__BODY_CHANGED);
    CHECK(reply->changed->changed);
    run->loads[run->loads_count++] = (struct load){reply->changed->in_force->from_serial, book};
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

/* What jemalloc has given out, in bytes; 0 where it is another allocator. */
static uint64_t used_bytes(void)
{
    typedef int mallctl_function(const char *, void *, size_t *, void *, size_t);
    void *symbol = dlsym(RTLD_DEFAULT, "mallctl");
    mallctl_function *control;
    uint64_t epoch = 1;
    size_t bytes = 0;
    size_t size = sizeof bytes;
    memcpy(&control, &symbol, sizeof control);
    if (control == NULL || control("epoch", NULL, NULL, &epoch, sizeof epoch) != 0 ||
        control("stats.allocated", &bytes, &size, NULL, 0) != 0)
        return 0;
    return bytes;
}

static void load_all(struct run *run, uint32_t loads)
{
    for (uint32_t i = 1; i <= loads; i++) {
        load(run, i % TRAFFIC_BOOKS);
        if (i == loads / 10)
            run->traffic->early_bytes = used_bytes();
    }
    run->traffic->late_bytes = used_bytes();
}

/* -- judging ----------------------------------------------------------------------------------- */

/* The last load that decides from this serial on or earlier; NULL: the book of the start. */
static const struct load *load_at(const struct run *run, uint64_t serial)
{
    uint32_t low = 0;
    uint32_t high = run->loads_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (run->loads[middle].from_serial <= serial)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &run->loads[low - 1] : NULL;
}

static bool changes_within(const struct run *run, uint64_t first, uint64_t last)
{
    return load_at(run, first) != load_at(run, last);
}

static void judge(struct run *run)
{
    struct traffic *traffic = run->traffic;
    for (uint32_t i = 1; i < run->loads_count; i++)
        CHECK(run->loads[i].from_serial > run->loads[i - 1].from_serial);
    for (uint64_t i = 0; i < run->answers_count; i++) {
        const struct answered *answer = &run->answers[i];
        const struct load *in_force = load_at(run, answer->serial);
        CHECK(answer->book == (in_force != NULL ? in_force->book : 0));
        traffic->before += changes_within(run, answer->serial, answer->serial + NEAR);
        traffic->behind +=
            answer->serial > NEAR && changes_within(run, answer->serial - NEAR, answer->serial);
    }
    traffic->cases = run->answers_count;
}

/* -- life -------------------------------------------------------------------------------------- */

static struct engine *start(const struct traffic *traffic, uint32_t threads, const char *front,
                            const char *feed)
{
    struct engine_options options = {.city = traffic->cities[0].directory,
                                     .store = traffic->store,
                                     .front = front,
                                     .feed = feed,
                                     .map_bytes = MAP_BYTES,
                                     .threads = threads};
    struct diag *diag = diag_create();
    struct engine *engine = NULL;
    enum err err = engine_create(&options, diag, &engine);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    CHECK(err == OK);
    err = engine_start(engine);
    CHECK(err == OK);
    return engine;
}

static void make_directories(struct traffic *traffic)
{
    *traffic = (struct traffic){.directory = "/tmp/lianxin-test-XXXXXX"};
    CHECK(mkdtemp(traffic->directory) != NULL);
    snprintf(traffic->store, sizeof traffic->store, "%s/store", traffic->directory);
    for (uint32_t i = 0; i < TRAFFIC_BOOKS; i++) {
        small_city_make(&traffic->cities[i]);
        small_book_write(&traffic->cities[i], functions[i]);
    }
}

void traffic_run(struct traffic *traffic, uint32_t threads, uint32_t loads)
{
    char front[96];
    char feed[96];
    make_directories(traffic);
    snprintf(front, sizeof front, "ipc://%s/front", traffic->directory);
    snprintf(feed, sizeof feed, "ipc://%s/feed", traffic->directory);
    struct run run = {.traffic = traffic,
                      .engine = start(traffic, threads, front, feed),
                      .answers = calloc(CASES_MAX, sizeof *run.answers),
                      .loads = calloc(loads, sizeof *run.loads)};
    struct lianxin_submitter_options options = {
        .answered = answered, .self = &run, .window = WINDOW, .per_message = PER_MESSAGE};
    struct lianxin_client_options once = {.resend_ms = UINT32_MAX / 2};
    CHECK(lianxin_submitter_open(front, &options, &run.submitter) == OK);
    CHECK(lianxin_client_open(front, &once, &run.client) == OK);
    CHECK(lianxin_client_open(front, NULL, &run.asker) == OK);
    load_all(&run, loads);
    while (lianxin_submitter_pending(run.submitter) > 0)
        CHECK(lianxin_submitter_step(run.submitter, 100) == OK);
    lianxin_submitter_close(&run.submitter);
    lianxin_client_close(&run.client);
    lianxin_client_close(&run.asker);
    engine_stop(run.engine);
    engine_destroy(&run.engine);
    judge(&run);
    free(run.answers);
    free(run.loads);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

void traffic_remove(struct traffic *traffic)
{
    nftw(traffic->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    for (uint32_t i = 0; i < TRAFFIC_BOOKS; i++)
        small_city_remove(&traffic->cities[i]);
}
