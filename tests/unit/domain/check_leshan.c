/* Faults planted in Leshan's book at random places: every one is found, where it stands, and by the
 * name of what is wrong. The book itself has none. A seed is printed; set SEED to see it again.
 *
 * What a book cannot do wrong, since decide() does not let it, is planted nowhere: that a report
 * reaches whom it is about.
 */
#include "tests/support/checked.h"
#include "tests/support/city_copy.h"
#include "domain/rules/table.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HEAD = 3, PLANTED = 3 };

static struct city_copy copy;
static struct copied_table table;
static struct checked checked;

static unsigned sow(const char *test)
{
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "check_leshan/%s: SEED=%u\n", test, seed);
    srandom(seed);
    return seed;
}

static uint32_t up_to(uint32_t limit)
{
    return (uint32_t)random() % limit;
}

/* Plants a fault in the table that is open; returns the name of what the finding is to be about, or
 * NULL where it did not find a place this time. */
typedef const char *plant_fault(void);

static const char *about(const char *name, const char *row)
{
    static char text[128];
    snprintf(text, sizeof text, "%s/%s", name, row);
    return text;
}

static uint32_t any_row(void)
{
    return HEAD + up_to(table.rows_count - HEAD - 1); /* the else row stands last */
}

static uint32_t in_column(const char *kind)
{
    return copied_column(&table, 1, kind);
}

/* Both are dispatched, so that they count; an inner node would come to nothing by itself. */
static void plant(const char *path, plant_fault *fault, enum flaw flaw)
{
    sow(flaw_name(flaw));
    for (int planted = 0, tries = 0; planted < PLANTED; tries++) {
        cr_assert_lt(tries, 60, "no place for it");
        city_copy_make("cities/leshan", &copy);
        copied_open(&copy, path, &table);
        const char *name = fault();
        if (name != NULL) {
            copied_write(&table);
            checked_open(copy.directory, &checked);
            if (checked.findings == NULL || checked_find(&checked, flaw, name) == NULL)
                checked_print(&checked);
            cr_expect(checked.findings != NULL, "the book with %s cannot be read", name);
            cr_expect_not_null(checked_find(&checked, flaw, name), "%s,%s is not found",
                               flaw_name(flaw), name);
            checked_close(&checked);
            planted++;
        }
        city_copy_remove(&copy);
    }
}

Test(check_leshan, has_no_errors_and_no_warnings_but_those_it_waives)
{
    checked_open("cities/leshan", &checked);
    checked_print(&checked);
    cr_assert_not_null(checked.findings);
    for (uint32_t severity = 0; severity < SEVERITY_COUNT; severity++)
        cr_expect_eq(findings_count(checked.findings, (enum severity)severity), 0);
    cr_expect_gt(findings_waived(checked.findings), 0);
    checked_close(&checked);
}

/* -- a table by itself ------------------------------------------------------------------------- */

static const char *without_else(void)
{
    copied_delete(&table, table.rows_count - 1);
    return "inform";
}

Test(check_leshan, gap)
{
    plant("rules/inform.csv", without_else, FLAW_GAP);
}

static const char *without_a_line(void)
{
    uint32_t row = any_row();
    if (strcmp(table.rows[row][0], "given") == 0)
        return NULL;
    copied_delete(&table, table.rows_count - 1);
    copied_delete(&table, row);
    return "classify";
}

Test(check_leshan, gap_in_a_unique_table)
{
    plant("rules/classify.csv", without_a_line, FLAW_GAP);
}

static const char *twice(void)
{
    copied_insert(&table, any_row(), table.rows_count - 1, "planted");
    return about("classify", "planted");
}

Test(check_leshan, overlap)
{
    plant("rules/classify.csv", twice, FLAW_OVERLAP);
}

/* A row that asks what another one asks, and of the hour as well. */
static const char *narrowed_behind(void)
{
    uint32_t row = any_row();
    copied_insert(&table, row, row + 1 + up_to(table.rows_count - row - 1), "planted");
    for (uint32_t i = row + 1; i < table.rows_count; i++)
        if (strcmp(table.rows[i][0], "planted") == 0 &&
            strcmp(table.rows[i][in_column("in:hour")], "-") == 0)
            table.rows[i][in_column("in:hour")] = "[8..18)";
    return about("assign", "planted");
}

Test(check_leshan, shadowed)
{
    plant("rules/assign.csv", narrowed_behind, FLAW_SHADOWED);
}

/* A row is taken apart, and what is behind its parts has nothing left. */
static const char *behind_two_halves(void)
{
    uint32_t row = any_row();
    if (strcmp(table.rows[row][in_column("in:applicant")], "-") != 0)
        return NULL;
    copied_insert(&table, row, row + 1, "planted-firms");
    copied_insert(&table, row, row + 2, "planted");
    table.rows[row][in_column("in:applicant")] = "citizen";
    table.rows[row + 1][in_column("in:applicant")] = "enterprise";
    table.rows[row + 2][in_column("out:co")] = "women";
    return about("assign", "planted");
}

