/* The moment at which one book takes the place of another: what is in the ring then, what the disk
 * refuses then, and units that only one of the two knows. */
#include "tests/engine/changes.h"
#include "tests/support/city_file.h"

#include "store/store.h"

#include <criterion/criterion.h>
#include <sys/stat.h>
#include <zmq.h>

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define TRY_AGAIN LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN

static struct books books;
static struct bench_engine *const bench = &books.bench;
static struct adapter adapter;

static void set_up(void)
{
    books_open(&books);
    adapter_open(&adapter, bench);
}

static void tear_down(void)
{
    adapter_close(&adapter);
    books_close(&books);
}

TestSuite(swap, .init = set_up, .fini = tear_down);

static const char *directory(uint32_t index)
{
    return books.cities[index].directory;
}

static void send_load(uint32_t index)
{
    Lianxin__V1__Load load = LIANXIN__V1__LOAD__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    load.directory = books.cities[index].directory;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOAD;
    request.load = &load;
    adapter_request(&adapter, &request);
}

static void send_case(const char *id)
{
    Lianxin__V1__Case one = small_case(id);
    adapter_submit(&adapter, &one, 1);
}

static uint64_t passed(uint32_t stage)
{
    return cursor_observe(&engine_stage(bench->engine, stage)->cursor);
}

/* What has been sent stands in slots, up to here, and nobody has looked at them. */
static void take_in(uint64_t slots)
{
    bench_step_until(bench, INGRESS, slots);
}

/* The book that was asked for is read, and stands in the last of so many slots. */
static void take_in_change(uint64_t slots)
{
    for (int i = 0; i < STEPS_MAX && passed(INGRESS) < slots; i++) {
        stage_step(engine_stage(bench->engine, INGRESS));
        stage_step(engine_stage(bench->engine, LOADER));
    }
    cr_assert_eq(passed(INGRESS), slots);
}

static void expect_answer(Lianxin__V1__Outcome outcome, const char *unit)
{
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, bench, ALL_STAGES);
    cr_expect_eq(outcome_of(reply), outcome, "%d", (int)outcome_of(reply));
    cr_expect_str_eq(answer_of(reply, 0)->unit, unit);
    reply_free(reply);
}

static void expect_load(uint32_t policy, uint64_t from_serial)
{
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, bench, ALL_STAGES);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED);
    cr_expect(reply->changed->changed);
    cr_expect_eq(reply->changed->in_force->book->policy, policy);
    cr_expect_eq(reply->changed->in_force->from_serial, from_serial);
    reply_free(reply);
}

/* Three in the ring before the change, three behind it; not one stage has looked at any. */
Test(swap, divides_what_came_in_before_from_what_comes_behind)
{
    static const char *const ids[] = {"a", "b", "c", "d", "e", "f"};
    for (int i = 0; i < 3; i++)
        send_case(ids[i]);
    take_in(3);
    send_load(1);
    take_in_change(4);
    cr_expect_eq(passed(DECODE), 0);
    for (int i = 3; i < 6; i++)
        send_case(ids[i]);
    take_in(7);
    for (int i = 0; i < 3; i++)
        expect_answer(ACCEPTED, URBAN);
    expect_load(2, 5);
    for (int i = 3; i < 6; i++)
        expect_answer(ACCEPTED, WATER);
    expect_in_force(bench, 2, 5);
}

/* Cases go on while the loader reads. */
Test(swap, keeps_nobody_waiting)
{
    send_load(1);
    for (int i = 0; i < 2; i++) {
        struct stage *ingress = engine_stage(bench->engine, INGRESS);
        send_case(i == 0 ? "a" : "b");
        for (int step = 0; step < STEPS_MAX && passed(INGRESS) == (uint64_t)i; step++)
            stage_step(ingress);
        for (uint32_t stage = DECODE; stage <= PUBLISH; stage++)
            bench_step_until(bench, stage, (uint64_t)i + 1);
        Lianxin__V1__Reply *reply = adapter_receive(&adapter, bench, INGRESS);
        cr_expect_str_eq(answer_of(reply, 0)->unit, URBAN);
        reply_free(reply);
    }
    cr_expect_eq(passed(LOADER), 0);
    expect_load(2, 4);
}

static void submit_many(uint32_t message)
{
    static Lianxin__V1__Case cases[LIANXIN_SUBMIT_CASES_MAX];
    static char ids[LIANXIN_SUBMIT_CASES_MAX][16];
    for (uint32_t i = 0; i < LIANXIN_SUBMIT_CASES_MAX; i++) {
        snprintf(ids[i], sizeof ids[i], "%u-%u", message, i);
        cases[i] = small_case(ids[i]);
    }
    adapter_submit(&adapter, cases, LIANXIN_SUBMIT_CASES_MAX);
}

