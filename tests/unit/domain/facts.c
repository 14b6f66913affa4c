/* A case's words against a city: what becomes a number, what a doubt, and what is refused.
 *
 * One case at a time, lenient and strict, on Leshan; messages are read as an adapter's author reads
 * them.
 */
#include "base/utf8.h"
#include "tests/support/city_file.h"
#include "tests/support/texts.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct texts texts;
static const struct city *city;
static struct facts facts;
static struct misfit misfit;

static void set_up(void)
{
    texts_of_leshan(&texts);
    city = texts.city;
}

static void tear_down(void)
{
    texts_remove(&texts);
}

TestSuite(facts, .init = set_up, .fini = tear_down);

static bool resolve(const char *line, const char *category, const char *place, bool strict)
{
    struct case_words words = {.line = span_of_string(line),
                               .category = span_of_string(category),
                               .place = span_of_string(place)};
    facts = (struct facts){.doubts = UINT32_MAX, .minute = 7};
    misfit = (struct misfit){.field = "none"};
    bool resolved = facts_resolve(city, &words, strict, NULL, &facts, &misfit);
    cr_expect_eq(facts.minute, 7, "the other facts stay");
    return resolved;
}

static const char *place(void)
{
    static char code[16];
    if (place_is_none(facts.place))
        return "";
    snprintf(code, sizeof code, "%.*s", SPAN_ARG(place_code(city_places(city), facts.place)));
    return code;
}

Test(facts, what_is_not_said_is_none_and_no_doubt)
{
    cr_expect(resolve("", "", "", true));
    cr_expect_eq(facts.doubts, 0);
    cr_expect_eq(facts.line.index, LINE_NONE.index);
    cr_expect_eq(facts.category.index, CATEGORY_NONE.index);
    cr_expect(place_is_none(facts.place));
}

Test(facts, what_is_known_becomes_a_number)
{
    for (int strict = 0; strict < 2; strict++) {
        cr_expect(resolve("12333", "#030101", "#511126002", strict));
        cr_expect_str_eq(place(), "511126002");
        cr_expect(resolve("12333", "030101", "511126002", strict));
        cr_expect_eq(facts.doubts, 0);
        cr_expect_eq(facts.line.index, city_line(city, span_of_string("12333")).index);
        cr_expect(span_is(category_code(city, facts.category), "030101"));
        cr_expect_str_eq(place(), "511126002");
        cr_expect(resolve("", "#03", "夹江/漹城", strict));
        cr_expect(span_is(category_code(city, facts.category), "03"));
        cr_expect_str_eq(place(), "511126002");
    }
}

Test(facts, what_is_unclear_is_a_doubt_or_refused_where_strict)
{
    static const struct {
        const char *line, *category, *place;
        uint32_t doubts;
        const char *field;
    } tries[] = {
        {"12346", "", "", DOUBT_LINE_UNKNOWN, "line"},
        {"", "噪声", "", DOUBT_CATEGORY_UNKNOWN, "category"},
        {"", "#", "", DOUBT_CATEGORY_UNKNOWN, "category"},
        {"", "", "月亮村", DOUBT_PLACE_UNKNOWN, "place"},
        {"", "", "511126漹城", DOUBT_PLACE_UNKNOWN, "place"},
        {"", "", "沙湾", DOUBT_PLACE_AMBIGUOUS, "place"},
        {"热线", "噪声", "沙湾",
         DOUBT_LINE_UNKNOWN | DOUBT_CATEGORY_UNKNOWN | DOUBT_PLACE_AMBIGUOUS, "place"},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        cr_expect(resolve(tries[i].line, tries[i].category, tries[i].place, false));
        cr_expect_eq(facts.doubts, tries[i].doubts, "try %zu", i);
        cr_expect(place_is_none(facts.place));
        cr_expect(!resolve(tries[i].line, tries[i].category, tries[i].place, true));
        cr_expect_str_eq(misfit.field, tries[i].field);
        cr_expect(strlen(misfit.message) > 20);
    }
}

