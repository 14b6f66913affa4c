/* Feeds as departments read them: what a replay holds, subscribers that come late, that are slow or
 * that come back, and that nobody is shown what is not his. */
#include "tests/engine/requests.h"

#include "bench/cases.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <zmq.h>

enum { READING_STEPS_MAX = 2000000, MANY = 3000, STEPS_AFTER = 1000 };

static void submit_to_one_unit(struct bench_engine *bench, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "%u", i);
        Lianxin__V1__Case one = bench_case(id);
        Lianxin__V1__Reply *reply = bench_submit(bench, &one);
        cr_assert_eq(reply->answers->answers[0]->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
        reply_free(reply);
    }
}

Test(replay, a_range_gets_what_there_is_of_it_and_the_head)
{
    struct bench_engine bench;
    const char *unit = "511126000000.environment";
    const struct {
        uint64_t first;
        uint32_t limit;
        size_t count;
    } ranges[] = {{1, 0, 5}, {1, 2, 2}, {4, 2, 2}, {5, 256, 1}, {6, 1, 0}, {UINT64_MAX, 1, 0}};
    bench_open(&bench, 0);
    submit_to_one_unit(&bench, 5);
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        Lianxin__V1__Reply *reply = bench_replay(&bench, unit, ranges[i].first, ranges[i].limit);
        cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_FEED, "range %zu", i);
        cr_expect_eq(reply->feed->n_events, ranges[i].count, "range %zu", i);
        cr_expect_eq(reply->feed->first, ranges[i].first);
        cr_assert_eq(reply->feed->n_heads, 1);
        cr_expect_eq(reply->feed->heads[0]->sequence, 5);
        reply_free(reply);
    }
    bench_close(&bench);
}

Test(replay, what_makes_no_sense_is_refused_with_the_field)
{
    struct bench_engine bench;
    const struct {
        const char *unit;
        uint64_t first;
        uint32_t limit;
        const char *field;
    } bad[] = {{"511126000000.nobody", 1, 0, "unit"},
               {"", 1, 0, "unit"},
               {"511126000000.environment", 0, 0, "first"},
               {"511126000000.environment", 1, 257, "limit"}};
    bench_open(&bench, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Lianxin__V1__Reply *reply = bench_replay(&bench, bad[i].unit, bad[i].first, bad[i].limit);
        cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR, "replay %zu", i);
        cr_expect_str_eq(reply->error->field, bad[i].field, "replay %zu: %s", i,
                         reply->error->field);
        cr_expect_neq(reply->error->message[0], '\0');
        reply_free(reply);
    }
    bench_close(&bench);
}

/* -- subscribers ------------------------------------------------------------------------------- */

struct reading {
    const char *prefix;
    uint64_t mains;     /* events of main units below the prefix */
    uint8_t seen[MANY]; /* of each case: how often its main unit's feed had it */
};

static bool see(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    struct reading *reading = self;
    (void)sequence;
    uint64_t index = strtoull(event->case_->external_id, NULL, 10) - 1;
    cr_assert_lt(index, MANY);
    cr_assert_eq(strncmp(unit, reading->prefix, strlen(reading->prefix)), 0);
    if (strcmp(unit, event->assignments[0]->unit) == 0) {
        reading->seen[index]++;
        reading->mains++;
    }
    return true;
}

static struct lianxin_watcher *open_watcher(struct bench_engine *bench, struct reading *reading)
{
    const char *const prefixes[] = {reading->prefix};
    struct lianxin_watcher_options options = {.event = see, .self = reading};
    struct lianxin_watcher *watcher;
    cr_assert_eq(lianxin_watcher_open(bench->front, bench->feed, prefixes, 1, &options, &watcher),
                 OK);
    return watcher;
}

