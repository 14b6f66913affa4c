/* The rule book: tables in order, what one writes the next may read, and who is cited for it. */
#include "domain/rules/scratch.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define CLASSIFY                                                                                   \
    "F,,,\n,in:line,in:category,out:category\n,line,category,category\n"                           \
    "given,-,\"#01, #02, #03\",-\n"                                                                \
    "urban,12319,-,#0102\n"                                                                        \
    "fund,12329,-,#0201\n"                                                                         \
    "else,-,-,-\n"
#define ASSIGN                                                                                     \
    "P,,,,,,\n,in:category,out:function,out:tier,out:co,out:informed,out:reporter\n"               \
    ",category,function,\"village,township,county,city\",function,function,reporter\n"             \
    "urban,#01,urban,county,\"police, roads\",general,shown\n"                                     \
    "litter,#0102,general,township,-,-,-\n"                                                        \
    "fund,#02,fund,city,-,-,withheld\n"

static struct small_city small;

static void set_up(void)
{
    small_city_make(&small);
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(rules, .init = set_up, .fini = tear_down);

static const struct rules *load(void)
{
    small_city_forget(&small);
    return rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
}

static const struct rules *load_good(void)
{
    const struct rules *rules = load();
    cr_assert_not_null(rules, "%s", small_city_finding(&small, 0));
    small_city_scratch(&small, rules);
    return rules;
}

/* "classify/given assign/urban" */
static const char *cited(const struct rules *rules, const struct outputs *outputs)
{
    static char text[512];
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < outputs->rows_count; i++) {
        struct span name = rules_row_name(rules, outputs->rows[i]);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s", i > 0 ? " " : "",
                                 SPAN_ARG(name));
    }
    return text;
}

static struct outputs run(const struct rules *rules, const char *line, const char *category)
{
    struct facts facts = small_city_facts();
    struct outputs outputs;
    if (line != NULL)
        facts.line = city_line(small.city, span_of_string(line));
    if (category != NULL)
        facts.category = small_city_category(&small, category);
    memset(&outputs, 0xA5, sizeof outputs); /* whatever was there before is not to show through */
    rules_run(rules, &facts, small.scratch, &outputs);
    return outputs;
}

static bool is_function(struct function function, const char *code)
{
    return span_is(function_code(small.city, function), code);
}

Test(rules, what_one_table_writes_the_next_reads)
{
    small_city_write(&small, "book", "table,note\nclassify,\nassign,\n");
    small_city_write(&small, "classify", CLASSIFY);
    small_city_write(&small, "assign", ASSIGN);
    const struct rules *rules = load_good();

    struct outputs outputs = run(rules, "12319", NULL);
    cr_expect_str_eq(cited(rules, &outputs), "classify/urban assign/litter");
    cr_expect_eq(outputs.category.index, small_city_category(&small, "0102").index);
    cr_expect(is_function(outputs.function, "general"));
    cr_expect_eq(outputs.tier, TIER_TOWNSHIP);
    cr_expect_eq(outputs.function_row, 1);
    cr_expect_eq(outputs.co.count + outputs.informed.count, 0);
    cr_expect_not(outputs.reporter_shown, "withheld unless said");
    cr_expect_not(outputs.missed);

    outputs = run(rules, "12329", "0101");
    cr_expect_str_eq(cited(rules, &outputs), "classify/given assign/urban",
                     "the line does not overrule the category");
    cr_expect_eq(outputs.category.index, small_city_category(&small, "0101").index);
    cr_assert_eq(outputs.co.count, 2);
    cr_expect(is_function(outputs.co.functions[0], "police") &&
              is_function(outputs.co.functions[1], "roads"));
    cr_assert_eq(outputs.informed.count, 1);
    cr_expect(is_function(outputs.informed.functions[0], "general"));
    cr_expect(outputs.reporter_shown);

    outputs = run(rules, NULL, NULL);
    cr_expect_str_eq(cited(rules, &outputs), "classify/else");
    cr_expect_eq(outputs.category.index, CATEGORY_NONE.index);
    cr_expect_eq(outputs.function.index, FUNCTION_NONE.index);
    cr_expect_eq(outputs.tier, TIER_NONE);
    cr_expect(outputs.missed, "assign has no else row");
}

