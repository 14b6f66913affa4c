/* Units by what people call them: in the words of a report, and at the start of a respondent's
 * name.
 *
 * Tried one by one in tables, on Leshan; and each of its units by its own name.
 */
#include "tests/support/small_city.h"
#include "tests/support/texts.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct texts texts;
static const struct city *city;

static void set_up(void)
{
    texts_of_leshan(&texts);
    city = texts.city;
}

static void tear_down(void)
{
    texts_remove(&texts);
}

TestSuite(unit_names, .init = set_up, .fini = tear_down);

struct trial {
    const char *text, *means;
};

static const char *place_in(const char *text)
{
    struct place_candidates found;
    enum resolution resolution = hints_place(texts.hints, texts_scan(&texts, "", text), &found);
    return texts_places(&texts, resolution, &found);
}

static const char *named(struct unit unit)
{
    static char text[256];
    if (unit.index == UNIT_NONE.index)
        return "none";
    snprintf(text, sizeof text, "%.*s", SPAN_ARG(unit_key(city, unit)));
    return text;
}

static const char *unit_in(const char *text)
{
    return named(hints_unit(texts.hints, texts_scan(&texts, "", text)));
}

static const char *unit_at_start(const char *text)
{
    return named(hints_unit_at_start(texts.hints, span_of_string(text), PLACE_NONE));
}

Test(unit_names, the_unit_named_first_in_full)
{
    static const struct trial trials[] = {
        {"举报夹江县教育局张某某收受红包", "511126000000.education"},
        {"举报夹江教育局张某某", "511126000000.education"},
        {"乐山市夹江县教育局的人", "511126000000.education"},
        {"四川省乐山市教育局的人", "511100000000.education"},
        {"夹江县生态环境局和夹江县水务局推诿", "511126000000.environment"},
        {"乐山市夹江县生态环境局推诿", "511126000000.environment"},
        {"乐山市公安局市中区分局不立案", "511102000000.police"},
        {"夹江县政府乱作为", "511126000000.general"},
        {"漹城街道办乱收费", "511126002000.general"},
        {"苏稽镇人民政府乱收费", "511102106000.general"},
        {"夹江县公安局交通警察大队乱罚款", "511126000000.traffic_police"},
        {"请夹江县教育局查处", "none"},
        {"向乐山市夹江县教育局反映", "none"},
        {"向乐山市中区教育局反映", "none"},
        {"市中教育局推诿", "511102000000.education"},
        {"全市中教育局最差", "none"},
        {"希望夹江县政府重视,夹江县水务局不作为", "511126000000.water"},
        {"举报某教育局", "none"},
        {"夹江县教育", "none"},
        {"内江市市中区教育局", "none"},
        {"漹城街道有人打架", "none"},
        {"燕子坎村村委会账目不清", "511111103209.general"},
        {"红旗村委会账目不清", "none"},
        {"", "none"},
    };
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++)
        cr_expect_str_eq(unit_in(trials[i].text), trials[i].means, "%s: %s", trials[i].text,
                         unit_in(trials[i].text));
}

Test(unit_names, the_unit_a_respondent_begins_with)
{
    static const struct trial trials[] = {
        {"夹江县教育局", "511126000000.education"},
        {"夹江县教育局张某某", "511126000000.education"},
        {"夹江縣教育局 張某某", "511126000000.education"},
        {"夹江县公安局交通警察大队一中队", "511126000000.traffic_police"},
        {"四川省乐山市夹江县教育局", "511126000000.education"},
        {"夹江县漹城街道办事处", "511126002000.general"},
        {"夹江县新场镇红旗社区居委会主任", "511126110003.general"},
        {"夹江县新场镇红旗社区居民委员会", "511126110003.general"},
        {"张某某(夹江县教育局)", "none"},
        {"某教育局", "none"},
        {"夹江县", "none"},
        {"红旗村", "none"},
        {"", "none"},
    };
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++)
        cr_expect_str_eq(unit_at_start(trials[i].text), trials[i].means, "%s: %s", trials[i].text,
                         unit_at_start(trials[i].text));
}

Test(unit_names, every_unit_is_known_by_its_name)
{
    for (uint32_t i = 0; i < city_units(city); i++) {
        struct unit unit = {i};
        struct unit at_start =
            hints_unit_at_start(texts.hints, unit_name(city, unit), unit_place(city, unit));
        cr_assert(span_equal(unit_name(city, at_start), unit_name(city, unit)), "%.*s",
                  SPAN_ARG(unit_name(city, unit)));
        cr_assert_eq(unit_place(city, at_start).index, unit_place(city, unit).index);
    }
}

/* In the small city the government of a place is called as the place is. */
Test(unit_names, a_unit_called_as_its_place_is_not_named_by_it)
{
    struct small_city small;
    small_city_make(&small);
    texts_remove(&texts);
    texts_of(&texts, small.city);
    city = small.city;
    cr_expect_str_eq(unit_in("夹江县有人打架"), "none");
    cr_expect_str_eq(unit_at_start("夹江县某人"), "none");
    cr_expect_str_eq(unit_in("夹江县卫健局不管"), "511126000000.health");
    cr_expect_str_eq(unit_in("夹江卫健局不管"), "511126000000.health");
    cr_expect_str_eq(unit_in("漹城街道北街社区居委会不管"), "511126001001.general");
    cr_expect_str_eq(place_in("夹江县卫健局不管"), "夹江县");
    cr_expect_str_eq(place_in("夹江县红旗村"), "夹江县/漹城街道/红旗村");
    cr_expect_str_eq(place_in("牟子的红旗村"), "市中区/牟子镇/红旗村 | 夹江县/漹城街道/红旗村");
    cr_expect_str_eq(place_in("牟子镇的红旗村"), "市中区/牟子镇/红旗村");
    texts_remove(&texts);
    small_city_remove(&small);
    texts_of_leshan(&texts);
}
