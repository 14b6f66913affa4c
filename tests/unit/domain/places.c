/* The jurisdiction tree: codes, ranges, names that are never guessed, and every finding there is.
 *
 * What holds for any tree is shown on the whole of Leshan and judged by slow walks over its codes
 * and names; names are tried one by one in a table; mistakes are written into the small city.
 */
#include "domain/city/places.h"
#include "tests/support/city_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *arena;
static struct diag *diag;
static const struct places *places;

static void set_up(void)
{
    arena = arena_create();
    diag = diag_create();
    places = places_load(folder_of("cities/leshan"), arena, diag);
    diag_print(diag, stderr);
    cr_assert(places != NULL && diag_count(diag) == 0);
}

static void tear_down(void)
{
    diag_destroy(&diag);
    arena_destroy(&arena);
}

TestSuite(places, .init = set_up, .fini = tear_down);

static struct place by_code(const char *code)
{
    return places_find_code(places, span_of_string(code));
}

Test(places, leshan_has_its_places)
{
    uint32_t count[TIER_COUNT] = {0};
    for (uint32_t i = 0; i < places_count(places); i++)
        count[place_tier(places, (struct place){i})]++;
    cr_expect_eq(count[TIER_CITY], 1);
    cr_expect_eq(count[TIER_COUNTY], 11);
    cr_expect_eq(count[TIER_TOWNSHIP], 132);
    cr_expect_eq(count[TIER_VILLAGE], 1371);
    cr_expect(span_is(place_name(places, (struct place){0}), "乐山市"));
    cr_expect(span_is(place_kind(places, by_code("511126001")), "街道"));
    cr_expect(span_is(place_short_name(places, by_code("511132")), "峨边"));
}

Test(places, a_subtree_is_the_range_of_those_whose_code_begins_alike)
{
    for (uint32_t i = 0; i < places_count(places); i++) {
        struct place place = {i};
        struct span code = place_code(places, place);
        uint32_t limit = i + 1;
        while (limit < places_count(places) &&
               span_starts_with(place_code(places, (struct place){limit}), code))
            limit++;
        cr_assert_eq(place_limit(places, place), limit, "%.*s", SPAN_ARG(code));
        struct place parent = place_parent(places, place);
        cr_assert_eq(place_is_none(parent), i == 0);
        if (place_is_none(parent))
            continue;
        cr_assert_eq((int)place_tier(places, parent) + 1, (int)place_tier(places, place));
        cr_assert(parent.index < i && i < place_limit(places, parent));
        for (enum tier tier = TIER_CITY; tier <= place_tier(places, place); tier++) {
            struct place above = place_at_tier(places, place, tier);
            cr_assert_eq(place_tier(places, above), tier);
            cr_assert(above.index <= i && i < place_limit(places, above));
        }
    }
}

