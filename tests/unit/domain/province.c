/* A province's hotline: two cities below one place, in tables that know no fifth tier. What is said
 * of a city elsewhere is said here of each of them, and the province is where every climb ends.
 */
#include "domain/city/hints.h"
#include "domain/city/unit_names.h"
#include "domain/decide.h"
#include "tests/support/city_file.h"
#include "tests/support/texts.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct small_city small;

static const char places_csv[] = "code,name,kind,short_name\n"
                                 "5111,乐山市,地级市,\n"
                                 "51,四川省,省,\n"
                                 "511126,夹江县,县,\n"
                                 "511126001,漹城街道,街道,\n"
                                 "511126001201,红旗村,村委会,\n"
                                 "511126101,黄土镇,镇,\n"
                                 "511126101201,西江村,村委会,\n"
                                 "5132,阿坝藏族羌族自治州,自治州,\n"
                                 "513201,马尔康市,县级市,\n"
                                 "513201101,镇西镇,镇,\n"
                                 "513201201,红旗乡,乡,\n"
                                 "513201201201,红旗村,村委会,\n";

static void set_up(void)
{
    small_city_make(&small);
    keywords_close(city_keywords(small.city));
    city_file_write_text(&small, "places.csv", places_csv);
    city_file_write_text(&small, "units.csv",
                         "place,function,name,basis\n#5132,fund,-,\n#511126,urban,-,\n");
    small.city = city_load(folder_of(small.directory), small.arena, small.diag);
    diag_print(small.diag, stderr);
    cr_assert_not_null(small.city);
    cr_assert_eq(diag_count(small.diag), 0);
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(province, .init = set_up, .fini = tear_down);

static const struct places *places(void)
{
    return city_places(small.city);
}

static bool is(struct place place, const char *code)
{
    return !place_is_none(place) && span_is(place_code(places(), place), code);
}

Test(province, stands_above_its_cities_and_is_of_their_tier)
{
    char path[PLACE_PATH_BYTES_MAX];
    struct place root = {0};
    struct place village = small_city_place(&small, "511126001201");
    cr_expect(places_have_province(places()));
    cr_expect(is(root, "51"));
    cr_expect(span_is(place_code12(places(), root), "510000000000"));
    cr_expect(span_is(city_name(small.city), "四川省"));
    cr_expect_eq(place_tier(places(), root), TIER_CITY);
    cr_expect_eq(place_limit(places(), root), places_count(places()));
    cr_expect(place_is_none(place_parent(places(), root)));
    cr_expect_eq(place_tier(places(), small_city_place(&small, "5132")), TIER_CITY);
    cr_expect(is(place_parent(places(), small_city_place(&small, "5132")), "51"));
    cr_expect(is(place_at_tier(places(), village, TIER_CITY), "5111"));
    cr_expect(is(places_find_code(places(), span_of_string("510000")), "51"));
    size_t bytes = place_path(places(), village, path);
    cr_expect(span_is(span_of(path, bytes), "四川省/乐山市/夹江县/漹城街道/红旗村"));
}

Test(province, a_city_alone_has_none_above_it)
{
    struct small_city alone;
    small_city_make(&alone);
    cr_expect_not(places_have_province(city_places(alone.city)));
    small_city_remove(&alone);
}

Test(province, places_are_found_by_their_city_s_names)
{
    static const struct {
        const char *path, *code;
    } trials[] = {
        {"四川省/乐山市/夹江县/漹城街道/红旗村", "511126001201"},
        {"乐山夹江漹城街道办红旗村", "511126001201"},
        {"四川阿坝州马尔康", "513201"},
        {"阿坝藏族羌族自治州/马尔康市/红旗乡/红旗村", "513201201201"},
        {"阿坝州", "5132"},
        {"阿坝", "5132"},
        {"乐山", "5111"},
    };
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        struct place_candidates found;
        enum resolution resolution =
            places_resolve(places(), span_of_string(trials[i].path), &found);
        cr_expect(resolution == RESOLVED && is(found.places[0], trials[i].code), "%s",
                  trials[i].path);
    }
    struct place_candidates found;
    cr_expect_eq(places_resolve(places(), span_of_string("红旗村"), &found), RESOLVED_AMBIGUOUS);
    cr_expect_eq(found.count, 2);
}

/* One city that is named is meant, two have only the province in common. 镇西 is a town's name, but
 * not where another's ends within it and a village's begins there. */
Test(province, places_are_found_in_words)
{
    static const struct {
        const char *address, *text, *code; /* "" for an ambiguous one */
    } trials[] = {
        {"", "乐山市有人半夜施工", "5111"},
        {"", "四川省阿坝州有人半夜施工", "5132"},
        {"", "乐山市和阿坝州都有人半夜施工", ""},
        {"乐山市", "夹江县漹城街道有人半夜施工", "511126001"},
        {"", "夹江县黄土镇西江村委会有人半夜施工", "511126101201"},
        {"", "马尔康市镇西镇有人半夜施工", "513201101"},
    };
    struct texts texts;
    texts_of(&texts, small.city);
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        struct place_candidates found;
        const struct text_hits *hits = texts_scan(&texts, trials[i].address, trials[i].text);
        enum resolution resolution = hints_place(texts.hints, hits, &found);
        if (trials[i].code[0] == '\0')
            cr_expect_eq(resolution, RESOLVED_AMBIGUOUS, "%s", trials[i].text);
        else
            cr_expect(resolution == RESOLVED && is(found.places[0], trials[i].code), "%s",
                      trials[i].text);
    }
    texts_remove(&texts);
}

