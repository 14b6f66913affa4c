/* Subscribers that come late, are slow, go and come back: each ends with every event of its units
 * exactly once and in order, and the engine waits for none of them. */
#include "tests/engine/requests.h"

#include "bench/cases.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <zmq.h>

enum { UNITS_MAX = 4096, MESSAGE_CASES = 1024 };

/* Who was promised what, by the index of the unit in the city: each answer names a main unit. */
struct promises {
    struct bench_engine *bench;
    struct adapter adapter;
    struct cases cases;
    uint64_t of_unit[UNITS_MAX];
    uint64_t count;
};

static const struct city *city_of(const struct bench_engine *bench)
{
    return engine_policy(bench->engine)->city;
}

static uint32_t index_of(const struct bench_engine *bench, const char *unit)
{
    struct unit found = city_unit_by_key(city_of(bench), span_of_string(unit));
    cr_assert_lt(found.index, UNITS_MAX, "%s", unit);
    return found.index;
}

static void promises_open(struct promises *promises, struct bench_engine *bench)
{
    *promises = (struct promises){.bench = bench};
    cases_init(&promises->cases, city_of(bench), "subscribers", CHANNEL_NONE, bench->random);
    adapter_open(&promises->adapter, bench);
}

/* The engine's city was read again. */
static void promises_restart(struct promises *promises)
{
    bench_restart(promises->bench);
    promises->cases.city = city_of(promises->bench);
}

/* Submits that many made-up cases in one message, and steps the engine until they are answered. */
static void promises_make(struct promises *promises, size_t count)
{
    static struct made_case made[MESSAGE_CASES];
    static Lianxin__V1__Case cases[MESSAGE_CASES];
    for (size_t i = 0; i < count; i++) {
        cases_next(&promises->cases, &made[i]);
        cases[i] = made[i].message;
        cases[i].occurred_ms = cases[i].received_ms = 0;
    }
    adapter_submit(&promises->adapter, cases, count);
    Lianxin__V1__Reply *reply = adapter_receive(&promises->adapter, promises->bench, ALL_STAGES);
    for (size_t i = 0; i < count; i++) {
        const Lianxin__V1__Answer *answer = answer_of(reply, i);
        cr_assert_eq(answer->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, "%s",
                     answer->message);
        promises->of_unit[index_of(promises->bench, answer->unit)]++;
    }
    promises->count += count;
    reply_free(reply);
}

/* What one subscriber heard. */
struct ear {
    struct bench_engine *bench;
    struct lianxin_watcher *watcher;
    uint64_t last[UNITS_MAX];    /* sequences */
    uint64_t of_unit[UNITS_MAX]; /* events whose main unit it is */
    uint64_t count;              /* of these */
};

static bool hear(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    struct ear *ear = self;
    uint32_t index = index_of(ear->bench, unit);
    cr_assert_eq(sequence, ++ear->last[index], "%s %d", unit, (int)sequence);
    bool has_part = false;
    for (size_t i = 0; i < event->n_assignments; i++) {
        const Lianxin__V1__Assignment *assignment = event->assignments[i];
        if (strcmp(assignment->unit, unit) != 0)
            continue;
        has_part = true;
        if (assignment->role != LIANXIN__V1__ROLE__ROLE_MAIN)
            continue;
        ear->of_unit[index]++;
        ear->count++;
    }
    cr_assert(has_part, "%s has no part in event %d", unit, (int)event->number);
    return true;
}

/* As a new process would, with the cursors that the old one left. */
static void ear_open_to(struct ear *ear, struct bench_engine *bench, const char *const *prefixes,
                        size_t count)
{
    struct lianxin_watcher_options options = {.event = hear, .self = ear, .clock = &bench->clock};
    char unit[LIANXIN_UNIT_BYTES_MAX + 1];
    ear->bench = bench;
    cr_assert_eq(
        lianxin_watcher_open(bench->front, bench->feed, prefixes, count, &options, &ear->watcher),
        OK);
    for (uint32_t i = 0; i < city_units(city_of(bench)); i++) {
        if (ear->last[i] == 0)
            continue;
        snprintf(unit, sizeof unit, "%.*s", SPAN_ARG(unit_key(city_of(bench), (struct unit){i})));
        cr_assert_eq(lianxin_watcher_set_cursor(ear->watcher, unit, ear->last[i]), OK);
    }
}

static void ear_open(struct ear *ear, struct bench_engine *bench)
{
    const char *const everything[] = {""};
    ear_open_to(ear, bench, everything, 1);
}