Test(places, a_code_of_any_length_finds_its_place)
{
    for (uint32_t i = 0; i < places_count(places); i++) {
        struct place place = {i};
        cr_assert_eq(places_find_code(places, place_code(places, place)).index, i);
        cr_assert_eq(places_find_code(places, place_code12(places, place)).index, i);
        cr_assert_eq(place_code12(places, place).bytes, PLACE_CODE_BYTES);
    }
    cr_expect_eq(by_code("511100").index, 0, "as GB/T 2260 writes the city");
    static const char *const none[] = {"",          "5112",         "511199",
                                       "51112",     "5111260010",   "511126x",
                                       "511126999", "511126001999", "#5111"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_expect(place_is_none(by_code(none[i])), "%s", none[i]);
    cr_expect(place_looks_like_code(span_of_string("999")));
    cr_expect(!place_looks_like_code(span_of_string("")));
    cr_expect(!place_looks_like_code(span_of_string("5111市")));
}

Test(places, the_path_of_a_place_leads_back_to_it)
{
    for (uint32_t i = 0; i < places_count(places); i++) {
        char path[PLACE_PATH_BYTES_MAX];
        struct place_candidates found;
        size_t bytes = place_path(places, (struct place){i}, path);
        cr_assert_eq(bytes, strlen(path));
        cr_assert_eq(places_resolve(places, span_of(path, bytes), &found), RESOLVED, "%s", path);
        cr_assert_eq(found.places[0].index, i, "%s", path);
    }
    char path[PLACE_PATH_BYTES_MAX];
    place_path(places, by_code("511126001"), path);
    cr_expect_str_eq(path, "乐山市/夹江县/青衣街道");
}

/* What a name resolves to: a code, "nothing", or "ambiguous" with the count and all codes. */
static const char *resolve(const char *name)
{
    static char text[512];
    struct place_candidates found;
    enum resolution resolution = places_resolve(places, span_of_string(name), &found);
    if (resolution == RESOLVED_NOTHING)
        return found.count == 0 ? "nothing" : "broken";
    int used = resolution == RESOLVED ? 0 : sprintf(text, "%u:", found.count);
    cr_expect_eq(resolution == RESOLVED, found.count == 1);
    for (uint32_t i = 0; i < found.count && i < PLACE_CANDIDATES_MAX; i++)
        used += sprintf(text + used, "%s%.*s", resolution == RESOLVED ? "" : " ",
                        SPAN_ARG(place_code(places, found.places[i])));
    return text;
}

Test(places, names_are_understood_and_never_guessed)
{
    static const struct {
        const char *name, *means;
    } tries[] = {
        {"乐山", "5111"},
        {"夹江县", "511126"},
        {"夹江", "511126"},
        {"峨边彝族自治县", "511132"},
        {"峨边", "511132"},
        {"五通桥", "511112"},
        {"漹城街道", "511126002"},
        {"漹城", "511126002"},
        {"漹城街道办事处", "511126002"},
        {"苏稽镇", "511102106"},
        {"夹江县/漹城街道", "511126002"},
        {"夹江/漹城", "511126002"},
        {"乐山市/夹江县/漹城街道", "511126002"},
        {"乐山/漹城", "511126002"},
        {" 夹江县 / 漹城街道 ", "511126002"},
        {"/夹江县//漹城街道/", "511126002"},
        {"漹城街道/夹江县", "nothing"},
        {"沙湾区/漹城街道", "nothing"},
        {"沙湾区/夹江县/漹城街道", "nothing"},
        {"沙湾区", "511111"},
        {"沙湾镇", "511111100"},
        {"沙湾", "3: 511111 511111100 511123101205"},
        {"沙湾/沙湾", "511111100"},
        {"市中区", "511102"},
        {"四川省/乐山市", "5111"},
        {"云南省/乐山市", "nothing"},
        {"市", "nothing"},
        {"", "nothing"},
        {"/", "nothing"},
        {" / ", "nothing"},
        {"乐山/乐山/乐山/乐山/乐山/乐山/乐山/乐山/乐山", "nothing"},
        {"天上", "nothing"},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        cr_expect_str_eq(resolve(tries[i].name), tries[i].means, "%s is %s", tries[i].name,
                         resolve(tries[i].name));
}

/* How many bear exactly this name in full, by looking at all of them. */
static uint32_t count_full(struct span name)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < places_count(places); i++)
        count += span_equal(place_name(places, (struct place){i}), name);
    return count;
}

static uint32_t count_short(struct span name)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < places_count(places); i++)
        count += span_equal(place_short_name(places, (struct place){i}), name);
    return count;
}

Test(places, all_who_bear_a_name_in_full_are_candidates_and_nobody_else)
{
    uint32_t ambiguous = 0;
    for (uint32_t i = 0; i < places_count(places); i++) {
        struct place_candidates found;
        struct span name = place_name(places, (struct place){i});
        cr_assert_neq(places_resolve(places, name, &found), RESOLVED_NOTHING);
        cr_assert_eq(found.count, count_full(name), "%.*s", SPAN_ARG(name));
        ambiguous += found.count > 1;

        struct span short_name = place_short_name(places, (struct place){i});
        if (short_name.bytes == 0 || count_full(short_name) > 0)
            continue;
        cr_assert_neq(places_resolve(places, short_name, &found), RESOLVED_NOTHING);
        cr_assert_geq(found.count, count_short(short_name), "%.*s", SPAN_ARG(short_name));
    }
    cr_expect_gt(ambiguous, 100, "many villages share a name");
}

