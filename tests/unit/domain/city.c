/* A city out of its tables: units, lines and categories, and every mistake in any of the files.
 *
 * Leshan shows what holds for a whole city, judged by walks over everything; mistakes are written
 * into the small city, file by file, and once into all of them together.
 */
#include "domain/city/city.h"
#include "tests/support/city_file.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>

static struct arena *arena;
static struct diag *diag;
static const struct city *city;

static void set_up(void)
{
    arena = arena_create();
    diag = diag_create();
    city = city_load(folder_of("cities/leshan"), arena, diag);
    diag_print(diag, stderr);
    cr_assert(city != NULL && diag_count(diag) == 0);
}

static void tear_down(void)
{
    diag_destroy(&diag);
    arena_destroy(&arena);
}

TestSuite(city, .init = set_up, .fini = tear_down);

static const char *name_of(const char *key)
{
    static char text[300];
    struct unit unit = city_unit_by_key(city, span_of_string(key));
    if (unit.index == UNIT_NONE.index)
        return "";
    snprintf(text, sizeof text, "%.*s", SPAN_ARG(unit_name(city, unit)));
    return text;
}

Test(city, leshan_has_some_nineteen_hundred_units)
{
    cr_expect(span_is(city_name(city), "乐山市"));
    cr_expect(city_units(city) > 1800 && city_units(city) < 2200, "%u", city_units(city));
    cr_expect(city_functions(city) > 50 && city_lines(city) > 60);
    cr_expect_str_eq(name_of("511100000000.desk"), "乐山市12345政务服务便民热线");
    cr_expect_str_eq(name_of("511126000000.labour"), "夹江县人力资源和社会保障局");
    cr_expect_str_eq(name_of("511126101000.general"), "黄土镇人民政府");
    cr_expect_str_eq(name_of("511126002000.general"), "漹城街道办事处");
    cr_expect_str_eq(name_of("511102004001.general"), "篦子街社区居委会");
    cr_expect_str_eq(name_of("511126000000.desk"), "", "the desk is the city's alone");
    cr_expect_str_eq(name_of("511126.labour"), "");
    cr_expect_str_eq(name_of(""), "");
}

Test(city, every_function_ends_at_the_city_and_every_place_has_its_own)
{
    struct function general = city_function(city, span_of_string("general"));
    cr_assert_neq(general.index, FUNCTION_NONE.index);
    for (uint32_t f = 0; f < city_functions(city); f++) {
        struct function function = {f};
        struct place root = {0};
        cr_expect_neq(city_unit(city, function, root).index, UNIT_NONE.index);
        cr_expect_eq(city_function(city, function_code(city, function)).index, f);
        cr_expect(function_name(city, function).bytes > 0);
    }
    for (uint32_t p = 0; p < places_count(city_places(city)); p++)
        cr_expect_neq(city_unit(city, general, (struct place){p}).index, UNIT_NONE.index);
    cr_expect(span_is(function_code(city, city_desk(city)), "desk"));
}

Test(city, units_stand_in_the_order_of_their_keys_and_are_found_both_ways)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < city_units(city); i++) {
        struct unit unit = {i};
        struct span key = unit_key(city, unit);
        char expected[UNIT_KEY_BYTES_MAX];
        snprintf(expected, sizeof expected, "%.*s.%.*s",
                 SPAN_ARG(place_code12(city_places(city), unit_place(city, unit))),
                 SPAN_ARG(function_code(city, unit_function(city, unit))));
        cr_assert(span_is(key, expected));
        cr_assert_eq(city_unit_by_key(city, key).index, i);
        cr_assert_eq(city_unit(city, unit_function(city, unit), unit_place(city, unit)).index, i);
        cr_assert(i == 0 || span_compare(unit_key(city, (struct unit){i - 1}), key) < 0);
    }
    for (uint32_t f = 0; f < city_functions(city); f++)
        for (uint32_t p = 0; p < places_count(city_places(city)); p++)
            found +=
                city_unit(city, (struct function){f}, (struct place){p}).index != UNIT_NONE.index;
    cr_expect_eq(found, city_units(city));
}

