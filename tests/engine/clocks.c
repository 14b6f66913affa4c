/* When each part of a ticket is due: counted by the book from the moment that the unit was given
 * it, told in the answer, and begun anew where the part changes hands. The small city's calendar
 * knows a week: Tuesday the 24th is today, Saturday is worked, Sunday is its last day. */
#include "tests/engine/small_bench.h"

#include <criterion/criterion.h>

enum { MINUTE_MS = 60 * 1000 };

#define UPSTAIRS "511100000000.urban"

static void expect_dues(const Lianxin__V1__Assignment *part, int64_t issued_ms, int64_t due_ms,
                        int64_t sign_by_ms, bool provisional)
{
    cr_assert_not_null(part);
    cr_expect_eq(part->issued_ms, issued_ms, "%s", part->unit);
    cr_expect_eq(part->due_ms, due_ms, "%s: %lld", part->unit, (long long)part->due_ms);
    cr_expect_eq(part->sign_by_ms, sign_by_ms, "%s: %lld", part->unit, (long long)part->sign_by_ms);
    cr_expect_eq((bool)part->provisional, provisional, "%s", part->unit);
}

Test(clocks, run_for_who_has_to_do_something)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    struct became became = small_submit(&bench, &one);
    cr_expect_eq(became.answer->due_ms, BENCH_DAY_MS + 3 * DAY_MS, "the end of Thursday");
    cr_expect_not(became.answer->provisional);
    Lianxin__V1__Reply *reply = small_lookup(&bench, became.number);
    const Lianxin__V1__Event *event = last_event(reply);
    expect_dues(part_of(event, URBAN), BENCH_START_MS, BENCH_DAY_MS + 3 * DAY_MS,
                BENCH_DAY_MS + 2 * DAY_MS, false);
    expect_dues(part_of(event, POLICE), BENCH_START_MS, BENCH_DAY_MS + 3 * DAY_MS,
                BENCH_DAY_MS + 2 * DAY_MS, false);
    expect_dues(part_of(event, "511126000000.health"), BENCH_START_MS, 0, 0, false);
    cr_expect_str_eq(event->decision->limit, "2wd");
    cr_expect_str_eq(event->decision->sign_limit, "1wd");
    reply_free(reply);
    reply_free(became.reply);
    small_bench_close(&bench);
}

Test(clocks, run_day_and_night_where_it_is_urgent)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    one.urgency = LIANXIN__V1__URGENCY__URGENCY_URGENT;
    struct became became = small_submit(&bench, &one);
    cr_expect_eq(became.answer->due_ms, BENCH_START_MS + DAY_MS);
    Lianxin__V1__Reply *reply = small_lookup(&bench, became.number);
    expect_dues(part_of(last_event(reply), URBAN), BENCH_START_MS, BENCH_START_MS + DAY_MS,
                BENCH_START_MS + 2 * HOUR_MS, false);
    cr_expect_eq(last_event(reply)->decision->urgency, LIANXIN__V1__URGENCY__URGENCY_URGENT);
    reply_free(reply);
    reply_free(became.reply);
    small_bench_close(&bench);
}

/* Friday: Saturday is worked, and of Monday the table says nothing. */
Test(clocks, beyond_the_calendar_are_provisional_and_say_so)
{
    struct small_bench bench;
    small_bench_open(&bench);
    bench_pass_ms(&bench.bench, 3 * DAY_MS);
    Lianxin__V1__Case one = small_case("one");
    for (int again = 0; again < 2; again++) {
        Lianxin__V1__Reply *reply = bench_submit(&bench.bench, &one);
        cr_expect_eq(answer_of(reply, 0)->due_ms, BENCH_DAY_MS + 7 * DAY_MS);
        cr_expect(answer_of(reply, 0)->provisional);
        reply_free(reply);
        bench_pass_ms(&bench.bench, DAY_MS);
    }
    small_bench_close(&bench);
}

/* Seven hours later it is the next unit's seven hours later. */
Test(clocks, begin_anew_with_a_return_and_with_a_reassignment)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    one.urgency = LIANXIN__V1__URGENCY__URGENCY_URGENT;
    small_ticket(&bench, &one, number);
    bench_pass_ms(&bench.bench, 7 * HOUR_MS);
    int64_t returned_ms = BENCH_START_MS + 7 * HOUR_MS;
    Lianxin__V1__Act act = bench_action("back", number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    Lianxin__V1__Reply *reply = bench_act(&bench.bench, &act);
    cr_expect_eq(answer_of(reply, 0)->due_ms, returned_ms + DAY_MS);
    reply_free(reply);
    reply = small_lookup(&bench, number);
    expect_dues(part_of(last_event(reply), UPSTAIRS), returned_ms, returned_ms + DAY_MS,
                returned_ms + 2 * HOUR_MS, false);
    expect_dues(part_of(last_event(reply), POLICE), BENCH_START_MS, BENCH_START_MS + DAY_MS,
                BENCH_START_MS + 2 * HOUR_MS, false);
    reply_free(reply);

    bench_pass_ms(&bench.bench, 40 * MINUTE_MS);
    int64_t given_ms = returned_ms + 40 * MINUTE_MS;
    act = bench_action("to fund", number, LIANXIN__V1__VERB__VERB_REASSIGN, FUND);
    reply = bench_act(&bench.bench, &act);
    cr_expect_eq(answer_of(reply, 0)->due_ms, given_ms + DAY_MS, "as long as the book says");
    reply_free(reply);
    bench_restart(&bench.bench);
    reply = small_lookup(&bench, number);
    expect_dues(part_of(last_event(reply), FUND), given_ms, given_ms + DAY_MS,
                given_ms + 2 * HOUR_MS, false);
    reply_free(reply);

    /* What is sent again is answered as it was. */
    reply = bench_act(&bench.bench, &act);
    cr_expect_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
    cr_expect_eq(answer_of(reply, 0)->due_ms, given_ms + DAY_MS);
    reply_free(reply);
    reply = bench_submit(&bench.bench, &one);
    cr_expect_eq(answer_of(reply, 0)->due_ms, BENCH_START_MS + DAY_MS);
    cr_expect_str_eq(answer_of(reply, 0)->unit, URBAN, "its first answer again");
    reply_free(reply);
    small_bench_close(&bench);
}

Test(clocks, stand_still_when_a_unit_signs_or_answers)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    const Lianxin__V1__Verb verbs[] = {LIANXIN__V1__VERB__VERB_SIGN, LIANXIN__V1__VERB__VERB_ANSWER,
                                       LIANXIN__V1__VERB__VERB_CLOSE};
    const char *const ids[] = {"sign", "answer", "close"};
    for (size_t i = 0; i < 3; i++) {
        bench_pass_ms(&bench.bench, HOUR_MS);
        Lianxin__V1__Act act = bench_action(ids[i], number, verbs[i], i < 2 ? URBAN : "");
        Lianxin__V1__Reply *reply = bench_act(&bench.bench, &act);
        cr_expect_eq(answer_of(reply, 0)->due_ms, BENCH_DAY_MS + 3 * DAY_MS);
        reply_free(reply);
    }
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    expect_dues(part_of(last_event(reply), URBAN), BENCH_START_MS, BENCH_DAY_MS + 3 * DAY_MS,
                BENCH_DAY_MS + 2 * DAY_MS, false);
    reply_free(reply);
    small_bench_close(&bench);
}
