/* What is printed of a decision, whole: it is what the desk reads out on the phone. */
#include "tools/explanation.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What print writes. */
static const char *printed_by(void (*print)(const Lianxin__V1__Explanation *),
                              const Lianxin__V1__Explanation *explanation)
{
    static char text[8192];
    FILE *file = tmpfile();
    int kept = dup(STDOUT_FILENO);
    cr_assert(file != NULL && kept >= 0);
    fflush(stdout);
    dup2(fileno(file), STDOUT_FILENO);
    print(explanation);
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void expect_printed(const Lianxin__V1__Explanation *explanation, const char *expected)
{
    cr_expect_str_eq(printed_by(print_explanation, explanation), expected);
}

static Lianxin__V1__Cell cell_of(char *label, char *cell, char *value, char *part)
{
    Lianxin__V1__Cell made = LIANXIN__V1__CELL__INIT;
    made.label = label;
    made.cell = cell;
    made.value = value;
    made.part = part;
    return made;
}

/* 2026-11-24 14:00 in China. */
#define NOW_MS 1795500000000

static Lianxin__V1__Case one;
static Lianxin__V1__Decision decision;
static Lianxin__V1__Assignment parts[3];
static Lianxin__V1__Assignment *part_pointers[] = {&parts[0], &parts[1], &parts[2]};
static char *unit_names[] = {"夹江县生态环境局", "乐山市生态环境局", "夹江县公安局"};
static char *climb[] = {"511126000000", "511100000000"};
static char *climb_names[] = {"乐山市/夹江县", "乐山市"};
static char *climb_whys[] = {"has returned it", ""};

static Lianxin__V1__Explanation make_explanation(void)
{
    Lianxin__V1__Explanation made = LIANXIN__V1__EXPLANATION__INIT;
    lianxin__v1__case__init(&one);
    lianxin__v1__decision__init(&decision);
    for (size_t i = 0; i < 3; i++)
        lianxin__v1__assignment__init(&parts[i]);
    one.type = LIANXIN__V1__TYPE__TYPE_COMPLAINT;
    one.channel = LIANXIN__V1__CHANNEL__CHANNEL_WECHAT;
    one.line = "12345";
    decision.policy = made.policy = 1;
    decision.disposition = LIANXIN__V1__DISPOSITION__DISPOSITION_DISPATCH;
    decision.regime = LIANXIN__V1__REGIME__REGIME_NORMAL;
    made.ticket = "20261124-000001-3";
    made.case_ = &one;
    made.title = "夜间施工噪声";
    made.line_name = "热线";
    made.received_ms = NOW_MS;
    made.decision = &decision;
    made.place_name = "乐山市/夹江县/漹城街道";
    made.assignments = part_pointers;
    made.unit_names = unit_names;
    return made;
}

Test(explanation, of_a_ticket_that_came_back_says_rows_climb_units_and_clocks)
{
    Lianxin__V1__Explanation made = make_explanation();
    Lianxin__V1__Cell conditions[] = {
        cell_of("事项", "#07", "#070101 施工噪声", "#07 环境与噪声"),
        cell_of("类型", "not(report)", "complaint 投诉", ""),
        cell_of("正文", "any(夜间, 施工)", "夜间, 施工", ""),
        cell_of("热线", "absent", "", "absent"),
        cell_of("渠道", "wechat", "wechat 微信", "wechat 微信"),
    };
    Lianxin__V1__Cell *condition_pointers[] = {&conditions[0], &conditions[1], &conditions[2],
                                               &conditions[3], &conditions[4]};
    Lianxin__V1__Cell outputs[] = {cell_of("职能", "environment", "生态环境", ""),
                                   cell_of("时限", "2wd", "", "")};
    Lianxin__V1__Cell *output_pointers[] = {&outputs[0], &outputs[1]};
    Lianxin__V1__Step steps[] = {LIANXIN__V1__STEP__INIT, LIANXIN__V1__STEP__INIT};
    Lianxin__V1__Step *step_pointers[] = {&steps[0], &steps[1]};
    char *also[] = {"noise +2 #0701 噪声: 噪音"};
    char *uncounted[] = {"2026-11-29 周末"};
    steps[0].row = "words/else";
    steps[0].also = also;
    steps[0].n_also = 1;
    steps[0].also_more = 4;
    steps[1].row = "assign/noise";
    steps[1].basis = "噪声法";
    steps[1].conditions = condition_pointers;
    steps[1].n_conditions = 5;
    steps[1].outputs = output_pointers;
    steps[1].n_outputs = 2;
    made.steps = step_pointers;
    made.n_steps = 2;
    decision.category = "070101";
    decision.category_from_words = 1;
    decision.function = "environment";
    decision.tier = "county";
    decision.limit = "2wd";
    decision.climb = climb;
    decision.n_climb = made.n_climb_names = made.n_climb_whys = 2;
    made.climb_names = climb_names;
    made.climb_whys = climb_whys;
    made.category_name = "施工噪声";
    made.function_name = "生态环境";
    made.uncounted = uncounted;
    made.n_uncounted = 1;
    made.citizen_due_ms = 1795708800000; /* Friday 00:00 */
    made.n_assignments = made.n_unit_names = 3;
    parts[0].unit = "511126000000.environment";
    parts[0].role = LIANXIN__V1__ROLE__ROLE_MAIN;
    parts[0].state = LIANXIN__V1__STATE__STATE_RETURNED;
    parts[1].unit = "511100000000.environment";
    parts[1].role = LIANXIN__V1__ROLE__ROLE_MAIN;
    parts[1].state = LIANXIN__V1__STATE__STATE_SIGNED;
    parts[1].issued_ms = NOW_MS + 86400000;
    parts[1].due_ms = 1795795200000; /* Saturday 00:00 */
    parts[1].sign_by_ms = NOW_MS + 90000000;
    parts[1].provisional = 1;
    parts[2].unit = "511126000000.police";
    parts[2].role = LIANXIN__V1__ROLE__ROLE_INFORMED;
    parts[2].state = LIANXIN__V1__STATE__STATE_ISSUED;
    expect_printed(
        &made,
        "20261124-000001-3\n"
        "complaint 投诉 by wechat 微信 on 12345 热线, received 2026-11-24 14:00: 夜间施工噪声\n"
        "#070101 施工噪声 (from the words), 乐山市/夹江县/漹城街道\n"
        "\n"
        "words/else\n"
        "  held       no other row of its table held\n"
        "  said       nothing\n"
        "  also       noise +2 #0701 噪声: 噪音\n"
        "             and 4 more\n"
        "\n"
        "assign/noise\n"
        "  held       事项 #070101 施工噪声 is in #07 环境与噪声; 类型 complaint 投诉 is "
        "not(report); 正文 has 夜间, 施工; 热线 is not said; 渠道 wechat 微信\n"
        "  said       职能 environment 生态环境; 时限 2wd\n"
        "  basis      噪声法\n"
        "\n"
        "to environment 生态环境 at tier county or above, climbing from 乐山市/夹江县/漹城街道\n"
        "  乐山市/夹江县 has returned it\n"
        "  乐山市 has it\n"
        "\n"
        "main 主办: 511100000000.environment 乐山市生态环境局, signed\n"
        "  due        given 2026-11-25 14:00; 2 working days from the day after: the end of "
        "2026-11-27, so late from 2026-11-28 00:00\n"
        "             not counted: 2026-11-29 周末\n"
        "             provisional: it lies beyond the days that the calendar knows\n"
        "  sign       by 2026-11-25 15:00\n"
        "  citizen    waits since it was received: the end of 2026-11-26, so late from "
        "2026-11-27 00:00\n"
        "\n"
        "informed 抄送: 511126000000.police 夹江县公安局, issued\n"
        "\n"
        "had it before\n"
        "  511126000000.environment 夹江县生态环境局\n");
}

Test(explanation, of_a_doubtful_case_says_the_doubts_and_what_it_may_be)
{
    Lianxin__V1__Explanation made = make_explanation();
    char *doubts[] = {"the words fit no category, or several alike",
                      "several places are called so"};
    char *categories[] = {"0701", "0102"};
    char *category_names[] = {"噪声", "环卫"};
    char *places[] = {"511102101201"};
    char *place_names[] = {"乐山市/市中区/牟子镇/红旗村"};
    made.ticket = made.title = "";
    one.line = "";
    one.place = "红旗村";
    decision.doubts = doubts;
    decision.n_doubts = 2;
    decision.categories = categories;
    decision.n_categories = 2;
    decision.places = places;
    decision.n_places = 1;
    decision.limit = "24h";
    decision.regime = LIANXIN__V1__REGIME__REGIME_EMERGENCY;
    made.category_names = category_names;
    made.place_names = place_names;
    made.place_name = "乐山市";
    made.n_assignments = made.n_unit_names = 1;
    parts[0].unit = "511100000000.desk";
    parts[0].role = LIANXIN__V1__ROLE__ROLE_MAIN;
    parts[0].state = LIANXIN__V1__STATE__STATE_ISSUED;
    parts[0].issued_ms = NOW_MS;
    parts[0].due_ms = made.citizen_due_ms = NOW_MS + 86400000;
    unit_names[0] = "乐山市热线";
    expect_printed(&made, "complaint 投诉 by wechat 微信, received 2026-11-24 14:00\n"
                          "without a category, 乐山市, under emergency 应急\n"
                          "\n"
                          "to the desk, since there is doubt\n"
                          "  doubt      the words fit no category, or several alike\n"
                          "             several places are called so\n"
                          "  given      红旗村\n"
                          "  category   #0701 噪声?\n"
                          "             #0102 环卫?\n"
                          "  place      511102101201 乐山市/市中区/牟子镇/红旗村?\n"
                          "\n"
                          "main 主办: 511100000000.desk 乐山市热线, issued\n"
                          "  due        given 2026-11-24 14:00; 24 hours day and night: late from "
                          "2026-11-25 14:00\n");
}

Test(explanation, of_what_is_not_dispatched_or_kept_or_old_or_refused_says_so)
{
    Lianxin__V1__Explanation made = make_explanation();
    char *rows[] = {"triage/fire", "assign/else"};
    made.ticket = made.title = "";
    one.line = "";
    decision.policy = 3;
    decision.rows = rows;
    decision.n_rows = 2;
    decision.category = "0102";
    made.category_name = "环卫";
    decision.place_from_words = 1;
    decision.disposition = LIANXIN__V1__DISPOSITION__DISPOSITION_TRANSFER;
    decision.advice = "119";
    decision.kept_from = "511126000000.police";
    made.kept_from_name = "夹江县公安局";
    made.decided_unit = "511100000000.desk";
    expect_printed(&made,
                   "complaint 投诉 by wechat 微信, received 2026-11-24 14:00\n"
                   "#0102 环卫, 乐山市/夹江县/漹城街道 (from the words)\n"
                   "\n"
                   "by policy 3; in force is policy 1\n"
                   "it cannot be made again by this release; its rows were\n"
                   "  triage/fire\n"
                   "  assign/else\n"
                   "\n"
                   "not dispatched: transfer 转接: 119\n"
                   "  it is recorded, and closed at once\n"
                   "\n"
                   "kept from 511126000000.police 夹江县公安局 and all below it, since it is "
                   "about them\n"
                   "\n"
                   "that was 511100000000.desk; the desk has given it to another since\n");
    made.invalid = "source: is required";
    expect_printed(&made, "it would be refused: source: is required\n");
}

Test(explanation, what_is_different_is_said_a_line_each)
{
    Lianxin__V1__Explanation made = LIANXIN__V1__EXPLANATION__INIT;
    Lianxin__V1__Difference tier = LIANXIN__V1__DIFFERENCE__INIT;
    Lianxin__V1__Difference clock = LIANXIN__V1__DIFFERENCE__INIT;
    Lianxin__V1__Difference *differences[] = {&tier, &clock};
    cr_expect_str_eq(printed_by(print_differences, &made), "it would be the same\n\n");
    tier.what = "tier";
    tier.before = "county";
    tier.after = "city";
    clock.what = "clock";
    clock.before = "2wd, late from 2026-11-27 00:00";
    made.differences = differences;
    made.n_differences = 2;
    cr_expect_str_eq(printed_by(print_differences, &made),
                     "what would be different\n"
                     "  tier       county -> city\n"
                     "  clock      2wd, late from 2026-11-27 00:00 -> none\n"
                     "\n");
    made.invalid = "source: is required";
    cr_expect_str_eq(printed_by(print_differences, &made), "");
}

Test(explanation, of_a_row_that_came_closest_what_fails_comes_first)
{
    Lianxin__V1__Explanation made = LIANXIN__V1__EXPLANATION__INIT;
    Lianxin__V1__WhyNot why = LIANXIN__V1__WHY_NOT__INIT;
    Lianxin__V1__Step nearest = LIANXIN__V1__STEP__INIT;
    Lianxin__V1__Cell cells[3];
    Lianxin__V1__Cell *conditions[] = {&cells[0], &cells[1]};
    Lianxin__V1__Cell *outputs[] = {&cells[2]};
    for (int i = 0; i < 3; i++)
        lianxin__v1__cell__init(&cells[i]);
    cells[0].label = "事项";
    cells[0].cell = "#0102";
    cells[0].value = "#0102 环卫";
    cells[1].label = "正文";
    cells[1].cell = "any(垃圾)";
    cells[1].fails = 1;
    cells[2].label = "职能";
    cells[2].cell = "urban";
    cells[2].value = "城管";
    nearest.row = "assign/urban";
    nearest.conditions = conditions;
    nearest.n_conditions = 2;
    nearest.outputs = outputs;
    nearest.n_outputs = 1;
    why.unit = "511126000000.urban";
    why.unit_name = "夹江县城管局";
    why.obstacle = LIANXIN__V1__OBSTACLE__OBSTACLE_CELLS;
    why.because = "assign/urban came closest, and 1 of its cells does not hold";
    why.nearest = &nearest;
    made.why_not = &why;
    cr_expect_str_eq(printed_by(print_why_not, &made),
                     "not to 511126000000.urban 夹江县城管局\n"
                     "  assign/urban came closest, and 1 of its cells does not hold\n"
                     "\n"
                     "assign/urban\n"
                     "  fails      正文 asks for any(垃圾); the case has none of that\n"
                     "  holds      事项 asks for #0102; the case has #0102 环卫\n"
                     "  said       职能 urban 城管\n"
                     "\n");
    why.obstacle = LIANXIN__V1__OBSTACLE__OBSTACLE_NOTHING;
    why.because = "it goes there: its part is main 主办";
    why.nearest = NULL;
    cr_expect_str_eq(printed_by(print_why_not, &made), "to 511126000000.urban 夹江县城管局\n"
                                                       "  it goes there: its part is main 主办\n"
                                                       "\n");
}
