/* The compiled matcher against the obvious one, on random tables and random cases.
 *
 * Tables are written as CSV and read back, so the whole way from the spreadsheet to the answer is
 * judged. They are small, with few values, so that rows overlap, and some are wide enough for
 * several words of 64 rows and for more than one summary word. A seed is printed; set SEED to see
 * it again.
 */
#include "domain/rules/match.h"
#include "bench/slow_match.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct small_city small;

static void set_up(void)
{
    small_city_make(&small);
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(match, .init = set_up, .fini = tear_down);

static unsigned sow(const char *test)
{
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "match/%s: SEED=%u\n", test, seed);
    srandom(seed);
    return seed;
}

static uint32_t up_to(uint32_t limit)
{
    return (uint32_t)random() % limit;
}

/* Some things that a cell of each kind may say; all are good. */
enum { SAYINGS = 6 };
static const char *const sayings[INPUT_TEXT][SAYINGS] = {
    {"phone", "\"sms, email, visit\"", "not(phone)", "\"not(letter, visit)\"", "app", "wechat"},
    {"help", "\"help, complaint\"", "not(report)", "report", "not(praise)", "enquiry"},
    {"citizen", "enterprise", "not(citizen)", "\"citizen, enterprise\"", "citizen", "enterprise"},
    {"normal", "urgent", "\"urgent, critical\"", "not(normal)", "critical", "not(urgent)"},
    {"12345", "12319", "not(12345)", "\"12319, 12329\"", "12329", "not(12329)"},
    {"#01", "#0102", "\"#02, #03\"", "not(#01)", "#0201", "not(#0201)"},
    {"#511126", "#511102101", "not(#511126001)", "夹江县/红旗村", "市中区/红旗村", "#5111"},
    {"[8..18)", "< 8", ">= 18", "not([8..18))", "\"3, 5, [20..22]\"", "12"},
    {"2000-01-01", "[2020-01-01..2040-06-30]", "< 2050-01-01", "not(>= 2030-01-01)",
     "\"[2001-01-01..2030-01-01), 2099-12-31\"", ">= 2060-01-01"},
    {"[08:00..18:00)", "[22:00..06:00)", ">= 12:30", "not([06:00..22:00))", "< 00:01",
     "\"00:00, 23:59\""},
    {"normal", "holiday", "emergency", "not(normal)", "\"normal, holiday\"", "not(emergency)"},
    {"yes", "no", "yes", "no", "not(yes)", "not(no)"},
    {"yes", "no", "yes", "no", "not(yes)", "not(no)"},
    {"unit", "other", "unit", "other", "not(unit)", "\"unit, other\""},
};

/* Of a small alphabet, with keywords inside others and rows that share them. */
static const char *const words[] = {
    "any(噪)",
    "any(噪, 音)",
    "all(噪, 音)",
    "none(噪)",
    "any(噪音, a) none(阳)",
    "all(a, 阳), any(噪, 音), any(音噪, 阳a)",
    "none(噪音) none(a)",
    "none(阳, 音a, 噪噪)",
    "any(a, a, aa) all(阳, 阳)",
    "all(音噪) any(阳, a)",
    "none(噪) all(a, 阳, 音)",
};

enum { WORDS = sizeof words / sizeof words[0] };

static const char *const alphabet[] = {"噪", "音", "阳", "a"};

static const char *const tiers[] = {"village", "township", "county", "city"};

/* A table with these rows, all inputs, and the odds against a wild cell. */
static void write_table(char hit_policy, uint32_t rows, uint32_t odds, bool otherwise, char *text)
{
    text += sprintf(text, "%c", hit_policy);
    for (enum input input = 0; input < INPUT_COUNT + 1; input++)
        text += sprintf(text, ",");
    text += sprintf(text, "\n");
    for (enum input input = 0; input < INPUT_COUNT; input++)
        text += sprintf(text, ",in:%s", input_name(input));
    text += sprintf(text, ",out:tier\n");
    for (enum input input = 0; input < INPUT_COUNT + 1; input++)
        text += sprintf(text, ",");
    text += sprintf(text, "\"village,township,county,city\"\n");
    for (uint32_t row = 0; row < rows; row++) {
        text += sprintf(text, "r%u", row);
        for (enum input input = 0; input < INPUT_TEXT; input++)
            text += sprintf(text, ",%s", up_to(odds) == 0 ? sayings[input][up_to(SAYINGS)] : "-");
        text += sprintf(text, ",\"%s\"", up_to(odds) == 0 ? words[up_to(WORDS)] : "-");
        text += sprintf(text, ",%s\n", tiers[up_to(4)]);
    }
    if (otherwise)
        sprintf(text, "else,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,city\n");
}

/* Reads the text by a policy that no check of pairs stops: rows here overlap on purpose. */
static struct table *read_table(const char *text, char hit_policy)
{
    struct table *table = small_city_table(&small, text);
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    if (hit_policy == 'U' || hit_policy == 'A')
        table->hit_policy = hit_policy == 'U' ? HIT_UNIQUE : HIT_ANY;
    return table;
}

/* All words that random tables will have, so that one database serves them all. */
static struct text_scratch *compile_words(void)
{
    char fault[256];
    struct text_cell cell;
    struct keywords *keywords = city_keywords(small.city);
    for (size_t i = 0; i < WORDS; i++) {
        cr_assert(text_cell_parse(keywords, span_of_string(words[i]), small.arena, &cell, fault,
                                  sizeof fault),
                  "%s: %s", words[i], fault);
        for (uint32_t j = 0; j < cell.count; j++)
            for (uint32_t k = 0; k < cell.clauses[j].count; k++)
                keywords_seek(keywords, cell.clauses[j].keywords[k], TEXT_PICKING);
    }
    cr_assert_eq(keywords_compile(keywords, "rules", small.diag), OK);
    return text_scratch_create(keywords);
}

