/* A row of the book in words: its cells as written, what the case has for them, which part of a
 * list lets it pass; the rows of C+ that add up; and why a climb went on.
 *
 * The rows explained must be those that decide() cites, since the desk answers for them.
 */
#include "domain/explain.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct small_city small;
static struct policy policy;
static struct scratch *scratch;
static struct explained_row rows[RULES_CITED_MAX];

static void load(void)
{
    policy = (struct policy){.city = small.city};
    policy.rules = rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(policy.rules, "%s", small_city_finding(&small, 0));
    cr_assert_eq(keywords_compile(city_keywords(small.city), small.directory, small.diag), OK);
    scratch = scratch_create(&policy);
}

static void set_up(void)
{
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\ntriage,\nwords,\nassign,\n");
    small_city_write(&small, "triage",
                     "F,类型,正文,处理,告知,事项,依据\n"
                     ",in:type,in:text,out:disposition,out:advice,out:category,note:basis\n"
                     ",type,text,disposition,text,category,text\n"
                     "fire,help,\"any(着火, 冒烟) none(演习)\",transfer,119,-,紧急转接\n"
                     "else,-,-,－,－,-,\n");
    small_city_write(&small, "words",
                     "C+,事项,正文,事项,权重\n"
                     ",in:category,in:text,out:category,out:weight\n"
                     ",category,text,category,number\n"
                     "rubbish,absent,\"any(垃圾, 清运)\",#0102,5\n"
                     "street,absent,all(垃圾),#0101,3\n"
                     "more,absent,any(占道),#0101,4\n"
                     "any,absent,none(演习),#01,1\n");
    small_city_write(&small, "assign",
                     "F,事项,地点,热线,时刻,类型,职能,层级,协办,名称,依据\n"
                     ",in:category,in:place,in:line,in:hour,in:type,out:function,out:tier,out:co,"
                     "note:name,note:basis\n"
                     ",category,place,line,number,type,function,tier,function,text,text\n"
                     "roads,#0101,\"#511102, 夹江县\",-,\"[0..6), >= 10\",not(help),roads,county,"
                     "\"police, urban\",道路,城管\n"
                     "line,-,-,\"12319, 12329\",-,-,fund,-,-,-,专线\n"
                     "else,-,-,-,-,-,desk,city,-,-,兜底\n");
    load();
}

static void tear_down(void)
{
    scratch_destroy(&scratch);
    keywords_close(city_keywords(small.city));
    small_city_remove(&small);
}

TestSuite(explain, .init = set_up, .fini = tear_down);

static void same(struct span ours, const char *expected)
{
    cr_expect(span_is(ours, expected), "'%.*s' is not '%s'", SPAN_ARG(ours), expected);
}

static void expect_cell(const struct explained_cell *cell, const char *label, const char *written,
                        const char *value, const char *part)
{
    same(cell->label, label);
    same(cell->cell, written);
    same(cell->value, value);
    same(cell->part, part);
}

/* The facts of a case with these words; its rows, which are those that are cited. */
static uint32_t explain_text(struct facts facts, const char *text)
{
    struct case_words words = {.text = span_of_string(text)};
    struct facts resolved = facts;
    struct misfit misfit;
    struct decision decision;
    cr_assert(facts_resolve(small.city, &words, false, scratch, &resolved, &misfit));
    facts.hits = resolved.hits;
    uint32_t count = explain_facts(&policy, &facts, scratch, small.arena, rows);
    decide(&policy, &facts, NULL, scratch, &decision);
    cr_assert_eq(count, decision.rows_count);
    for (uint32_t i = 0; i < count; i++)
        cr_expect(span_equal(rows[i].name, rules_row_name(policy.rules, decision.rows[i])));
    return count;
}

Test(explain, a_cell_says_what_the_case_has_and_which_part_lets_it_pass)
{
    struct facts facts = small_city_facts();
    facts.category = small_city_category(&small, "0101");
    facts.place = small_city_place(&small, "511126001");
    cr_assert_eq(explain_text(facts, ""), 2, "no row of C+ held");
    same(rows[0].name, "triage/else");
    cr_expect_eq(rows[0].conditions_count, 0);
    cr_expect_eq(rows[0].outputs_count, 0, "a dash says nothing, a wide one neither");
    same(rows[1].name, "assign/roads");
    same(rows[1].basis, "城管");
    cr_assert_eq(rows[1].conditions_count, 4);
    expect_cell(&rows[1].conditions[0], "事项", "#0101", "#0101 市容", "#0101 市容");
    expect_cell(&rows[1].conditions[1], "地点", "#511102, 夹江县",
                "#511126001 乐山市/夹江县/漹城街道", "夹江县");
    expect_cell(&rows[1].conditions[2], "时刻", "[0..6), >= 10", "10", ">= 10");
    expect_cell(&rows[1].conditions[3], "类型", "not(help)", "complaint 投诉", "");
    cr_assert_eq(rows[1].outputs_count, 3, "a note is no output");
    expect_cell(&rows[1].outputs[0], "职能", "roads", "公路", "");
    expect_cell(&rows[1].outputs[1], "层级", "county", "县级", "");
    expect_cell(&rows[1].outputs[2], "协办", "police, urban", "公安, 城管", "");
}

