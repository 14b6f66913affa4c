/* Why a case does not go to a unit: each thing that may stand in its way, said with the row that
 * came closest and what failed of it. That a cell fails is held against the written rows, which a
 * slow reading of the cells decides.
 */
#include "domain/why_not.h"

#include "domain/city/date.h"
#include "domain/rules/table.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct small_city small;
static struct policy policy;
static struct scratch *scratch;
static struct facts facts;
static struct excluded excluded;
static struct why_not why;

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
    small_city_write(&small, "book", "table,note\ntriage,\nurgency,\nassign,\n");
    small_city_write(&small, "triage",
                     "F,类型,正文,处理,依据\n"
                     ",in:type,in:text,out:disposition,note:basis\n"
                     ",type,text,disposition,text\n"
                     "fire,help,\"any(着火, 冒烟) none(演习)\",transfer,紧急转接\n"
                     "else,-,-,-,\n");
    small_city_write(&small, "urgency",
                     "F,类型,紧急程度\n,in:type,out:urgency\n,type,urgency\n"
                     "grave,report,critical\n"
                     "else,-,-\n");
    small_city_write(&small, "assign",
                     "F,事项,地点,紧急程度,正文,渠道,职能,层级,协办\n"
                     ",in:category,in:place,in:urgency,in:text,in:channel,out:function,out:tier,"
                     "out:co\n"
                     ",category,place,urgency,text,channel,function,tier,function\n"
                     "grave,-,-,critical,-,-,police,county,health\n"
                     "roads,#0101,\"#511102, 夹江县\",-,any(坑洼) none(演习),phone,roads,county,-\n"
                     "roads-app,#0101,-,-,-,app,roads,county,-\n"
                     "urban,#01,-,-,-,-,urban,county,-\n"
                     "urban-city,#03,-,-,-,-,urban,city,-\n"
                     "water,#0201,#511102,-,-,app,water,county,-\n"
                     "fund,#02,-,-,-,-,fund,city,-\n"
                     "else,-,-,-,-,-,desk,city,-\n");
    load();
    facts = small_city_facts();
    facts.category = small_city_category(&small, "0101");
    facts.place = small_city_place(&small, "511126001");
    excluded.count = 0;
}

static void tear_down(void)
{
    scratch_destroy(&scratch);
    keywords_close(city_keywords(small.city));
    small_city_remove(&small);
}

TestSuite(why_not, .init = set_up, .fini = tear_down);

static struct unit unit_of(const char *key)
{
    struct unit unit = city_unit_by_key(small.city, span_of_string(key));
    cr_assert_neq(unit.index, UNIT_NONE.index, "%s", key);
    return unit;
}

/* With these words in the text. */
static void ask(const char *unit, const char *text)
{
    struct case_words words = {.text = span_of_string(text)};
    struct facts resolved = facts;
    struct misfit misfit;
    struct decision decision;
    cr_assert(facts_resolve(small.city, &words, false, scratch, &resolved, &misfit));
    facts.hits = resolved.hits;
    decide(&policy, &facts, &excluded, scratch, &decision);
    why_not(&policy, &facts, &excluded, &decision, unit_of(unit), scratch, small.arena, &why);
}

static void expect(enum obstacle obstacle, const char *because)
{
    cr_expect_eq(why.obstacle, obstacle, "%d", why.obstacle);
    cr_expect(span_is(why.because, because), "%.*s", SPAN_ARG(why.because));
}

static void expect_nearest(const char *row, uint32_t failing)
{
    cr_assert(why.has_nearest);
    cr_expect(span_is(why.nearest.name, row), "%.*s", SPAN_ARG(why.nearest.name));
    cr_expect_eq(why.failing, failing);
    uint32_t failed = 0;
    for (uint32_t i = 0; i < why.nearest.conditions_count; i++)
        failed += why.nearest.conditions[i].fails;
    cr_expect_eq(failed, failing);
}

static void expect_cell(uint32_t index, const char *label, const char *cell, const char *value,
                        bool fails)
{
    const struct explained_cell *ours = &why.nearest.conditions[index];
    cr_assert_lt(index, why.nearest.conditions_count);
    cr_expect(span_is(ours->label, label), "%.*s", SPAN_ARG(ours->label));
    cr_expect(span_is(ours->cell, cell), "%.*s", SPAN_ARG(ours->cell));
    cr_expect(span_is(ours->value, value), "%.*s", SPAN_ARG(ours->value));
    cr_expect_eq(ours->fails, fails, "%s", label);
}

