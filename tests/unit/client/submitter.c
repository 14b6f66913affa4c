/* Many cases under way, against an engine that loses, repeats, delays and refuses. What must hold
 * whatever it does: each case is answered exactly once, and a resend is the very same bytes. Shown
 * first for each trouble alone, then for all of them at random.
 */
#include "fake.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { TAGS_MAX = 2000 };

static struct fake fake;
static struct lianxin_submitter *submitter;
static struct lianxin_submitter_options options;
static uint32_t answers[TAGS_MAX]; /* how many each tag has had */
static Lianxin__V1__Outcome outcomes[TAGS_MAX];
static char last_number[64], last_field[64], last_message[128];
static uint64_t submit_in_answer; /* the tag to submit from the next answer; 0: none */

static enum err submit(uint64_t tag, size_t text_bytes)
{
    char id[32];
    char *text = calloc(1, text_bytes + 1);
    Lianxin__V1__Case ticket = LIANXIN__V1__CASE__INIT;
    snprintf(id, sizeof id, "id-%lu", tag);
    ticket.source = (char *)"test";
    ticket.external_id = id;
    ticket.channel = LIANXIN__V1__CHANNEL__CHANNEL_APP;
    ticket.type = LIANXIN__V1__TYPE__TYPE_HELP;
    ticket.text = memset(text, 'x', text_bytes);
    enum err err = lianxin_submitter_submit(submitter, &ticket, tag);
    free(text);
    return err;
}

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    cr_assert_eq(self, &fake);
    cr_assert_lt(tag, TAGS_MAX);
    answers[tag]++;
    outcomes[tag] = answer->outcome;
    snprintf(last_number, sizeof last_number, "%s", answer->number);
    snprintf(last_field, sizeof last_field, "%s", answer->field);
    snprintf(last_message, sizeof last_message, "%s", answer->message);
    if (submit_in_answer == 0)
        return;
    cr_expect_eq(submit(submit_in_answer, 10), OK);
    submit_in_answer = 0;
}

static void open_submitter(void)
{
    options.answered = answered;
    options.self = &fake;
    options.context = fake.folder[0] == '\0' ? fake.context : NULL;
    options.clock = &fake.clock;
    cr_assert_eq(lianxin_submitter_open(fake.front, &options, &submitter), OK, "%s", lianxin_why());
}

static void open_engine(void)
{
    fake_open(&fake);
}

static void close_all(void)
{
    lianxin_submitter_close(&submitter);
    lianxin_submitter_close(&submitter);
    fake_close(&fake);
}

static void step(void)
{
    cr_assert_eq(lianxin_submitter_step(submitter, 0), OK, "%s", lianxin_why());
}

/* The next request must be a Submit of so many cases. */
static void hear(struct asked *asked, size_t count)
{
    cr_assert(fake_hear(&fake, asked), "no request");
    cr_assert_eq(asked->request->body_case, LIANXIN__V1__REQUEST__BODY_SUBMIT);
    cr_assert_eq(asked->request->submit->n_cases, count);
}

static void expect_silence(void)
{
    struct asked asked;
    step();
    cr_assert_not(fake_hear(&fake, &asked));
}