Test(rules, the_last_writer_wins_and_each_is_cited_for_its_own)
{
    small_city_write(&small, "book", "table,note\na,\nb,\nc,\n");
    small_city_write(&small, "a",
                     "F,,,,\n,out:function,out:tier,out:co,out:informed\n,function,,,\n"
                     "x,urban,county,police,general\n");
    small_city_write(&small, "b", "F,,\n,out:co,out:reporter\n,function,\ny,roads,shown\n");
    small_city_write(&small, "c",
                     "F,,,\n,in:type,out:informed,out:reporter\n,type,function,\n"
                     "z,complaint,\"fund, desk\",withheld\nelse,-,-,-\n");
    const struct rules *rules = load_good();
    struct outputs outputs = run(rules, NULL, NULL);
    cr_expect_str_eq(cited(rules, &outputs), "a/x b/y c/z");
    cr_expect(is_function(outputs.function, "urban"));
    cr_expect_eq(outputs.function_row, 0);
    cr_expect_eq(outputs.co.count, 1);
    cr_expect(is_function(outputs.co.functions[0], "roads"));
    cr_expect_eq(outputs.co.rows[0], 1);
    cr_expect_eq(outputs.informed.count, 2);
    cr_expect(is_function(outputs.informed.functions[1], "desk"));
    cr_expect_eq(outputs.informed.rows[0], 2);
    cr_expect_not(outputs.reporter_shown);
}

/* -- lists ------------------------------------------------------------------------------------- */

#define LISTS                                                                                      \
    ",,,,\n,in:type,in:category,out:co,out:informed\n"                                             \
    ",type,category,\"police, roads, urban, fund\",\"desk, general, water\"\n"                     \
    "none,-,#03,-,-\n"                                                                             \
    "urban,complaint,#01,\"urban, fund\",general\n"                                                \
    "same,-,#0102,fund,general\n"                                                                  \
    "litter,-,#0102,police,\"water, general\"\n"                                                   \
    "told,complaint,#02,-,\"general, water, desk\"\n"

/* "urban fund | general; a/x a/y": who is named, and which rows are cited. */
static const char *listed(const struct rules *rules, const struct outputs *outputs)
{
    static char text[512];
    size_t used = 0;
    const struct named *const both[] = {&outputs->co, &outputs->informed};
    for (size_t b = 0; b < 2; b++) {
        for (uint32_t i = 0; i < both[b]->count; i++) {
            struct span row = rules_row_name(rules, outputs->rows[both[b]->rows[i]]);
            used += (size_t)snprintf(text + used, sizeof text - used, "%.*s:%.*s ",
                                     SPAN_ARG(function_code(small.city, both[b]->functions[i])),
                                     SPAN_ARG(row));
        }
        used += (size_t)snprintf(text + used, sizeof text - used, b == 0 ? "| " : "; ");
    }
    snprintf(text + used, sizeof text - used, "%s", cited(rules, outputs));
    return text;
}

static const struct rules *load_lists(const char *policy, const char *rest)
{
    char text[2048];
    snprintf(text, sizeof text, "%s" LISTS "%s", policy, rest);
    small_city_write(&small, "book", "table,note\nfirst,\na,\n");
    small_city_write(&small, "first",
                     "F,,\n,out:co,out:function\n,function,function\n"
                     "x,health,labour\n");
    small_city_write(&small, "a", text);
    return load_good();
}

