/* Decision tables as people write them: what is understood, and every finding there is.
 *
 * Each test writes a table into the small city and reads it back. A table with mistakes is judged
 * by its findings, "line:column text", all of them and in order: what is expected of each is how it
 * begins.
 */
#include "domain/rules/table.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define HEAD                                                                                       \
    ",,,,\n"                                                                                       \
    ",in:channel,in:place,out:function,out:tier\n"                                                 \
    ",channel,place,function,\"village,township,county,city\"\n"

static struct small_city small;

static void set_up(void)
{
    small_city_make(&small);
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(table, .init = set_up, .fini = tear_down);

/* P and F in front of a head that has neither. */
static const char *under(char hit_policy, const char *rest)
{
    static char text[8192];
    snprintf(text, sizeof text, "%c%s", hit_policy, rest);
    return text;
}

static void expect_findings(const char *text, const char *const *findings, size_t count)
{
    (void)small_city_table(&small, text);
    cr_expect_eq(diag_count(small.diag), count, "%zu findings for\n%s", diag_count(small.diag),
                 text);
    for (size_t i = 0; i < count; i++) {
        const char *finding = small_city_finding(&small, i);
        cr_expect(strncmp(finding, findings[i], strlen(findings[i])) == 0,
                  "%s\nexpected %s\nin\n%s", finding, findings[i], text);
    }
}

#define EXPECT(text, ...)                                                                          \
    do {                                                                                           \
        static const char *const findings[] = {__VA_ARGS__};                                       \
        expect_findings(text, findings, sizeof findings / sizeof findings[0]);                     \
    } while (0)

Test(table, rows_say_what_they_let_pass_and_what_they_write)
{
    struct table *table = small_city_table(
        &small,
        "F,渠道,地点,事项,职能,层级,协办,抄送,来电人,依据\n"
        ",in:channel,in:place,out:category,out:function,out:tier,out:co,out:informed,"
        "out:reporter,note:basis\n"
        ",channel,place,category,function,tier,function,function,reporter,text\n"
        "first,\"phone, sms\",#511126,#0102,urban,county,\"police，roads\",general,shown,x\n"
        "second_2,-,,-,,,,,withheld,\"a, b\"\n"
        "else,-,-,-,desk,city,-,-,-,-\n");
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_assert_eq(table->hit_policy, HIT_FIRST);
    cr_assert_eq(table->inputs_count, 2);
    cr_expect_eq(table->inputs[0], INPUT_CHANNEL);
    cr_expect_eq(table->inputs[1], INPUT_PLACE);
    cr_assert_eq(table->rows_count, 2);

    const struct table_row *row = &table->rows[0];
    cr_expect(span_is(row->id, "first"));
    cr_expect_eq(row->values[0].count, 1);
    cr_expect_eq(row->values[1].count, 1);
    cr_expect_eq(row->outputs.category.index, small_city_category(&small, "0102").index);
    cr_expect(span_is(function_code(small.city, row->outputs.function), "urban"));
    cr_expect_eq(row->outputs.tier, TIER_COUNTY);
    cr_assert_eq(row->outputs.co_count, 2);
    cr_expect(span_is(function_code(small.city, row->outputs.co[0]), "police"));
    cr_expect(span_is(function_code(small.city, row->outputs.co[1]), "roads"));
    cr_assert_eq(row->outputs.informed_count, 1);
    cr_expect(span_is(function_code(small.city, row->outputs.informed[0]), "general"));
    cr_expect_eq(row->outputs.reporter, REPORTER_SHOWN);

    row = &table->rows[1];
    cr_expect(row->values[0].any && row->values[1].any);
    cr_expect_eq(row->outputs.category.index, CATEGORY_NONE.index);
    cr_expect_eq(row->outputs.function.index, FUNCTION_NONE.index);
    cr_expect_eq(row->outputs.tier, TIER_NONE);
    cr_expect_eq(row->outputs.co_count + row->outputs.informed_count, 0);
    cr_expect_eq(row->outputs.reporter, REPORTER_WITHHELD);

    cr_assert_not_null(table->otherwise);
    cr_expect(span_is(function_code(small.city, table->otherwise->outputs.function), "desk"));
    cr_expect(span_is(table->name, "t"));
    cr_expect_str_eq(table->source.name, "rules/t.csv");
}

Test(table, an_else_row_may_stand_anywhere_or_be_missing)
{
    struct table *table =
        small_city_table(&small, under('F', HEAD "else,-,-,desk,city\na,phone,-,urban,county\n"));
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_expect_eq(table->rows_count, 1);
    cr_expect(span_is(table->otherwise->id, "else"));

    table = small_city_table(&small, under('U', HEAD "a,phone,-,urban,county\n"));
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_expect_null(table->otherwise);
}

Test(table, standing_follows_the_lists_of_line_3)
{
    struct table *table =
        small_city_table(&small, "P,,,,\n"
                                 ",in:channel,out:function,out:reporter,out:tier\n"
                                 ",,function,\"withheld, shown\",\"village,township,county,city\"\n"
                                 "a,-,urban,shown,county\n"
                                 "b,-,urban,-,village\n"
                                 "c,-,urban,withheld,city\n");
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    static const uint32_t standings[3][3] = {{0, 1, 2}, {0, 2, 0}, {0, 0, 3}};
    for (uint32_t row = 0; row < 3; row++)
        for (uint32_t output = 0; output < 3; output++)
            cr_expect_eq(table->rows[row].standing[output], standings[row][output]);

    table = small_city_table(&small, "P,,\n,in:channel,out:co\n,,\"police, roads, urban\"\n"
                                     "a,-,\"roads, police, urban\"\n");
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_expect_eq(table->rows[0].standing[0], 1, "a list stands where its first value does");
}

Test(table, empty_columns_that_a_spreadsheet_adds_are_nothing)
{
    struct table *table = small_city_table(
        &small, "F,渠道,层级,,\n,in:channel,out:tier,,\n,channel,,,\na,-,city,,\n,,,,\n");
    cr_expect_eq(diag_count(small.diag), 0);
    cr_expect_eq(table->rows_count, 1);
    EXPECT("F,,,\n,in:channel,out:tier\n,channel,tier,,\na,-,city,\nb,-,city,,x\n",
           "5:0 has 5 cells, but line 2 has 3; quote a cell that has a comma inside");
}

Test(table, the_head_is_checked)
{
    static const char rows[] = HEAD "a,-,-,urban,county\n";
    EXPECT(under('X', rows), "1:1 'X' is no hit policy; they are U (unique), A (any), P (pri");
    EXPECT(under('Q', HEAD "a,-,-,urban,county\nb,-,-,urban,city\n"), "1:1 'Q' is no hit policy");
    EXPECT(",渠道,层级\n,in:channel,out:tier\n,,tier\na,-,city\n", "1:1 '' is no hit policy");
    EXPECT("F,\n,in:channel\n", "0:0 needs three lines");
    EXPECT("F,,\n,in:channel,out:tier\n,,tier\n", "0:0 has no rows");
    EXPECT("F,,\n,in:channel,out:tier\n,,\na,-,city\nb,-,city\n",
           "4:1 the first cell of line 3 is empty, and behind it stands a type per column");
    EXPECT("F,,\n,in:channel,note:x\n,channel,\na,-,-\n", "2:0 no column begins with out:");
    EXPECT("F,,\nid,in:channel,out:tier\n,channel,\na,-,city\n",
           "2:1 the first cell of line 2 is empty");
    EXPECT("F,,,,\n,in:weather,out:tier,tier,\n,,tier,,\na,-,city,-,-\n",
           "2:2 'in:weather' is no kind of column; they are in:channel",
           "2:22 'tier' is no kind of column", "2:27 '' is no kind of column");
    EXPECT("F,,,\n,in:hour,in:hour,out:tier\n,,,tier\na,-,-,city\n",
           "2:10 column in:hour stands here twice");
    EXPECT("F,,,\n,out:tier,in:hour,out:tier\n,tier,,\na,city,-,city\n",
           "2:19 column out:tier stands here twice");
    EXPECT("F,\n,in:channel,out:tier\n,channel\na,-,city\n", "1:0 has 2 cells, but line 2 has 3",
           "3:0 has 2 cells, but line 2 has 3");
    EXPECT("P,,\n,in:channel,out:tier\n,channel,tier\na,-,city\n",
           "3:0 P goes by the order of allowed values");
}

/* Asks the row of a table for one date; 0: it has no dates. */
static bool holds_on(const struct table *table, uint32_t row, int32_t day)
{
    uint32_t input = 0;
    while (input < table->inputs_count && table->inputs[input] != INPUT_DATE)
        input++;
    cr_assert_lt(input, table->inputs_count);
    return values_have(&table->rows[row].values[input], input_date(day));
}

Test(table, from_and_until_say_on_which_days_a_row_holds)
{
    enum { OCTOBER_1 = 20727 };
    struct table *table = small_city_table(
        &small, "F,渠道,起,止,层级,日\n,in:channel,from,until,out:tier,in:date\n"
                ",channel,date,date,tier,date\n"
                "both,phone,2026/10/1,2026年10月8日,city,-\n"
                "from,-,2026-10-01,,city,\n"
                "until,-,-,2026-10-01,city,-\n"
                "dated,-,2026-10-01,-,city,\"[2026-09-20..2026-10-02], 2026-10-05\"\n"
                "always,-,,,city,\n"
                "cut,-,-,2026-10-03,city,>= 2026-09-30\n"
                "else,-,-,-,city,-\n");
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    static const struct {
        int32_t day;
        const char *holds;
    } days[] = {{0, "--u-a-"},
                {OCTOBER_1 - 11, "--u-a-"},
                {OCTOBER_1 - 1, "--u-ac"},
                {OCTOBER_1, "bf-dac"},
                {OCTOBER_1 + 1, "bf-dac"},
                {OCTOBER_1 + 2, "bf--a-"},
                {OCTOBER_1 + 4, "bf-da-"},
                {OCTOBER_1 + 6, "bf--a-"},
                {OCTOBER_1 + 7, "-f--a-"}};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        for (uint32_t row = 0; row < table->rows_count; row++)
            cr_expect_eq(holds_on(table, row, days[i].day), days[i].holds[row] != '-',
                         "row %u on day %d", row, days[i].day);
    table = small_city_table(&small, "F,止,层级\n,until,out:tier\n,,tier\n"
                                     "old,2026-10-01,city\nelse,,city\n");
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_assert_eq(table->inputs_count, 1);
    cr_expect(holds_on(table, 0, OCTOBER_1 - 1));
    cr_expect_not(holds_on(table, 0, OCTOBER_1));
}

Test(table, days_that_make_no_sense_are_said)
{
    EXPECT("F,,,,\n,from,until,in:date,out:tier\n,text,date,date,tier\n"
           "a,2026-10-01,2026-10-01,-,city\n"
           "b,2026-10-02,2026-10-01,-,city\n"
           "c,2026-10-01,,<2026-10-01,city\n"
           "d,46296,10/1/26,-,city\n"
           "e,-,9999-12-31,-,city\n"
           "else,2026-10-01,-,-,city\n",
           "3:2 write 'date' for the type", "4:14 the row holds on no day: it begins on the day",
           "5:14 the row holds on no day",
           "6:3 the row holds on no day: it begins on the day in 'from' and ends before the day in "
           "'until', and in:date lets no day between them pass",
           "7:3 '46296' is the number that a spreadsheet keeps for a date",
           "7:9 '10/1/26' does not say which is the year",
           "8:5 '9999-12-31' is not of the years 2000 to 2099",
           "9:6 the else row holds for all that no other row holds for");
    EXPECT("F,,,\n,from,from,out:tier\n,,,tier\na,,,city\n", "2:7 column from stands here twice");
}

Test(table, line_3_is_the_type_or_the_allowed_values)
{
    EXPECT("F,,,\n,in:channel,in:hour,out:tier\n,place,text,county\na,-,-,county\n",
           "3:2 write 'channel', or the allowed values, for the type of this column: 'place'",
           "3:8 write 'number', or the allowed values");
    EXPECT("F,,\n,in:type,out:tier\n,\"help, report\",\"county, town\"\n"
           "a,help,county\nb,praise,city\nc,\"help, praise\",-\nd,not(help),-\ne,not(report),-\n",
           "3:17 'town' is no tier", "5:3 lets nothing pass that line 3 allows",
           "5:10 'city' is not among the allowed values of line 3",
           "6:3 names a value that line 3 does not allow");
    EXPECT("F,,,\n,in:type,out:function,out:category\n,type,\"urban, police\",\"#01, #09\"\n"
           "a,-,roads,0102\n",
           "3:23 '#09' is no category", "4:5 'roads' is not among", "4:11 '0102' is not among");

    char text[2048] = "F,,\n,in:type,out:tier\n,,\"city";
    for (int i = 0; i < 64; i++)
        strcat(text, ",city");
    strcat(text, "\"\na,-,city\n");
    EXPECT(text, "3:3 lists more than 64 values");
}

Test(table, rows_are_checked)
{
    EXPECT(under('F', HEAD "a,-,-,urban\nb,-,-,urban,city,-\nc,-,-,urban,city\n"),
           "4:0 has 4 cells, but line 2 has 5", "5:0 has 6 cells, but line 2 has 5");
    EXPECT(under('F', HEAD "Row 1,-,-,urban,city\n,-,-,urban,city\n规则,-,-,urban,city\n"),
           "4:1 'Row 1' is no row id; use up to 64 lower-case letters", "5:1 '' is no row id",
           "6:1 '规则' is no row id");
    EXPECT(under('F', HEAD "1-Mar,-,-,urban,city\n3月1日,-,-,urban,city\n"),
           "4:1 '1-Mar' is the date that a spreadsheet makes of an id such as 3-1; format the "
           "column as text, or begin the id with a letter",
           "5:1 '3月1日' is the date");
    EXPECT(under('F', HEAD "a，-,-,urban,city\n"),
           "4:0 has 4 cells, but line 2 has 5; the full-width '，' does not divide cells");
    EXPECT(under('F', HEAD "b,-,-,urban,city\na,-,-,urban,city\nb,-,-,urban,city\n"),
           "6:1 row id b stands here twice (line 4)");
    EXPECT(under('F', HEAD "a,fax,#999999,urbane,town\n"), "4:3 'fax' is no channel",
           "4:7 '#999999' is no place", "4:15 'urbane' is no function", "4:22 'town' is no tier");
    EXPECT(
        under('F', HEAD "a,\"not(phone,sms,email,wechat,weibo,app,letter,visit)\",-,urban,city\n"),
        "4:3 lets nothing pass");
    EXPECT(under('F', HEAD "a,-,-,\"urban, police\",city\n"),
           "4:7 names more than 1; other units go to out:co or out:informed, and at most 4 each");
    EXPECT(under('F', HEAD "else,phone,-,desk,city\nelse,-,-,desk,city\n"),
           "4:6 the else row holds for all that no other row holds for; write '-'",
           "5:1 there is an else row already (line 4)");
    EXPECT("F,,,,\n,out:co,out:informed,out:reporter,out:category\n,,,,category\n"
           "a,\"urban,police,roads,general,fund\",desk,hidden,#99\n",
           "4:3 names more than 4", "4:42 'hidden' makes no sense here; the reporter is shown",
           "4:49 '#99' is no category");
}

/* -- words ------------------------------------------------------------------------------------- */

#define WORDS ",,,\n,in:type,in:text,out:tier\n,,text,\"village,township,county,city\"\n"

Test(table, text_cells_are_read_beside_the_others)
{
    struct table *table = small_city_table(
        &small, under('F', WORDS "a,help,\"any(噪音，ＫＴＶ) none(演练)\",city\nb,-,-,city\n"
                                 "else,-,-,county\n"));
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_expect(table->has_text);
    cr_assert_eq(table->inputs_count, 2);
    cr_expect_eq(table->inputs[1], INPUT_TEXT);
    cr_expect(table->rows[0].values[1].any, "what it says stands in text");
    cr_assert_eq(table->rows[0].text.count, 2);
    cr_expect(
        span_is(keyword_text(city_keywords(small.city), table->rows[0].text.clauses[0].keywords[1]),
                "ktv"));
    cr_expect_eq(table->rows[1].text.count, 0);
    table = small_city_table(&small, under('F', HEAD "a,-,-,urban,city\n"));
    cr_expect_not(table->has_text);
}

Test(table, text_cells_are_checked)
{
    EXPECT(under('F', WORDS "a,-,噪音,city\nb,-,any(噪音,city\nelse,-,-,county\n"),
           "4:5 '噪音' is no clause", "5:5 the bracket of any( is never closed");
    EXPECT(under('F', WORDS "else,-,any(噪音),county\n"),
           "4:8 the else row holds for all that no other row holds for; write '-'");
    EXPECT("F,,\n,in:text,out:tier\n,any(噪音),tier\na,-,city\nelse,-,city\n",
           "3:2 write 'text' for the type of this column");
}

Test(table, words_need_an_else_row_and_cannot_be_unique)
{
    EXPECT(under('F', WORDS "a,-,any(噪音),city\n"),
           "2:10 a table with in:text needs an else row, since people may say anything");
    EXPECT(under('P', WORDS "a,-,any(噪音),city\n"), "2:10 a table with in:text needs an else row");
    EXPECT(under('U', WORDS "a,-,any(噪音),city\nb,-,any(垃圾),city\n"),
           "2:10 in:text cannot stand in a U table: words of any two rows may stand in one text; "
           "use P or F");
    EXPECT(under('A', WORDS "a,-,any(噪音),city\n"), "2:10 in:text cannot stand in an A table");
}

#define SUM "C+,,,\n,in:text,out:category,out:weight\n,text,category,number\n"

Test(table, a_table_that_adds_up_has_categories_with_weights)
{
    struct table *table =
        small_city_table(&small, SUM "a,any(噪音),#0101,10\nb,-,#02,1\nc,none(a),#03,100\n");
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_expect_eq(table->hit_policy, HIT_SUM);
    cr_expect_eq(table->rows[0].outputs.weight, 10);
    cr_expect_eq(table->rows[2].outputs.weight, 100);

    EXPECT(SUM "a,-,#0101,0\nb,-,#0101,101\nc,-,#0101,heavy\nd,-,#0101,1.5\n",
           "4:11 '0' is no weight; write a whole number from 1 to 100", "5:11 '101' is no weight",
           "6:11 'heavy' is no weight", "7:11 '1.5' is no weight");
    EXPECT(SUM "a,-,#0101,\nb,-,-,1\nelse,-,-,-\n", "4:11 is empty; each row of a C+ table says it",
           "5:5 is empty", "6:1 a C+ table has no else row: where no row holds, none speaks");
    EXPECT("C+,,\n,in:text,out:category\n,,category\na,-,#01\n",
           "2:0 in a C+ table rows speak for categories: it needs out:category and out:weight");
    EXPECT("C+,,,\n,out:tier,out:category,out:weight\n,tier,,\na,city,#01,1\n",
           "2:2 C+ cannot write out:tier: ");
    EXPECT("F,,\n,out:tier,out:weight\n,tier,\na,city,1\n",
           "2:11 F cannot write out:weight: C+ adds weights up");
}

Test(table, what_a_policy_cannot_write_is_said_with_those_that_can)
{
    EXPECT("C,,,,\n,in:text,out:co,out:function,out:tier\n,,function,,\na,-,police,urban,city\n",
           "2:17 C cannot write out:function: a case has one, so one row must decide: use U, A, P "
           "or F",
           "2:30 C cannot write out:tier: a case has one");
    EXPECT("R,,\n,out:category,out:limit\n,category,\na,#01,24h\n",
           "2:2 R cannot write out:category: U, A, P and F take that of one row; C+",
           "2:15 R cannot write out:limit: ");
    EXPECT("O,,\n,out:informed,out:co\n,\"police, roads\",function\na,police,-\nb,roads,police\n",
           "3:18 O goes by the order of allowed values; list them here, best first, or use R");
    EXPECT("O,\n,out:informed\n,\"police, roads\"\na,urban\n",
           "4:3 'urban' is not among the allowed values of line 3");
    EXPECT("C+,,,\n,out:co,out:category,out:weight\n,function,,\na,-,#01,1\n",
           "2:2 C+ cannot write out:co: U, A, P and F take those of one row, R, C and O those of "
           "all rows that hold");
    (void)small_city_table(&small, "C,,\n,in:text,out:informed\n,text,function\n"
                                   "a,any(噪音),police\n");
    cr_expect_eq(diag_count(small.diag), 0, "a list may be empty, so no else row is needed");
}

Test(table, limits_must_be_such_that_it_is_clear_which_is_shorter)
{
    (void)small_city_table(&small,
                           "C<,,\n,out:limit,out:sign\n,limit,limit\na,48h,30min\nb,2wd,1wd\n"
                           "c,2h,24h\nelse,1wd,-\n");
    cr_expect_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    (void)small_city_table(&small, "F,\n,out:limit\n,limit\na,49h\nb,2wd\n");
    cr_expect_eq(diag_count(small.diag), 0, "one row decides");
    EXPECT("C<,,\n,out:limit,out:sign\n,limit,limit\na,48h,25h\nb,2wd,3wd\nc,49h,1wd\nd,5wd,-\n",
           "6:1 49h here and 2wd in row b: which is shorter is another matter each week; write "
           "both in hours or both in working days, or use P with the limits in order",
           "4:1 25h here and 1wd in row c");
    EXPECT("C>,,,\n,in:text,out:limit,out:co\n,text,limit,function\na,any(噪音),1wd,police\n",
           "2:20 C> cannot write out:co: U, A, P and F take those of one row, R, C and O",
           "2:2 a table with in:text needs an else row");
    EXPECT("C<,,\n,out:category,out:weight\n,category,number\na,#01,1\n",
           "2:2 C< cannot write out:category: U, A, P and F take that of one row; C+ adds up "
           "weights, C> goes by the greatest weight, C# by the number of rows",
           "2:15 C< cannot write out:weight: C+ adds weights up, C> goes by the greatest");
    EXPECT("C+,\n,out:limit\n,limit\na,24h\n",
           "2:2 C+ cannot write out:limit: U, A, P and F take that of one row, C< the shortest of "
           "all rows that hold, C> the longest",
           "2:0 in a C+ table rows speak for categories");
    EXPECT("C>,,,\n,out:limit,out:category,out:weight\n,limit,category,number\na,24h,#01,1\n",
           "2:2 C> cannot write out:limit: ");
    EXPECT("C#,,\n,out:category,out:weight\n,category,number\na,#01,1\n",
           "2:15 C# cannot write out:weight: C+ adds weights up");
    EXPECT("C#,\n,out:category\n,category\na,#01\nb,-\nelse,#02\n",
           "5:3 is empty; each row of a C# table says it", "6:1 a C# table has no else row");
    EXPECT("C>,\n,out:category\n,category\na,#01\n",
           "2:0 in a C> table rows speak for categories: it needs out:category and out:weight");
}

Test(table, what_is_absent_is_no_value_that_line_3_could_forbid)
{
    (void)small_city_table(&small, "F,,\n,in:category,out:tier\n,\"#01, #02\",tier\n"
                                   "a,absent,city\nb,\"absent, #01\",city\nc,not(absent),city\n");
    cr_expect_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    EXPECT("F,,\n,in:type,out:tier\n,,tier\na,absent,city\n",
           "4:3 'absent' never holds here: a case always has its type");
}

Test(table, a_whole_sheet_that_is_too_much_is_refused)
{
    char text[1024] = "F\n,in:channel";
    for (int i = 0; i < RULES_COLUMNS_MAX; i++)
        strcat(text, ",note:x");
    strcat(text, "\n\n,,\na\n");
    EXPECT(text, "2:0 has 26 columns; a table has at most 24");

    static char large[(RULES_ROWS_MAX + 8) * 16];
    size_t used = (size_t)sprintf(large, "F,,\n,in:channel,out:tier\n,,tier\n");
    for (int i = 0; i <= RULES_ROWS_MAX; i++)
        used += (size_t)sprintf(large + used, "r%d,-,city\n", i);
    EXPECT(large, "0:0 has 32769 rows; a table has at most 32768");
    cr_expect_null(table_read(folder_of(small.directory), span_of_string("missing"), small.city,
                              small.arena, small.diag));
}

Test(table, unique_rows_are_read)
{
    (void)small_city_table(&small, under('U', HEAD "a,phone,#511126,urban,city\n"
                                                   "b,phone,not(#511126),urban,city\n"
                                                   "c,\"sms, email\",-,urban,city\n"
                                                   "d,\"not(phone, sms, email)\",-,urban,city\n"));
    cr_expect_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
}

Test(table, any_rows_that_write_alike_are_read)
{
    struct table *table = small_city_table(
        &small, "A,渠道,职能,层级,协办,抄送,来电人,处理,告知,事项,紧急,时限,签收\n"
                ",in:channel,out:function,out:tier,out:co,out:informed,out:reporter,"
                "out:disposition,out:advice,out:category,out:urgency,out:limit,out:sign\n"
                ",channel,,,,,,,,,,,\n"
                "a,\"phone, sms\",urban,city,\"police, roads\",general,shown,dispatch,x,#01,urgent,"
                "24h,2h\n"
                "b,phone,urban,city,\"police, roads\",general,shown,dispatch,x,#01,urgent,1440min,"
                "120min\n"
                "c,email,-,-,-,-,-,-,-,-,-,-,-\nelse,-,-,-,-,-,-,-,-,-,-,-,-\n");
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_expect_eq(table->hit_policy, HIT_ANY);
}
