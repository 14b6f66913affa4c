/* Cases that the book does not dispatch: answered on the spot, transferred, redirected. Each is
 * stored, numbered, closed, and in the desk's feed; its answer says what to tell the citizen, and
 * says it again however often it is sent. */
#include "tests/engine/small_bench.h"

#include <criterion/criterion.h>

#define ACCEPTED  LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED
#define DUPLICATE LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE

static const struct handled {
    const char *id;
    Lianxin__V1__Type type;
    const char *category;
    const char *answer;
    Lianxin__V1__Disposition disposition;
    const char *advice;
    const char *row;
} kinds[] = {
    {"spot", LIANXIN__V1__TYPE__TYPE_ENQUIRY, "0101", "窗口周一至周五办理",
     LIANXIN__V1__DISPOSITION__DISPOSITION_ON_THE_SPOT, "", "triage/answered"},
    {"fire", LIANXIN__V1__TYPE__TYPE_HELP, "03", "", LIANXIN__V1__DISPOSITION__DISPOSITION_TRANSFER,
     "119", "triage/fire"},
    {"court", LIANXIN__V1__TYPE__TYPE_COMPLAINT, "03", "",
     LIANXIN__V1__DISPOSITION__DISPOSITION_REDIRECT, "请向人民法院起诉, 我们不受理",
     "triage/court"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static Lianxin__V1__Case case_of(const struct handled *kind)
{
    Lianxin__V1__Case one = small_case(kind->id);
    one.type = kind->type;
    one.category = (char *)kind->category;
    one.answer = (char *)kind->answer;
    return one;
}

static void expect_answer(const Lianxin__V1__Answer *answer, const struct handled *kind)
{
    cr_expect_eq(answer->disposition, kind->disposition, "%s", kind->id);
    cr_expect_str_eq(answer->advice, kind->advice);
    cr_expect_str_eq(answer->unit, DESK, "%s", kind->id);
    cr_expect_eq(answer->due_ms, 0, "%s is done with", kind->id);
    cr_expect_not(answer->provisional);
}

static void expect_ticket(struct small_bench *bench, const char *number, const struct handled *kind)
{
    Lianxin__V1__Reply *reply = small_lookup(bench, number);
    const Lianxin__V1__Event *event = last_event(reply);
    const Lianxin__V1__Assignment *desk = part_of(event, DESK);
    cr_assert_not_null(desk);
    cr_expect_eq(desk->role, LIANXIN__V1__ROLE__ROLE_MAIN);
    cr_expect_eq(desk->state, LIANXIN__V1__STATE__STATE_CLOSED);
    cr_expect_eq(desk->due_ms + desk->sign_by_ms, 0);
    cr_expect_eq(event->decision->disposition, kind->disposition);
    cr_expect_str_eq(event->decision->advice, kind->advice);
    cr_expect_str_eq(event->decision->rows[0], kind->row);
    cr_expect_eq(event->decision->n_doubts, 0, "%s", kind->id);
    cr_expect_str_eq(event->decision->category, kind->category, "statistics want to know");
    cr_expect_str_eq(event->story->answer, kind->answer);
    reply_free(reply);
}

Test(handled, without_dispatch_a_case_is_stored_closed_and_in_the_feed_of_the_desk)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    for (size_t i = 0; i < KINDS; i++) {
        Lianxin__V1__Case one = case_of(&kinds[i]);
        struct became became = small_submit(&bench, &one);
        expect_answer(became.answer, &kinds[i]);
        expect_ticket(&bench, became.number, &kinds[i]);
        cr_expect_eq(count_feed(&bench, DESK), i + 1);
        memcpy(number, became.number, sizeof number);
        reply_free(became.reply);
    }
    Lianxin__V1__Act act = bench_action("close", number, LIANXIN__V1__VERB__VERB_CLOSE, "");
    Lianxin__V1__Reply *reply = bench_act(&bench.bench, &act);
    cr_expect_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_REFUSED);
    cr_expect_not_null(strstr(answer_of(reply, 0)->message, "is closed"));
    reply_free(reply);
    small_bench_close(&bench);
}