Test(rules, lists_have_what_all_rows_name_each_once)
{
    static const char *const in_order_of_rows[] = {"R", "C"};
    for (size_t i = 0; i < 2; i++) {
        const struct rules *rules = load_lists(in_order_of_rows[i], "");
        struct outputs outputs = run(rules, NULL, "0101");
        cr_expect_str_eq(listed(rules, &outputs),
                         "urban:a/urban fund:a/urban | general:a/urban ; first/x a/urban");
        outputs = run(rules, NULL, "0102");
        cr_expect_str_eq(listed(rules, &outputs),
                         "urban:a/urban fund:a/urban police:a/litter | general:a/urban "
                         "water:a/litter ; first/x a/urban a/litter",
                         "a row that names nobody new is not cited");
        outputs = run(rules, NULL, "02");
        cr_expect_str_eq(
            listed(rules, &outputs),
            "health:first/x | general:a/told water:a/told desk:a/told ; first/x a/told",
            "what no row names stays as it was");
        outputs = run(rules, NULL, "03");
        cr_expect_str_eq(listed(rules, &outputs), "health:first/x | ; first/x");
        outputs = run(rules, NULL, NULL);
        cr_expect_str_eq(listed(rules, &outputs), "health:first/x | ; first/x");
        cr_expect_not(outputs.missed || outputs.crowded);
        cr_expect(is_function(outputs.function, "labour"));
    }
}

Test(rules, output_order_is_that_of_the_allowed_values)
{
    const struct rules *rules = load_lists("O", "else,-,-,\"urban, roads\",-\n");
    struct outputs outputs = run(rules, NULL, "0102");
    cr_expect_str_eq(listed(rules, &outputs),
                     "police:a/litter urban:a/urban fund:a/urban | general:a/urban "
                     "water:a/litter ; first/x a/urban a/litter");
    outputs = run(rules, NULL, "02");
    cr_expect_str_eq(listed(rules, &outputs),
                     "health:first/x | desk:a/told general:a/told water:a/told ; first/x a/told");
    outputs = run(rules, NULL, NULL);
    cr_expect_str_eq(listed(rules, &outputs), "roads:a/else urban:a/else | ; first/x a/else");
    outputs = run(rules, NULL, "03");
    cr_expect_str_eq(listed(rules, &outputs), "health:first/x | ; first/x",
                     "a row that names nobody holds all the same, so the else row does not");
}

/* Five co-units, and eight to be informed; with those that are named twice it is one less. */
Test(rules, what_there_is_no_room_for_is_told)
{
    static const struct {
        const char *rows;
        bool crowded;
    } tables[] = {
        {"a,-,\"police, roads, urban\",-\nb,-,\"fund, police\",-\n", false},
        {"a,-,\"police, roads, urban\",-\nb,-,\"fund, water\",-\n", true},
        {"a,-,-,\"police, roads, urban, fund\"\nb,-,-,\"water, health, labour, fund\"\n", false},
        {"a,-,-,\"police, roads, urban, fund\"\nb,-,-,\"water, health, labour, desk\"\n", true},
        {"a,phone,\"police, roads, urban\",-\nb,sms,\"fund, water\",-\n", false},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "C,,,\n,in:channel,out:co,out:informed\n,channel,function,function\n%s",
                 tables[i].rows);
        small_city_write(&small, "book", "table,note\na,\n");
        small_city_write(&small, "a", text);
        struct outputs outputs = run(load_good(), NULL, NULL);
        cr_expect_eq(outputs.crowded, tables[i].crowded, "%s", text);
        cr_expect_leq(outputs.co.count, RULES_UNITS_MAX);
        cr_expect_leq(outputs.informed.count, RULES_INFORMED_MAX);
    }
}

Test(rules, what_is_not_dispatched_has_no_lists)
{
    small_city_write(&small, "book", "table,note\na,\nb,\n");
    small_city_write(&small, "a",
                     "F,,\n,out:disposition,out:informed\n,,function\nx,transfer,police\n");
    small_city_write(&small, "b", "C,\n,out:informed\n,function\ny,water\n");
    const struct rules *rules = load_good();
    struct outputs outputs = run(rules, NULL, NULL);
    cr_expect_str_eq(listed(rules, &outputs), "| police:a/x ; a/x");
}

