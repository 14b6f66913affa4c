/* Leshan's rule book: it loads, every row of it can win, every category has its duty, and cases go
 * where a reader of it expects. What it makes of words is in leshan_words.c, what is proved of it
 * in check_leshan.c.
 *
 * Rows are shown to be alive by drawing cases from within a row's own cells, with a text of the
 * row's own keywords, until the row wins over all others. What must never happen (a functional duty
 * in a township, a reporter shown to those reported, a case without a clock) is looked for in
 * random cases. A seed is printed; set SEED to see it again.
 */
#include "domain/decide.h"
#include "domain/rules/match.h"
#include "bench/slow_match.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char directory[] = "cities/leshan";

static struct policy *policy;
static struct diag *diag;
static struct scratch *scratch;

static void set_up(void)
{
    diag = diag_create();
    enum err err = policy_load(directory, diag, &policy);
    diag_print(diag, stderr);
    cr_assert_eq(err, OK);
    scratch = scratch_create(policy);
}

static void tear_down(void)
{
    scratch_destroy(&scratch);
    policy_destroy(&policy);
    diag_destroy(&diag);
}

TestSuite(leshan_book, .init = set_up, .fini = tear_down);

static unsigned sow(void)
{
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "leshan_book: SEED=%u\n", seed);
    srandom(seed);
    return seed;
}

static uint32_t up_to(uint32_t limit)
{
    return (uint32_t)random() % limit;
}

/* Some value that the cell lets pass; where it lets all pass, every other time the absent one. */
static uint32_t draw(const struct values *values, uint32_t size)
{
    if (values->any)
        return up_to(2) == 0 ? 0 : up_to(size);
    const struct interval *interval = &values->intervals[up_to(values->count)];
    return interval->first + up_to(interval->limit - interval->first);
}

/* A text that the row's clauses hold for: one keyword of each any(...), all of each all(...). */
static struct span draw_text(const struct text_cell *cell, char *room, size_t room_bytes)
{
    size_t used = 0;
    for (uint32_t i = 0; i < cell->count; i++) {
        const struct text_clause *clause = &cell->clauses[i];
        uint32_t one = up_to(clause->count);
        for (uint32_t k = 0; k < clause->count && clause->kind != CLAUSE_NONE; k++) {
            struct span keyword = keyword_text(city_keywords(policy->city), clause->keywords[k]);
            if (clause->kind == CLAUSE_ALL || k == one)
                used +=
                    (size_t)snprintf(room + used, room_bytes - used, "%.*s;", SPAN_ARG(keyword));
            cr_assert_lt(used, room_bytes);
        }
    }
    return span_of(room, used);
}

/* What a case with nothing but this text is resolved to. */
static const struct text_hits *scan(struct span text)
{
    struct facts facts = {.type = TYPE_COMPLAINT};
    struct misfit misfit;
    cr_assert(facts_resolve(policy->city, &(struct case_words){.text = text}, false, scratch,
                            &facts, &misfit));
    return facts.hits;
}

/* Is the row the one that wins, or where several decide together one of those that hold? */
static bool wins(const struct table *table, const struct matcher *matcher, const uint32_t *values,
                 const struct text_hits *hits, struct match_scratch *room, uint32_t row)
{
    if (table->answer == ANSWER_ROW) {
        uint32_t winner = matcher_match(matcher, values, hits, room);
        struct slow_case asked = {.values = values,
                                  .folded =
                                      hits != NULL ? text_names(hits)->folded : (struct span){0},
                                  .keywords = city_keywords(policy->city)};
        cr_assert_eq(winner, slow_match(table, asked));
        return winner == row;
    }
    struct match_rows found = matcher_match_all(matcher, values, hits, room);
    for (uint32_t i = 0; i < found.count; i++)
        if (found.rows[i] == row)
            return true;
    return found.count == 0 && row == table->rows_count;
}

static bool can_win(const struct table *table, const struct matcher *matcher, uint32_t row,
                    struct match_scratch *room)
{
    enum { DRAWS = 2000 };
    const struct table_row *drawn = row < table->rows_count ? &table->rows[row] : table->otherwise;
    for (int i = 0; i < DRAWS; i++) {
        char text[1024];
        uint32_t values[INPUT_COUNT] = {0};
        const struct text_hits *hits = scan(draw_text(&drawn->text, text, sizeof text));
        for (uint32_t c = 0; c < table->inputs_count; c++)
            if (table->inputs[c] != INPUT_TEXT)
                values[table->inputs[c]] =
                    draw(&drawn->values[c], input_size(policy->city, table->inputs[c]));
        if (wins(table, matcher, values, hits, room, row))
            return true;
    }
    return false;
}

