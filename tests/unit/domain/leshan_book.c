/* Leshan's first rule book: it loads, every row of it can win, and cases go where a reader of it
 * expects.
 *
 * Rows are shown to be alive by drawing cases from within a row's own cells until the row wins over
 * all others. What must never happen (a functional duty in a township, a reporter shown to those
 * reported) is looked for in random cases. A seed is printed; set SEED to see it again.
 */
#include "domain/decide.h"
#include "domain/match.h"
#include "tests/support/slow_match.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
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

static bool can_win(const struct table *table, const struct matcher *matcher, uint32_t row,
                    struct arena *arena)
{
    enum { DRAWS = 2000 };
    struct match_scratch *room = match_scratch_create(matcher, arena);
    const struct table_row *drawn = row < table->rows_count ? &table->rows[row] : table->otherwise;
    for (int i = 0; i < DRAWS; i++) {
        uint32_t values[INPUT_COUNT];
        for (uint32_t c = 0; c < table->inputs_count; c++)
            values[c] = draw(&drawn->values[c], input_size(policy->city, table->inputs[c]));
        uint32_t winner = matcher_match(matcher, values, NULL, room);
        cr_assert_eq(winner, slow_match(table, (struct slow_case){.values = values}));
        if (winner == row)
            return true;
    }
    return false;
}

Test(leshan_book, every_row_can_win)
{
    static const char *const names[] = {"classify", "assign"};
    struct arena *arena = arena_create();
    unsigned seed = sow();
    for (size_t i = 0; i < 2; i++) {
        const struct table *table =
            table_read(directory, span_of_string(names[i]), policy->city, arena, diag);
        cr_assert_not_null(table);
        cr_expect_not_null(table->otherwise);
        const struct matcher *matcher = matcher_compile(table, policy->city, arena);
        for (uint32_t row = 0; row <= table->rows_count; row++)
            cr_expect(
                can_win(table, matcher, row, arena), "%s/%.*s never wins; seed %u", names[i],
                SPAN_ARG(row < table->rows_count ? table->rows[row].id : table->otherwise->id),
                seed);
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
        .earlier = FLAG_NO,
        .answered = FLAG_NO,
        .hour = up_to(24),
        .line = {up_to(4) == 0 ? UINT32_MAX : up_to(city_lines(city))},
        .category = {up_to(4) == 0 ? UINT32_MAX : up_to(city_categories(city))},
        .place = {up_to(4) == 0 ? UINT32_MAX : up_to(places_count(city_places(city)))},
    };
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
                          .hour = 10,
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
    struct span row = rules_row_name(policy->rules, decision.rows[decision.rows_count - 1]);
    struct span unit = unit_key(city, decision.assignments[0].unit);
    cr_expect(span_is(row, route->row) && span_is(unit, route->unit), "%s %s %s: %.*s by %.*s",
              route->line, route->category, route->place, SPAN_ARG(unit), SPAN_ARG(row));
}

Test(leshan_book, cases_go_where_its_reader_expects)
{
    static const struct route routes[] = {
        /* Everyday matters stay close to home. */
        {TYPE_COMPLAINT, "12345", "170302", "夹江县/漹城街道", CITIZEN, "assign/neighbours",
         "511126002000.general"},
        {TYPE_HELP, "12345", "060401", "511126001001", CITIZEN, "assign/village-road",
         "511126001000.general"},
        {TYPE_COMPLAINT, "12345", "070102", "511126001001", CITIZEN, "assign/noise-local",
         "511126001000.general"},
        {TYPE_COMPLAINT, "12345", "070102", "511102", CITIZEN, "assign/noise",
         "511102000000.environment"},
        /* Duties are for those who have them, in the county or in the city. */
        {TYPE_COMPLAINT, "12333", "", "511126001001", CITIZEN, "assign/wages",
         "511126000000.labour"},
        {TYPE_REPORT, "12345", "0301", "511126001001", CITIZEN, "assign/wages-report",
         "511126000000.labour"},
        {TYPE_HELP, "12329", "", "511126", CITIZEN, "assign/fund", "511100000000.housing_fund"},
        {TYPE_HELP, "12345", "0402", "511181", CITIZEN, "assign/medicare",
         "511181000000.medical_insurance"},
        {TYPE_COMPLAINT, "12345", "110101", "511181", CITIZEN, "assign/scenic-emei",
         "511181000000.culture_tourism"},
        /* The line that was dialled is a hint of the duty, a category a stronger one. */
        {TYPE_REPORT, "12336", "", "511126", CITIZEN, "assign/land-report",
         "511126000000.natural_resources"},
        {TYPE_COMPLAINT, "12313", "", "511126", CITIZEN, "assign/line-tobacco",
         "511100000000.tobacco"},
        {TYPE_COMPLAINT, "12313", "0801", "511126", CITIZEN, "assign/school",
         "511126000000.education"},
        /* Enterprises have a branch of their own. */
        {TYPE_HELP, "12345", "", "511126", FIRM, "assign/firm", "511100000000.approval"},
        {TYPE_HELP, "12345", "1602", "511126", FIRM, "assign/firm", "511100000000.approval"},
        {TYPE_HELP, "12345", "1602", "511126", CITIZEN, "assign/approval", "511126000000.approval"},
        /* The desk answers what nobody else has to. */
        {TYPE_ENQUIRY, "12345", "", "", CITIZEN, "assign/else", "511100000000.desk"},
        {TYPE_ENQUIRY, "12345", "0101", "511126", CITIZEN, "assign/else", "511100000000.desk"},
        {TYPE_PRAISE, "12345", "0801", "511126", CITIZEN, "assign/else", "511100000000.desk"},
    };
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        expect_route(&routes[i]);
}