/* Of a table of lists, each row may name one that no other does: four co-units, and seven to be
 * informed. */
Test(rules, a_book_whose_decisions_would_cite_too_many_rows_is_refused)
{
    static const char rows[] =
        "C,,\n,out:co,out:informed\n,function,function\n"
        "a,police,-\nb,roads,-\nc,urban,-\nd,fund,-\n"
        "e,-,water\nf,-,health\ng,-,labour\nh,-,desk\ni,-,police\nj,-,roads\nk,-,fund\n";
    small_city_write(&small, "t", rows);
    small_city_write(&small, "u", rows);
    small_city_write(&small, "v", rows);
    small_city_write(&small, "book", "table,note\nt,\nu,\nv,\n");
    cr_expect_null(load());
    cr_expect_eq(diag_count(small.diag), 1);
    cr_expect(strstr(small_city_finding(&small, 0),
                     "33 rows of these tables may decide one case together, and a decision cites "
                     "32 at most") != NULL,
              "%s", small_city_finding(&small, 0));
    small_city_write(&small, "v",
                     "C,,\n,out:co,out:informed\n,function,function\n"
                     "a,\"police, roads, urban, fund\",\"police, roads, urban, fund\"\n"
                     "b,-,\"health, labour, desk\"\n");
    struct outputs outputs = run(load_good(), NULL, NULL);
    cr_expect_eq(outputs.rows_count, 11 + 11 + 2);
    cr_expect_not(outputs.crowded);
}

/* -- limits ------------------------------------------------------------------------------------ */

static const char *limits(const struct rules *rules, const struct outputs *outputs)
{
    static char text[512];
    char limit[TIME_LIMIT_BYTES_MAX];
    char sign[TIME_LIMIT_BYTES_MAX];
    (void)time_limit_format(outputs->limit, limit);
    (void)time_limit_format(outputs->sign_limit, sign);
    snprintf(text, sizeof text, "%s %s %s", limit, sign, cited(rules, outputs));
    return text;
}

static const struct rules *load_limits(const char *policy, const char *otherwise)
{
    char text[1024];
    snprintf(text, sizeof text,
             "%s,,,\n,in:category,out:limit,out:sign\n,category,limit,limit\n"
             "all,\"#01, #02\",7wd,1wd\nurban,#01,24h,-\nlitter,#0102,-,2h\n"
             "stall,#0101,1440min,24h\nfund,#0201,10wd,-\n%s",
             policy, otherwise);
    small_city_write(&small, "book", "table,note\na,\n");
    small_city_write(&small, "a", text);
    return load_good();
}

Test(rules, the_shortest_limit_of_all_rows_that_hold)
{
    const struct rules *rules = load_limits("C<", "else,-,15wd,2wd\n");
    struct outputs outputs = run(rules, NULL, "0102");
    cr_expect_str_eq(limits(rules, &outputs), "24h 2h a/urban a/litter");
    outputs = run(rules, NULL, "0101");
    cr_expect_str_eq(limits(rules, &outputs), "24h 24h a/urban a/stall", "of equal ones the first");
    outputs = run(rules, NULL, "0201");
    cr_expect_str_eq(limits(rules, &outputs), "7wd 1wd a/all",
                     "one row that says both is cited once");
    outputs = run(rules, NULL, "03");
    cr_expect_str_eq(limits(rules, &outputs), "15wd 2wd a/else");
    cr_expect_not(outputs.missed);
}

Test(rules, the_longest_limit_of_all_rows_that_hold)
{
    const struct rules *rules = load_limits("C>", "");
    struct outputs outputs = run(rules, NULL, "0102");
    cr_expect_str_eq(limits(rules, &outputs), "7wd 1wd a/all");
    outputs = run(rules, NULL, "0201");
    cr_expect_str_eq(limits(rules, &outputs), "10wd 1wd a/fund a/all");
    outputs = run(rules, NULL, "03");
    cr_expect_str_eq(limits(rules, &outputs), "  ");
    cr_expect(outputs.missed, "a case without a clock is the desk's");
}