Test(why_not, of_the_unit_that_has_it_nothing_stands_in_the_way)
{
    ask("511126000000.urban", "");
    expect(OBSTACLE_NOTHING, "it goes there: its part is main 主办");
    cr_expect(!why.has_nearest);
    facts.type = TYPE_REPORT;
    facts.about = UNIT_NONE;
    ask("511126000000.health", "");
    expect(OBSTACLE_NOTHING, "it goes there: its part is co 协办");
}

Test(why_not, the_row_that_came_closest_is_said_cell_by_cell)
{
    ask("511126000000.roads", "路面坑洼, 演习时更甚");
    expect(OBSTACLE_CELLS, "assign/roads came closest, and 1 of its cells does not hold; it went "
                           "by assign/urban");
    expect_nearest("assign/roads", 1);
    cr_assert_eq(why.nearest.conditions_count, 4);
    expect_cell(0, "事项", "#0101", "#0101 市容", false);
    expect_cell(1, "地点", "#511102, 夹江县", "#511126001 乐山市/夹江县/漹城街道", false);
    expect_cell(2, "正文", "any(坑洼) none(演习)", "坑洼, 演习", true);
    expect_cell(3, "渠道", "phone", "phone 电话", false);
    cr_expect(span_is(why.instead, "assign/urban"));
}

/* Roads by telephone lacks its word, roads by app its channel: the one that stands first. */
Test(why_not, of_rows_that_are_as_close_it_is_the_first)
{
    ask("511126000000.roads", "占道");
    expect_nearest("assign/roads", 1);
    expect_cell(2, "正文", "any(坑洼) none(演习)", "", true);
    facts.category = small_city_category(&small, "0102");
    ask("511126000000.roads", "坑洼");
    expect_nearest("assign/roads", 1);
    facts.channel = CHANNEL_APP;
    ask("511126000000.roads", "坑洼");
    expect_nearest("assign/roads-app", 1);
    expect_cell(0, "事项", "#0101", "#0102 环卫", true);
    expect_cell(1, "渠道", "app", "app 手机应用", false);
}

Test(why_not, several_cells_may_fail)
{
    ask("511102000000.water", "");
    expect(OBSTACLE_CELLS, "assign/water came closest, and 3 of its cells do not hold; it went by "
                           "assign/urban; even then it is for 乐山市/市中区, and the case is about "
                           "乐山市/夹江县/漹城街道, so the climb never comes there");
    expect_nearest("assign/water", 3);
    facts.place = small_city_place(&small, "511102101");
    ask("511102000000.water", "");
    expect(OBSTACLE_CELLS, "assign/water came closest, and 2 of its cells do not hold; it went by "
                           "assign/urban");
    expect_nearest("assign/water", 2);
}

/* The tables see what those before them wrote. */
Test(why_not, what_the_case_has_is_what_the_table_saw)
{
    ask("511126000000.police", "");
    expect_nearest("assign/grave", 1);
    expect_cell(0, "紧急程度", "critical", "normal 一般", true);
    facts.type = TYPE_REPORT;
    ask("511126000000.urban", "");
    expect(OBSTACLE_RANK, "assign/urban would hold, but assign/grave comes before it");
    expect_nearest("assign/urban", 0);
}

Test(why_not, an_else_row_holds_where_no_other_does)
{
    ask("511100000000.desk", "");
    expect(OBSTACLE_RANK, "assign/else would hold, but assign/urban comes before it");
    expect_nearest("assign/else", 0);
}

Test(why_not, no_row_may_say_the_function)
{
    ask("511126000000.labour", "");
    expect(OBSTACLE_NO_ROW, "no row of the book says its function, 人社");
    cr_expect(!why.has_nearest);
    ask("511126000000.health", "");
    expect(OBSTACLE_NO_ROW, "no row of the book says its function, 卫健"); /* but as co-unit */
}

