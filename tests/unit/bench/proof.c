/* The proof sees what went wrong: feeds are put together as an engine would send them, ten cases to
 * the units that the slow matcher says, and then something is left out, sent twice or sent to
 * another unit. */
#include "bench/judge.h"
#include "bench/proof.h"
#include "bench/verdicts.h"
#include "lianxin.pb-c.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 10, TIME_MS = 1000, FEED_BYTES_MAX = 4096 };

static struct policy *policy;
static struct verdicts *verdicts;
static uint64_t sequences[8192]; /* a unit each */
static int64_t received_ns[CASES];
static struct proving *proving;

static void open_proof(void)
{
    struct diag *diag = diag_create();
    struct cases cases;
    enum err err = policy_load("cities/leshan", diag, &policy);
    diag_destroy(&diag);
    cr_assert_eq(err, OK);
    cr_assert_leq(city_units(policy->city), sizeof sequences / sizeof sequences[0]);
    cases_init(&cases, policy->city, "bench", CHANNEL_NONE, 7);
    verdicts = verdicts_create(policy, "cities/leshan", &cases, CASES, "nowhere");
    proving = proving_begin(policy->city, 1, CASES, verdicts, received_ns);
}

static void close_proof(void)
{
    verdicts_free(&verdicts);
    policy_destroy(&policy);
}

static struct unit right_unit(uint64_t number)
{
    return verdicts_unit(verdicts, number, TIME_MS);
}

static const char *key_of(struct unit unit)
{
    static char key[UNIT_KEY_BYTES_MAX + 1];
    struct span text = unit_key(policy->city, unit);
    snprintf(key, sizeof key, "%.*s", SPAN_ARG(text));
    return key;
}

static void take(const Lianxin__V1__Feed *feed)
{
    uint8_t bytes[FEED_BYTES_MAX];
    cr_assert_leq(lianxin__v1__feed__get_packed_size(feed), sizeof bytes);
    proving_take(proving, span_of(bytes, lianxin__v1__feed__pack(feed, bytes)), 5);
}

/* One event: of the case, main part of `main`, in the feed of `unit`, which has that sequence. */
static void send(uint64_t number, struct unit main, struct unit unit, uint64_t sequence)
{
    char id[32];
    char main_key[UNIT_KEY_BYTES_MAX + 1];
    Lianxin__V1__Case submitted = LIANXIN__V1__CASE__INIT;
    Lianxin__V1__Assignment assignment = LIANXIN__V1__ASSIGNMENT__INIT;
    Lianxin__V1__Assignment *assignments[] = {&assignment};
    Lianxin__V1__Event event = LIANXIN__V1__EVENT__INIT;
    Lianxin__V1__Event *events[] = {&event};
    Lianxin__V1__Feed feed = LIANXIN__V1__FEED__INIT;
    snprintf(id, sizeof id, "%lu", (unsigned long)number);
    snprintf(main_key, sizeof main_key, "%s", key_of(main));
    submitted.external_id = id;
    assignment.unit = main_key;
    assignment.role = LIANXIN__V1__ROLE__ROLE_MAIN;
    event.number = number;
    event.time_ms = TIME_MS;
    event.kind = LIANXIN__V1__KIND__KIND_CASE;
    event.case_ = &submitted;
    event.assignments = assignments;
    event.n_assignments = 1;
    feed.unit = (char *)key_of(unit);
    feed.first = sequence;
    feed.events = events;
    feed.n_events = 1;
    take(&feed);
}

/* As it should be. */
static void send_right(uint64_t number)
{
    struct unit unit = right_unit(number);
    send(number, unit, unit, ++sequences[unit.index]);
}

/* How far a feed is, as the engine tells. */
static void announce(struct unit unit, uint64_t sequence)
{
    Lianxin__V1__Head head = LIANXIN__V1__HEAD__INIT;
    Lianxin__V1__Head *heads[] = {&head};
    Lianxin__V1__Feed feed = LIANXIN__V1__FEED__INIT;
    head.unit = (char *)key_of(unit);
    head.sequence = sequence;
    feed.heads = heads;
    feed.n_heads = 1;
    take(&feed);
}

