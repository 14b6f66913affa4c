/* Explanations of what would be otherwise: with a field changed, at another moment, under another
 * regime; and why not to a unit. What if the case were another must be what is said of that other
 * case.
 */
#include "tests/engine/explained.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* Where assign/urban does not hold any more. */
#define NOBODY_BESIDE "co " POLICE " -> \ninformed 511126000000.health -> \n"

static struct small_bench bench;

static void set_up(void)
{
    small_bench_open(&bench);
}

static void tear_down(void)
{
    small_bench_close(&bench);
}

TestSuite(otherwise, .init = set_up, .fini = tear_down);

static Lianxin__V1__Reply *ask(Lianxin__V1__Explain *explain)
{
    return explained_ask(&bench, explain);
}

static Lianxin__V1__Reply *ask_what_if(Lianxin__V1__Explain explain, const char *what_if)
{
    char *all[] = {(char *)what_if};
    explain.what_if = all;
    explain.n_what_if = 1;
    return ask(&explain);
}

/* -- what if: a case --------------------------------------------------------------------------- */

Test(otherwise, says_what_changes_and_then_explains_that)
{
    Lianxin__V1__Case one = small_case("one");
    expect_differences(ask_what_if(of_case(&one), "category=0102"),
                       "unit " URBAN " 夹江县城管局 -> " TOWNSHIP " 漹城街道\n"
                       "tier county -> township\n"
                       "row assign/urban -> assign/rubbish\n" NOBODY_BESIDE
                       "category #0101 市容 -> #0102 环卫\n");
    expect_differences(ask_what_if(of_case(&one), "urgency=urgent"),
                       "clock 2wd, late from 2026-11-27 00:00 -> 24h, late from 2026-11-25 14:00\n"
                       "rows urgency/else -> urgency/urgent\n");
    expect_differences(ask_what_if(of_case(&one), "title=垃圾"), "");
    one.type = LIANXIN__V1__TYPE__TYPE_ENQUIRY;
    expect_differences(ask_what_if(of_case(&one), "answer=可以"),
                       "disposition dispatch -> on_the_spot\n"
                       "unit " URBAN " 夹江县城管局 -> " DESK " 乐山市热线\n"
                       "tier county -> city\n"
                       "row assign/urban -> triage/answered\n"
                       "clock 2wd, late from 2026-11-27 00:00 -> \n" NOBODY_BESIDE
                       "rows triage/else -> \n");
    expect_differences(
        ask_what_if(of_case(&one), "regime=emergency"),
        "unit " URBAN " 夹江县城管局 -> " WATER " 夹江县水务局\n"
        "row assign/urban -> assign/flood\n"
        "clock 2wd, late from 2026-11-27 00:00 -> 2h, late from 2026-11-24 16:00\n" NOBODY_BESIDE
        "rows urgency/else -> urgency/flood\n");
    expect_differences(
        ask_what_if(of_case(&one), "at=2026-11-25T09:00"),
        "clock 2wd, late from 2026-11-27 00:00 -> 2wd, late from 2026-11-28 00:00\n");
}

enum { CHANGES = 9 };
static const char *const changes[CHANGES] = {
    "category=0102",     "place=511102", "type=REPORT",
    "urgency=urgent",    "secret=yes",   "respondent.name=夹江县城管局",
    "text=牟子镇的垃圾", "line=12329",   "applicant=enterprise"};

/* The same by hand. */
static void make_change(Lianxin__V1__Case *one, int change)
{
    static Lianxin__V1__Respondent respondent = LIANXIN__V1__RESPONDENT__INIT;
    respondent.name = "夹江县城管局";
    one->category = change == 0 ? "0102" : one->category;
    one->place = change == 1 ? "511102" : one->place;
    one->type = change == 2 ? LIANXIN__V1__TYPE__TYPE_REPORT : one->type;
    one->urgency = change == 3 ? LIANXIN__V1__URGENCY__URGENCY_URGENT : one->urgency;
    one->secret = change == 4;
    one->respondent = change == 5 ? &respondent : NULL;
    one->text = change == 6 ? "牟子镇的垃圾" : one->text;
    one->line = change == 7 ? "12329" : one->line;
    one->applicant = change == 8 ? LIANXIN__V1__APPLICANT__APPLICANT_ENTERPRISE : one->applicant;
}

/* Also of a ticket that was submitted as the first was. */
static void expect_ticket_the_same(Lianxin__V1__Case *one, int change,
                                   Lianxin__V1__Explanation *supposed)
{
    char number[NUMBER_BYTES_MAX];
    small_ticket(&bench, one, number);
    Lianxin__V1__Reply *reply = ask_what_if(of_ticket(number), changes[change]);
    char *expected = strdup(differences(supposed));
    cr_expect_str_eq(differences(said(reply)), expected, "%s", changes[change]);
    free(expected);
    cr_expect_str_eq(reply->explanation->ticket, number);
    reply->explanation->ticket[0] = '\0';
    expect_same(supposed, reply->explanation, changes[change]);
    reply_free(reply);
}