Test(facts, a_code_that_does_not_exist_is_refused_always)
{
    static const struct {
        const char *category, *place, *field, *message;
    } tries[] = {
        {"0399", "", "category", "is not a category of 乐山市; write a code such as 0301"},
        {"#99", "", "category", "is not a category of 乐山市"},
        {"", "511126999", "place", "there is no such code; 511126 is 夹江县, as far as it goes"},
        {"", "511126002999", "place", "there is no such code; 511126002 is 漹城街道"},
        {"", "511199", "place", "there is no such code; 5111 is 乐山市"},
        {"", "510104", "place", "there is no such code; all of 乐山市 begin with 5111"},
        {"", "5", "place", "there is no such code; all of 乐山市 begin with 5111"},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        for (int strict = 0; strict < 2; strict++) {
            cr_expect(!resolve("", tries[i].category, tries[i].place, strict));
            cr_expect_str_eq(misfit.field, tries[i].field);
            cr_expect(strncmp(misfit.message, tries[i].message, strlen(tries[i].message)) == 0,
                      "%s", misfit.message);
            const char *value = i < 2 ? tries[i].category : tries[i].place;
            cr_expect(span_is(misfit.value, value));
        }
}

Test(facts, candidates_are_named_by_paths_that_can_be_sent_back)
{
    cr_expect(!resolve("", "", "沙湾", true));
    cr_expect_str_eq(misfit.message, "3 places are called so; write a code, or a path such as "
                                     "沙湾区, 沙湾区/沙湾镇, 犍为县/孝姑镇/沙湾村委会");
    cr_expect(resolve("", "", "沙湾区/沙湾镇", true));
    cr_expect(!resolve("", "", "新场", true));
    cr_expect(strstr(misfit.message, " ...") != NULL, "%s", misfit.message);
}

/* Every name that several bear fits, or is cut between characters. */
Test(facts, messages_are_whole_text)
{
    const struct places *places = city_places(city);
    for (uint32_t i = 0; i < places_count(places); i++) {
        struct case_words words = {.place = place_short_name(places, (struct place){i})};
        if (facts_resolve(city, &words, true, NULL, &facts, &misfit))
            continue;
        struct span message = span_of_string(misfit.message);
        cr_assert(message.bytes < sizeof misfit.message);
        cr_assert_eq(utf8_check(message), message.bytes, "%s", misfit.message);
    }
}

/* -- words ------------------------------------------------------------------------------------- */

struct told {
    const char *place, *address, *title, *text;
};

static bool resolve_told(struct told told, enum type type, const char *respondent, bool strict)
{
    struct case_words words = {.place = span_of_string(told.place == NULL ? "" : told.place),
                               .address = span_of_string(told.address == NULL ? "" : told.address),
                               .title = span_of_string(told.title == NULL ? "" : told.title),
                               .text = span_of_string(told.text == NULL ? "" : told.text),
                               .respondent = span_of_string(respondent)};
    facts = (struct facts){.doubts = UINT32_MAX, .type = type};
    misfit = (struct misfit){.field = "none"};
    return facts_resolve(city, &words, strict, &texts.scratch, &facts, &misfit);
}

Test(facts, a_place_comes_from_the_words_only_where_none_is_given)
{
    static const struct {
        struct told told;
        const char *place;
        bool from_words;
    } tries[] = {
        {{"苏稽镇", "漹城街道", "", "沙湾区"}, "511102106", false},
        {{"511126", "漹城街道", "", ""}, "511126", false},
        {{"", "漹城街道迎春路12号", "苏稽镇", "沙湾区"}, "511126002", true},
        {{"", "迎春路12号", "夹江县的路灯", "在漹城街道"}, "511126002", true},
        {{"", "夹江县", "", "在漹城街道"}, "511126002", true},
        {{"", "", "漹城街道停水", ""}, "511126002", true},
        {{"", "", "", "乐山市的路灯"}, "", false},
        {{"", "", "", "路灯坏了"}, "", false},
        {{"红旗村", "市中区", "", ""}, "511102103216", true},
        {{"沙湾村", "", "", "沙湾区"}, "511123101205", false},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        for (int strict = 0; strict < 2; strict++) {
            cr_expect(resolve_told(tries[i].told, TYPE_HELP, "", strict), "try %zu", i);
            cr_expect_str_eq(place(), tries[i].place, "try %zu: %s", i, place());
            cr_expect_eq(facts.place_from_words, tries[i].from_words, "try %zu", i);
            cr_expect_eq(facts.doubts, 0, "try %zu", i);
            cr_expect_eq(facts.places.count, 0, "try %zu", i);
        }
}

Test(facts, words_that_contradict_each_other_leave_candidates)
{
    static const struct {
        struct told told;
        uint32_t doubts;
        const char *candidates;
    } tries[] = {
        {{"", "", "", "从夹江县到沙湾区的车"}, DOUBT_PLACE_AMBIGUOUS, "沙湾区 | 夹江县"},
        {{"沙湾", "", "", "从夹江县到苏稽镇"},
         DOUBT_PLACE_AMBIGUOUS,
         "沙湾区 | 沙湾区/沙湾镇 | 犍为县/孝姑镇/沙湾村委会"},
        {{"沙湾", "", "", "在沙湾区"},
         DOUBT_PLACE_AMBIGUOUS,
         "沙湾区 | 沙湾区/沙湾镇 | 犍为县/孝姑镇/沙湾村委会"},
        {{"月亮村", "", "", "在漹城街道"}, DOUBT_PLACE_UNKNOWN, "夹江县/漹城街道"},
        {{"月亮村", "", "", "路灯坏了"}, DOUBT_PLACE_UNKNOWN, "nothing"},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        cr_expect(resolve_told(tries[i].told, TYPE_HELP, "", false));
        cr_expect_eq(facts.doubts, tries[i].doubts, "try %zu", i);
        cr_expect(place_is_none(facts.place) && !facts.place_from_words);
        enum resolution resolution = facts.places.count == 0   ? RESOLVED_NOTHING
                                     : facts.places.count == 1 ? RESOLVED
                                                               : RESOLVED_AMBIGUOUS;
        cr_expect_str_eq(texts_places(&texts, resolution, &facts.places), tries[i].candidates);
        cr_expect(!resolve_told(tries[i].told, TYPE_HELP, "", true), "try %zu", i);
        cr_expect_str_eq(misfit.field, "place");
    }
    cr_expect(!resolve_told((struct told){.text = "从夹江县到沙湾区的车"}, TYPE_HELP, "", true));
    cr_expect_str_eq(misfit.message, "is not given, and the words name 2 places; write a code, or "
                                     "a path such as 沙湾区, 夹江县");
    cr_expect_eq(misfit.value.bytes, 0);
}

/* Of those beyond the candidates nobody knows where they lie, so none of the others is chosen. */
Test(facts, of_more_places_than_are_named_the_words_choose_none)
{
    enum { TOWNS = PLACE_CANDIDATES_MAX + 2 };
    struct small_city small;
    struct texts few;
    char tables[4096] = "code,name,kind,short_name\n5111,乐山市,,\n511126,夹江县,,\n"
                        "511102,市中区,,\n";
    for (int i = 1; i <= TOWNS; i++) {
        char rows[128];
        snprintf(rows, sizeof rows, "511126%03d,%d号镇,,\n511126%03d001,红旗村委会,,\n", i, i, i);
        strcat(tables, rows);
    }
    small_city_make(&small);
    city_file_write_text(&small, "places.csv", tables);
    const struct city *many = city_load(folder_of(small.directory), small.arena, small.diag);
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    texts_of(&few, many);
    struct case_words words = {.place = span_of_string("红旗村"),
                               .text = span_of_string("我住在夹江县2号镇")};
    struct facts found = {.minute = 7};
    cr_assert(facts_resolve(many, &words, false, &few.scratch, &found, &misfit));
    cr_expect_eq(found.places.count, TOWNS);
    cr_expect_eq(found.doubts, DOUBT_PLACE_AMBIGUOUS);
    cr_expect(place_is_none(found.place));
    text_scratch_destroy(&few.scratch.text);
    keywords_close(city_keywords(many));
    small_city_remove(&small);
}

static const char *about(void)
{
    static char key[UNIT_KEY_BYTES_MAX + 1];
    static const char *const others[] = {"not said", "broken", "other"};
    if (facts.respondent != RESPONDENT_UNIT) {
        cr_expect_eq(facts.about.index, UNIT_NONE.index);
        return others[facts.respondent];
    }
    snprintf(key, sizeof key, "%.*s", SPAN_ARG(unit_key(city, facts.about)));
    return key;
}

Test(facts, whom_a_case_is_about)
{
    static const struct {
        enum type type;
        const char *respondent, *text, *about;
    } tries[] = {
        {TYPE_COMPLAINT, "夹江县教育局张某某", "", "511126000000.education"},
        {TYPE_COMPLAINT, "某烧烤店", "夹江县教育局门口", "other"},
        {TYPE_COMPLAINT, "", "夹江县教育局不作为", "not said"},
        {TYPE_REPORT, "", "夹江县教育局张某某收红包", "511126000000.education"},
        {TYPE_REPORT, "张某某", "夹江县教育局张某某收红包", "511126000000.education"},
        {TYPE_REPORT, "夹江县教育局", "沙湾区教育局", "511126000000.education"},
        {TYPE_REPORT, "张某某", "向夹江县教育局反映过", "other"},
        {TYPE_REPORT, "", "某烧烤店卖假酒", "not said"},
        {TYPE_REPORT, "红旗村委会主任", "在市中区", "511102103216.general"},
        {TYPE_REPORT, "红旗村委会主任", "", "other"},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct told told = {.place = strstr(tries[i].text, "市中区") ? "红旗村" : "",
                            .text = tries[i].text};
        cr_expect(resolve_told(told, tries[i].type, tries[i].respondent, false));
        cr_expect_str_eq(about(), tries[i].about, "try %zu: %s", i, about());
    }
}

Test(facts, hits_are_those_of_address_title_and_text)
{
    cr_expect(resolve_told((struct told){.place = "夹江县"}, TYPE_HELP, "", false));
    cr_expect(facts.hits == NULL);
    cr_expect(resolve_told((struct told){"", "ＡＢ", "", "噪 声"}, TYPE_HELP, "", false));
    cr_expect(span_is(text_names(facts.hits)->folded, "ab\n\n噪声\n"));
}

Test(facts, doubts_of_a_decision_are_refused_with_their_candidates)
{
    struct category candidates[4] = {{0}, {1}, {2}, {3}};
    struct facts none = {0};
    facts_refuse_doubts(city, &none, DOUBT_CATEGORY_UNCLEAR | DOUBT_NO_RULE, candidates, 2,
                        &misfit);
    char expected[256];
    snprintf(
        expected, sizeof expected,
        "is not given, and the words fit several alike; write a code, such as one of %.*s "
        "%.*s, %.*s %.*s",
        SPAN_ARG(category_code(city, candidates[0])), SPAN_ARG(category_name(city, candidates[0])),
        SPAN_ARG(category_code(city, candidates[1])), SPAN_ARG(category_name(city, candidates[1])));
    cr_expect_str_eq(misfit.message, expected);
    cr_expect_str_eq(misfit.field, "category");
    facts_refuse_doubts(city, &none, DOUBT_CATEGORY_UNCLEAR, candidates, 4, &misfit);
    cr_expect(strstr(misfit.message, " ...") != NULL, "%s", misfit.message);
    facts_refuse_doubts(city, &none, DOUBT_CATEGORY_UNCLEAR, candidates, 0, &misfit);
    cr_expect_str_eq(misfit.message, "is not given, and the words fit no category of 乐山市; write "
                                     "a code such as 0301");
    facts_refuse_doubts(city, &none, DOUBT_NO_UNIT, candidates, 0, &misfit);
    cr_expect_str_eq(misfit.message, "no unit is left that could take it; say more, or submit "
                                     "without strict");
    cr_expect_str_eq(misfit.field, "");
}

Test(facts, every_doubt_has_its_words)
{
    for (uint32_t i = 0; i < DOUBTS; i++) {
        cr_expect(strlen(doubt_text((enum doubt)(1u << i))) > 10);
        for (uint32_t j = 0; j < i; j++)
            cr_expect_str_neq(doubt_text((enum doubt)(1u << i)), doubt_text((enum doubt)(1u << j)));
    }
}