static const char *const tables[] = {"triage", "words",  "classify", "urgency",
                                     "assign", "inform", "reporter"};
enum { TABLES = sizeof tables / sizeof tables[0] };

Test(leshan_book, every_row_can_win)
{
    struct arena *arena = arena_create();
    unsigned seed = sow();
    for (size_t i = 0; i < TABLES; i++) {
        const struct table *table =
            table_read(folder_of(directory), span_of_string(tables[i]), policy->city, arena, diag);
        cr_assert_not_null(table);
        cr_expect_eq(table->otherwise != NULL, table->answer != ANSWER_VOTE);
        const struct matcher *matcher = matcher_compile(table, policy->city, arena);
        struct match_scratch *room = match_scratch_create(matcher, arena);
        for (uint32_t row = 0; row < table->rows_count + (table->otherwise != NULL); row++)
            cr_expect(
                can_win(table, matcher, row, room), "%s/%.*s never wins; seed %u", tables[i],
                SPAN_ARG(row < table->rows_count ? table->rows[row].id : table->otherwise->id),
                seed);
    }
    arena_destroy(&arena);
}

Test(leshan_book, every_row_says_why)
{
    static const char *const files[] = {"functions.csv", "units.csv", "lines.csv"};
    enum { FILES = sizeof files / sizeof files[0] };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < TABLES + FILES; i++) {
        char path[128];
        struct sheet sheet;
        if (i < TABLES)
            snprintf(path, sizeof path, "%s/rules/%s.csv", directory, tables[i]);
        else
            snprintf(path, sizeof path, "%s/%s", directory, files[i - TABLES]);
        cr_assert_eq(sheet_read(path, arena, diag, &sheet), OK);
        for (uint32_t row = 0; row < sheet.count; row++)
            cr_expect(sheet_cell(&sheet.rows[row], sheet.rows[0].count - 1).text.bytes > 0,
                      "%s:%u: the last cell is empty", path, sheet.rows[row].line);
    }
    arena_destroy(&arena);
}

static struct facts draw_facts(void)
{
    const struct city *city = policy->city;
    return (struct facts){
        .channel = (enum channel)(1 + up_to(CHANNEL_COUNT - 1)),
        .type = (enum type)(1 + up_to(TYPE_COUNT - 1)),
        .applicant = (enum applicant)(1 + up_to(APPLICANT_COUNT - 1)),
        .urgency = (enum urgency)(1 + up_to(URGENCY_COUNT - 1)),
        .secret = up_to(4) == 0,
        .about = UNIT_NONE,
        .regime = (enum regime)(1 + up_to(3)),
        .earlier = up_to(16) == 0 ? FLAG_YES : FLAG_NO,
        .answered = up_to(4) == 0 ? FLAG_YES : FLAG_NO,
        .respondent = (enum respondent)up_to(RESPONDENT_COUNT),
        .minute = up_to(24 * 60),
        .line = {up_to(4) == 0 ? UINT32_MAX : up_to(city_lines(city))},
        .category = {up_to(4) == 0 ? UINT32_MAX : up_to(city_categories(city))},
        .place = {up_to(4) == 0 ? UINT32_MAX : up_to(places_count(city_places(city)))},
    };
}

/* The row of a table that a decision cites: its name begins like this; or "". */
static struct span cited(const struct decision *decision, const char *beginning)
{
    for (uint32_t i = 0; i < decision->rows_count; i++) {
        struct span row = rules_row_name(policy->rules, decision->rows[i]);
        if (span_starts_with(row, span_of_string(beginning)))
            return row;
    }
    return span_of_string("");
}

