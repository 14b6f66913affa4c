/* The judge against the engine's own way of deciding, over thousands of made-up cases of both kinds
 * and at all hours; and that it does notice a book with one cell changed. */
#include "bench/judge.h"
#include "bench/verdicts.h"
#include "domain/city/date.h"
#include "domain/decide.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CASES = 3000, DAY = 20781 /* 2026-11-24 */, MINUTE_MS = 60 * 1000, VERDICTS = 500 };

static struct policy *policy;
static struct scratch *scratch;
static struct judge *judge;

static void open_court(void)
{
    struct diag *diag = diag_create();
    enum err err = policy_load("cities/leshan", diag, &policy);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    cr_assert_eq(err, OK);
    scratch = scratch_create(policy);
    judge = judge_create(policy, "cities/leshan");
}

static void close_court(void)
{
    judge_free(&judge);
    scratch_destroy(&scratch);
    policy_destroy(&policy);
}

/* As decode and route do it. */
static struct unit engine_unit(const struct made_case *made, struct moment moment)
{
    const Lianxin__V1__Case *message = &made->message;
    struct case_words words = {.line = span_of_string(message->line),
                               .category = span_of_string(message->category),
                               .place = span_of_string(message->place),
                               .title = span_of_string(message->title),
                               .text = span_of_string(message->text)};
    struct facts facts = {.channel = (enum channel)message->channel,
                          .type = (enum type)message->type,
                          .applicant = message->applicant != 0 ? (enum applicant)message->applicant
                                                               : APPLICANT_CITIZEN,
                          .urgency = URGENCY_NORMAL,
                          .date = moment.date,
                          .minute = moment.minute,
                          .regime = moment.regime,
                          .earlier = FLAG_NO,
                          .answered = FLAG_NO};
    struct misfit misfit;
    struct decision decision;
    bool good = facts_resolve(policy->city, &words, false, scratch, &facts, &misfit);
    cr_assert(good);
    decide(policy, &facts, NULL, scratch, &decision);
    return decision.assignments[0].unit;
}

static void compare(bool text_only)
{
    static struct made_case made;
    struct cases cases;
    cases_init(&cases, policy->city, "bench", CHANNEL_NONE, 11);
    cases.text_only = text_only;
    for (uint32_t i = 0; i < CASES; i++) {
        struct moment moment = {DAY, i * 97 % (24 * 60),
                                i % 5 == 0 ? REGIME_HOLIDAY : REGIME_NORMAL};
        cases_next(&cases, &made);
        struct unit engine = engine_unit(&made, moment);
        struct unit judged = judge_unit(judge, &made, moment);
        cr_assert_eq(engine.index, judged.index, "case %u: %.*s, and the judge says %.*s: %s", i,
                     SPAN_ARG(unit_key(policy->city, engine)),
                     SPAN_ARG(unit_key(policy->city, judged)), made.text);
    }
}

TestSuite(judge, .init = open_court, .fini = close_court);

Test(judge, agrees_about_cases_with_place_and_category)
{
    compare(false);
}

Test(judge, agrees_about_cases_of_words_alone)
{
    compare(true);
}

/* A moment stands for all that no row tells from it. */
Test(judge, takes_moments_together_that_the_book_does_not_tell_apart)
{
    static struct made_case made;
    struct cases cases;
    cases_init(&cases, policy->city, "bench", CHANNEL_NONE, 3);
    for (int64_t ms = ms_of_day(DAY); ms < ms_of_day(DAY + 1); ms += 17 * (int64_t)MINUTE_MS) {
        struct moment moment = judge_moment(judge, ms);
        struct moment exact = {day_of_ms(ms), minute_of_ms(ms), moment.regime};
        cr_expect_leq(moment.date, exact.date);
        cr_expect_leq(moment.minute, exact.minute);
        cases_next(&cases, &made);
        cr_expect_eq(engine_unit(&made, exact).index, judge_unit(judge, &made, moment).index);
    }
}

/* -- verdicts ---------------------------------------------------------------------------------- */

static void expect_verdicts(const struct cases *cases, const char *directory)
{
    static struct made_case made;
    struct cases again = *cases;
    struct verdicts *verdicts =
        verdicts_create(policy, "cities/leshan", cases, VERDICTS, directory);
    for (uint64_t i = 1; i <= VERDICTS; i++) {
        cases_next(&again, &made);
        struct unit wanted = judge_unit(judge, &made, judge_moment(judge, 0));
        cr_assert_eq(verdicts_unit(verdicts, i, 0).index, wanted.index);
    }
    verdicts_free(&verdicts);
}

/* Kept in a file, and found again; a file of another judge's is not believed. */
Test(judge, verdicts_are_kept)
{
    char directory[] = "/tmp/lianxin-verdicts-XXXXXX";
    char command[128];
    struct cases cases;
    cr_assert_not_null(mkdtemp(directory));
    cases_init(&cases, policy->city, "bench", CHANNEL_NONE, 5);
    expect_verdicts(&cases, directory);
    expect_verdicts(&cases, directory);
    snprintf(command, sizeof command, "printf 'xxxx' | tee %s/verdicts-* >%s/copy", directory,
             directory);
    cr_assert_eq(system(command), 0);
    expect_verdicts(&cases, directory);
    snprintf(command, sizeof command, "rm -r %s", directory);
    cr_assert_eq(system(command), 0);
}