Test(places, the_tree_is_that_of_the_statistics_bureau)
{
    FILE *file = fopen("../shared/data/jurisdictions/leshan.tsv", "r");
    if (file == NULL)
        cr_skip_test("no shared data");
    char row[512];
    uint32_t rows = 0;
    cr_assert(fgets(row, sizeof row, file) != NULL);
    while (fgets(row, sizeof row, file) != NULL) {
        char *rest = row;
        char *code = strsep(&rest, "\t");
        char *name = strsep(&rest, "\t");
        struct place place = by_code(code);
        cr_assert(!place_is_none(place), "%s", code);
        cr_assert(span_is(place_name(places, place), name), "%s", code);
        rows++;
    }
    fclose(file);
    cr_expect_eq(rows, places_count(places));
}

/* -- what people get wrong --------------------------------------------------------------------- */

#define HEAD "code,name,kind,short_name\n"

static bool finds(const char *text, const char *const *wanted, size_t count)
{
    struct small_city small;
    small_city_make(&small);
    city_file_write_text(&small, "places.csv", text);
    small_city_forget(&small);
    (void)places_load(folder_of(small.directory), small.arena, small.diag);
    bool found = city_file_found(small.diag, wanted, count);
    small_city_remove(&small);
    return found;
}

#define EXPECT_FINDINGS(text, ...)                                                                 \
    do {                                                                                           \
        static const char *const wanted[] = {__VA_ARGS__};                                         \
        cr_expect(finds(text, wanted, sizeof wanted / sizeof wanted[0]), "in\n%s", text);          \
    } while (0)

Test(places, every_mistake_in_the_file_is_found_where_it_stands)
{
    EXPECT_FINDINGS("name,code,kind,short_name\n乐山市,5111,,\n",
                    "places.csv:1: the first line must be: code,name,kind,short_name");
    EXPECT_FINDINGS(HEAD "5111,乐山市,,\n51112,夹江县,,\n51112x,沐川县,,\n,无,,\n",
                    "places.csv:3:1: '51112' is no place code; they have 4 digits",
                    "places.csv:4:1: '51112x' is no place code", "places.csv:5:1: '' is no place");
    EXPECT_FINDINGS(HEAD "5111,乐山市,,\n5.11126E+11,北街,,\n",
                    "places.csv:3:1: '5.11126E+11' is what a spreadsheet makes of a long code; "
                    "write it in full with a # in front");
    EXPECT_FINDINGS(HEAD "5111,乐山市,,\n511126,夹江县,,\n511129,沐川县,,\n#511126,又夹江县,,\n",
                    "places.csv:5:1: place 511126 stands here already (line 3)");
    EXPECT_FINDINGS(HEAD "5111,乐山市,,\n511126001,漹城街道,,\n511126001001,北街,,\n",
                    "places.csv:3:1: place 511126001 has no parent here; add a line of 511126,");
    EXPECT_FINDINGS(HEAD "5111,乐山市,,\n511126,夹江县,,\n511126000001,北街,,\n",
                    "places.csv:4:1: place 511126000001 has no parent here; add a line of "
                    "511126000,");
    EXPECT_FINDINGS(HEAD "5111,乐山市,,\n5101,成都市,,\n511126,夹江县,,\n",
                    "places.csv:2:1: a second city, 5111 beside 5101 (line 3)");
    EXPECT_FINDINGS(HEAD "5111,乐山市,,\n510104,锦江区,,\n",
                    "places.csv:3:1: place 510104 has no parent here; add a line of 5101,");
    EXPECT_FINDINGS(HEAD "5111,乐山市,,\n511126,,县,夹江\n511126001,漹城/街道,,\n",
                    "places.csv:3:8: place 511126 needs a name",
                    "places.csv:4:11: a name has at most 120 bytes, and no '/'");
    EXPECT_FINDINGS(HEAD "5111,乐山市,,\n511126,夹江县,县\n",
                    "places.csv:3: has 3 cells, the first line has 4");
    EXPECT_FINDINGS(HEAD, "places.csv: there is no city; add a line with a code of 4 digits");
}

