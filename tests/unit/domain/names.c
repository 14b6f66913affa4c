/* What people call places, and how they write where something is.
 *
 * What holds for any tree is shown on the whole of Leshan: each of its 1,371 villages is found by
 * every way to write its path, and shared names are told as such. Ways of writing are tried one by
 * one in tables, with what must not be taken for a place beside them.
 */
#include "domain/city/names.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct arena *arena;
static const struct places *places;

static void set_up(void)
{
    struct diag *diag = diag_create();
    arena = arena_create();
    places = places_load(folder_of("cities/leshan"), arena, diag);
    cr_assert(places != NULL && diag_count(diag) == 0);
    diag_destroy(&diag);
}

static void tear_down(void)
{
    arena_destroy(&arena);
}

TestSuite(names, .init = set_up, .fini = tear_down);

/* A code, "nothing", or the count and all codes. */
static const char *resolve(const char *text)
{
    static char said[512];
    struct place_candidates found;
    enum resolution resolution = places_resolve(places, span_of_string(text), &found);
    if (resolution == RESOLVED_NOTHING)
        return found.count == 0 ? "nothing" : "broken";
    int used = resolution == RESOLVED ? 0 : sprintf(said, "%u:", found.count);
    for (uint32_t i = 0; i < found.count && i < PLACE_CANDIDATES_MAX; i++)
        used += sprintf(said + used, "%s%.*s", resolution == RESOLVED ? "" : " ",
                        SPAN_ARG(place_code(places, found.places[i])));
    return said;
}

struct trial {
    const char *text, *means;
};

static void try_all(const struct trial *trials, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(resolve(trials[i].text), trials[i].means, "%s is %s", trials[i].text,
                         resolve(trials[i].text));
}

#define TRY_ALL(trials) try_all(trials, sizeof(trials) / sizeof *(trials))

/* -- each place, in every way ------------------------------------------------------------------ */

/* The path with its slashes replaced, behind something and before something. */
static void rewrite(char *text, const char *before, struct place place, const char *slash,
                    const char *behind)
{
    char path[PLACE_PATH_BYTES_MAX];
    place_path(places, place, path);
    text += sprintf(text, "%s", before);
    for (const char *at = path; *at != '\0'; at++)
        if (*at == '/')
            text += sprintf(text, "%s", slash);
        else
            *text++ = *at;
    sprintf(text, "%s", behind);
}

Test(names, every_place_is_found_by_its_path_however_it_is_written)
{
    static const struct {
        const char *before, *slash, *behind;
    } ways[] = {
        {"", "/", ""},           {"", "", ""},           {"四川省", "", ""},
        {"四川", "", ""},        {"四川省/", "/", ""},   {"", " ", ""},
        {"", ",", ""},           {"", "，", ""},         {" ", " / ", " "},
        {"", "／", ""},          {"", "　", ""},         {"", "", "12号"},
        {"", "", "，3组"},       {"", "", "（老街旁）"}, {"", "", "迎春路12号"},
        {"四川省", "-", "附近"},
    };
    for (uint32_t i = 0; i < places_count(places); i++)
        for (size_t j = 0; j < sizeof ways / sizeof ways[0]; j++) {
            char text[1024], code[16];
            rewrite(text, ways[j].before, (struct place){i}, ways[j].slash, ways[j].behind);
            snprintf(code, sizeof code, "%.*s", SPAN_ARG(place_code(places, (struct place){i})));
            cr_assert_str_eq(resolve(text), code, "%s is %s", text, resolve(text));
        }
}

/* All that bear a name, by looking at every one of them. */
static uint32_t count_bearers(struct span text, bool full_only)
{
    const struct names *names = places_names(places);
    uint32_t count = 0;
    for (uint32_t i = 0; i < names_count(names); i++) {
        const struct name *name = names_at(names, i);
        count += span_equal(name->text, text) && (!full_only || name->form == NAME_FULL);
    }
    return count;
}

Test(names, a_name_that_several_bear_is_ambiguous_with_all_of_them)
{
    const struct names *names = places_names(places);
    uint32_t shared = 0;
    for (uint32_t i = 0; i < names_count(names); i++) {
        struct span text = names_at(names, i)->text;
        struct place_candidates found;
        enum resolution resolution = places_resolve(places, text, &found);
        uint32_t full = count_bearers(text, true);
        uint32_t count = full > 0 ? full : count_bearers(text, false);
        cr_assert_eq(found.count, count, "%.*s", SPAN_ARG(text));
        cr_assert_eq(resolution, count > 1 ? RESOLVED_AMBIGUOUS : RESOLVED);
        shared += count > 1;
    }
    cr_expect_gt(shared, 107);
}

