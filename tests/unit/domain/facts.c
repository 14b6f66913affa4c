/* A case's words against a city: what becomes a number, what a doubt, and what is refused.
 *
 * One case at a time, lenient and strict, on Leshan; messages are read as an adapter's author reads
 * them.
 */
#include "base/utf8.h"
#include "domain/facts.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct arena *arena;
static const struct city *city;
static struct facts facts;
static struct misfit misfit;

static void set_up(void)
{
    struct diag *diag = diag_create();
    arena = arena_create();
    city = city_load("cities/leshan", arena, diag);
    cr_assert(city != NULL && diag_count(diag) == 0);
    diag_destroy(&diag);
}

static void tear_down(void)
{
    arena_destroy(&arena);
}

TestSuite(facts, .init = set_up, .fini = tear_down);

static bool resolve(const char *line, const char *category, const char *place, bool strict)
{
    struct case_words words = {.line = span_of_string(line),
                               .category = span_of_string(category),
                               .place = span_of_string(place)};
    facts = (struct facts){.doubts = UINT32_MAX, .hour = 7};
    misfit = (struct misfit){.field = "none"};
    bool resolved = facts_resolve(city, &words, strict, NULL, &facts, &misfit);
    cr_expect_eq(facts.hour, 7, "the other facts stay");
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

Test(facts, every_doubt_has_its_words)
{
    for (uint32_t i = 0; i < DOUBTS; i++) {
        cr_expect(strlen(doubt_text((enum doubt)(1u << i))) > 10);
        for (uint32_t j = 0; j < i; j++)
            cr_expect_str_neq(doubt_text((enum doubt)(1u << i)), doubt_text((enum doubt)(1u << j)));
    }
}