Test(otherwise, what_if_it_were_another_case_is_what_is_said_of_that_one)
{
    for (int i = 0; i < CHANGES; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        Lianxin__V1__Case one = small_case(id);
        one.type = i == 2 ? LIANXIN__V1__TYPE__TYPE_HELP : LIANXIN__V1__TYPE__TYPE_REPORT;
        Lianxin__V1__Case other = one;
        make_change(&other, i);
        Lianxin__V1__Explain explain = of_case(&other);
        Lianxin__V1__Reply *direct = ask(&explain);
        Lianxin__V1__Reply *supposed = ask_what_if(of_case(&one), changes[i]);
        expect_same(said(supposed), said(direct), changes[i]);
        expect_ticket_the_same(&one, i, said(supposed));
        reply_free(supposed);
        reply_free(direct);
    }
}

Test(otherwise, several_changes_are_made_one_after_the_other)
{
    Lianxin__V1__Case one = small_case("one");
    Lianxin__V1__Explain explain = of_case(&one);
    char *all[] = {"category=0102", "place=511102", "category=", "category=02"};
    explain.what_if = all;
    explain.n_what_if = 4;
    Lianxin__V1__Reply *reply = ask(&explain);
    cr_expect_str_eq(said(reply)->assignments[0]->unit, FUND);
    cr_expect_str_eq(said(reply)->place_name, "乐山市/市中区");
    reply_free(reply);
}

Test(otherwise, a_case_that_is_or_would_be_refused_says_so)
{
    Lianxin__V1__Case one = small_case("one");
    one.place = "511199";
    Lianxin__V1__Reply *reply = ask_what_if(of_case(&one), "place=511126001");
    cr_assert_geq(said(reply)->n_differences, 2);
    cr_expect_str_eq(said(reply)->differences[0]->what, "refused");
    cr_expect_eq(strncmp(said(reply)->differences[0]->before, "place '511199': ", 16), 0);
    cr_expect_str_eq(said(reply)->differences[0]->after, "");
    cr_expect_str_eq(said(reply)->differences[2]->after, URBAN " 夹江县城管局");
    reply_free(reply);
    one.place = "511126001";
    reply = ask_what_if(of_case(&one), "place=511199");
    cr_expect_eq(strncmp(said(reply)->invalid, "place '511199': ", 16), 0);
    cr_expect_eq(said(reply)->n_differences, 0);
    reply_free(reply);
    reply = ask_what_if(of_case(&one), "source=");
    cr_expect_str_eq(said(reply)->invalid, "source: is required");
    reply_free(reply);
}

Test(otherwise, what_cannot_be_supposed_is_refused)
{
    const struct {
        const char *what_if, *field, *part;
    } bad[] = {
        {"category", "what_if", "is not field=value"},
        {"=0102", "what_if", "is not field=value"},
        {"colour=red", "what_if", "is no field of a case"},
        {"tags=a", "what_if", "is a list"},
        {"reporter=a", "what_if", "has fields of its own"},
        {"place.code=1", "what_if", "has no fields of its own"},
        {"reporter.height=1", "what_if", "is no field of a case"},
        {"type=question", "type", "is not one of enquiry, help, complaint, report, suggestion"},
        {"secret=maybe", "secret", "is neither true nor false"},
        {"occurred_ms=yesterday", "occurred_ms", "is not a whole number of milliseconds"},
        {"at=tomorrow", "at", "is no moment"},
        {"regime=war", "regime", "is not one of normal, holiday, emergency, calendar"},
    };
    Lianxin__V1__Case one = small_case("one");
    char number[NUMBER_BYTES_MAX];
    small_ticket(&bench, &one, number);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_error(ask_what_if(of_case(&one), bad[i].what_if), bad[i].field, bad[i].part);
        expect_error(ask_what_if(of_ticket(number), bad[i].what_if), bad[i].field, bad[i].part);
    }
    Lianxin__V1__Explain explain = of_ticket(number);
    explain.at = "2026-11-24T09:00";
    expect_error(ask(&explain), "at", "is of a case");
    explain.at = "";
    explain.regime = LIANXIN__V1__REGIME__REGIME_HOLIDAY;
    expect_error(ask(&explain), "regime", "is of a case");
}

/* -- circumstances ----------------------------------------------------------------------------- */

