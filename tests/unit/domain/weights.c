/* Tables of weights: what a sheet must be, what keywords add up to, and what that leaves for the
 * tables that follow. Random tables and texts are held against the obvious way, which looks for
 * each keyword anew. Set SEED to see a random table again. */
#include "domain/rules/weights.h"
#include "base/check.h"
#include "domain/explain.h"
#include "domain/rules/scratch.h"
#include "domain/rules/table.h"
#include "domain/text/fold.h"
#include "bench/slow_weights.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define HEAD                                                                                       \
    "W,市容,公积金,供水\nmargin,out:category,out:category,out:category\n10,#01,\"#02, "     \
    "#0102\",#03\n"
#define WEIGHTS HEAD "垃圾,9,-3,0\n噪音,6,-2,-2\n公积金,-4,20,\n水,2,-1,12\n"

static struct small_city small;

static void set_up(void)
{
    small_city_make(&small);
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(weights, .init = set_up, .fini = tear_down);

/* -- reading ----------------------------------------------------------------------------------- */

static void expect_findings(const char *text, const char *const *findings, size_t count)
{
    (void)small_city_table(&small, text);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(strncmp(small_city_finding(&small, i), findings[i], strlen(findings[i])), 0,
                     "%s, not %s", small_city_finding(&small, i), findings[i]);
    cr_expect_eq(diag_count(small.diag), count, "%s", small_city_finding(&small, count));
}

Test(weights, a_table_is_read_as_it_stands)
{
    const struct table *table =
        small_city_table(&small, "W,甲,为何,乙\nmargin,out:category,note:why,out:category\n"
                                 "１２,#01,,＃02\n噪　音,－7,看,999\nＫＴＶ,,,-\n");
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_expect_eq(table->answer, ANSWER_WEIGHTS);
    cr_expect_eq(table->rows_count, 2);
    cr_expect(span_is(table->rows[1].id, "ＫＴＶ"));
    const struct weights *weights = table->weights;
    cr_expect_eq(weights->margin, 12);
    cr_expect_eq(weights->columns_count, 2);
    cr_expect(span_is(weights->columns[1].label, "乙"));
    cr_expect_eq(weights->columns[1].categories[0].index, small_city_category(&small, "02").index);
    cr_expect_eq(weights->rows[0][0], -7);
    cr_expect_eq(weights->rows[0][1], 999);
    cr_expect_eq(weights->rows[1][0], 0);
    cr_expect(span_is(keyword_text(city_keywords(small.city), weights->keywords[1]), "ktv"));
}

Test(weights, a_head_that_makes_no_sense_is_said)
{
    static const char *const findings[] = {
        "2:1 write 'margin' here",
        "3:1 '0' is no margin",
        "1:5 is empty; write what people call this column",
        "3:7 '#09' is no category",
        "3:11 #01 and #0102 have cases in common",
        "3:24 name the categories",
        "2:54 'in:text' is no kind of column in a table of weights",
    };
    expect_findings("W,甲,,丙,丁,戊\n,out:category,out:category,out:category,out:category,in:text\n"
                    "0,#01,#09,\"#01, #0102\",,text\n噪音,1,2,3,4,5\n",
                    findings, sizeof findings / sizeof findings[0]);
}

Test(weights, rows_that_make_no_sense_are_said)
{
    static const char *const findings[] = {
        "4:4 '1000' is no weight; write a whole number from -999 to 999",
        "4:9 '1.5' is no weight",
        "5:1 '' is no keyword",
        "6:1 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is no keyword",
        "7:0 has 2 cells, but line 2 has 4",
        "9:1 keyword ＫＴＶ stands here twice (line 8)",
    };
    char text[1024];
    char keyword[WEIGHTS_KEYWORD_BYTES_MAX + 2];
    memset(keyword, 'a', sizeof keyword);
    keyword[sizeof keyword - 1] = '\0';
    snprintf(text, sizeof text,
             "%s噪音,1000,1.5,\n\"　\",1,1,1\n%s,1,1,1\n短,1\nktv,1,1,1\nＫＴＶ,1,1,1\n", HEAD,
             keyword);
    expect_findings(text, findings, sizeof findings / sizeof findings[0]);
}

Test(weights, a_table_weighs_something)
{
    static const char *const nothing[] = {"2:0 no column is out:category", "0:0 has no rows"};
    expect_findings("W,甲\nmargin,note:a\n1,\n", nothing, 2);
    expect_findings("W,甲\nmargin,out:category\n1,#01\n", nothing + 1, 1);
}

Test(weights, there_are_so_many_columns_at_most)
{
    static const char *const findings[] = {"2:216 is one column of weights too many"};
    char text[2048] = "W";
    for (int i = 0; i <= WEIGHTS_COLUMNS_MAX; i++)
        strcat(text, ",甲");
    strcat(text, "\nmargin");
    for (int i = 0; i <= WEIGHTS_COLUMNS_MAX; i++)
        strcat(text, ",out:category");
    strcat(text, "\n1");
    for (int i = 0; i <= WEIGHTS_COLUMNS_MAX; i++)
        strcat(text, ",#01");
    strcat(text, "\n噪音");
    for (int i = 0; i <= WEIGHTS_COLUMNS_MAX; i++)
        strcat(text, ",1");
    expect_findings(text, findings, 1);
}

/* -- weighing ---------------------------------------------------------------------------------- */

static const struct rules *load(const char *book)
{
    small_city_write(&small, "book", book);
    small_city_forget(&small);
    const struct rules *rules =
        rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(rules, "%s", small_city_finding(&small, 0));
    small_city_scratch(&small, rules);
    return rules;
}

static struct facts say(const char *text)
{
    struct facts facts = small_city_facts();
    struct case_words words = {.text = span_of_string(text)};
    struct misfit misfit;
    bool fits = facts_resolve(small.city, &words, false, small.scratch, &facts, &misfit);
    cr_assert(fits);
    return facts;
}

static struct weighing weigh(const struct rules *rules, const char *text)
{
    struct weighing weighing;
    struct facts facts = say(text);
    cr_assert(rules_weigh(rules, 0, &facts, &weighing));
    return weighing;
}

Test(weights, keywords_add_their_rows_and_repeated_ones_again)
{
    small_city_write(&small, "t", WEIGHTS);
    const struct rules *rules = load("table,note\nt,\n");
    struct weighing weighing = weigh(rules, "垃圾发臭，噪音，噪音，噪音");
    cr_expect_eq(weighing.sums[0], 9 + 2 * 6);
    cr_expect_eq(weighing.sums[1], -3 - 2 * 2);
    cr_expect_eq(weighing.sums[2], -2 * 2);
    cr_expect_eq(weighing.best, 0);
    cr_expect_eq(weighing.lead, 25);
    cr_expect_eq(weighing.possible, 1);
    cr_expect(weighing.clear);
    cr_expect(span_is(rules_row_name(rules, (struct row){0, (uint16_t)weighing.row}), "t/垃圾"));
    weighing = weigh(rules, "水和垃圾");
    cr_expect_eq(weighing.lead, 1);
    cr_expect_eq(weighing.possible, 5, "11, -4, 12: the second alone is behind by 10");
    cr_expect_not(weighing.clear);
    cr_expect_eq(weigh(rules, "你好").row, UINT32_MAX);
    cr_expect_eq(weigh(rules, "").row, UINT32_MAX);
    cr_expect_eq(weigh(rules, "噪音").possible, 7, "a lead of 8 of 10");
}

static struct outputs run(const struct rules *rules, const char *text, const char *category)
{
    struct facts facts = say(text);
    struct outputs outputs;
    if (category != NULL)
        facts.category = small_city_category(&small, category);
    memset(&outputs, 0xA5, sizeof outputs);
    rules_run(rules, &facts, small.scratch, &outputs);
    return outputs;
}

static const char *found(const struct outputs *outputs)
{
    static char code[32];
    if (outputs->category.index == CATEGORY_NONE.index)
        return "";
    snprintf(code, sizeof code, "%.*s", SPAN_ARG(category_code(small.city, outputs->category)));
    return code;
}

Test(weights, one_category_that_is_left_is_taken_and_several_are_candidates)
{
    small_city_write(&small, "t", WEIGHTS);
    const struct rules *rules = load("table,note\nt,\n");
    struct outputs outputs = run(rules, "垃圾噪音", NULL);
    cr_expect_str_eq(found(&outputs), "01");
    cr_expect(outputs.category_from_words);
    outputs = run(rules, "公积金", NULL);
    cr_expect_str_eq(found(&outputs), "", "the column has two");
    cr_expect_eq(outputs.candidates_count, 2);
    outputs = run(rules, "水和垃圾", NULL);
    cr_expect_str_eq(found(&outputs), "");
    cr_expect_eq(outputs.candidates_count, 2);
    cr_expect_eq(outputs.candidates[1].index, small_city_category(&small, "03").index);
    cr_expect_eq(outputs.rows_count, 1);
    outputs = run(rules, "你好", NULL);
    cr_expect_eq(outputs.rows_count + outputs.candidates_count, 0);
    outputs = run(rules, "垃圾噪音", "02");
    cr_expect_str_eq(found(&outputs), "02", "whoever listened knows better");
    cr_expect_eq(outputs.rows_count, 0);
}

#define WORDS                                                                                           \
    "C+,,,,\n,in:text,in:category,out:category,out:weight\n,text,category,category,number\n"            \
    "litter,any(垃圾),absent,#0102,5\nwater,any(水),absent,#03,4\nfund,any(贷款),absent,#0201,5\n" \
    "signs,any(招牌),absent,#0101,3\n"

Test(weights, rows_for_what_is_ruled_out_do_not_count)
{
    small_city_write(&small, "t", WEIGHTS);
    small_city_write(&small, "words", WORDS);
    const struct rules *rules = load("table,note\nt,\nwords,\n");
    struct outputs outputs = run(rules, "水费，公积金，公积金", NULL);
    cr_expect_str_eq(found(&outputs), "", "water is ruled out, and of funds no row says more");
    cr_expect_eq(outputs.candidates_count, 2);
    outputs = run(rules, "水费，公积金贷款", NULL);
    cr_expect_str_eq(found(&outputs), "0201");
    outputs = run(rules, "垃圾，公积金贷款，公积金", NULL);
    cr_expect_eq(outputs.candidates_count, 2, "0102 lies in two columns, and one is left");
    outputs = run(rules, "水和垃圾，招牌，招牌", NULL);
    cr_expect_str_eq(found(&outputs), "0102", "both columns are left, and 5 + 3 are more than 4");
    outputs = run(rules, "噪音和噪音", NULL);
    cr_expect_str_eq(found(&outputs), "01", "no row says more, and the column has but this");
    outputs = run(rules, "水", "0102");
    cr_expect_str_eq(found(&outputs), "0102");
}

Test(weights, what_no_column_knows_is_never_ruled_out)
{
    small_city_write(&small, "t",
                     "W,市容,公积金\nmargin,out:category,out:category\n10,#0102,#02\n"
                     "垃圾,20,\n公积金,,20\n");
    small_city_write(&small, "words", WORDS);
    const struct rules *rules = load("table,note\nt,\nwords,\n");
    struct outputs outputs = run(rules, "公积金，水", NULL);
    cr_expect_str_eq(found(&outputs), "03");
    outputs = run(rules, "公积金，招牌，垃圾，公积金", NULL);
    cr_expect_str_eq(found(&outputs), "0101", "what stands above and beside a column is in none");
    outputs = run(rules, "公积金，垃圾，公积金", NULL);
    cr_expect_str_eq(found(&outputs), "02", "the row for litter is ruled out");
}

Test(weights, what_is_said_is_explained)
{
    struct explained_row rows[RULES_CITED_MAX];
    small_city_write(&small, "t", WEIGHTS);
    small_city_write(&small, "words", WORDS);
    const struct rules *rules = load("table,note\nt,\nwords,\n");
    struct policy policy = {.city = small.city, .rules = rules};
    struct facts facts = say("水费，水表，垃圾");
    uint32_t count = explain_facts(&policy, &facts, small.scratch, small.arena, rows);
    cr_assert_eq(count, 2);
    cr_expect(span_is(rows[0].name, "t/水"));
    cr_assert_eq(rows[0].conditions_count, 1);
    cr_expect(span_is(rows[0].conditions[0].label, "供水"));
    cr_expect(span_is(rows[0].conditions[0].value, "水 2 x 12"), "%.*s",
              SPAN_ARG(rows[0].conditions[0].value));
    cr_expect(span_is(rows[0].outputs[0].cell, "24"));
    cr_expect(span_is(rows[0].outputs[0].value, "leads by 11, needs 10"));
    cr_expect(span_is(rows[0].also[0], "市容 13: 垃圾 9, 水 2 x 2"), "%.*s",
              SPAN_ARG(rows[0].also[0]));
    cr_expect_eq(rows[1].also_count, 0, "the row for litter is ruled out");
    facts = say("水和垃圾");
    explain_facts(&policy, &facts, small.scratch, small.arena, rows);
    cr_expect(span_is(rows[0].outputs[0].value, "leads by 1, needs 10; left as well: 市容"), "%.*s",
              SPAN_ARG(rows[0].outputs[0].value));
    explain_row(&policy, (struct row){0, 3}, small.arena, &rows[0]);
    cr_expect(span_is(rows[0].name, "t/水"));
    cr_expect_eq(rows[0].outputs_count, 3);
}

Test(weights, a_keyword_that_says_nothing_is_shown_by_itself_only)
{
    struct explained_row rows[RULES_CITED_MAX];
    small_city_write(&small, "t",
                     "W,供水,市容\nmargin,out:category,out:category\n1,#03,#0101\n水,0,-\n");
    const struct rules *rules = load("table,note\nt,\n");
    struct policy policy = {.city = small.city, .rules = rules};
    struct facts facts = say("水");
    cr_assert_eq(explain_facts(&policy, &facts, small.scratch, small.arena, rows), 1);
    cr_expect(span_is(rows[0].conditions[0].value, "水 0"), "%.*s",
              SPAN_ARG(rows[0].conditions[0].value));
    cr_expect(span_is(rows[0].also[0], "市容 0: 水 0"), "%.*s", SPAN_ARG(rows[0].also[0]));
}

/* -- against the obvious way ------------------------------------------------------------------- */

enum { KEYWORDS = 40, COLUMNS = 3 };

static const char *const letters[] = {"噪", "音", "水", "垃", "圾", "a"};
enum { LETTERS = sizeof letters / sizeof letters[0] };

static uint32_t up_to(uint32_t limit)
{
    return (uint32_t)random() % limit;
}

static void write_random(uint32_t count, char *text)
{
    text[0] = '\0';
    for (uint32_t i = 0; i < count; i++)
        strcat(text, letters[up_to(LETTERS)]);
}

static int32_t sum_slowly(const struct table *table, const char *text, uint32_t column)
{
    int32_t sum = 0;
    for (uint32_t i = 0; i < table->rows_count; i++) {
        struct span keyword = table->rows[i].id;
        uint32_t times = 0;
        for (const char *at = text; *at != '\0'; at++)
            times += strncmp(at, (const char *)keyword.data, keyword.bytes) == 0;
        for (uint32_t step = 1; step <= times && step <= TEXT_TIMES_MAX; step *= 2)
            sum += table->weights->rows[i][column];
    }
    return sum;
}

/* The whole book: which category comes of it? */
static void expect_as_slowly(const struct rules *rules, const char *message)
{
    uint8_t folded[1024];
    uint32_t absent[INPUT_COUNT] = {0};
    struct slow_case asked = {.values = absent, .keywords = city_keywords(small.city)};
    asked.folded = span_of(folded, fold(span_of_string(message), folded));
    struct slow_left left = slow_weigh(small.city, rules_table(rules, 0), asked);
    struct outputs outputs = run(rules, message, NULL);
    asked.left = &left;
    struct span code = slow_holds_any(small.city, rules_table(rules, 1), asked)
                           ? slow_vote(small.city, rules_table(rules, 1), asked)
                           : left.only;
    cr_assert(span_is(code, found(&outputs)), "%.*s, not %s: %s", SPAN_ARG(code), found(&outputs),
              message);
}

static void compare_one(void)
{
    char text[4096] = HEAD;
    char seen[KEYWORDS][16];
    uint32_t count = 0;
    for (int i = 0; i < KEYWORDS; i++) {
        char row[64];
        bool known = false;
        write_random(1 + up_to(3), seen[count]);
        for (uint32_t j = 0; j < count; j++)
            known |= strcmp(seen[j], seen[count]) == 0;
        if (known)
            continue;
        snprintf(row, sizeof row, "%s,%d,%d,%d\n", seen[count++], (int)up_to(199) - 99,
                 (int)up_to(199) - 99, (int)up_to(199) - 99);
        strcat(text, row);
    }
    small_city_write(&small, "t", text);
    small_city_write(&small, "words",
                     "C+,,,,\n,in:text,in:category,out:category,out:weight\n"
                     ",text,category,category,number\na,any(垃),absent,#0102,5\n"
                     "b,any(水),absent,#03,4\nc,any(音),absent,#0201,5\n"
                     "d,any(噪水),absent,#0101,9\ne,any(a音),absent,#02,2\n");
    const struct rules *rules = load("table,note\nt,\nwords,\n");
    for (int i = 0; i < 20; i++) {
        char message[512];
        write_random(up_to(100), message);
        struct weighing weighing = weigh(rules, message);
        for (uint32_t column = 0; column < COLUMNS; column++)
            cr_assert_eq(weighing.sums[column], sum_slowly(rules_table(rules, 0), message, column),
                         "%s", message);
        expect_as_slowly(rules, message);
    }
}

Test(weights, what_is_weighed_is_what_the_obvious_way_finds)
{
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "weights: SEED=%u\n", seed);
    srandom(seed);
    for (int i = 0; i < 30; i++) {
        compare_one();
        tear_down();
        set_up();
    }
}
