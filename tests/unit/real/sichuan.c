/* A province in one engine: Sichuan's 37,728 places under one top, with Leshan's book.
 *
 * tools/province.sh makes the tables; they must be without a finding, each place must be found by
 * its path, and a case from anywhere must get to a unit above or at its place: in its own city,
 * where that has one.
 */
#include "domain/decide.h"
#include "tests/unit/real/shared.h"

#include "base/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 37728, CITIES = 21, CASES = 20000 };

static const char path[] = SHARED "jurisdictions/sichuan.tsv.xz";

static char directory[] = "/tmp/lianxin-sichuan-XXXXXX";
static struct policy *policy;
static uint64_t state = 1;

static uint32_t draw(uint32_t limit)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(state >> 33) % limit;
}

static int remove_one(const char *name, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(name);
}

/* False where it cannot be made here. */
static bool make_province(void)
{
    char command[256];
    struct diag *diag = diag_create();
    if (access(path, R_OK) != 0 || system("command -v xz >/dev/null") != 0)
        return false;
    CHECK(mkdtemp(directory) != NULL);
    snprintf(command, sizeof command, "sh tools/province.sh %s cities/leshan %s", path, directory);
    cr_assert_eq(system(command), 0);
    enum err err = policy_load(directory, diag, &policy);
    diag_print(diag, stderr);
    cr_assert_eq(err, OK);
    diag_destroy(&diag);
    return true;
}

static void tear_down(void)
{
    policy_destroy(&policy);
    if (directory[sizeof directory - 2] != 'X')
        cr_expect_eq(nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

TestSuite(sichuan, .fini = tear_down, .timeout = 300);

#define NEEDS_PROVINCE()                                                                           \
    do {                                                                                           \
        if (!make_province())                                                                      \
            cr_skip_test("%s or xz is not there", path);                                           \
    } while (0)

static struct facts random_facts(const struct city *city)
{
    return (struct facts){.channel = 1 + draw(CHANNEL_COUNT - 1),
                          .type = 1 + draw(TYPE_COUNT - 1),
                          .applicant = APPLICANT_CITIZEN,
                          .urgency = URGENCY_NORMAL,
                          .regime = REGIME_NORMAL,
                          .minute = draw(24 * 60),
                          .line = LINE_NONE,
                          .category = {draw(city_categories(city))},
                          .place = {draw(places_count(city_places(city)))},
                          .earlier = FLAG_NO,
                          .answered = FLAG_NO,
                          .about = UNIT_NONE};
}

Test(sichuan, every_case_gets_to_a_unit_above_it)
{
    NEEDS_PROVINCE();
    const struct city *city = policy->city;
    const struct places *places = city_places(city);
    uint32_t by_tier[TIER_COUNT] = {0};
    struct scratch *scratch = scratch_create(policy);
    cr_expect(places_have_province(places));
    cr_expect_eq(places_count(places), PLACES);
    for (uint32_t i = 0; i < PLACES; i++)
        by_tier[place_tier(places, (struct place){i})]++;
    cr_expect_eq(by_tier[TIER_CITY], 1 + CITIES);
    for (int i = 0; i < CASES; i++) {
        struct facts facts = random_facts(city);
        struct decision decision;
        decide(policy, &facts, NULL, scratch, &decision);
        struct place seat = unit_place(city, decision.assignments[0].unit);
        cr_assert(place_is_within(places, facts.place, seat));
        cr_assert(seat.index > 0 || facts.place.index == 0 ||
                  unit_function(city, decision.assignments[0].unit).index == city_desk(city).index);
    }
    scratch_destroy(&scratch);
}

Test(sichuan, every_place_is_found_by_its_path)
{
    NEEDS_PROVINCE();
    const struct places *places = city_places(policy->city);
    uint32_t shared = 0;
    uint32_t missed = 0;
    for (uint32_t i = 1; i < PLACES; i++) {
        char text[PLACE_PATH_BYTES_MAX];
        struct place_candidates found;
        size_t bytes = place_path(places, (struct place){i}, text);
        enum resolution resolution = places_resolve(places, span_of(text, bytes), &found);
        shared += resolution == RESOLVED_AMBIGUOUS;
        missed += resolution == RESOLVED_NOTHING ||
                  (resolution == RESOLVED && found.places[0].index != i);
    }
    cr_expect_eq(shared, 0);
    cr_expect_eq(missed, 0);
}

/* In running text, as an operator notes it, and without the slashes of a path. */
Test(sichuan, every_place_but_the_province_is_found_in_words)
{
    NEEDS_PROVINCE();
    const struct places *places = city_places(policy->city);
    struct scratch *scratch = scratch_create(policy);
    for (uint32_t i = 1; i < PLACES; i++) {
        char text[PLACE_PATH_BYTES_MAX + 64] = "市民来电反映，";
        char *end = text + strlen(text);
        char *from = end;
        struct misfit misfit;
        struct facts facts = random_facts(policy->city);
        size_t bytes = place_path(places, (struct place){i}, end);
        for (size_t at = 0; at < bytes; at++)
            if (from[at] != '/')
                *end++ = from[at];
        strcpy(end, "有人半夜施工，希望处理。");
        struct case_words words = {.text = span_of_string(text)};
        cr_assert(facts_resolve(policy->city, &words, false, scratch, &facts, &misfit));
        cr_expect_eq(facts.place.index, i, "%s", text);
    }
    scratch_destroy(&scratch);
}