Test(otherwise, a_case_may_come_in_at_another_time_and_under_another_regime)
{
    Lianxin__V1__Act act = bench_action("order", "", LIANXIN__V1__VERB__VERB_REGIME, "");
    act.regime = LIANXIN__V1__REGIME__REGIME_EMERGENCY;
    small_act(&bench, &act);
    const struct {
        const char *at;
        Lianxin__V1__Regime regime, expected;
    } asked[] = {
        {"", LIANXIN__V1__REGIME__REGIME_UNSPECIFIED, LIANXIN__V1__REGIME__REGIME_EMERGENCY},
        {"", LIANXIN__V1__REGIME__REGIME_CALENDAR, LIANXIN__V1__REGIME__REGIME_NORMAL},
        {"", LIANXIN__V1__REGIME__REGIME_HOLIDAY, LIANXIN__V1__REGIME__REGIME_HOLIDAY},
        {"2026-11-23T09:00", LIANXIN__V1__REGIME__REGIME_UNSPECIFIED,
         LIANXIN__V1__REGIME__REGIME_HOLIDAY},
        {"2026-11-23T09:00", LIANXIN__V1__REGIME__REGIME_EMERGENCY,
         LIANXIN__V1__REGIME__REGIME_EMERGENCY},
    };
    Lianxin__V1__Case one = small_case("one");
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        Lianxin__V1__Explain explain = of_case(&one);
        explain.at = (char *)asked[i].at;
        explain.regime = asked[i].regime;
        Lianxin__V1__Reply *reply = ask(&explain);
        cr_expect_eq(said(reply)->decision->regime, asked[i].expected, "%zu", i);
        cr_expect_eq(said(reply)->received_ms, asked[i].at[0] == '\0'
                                                   ? BENCH_START_MS
                                                   : BENCH_DAY_MS - 15 * (int64_t)HOUR_MS);
        reply_free(reply);
    }
}

/* -- what if: a ticket ------------------------------------------------------------------------- */

/* One that was corrected and came back: what the desk corrected stays, and so does who returned it;
 * what is supposed counts more. */
Test(otherwise, of_a_ticket_that_went_round_the_rest_stays_as_it_was)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = small_case("one");
    one.category = "0102";
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act act = bench_action("right", number, LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.category = "0101";
    small_act(&bench, &act);
    bench_pass_ms(&bench.bench, DAY_MS);
    act = bench_action("back", number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    small_act(&bench, &act);
    Lianxin__V1__Reply *reply = ask_what_if(of_ticket(number), "channel=phone");
    cr_expect_str_eq(differences(said(reply)), "");
    cr_expect_str_eq(said(reply)->decision->category, "0101", "as corrected");
    cr_expect_str_eq(said(reply)->climb_whys[0], "has returned it");
    reply_free(reply);
    expect_differences(ask_what_if(of_ticket(number), "category=02"),
                       "unit 511100000000.urban 乐山市城管局 -> " FUND " 乐山市公积金中心\n"
                       "tier county -> city\n"
                       "row assign/urban -> assign/fund\n" NOBODY_BESIDE
                       "category #0101 市容 -> #02 公积金\n");
    expect_differences(ask_what_if(of_ticket(number), "place=511102"),
                       "unit 511100000000.urban 乐山市城管局 -> 511102000000.urban 市中区城管局\n"
                       "co " POLICE " -> 511102000000.police\n"
                       "informed 511126000000.health -> 511102000000.health\n");
    expect_differences(
        ask_what_if(of_ticket(number), "regime=emergency"),
        "unit 511100000000.urban 乐山市城管局 -> " WATER " 夹江县水务局\n"
        "row assign/urban -> assign/flood\n"
        "clock 2wd, late from 2026-11-28 00:00 -> 2h, late from 2026-11-25 16:00\n" NOBODY_BESIDE
        "rows urgency/else -> urgency/flood\n");
}

/* It was decided anew, and what once was known of whom it is about would still hold; unless it is
 * what is supposed. */
Test(otherwise, a_report_may_be_about_somebody_else)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Respondent respondent = LIANXIN__V1__RESPONDENT__INIT;
    Lianxin__V1__Case one = small_case("one");
    respondent.name = "夹江县城管局";
    one.type = LIANXIN__V1__TYPE__TYPE_REPORT;
    one.respondent = &respondent;
    one.category = "0102";
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act act = bench_action("right", number, LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.category = "0101";
    small_act(&bench, &act);
    const char *const nobody[] = {"respondent.name=", "respondent.name=张三"};
    for (size_t i = 0; i < 2; i++) {
        Lianxin__V1__Reply *reply = ask_what_if(of_ticket(number), nobody[i]);
        cr_expect_str_eq(said(reply)->decision->kept_from, "");
        cr_expect_str_eq(said(reply)->assignments[0]->unit, URBAN);
        reply_free(reply);
    }
    Lianxin__V1__Reply *reply = ask_what_if(of_ticket(number), "channel=phone");
    cr_expect_str_eq(said(reply)->decision->kept_from, URBAN);
    cr_expect_str_eq(differences(said(reply)), "");
    reply_free(reply);
    reply = ask_what_if(of_ticket(number), "respondent.name=夹江县公安局");
    cr_expect_str_eq(said(reply)->decision->kept_from, POLICE);
    reply_free(reply);
}

Test(otherwise, a_ticket_may_have_come_in_at_another_time)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    Lianxin__V1__Reply *reply = ask_what_if(of_ticket(number), "at=2026-11-23T09:00");
    cr_expect_eq(said(reply)->received_ms, BENCH_DAY_MS - 15 * (int64_t)HOUR_MS);
    cr_expect_eq(said(reply)->decision->regime, LIANXIN__V1__REGIME__REGIME_HOLIDAY);
    cr_expect_str_eq(differences(said(reply)),
                     "clock 2wd, late from 2026-11-27 00:00 -> 2wd, late from 2026-11-26 00:00\n");
    reply_free(reply);
    reply = ask_what_if(of_ticket(number), "regime=calendar");
    cr_expect_str_eq(differences(said(reply)), "");
    reply_free(reply);
}