Test(check_leshan, shadowed_by_two_together)
{
    plant("rules/assign.csv", behind_two_halves, FLAW_SHADOWED);
}

static const char *before_itself(void)
{
    uint32_t row = any_row();
    if (strcmp(table.rows[row][in_column("in:channel")], "-") != 0)
        return NULL;
    copied_insert(&table, row, row, "planted");
    table.rows[row][in_column("in:channel")] = "letter";
    return about("assign", "planted");
}

Test(check_leshan, subsumed)
{
    plant("rules/assign.csv", before_itself, FLAW_SUBSUMED);
}

static const char *before_two_halves(void)
{
    uint32_t row = any_row();
    if (strcmp(table.rows[row][in_column("in:applicant")], "-") != 0)
        return NULL;
    copied_insert(&table, row, row, "planted");
    copied_insert(&table, row, row + 1, "planted-firms");
    table.rows[row + 1][in_column("in:applicant")] = "enterprise";
    table.rows[row + 2][in_column("in:applicant")] = "citizen";
    return about("assign", "planted");
}

Test(check_leshan, redundant)
{
    plant("rules/assign.csv", before_two_halves, FLAW_REDUNDANT);
}

/* Stands where another one stands, since the first that it informs is the same. */
static const char *also_to_petitions(void)
{
    uint32_t row = any_row();
    char informed[128];
    copied_insert(&table, row, table.rows_count - 1, "planted");
    const char **cell = &table.rows[table.rows_count - 2][in_column("out:informed")];
    if (strstr(*cell, "petitions") != NULL)
        return NULL;
    snprintf(informed, sizeof informed, "%s, petitions", *cell);
    *cell = arena_copy(copy.arena, span_of_string(informed));
    return about("inform", "planted");
}

Test(check_leshan, tie)
{
    plant("rules/inform.csv", also_to_petitions, FLAW_TIE);
}

static const char *by_first(void)
{
    table.rows[0][0] = "F";
    return "inform";
}

Test(check_leshan, first)
{
    plant("rules/inform.csv", by_first, FLAW_FIRST);
}

static const char *for_all(void)
{
    uint32_t before = any_row();
    copied_insert(&table, before, table.rows_count - 1, "planted");
    for (uint32_t j = 1; j < table.columns; j++)
        if (strncmp(table.rows[1][j], "in:", 3) == 0)
            table.rows[table.rows_count - 2][j] = "-";
    return about("assign", "else");
}

Test(check_leshan, otherwise)
{
    plant("rules/assign.csv", for_all, FLAW_ELSE);
}

/* A row with words gets one more, around one that it has. */
static const char *wordier(void)
{
    char text[8192];
    uint32_t row = any_row();
    uint32_t column = in_column("in:text");
    const char *cell = table.rows[row][column];
    const char *open = strstr(cell, "any(");
    if (open == NULL)
        return NULL;
    const char *word = open + 4;
    size_t bytes = strcspn(word, ",)");
    int used = snprintf(text, sizeof text, "%.*s呜呼%.*s, %s", (int)(word - cell), cell, (int)bytes,
                        word, word);
    cr_assert_lt(used, (int)sizeof text);
    table.rows[row][column] = arena_copy(copy.arena, span_of_string(text));
    static char name[64];
    snprintf(name, sizeof name, "%s", table.rows[row][0]);
    return about(strstr(table.path, "triage") != NULL ? "triage" : "words", name);
}

Test(check_leshan, keyword_of_triage)
{
    plant("rules/triage.csv", wordier, FLAW_KEYWORD);
}

Test(check_leshan, keyword_of_words)
{
    plant("rules/words.csv", wordier, FLAW_KEYWORD);
}

static const char *counted_twice(void)
{
    copied_insert(&table, HEAD + up_to(table.rows_count - HEAD), table.rows_count, "planted");
    return about("words", "planted");
}

Test(check_leshan, counted_twice)
{
    plant("rules/words.csv", counted_twice, FLAW_SUBSUMED);
}

static const char *over(void)
{
    uint32_t row = any_row();
    uint32_t column = table.columns++;
    for (uint32_t i = 0; i < table.rows_count; i++)
        table.rows[i][column] = i == 1 ? "until" : i == row ? "2026-11-01" : i < HEAD ? "" : "-";
    static char name[64];
    snprintf(name, sizeof name, "%s", table.rows[row][0]);
    return about("assign", name);
}

Test(check_leshan, expired)
{
    plant("rules/assign.csv", over, FLAW_EXPIRED);
}

/* -- tables together --------------------------------------------------------------------------- */

/* Nothing is urgent any more, but inform asks for it. */
static const char *all_normal(void)
{
    uint32_t column = in_column("out:urgency");
    for (uint32_t i = HEAD; i < table.rows_count; i++)
        if (strcmp(table.rows[i][column], "urgent") == 0)
            table.rows[i][column] = "normal";
    return up_to(2) == 0 ? "inform/alert" : "inform/night";
}