static void accept(struct asked *asked)
{
    fake_answer(&fake, asked, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    fake_forget(asked);
}

static void expect_answered(uint64_t first, uint64_t limit, Lianxin__V1__Outcome outcome)
{
    for (uint64_t tag = first; tag < limit; tag++) {
        cr_assert_eq(answers[tag], 1, "tag %lu has %u answers", tag, answers[tag]);
        cr_assert_eq(outcomes[tag], outcome);
    }
}

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define INVALID   LIANXIN__V1__OUTCOME__OUTCOME_INVALID
#define TRY_AGAIN LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN

Test(submitter, what_waits_travels_together, .init = open_engine, .fini = close_all)
{
    struct asked asked;
    options.per_message = 3;
    options.strict = true;
    open_submitter();
    for (uint64_t tag = 0; tag < 7; tag++)
        cr_assert_eq(submit(tag, 20), OK);
    cr_expect_eq(lianxin_submitter_pending(submitter), 7);
    step();
    hear(&asked, 3);
    cr_expect(asked.request->submit->strict);
    cr_expect_str_eq(asked.request->submit->cases[2]->external_id, "id-2");
    cr_expect_str_eq(asked.request->submit->cases[2]->text, "xxxxxxxxxxxxxxxxxxxx");
    accept(&asked);
    hear(&asked, 3);
    accept(&asked);
    hear(&asked, 1);
    accept(&asked);
    step();
    expect_answered(0, 7, ACCEPTED);
    cr_expect_str_eq(last_number, "id-6");
    cr_expect_eq(lianxin_submitter_pending(submitter), 0);
    expect_silence();
}

Test(submitter, no_message_is_larger_than_the_engine_takes, .init = open_engine, .fini = close_all)
{
    struct asked asked;
    options.per_message = LIANXIN_SUBMIT_CASES_MAX;
    open_submitter();
    cr_expect_eq(submit(0, 32768), ERR_INVALID);
    cr_expect_str_eq(lianxin_why(), "the case has 32789 bytes; the engine takes 32768");
    cr_expect_eq(lianxin_submitter_pending(submitter), 0);
    for (uint64_t tag = 0; tag < 100; tag++)
        cr_assert_eq(submit(tag, 32700), OK);
    step();
    size_t cases = 0;
    while (fake_hear(&fake, &asked)) {
        cr_expect_leq(lianxin__v1__submit__get_packed_size(asked.request->submit), 1024 * 1024);
        cr_expect(asked.request->submit->n_cases >= 31 ||
                  cases + asked.request->submit->n_cases == 100);
        cases += asked.request->submit->n_cases;
        accept(&asked);
    }
    cr_expect_eq(cases, 100);
    step();
    expect_answered(0, 100, ACCEPTED);
    options.per_message++;
    struct lianxin_submitter *none = submitter;
    cr_expect_eq(lianxin_submitter_open(fake.front, &options, &none), ERR_INVALID);
    cr_expect_null(none);
}

Test(submitter, a_full_window_holds_the_caller_back, .init = open_engine, .fini = close_all)
{
    struct asked asked;
    options.window = 5;
    options.per_message = 2;
    open_submitter();
    for (uint64_t tag = 0; tag < 5; tag++)
        cr_assert_eq(submit(tag, 20), OK);
    cr_expect_eq(submit(5, 20), ERR_FULL);
    step();
    cr_expect_eq(submit(5, 20), ERR_FULL);
    hear(&asked, 2);
    accept(&asked);
    step();
    cr_expect_eq(lianxin_submitter_pending(submitter), 3);
    cr_expect_eq(submit(5, 20), OK);
    submit_in_answer = 6; /* there is room again when an answer is handed over */
    hear(&asked, 2);
    accept(&asked);
    step();
    expect_answered(0, 4, ACCEPTED);
    cr_expect_eq(lianxin_submitter_pending(submitter), 3);
}

Test(submitter, the_same_bytes_go_again_until_there_is_a_reply, .init = open_engine,
     .fini = close_all)
{
    struct asked first, again;
    open_submitter();
    cr_assert_eq(submit(0, 20), OK);
    cr_assert_eq(submit(1, 20), OK);
    step();
    hear(&first, 2);
    fake_pass_ms(&fake, 2999);
    expect_silence();
    for (int i = 0; i < 3; i++) {
        fake_pass_ms(&fake, i == 0 ? 1 : 3000);
        step();
        hear(&again, 2);
        cr_expect_eq(again.digest, first.digest);
        if (i < 2)
            fake_forget(&again);
    }
    accept(&again);
    accept(&first);
    step();
    expect_answered(0, 2, ACCEPTED);
    fake_pass_ms(&fake, 10000);
    expect_silence();
}

Test(submitter, replies_overtake_each_other_and_come_twice, .init = open_engine, .fini = close_all)
{
    struct asked first, second, third;
    options.per_message = 2;
    open_submitter();
    for (uint64_t tag = 0; tag < 5; tag++)
        cr_assert_eq(submit(tag, 20), OK);
    step();
    hear(&first, 2);
    hear(&second, 2);
    hear(&third, 1);
    third.request->id = 1000; /* never asked for */
    fake_answer(&fake, &third, INVALID);
    third.request->id = 3;
    accept(&third);
    fake_answer(&fake, &second, ACCEPTED);
    fake_answer(&fake, &second, INVALID);
    step();
    expect_answered(2, 5, ACCEPTED);
    cr_expect_eq(lianxin_submitter_pending(submitter), 2);
    fake_answer(&fake, &second, INVALID);
    accept(&first);
    fake_forget(&second);
    step();
    expect_answered(0, 5, ACCEPTED);
}

Test(submitter, what_is_to_be_tried_again_rests_ever_longer, .init = open_engine, .fini = close_all)
{
    static const int64_t pauses_ms[] = {50, 100, 200, 400, 800, 1600, 2000, 2000};
    const Lianxin__V1__Outcome mixed[] = {ACCEPTED, TRY_AGAIN, INVALID, TRY_AGAIN};
    struct asked asked;
    open_submitter();
    for (uint64_t tag = 0; tag < 4; tag++)
        cr_assert_eq(submit(tag, 20 + tag), OK);
    step();
    hear(&asked, 4);
    fake_answer_each(&fake, &asked, mixed, 4);
    fake_forget(&asked);
    step();
    expect_answered(0, 1, ACCEPTED);
    expect_answered(2, 3, INVALID);
    cr_expect_eq(lianxin_submitter_pending(submitter), 2);
    for (size_t i = 0; i < sizeof pauses_ms / sizeof pauses_ms[0]; i++) {
        fake_pass_ms(&fake, pauses_ms[i] - 1);
        expect_silence();
        fake_pass_ms(&fake, 1);
        step();
        hear(&asked, 2);
        cr_expect_str_eq(asked.request->submit->cases[0]->external_id, "id-1");
        cr_expect_str_eq(asked.request->submit->cases[1]->external_id, "id-3");
        cr_expect_eq(strlen(asked.request->submit->cases[1]->text), 23);
        fake_answer(&fake, &asked, TRY_AGAIN);
        fake_forget(&asked);
        step();
    }
    fake_pass_ms(&fake, 2000);
    step();
    hear(&asked, 2);
    accept(&asked);
    step();
    expect_answered(1, 2, ACCEPTED);
    expect_answered(3, 4, ACCEPTED);
}

Test(submitter, it_gives_up_when_told_to, .init = open_engine, .fini = close_all)
{
    struct asked asked, silent;
    options.give_up_ms = 120;
    open_submitter();
    cr_assert_eq(submit(0, 20), OK);
    step();
    hear(&asked, 1);
    cr_assert_eq(submit(1, 20), OK);
    step();
    hear(&silent, 1);
    fake_answer(&fake, &asked, TRY_AGAIN);
    fake_forget(&asked);
    step();
    fake_pass_ms(&fake, 50);
    step();
    hear(&asked, 1);
    fake_answer(&fake, &asked, TRY_AGAIN); /* the next pause would end too late */
    fake_forget(&asked);
    step();
    expect_answered(0, 1, TRY_AGAIN);
    cr_expect_str_eq(last_number, "id-0", "the engine's own answer");
    fake_pass_ms(&fake, 69);
    expect_silence();
    cr_expect_eq(answers[1], 0);
    fake_pass_ms(&fake, 1);
    expect_silence();
    expect_answered(1, 2, TRY_AGAIN);
    cr_expect_str_eq(last_message,
                     "the engine did not answer in time; the case may be stored or not");
    accept(&silent);
    step();
    expect_answered(1, 2, TRY_AGAIN);
    cr_assert_eq(submit(2, 20), OK);
    fake_pass_ms(&fake, 1000); /* stepped late: the time counts from there */
    step();
    hear(&asked, 1);
    accept(&asked);
    step();
    expect_answered(2, 3, ACCEPTED);
}

Test(submitter, a_refused_message_refuses_its_cases, .init = open_engine, .fini = close_all)
{
    struct asked asked;
    open_submitter();
    cr_assert_eq(submit(0, 20), OK);
    cr_assert_eq(submit(1, 20), OK);
    step();
    hear(&asked, 2);
    fake_reply_error(&fake, &asked, "not like this");
    fake_forget(&asked);
    step();
    expect_answered(0, 2, INVALID);
    cr_expect_str_eq(last_field, "some.field");
    cr_expect_str_eq(last_message, "not like this");
}

Test(submitter, a_reply_that_makes_no_sense_counts_as_none, .init = open_engine, .fini = close_all)
{
    const Lianxin__V1__Outcome one[] = {ACCEPTED};
    const Lianxin__V1__Outcome mute[] = {ACCEPTED, LIANXIN__V1__OUTCOME__OUTCOME_UNSPECIFIED};
    struct asked asked;
    Lianxin__V1__Reply empty = LIANXIN__V1__REPLY__INIT;
    open_submitter();
    cr_assert_eq(submit(0, 20), OK);
    cr_assert_eq(submit(1, 20), OK);
    step();
    hear(&asked, 2);
    fake_reply_nonsense(&fake, &asked);
    cr_expect_eq(lianxin_submitter_step(submitter, 0), ERR_INVALID);
    fake_answer_each(&fake, &asked, one, 1);
    cr_expect_eq(lianxin_submitter_step(submitter, 0), ERR_INVALID);
    cr_expect_str_eq(lianxin_why(), "front's reply does not answer the 2 cases it was sent");
    fake_reply(&fake, &asked, &empty);
    cr_expect_eq(lianxin_submitter_step(submitter, 0), ERR_INVALID);
    fake_answer_each(&fake, &asked, mute, 2);
    cr_expect_eq(lianxin_submitter_step(submitter, 0), ERR_INVALID);
    fake_forget(&asked);
    cr_expect_eq(lianxin_submitter_pending(submitter), 2);
    fake_pass_ms(&fake, 3000);
    step();
    hear(&asked, 2);
    accept(&asked);
    step();
    expect_answered(0, 2, ACCEPTED);
}

/* The connection breaks with one message unanswered and another unsent. */
Test(submitter, a_restart_of_the_engine_loses_nothing)
{
    struct asked asked;
    fake_open_ipc(&fake);
    options.give_up_ms = 60000;
    open_submitter();
    cr_assert_eq(submit(0, 20), OK);
    bool heard = false;
    for (int i = 0; i < 1000 && !heard; i++) {
        cr_assert_eq(lianxin_submitter_step(submitter, 10), OK);
        heard = fake_hear(&fake, &asked);
    }
    cr_assert(heard);
    fake_forget(&asked);
    fake_stop(&fake);
    cr_assert_eq(submit(1, 20), OK);
    for (int i = 0; i < 5; i++)
        cr_assert_eq(lianxin_submitter_step(submitter, 0), OK);
    fake_start(&fake);
    fake_pass_ms(&fake, 3000);
    for (int i = 0; i < 3000 && lianxin_submitter_pending(submitter) > 0; i++) {
        cr_assert_eq(lianxin_submitter_step(submitter, 10), OK);
        fake_pass_ms(&fake, 100); /* what was sent into the breaking connection is due again */
        while (fake_hear(&fake, &asked))
            accept(&asked);
    }
    expect_answered(0, 2, ACCEPTED);
    close_all();
}

Test(submitter, with_nobody_there_it_gives_up_too)
{
    fake_open_ipc(&fake);
    fake_stop(&fake);
    options.give_up_ms = 100;
    open_submitter();
    cr_assert_eq(submit(0, 20), OK);
    step();
    fake_pass_ms(&fake, 99);
    step();
    cr_expect_eq(answers[0], 0);
    fake_pass_ms(&fake, 1);
    step();
    expect_answered(0, 1, TRY_AGAIN);
    cr_expect_eq(submit(1, 20), OK);
    close_all(); /* with a case pending */
}

/* -- all troubles at once ---------------------------------------------------------------------- */

enum { HELD_MAX = 8 };

static uint64_t chance;

static uint64_t below(uint64_t limit)
{
    return random_next(&chance) % limit;
}

/* Answers a request as an engine might: each case accepted, once in a while "try again". */
static void answer_somehow(const struct asked *asked)
{
    Lianxin__V1__Outcome given[LIANXIN_SUBMIT_CASES_MAX];
    size_t count = asked->request->submit->n_cases;
    for (size_t i = 0; i < count; i++)
        given[i] = below(10) == 0 ? TRY_AGAIN : ACCEPTED;
    fake_answer_each(&fake, asked, given, count);
}

/* Loses one request in five, answers one in five twice and holds one in five for later. */
static void engine_step(struct asked *held, size_t *held_count)
{
    struct asked asked;
    while (fake_hear(&fake, &asked)) {
        uint64_t fate = below(5);
        if (fate == 0 && *held_count < HELD_MAX) {
            held[(*held_count)++] = asked;
            continue;
        }
        if (fate == 1)
            fake_reply_nonsense(&fake, &asked);
        else if (fate == 2)
            answer_somehow(&asked);
        if (fate >= 2 && fate != 3)
            answer_somehow(&asked);
        fake_forget(&asked);
    }
    if (*held_count > 0 && below(3) == 0) {
        answer_somehow(&held[--*held_count]);
        fake_forget(&held[*held_count]);
    }
}

static void run(uint64_t seed)
{
    struct asked held[HELD_MAX];
    size_t held_count = 0;
    uint64_t tag = 0;
    chance = seed;
    options.window = (uint32_t)(1 + below(100));
    options.per_message = (uint32_t)(1 + below(20));
    memset(answers, 0, sizeof answers);
    open_engine();
    open_submitter();
    for (int i = 0; i < 20000 && (tag < 500 || lianxin_submitter_pending(submitter) > 0); i++) {
        for (uint64_t burst = below(20); burst > 0 && tag < 500; burst--)
            if (submit(tag, below(300)) == OK)
                tag++;
        if (lianxin_submitter_step(submitter, 0) != OK)
            cr_assert_str_eq(lianxin_why(), "front sent something that is not a Reply");
        engine_step(held, &held_count);
        fake_pass_ms(&fake, (int64_t)below(400));
    }
    cr_expect_eq(lianxin_submitter_pending(submitter), 0, "seed %lu", seed);
    expect_answered(0, 500, ACCEPTED);
    while (held_count > 0)
        fake_forget(&held[--held_count]);
    close_all();
}

Test(submitter, whatever_is_lost_or_repeated_each_case_is_answered_once)
{
    uint64_t seed = random_seed();
    for (uint64_t i = 0; i < 20; i++)
        run(seed + i);
}