/* All of them, one by one: so each gets messages of its own, thousands of them. */
static void ear_open_to_each_unit(struct ear *ear, struct bench_engine *bench)
{
    static char keys[UNITS_MAX][LIANXIN_UNIT_BYTES_MAX + 1];
    static const char *prefixes[UNITS_MAX];
    uint32_t count = city_units(city_of(bench));
    cr_assert_leq(count, UNITS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        struct span key = unit_key(city_of(bench), (struct unit){i});
        snprintf(keys[i], sizeof keys[i], "%.*s", SPAN_ARG(key));
        prefixes[i] = keys[i];
    }
    ear_open_to(ear, bench, prefixes, count);
}

static void ear_step(struct ear *ear)
{
    bench_step(ear->bench);
    bench_pass_ms(ear->bench, 1);
    cr_assert_eq(lianxin_watcher_step(ear->watcher, 0), OK, "%s", lianxin_why());
}

static void ear_listen(struct ear *ear, uint64_t count)
{
    for (int i = 0; i < STEPS_MAX && ear->count < count; i++)
        ear_step(ear);
    cr_assert_geq(ear->count, count);
}

static void expect_kept(const struct promises *promises, const struct ear *ear)
{
    cr_expect_eq(ear->count, promises->count);
    cr_expect_arr_eq(ear->of_unit, promises->of_unit, sizeof ear->of_unit);
}

static uint64_t questions_answered(const struct bench_engine *bench)
{
    return cursor_observe(&engine_stage(bench->engine, READER)->cursor);
}

static struct ear ear;
static struct ear quick;
static struct promises promises;

/* What was before is replayed, also what was before a restart, while new events go on coming. */
Test(subscribers, that_come_late_get_all_that_was_and_all_that_comes)
{
    enum { ROUNDS = 40, CASES = 50 };
    struct bench_engine bench;
    bench_open(&bench, 0);
    promises_open(&promises, &bench);
    for (int round = 0; round < ROUNDS; round++) {
        promises_make(&promises, CASES);
        if (round == ROUNDS / 4)
            promises_restart(&promises);
        if (round == ROUNDS / 2)
            ear_open(&ear, &bench);
        for (int i = 0; i < 10 && ear.watcher != NULL; i++)
            ear_step(&ear);
    }
    ear_listen(&ear, promises.count);
    expect_kept(&promises, &ear);
    lianxin_watcher_close(&ear.watcher);
    adapter_close(&promises.adapter);
    bench_close(&bench);
}

/* More is published than all queues hold, so some is lost on the way and has to be replayed. Each
 * submit is answered meanwhile, and who reads along hears of it at once. */
Test(subscribers, that_do_not_read_for_long_hold_nobody_up_and_lose_nothing, .timeout = 300)
{
    enum { ROUNDS = 80, CASES = MESSAGE_CASES };
    struct bench_engine bench;
    bench_open(&bench, 0);
    promises_open(&promises, &bench);
    ear_open_to_each_unit(&ear, &bench);
    ear_open(&quick, &bench);
    promises_make(&promises, 1);
    ear_listen(&ear, 1);
    ear_listen(&quick, 1);
    for (int round = 0; round < ROUNDS; round++) {
        promises_make(&promises, CASES);
        ear_listen(&quick, promises.count);
    }
    uint64_t before = questions_answered(&bench);
    ear_listen(&ear, promises.count);
    cr_assert_gt(questions_answered(&bench), before, "nothing was lost: this test shows nothing");
    expect_kept(&promises, &ear);
    expect_kept(&promises, &quick);
    lianxin_watcher_close(&ear.watcher);
    lianxin_watcher_close(&quick.watcher);
    adapter_close(&promises.adapter);
    bench_close(&bench);
}

/* The engine goes away under a subscriber that stays, and the other way round. */
Test(subscribers, that_connect_again_go_on_where_they_were)
{
    enum { ROUNDS = 30, CASES = 20, LEAVES = 3, RESTARTS = 5 };
    struct bench_engine bench;
    bench_open(&bench, 0);
    promises_open(&promises, &bench);
    ear_open(&ear, &bench);
    for (int round = 1; round <= ROUNDS; round++) {
        promises_make(&promises, CASES);
        for (uint64_t i = cases_random(&promises.cases, 30); i > 0; i--)
            ear_step(&ear);
        if (round % RESTARTS == 0)
            promises_restart(&promises);
        if (round % LEAVES != 0)
            continue;
        lianxin_watcher_close(&ear.watcher);
        promises_make(&promises, CASES);
        ear_open(&ear, &bench);
    }
    ear_listen(&ear, promises.count);
    expect_kept(&promises, &ear);
    lianxin_watcher_close(&ear.watcher);
    adapter_close(&promises.adapter);
    bench_close(&bench);
}
