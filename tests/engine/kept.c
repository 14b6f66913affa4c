/* A report about a unit is kept from it and from all below it: when it is dispatched, when it comes
 * back, when the desk gives it away or corrects it, and when it is about a ticket that they have.
 */
#include "tests/engine/small_bench.h"

#include <criterion/criterion.h>

#define UPSTAIRS "511100000000.urban"
#define VILLAGE  "511126001201.general"

static Lianxin__V1__Respondent accused = LIANXIN__V1__RESPONDENT__INIT;

static Lianxin__V1__Case report_about(const char *id, const char *name)
{
    Lianxin__V1__Case one = small_case(id);
    one.type = LIANXIN__V1__TYPE__TYPE_REPORT;
    accused.name = (char *)name;
    one.respondent = &accused;
    return one;
}

static void expect_refused(struct small_bench *bench, const char *number, const char *unit)
{
    Lianxin__V1__Act act = bench_action(unit, number, LIANXIN__V1__VERB__VERB_REASSIGN, unit);
    Lianxin__V1__Reply *reply = bench_act(&bench->bench, &act);
    cr_expect_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_REFUSED, "%s", unit);
    cr_expect_str_eq(answer_of(reply, 0)->field, "to_unit");
    cr_expect_not_null(strstr(answer_of(reply, 0)->message, "is kept from it"));
    reply_free(reply);
}

Test(kept, from_whom_it_is_about_when_it_is_dispatched)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Case one = report_about("main", "夹江县城管局执法人员");
    struct became became = small_submit(&bench, &one);
    cr_expect_str_eq(became.answer->unit, UPSTAIRS);
    Lianxin__V1__Reply *reply = small_lookup(&bench, became.number);
    const Lianxin__V1__Decision *decision = last_event(reply)->decision;
    cr_expect_str_eq(decision->kept_from, URBAN);
    cr_expect_eq(decision->n_climb, 2);
    cr_expect_eq(decision->n_doubts, 0);
    cr_expect_null(part_of(last_event(reply), URBAN));
    cr_expect_not_null(part_of(last_event(reply), POLICE), "it is not about the police");
    reply_free(reply);
    reply_free(became.reply);
    cr_expect_eq(count_feed(&bench, URBAN), 0);

    one = report_about("co", "夹江县公安局");
    became = small_submit(&bench, &one);
    cr_expect_str_eq(became.answer->unit, URBAN);
    reply = small_lookup(&bench, became.number);
    cr_expect_null(part_of(last_event(reply), POLICE));
    cr_expect_not_null(part_of(last_event(reply), "511100000000.police"), "the next above has it");
    reply_free(reply);
    reply_free(became.reply);
    cr_expect_eq(count_feed(&bench, POLICE), 1, "the first one");
    small_bench_close(&bench);
}

Test(kept, from_whom_the_words_name_but_only_of_a_report)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("report");
    one.type = LIANXIN__V1__TYPE__TYPE_REPORT;
    one.text = "夹江县城管局乱收费";
    struct became became = small_submit(&bench, &one);
    cr_expect_str_eq(became.answer->unit, UPSTAIRS);
    reply_free(became.reply);
    one = small_case("complaint");
    one.text = "夹江县城管局乱收费";
    became = small_submit(&bench, &one);
    cr_expect_str_eq(became.answer->unit, URBAN);
    reply_free(became.reply);
    small_bench_close(&bench);
}

Test(kept, also_when_it_comes_back_is_corrected_or_given_away)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = report_about("one", "夹江县城管局");
    one.category = "0102";
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act act = bench_action("right", number, LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.category = "0101";
    small_act(&bench, &act);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_not_null(part_of(last_event(reply), UPSTAIRS), "not the county's");
    reply_free(reply);
    bench_restart(&bench.bench);
    expect_refused(&bench, number, URBAN);
    act = bench_action("back", number, LIANXIN__V1__VERB__VERB_RETURN, UPSTAIRS);
    small_act(&bench, &act);
    reply = small_lookup(&bench, number);
    cr_expect_eq(part_of(last_event(reply), DESK)->role, LIANXIN__V1__ROLE__ROLE_MAIN);
    cr_expect_str_eq(last_event(reply)->decision->doubts[0], "no unit is left that could take it");
    cr_expect_str_eq(last_event(reply)->decision->kept_from, URBAN);
    reply_free(reply);
    expect_refused(&bench, number, URBAN);
    act = bench_action("give", number, LIANXIN__V1__VERB__VERB_REASSIGN, FUND);
    small_act(&bench, &act);
    cr_expect_eq(count_feed(&bench, URBAN), 0);
    small_bench_close(&bench);
}