Test(why_not, the_book_may_be_right_and_the_climb_end_elsewhere)
{
    facts.category = small_city_category(&small, "0102");
    ask("511102000000.urban", "");
    expect(OBSTACLE_CLIMB, "it is for 乐山市/市中区, and the case is about "
                           "乐山市/夹江县/漹城街道, so the climb never comes there");
    expect_nearest("assign/urban", 0);
    ask("511100000000.urban", "");
    expect(OBSTACLE_CELLS, "assign/urban-city came closest, and 1 of its cells does not hold; it "
                           "went by assign/urban");
    facts.channel = CHANNEL_APP;
    facts.category = small_city_category(&small, "0101");
    ask("511100000000.roads", "");
    expect(OBSTACLE_CLIMB,
           "the climb for assign/roads-app ends before it comes there, at 夹江县公路局");
    facts.category = small_city_category(&small, "03");
    ask("511126000000.urban", "");
    expect(OBSTACLE_CELLS, "assign/urban came closest, and 1 of its cells does not hold; it went "
                           "by assign/urban-city");
}

/* Columns from and until, and dates, are one column to the matcher, and three to who reads. */
Test(why_not, of_dates_the_cell_is_said_that_fails)
{
    tear_down();
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\nassign,\n");
    small_city_write(
        &small, "assign",
        "F,日期,起,止,职能\n,in:date,from,until,out:function\n,date,date,date,function\n"
        "rain,[2026-06-01..2026-09-30],2026-01-01,2026-12-01,water\n"
        "else,-,-,-,desk\n");
    load();
    const struct {
        const char *date;
        uint32_t failing;
        bool fails[3];
    } days[] = {{"2026-10-01", 1, {true, false, false}},
                {"2026-12-01", 2, {true, false, true}},
                {"2025-07-01", 2, {true, true, false}}};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        cr_assert_eq(date_parse(span_of_string(days[i].date), &facts.date), DATE_OK);
        ask("511100000000.water", "");
        cr_expect_eq(why.obstacle, OBSTACLE_CELLS);
        expect_nearest("assign/rain", days[i].failing);
        cr_assert_eq(why.nearest.conditions_count, 3);
        for (uint32_t c = 0; c < 3; c++) {
            cr_expect_eq(why.nearest.conditions[c].fails, days[i].fails[c], "%s %u", days[i].date,
                         c);
            cr_expect(span_is(why.nearest.conditions[c].value, days[i].date));
        }
    }
}

Test(why_not, a_unit_below_the_tier_asked_for_is_not_climbed_to)
{
    small_city_write(&small, "assign",
                     "F,职能,层级\n,out:function,out:tier\n,function,tier\n"
                     "one,general,county\n");
    tear_down();
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\nassign,\n");
    small_city_write(&small, "assign",
                     "F,职能,层级\n,out:function,out:tier\n,function,tier\n"
                     "one,general,county\n");
    load();
    facts.place = small_city_place(&small, "511126001001");
    ask("511126001001.general", "");
    expect(OBSTACLE_CLIMB, "assign/one asks for tier county, and the climb begins at "
                           "乐山市/夹江县, above the unit");
}

Test(why_not, who_returned_it_or_is_meant_does_not_get_it)
{
    excluded = (struct excluded){.units = {unit_of("511126000000.urban")}, .count = 1};
    ask("511126000000.urban", "");
    expect(OBSTACLE_RETURNED, "it has returned it, and does not get it again");
    excluded.count = 0;
    facts.type = TYPE_REPORT;
    facts.about = unit_of("511126000000.police");
    ask("511126000000.police", "");
    expect(OBSTACLE_KEPT_FROM, "the case is a report about 夹江县公安局");
    facts.about = unit_of("511100000000.police");
    ask("511126000000.police", "");
    expect(OBSTACLE_KEPT_FROM,
           "the case is a report about 乐山市公安局, and the unit stands below it");
}

Test(why_not, a_case_may_be_doubtful_or_not_dispatched)
{
    facts.doubts = DOUBT_PLACE_AMBIGUOUS;
    ask("511126000000.urban", "");
    expect(OBSTACLE_DOUBT,
           "the book says its function, but it is the desk's: several places are called so");
    facts.doubts = 0;
    facts.type = TYPE_HELP;
    ask("511126000000.urban", "着火");
    expect(OBSTACLE_DISPOSITION, "the case is not dispatched: triage/fire says transfer");
    cr_expect(span_is(why.instead, "triage/fire"));
    expect_nearest("assign/urban", 0);
}