/* -- words ------------------------------------------------------------------------------------- */

#define WORDS                                                                                      \
    "C+,,,,\n,in:category,in:text,out:category,out:weight\n,category,text,category,number\n"       \
    "litter,absent,\"any(垃圾, 脏)\",#0102,10\n"                                                \
    "stall,absent,all(占道),#0101,5\n"                                                           \
    "street,absent,any(街),#01,1\n"                                                               \
    "fund,absent,any(公积金),#0201,10\n"

static struct outputs run_words(const struct rules *rules, const char *category, const char *text)
{
    struct facts facts = small_city_facts();
    struct outputs outputs;
    struct span part = span_of_string(text);
    if (category != NULL)
        facts.category = small_city_category(&small, category);
    if (part.bytes > 0)
        facts.hits = text_scan(small.scratch->text, &part, 1);
    memset(&outputs, 0xA5, sizeof outputs);
    rules_run(rules, &facts, small.scratch, &outputs);
    return outputs;
}

static void expect_words(const struct rules *rules, const char *category, const char *text,
                         const char *found, const char *rows)
{
    struct outputs outputs = run_words(rules, category, text);
    struct span code = outputs.category.index == CATEGORY_NONE.index
                           ? span_of_string("")
                           : category_code(small.city, outputs.category);
    cr_expect(span_is(code, found), "%s: %.*s, not %s", text, SPAN_ARG(code), found);
    cr_expect_str_eq(cited(rules, &outputs), rows, "%s", text);
    cr_expect_eq(outputs.category_from_words, category == NULL && code.bytes > 0);
    cr_expect_eq(outputs.missed, code.bytes == 0, "assign has no else row, words needs none");
}

Test(rules, words_find_a_category_where_none_was_said)
{
    small_city_write(&small, "book", "table,note\nwords,\nassign,\n");
    small_city_write(&small, "words", WORDS);
    small_city_write(&small, "assign", ASSIGN);
    const struct rules *rules = load_good();
    expect_words(rules, NULL, "街上都是垃 圾", "0102", "words/litter assign/litter");
    expect_words(rules, NULL, "街邊占道", "0101", "words/stall assign/urban");
    expect_words(rules, NULL, "街上", "01", "words/street assign/urban");
    expect_words(rules, NULL, "提取公积金", "0201", "words/fund assign/fund");
    expect_words(rules, "0101", "提取公积金", "0101", "assign/urban");
    expect_words(rules, NULL, "你好", "", "");
    expect_words(rules, NULL, "", "", "");
}

Test(rules, words_that_fit_several_categories_leave_candidates)
{
    small_city_write(&small, "book", "table,note\nwords,\n");
    small_city_write(&small, "words", WORDS);
    const struct rules *rules = load_good();
    struct outputs outputs = run_words(rules, NULL, "垃圾站的公积金");
    cr_expect_eq(outputs.category.index, CATEGORY_NONE.index);
    cr_expect_not(outputs.category_from_words);
    cr_expect_not(outputs.missed);
    cr_assert_eq(outputs.candidates_count, 2);
    cr_expect_eq(outputs.candidates[0].index, small_city_category(&small, "0102").index);
    cr_expect_eq(outputs.candidates[1].index, small_city_category(&small, "0201").index);
    cr_expect_str_eq(cited(rules, &outputs), "words/litter");
    cr_expect_eq(run_words(rules, NULL, "公积金").candidates_count, 0);
}