Test(check_leshan, never)
{
    plant("rules/urgency.csv", all_normal, FLAW_NEVER);
}

/* All rows that name a category of the first level, or of one below it, name another one. */
static const char *without_category(void)
{
    char code[8];
    static char name[8];
    uint32_t column = in_column("in:category");
    snprintf(code, sizeof code, "#%02u", 1 + up_to(18));
    for (uint32_t i = table.rows_count; i-- > HEAD;)
        if (strstr(table.rows[i][column], code) != NULL)
            copied_delete(&table, i);
    strcpy(name, code);
    return name;
}

Test(check_leshan, unowned)
{
    plant("rules/assign.csv", without_category, FLAW_UNOWNED);
}

static bool is_informed(const char *path, const char *function)
{
    struct copied_table other;
    copied_open(&copy, path, &other);
    uint32_t column = copied_column(&other, 1, "out:informed");
    for (uint32_t i = HEAD; i < other.rows_count; i++)
        if (strstr(other.rows[i][column], function) != NULL)
            return true;
    return false;
}

/* A duty is nobody's any more. */
static const char *without_function(void)
{
    static char name[64];
    uint32_t row = any_row();
    uint32_t main = in_column("out:function");
    uint32_t co = in_column("out:co");
    snprintf(name, sizeof name, "%s", table.rows[row][main]);
    if (strcmp(name, "emergency") == 0 || strcmp(name, "desk") == 0 ||
        is_informed("rules/triage.csv", name) || is_informed("rules/inform.csv", name))
        return NULL;
    for (uint32_t i = HEAD; i < table.rows_count; i++) {
        if (strcmp(table.rows[i][main], name) == 0)
            table.rows[i][main] = "emergency";
        if (strstr(table.rows[i][co], name) != NULL)
            table.rows[i][co] = "-";
    }
    return name;
}

Test(check_leshan, unreached)
{
    plant("rules/assign.csv", without_function, FLAW_UNREACHED);
}

static const char *never_below_the_county(void)
{
    uint32_t column = in_column("out:tier");
    const char *from = up_to(2) == 0 ? "village" : "township";
    for (uint32_t i = HEAD; i < table.rows_count; i++)
        if (strcmp(table.rows[i][column], "village") == 0 ||
            strcmp(table.rows[i][column], from) == 0)
            table.rows[i][column] = "county";
    return "general.village";
}

Test(check_leshan, unreached_units)
{
    plant("rules/assign.csv", never_below_the_county, FLAW_UNREACHED);
}

/* -- guards ------------------------------------------------------------------------------------ */

static const char *to_the_township(void)
{
    static char name[64];
    uint32_t row = any_row();
    if (strcmp(table.rows[row][in_column("out:function")], "general") == 0)
        return NULL;
    table.rows[row][in_column("out:tier")] = up_to(2) == 0 ? "township" : "village";
    snprintf(name, sizeof name, "%s", table.rows[row][0]);
    return about("assign", name);
}

Test(check_leshan, duty)
{
    plant("rules/assign.csv", to_the_township, FLAW_DUTY);
}

static const char *in_days(void)
{
    static char name[64];
    uint32_t row = any_row();
    if (strcmp(table.rows[row][in_column("out:urgency")], "critical") != 0)
        return NULL;
    table.rows[row][in_column("out:limit")] = "7wd";
    snprintf(name, sizeof name, "%s", table.rows[row][0]);
    return about("urgency", name);
}

Test(check_leshan, clock)
{
    plant("rules/urgency.csv", in_days, FLAW_CLOCK);
}

/* -- what the loader says, and waivers ----------------------------------------------------------
 */

Test(check_leshan, unknown_code)
{
    static const char *const kinds[] = {"in:category", "in:place", "out:function", "in:line"};
    sow("unknown_code");
    for (int i = 0; i < PLANTED; i++) {
        city_copy_make("cities/leshan", &copy);
        copied_open(&copy, "rules/assign.csv", &table);
        uint32_t row = any_row();
        table.rows[row][in_column(kinds[up_to(4)])] = "#990099";
        copied_write(&table);
        checked_open(copy.directory, &checked);
        cr_expect_null(checked.findings);
        cr_assert_gt(diag_count(checked.diag), 0);
        cr_expect_eq(diag_at(checked.diag, 0)->line, row + 1);
        checked_close(&checked);
        city_copy_remove(&copy);
    }
}

static const char *idle_waiver(void)
{
    static char name[64];
    copied_insert(&table, 1, table.rows_count, "shadowed");
    snprintf(name, sizeof name, "assign/no-%u", up_to(1000));
    table.rows[table.rows_count - 1][1] = name;
    return name;
}

Test(check_leshan, waiver)
{
    plant("rules/waivers.csv", idle_waiver, FLAW_WAIVER);
}