/* The unit that gets what its function is said for, at a tier, and the places tried. */
static const char *goes_to(const char *function, const char *tier, const char *place)
{
    static char text[512];
    struct policy policy = {.city = small.city};
    struct decision decision;
    struct facts facts = small_city_facts();
    snprintf(text, sizeof text,
             "F,,,\n,in:category,out:function,out:tier\n,category,function,tier\nr,-,%s,%s\n",
             function, tier);
    small_city_write(&small, "book", "table,note\nassign,\n");
    small_city_write(&small, "assign", text);
    policy.rules = rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(policy.rules, "%s", small_city_finding(&small, 0));
    facts.category = small_city_category(&small, "01");
    facts.place = place != NULL ? small_city_place(&small, place) : PLACE_NONE;
    decide(&policy, &facts, NULL, small_city_scratch(&small, policy.rules), &decision);
    size_t used = (size_t)snprintf(text, sizeof text, "%.*s <",
                                   SPAN_ARG(unit_key(small.city, decision.assignments[0].unit)));
    for (uint32_t i = 0; i < decision.climb_count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, " %.*s",
                                 SPAN_ARG(place_code(places(), decision.climb[i])));
    return text;
}

Test(province, a_climb_ends_in_the_place_s_own_city_or_at_the_province)
{
    cr_expect_str_eq(goes_to("urban", "county", "513201201201"), "513201000000.urban < 513201");
    cr_expect_str_eq(goes_to("urban", "county", "511126001201"),
                     "511100000000.urban < 511126 5111");
    cr_expect_str_eq(goes_to("fund", "city", "511126001201"), "511100000000.fund < 5111");
    cr_expect_str_eq(goes_to("fund", "village", "513201201201"),
                     "510000000000.fund < 513201201201 513201201 513201 5132 51");
    cr_expect_str_eq(goes_to("urban", "county", NULL), "510000000000.urban < 51");
}

static bool is_called(struct span text, const char *key)
{
    struct arena *arena = arena_create();
    const struct unit_names *names = unit_names_build(small.city, arena);
    struct name_range range = unit_names_find(names, text);
    bool called = false;
    for (uint32_t i = range.first; i < range.limit; i++)
        called |= span_is(unit_key(small.city, unit_names_at(names, i)->unit), key);
    arena_destroy(&arena);
    return called;
}

Test(province, a_unit_s_name_may_begin_with_its_city_s_or_not)
{
    struct small_city named = small;
    small_city_make(&small);
    keywords_close(city_keywords(small.city));
    city_file_write_text(&small, "places.csv", places_csv);
    city_file_write_text(&small, "units.csv",
                         "place,function,name,basis\n#511126,water,乐山市夹江县水务局,\n");
    small.city = city_load(folder_of(small.directory), small.arena, small.diag);
    cr_expect(is_called(span_of_string("乐山市夹江县水务局"), "511126000000.water"));
    cr_expect(is_called(span_of_string("夹江县水务局"), "511126000000.water"));
    cr_expect(is_called(span_of_string("阿坝州水务局"), "513200000000.water"));
    small_city_remove(&small);
    small = named;
}

static bool finds(const char *file, const char *text, const char *wanted)
{
    small_city_forget(&small);
    city_file_write_text(&small, file, text);
    (void)city_load(folder_of(small.directory), small.arena, small.diag);
    bool found = city_file_found(small.diag, &wanted, 1);
    return found;
}

#define HEAD "code,name,kind,short_name\n"

Test(province, what_is_wrong_about_the_top_is_said)
{
    city_file_write_text(&small, "units.csv", "place,function,name,basis\n");
    cr_expect(finds("places.csv", HEAD "51,四川省,,\n5111,乐山市,,\n5203,遵义市,,\n",
                    "places.csv:4:1: place 5203 has no parent here; add a line of 52,"));
    cr_expect(finds("places.csv", HEAD "51,四川省,,\n52,贵州省,,\n",
                    "places.csv:3:1: a second province, 52 beside 51 (line 2); a directory holds "
                    "one"));
    cr_expect(finds("places.csv", HEAD "5111,乐山市,,\n5101,成都市,,\n",
                    "places.csv:2:1: a second city, 5111 beside 5101 (line 3); a directory holds "
                    "one, or their province above them, a line with its 2 digits"));
    cr_expect(finds("places.csv", HEAD "51,四川省,,\n511126,夹江县,,\n",
                    "places.csv:3:1: place 511126 has no parent here; add a line of 5111,"));
}

Test(province, a_name_that_its_cities_would_share_is_refused)
{
    cr_expect(finds("units.csv", "place,function,name,basis\n#51,fund,-,\n",
                    "units.csv:2:10: 四川省's own unit cannot be taken away"));
    city_file_write_text(&small, "units.csv", "place,function,name,basis\n");
    cr_expect(finds("functions.csv",
                    "code,name,city,county,township,village,basis\n"
                    "desk,热线,{place}热线,,,,\nfund,公积金,乐山公积金中心,,,,\n"
                    "urban,城管,{place}城管局,,,,\n",
                    "functions.csv:3:10: names every unit of the city tier '乐山公积金中心'"));
}