Test(city, lines_lead_to_the_function_behind_them)
{
    static const struct {
        const char *number, *function;
    } some[] = {{"12345", "desk"},         {"12333", "labour"}, {"12315", "market"},
                {"12329", "housing_fund"}, {"110", "police"},   {"96119", "fire"},
                {"12395", "transport"},    {"12338", "women"},  {"12363", "central_bank"}};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        struct line line = city_line(city, span_of_string(some[i].number));
        cr_assert_neq(line.index, LINE_NONE.index, "%s", some[i].number);
        cr_expect(span_is(function_code(city, line_function(city, line)), some[i].function));
    }
    for (uint32_t i = 0; i < city_lines(city); i++) {
        struct line line = {i};
        cr_expect_eq(city_line(city, line_number(city, line)).index, i);
        cr_expect(line_name(city, line).bytes > 0);
    }
    static const char *const none[] = {"", "1", "12344", "123450", "12346", "9999999"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_expect_eq(city_line(city, span_of_string(none[i])).index, LINE_NONE.index);
}

Test(city, all_numbers_that_were_merged_are_lines)
{
    FILE *file = fopen("../shared/data/hotlines/hotline_merge.tsv", "r");
    if (file == NULL)
        cr_skip_test("no shared data");
    char row[512];
    cr_assert(fgets(row, sizeof row, file) != NULL);
    while (fgets(row, sizeof row, file) != NULL) {
        char *rest = row;
        char *number = strsep(&rest, "\t");
        cr_expect_neq(city_line(city, span_of_string(number)).index, LINE_NONE.index, "%s", number);
    }
    fclose(file);
}