Test(places, a_shuffled_file_gives_the_same_tree)
{
    struct small_city small;
    small_city_make(&small);
    city_file_write_text(&small, "places.csv",
                         HEAD "511126001001,北街社区,居委会,\n#511126001,漹城街道,街道,\n"
                              "511102,市中区,市辖区,\n#5111,乐山市,地级市,\n511126,夹江县,县,\n");
    const struct places *shuffled =
        places_load(folder_of(small.directory), small.arena, small.diag);
    cr_expect_eq(diag_count(small.diag), 0);
    static const char *const codes[] = {"5111", "511102", "511126", "511126001", "511126001001"};
    cr_assert_eq(places_count(shuffled), 5);
    for (uint32_t i = 0; i < 5; i++)
        cr_expect(span_is(place_code(shuffled, (struct place){i}), codes[i]));
    cr_expect_eq(place_limit(shuffled, (struct place){2}), 5);
    cr_expect_eq(place_limit(shuffled, (struct place){1}), 2);
    cr_expect_eq(places_source(shuffled).data[0], 'c');
    small_city_remove(&small);
}

Test(places, villages_and_their_committees_go_by_each_others_names)
{
    struct small_city small;
    small_city_make(&small);
    city_file_write_text(&small, "places.csv",
                         HEAD "5111,乐山市,,\n511126,夹江县,,\n511126001,漹城街道,,\n"
                              "511126001001,北街社区居民委员会,,\n511126001002,南街社区,,\n"
                              "511126001003,东街居委会,,\n511126001201,甲石村委会,,\n"
                              "511126001202,乙石村民委员会,,\n511126001203,丙村委会,,\n");
    places = places_load(folder_of(small.directory), small.arena, small.diag);
    static const char *const same[][4] = {
        {"北街社区居民委员会", "北街社区居委会", "北街社区", "北街"},
        {"南街社区居民委员会", "南街社区居委会", "南街社区", "南街"},
        {"东街居民委员会", "东街居委会", "东街居委会", "东街"},
        {"甲石村民委员会", "甲石村委会", "甲石村", "甲石"},
        {"乙石村民委员会", "乙石村委会", "乙石村", "乙石"},
        {"丙村民委员会", "丙村委会", "丙村", "丙村"},
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        for (size_t j = 0; j < 4; j++) {
            char code[32];
            sprintf(code, "511126001%03zu", i < 3 ? i + 1 : i + 198);
            cr_expect_str_eq(resolve(same[i][j]), code, "%s", same[i][j]);
        }
    cr_expect_str_eq(resolve("丙"), "nothing");
    small_city_remove(&small);
}

Test(places, a_full_name_wins_over_what_others_are_called_for_short)
{
    struct small_city small;
    small_city_make(&small);
    city_file_write_text(&small, "places.csv",
                         HEAD "5111,乐山市,,\n511126,夹江县,,\n511126001,漹城街道,,\n"
                              "511126001201,红旗村,,\n511126001202,红旗村委会,,\n"
                              "511126001203,红旗村民委员会,,\n");
    places = places_load(folder_of(small.directory), small.arena, small.diag);
    cr_expect_str_eq(resolve("红旗村"), "511126001201");
    cr_expect_str_eq(resolve("漹城/红旗村委会"), "511126001202");
    cr_expect_str_eq(resolve("红旗"), "3: 511126001201 511126001202 511126001203");
    small_city_remove(&small);
}