Test(explain, a_part_is_named_where_it_is_a_code)
{
    struct facts facts = small_city_facts();
    facts.category = small_city_category(&small, "0101");
    facts.place = small_city_place(&small, "511102101201");
    facts.line = city_line(small.city, span_of_string("12329"));
    facts.minute = 3 * 60 + 59;
    explain_text(facts, "");
    expect_cell(&rows[1].conditions[1], "地点", "#511102, 夹江县",
                "#511102101201 乐山市/市中区/牟子镇/红旗村", "#511102 乐山市/市中区");
    expect_cell(&rows[1].conditions[2], "时刻", "[0..6), >= 10", "3", "[0..6)");
    facts.minute = 7 * 60;
    explain_text(facts, "");
    same(rows[1].name, "assign/line");
    expect_cell(&rows[1].conditions[0], "热线", "12319, 12329", "12329 公积金", "12329 公积金");
}

Test(explain, days_and_times_are_said_as_they_are_written)
{
    struct facts facts = small_city_facts();
    small_city_write(
        &small, "assign",
        "F,日,时,起,止,职能,层级\n,in:date,in:time,from,until,out:function,out:tier\n"
        ",date,time,date,date,function,tier\n"
        "night,\">=2026-12-01, 2026/11/24\",[22:00..06:00),-,2027-01-01,police,county\n"
        "else,-,-,-,-,desk,city\n");
    scratch_destroy(&scratch);
    keywords_close(city_keywords(small.city));
    load();
    facts.minute = 5 * 60 + 7;
    explain_text(facts, "");
    same(rows[2].name, "assign/night");
    expect_cell(&rows[2].conditions[0], "日", ">=2026-12-01, 2026/11/24", "2026-11-24",
                "2026/11/24");
    expect_cell(&rows[2].conditions[1], "时", "[22:00..06:00)", "05:07", "[22:00..06:00)");
    expect_cell(&rows[2].conditions[2], "止", "2027-01-01", "2026-11-24", "");
    cr_expect_eq(rows[2].conditions_count, 3);
}

Test(explain, of_lists_all_rows_are_said)
{
    struct facts facts = small_city_facts();
    small_city_write(&small, "assign",
                     "C,类型,层级,协办,抄送\n,in:type,note:x,out:co,out:informed\n"
                     ",type,text,function,function\n"
                     "one,complaint,-,\"police, roads\",-\n"
                     "other,help,-,fund,-\n"
                     "two,-,-,\"roads, urban\",-\n"
                     "again,-,-,urban,-\n"
                     "idle,-,-,-,-\n"
                     "three,-,-,-,general\n");
    scratch_destroy(&scratch);
    keywords_close(city_keywords(small.city));
    load();
    cr_assert_eq(explain_text(facts, ""), 5);
    same(rows[2].name, "assign/one");
    same(rows[3].name, "assign/two");
    same(rows[4].name, "assign/three");
    expect_cell(&rows[2].conditions[0], "类型", "complaint", "complaint 投诉", "complaint 投诉");
    expect_cell(&rows[3].outputs[0], "协办", "roads, urban", "公路, 城管", "");
    cr_assert_eq(rows[2].also_count, 2);
    same(rows[2].also[0], "again 城管");
    same(rows[2].also[1], "idle");
    cr_expect_eq(rows[2].also_more, 0);
    cr_expect_eq(rows[3].also_count + rows[4].also_count, 0);
}

Test(explain, of_limits_those_that_others_outdo_are_said_too)
{
    struct facts facts = small_city_facts();
    small_city_write(&small, "assign",
                     "C<,类型,时限,签收\n,in:type,out:limit,out:sign\n"
                     ",type,limit,limit\n"
                     "slow,-,7wd,1wd\n"
                     "fast,complaint,24h,-\n"
                     "signed,-,-,2h\n"
                     "other,help,1h,1h\n"
                     "else,-,15wd,2wd\n");
    scratch_destroy(&scratch);
    keywords_close(city_keywords(small.city));
    load();
    cr_assert_eq(explain_text(facts, ""), 4);
    same(rows[2].name, "assign/fast");
    expect_cell(&rows[2].outputs[0], "时限", "24h", "", "");
    same(rows[3].name, "assign/signed");
    cr_assert_eq(rows[2].also_count, 1);
    same(rows[2].also[0], "slow 7wd 1wd");
}