/* The ring is full, and one message more is held at its door; the change comes in before it. */
Test(swap, goes_before_a_message_that_is_held_for_want_of_room)
{
    enum { MESSAGES = PIPELINE_SLOTS / LIANXIN_SUBMIT_CASES_MAX };
    send_load(1);
    for (uint32_t message = 0; message <= MESSAGES; message++)
        submit_many(message);
    take_in(PIPELINE_SLOTS);
    for (int i = 0; i < 1000; i++)
        stage_step(engine_stage(bench->engine, INGRESS));
    cr_assert_eq(passed(LOADER), 0);
    bench_step_until(bench, LOADER, 1);
    for (uint32_t message = 0; message < MESSAGES; message++)
        expect_answer(ACCEPTED, URBAN);
    expect_load(2, PIPELINE_SLOTS + 2);
    expect_answer(ACCEPTED, WATER);
}

/* -- the disk ---------------------------------------------------------------------------------- */

static uint64_t store_bytes(void)
{
    char path[96];
    struct stat status;
    snprintf(path, sizeof path, "%s/data.mdb", bench->store);
    cr_assert_eq(stat(path, &status), 0);
    return (uint64_t)status.st_size;
}

Test(swap, to_a_book_that_cannot_be_stored_is_none)
{
    expect_decided(bench, "a", 1, URBAN);
    bench_limit_files(store_bytes());
    expect_refused(ask_load(bench, directory(1)), "", "the disk is full, so nothing has changed");
    bench_limit_files(UINT64_MAX);
    expect_in_force(bench, 1, 1);
    expect_decided(bench, "b", 1, URBAN);
    expect_changes(bench, 1);
    cr_expect_eq(load(bench, directory(1), 2), 4);
    expect_decided(bench, "c", 2, WATER);
}

/* The book is there, but not the event: neither is what came in behind it, which was decided by
 * that book; and it comes again as if nothing had been. */
Test(swap, that_cannot_be_stored_takes_back_what_it_decided)
{
    load(bench, directory(1), 2);
    load(bench, directory(0), 1);
    uint64_t slots = passed(INGRESS);
    send_case("before");
    take_in(slots + 1);
    send_load(1);
    take_in_change(slots + 2);
    send_case("behind");
    take_in(slots + 3);
    bench_limit_files(1);
    expect_answer(TRY_AGAIN, "");
    expect_refused(adapter_receive(&adapter, bench, ALL_STAGES), "",
                   "the store cannot take it now");
    expect_answer(TRY_AGAIN, "");
    bench_limit_files(UINT64_MAX);
    expect_in_force(bench, 1, 3);
    send_case("before");
    expect_answer(ACCEPTED, URBAN);
    send_case("behind");
    expect_answer(ACCEPTED, URBAN);
    expect_changes(bench, 3);
}

/* In a group of its own, which is written, though the next one is not. */
Test(swap, that_is_stored_stays_though_the_next_group_fails)
{
    enum { OTHERS = 256 };
    static Lianxin__V1__Case cases[OTHERS];
    static char ids[OTHERS][16];
    struct stage *commit = engine_stage(bench->engine, COMMIT);
    send_load(1);
    take_in_change(1);
    for (uint32_t stage = DECODE; stage <= STORE; stage++)
        bench_step_until(bench, stage, 1);
    for (uint32_t i = 0; i < OTHERS; i++) {
        snprintf(ids[i], sizeof ids[i], "%u", i);
        cases[i] = small_case(ids[i]);
    }
    adapter_submit(&adapter, cases, OTHERS);
    for (uint32_t stage = INGRESS; stage <= STORE; stage++)
        bench_step_until(bench, stage, 1 + OTHERS);
    cr_assert(stage_step(commit));
    bench_limit_files(1);
    cr_assert_not(stage_step(commit));
    bench_limit_files(UINT64_MAX);
    expect_load(2, 2);
    Lianxin__V1__Reply *reply = adapter_receive(&adapter, bench, ALL_STAGES);
    cr_expect_eq(outcome_of(reply), TRY_AGAIN);
    reply_free(reply);
    expect_in_force(bench, 2, 2);
    expect_decided(bench, "0", 2, WATER);
}

/* Its place is another book's next, and no command came between. */
Test(swap, that_failed_is_forgotten_by_the_next)
{
    for (uint32_t i = 1; i <= 3; i++)
        load(bench, directory(i % 3), i % 3 + 1);
    for (int i = 0; i < 4; i++) {
        bench_limit_files(1);
        expect_refused(ask_rollback(bench, i % 2 == 0 ? "2" : "3"), "", "nothing has changed");
        bench_limit_files(UINT64_MAX);
        expect_in_force(bench, 1, 4);
    }
    uint64_t from = roll_back(bench, "3", 3);
    cr_expect_eq(from, 5);
    expect_decided(bench, "a", 3, POLICE);
}

/* It is a command like any other: one that an engine fails of twice is set aside. */
Test(swap, in_work_at_two_failures_is_set_aside)
{
    for (int i = 0; i < 2; i++) {
        send_load(1);
        take_in_change(1);
        bench_step_until(bench, DECODE, 1);
        engine_note_failure(bench->engine);
        adapter_close(&adapter);
        bench_restart(bench);
        adapter_open(&adapter, bench);
    }
    send_load(1);
    expect_refused(adapter_receive(&adapter, bench, ALL_STAGES), "", "is set aside");
    expect_in_force(bench, 1, 1);
    expect_decided(bench, "a", 1, URBAN);
    load(bench, directory(2), 3);
}