Test(handled, of_a_transfer_the_units_named_hear_and_have_nothing_to_do)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Case one = case_of(&kinds[1]);
    struct became became = small_submit(&bench, &one);
    Lianxin__V1__Reply *reply = small_lookup(&bench, became.number);
    const Lianxin__V1__Assignment *police = part_of(last_event(reply), POLICE);
    cr_assert_not_null(police, "found by climbing to the county");
    cr_expect_eq(police->role, LIANXIN__V1__ROLE__ROLE_INFORMED);
    cr_expect_eq(police->due_ms + police->sign_by_ms, 0);
    cr_expect_eq(count_feed(&bench, POLICE), 1);
    reply_free(reply);
    reply_free(became.reply);
    small_bench_close(&bench);
}

Test(handled, sent_again_gives_the_same_answer_also_after_a_restart)
{
    struct small_bench bench;
    char numbers[KINDS][NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    for (size_t i = 0; i < KINDS; i++) {
        Lianxin__V1__Case one = case_of(&kinds[i]);
        small_ticket(&bench, &one, numbers[i]);
    }
    for (int restarted = 0; restarted < 2; restarted++) {
        for (size_t i = 0; i < KINDS; i++) {
            Lianxin__V1__Case one = case_of(&kinds[i]);
            Lianxin__V1__Reply *reply = bench_submit(&bench.bench, &one);
            cr_expect_eq(outcome_of(reply), DUPLICATE);
            cr_expect_str_eq(answer_of(reply, 0)->number, numbers[i]);
            expect_answer(answer_of(reply, 0), &kinds[i]);
            reply_free(reply);
        }
        bench_restart(&bench.bench);
    }
    cr_expect_eq(count_feed(&bench, DESK), (uint64_t)KINDS);
    small_bench_close(&bench);
}

/* The book asks both: an enquiry, and an answer. */
Test(handled, an_enquiry_without_an_answer_is_dispatched)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("open question");
    one.type = LIANXIN__V1__TYPE__TYPE_ENQUIRY;
    struct became became = small_submit(&bench, &one);
    cr_expect_eq(became.answer->disposition, LIANXIN__V1__DISPOSITION__DISPOSITION_DISPATCH);
    cr_expect_str_eq(became.answer->unit, URBAN);
    cr_expect_str_eq(became.answer->advice, "");
    reply_free(became.reply);
    one = small_case("complaint");
    one.answer = "已转告";
    became = small_submit(&bench, &one);
    cr_expect_eq(became.answer->disposition, LIANXIN__V1__DISPOSITION__DISPOSITION_DISPATCH);
    reply_free(became.reply);
    small_bench_close(&bench);
}

/* Better no advice than that of another disposition. */
Test(handled, sent_again_under_another_book_it_is_given_no_wrong_advice)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Case one = case_of(&kinds[1]);
    reply_free(small_submit(&bench, &one).reply);
    small_city_write(&bench.small, "triage",
                     "F,诉求类型,处理方式,告知\n,in:type,out:disposition,out:advice\n"
                     ",type,disposition,text\n"
                     "help,help,redirect,请找物业\nelse,-,dispatch,\n");
    bench_restart(&bench.bench);
    Lianxin__V1__Reply *reply = bench_submit(&bench.bench, &one);
    cr_expect_eq(outcome_of(reply), DUPLICATE);
    cr_expect_eq(answer_of(reply, 0)->disposition, kinds[1].disposition);
    cr_expect_str_eq(answer_of(reply, 0)->advice, "");
    reply_free(reply);
    small_bench_close(&bench);
}

Test(handled, sent_again_with_other_content_says_nothing_of_it)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Case one = case_of(&kinds[1]);
    reply_free(small_submit(&bench, &one).reply);
    one.title = "别的事情";
    Lianxin__V1__Reply *reply = bench_submit(&bench.bench, &one);
    cr_expect_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT);
    cr_expect_eq(answer_of(reply, 0)->disposition,
                 LIANXIN__V1__DISPOSITION__DISPOSITION_UNSPECIFIED);
    cr_expect_str_eq(answer_of(reply, 0)->advice, "");
    reply_free(reply);
    small_bench_close(&bench);
}