/* Whoever was only informed at first stays in the ticket, though the book does not say so any more:
 * that is no difference that another book makes. */
Test(otherwise, what_a_ticket_has_kept_of_earlier_decisions_is_no_difference)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act act = bench_action("right", number, LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.category = "0102";
    small_act(&bench, &act);
    expect_differences(ask_what_if(of_ticket(number), "channel=phone"), "");
}

Test(otherwise, of_the_record_of_regimes_nothing_can_be_supposed)
{
    Lianxin__V1__Act act = bench_action("order", "", LIANXIN__V1__VERB__VERB_REGIME, "");
    act.regime = LIANXIN__V1__REGIME__REGIME_EMERGENCY;
    Lianxin__V1__Reply *ordered = bench_act(&bench.bench, &act);
    const char *number = answer_of(ordered, 0)->number;
    expect_error(ask_what_if(of_ticket(number), "place=511102"), "what_if",
                 "of regimes or of books");
    Lianxin__V1__Explain explain = of_ticket(number);
    explain.why_not = URBAN;
    expect_error(ask(&explain), "why_not", "nothing was decided");
    reply_free(ordered);
}

/* -- why not ----------------------------------------------------------------------------------- */

Test(otherwise, why_not_names_the_row_that_came_closest)
{
    Lianxin__V1__Case one = small_case("one");
    Lianxin__V1__Explain explain = of_case(&one);
    explain.why_not = "漹城街道";
    Lianxin__V1__Reply *reply = ask(&explain);
    const Lianxin__V1__WhyNot *why = said(reply)->why_not;
    cr_expect_str_eq(why->unit, TOWNSHIP);
    cr_expect_str_eq(why->unit_name, "漹城街道");
    cr_expect_eq(why->obstacle, LIANXIN__V1__OBSTACLE__OBSTACLE_CELLS);
    cr_expect_str_eq(why->because, "assign/rubbish came closest, and 1 of its cells does not hold; "
                                   "it went by assign/urban");
    cr_expect_str_eq(why->instead, "assign/urban");
    cr_expect_eq(why->failing, 1);
    cr_assert_eq(why->nearest->n_conditions, 1);
    cr_expect(why->nearest->conditions[0]->fails);
    cr_expect_str_eq(why->nearest->conditions[0]->label, "事项");
    cr_expect_str_eq(why->nearest->conditions[0]->cell, "#0102");
    cr_expect_str_eq(why->nearest->conditions[0]->value, "#0101 市容");
    reply_free(reply);
    explain.why_not = "城管局";
    expect_error(ask(&explain), "why_not", "3 units are called so");
}

Test(otherwise, why_not_is_asked_of_what_would_be)
{
    Lianxin__V1__Case one = small_case("one");
    char number[NUMBER_BYTES_MAX];
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act act = bench_action("back", number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    small_act(&bench, &act);
    Lianxin__V1__Explain explain = of_ticket(number);
    explain.why_not = URBAN;
    Lianxin__V1__Reply *reply = ask(&explain);
    cr_expect_eq(said(reply)->why_not->obstacle, LIANXIN__V1__OBSTACLE__OBSTACLE_RETURNED);
    reply_free(reply);
    explain.why_not = TOWNSHIP;
    reply = ask_what_if(explain, "category=0102");
    cr_expect_eq(said(reply)->why_not->obstacle, LIANXIN__V1__OBSTACLE__OBSTACLE_NOTHING);
    reply_free(reply);
}