/* -- against the written rows ------------------------------------------------------------------ */

static bool word_stands(uint32_t keyword)
{
    return facts.hits != NULL && text_has(facts.hits, keyword);
}

static bool text_passes(const struct text_cell *cell)
{
    for (uint32_t c = 0; c < cell->count; c++) {
        const struct text_clause *clause = &cell->clauses[c];
        uint32_t found = 0;
        for (uint32_t k = 0; k < clause->count; k++)
            found += word_stands(clause->keywords[k]);
        if (clause->kind == CLAUSE_ALL   ? found < clause->count
            : clause->kind == CLAUSE_ANY ? found == 0
                                         : found > 0)
            return false;
    }
    return true;
}

static uint32_t failing_as_written(const struct table *table, uint32_t row)
{
    uint32_t failing = 0;
    for (uint32_t i = 0; i < table->inputs_count; i++) {
        const struct values *values = &table->rows[row].values[i];
        enum input input = table->inputs[i];
        if (!values->any && !values_have(values, input_value(&facts, input)))
            failing |= 1U << input;
    }
    return failing | (text_passes(&table->rows[row].text) ? 0 : 1U << INPUT_TEXT);
}

Test(why_not, what_fails_is_what_the_written_row_does_not_let_pass)
{
    static const char *const texts[] = {"", "坑洼", "坑洼演习", "演习", "着火"};
    static const char *const categories[] = {"0101", "0102", "0201", "03"};
    static const char *const places[] = {"511126001", "511102101", "5111"};
    uint32_t compared = 0;
    for (size_t t = 0; t < 5; t++)
        for (size_t c = 0; c < 4; c++)
            for (size_t p = 0; p < 3; p++)
                for (enum channel channel = CHANNEL_PHONE; channel < CHANNEL_COUNT; channel++) {
                    const struct table *table = rules_table(policy.rules, 2);
                    facts.category = small_city_category(&small, categories[c]);
                    facts.place = small_city_place(&small, places[p]);
                    facts.channel = channel;
                    ask("511100000000.desk", texts[t]);
                    for (uint32_t rank = 0; rank < table->rows_count; rank++) {
                        struct row row = rules_ranked(policy.rules, 2, rank);
                        cr_assert_eq(rules_failing(policy.rules, 2, rank, &facts, scratch),
                                     failing_as_written(table, row.row), "%zu %zu %zu %d %u", t, c,
                                     p, channel, rank);
                        compared++;
                    }
                }
    cr_expect_gt(compared, 3000);
}

/* -- by name ----------------------------------------------------------------------------------- */

static void expect_unit(const char *text, const char *key)
{
    struct unit unit;
    struct misfit misfit;
    cr_assert(why_not_unit(small.city, span_of_string(text), PLACE_NONE, &unit, &misfit), "%s: %s",
              text, misfit.message);
    cr_expect(span_is(unit_key(small.city, unit), key), "%.*s",
              SPAN_ARG(unit_key(small.city, unit)));
}

static void expect_refused(const char *text, const char *part)
{
    struct unit unit;
    struct misfit misfit;
    cr_expect(!why_not_unit(small.city, span_of_string(text), PLACE_NONE, &unit, &misfit), "%s",
              text);
    cr_expect_str_eq(misfit.field, "why_not");
    cr_expect_not_null(strstr(misfit.message, part), "%s", misfit.message);
}

Test(why_not, a_unit_is_found_by_key_or_name)
{
    expect_unit("511126000000.urban", "511126000000.urban");
    expect_unit("夹江县城管局", "511126000000.urban");
    expect_unit("公积金", "511100000000.fund");
    expect_refused("城管局", "3 units are called so; name one by its key: 511100000000.urban, "
                             "511102000000.urban, 511126000000.urban");
    expect_unit("夹江县", "511126000000.general");
    expect_refused("江县", "units are called so");
    expect_refused("环保局", "no unit of 乐山市 has this key or is called so; keys look like");
    expect_refused("", "keys look like");
}