Test(rules, a_later_table_overrules_the_words)
{
    small_city_write(&small, "book", "table,note\nwords,\nclassify,\n");
    small_city_write(&small, "words", WORDS);
    small_city_write(&small, "classify",
                     "F,,\n,in:text,out:category\n,text,category\n"
                     "loan,any(贷款) none(利息),#03\nelse,-,-\n");
    const struct rules *rules = load_good();
    struct outputs outputs = run_words(rules, NULL, "公积金贷款");
    cr_expect_str_eq(cited(rules, &outputs), "words/fund classify/loan");
    cr_expect_eq(outputs.category.index, small_city_category(&small, "03").index);
    cr_expect_not(outputs.category_from_words);
    outputs = run_words(rules, NULL, "公积金贷款利息");
    cr_expect_str_eq(cited(rules, &outputs), "words/fund classify/else");
    cr_expect(outputs.category_from_words);
}

Test(rules, sources_are_the_files_as_they_were_read)
{
    small_city_write(&small, "book", "table,note\nassign,\nclassify,\n");
    small_city_write(&small, "classify", CLASSIFY);
    small_city_write(&small, "assign", ASSIGN);
    const struct rules *rules = load_good();
    static const char *const names[] = {"rules/book.csv", "rules/assign.csv", "rules/classify.csv"};
    cr_assert_eq(rules_sources(rules), 3);
    for (uint32_t i = 0; i < 3; i++)
        cr_expect_str_eq(rules_source(rules, i)->name, names[i]);
    cr_expect(span_is(rules_source(rules, 1)->content, ASSIGN));
    cr_expect(span_is(rules_row_name(rules, (struct row){0, 2}), "assign/fund"));
    cr_expect(span_is(rules_row_name(rules, (struct row){1, 3}), "classify/else"));
}

Test(rules, all_that_is_wrong_with_a_book_is_said_at_once)
{
    cr_expect_null(load());
    cr_expect(strstr(small_city_finding(&small, 0), "is missing") != NULL);

    small_city_write(&small, "book", "tables,note\nassign,\n");
    cr_expect_null(load());
    cr_expect_str_eq(small_city_finding(&small, 0), "1:0 the first line must be: table,note");

    small_city_write(&small, "book", "table,note\n");
    cr_expect_null(load());
    cr_expect_str_eq(small_city_finding(&small, 0), "0:0 lists no table that can be read");

    small_city_write(&small, "assign", ASSIGN "bad,#99,urban,city,-,-,-\n");
    small_city_write(&small, "classify", CLASSIFY "bad,99999,-,-\n");
    small_city_write(&small, "book",
                     "table,note\nassign,\n../x,\nassign,\nclassify,\nnone,\ntoo\n");
    static const char *const says[] = {"7:5 '#99' is no category",
                                       "3:1 '../x' is no name of a table",
                                       "4:1 table assign stands here twice",
                                       "8:5 '99999' is no line",
                                       "0:0 is missing",
                                       "7:0 has 1 cells"};
    cr_expect_null(load());
    cr_expect_eq(diag_count(small.diag), sizeof says / sizeof says[0]);
    for (size_t i = 0; i < sizeof says / sizeof says[0]; i++) {
        const char *finding = small_city_finding(&small, i);
        cr_expect(strncmp(finding, says[i], strlen(says[i])) == 0, "%s", finding);
    }
}

Test(rules, a_book_has_sixteen_tables_at_most)
{
    char book[512] = "table,note\n";
    for (int i = 0; i <= RULES_TABLES_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "t%d", i);
        small_city_write(&small, name, "F,\n,out:tier\n,tier\nx,city\n");
        strcat(strcat(book, name), ",\n");
    }
    small_city_write(&small, "book", book);
    cr_expect_null(load());
    cr_expect_eq(diag_count(small.diag), 1);
    cr_expect(strstr(small_city_finding(&small, 0), "one table too many") != NULL);
    *strstr(book, "t16") = '\0';
    small_city_write(&small, "book", book);
    struct outputs outputs = run(load_good(), NULL, NULL);
    cr_expect_eq(outputs.rows_count, RULES_TABLES_MAX);
}