static struct span random_words(char *text)
{
    text[0] = '\0';
    for (uint32_t i = up_to(8); i > 0; i--)
        strcat(text, alphabet[up_to(sizeof alphabet / sizeof alphabet[0])]);
    return span_of_string(text);
}

static void compare(const struct table *table, const struct matcher *matcher,
                    struct match_scratch *room, struct text_scratch *scratch, unsigned seed)
{
    uint32_t values[INPUT_COUNT];
    char text[64];
    struct slow_case asked = {
        .values = values, .folded = random_words(text), .keywords = city_keywords(small.city)};
    const struct text_hits *hits =
        asked.folded.bytes > 0 ? text_scan(scratch, &asked.folded, 1) : NULL;
    for (uint32_t i = 0; i < table->inputs_count; i++)
        values[table->inputs[i]] = up_to(input_size(small.city, table->inputs[i]));
    uint32_t quick = matcher_match(matcher, values, hits, room);
    uint32_t slow = slow_match(table, asked);
    cr_assert_eq(quick, slow, "row %u, not %u, of %u for '%s'; seed %u", quick, slow,
                 table->rows_count, text, seed);
    struct match_rows all = matcher_match_all(matcher, values, hits, room);
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->rows_count; i++)
        count += slow_match_row(table, &table->rows[i], asked);
    cr_assert_eq(all.count, count, "%u rows hold, not %u; seed %u", all.count, count, seed);
    for (uint32_t i = 0; i < all.count; i++)
        cr_assert(slow_match_row(table, &table->rows[all.rows[i]], asked));
    cr_assert(count == 0 || all.rows[0] == quick);
}

static void compare_tables(uint32_t tables, uint32_t cases, uint32_t rows_max, uint32_t odds_max,
                           unsigned seed)
{
    struct text_scratch *scratch = compile_words();
    char *text = malloc(256 + (size_t)rows_max * 512);
    cr_assert_not_null(text);
    for (uint32_t i = 0; i < tables; i++) {
        char hit_policy = "FPUA"[up_to(4)];
        write_table(hit_policy == 'P' ? 'P' : 'F', 1 + up_to(rows_max), 1 + up_to(odds_max), true,
                    text);
        struct table *table = read_table(text, hit_policy);
        if (up_to(2) == 0)
            table->otherwise = NULL;
        const struct matcher *matcher = matcher_compile(table, small.city, small.arena);
        struct match_scratch *room = match_scratch_create(matcher, small.arena);
        for (uint32_t j = 0; j < cases; j++)
            compare(table, matcher, room, scratch, seed);
    }
    text_scratch_destroy(&scratch);
    keywords_close(city_keywords(small.city));
    free(text);
}

Test(match, small_tables_match_as_the_obvious_matcher_does)
{
    compare_tables(2000, 32, 12, 6, sow("small"));
}

Test(match, tables_of_many_words_match_as_the_obvious_matcher_does)
{
    compare_tables(40, 500, 300, 3, sow("many_words"));
    compare_tables(4, 2000, 9000, 2, sow("many_summaries"));
}

static uint32_t match(const struct matcher *matcher, const uint32_t *values)
{
    return matcher_match(matcher, values, NULL, match_scratch_create(matcher, small.arena));
}

Test(match, first_is_by_the_file_and_priority_by_the_lists)
{
    static const char rows[] = ",,\n,in:channel,out:tier\n,,\"village,township,county,city\"\n"
                               "a,-,city\nb,\"phone, sms\",village\nc,phone,village\n";
    char text[256];
    uint32_t phone[INPUT_COUNT] = {[INPUT_CHANNEL] = CHANNEL_PHONE};
    uint32_t letter[INPUT_COUNT] = {[INPUT_CHANNEL] = CHANNEL_LETTER};
    snprintf(text, sizeof text, "F%s", rows);
    const struct matcher *matcher = matcher_compile(read_table(text, 'F'), small.city, small.arena);
    cr_expect_eq(match(matcher, phone), 0);
    snprintf(text, sizeof text, "P%s", rows);
    matcher = matcher_compile(read_table(text, 'P'), small.city, small.arena);
    cr_expect_eq(match(matcher, phone), 1, "equal outputs: the first in the file");
    cr_expect_eq(match(matcher, letter), 0);
}

Test(match, a_table_of_dashes_or_of_nothing_but_else_has_an_answer)
{
    static const char head[] = "F,,\n,in:channel,out:tier\n,,tier\n";
    char text[128];
    uint32_t phone[INPUT_COUNT] = {[INPUT_CHANNEL] = CHANNEL_PHONE};
    snprintf(text, sizeof text, "%sa,-,city\nb,-,county\n", head);
    cr_expect_eq(match(matcher_compile(read_table(text, 'F'), small.city, small.arena), phone), 0);
    snprintf(text, sizeof text, "%selse,-,city\n", head);
    cr_expect_eq(match(matcher_compile(read_table(text, 'F'), small.city, small.arena), phone), 0);
    snprintf(text, sizeof text, "%sa,sms,city\n", head);
    cr_expect_eq(match(matcher_compile(read_table(text, 'F'), small.city, small.arena), phone),
                 UINT32_MAX);
}