/* -- units that only one of them knows --------------------------------------------------------- */

/* 511126 without an office of urban management; the city has one. */
static void take_unit_away(const struct small_city *small)
{
    city_file_write_text(small, "units.csv",
                         "place,function,name,basis\n511102,roads,-,\n511126,urban,-,\n");
}

Test(swap, leaves_a_unit_that_is_gone_what_it_has)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = small_case("a");
    Lianxin__V1__Reply *reply = bench_submit(bench, &one);
    snprintf(number, sizeof number, "%s", answer_of(reply, 0)->number);
    cr_expect_str_eq(answer_of(reply, 0)->unit, URBAN);
    reply_free(reply);
    small_book_write(&books.cities[1], "urban");
    take_unit_away(&books.cities[1]);
    load(bench, directory(1), 2);
    static const Lianxin__V1__Verb verbs[] = {LIANXIN__V1__VERB__VERB_SIGN,
                                              LIANXIN__V1__VERB__VERB_ANSWER,
                                              LIANXIN__V1__VERB__VERB_CLOSE};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        char id[8];
        snprintf(id, sizeof id, "act-%zu", i);
        Lianxin__V1__Act act = bench_action(id, number, verbs[i], i < 2 ? URBAN : "");
        reply = bench_act(bench, &act);
        cr_expect_eq(outcome_of(reply), ACCEPTED, "%s", answer_of(reply, 0)->message);
        reply_free(reply);
    }
    reply = bench_replay(bench, URBAN, 1, 0);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_FEED);
    cr_expect_eq(reply->feed->n_events, 4, "it hears of all of it: %zu", reply->feed->n_events);
    reply_free(reply);
    expect_decided(bench, "b", 2, "511100000000.urban");
}

static void *subscribe(const char *prefix)
{
    int linger = 0;
    void *subscriber = zmq_socket(engine_context(bench->engine), ZMQ_SUB);
    zmq_setsockopt(subscriber, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, prefix, strlen(prefix));
    cr_assert_eq(zmq_connect(subscriber, bench->feed), 0);
    return subscriber;
}

/* Events of any unit, until so many are there. */
static uint32_t hear(void *subscriber, uint32_t count)
{
    uint32_t heard = 0;
    for (int i = 0; i < STEPS_MAX && heard < count; i++) {
        char told[96] = "";
        zmq_msg_t frame;
        bench_step(bench);
        if (zmq_recv(subscriber, told, sizeof told - 1, ZMQ_DONTWAIT) < 0)
            continue;
        zmq_msg_init(&frame);
        cr_assert_geq(zmq_msg_recv(&frame, subscriber, ZMQ_DONTWAIT), 0);
        Lianxin__V1__Feed *feed =
            lianxin__v1__feed__unpack(NULL, zmq_msg_size(&frame), zmq_msg_data(&frame));
        cr_assert_not_null(feed);
        heard += (uint32_t)feed->n_events;
        for (size_t j = 0; j < feed->n_feeds; j++)
            heard += (uint32_t)feed->feeds[j]->n_events;
        lianxin__v1__feed__free_unpacked(feed, NULL);
        zmq_msg_close(&frame);
    }
    return heard;
}

/* Subscribed to before there is such a unit, by itself and as one of a county. */
Test(swap, brings_a_unit_that_nobody_had_its_feed)
{
    void *own = subscribe("unit.511126000000.parks");
    void *county = subscribe("unit.511126");
    cr_expect_eq(hear(own, 0) + hear(county, 0), 0);
    for (int i = 0; i < 1000; i++)
        bench_step(bench);
    small_book_write(&books.cities[1], "parks");
    city_file_write_text(&books.cities[1], "functions.csv",
                         "code,name,city,county,township,village,basis\n"
                         "desk,热线,{place}热线,,,,\n"
                         "fund,公积金,{place}公积金中心,,,,\n"
                         "general,综合,{place},{place},{place},{place},\n"
                         "health,卫健,{place}卫健局,{place}卫健局,,,\n"
                         "parks,园林,{place}园林局,{place}园林局,,,\n"
                         "police,公安,{place}公安局,{place}公安局,,,\n"
                         "roads,公路,{place}公路局,{place}公路局,,,\n"
                         "urban,城管,{place}城管局,{place}城管局,,,\n"
                         "water,水务,{place}水务局,{place}水务局,,,\n");
    load(bench, directory(1), 2);
    expect_decided(bench, "a", 2, "511126000000.parks");
    expect_decided(bench, "b", 2, "511126000000.parks");
    cr_expect_eq(hear(own, 2), 2);
    cr_expect_eq(hear(county, 4), 4, "the police have a part in both");
    zmq_close(own);
    zmq_close(county);
}