/* -- how people write -------------------------------------------------------------------------- */

Test(names, paths_without_slashes_and_the_detail_behind_them)
{
    static const struct trial trials[] = {
        {"乐山市夹江县漹城街道", "511126002"},
        {"四川省乐山市夹江县漹城街道", "511126002"},
        {"四川夹江漹城", "511126002"},
        {"四川省夹江县", "511126"},
        {"夹江县漹城街道迎春路12号", "511126002"},
        {"夹江县漹城街道，迎春路12号", "511126002"},
        {"夹江县/漹城街道迎春路12号", "511126002"},
        {"夹江县迎春路12号", "511126"},
        {"乐山市夹江县漹城街道办事处旁边的茶馆", "511126002"},
        {"夹江县 漹城街道", "511126002"},
        {"夾江縣漹城街道", "511126002"},
        {"峨眉山市／綏山鎮", "511181100"},
        {"峨邊彝族自治縣", "511132"},
        {"乐山市市中区", "511102"},
        {"乐山市中区", "511102"},
        {"乐山市中区苏稽镇", "511102106"},
        {"乐山市中心医院", "5111"},
        {"夹江漹城", "511126002"},
        {"沙湾区沙湾镇", "511111100"},
        {"沙湾沙湾", "511111100"},
        {"沙湾嘉农镇", "511111101"},
        {"马边民主镇", "511133108"},
    };
    TRY_ALL(trials);
}

Test(names, short_forms_people_use)
{
    static const struct trial trials[] = {
        {"峨边", "511132"},           {"峨边县", "511132"},
        {"马边", "511133"},           {"马边县", "511133"},
        {"峨眉山", "511181"},         {"峨眉", "511181"},
        {"五通桥", "511112"},         {"五通竹根", "511112100"},
        {"金口河", "511113"},         {"漹城街办", "511126002"},
        {"漹城街道办", "511126002"},  {"和平乡", "511113200"},
        {"燕子坎村", "511111103209"}, {"燕子坎村委会", "511111103209"},
        {"燕子坎", "511111103209"},
    };
    TRY_ALL(trials);
}

Test(names, what_only_looks_like_a_place_is_none)
{
    static const struct trial trials[] = {
        {"峨眉山路12号", "nothing"},
        {"乐山大道", "nothing"},
        {"夹江豆腐乳", "nothing"},
        {"市中心", "nothing"},
        {"月亮村", "nothing"},
        {"夹江县/月亮村", "nothing"},
        {"夹江县/迎春路", "nothing"},
        {"云南省夹江县", "nothing"},
        {"沙湾区漹城街道", "nothing"},
        {"漹城街道夹江县", "nothing"},
        {"12号夹江县", "nothing"},
        {"四川省", "nothing"},
        {"四川", "nothing"},
        {"成都市锦江区", "nothing"},
        {"夹江县\x80漹城街道", "nothing"},
    };
    TRY_ALL(trials);
}

Test(names, a_road_called_after_a_place_names_no_place)
{
    static const struct trial trials[] = {
        {"夹江县新场路12号", "511126"},       {"夹江县新场12号", "511126"},
        {"夹江县新场", "511126110"},          {"夹江县胜利街道路破损", "511126"},
        {"峨眉山市胜利街道路破损", "511181"}, {"峨眉山市胜利街道", "511181001"},
    };
    TRY_ALL(trials);
}

Test(names, ambiguity_ends_where_the_path_says_more)
{
    cr_expect_str_eq(resolve("沙湾"), "3: 511111 511111100 511123101205");
    cr_expect_str_eq(resolve("沙湾村"), "511123101205");
    cr_expect_str_eq(resolve("沙湾迎春路"), "511111");
    cr_expect_eq(resolve("红旗村")[1], ':');
    cr_expect_str_eq(resolve("孝姑镇沙湾村3组"), "511123101205");
}

/* Neither depth nor time grows with the text, and what is too long is no place. */
Test(names, a_text_of_any_length)
{
    static const struct trial trials[] = {
        {"/", "nothing"},      {"，", "nothing"},     {"、 ", "nothing"},   {"夹江", "511126"},
        {"夹江县", "nothing"}, {"乐山市", "nothing"}, {"乐山/", "nothing"}, {"月亮", "nothing"},
    };
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        char text[2048] = "";
        size_t bytes = strlen(trials[i].text);
        for (size_t used = 0; used + bytes < sizeof text; used += bytes)
            memcpy(text + used, trials[i].text, bytes);
        cr_expect_str_eq(resolve(text), "nothing", "%s ...", trials[i].text);
        text[bytes * 64] = '\0';
        cr_expect_str_eq(resolve(text), trials[i].means, "%s", text);
    }
}