Test(explain, of_a_text_the_keywords_found_are_said)
{
    struct facts facts = small_city_facts();
    facts.type = TYPE_HELP;
    explain_text(facts, "楼上着火冒烟，垃圾在烧");
    same(rows[0].name, "triage/fire");
    expect_cell(&rows[0].conditions[0], "类型", "help", "help 求助", "help 求助");
    expect_cell(&rows[0].conditions[1], "正文", "any(着火, 冒烟) none(演习)", "着火, 冒烟", "");
    expect_cell(&rows[0].outputs[0], "处理", "transfer", "转接", "");
    expect_cell(&rows[0].outputs[1], "告知", "119", "", "");
}

/* Once a table has said that it is not dispatched, the rest are asked for a category. */
Test(explain, what_does_not_count_is_not_said)
{
    struct facts facts = small_city_facts();
    facts.type = TYPE_HELP;
    cr_assert_eq(explain_text(facts, "着火，垃圾"), 3);
    same(rows[1].name, "words/rubbish");
    cr_assert_eq(rows[1].outputs_count, 1);
    same(rows[1].outputs[0].cell, "#0102");
    same(rows[2].name, "assign/else");
    cr_expect_eq(rows[2].outputs_count, 0);
}

Test(explain, of_rows_that_add_up_the_others_are_said_heaviest_first)
{
    struct facts facts = small_city_facts();
    facts.place = small_city_place(&small, "511126");
    cr_assert_eq(explain_text(facts, "占道堆放垃圾"), 3);
    same(rows[1].name, "words/more");
    expect_cell(&rows[1].conditions[0], "事项", "absent", "", "absent");
    expect_cell(&rows[1].conditions[1], "正文", "any(占道)", "占道", "");
    cr_assert_eq(rows[1].also_count, 3);
    same(rows[1].also[0], "rubbish +5 #0102 环卫: 垃圾");
    same(rows[1].also[1], "street +3 #0101 市容: 垃圾");
    same(rows[1].also[2], "any +1 #01 城市管理");
    cr_expect_eq(rows[1].also_more, 0);
    /* The tables behind see what they found. */
    expect_cell(&rows[2].conditions[0], "事项", "#0101", "#0101 市容", "#0101 市容");
}

Test(explain, more_rows_than_fit_are_counted)
{
    char text[4096] =
        "C+,正文,事项,权重\n,in:text,out:category,out:weight\n,text,category,number\n";
    for (int i = 0; i < 20; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "r%d,any(垃圾),#0102,%d\n", i,
                 i + 1);
    tear_down();
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\nwords,\n");
    small_city_write(&small, "words", text);
    load();
    explain_text(small_city_facts(), "垃圾");
    same(rows[0].name, "words/r19");
    cr_expect_eq(rows[0].also_count, (uint32_t)EXPLAINED_ALSO_MAX);
    same(rows[0].also[0], "r18 +19 #0102 环卫: 垃圾");
    cr_expect_eq(rows[0].also_more, 19 - (uint32_t)EXPLAINED_ALSO_MAX);
}

Test(explain, a_row_by_itself_is_said_without_the_case)
{
    struct row row;
    struct explained_row explained;
    cr_assert(rules_find_row(policy.rules, span_of_string("assign/roads"), &row));
    explain_row(&policy, row, small.arena, &explained);
    same(explained.name, "assign/roads");
    same(explained.basis, "城管");
    cr_assert_eq(explained.conditions_count, 4);
    expect_cell(&explained.conditions[0], "事项", "#0101", "", "");
    cr_expect_eq(explained.outputs_count, 3);
    cr_assert(rules_find_row(policy.rules, span_of_string("assign/else"), &row));
    explain_row(&policy, row, small.arena, &explained);
    same(explained.basis, "兜底");
    cr_expect(!rules_find_row(policy.rules, span_of_string("assign/nothing"), &row));
    cr_expect(!rules_find_row(policy.rules, span_of_string("nothing/else"), &row));
}

Test(explain, a_climb_goes_on_for_a_reason)
{
    struct function roads = city_function(small.city, span_of_string("roads"));
    struct place township = small_city_place(&small, "511126001");
    struct place county = small_city_place(&small, "511126");
    struct unit unit = city_unit(small.city, roads, county);
    struct unit upstairs = city_unit(small.city, roads, (struct place){0});
    struct excluded nobody = {.count = 0};
    struct excluded one = {.units = {unit}, .count = 1};
    const struct city *city = small.city;
    cr_expect_str_eq(explain_climb(city, roads, township, UNIT_NONE, &nobody),
                     "has no unit for it");
    cr_expect_str_eq(explain_climb(city, roads, county, UNIT_NONE, &nobody), "");
    cr_expect_str_eq(explain_climb(city, roads, county, UNIT_NONE, &one), "has returned it");
    cr_expect_str_eq(explain_climb(city, roads, county, upstairs, &nobody),
                     "is kept from it, since it is about it");
}