Test(city, a_category_and_all_below_it_are_a_range)
{
    uint32_t levels[4] = {0};
    for (uint32_t i = 0; i < city_categories(city); i++) {
        struct category category = {i};
        struct span code = category_code(city, category);
        uint32_t below = 0;
        for (uint32_t j = 0; j < city_categories(city); j++)
            below += span_starts_with(category_code(city, (struct category){j}), code);
        cr_assert_eq(category_limit(city, category), i + below, "%.*s", SPAN_ARG(code));
        cr_assert_eq(city_category(city, code).index, i);
        cr_assert(category_name(city, category).bytes > 0);
        levels[code.bytes / 2]++;
    }
    cr_expect(levels[1] == 18 && levels[2] > 100 && levels[3] >= 380 && levels[3] <= 450,
              "%u, %u, %u", levels[1], levels[2], levels[3]);
    static const char *const none[] = {"", "0", "99", "#01", "010", "01010101"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_expect_eq(city_category(city, span_of_string(none[i])).index, CATEGORY_NONE.index);
}

Test(city, asking_for_a_unit_that_cannot_be_is_a_bug, .signal = SIGABRT)
{
    (void)unit_name(city, UNIT_NONE);
}

/* -- what people get wrong --------------------------------------------------------------------- */

#define FUNCTIONS "code,name,city,county,township,village,basis\n"
#define UNITS     "place,function,name,basis\n"
#define LINES     "number,name,function,mode,basis\n"

static bool finds(const char *name, const char *text, const char *const *wanted, size_t count)
{
    struct small_city small;
    small_city_make(&small);
    city_file_write_text(&small, name, text);
    small_city_forget(&small);
    (void)city_load(folder_of(small.directory), small.arena, small.diag);
    bool found = city_file_found(small.diag, wanted, count);
    small_city_remove(&small);
    return found;
}

#define EXPECT_FINDINGS(name, text, ...)                                                           \
    do {                                                                                           \
        static const char *const wanted[] = {__VA_ARGS__};                                         \
        cr_expect(finds(name, text, wanted, sizeof wanted / sizeof wanted[0]), "in\n%s", text);    \
    } while (0)

/* What the small city's units and lines need. */
#define DESK                                                                                       \
    FUNCTIONS "desk,热线,热线,,,,\nroads,公路,公路局,,,,\nurban,城管,城管局,,,,\n"   \
              "fund,公积金,中心,,,,\n"

Test(city, mistakes_in_functions_are_found)
{
    EXPECT_FINDINGS("functions.csv", "code,name,county,city,township,village,basis\n",
                    "functions.csv:1: the first line must be: "
                    "code,name,city,county,township,village,basis");
    EXPECT_FINDINGS("functions.csv",
                    DESK "Health,卫生,卫健委,,,,\n2nd,二,二局,,,,\n,无,无,,,,\n"
                         "a-b,甲,甲局,,,,\n"
                         "a12345678901234567890123456789012,长,长,,,,\n",
                    "functions.csv:6:1: 'Health' is no function code; use at most 32 lower-case",
                    "functions.csv:7:1: '2nd' is no", "functions.csv:8:1: '' is no",
                    "functions.csv:9:1: 'a-b' is no",
                    "functions.csv:10:1: 'a12345678901234567890123456789012' is no");
    EXPECT_FINDINGS("functions.csv", DESK "urban,又城管,又城管局,,,,\n",
                    "functions.csv:6:1: function urban stands here already (line 4)");
    EXPECT_FINDINGS("functions.csv", DESK "urb,甲,甲局,,,,\nurban_works,乙,乙局,,,,\n",
                    "functions.csv:6:1: function urb and function urban (line 4) begin alike",
                    "functions.csv:7:1: function urban_works and function urban (line 4) begin "
                    "alike",
                    "functions.csv:7:1: function urban_works and function urb (line 6) begin "
                    "alike");
    EXPECT_FINDINGS("functions.csv", DESK "nobody,,卫健委,,,,\n", "functions.csv:6:8: a name is m");
    EXPECT_FINDINGS("functions.csv", DESK "nobody,卫生,,{place}卫健局,,,\n",
                    "functions.csv:6:11: function nobody has no unit at the city tier");
    EXPECT_FINDINGS("functions.csv", DESK "a,甲,{Place}局,{place}局{place},,,\nb,乙,乙局,乙局,,,\n",
                    "functions.csv:6:5: only {place} may stand in braces, and only once",
                    "functions.csv:6:14: only {place} may stand in braces, and only once",
                    "functions.csv:7:8: names every unit of the county tier '乙局'; write {place}");
    EXPECT_FINDINGS("functions.csv",
                    FUNCTIONS "roads,公路,局,,,,\nurban,城管,局,,,,\nfund,公积金,局,,,,\n",
                    "functions.csv: there is no function desk; add one with a unit at the city",
                    "lines.csv:2:10: there is no function 'desk'");
    EXPECT_FINDINGS("functions.csv", DESK "nobody,卫生,卫健委,,,\n",
                    "functions.csv:6: has 6 cells, the first line has 7");
}

Test(city, mistakes_in_units_are_found)
{
    EXPECT_FINDINGS("units.csv", "place,function,basis,name\n",
                    "units.csv:1: the first line must be: place,function,name,basis");
    EXPECT_FINDINGS("units.csv",
                    UNITS "511199,urban,局,\n511126,nobody,局,\n511126,urban,,\n"
                          "5.11126E+11,urban,局,\n",
                    "units.csv:2:1: there is no place '511199'; write a code of places.csv",
                    "units.csv:3:8: there is no function 'nobody'; write a code of functions.csv",
                    "units.csv:4:14: a name is missing; write - to say that there is no such unit",
                    "units.csv:5:1: '5.11126E+11' is what a spreadsheet makes");
    EXPECT_FINDINGS("units.csv", UNITS "5111,desk,-,\n",
                    "units.csv:2:11: 乐山市's own unit cannot be taken away");
    EXPECT_FINDINGS("units.csv", UNITS "#511126,urban,甲,\n511126,urban,乙,\n",
                    "units.csv:3:1: this unit stands here already (line 2)");
}

Test(city, mistakes_in_lines_are_found)
{
    EXPECT_FINDINGS("lines.csv", "number,name\n",
                    "lines.csv:1: the first line must be: number,name,function,mode,basis");
    EXPECT_FINDINGS("lines.csv",
                    LINES "1234S,甲,desk,main,\n1234567890123456,乙,desk,main,\n,丙,desk,main,\n"
                          "12319,丁,nobody,dual,\n12320,,urban,dual,\n12321,戊,urban,doubled,\n"
                          "12345,己,,main,\n12319,庚,urban,dual,\n1.23456E+10,辛,urban,dual,\n",
                    "lines.csv:2:1: '1234S' is no number to dial; digits only, at most 15",
                    "lines.csv:3:1: '1234567890123456' is no number",
                    "lines.csv:4:1: '' is no number",
                    "lines.csv:5:9: there is no function 'nobody'; write a code of functions.csv",
                    "lines.csv:6:7: a name is missing",
                    "lines.csv:7:15: 'doubled' is no mode; they are merged, dual, subcentre, "
                    "unstated, emergency, separate, main",
                    "lines.csv:10:1: '1.23456E+10' is what a spreadsheet makes of a long number",
                    "lines.csv:9:1: number 12319 stands here already (line 5)");
}

Test(city, mistakes_in_categories_are_found)
{
    EXPECT_FINDINGS("categories.csv", "name,code\n",
                    "categories.csv:1: the first line must be: code,name");
    EXPECT_FINDINGS("categories.csv",
                    "code,name\n#012,甲\n#01,乙\n#0a,丙\n#01020304,丁\n#0305,戊\n#010101,己\n"
                    "#01,庚\n#02,\n,辛\n301,壬\n#3,癸\n",
                    "categories.csv:2:1: '#012' is no category code; write #03, #0301 or #030102",
                    "categories.csv:4:1: '#0a' is no", "categories.csv:5:1: '#01020304' is no",
                    "categories.csv:9:5: a name is missing", "categories.csv:10:1: '' is no",
                    "categories.csv:11:1: '301' has an odd number of digits, so a spreadsheet may "
                    "have taken its leading zero; write #0301",
                    "categories.csv:12:1: '#3' has an odd number of digits",
                    "categories.csv:8:1: category 01 stands here already (line 3)",
                    "categories.csv:7:1: category 010101 has no parent here; add a row #0101",
                    "categories.csv:6:1: category 0305 has no parent here; add a row #03");
}

/* Names are looked for in texts, which needs all of them. */
Test(city, mistakes_in_names_of_places_are_found)
{
    EXPECT_FINDINGS("places.csv",
                    "code,name,kind,short_name\n5111,乐山市,,\n511102,,,\n511126,夹江/县,,\n",
                    "places.csv:3:8: place 511102 needs a name",
                    "places.csv:4:8: a name has at most 120 bytes, and no '/'");
}

Test(city, mistakes_in_all_files_are_said_at_once)
{
    static const char *const wanted[] = {
        "places.csv:1: the first line must be", "functions.csv: is missing",
        "lines.csv:2:1: 'x' is no number",
        "categories.csv:2:3: byte 0xFF here is neither UTF-8 nor GB18030", "units.csv: is missing"};
    struct small_city small;
    small_city_make(&small);
    city_file_write_text(&small, "places.csv", "name\n");
    city_file_remove(&small, "functions.csv");
    city_file_write_text(&small, "lines.csv", LINES "x,甲,desk,main,\n");
    city_file_write_text(&small, "categories.csv", "code,name\n\xD2\xBB,\xFFx\n");
    city_file_remove(&small, "units.csv");
    small_city_forget(&small);
    cr_expect(city_load(folder_of(small.directory), small.arena, small.diag) == NULL);
    cr_expect(city_file_found(small.diag, wanted, sizeof wanted / sizeof wanted[0]));
    small_city_remove(&small);
}

Test(city, a_city_lacks_none_of_its_files)
{
    static const char *const names[] = {"places.csv", "functions.csv", "units.csv", "lines.csv",
                                        "categories.csv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char expected[64];
        const char *wanted[] = {expected};
        struct small_city small;
        small_city_make(&small);
        city_file_remove(&small, names[i]);
        small_city_forget(&small);
        cr_expect(city_load(folder_of(small.directory), small.arena, small.diag) == NULL);
        snprintf(expected, sizeof expected, "%s: is missing", names[i]);
        cr_expect(city_file_found(small.diag, wanted, 1));
        city_file_write_text(&small, names[i], "");
        small_city_remove(&small);
    }
}

Test(city, exceptions_rename_remove_and_add_units)
{
    struct small_city small;
    small_city_make(&small);
    city_file_write_text(&small, "units.csv",
                         UNITS "511126,urban,夹江城管委,\n#511102,roads,-,\n"
                               "511126001,urban,漹城中队,\n5111,fund,中心,\n");
    small_city_forget(&small);
    uint32_t before = city_units(small.city);
    city = city_load(folder_of(small.directory), small.arena, small.diag);
    cr_assert_eq(diag_count(small.diag), 0);
    cr_expect_eq(city_units(city), before + 1, "roads were away before, 漹城中队 is new");
    cr_expect_str_eq(name_of("511126000000.urban"), "夹江城管委");
    cr_expect_str_eq(name_of("511126001000.urban"), "漹城中队");
    cr_expect_str_eq(name_of("511102000000.roads"), "");
    cr_expect_str_eq(name_of("511100000000.fund"), "中心");
    cr_expect_str_eq(name_of("511102000000.urban"), "市中区城管局");
    small_city_remove(&small);
}