Test(kept, below_whom_it_is_about)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = report_about("one", "乐山市城管局");
    struct became became = small_submit(&bench, &one);
    cr_expect_str_eq(became.answer->unit, DESK, "nobody is left above");
    memcpy(number, became.number, sizeof number);
    reply_free(became.reply);
    expect_refused(&bench, number, UPSTAIRS);
    expect_refused(&bench, number, URBAN);
    small_bench_close(&bench);
}

/* Whoever has a part in the earlier ticket, or is given one later, would read it there. */
Test(kept, out_of_a_ticket_that_it_may_be_read_with)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case first = small_case("first");
    small_ticket(&bench, &first, number);
    Lianxin__V1__Case one = report_about("about them", "夹江县城管局");
    one.earlier_ticket = number;
    struct became became = small_submit(&bench, &one);
    cr_expect_str_neq(became.number, number);
    cr_expect_str_eq(became.answer->unit, UPSTAIRS);
    reply_free(became.reply);
    cr_expect_eq(count_feed(&bench, URBAN), 1);
    one = report_about("about others", "夹江县卫健局某科");
    one.earlier_ticket = number;
    became = small_submit(&bench, &one);
    cr_expect_str_neq(became.number, number, "who is informed reads it too");
    reply_free(became.reply);
    one = report_about("about who has no part", "市中区公安局");
    one.earlier_ticket = number;
    became = small_submit(&bench, &one);
    cr_expect_str_neq(became.number, number, "it may be given to them yet");
    reply_free(became.reply);
    one = report_about("about a stranger", "某公司");
    one.earlier_ticket = number;
    became = small_submit(&bench, &one);
    cr_expect_str_eq(became.number, number);
    reply_free(became.reply);
    small_bench_close(&bench);
}

/* Two villages have a committee of this name. */
Test(kept, from_whom_only_a_correction_of_the_place_shows_that_it_is_about)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = report_about("one", "红旗村委会");
    one.category = "0102";
    one.place = "";
    small_ticket(&bench, &one, number);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_str_eq(last_event(reply)->decision->kept_from, "");
    reply_free(reply);
    Lianxin__V1__Act act = bench_action("place", number, LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.place = "511126001";
    small_act(&bench, &act);
    reply = small_lookup(&bench, number);
    cr_expect_str_eq(last_event(reply)->decision->kept_from, VILLAGE);
    reply_free(reply);
    expect_refused(&bench, number, VILLAGE);
    act = bench_action("give", number, LIANXIN__V1__VERB__VERB_REASSIGN, FUND);
    small_act(&bench, &act);
    expect_refused(&bench, number, VILLAGE);
    small_bench_close(&bench);
}

/* A ticket outlives its policy, and what a unit is called. */
Test(kept, also_under_a_policy_that_calls_the_unit_something_else)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = report_about("one", "夹江县城管局");
    one.category = "0102";
    small_ticket(&bench, &one, number);
    small_city_write(&bench.small, "../units",
                     "place,function,name,basis\n"
                     "511102,roads,-,\n"
                     "511126,urban,夹江县综合执法局,\n");
    bench_restart(&bench.bench);
    Lianxin__V1__Act act = bench_action("right", number, LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.category = "0101";
    small_act(&bench, &act);
    Lianxin__V1__Reply *reply = small_lookup(&bench, number);
    cr_expect_str_eq(last_event(reply)->decision->kept_from, URBAN);
    cr_expect_null(part_of(last_event(reply), URBAN));
    cr_expect_not_null(part_of(last_event(reply), UPSTAIRS));
    reply_free(reply);
    cr_expect_eq(count_feed(&bench, URBAN), 0);
    small_bench_close(&bench);
}
