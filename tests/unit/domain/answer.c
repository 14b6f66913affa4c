/* What the rows that hold write together, against the obvious way, on random tables and cases.
 *
 * Each table is a book of its own, written as CSV and read back. A seed is printed; set SEED to see
 * it again.
 */
#include "bench/slow_match.h"
#include "domain/city/date.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BOOKS = 300, CASES = 40, ROWS_MAX = 12, FUNCTIONS = 9 };

static const char *const functions[FUNCTIONS] = {"desk",  "fund",  "health", "labour", "police",
                                                 "roads", "urban", "water",  "general"};

static struct small_city small;

static void set_up(void)
{
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "answer: SEED=%u\n", seed);
    srandom(seed);
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\na,\n");
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(answer, .init = set_up, .fini = tear_down);

static uint32_t up_to(uint32_t limit)
{
    return (uint32_t)random() % limit;
}

/* -- tables ------------------------------------------------------------------------------------ */

static char text[16384];
static size_t used;

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    used += (size_t)vsnprintf(text + used, sizeof text - used, format, arguments);
    va_end(arguments);
    cr_assert_lt(used, sizeof text);
}

/* The conditions of a row, each of which is left open as often as not. */
static void put_conditions(void)
{
    static const char *const channels[] = {"phone", "sms", "\"phone, email\"", "not(phone)"};
    static const char *const types[] = {"complaint", "help", "\"help, report\"", "not(help)"};
    static const char *const times[] = {"[08:00..18:00)", "[22:00..06:00)", "< 12:00", ">= 06:00"};
    const char *const *const cells[] = {channels, types, times};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        put(",%s", up_to(2) == 0 ? cells[i][up_to(4)] : "-");
}

static const struct rules *load(void)
{
    small_city_write(&small, "a", text);
    small_city_forget(&small);
    const struct rules *rules =
        rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(rules, "%s\n%s", small_city_finding(&small, 0), text);
    small_city_scratch(&small, rules);
    return rules;
}

static struct facts random_facts(void)
{
    static const enum channel channels[] = {CHANNEL_PHONE, CHANNEL_SMS, CHANNEL_EMAIL};
    static const enum type types[] = {TYPE_COMPLAINT, TYPE_HELP, TYPE_REPORT};
    struct facts facts = small_city_facts();
    facts.channel = channels[up_to(3)];
    facts.type = types[up_to(3)];
    facts.minute = up_to(24 * 60);
    return facts;
}

/* A case as the obvious way wants it; values is the caller's. */
static struct slow_case slowly(const struct facts *facts, uint32_t values[INPUT_COUNT])
{
    for (enum input input = 0; input < INPUT_COUNT; input++)
        values[input] = input_value(facts, input);
    return (struct slow_case){.values = values, .keywords = city_keywords(small.city)};
}

/* Each row that is cited holds, or is the else row where none does. */
static void expect_cited(const struct table *table, struct slow_case asked,
                         const struct outputs *outputs)
{
    uint32_t held = 0;
    for (uint32_t i = 0; i < table->rows_count; i++)
        held += slow_match_row(table, &table->rows[i], asked);
    for (uint32_t i = 0; i < outputs->rows_count; i++) {
        uint32_t row = outputs->rows[i].row;
        cr_assert(row < table->rows_count ? slow_match_row(table, &table->rows[row], asked)
                                          : held == 0,
                  "%s", text);
    }
}

/* -- lists ------------------------------------------------------------------------------------- */

static void put_functions(void)
{
    put(",\"%s", functions[up_to(FUNCTIONS)]);
    for (uint32_t i = up_to(3); i > 0; i--)
        put(", %s", functions[up_to(FUNCTIONS)]);
    put("\"");
}

static void write_lists(const char *policy)
{
    uint32_t first = up_to(FUNCTIONS);
    used = 0;
    put("%s,,,,,\n,in:channel,in:type,in:time,out:co,out:informed\n,channel,type,time", policy);
    for (int column = 0; column < 2; column++)
        for (uint32_t i = 0; i < FUNCTIONS; i++)
            put("%s%s%s", i == 0 ? ",\"" : ", ", functions[(first + i * 5) % FUNCTIONS],
                i + 1 == FUNCTIONS ? "\"" : "");
    put("\n");
    for (uint32_t row = 1 + up_to(ROWS_MAX); row > 0; row--) {
        put("r%u", row);
        put_conditions();
        for (int column = 0; column < 2; column++)
            if (up_to(2) == 0)
                put_functions();
            else
                put(",-");
        put("\n");
    }
    if (up_to(2) == 0)
        put("else,-,-,-,\"police, roads\",general\n");
}

static void expect_list(const struct named *named, const struct function *list, uint32_t count,
                        uint32_t count_max)
{
    cr_assert_eq(named->count, count < count_max ? count : count_max, "%s", text);
    for (uint32_t i = 0; count <= count_max && i < count; i++)
        cr_assert_eq(named->functions[i].index, list[i].index, "%s", text);
}

/* Whoever is cited named it. */
static void expect_named_by(const struct table *table, const struct outputs *outputs,
                            enum output output)
{
    const struct named *named = output == OUTPUT_CO ? &outputs->co : &outputs->informed;
    for (uint32_t i = 0; i < named->count; i++) {
        uint32_t index = outputs->rows[named->rows[i]].row;
        const struct row_outputs *row =
            index < table->rows_count ? &table->rows[index].outputs : &table->otherwise->outputs;
        const struct function *list = output == OUTPUT_CO ? row->co : row->informed;
        uint32_t at = 0;
        while (at < RULES_UNITS_MAX && list[at].index != named->functions[i].index)
            at++;
        cr_assert_lt(at, output == OUTPUT_CO ? row->co_count : row->informed_count, "%s", text);
    }
}