static void expect(uint64_t events, uint64_t lost, uint64_t doubled, uint64_t misdirected)
{
    struct proof proof;
    proving_end(&proving, &proof);
    cr_expect_eq(proof.events, events, "%lu events", proof.events);
    cr_expect_eq(proof.lost, lost, "%lu lost: %s", proof.lost, proof.first_fault);
    cr_expect_eq(proof.doubled, doubled, "%lu doubled: %s", proof.doubled, proof.first_fault);
    cr_expect_eq(proof.misdirected, misdirected, "%lu misdirected: %s", proof.misdirected,
                 proof.first_fault);
    cr_expect_eq(proof.first_fault[0] == '\0', lost + doubled + misdirected == 0);
    cr_expect_eq(proof_is_whole(&proof), lost + doubled + misdirected == 0);
}

TestSuite(proof, .init = open_proof, .fini = close_proof);

Test(proof, finds_nothing_where_all_is_well)
{
    for (uint64_t i = 1; i <= CASES; i++)
        send_right(i);
    announce(right_unit(1), sequences[right_unit(1).index]);
    expect(CASES, 0, 0, 0);
    for (uint32_t i = 0; i < CASES; i++)
        cr_expect_eq(received_ns[i], 5);
}

Test(proof, misses_a_case_that_did_not_come)
{
    for (uint64_t i = 1; i < CASES; i++)
        send_right(i);
    expect(CASES - 1, 1, 0, 0);
    cr_expect_eq(received_ns[CASES - 1], 0);
}

/* The feed's next event came, but not this one: the case is missed, and so is the sequence. */
Test(proof, misses_what_is_left_out_of_a_feed)
{
    struct unit unit = right_unit(1);
    for (uint64_t i = 2; i <= CASES; i++)
        send_right(i);
    send(1, unit, unit, sequences[unit.index] + 2);
    expect(CASES, 1, 0, 0);
}

Test(proof, misses_what_the_engine_announces_and_did_not_send)
{
    for (uint64_t i = 1; i <= CASES; i++)
        send_right(i);
    announce((struct unit){0}, 0); /* the first announcement is where feeds begin */
    announce(right_unit(3), sequences[right_unit(3).index] + 2);
    expect(CASES, 2, 0, 0);
}

Test(proof, begins_where_the_engine_says_the_feeds_are)
{
    struct unit unit = right_unit(1);
    announce(unit, 17);
    sequences[unit.index] = 17;
    for (uint64_t i = 1; i <= CASES; i++)
        send_right(i);
    announce(unit, sequences[unit.index]);
    expect(CASES, 0, 0, 0);
}

Test(proof, sees_a_case_that_came_twice)
{
    for (uint64_t i = 1; i <= CASES; i++)
        send_right(i);
    send_right(4);
    expect(CASES + 1, 0, 1, 0);
}

Test(proof, sees_a_sequence_that_goes_back)
{
    struct unit unit = right_unit(4);
    for (uint64_t i = 1; i <= CASES; i++)
        send_right(i);
    send(4, unit, unit, sequences[unit.index]);
    expect(CASES + 1, 0, 2, 0); /* of the feed, and of the case */
}

Test(proof, sees_a_case_at_a_unit_that_the_slow_matcher_does_not_say)
{
    struct unit wrong = {right_unit(6).index + 1};
    for (uint64_t i = 1; i <= CASES; i++)
        if (i != 6)
            send_right(i);
    send(6, wrong, wrong, ++sequences[wrong.index]);
    expect(CASES, 0, 0, 1);
}

/* As where a message carries another topic's events. */
Test(proof, sees_a_unit_that_is_told_what_is_not_its_own)
{
    struct unit wrong = {right_unit(6).index + 1};
    for (uint64_t i = 1; i <= CASES; i++)
        send_right(i);
    send(6, right_unit(6), wrong, ++sequences[wrong.index]);
    expect(CASES + 1, 0, 0, 1);
}

Test(proof, adds_up)
{
    struct proof sum = {.events = 1, .judged = 2, .lost = 3, .doubled = 4, .misdirected = 5};
    struct proof more = {.events = 10, .judged = 20, .lost = 30, .doubled = 40, .first_fault = "x"};
    proof_add(&sum, &more);
    cr_expect_eq(sum.events, 11);
    cr_expect_eq(sum.judged, 22);
    cr_expect_eq(sum.lost, 33);
    cr_expect_eq(sum.doubled, 44);
    cr_expect_eq(sum.misdirected, 5);
    cr_expect_str_eq(sum.first_fault, "x");
    struct proof proof;
    proving_end(&proving, &proof);
}