struct sending {
    uint32_t answered;
    uint64_t mains;
    uint8_t mine[MANY]; /* its main unit is below the prefix */
    const char *prefix;
};

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    struct sending *sending = self;
    cr_assert_eq(answer->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, "%s", answer->message);
    sending->mine[tag] = strncmp(answer->unit, sending->prefix, strlen(sending->prefix)) == 0;
    sending->mains += sending->mine[tag];
    sending->answered++;
}

/* Submits MANY cases; steps the watcher beside it, or not if NULL. */
static void submit_many(struct bench_engine *bench, struct sending *sending,
                        struct lianxin_watcher *watcher)
{
    struct lianxin_submitter_options options = {
        .answered = answered, .self = sending, .per_message = 8, .resend_ms = 60000};
    struct lianxin_submitter *submitter;
    struct cases cases;
    struct made_case made;
    uint64_t tag = 0;
    cases_init(&cases, engine_policy(bench->engine)->city, "many", CHANNEL_NONE, 7);
    cr_assert_eq(lianxin_submitter_open(bench->front, &options, &submitter), OK);
    cases_next(&cases, &made);
    for (int i = 0; i < READING_STEPS_MAX && sending->answered < MANY; i++) {
        while (tag < MANY && lianxin_submitter_submit(submitter, &made.message, tag) == OK) {
            tag++;
            cases_next(&cases, &made);
        }
        bench_step(bench);
        cr_assert_eq(lianxin_submitter_step(submitter, 0), OK, "%s", lianxin_why());
        if (watcher != NULL)
            cr_assert_eq(lianxin_watcher_step(watcher, 0), OK, "%s", lianxin_why());
    }
    cr_assert_eq(sending->answered, MANY, "the engine stands still");
    lianxin_submitter_close(&submitter);
}

/* Reads until as much has come as was sent, and then a little longer: it must not be more. */
static void read_all(struct bench_engine *bench, struct lianxin_watcher *watcher,
                     const struct sending *sending, const struct reading *reading)
{
    int after = 0;
    for (int i = 0; i < READING_STEPS_MAX && after < STEPS_AFTER; i++) {
        bench_step(bench);
        cr_assert_eq(lianxin_watcher_step(watcher, 0), OK, "%s", lianxin_why());
        after += reading->mains >= sending->mains;
    }
    cr_expect_gt(sending->mains, 0);
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert_eq(reading->seen[i], sending->mine[i], "case %u: %u times", i, reading->seen[i]);
}

Test(replay, who_comes_late_and_who_reads_along_get_the_same, .timeout = 60)
{
    struct bench_engine bench;
    static struct reading along = {.prefix = "511126"};
    static struct reading late = {.prefix = "511126"};
    static struct sending sending = {.prefix = "511126"};
    bench_open(&bench, 0);
    struct lianxin_watcher *watcher = open_watcher(&bench, &along);
    submit_many(&bench, &sending, watcher);
    read_all(&bench, watcher, &sending, &along);
    lianxin_watcher_close(&watcher);
    watcher = open_watcher(&bench, &late);
    read_all(&bench, watcher, &sending, &late);
    lianxin_watcher_close(&watcher);
    bench_close(&bench);
}

/* It subscribes, reads nothing while all is published, and meets a new engine when it reads on. */
Test(replay, who_is_slow_holds_nobody_up_and_misses_nothing, .timeout = 60)
{
    struct bench_engine bench;
    static struct reading slow = {.prefix = ""};
    static struct sending sending = {.prefix = ""};
    bench_open(&bench, 0);
    struct lianxin_watcher *watcher = open_watcher(&bench, &slow);
    while (!lianxin_watcher_caught_up(watcher)) {
        bench_step(&bench);
        cr_assert_eq(lianxin_watcher_step(watcher, 0), OK, "%s", lianxin_why());
    }
    submit_many(&bench, &sending, NULL);
    bench_restart(&bench);
    read_all(&bench, watcher, &sending, &slow);
    lianxin_watcher_close(&watcher);
    bench_close(&bench);
}