static void compare_lists(const struct rules *rules)
{
    const struct table *table = rules_table(rules, 0);
    struct function co[FUNCTIONS];
    struct function informed[FUNCTIONS];
    uint32_t values[INPUT_COUNT];
    struct outputs outputs;
    struct facts facts = random_facts();
    struct slow_case asked = slowly(&facts, values);
    rules_run(rules, &facts, small.scratch, &outputs);
    uint32_t co_count = slow_list(small.city, table, asked, OUTPUT_CO, co);
    uint32_t informed_count = slow_list(small.city, table, asked, OUTPUT_INFORMED, informed);
    expect_list(&outputs.co, co, co_count, RULES_UNITS_MAX);
    expect_list(&outputs.informed, informed, informed_count, RULES_INFORMED_MAX);
    cr_assert_eq(outputs.crowded, co_count > RULES_UNITS_MAX || informed_count > RULES_INFORMED_MAX,
                 "%s", text);
    cr_assert_not(outputs.missed);
    cr_assert_leq(outputs.rows_count, RULES_CITED_MAX);
    expect_cited(table, asked, &outputs);
    expect_named_by(table, &outputs, OUTPUT_CO);
    expect_named_by(table, &outputs, OUTPUT_INFORMED);
}

Test(answer, lists_are_those_of_the_obvious_way)
{
    static const char *const policies[] = {"R", "C", "O"};
    for (uint32_t i = 0; i < BOOKS; i++) {
        write_lists(policies[i % 3]);
        const struct rules *rules = load();
        for (uint32_t j = 0; j < CASES; j++)
            compare_lists(rules);
    }
}

/* -- limits ------------------------------------------------------------------------------------ */

/* Hours up to the least of the working days, so that each is clear. */
static void put_limit(void)
{
    static const char *const limits[] = {"-", "30min", "2h", "24h", "47h", "2880min", "2wd", "5wd"};
    put(",%s", limits[up_to(8)]);
}

static void write_limits(const char *policy, bool otherwise)
{
    used = 0;
    put("%s,,,,,\n,in:channel,in:type,in:time,out:sign,out:limit\n,channel,type,time,,\n", policy);
    for (uint32_t row = 1 + up_to(ROWS_MAX); row > 0; row--) {
        put("r%u", row);
        put_conditions();
        put_limit();
        put_limit();
        put("\n");
    }
    if (otherwise)
        put("else,-,-,-,1wd,10wd\n");
}

static void expect_limit(struct time_limit limit, struct time_limit slow)
{
    cr_assert_eq(limit.count, slow.count, "%u, not %u, of\n%s", limit.count, slow.count, text);
    cr_assert(limit.count == 0 || limit.natural == slow.natural, "%s", text);
}

static void compare_limits(const struct rules *rules, bool otherwise)
{
    const struct table *table = rules_table(rules, 0);
    uint32_t values[INPUT_COUNT];
    struct outputs outputs;
    struct facts facts = random_facts();
    struct slow_case asked = slowly(&facts, values);
    int64_t time_ms = ms_of_day(facts.date) + (int64_t)facts.minute * 60 * 1000;
    rules_run(rules, &facts, small.scratch, &outputs);
    expect_limit(outputs.limit, slow_limit(small.city, table, asked, OUTPUT_LIMIT, time_ms));
    expect_limit(outputs.sign_limit, slow_limit(small.city, table, asked, OUTPUT_SIGN, time_ms));
    cr_assert_leq(outputs.rows_count, 2);
    expect_cited(table, asked, &outputs);
    cr_assert_eq(outputs.missed, !otherwise && slow_match(table, asked) == UINT32_MAX, "%s", text);
}

Test(answer, limits_are_those_of_the_obvious_way)
{
    for (uint32_t i = 0; i < BOOKS; i++) {
        bool otherwise = up_to(2) == 0;
        write_limits(i % 2 == 0 ? "C<" : "C>", otherwise);
        const struct rules *rules = load();
        for (uint32_t j = 0; j < CASES; j++)
            compare_limits(rules, otherwise);
    }
}

/* -- votes ------------------------------------------------------------------------------------- */

static void write_vote(const char *policy)
{
    static const char *const categories[] = {"#01", "#0101", "#0102", "#02", "#0201", "#03"};
    used = 0;
    put("%s,,,,,\n,in:channel,in:type,in:time,out:category,%s:weight\n,channel,type,time,,\n",
        policy, strcmp(policy, "C#") == 0 ? "note" : "out");
    for (uint32_t row = 1 + up_to(ROWS_MAX); row > 0; row--) {
        put("r%u", row);
        put_conditions();
        put(",%s,%u\n", categories[up_to(6)], 1 + up_to(3));
    }
}

Test(answer, votes_are_those_of_the_obvious_way)
{
    static const char *const policies[] = {"C+", "C#", "C>"};
    for (uint32_t i = 0; i < BOOKS; i++) {
        write_vote(policies[i % 3]);
        const struct rules *rules = load();
        for (uint32_t j = 0; j < CASES; j++) {
            uint32_t values[INPUT_COUNT];
            struct outputs outputs;
            struct facts facts = random_facts();
            struct slow_case asked = slowly(&facts, values);
            rules_run(rules, &facts, small.scratch, &outputs);
            struct span slow = slow_vote(small.city, rules_table(rules, 0), asked);
            struct span found = outputs.category.index == CATEGORY_NONE.index
                                    ? span_of_string("")
                                    : category_code(small.city, outputs.category);
            cr_assert(span_equal(found, slow), "%.*s, not %.*s, of\n%s", SPAN_ARG(found),
                      SPAN_ARG(slow), text);
            expect_cited(rules_table(rules, 0), asked, &outputs);
        }
    }
}