Test(leshan_book, only_general_duties_reach_townships_and_no_report_shows_its_reporter)
{
    enum { CASES = 50000 };
    const struct city *city = policy->city;
    struct function general = city_function(city, span_of_string("general"));
    unsigned seed = sow();
    for (int i = 0; i < CASES; i++) {
        struct facts facts = draw_facts();
        struct decision decision;
        decide(policy, &facts, NULL, scratch, &decision);
        cr_assert_eq(decision.doubts & ~(uint32_t)DOUBT_CATEGORY_UNCLEAR, 0,
                     "the book has an answer to everything that has a category; seed %u", seed);
        for (uint32_t j = 0; j < decision.assignments_count; j++) {
            struct unit unit = decision.assignments[j].unit;
            cr_assert_eq(decision.assignments[j].role == ROLE_MAIN, j == 0);
            cr_assert(unit_function(city, unit).index == general.index ||
                          place_tier(city_places(city), unit_place(city, unit)) <= TIER_COUNTY,
                      "%.*s; seed %u", SPAN_ARG(unit_key(city, unit)), seed);
        }
        cr_assert_not(decision.reporter_shown && (facts.type == TYPE_REPORT || facts.secret));
        cr_assert(facts.type != TYPE_REPORT ||
                      span_is(cited(&decision, "reporter/"), "reporter/report"),
                  "seed %u", seed);
        cr_assert(decision.disposition != DISPOSITION_DISPATCH ||
                      (decision.limit.count > 0 && decision.sign_limit.count > 0),
                  "dispatched without a clock; seed %u", seed);
    }
}

/* What is for others by its very name is not dispatched: calls for help, and what no hotline may
 * take up. */
static bool is_for_others(struct span category)
{
    return span_starts_with(category, span_of_string("1506")) ||
           span_starts_with(category, span_of_string("1706"));
}

Test(leshan_book, every_category_has_its_duty_for_every_type)
{
    const struct city *city = policy->city;
    static const char *const places[] = {"", "511102", "511126001001"};
    for (uint32_t i = 0; i < city_categories(city); i++)
        for (uint32_t type = TYPE_ENQUIRY; type < TYPE_COUNT; type++)
            for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
                struct span code = category_code(city, (struct category){i});
                struct facts facts = draw_facts();
                facts = (struct facts){
                    .channel = CHANNEL_PHONE,
                    .type = (enum type)type,
                    .applicant = facts.applicant,
                    .urgency = facts.urgency,
                    .regime = facts.regime,
                    .earlier = FLAG_NO,
                    .answered = FLAG_NO,
                    .about = UNIT_NONE,
                    .line = LINE_NONE,
                    .category = {i},
                    .place = places_find_code(city_places(city), span_of_string(places[p]))};
                struct decision decision;
                decide(policy, &facts, NULL, scratch, &decision);
                cr_expect_eq(decision.doubts, 0, "%.*s", SPAN_ARG(code));
                cr_expect_eq(decision.category.index, i);
                if (decision.disposition != DISPOSITION_DISPATCH)
                    cr_expect(is_for_others(code), "%.*s is not dispatched", SPAN_ARG(code));
                else
                    cr_expect(!span_is(cited(&decision, "assign/"), "assign/else"), "%.*s, %s",
                              SPAN_ARG(code), word_name(&type_words, type));
            }
}

#define CITIZEN APPLICANT_CITIZEN
#define FIRM    APPLICANT_ENTERPRISE

struct route {
    enum type type;
    const char *line, *category, *place;
    enum applicant applicant;
    const char *row;
    const char *unit;
};

static void expect_route(const struct route *route)
{
    const struct city *city = policy->city;
    struct facts facts = {.channel = CHANNEL_PHONE,
                          .type = route->type,
                          .applicant = route->applicant,
                          .urgency = URGENCY_NORMAL,
                          .minute = 10 * 60,
                          .regime = REGIME_NORMAL,
                          .earlier = FLAG_NO,
                          .answered = FLAG_NO};
    struct case_words words = {.line = span_of_string(route->line),
                               .category = span_of_string(route->category),
                               .place = span_of_string(route->place)};
    struct misfit misfit;
    struct decision decision;
    cr_assert(facts_resolve(city, &words, true, scratch, &facts, &misfit), "%s", misfit.message);
    decide(policy, &facts, NULL, scratch, &decision);
    struct span row = cited(&decision, "assign/");
    struct span unit = unit_key(city, decision.assignments[0].unit);
    cr_expect(span_is(row, route->row) && span_is(unit, route->unit), "%s %s %s: %.*s by %.*s",
              route->line, route->category, route->place, SPAN_ARG(unit), SPAN_ARG(row));
}

