/* A made-up day: its cases are in order, the same whenever they are made, in the proportions that
 * are promised, and such as the engine takes; what is planned is done in order.
 */
#include "domain/city/date.h"
#include "tools/simulate/agenda.h"
#include "tools/simulate/cases.h"

#include <criterion/criterion.h>
#include <string.h>

enum { CASES = 4000 };

static struct arena *arena;
static struct diag *diag;
static const struct city *city;
static struct arrivals arrivals;
static struct phrases phrases;
static struct case_maker maker;
static int32_t day;

static void set_up(void)
{
    arena = arena_create();
    diag = diag_create();
    city = city_load(folder_of("cities/leshan"), arena, diag);
    cr_assert_not_null(city);
    arrivals_load("cities/leshan", arena, diag, &arrivals);
    phrases_load("cities/leshan", city, arena, diag, &phrases);
    cr_assert_eq(diag_count(diag), 0);
    cr_assert(day_of_date(2026, 11, 26, &day));
    case_maker_init(&maker, city, &phrases, &arrivals, 5, day, CASES, arena);
}

static void tear_down(void)
{
    keywords_close(city_keywords(city));
    diag_destroy(&diag);
    arena_destroy(&arena);
}

TestSuite(simulate_cases, .init = set_up, .fini = tear_down);

static size_t pack(uint32_t index, uint8_t *bytes)
{
    static struct made_case made;
    memset(&made, 0xAA, sizeof made);
    case_maker_make(&maker, index, &made);
    return lianxin__v1__case__pack(&made.message, bytes);
}

Test(simulate_cases, come_in_order_within_the_day)
{
    cr_expect_geq(maker.times_ms[0], ms_of_day(day));
    cr_expect_lt(maker.times_ms[CASES - 1], ms_of_day(day + 1));
    for (uint32_t i = 1; i < CASES; i++)
        cr_expect_leq(maker.times_ms[i - 1], maker.times_ms[i]);
}

Test(simulate_cases, made_again_are_the_same)
{
    static uint8_t first[32768];
    static uint8_t second[32768];
    for (uint32_t i = 0; i < 200; i++) {
        size_t bytes = pack(i, first);
        pack(i + 1, second);
        cr_assert_eq(pack(i, second), bytes);
        cr_assert_arr_eq(first, second, bytes);
    }
}

Test(simulate_cases, are_as_the_domain_says)
{
    static struct made_case made;
    uint32_t types[TYPE_COUNT] = {0};
    uint32_t channels[CHANNEL_COUNT] = {0};
    uint32_t kinds[PHRASE_KIND_COUNT] = {0};
    uint32_t answered = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        case_maker_make(&maker, i, &made);
        types[made.message.type]++;
        channels[made.message.channel]++;
        kinds[made.phrase->kind]++;
        answered += made.message.answer[0] != '\0';
        cr_assert_eq(case_maker_index(made.message.external_id), i);
        cr_assert_null(strchr(made.message.text, '{'), "%s", made.message.text);
        cr_assert_null(strchr(made.message.title, '{'), "%s", made.message.title);
        cr_assert_eq(strlen(made.message.respondent != NULL ? made.respondent.name : "") > 0,
                     made.phrase->kind == PHRASE_UNIT);
    }
    uint32_t enquiries = types[TYPE_ENQUIRY] * 1000 / CASES;
    cr_expect(enquiries > 790 && enquiries < 850, "%u", enquiries);
    cr_expect_gt(answered, types[TYPE_ENQUIRY] * 8 / 10);
    for (uint32_t i = 1; i < CHANNEL_COUNT; i++)
        cr_expect(channels[i] > 0 && channels[i] <= channels[CHANNEL_PHONE], "%u", i);
    for (uint32_t i = 0; i < PHRASE_KIND_COUNT; i++)
        cr_expect_gt(kinds[i], 0);
}

/* A street's people are more than a village's: streets have one place in 29 and more of the cases.
 */
Test(simulate_cases, are_where_people_live)
{
    static struct made_case made;
    const struct places *places = city_places(city);
    uint32_t tiers[TIER_COUNT] = {0};
    uint32_t in_streets = 0;
    uint32_t below_county = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        case_maker_make(&maker, i, &made);
        enum tier tier = place_tier(places, made.place);
        tiers[tier]++;
        if (tier < TIER_TOWNSHIP)
            continue;
        below_county++;
        struct place township = place_at_tier(places, made.place, TIER_TOWNSHIP);
        in_streets += span_is(place_kind(places, township), "街道");
    }
    cr_expect_eq(tiers[TIER_CITY], 0);
    cr_expect_gt(tiers[TIER_VILLAGE], tiers[TIER_TOWNSHIP]);
    cr_expect_gt(tiers[TIER_COUNTY], CASES / 8);
    cr_expect(in_streets > below_county / 6 && in_streets < below_county / 2, "%u of %u",
              in_streets, below_county);
}

Test(simulate_agenda, what_is_soonest_comes_first_and_then_what_was_planned_first)
{
    struct agenda agenda = {0};
    struct random random = random_begin(9, 0);
    cr_expect_null(agenda_first(&agenda));
    for (uint32_t i = 0; i < 1000; i++) {
        struct plan plan = {.time_ms = (int64_t)random_below(&random, 50), .serial = i};
        agenda_add(&agenda, &plan);
    }
    struct plan last = agenda_take(&agenda);
    for (uint32_t i = 1; i < 1000; i++) {
        struct plan next = agenda_take(&agenda);
        cr_assert(next.time_ms > last.time_ms ||
                  (next.time_ms == last.time_ms && next.serial > last.serial));
        last = next;
    }
    cr_expect_null(agenda_first(&agenda));
    agenda_free(&agenda);
}
