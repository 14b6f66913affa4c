/* The check against the obvious: on small random tables every case there is goes through the slow
 * matcher, and what the check says must be what comes of that. Rows that never win, rows that
 * change nothing, rows that meet, cases left out: all of them are found, and no others. A seed is
 * printed; set SEED to see it again.
 *
 * With words no enumeration is complete, so there it is one half of it: whatever some text shows,
 * the check does not deny.
 */
#include "bench/slow_match.h"
#include "domain/rules/table.h"
#include "tests/support/checked.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS_MAX = 9, CASES_MAX = 4096, TEXTS_MAX = 1024 };

static struct small_city small;
static struct checked checked;

static void set_up(void)
{
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\nt,\n");
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(check_random, .init = set_up, .fini = tear_down);

static void sow(const char *test)
{
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "check_random/%s: SEED=%u\n", test, seed);
    srandom(seed);
}

static uint32_t up_to(uint32_t limit)
{
    return (uint32_t)random() % limit;
}

/* -- tables ------------------------------------------------------------------------------------ */

enum { SAYINGS = 6 };
static const struct {
    enum input input;
    const char *sayings[SAYINGS];
} columns[] = {
    {INPUT_TYPE, {"help", "\"help, complaint\"", "not(report)", "report", "not(praise)", "-"}},
    {INPUT_URGENCY, {"normal", "\"urgent, critical\"", "not(normal)", "critical", "-", "-"}},
    {INPUT_CATEGORY, {"#01", "\"#0102, absent\"", "not(#01)", "#02", "absent", "-"}},
    {INPUT_REGIME, {"normal", "holiday", "not(normal)", "\"normal, holiday\"", "-", "-"}},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const char *const texts[] = {"any(甲)",           "\"any(甲, 乙)\"",    "\"all(甲, 乙)\"",
                                    "none(甲)",          "any(甲乙)",          "any(乙) none(甲)",
                                    "\"any(甲丙, 丙)\"", "any(甲) none(甲乙)", "-"};
enum { TEXTS = sizeof texts / sizeof texts[0] };

static const char *const tiers[] = {"county", "city"};

static void write_table(char policy, bool words, bool otherwise)
{
    char text[4096];
    size_t used = (size_t)sprintf(text, "%c,,,,,%s,\n", policy, words ? "," : "");
    for (size_t i = 0; i < COLUMNS; i++)
        used += (size_t)sprintf(text + used, ",in:%s", input_name(columns[i].input));
    used +=
        (size_t)sprintf(text + used, "%s,out:tier,out:urgency\n,,,,,%s\"county, city\",urgency\n",
                        words ? ",in:text" : "", words ? "," : "");
    uint32_t rows = 1 + up_to(ROWS_MAX);
    for (uint32_t row = 0; row < rows; row++) {
        used += (size_t)sprintf(text + used, "r%u", row);
        for (size_t i = 0; i < COLUMNS; i++)
            used += (size_t)sprintf(text + used, ",%s",
                                    up_to(3) == 0 ? "-" : columns[i].sayings[up_to(SAYINGS)]);
        if (words)
            used += (size_t)sprintf(text + used, ",%s", texts[up_to(TEXTS)]);
        used += (size_t)sprintf(text + used, ",%s,%s\n", tiers[up_to(2)],
                                up_to(3) == 0 ? "urgent" : "-");
    }
    if (otherwise)
        sprintf(text + used, "else,-,-,-,-%s,%s,-\n", words ? ",-" : "", tiers[up_to(2)]);
    small_city_write(&small, "t", text);
}

/* -- all cases --------------------------------------------------------------------------------- */

/* What the slow matcher makes of a table. */
struct truth {
    bool wins[ROWS_MAX + 1];    /* the else row's stands behind the others' */
    bool matters[ROWS_MAX + 1]; /* without it some case would come out otherwise */
    bool meets[ROWS_MAX];       /* an earlier row */
    bool differs[ROWS_MAX];     /* from an earlier row that it meets */
    bool ties[ROWS_MAX];        /* with an earlier row that wins, stands alike and differs */
    bool left_out;
};

static const struct row_outputs *outputs_of(const struct table *table, uint32_t row)
{
    return row < table->rows_count    ? &table->rows[row].outputs
           : row == table->rows_count ? &table->otherwise->outputs
                                      : NULL;
}

/* Who would win if a row were not there: it holds for no type for a moment. */
static uint32_t without(struct table *table, uint32_t row, struct slow_case asked)
{
    static const struct values nothing = {.count = 0};
    struct values *cell = (struct values *)(uintptr_t)&table->rows[row].values[0];
    struct values kept = *cell;
    *cell = nothing;
    uint32_t second = slow_match(table, asked);
    *cell = kept;
    return second;
}

static void judge(struct table *table, struct slow_case asked, struct truth *truth)
{
    uint32_t winner = slow_match(table, asked);
    if (winner == UINT32_MAX) {
        truth->left_out = true;
        return;
    }
    truth->wins[winner] = true;
    if (winner < table->rows_count) {
        uint32_t second = without(table, winner, asked);
        truth->matters[winner] |=
            second == UINT32_MAX ||
            outputs_differ(outputs_of(table, winner), outputs_of(table, second)) != OUTPUT_COUNT;
    }
    for (uint32_t i = 1; i < table->rows_count; i++)
        for (uint32_t j = 0; j < i && slow_match_row(table, &table->rows[i], asked); j++) {
            if (!slow_match_row(table, &table->rows[j], asked))
                continue;
            truth->meets[i] = true;
            bool differs =
                outputs_differ(&table->rows[i].outputs, &table->rows[j].outputs) != OUTPUT_COUNT;
            truth->differs[i] |= differs;
            truth->ties[i] |= differs && winner == j &&
                              memcmp(table->rows[i].standing, table->rows[j].standing,
                                     sizeof table->rows[i].standing) == 0;
        }
}

/* Texts of up to four of three characters. */
static uint32_t make_text(uint32_t number, char *text)
{
    static const char *const characters[] = {"", "甲", "乙", "丙", "丁", ","};
    text[0] = '\0';
    for (uint32_t i = 0; i < 4; i++, number /= 6)
        strcat(text, characters[number % 6]);
    return number;
}

static void judge_all(struct table *table, bool words, struct truth *truth)
{
    uint32_t values[INPUT_COUNT] = {0};
    *truth = (struct truth){.left_out = false};
    for (uint32_t type = 1; type < TYPE_COUNT; type++)
        for (uint32_t urgency = 1; urgency < URGENCY_COUNT; urgency++)
            for (uint32_t category = 0; category < input_size(small.city, INPUT_CATEGORY);
                 category++)
                for (uint32_t regime = 1; regime < REGIME_CALENDAR; regime++) {
                    char text[64] = "";
                    values[INPUT_TYPE] = type;
                    values[INPUT_URGENCY] = urgency;
                    values[INPUT_CATEGORY] = category;
                    values[INPUT_REGIME] = regime;
                    for (uint32_t i = 0; i < (words ? 12 : 1); i++) {
                        (void)make_text(words && i > 0 ? up_to(6 * 6 * 6 * 6) : 0, text);
                        judge(table,
                              (struct slow_case){.values = values,
                                                 .folded = span_of_string(text),
                                                 .keywords = city_keywords(checked.policy->city)},
                              truth);
                    }
                }
}

/* -- the check's word -------------------------------------------------------------------------- */

static const struct check_finding *said(enum flaw flaw, uint32_t row)
{
    char name[32];
    snprintf(name, sizeof name, "t/r%u", row);
    return checked_find(&checked, flaw, name);
}

static bool is_dead(uint32_t row)
{
    return said(FLAW_SHADOWED, row) != NULL || said(FLAW_NEVER, row) != NULL;
}

static bool is_idle(uint32_t row)
{
    return said(FLAW_SUBSUMED, row) != NULL || said(FLAW_REDUNDANT, row) != NULL;
}

static void expect_decided(void)
{
    for (uint32_t i = 0; i < checked.findings->count; i++)
        cr_expect_neq(checked.findings->list[i].severity, SEVERITY_UNDECIDED, "%s",
                      checked.findings->list[i].text);
}

static void compare(char policy, const struct table *table, bool words, const struct truth *truth)
{
    bool otherwise = table->otherwise != NULL;
    for (uint32_t i = 0; i < table->rows_count; i++) {
        if (words) {
            cr_expect_not(is_dead(i) && truth->wins[i], "r%u wins", i);
            cr_expect_not(is_idle(i) && truth->matters[i], "r%u matters", i);
            continue;
        }
        cr_expect_eq(is_dead(i), !truth->wins[i], "r%u wins: %d", i, truth->wins[i]);
        cr_expect_eq(is_idle(i), truth->wins[i] && !truth->matters[i], "r%u matters: %d", i,
                     truth->matters[i]);
        if (policy == 'P')
            cr_expect_eq(said(FLAW_TIE, i) != NULL, truth->ties[i], "r%u ties: %d", i,
                         truth->ties[i]);
        if (policy == 'U' || policy == 'A')
            cr_expect_eq(said(FLAW_OVERLAP, i) != NULL,
                         policy == 'U' ? truth->meets[i] : truth->differs[i]);
    }
    if (words)
        return;
    cr_expect_eq(checked_find(&checked, FLAW_GAP, "t") != NULL, !otherwise && truth->left_out);
    cr_expect_eq(checked_find(&checked, FLAW_ELSE, "t/else") != NULL,
                 otherwise && !truth->wins[table->rows_count]);
    expect_decided();
}

static void expect_witnesses(void)
{
    for (uint32_t i = 0; i < checked.findings->count; i++) {
        const struct check_finding *finding = &checked.findings->list[i];
        if (finding->flaw == FLAW_SUBSUMED || finding->flaw == FLAW_REDUNDANT)
            cr_expect(finding->witness != NULL &&
                          checked_comes_to(&checked, finding->witness, finding->about),
                      "%s", finding->text);
        if (finding->flaw == FLAW_SHADOWED)
            cr_expect(finding->witness != NULL &&
                          !checked_comes_to(&checked, finding->witness, finding->about),
                      "%s", finding->text);
    }
}

static void try(char policy, bool words)
{
    struct truth truth;
    write_table(policy, words, words || up_to(2) == 0);
    checked_open(small.directory, &checked);
    cr_assert_not_null(checked.findings);
    struct table *table = (struct table *)(uintptr_t)rules_table(checked.policy->rules, 0);
    judge_all(table, words, &truth);
    compare(policy, table, words, &truth);
    expect_witnesses();
    checked_close(&checked);
}

Test(check_random, says_of_each_row_what_all_cases_together_say)
{
    enum { ROUNDS = 80 };
    sow("rows");
    for (int i = 0; i < ROUNDS; i++) {
        try('U', false);
        try('A', false);
        try('F', false);
        try('P', false);
    }
}

Test(check_random, denies_of_no_row_with_words_what_some_text_shows)
{
    enum { ROUNDS = 40 };
    sow("words");
    for (int i = 0; i < ROUNDS; i++) {
        try('F', true);
        try('P', true);
    }
}