Test(leshan_book, cases_go_where_its_reader_expects)
{
    static const struct route routes[] = {
        /* Everyday matters stay close to home, if it is known where that is. */
        {TYPE_COMPLAINT, "12345", "170302", "夹江县/漹城街道", CITIZEN, "assign/neighbours",
         "511126002000.general"},
        {TYPE_COMPLAINT, "12345", "170302", "", CITIZEN, "assign/grassroots",
         "511100000000.civil_affairs"},
        {TYPE_COMPLAINT, "12345", "170301", "511126001001", CITIZEN, "assign/village-affairs",
         "511126001000.general"},
        {TYPE_HELP, "12345", "060401", "511126001001", CITIZEN, "assign/village-road",
         "511126001000.general"},
        {TYPE_COMPLAINT, "12345", "070102", "511126001001", CITIZEN, "assign/noise-local",
         "511126001000.general"},
        {TYPE_REPORT, "12345", "070102", "511126001001", CITIZEN, "assign/c0701-police",
         "511126000000.police"},
        {TYPE_COMPLAINT, "12345", "070103", "511102", CITIZEN, "assign/c0701-environment-2",
         "511102000000.environment"},
        {TYPE_COMPLAINT, "12345", "0701", "511102", CITIZEN, "assign/noise",
         "511102000000.environment"},
        /* Duties are for those who have them, in the county or in the city. */
        {TYPE_COMPLAINT, "12333", "", "511126001001", CITIZEN, "assign/wages",
         "511126000000.labour"},
        {TYPE_REPORT, "12345", "0301", "511126001001", CITIZEN, "assign/wages",
         "511126000000.labour"},
        {TYPE_COMPLAINT, "12345", "030101", "511126001001", CITIZEN, "assign/c0301-labour",
         "511126000000.labour"},
        {TYPE_HELP, "12329", "", "511126", CITIZEN, "assign/fund", "511100000000.housing_fund"},
        {TYPE_HELP, "12345", "0402", "511181", CITIZEN, "assign/medicare",
         "511181000000.medical_insurance"},
        /* Scenic areas have no code: Emei's committee sits in its city, the Buddha's in ours. */
        {TYPE_COMPLAINT, "12345", "110101", "511181", CITIZEN, "assign/scenic-emei",
         "511181000000.scenic"},
        {TYPE_COMPLAINT, "12345", "110101", "", CITIZEN, "assign/c1101-culture-tourism",
         "511100000000.culture_tourism"},
        {TYPE_ENQUIRY, "12345", "110101", "511124", CITIZEN, "assign/scenic-emei-away-ask",
         "511100000000.culture_tourism"},
        {TYPE_COMPLAINT, "12345", "110102", "511102", CITIZEN, "assign/c1101-scenic",
         "511100000000.scenic"},
        /* The line that was dialled is a hint of the duty, a category a stronger one. */
        {TYPE_REPORT, "12336", "", "511126", CITIZEN, "assign/land",
         "511126000000.natural_resources"},
        {TYPE_COMPLAINT, "12313", "", "511126", CITIZEN, "assign/c1006-tobacco",
         "511100000000.tobacco"},
        {TYPE_COMPLAINT, "12313", "0801", "511126", CITIZEN, "assign/school",
         "511126000000.education"},
        {TYPE_ENQUIRY, "12378", "", "511126", CITIZEN, "assign/c1007", "511100000000.banking"},
        /* Enterprises have a branch of their own. */
        {TYPE_HELP, "12345", "", "511126", FIRM, "assign/firm", "511100000000.approval"},
        {TYPE_HELP, "12345", "1602", "511126", FIRM, "assign/firm-project",
         "511100000000.approval"},
        {TYPE_HELP, "12345", "1602", "511126", CITIZEN, "assign/approval", "511126000000.approval"},
        {TYPE_HELP, "12345", "1605", "511126", FIRM, "assign/firm-tax", "511100000000.tax"},
        /* Who is asked or praised hears of it; the desk has what nobody else has to. */
        {TYPE_ENQUIRY, "12345", "0101", "511126", CITIZEN, "assign/urban", "511126000000.urban"},
        {TYPE_PRAISE, "12345", "0801", "511126", CITIZEN, "assign/school",
         "511126000000.education"},
        {TYPE_PRAISE, "12345", "170502", "511126", CITIZEN, "assign/c1705", "511100000000.desk"},
    };
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        expect_route(&routes[i]);
}
