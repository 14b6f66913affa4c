/* Places and units in what citizens write: which is meant, and what only looks like one.
 *
 * Texts are tried one by one in tables, on Leshan, with the traps beside what they are taken for.
 * What holds for any text is shown on made ones: whatever is resolved was named, or is what some
 * names lie in.
 */
#include "domain/city/names.h"
#include "tests/support/texts.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct texts texts;
static const struct city *city;
static struct place_candidates found;

static void set_up(void)
{
    texts_of_leshan(&texts);
    city = texts.city;
}

static void tear_down(void)
{
    texts_remove(&texts);
}

TestSuite(hints, .init = set_up, .fini = tear_down);

static enum resolution look(const char *address, const char *text)
{
    return hints_place(texts.hints, texts_scan(&texts, address, text), &found);
}

static const char *said(enum resolution resolution)
{
    return texts_places(&texts, resolution, &found);
}

static const char *place_in(const char *text)
{
    return said(look("", text));
}

struct trial {
    const char *text, *means;
};

static void try_all(const struct trial *trials, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(place_in(trials[i].text), trials[i].means, "%s: %s", trials[i].text,
                         place_in(trials[i].text));
}

#define TRY_ALL(trials) try_all(trials, sizeof(trials) / sizeof *(trials))

/* -- places ------------------------------------------------------------------------------------ */

Test(hints, names_of_one_chain_combine_to_the_deepest)
{
    static const struct trial trials[] = {
        {"我是夹江县漹城街道的居民,楼下烧烤摊凌晨还在营业", "夹江县/漹城街道"},
        {"夹江漹城,有人乱倒垃圾", "夹江县/漹城街道"},
        {"位于四川省乐山市夹江县漹城街道工农社区", "夹江县/漹城街道/工农社区居委会"},
        {"夹江县的情况大家都知道,我们漹城街道尤其如此", "夹江县/漹城街道"},
        {"漹城街道垃圾无人清运,夹江县该管管了", "夹江县/漹城街道"},
        {"乐山市中区苏稽镇的路烂了半年", "市中区/苏稽镇"},
        {"乐山市市中区夜市扰民", "市中区"},
        {"沙湾区沙湾镇河边有人烧垃圾", "沙湾区/沙湾镇"},
        {"沙湾的河边有人烧垃圾", "沙湾区"},
        {"乐山沙湾的河边有人烧垃圾", "沙湾区"},
        {"乐山新场红旗社区的路灯", "夹江县/新场镇/红旗社区居委会"},
        {"峨邊縣沙坪鎮停水三天", "峨边彝族自治县/沙坪镇"},
        {"五通竹根镇，电梯坏了", "五通桥区/竹根镇"},
        {"峨眉城区停车难", "峨眉山市"},
        {"马边民建有人打架", "马边彝族自治县/民建镇"},
        {"我是夹江县 漹城街道 的", "夹江县/漹城街道"},
    };
    TRY_ALL(trials);
}

Test(hints, names_that_contradict_each_other_are_ambiguous_or_what_both_lie_in)
{
    static const struct trial trials[] = {
        {"漹城街道和青衣街道交界处的路灯", "夹江县"},
        {"从夹江县到峨眉山市的客车经常晚点", "夹江县 | 峨眉山市"},
        {"沙湾区漹城街道", "沙湾区 | 夹江县/漹城街道"},
        {"牛华镇、竹根镇都停水", "五通桥区"},
        {"住在沙湾,在五通桥上班,苏稽镇的厂不发工资", "市中区/苏稽镇 | 沙湾区 | 五通桥区"},
    };
    TRY_ALL(trials);
}

Test(hints, a_village_that_shares_its_name_is_told_by_the_other_names)
{
    cr_expect_str_eq(place_in("住在红旗村的人反映用水难"),
                     "市中区/白马镇/红旗村委会 | 犍为县/定文镇/红旗村委会");
    static const struct trial trials[] = {
        {"夹江县新场镇红旗社区的路灯坏了", "夹江县/新场镇/红旗社区居委会"},
        {"孝姑镇的事情:我们沙湾村没有水", "犍为县/孝姑镇/沙湾村委会"},
        {"我是燕子坎村的村民", "沙湾区/福禄镇/燕子坎村村民委员会"},
    };
    TRY_ALL(trials);
}

Test(hints, the_city_only_says_city)
{
    static const struct trial trials[] = {
        {"乐山市的公交车太少", "city"},
        {"乐山的公交车太少", "city"},
        {"乐山市民反映夹江县停水", "夹江县"},
        {"乐山市教育局不作为", "city"},
    };
    TRY_ALL(trials);
}

Test(hints, an_organ_is_no_place_unless_nothing_else_is_found)
{
    static const struct trial trials[] = {
        {"我住漹城街道,多次向夹江县政府反映", "夹江县/漹城街道"},
        {"我住苏稽镇,向夹江县教育局反映", "市中区/苏稽镇"},
        {"我住苏稽镇,夹江县人社局不受理", "市中区/苏稽镇"},
        {"我住苏稽镇,找夹江县漹城街道办事处盖章被拒", "市中区/苏稽镇"},
        {"夹江县教育局不作为", "夹江县"},
        {"夹江县人社局不受理", "夹江县"},
        {"漹城街道办事处不盖章", "夹江县/漹城街道"},
        {"夹江县漹城街道办事处不盖章", "夹江县/漹城街道"},
    };
    TRY_ALL(trials);
}

Test(hints, what_only_looks_like_a_place_is_none)
{
    static const struct trial trials[] = {
        {"峨眉山路的路灯坏了", "nothing"},
        {"乐山大道堵车", "nothing"},
        {"在超市买的夹江豆腐乳过期", "nothing"},
        {"新华书店不退款", "nothing"},
        {"建设单位拖欠劳动者工资,人人平等", "nothing"},
        {"太平洋保险和平安保险,人寿保险", "nothing"},
        {"便利店光污染扰民,村民建房", "nothing"},
        {"市中心医院的城市中区域", "nothing"},
        {"快乐山庄音乐山谷", "nothing"},
        {"金沙湾小区物业", "nothing"},
        {"沙湾公园的湖,沙湾乡的路", "nothing"},
        {"五通一平没有做好", "nothing"},
        {"广大村民建设新农村,奔小康村", "nothing"},
        {"建设美丽的新农村", "nothing"},
        {"胜利街道路破损", "nothing"},
        {"成都市双流区永福镇", "nothing"},
        {"内江市市中区的房子", "nothing"},
        {"洪雅县高桥镇红旗村", "nothing"},
        {"楚江村的高粱", "nothing"},
        {"大红旗村委会", "nothing"},
        {"水井研究", "nothing"},
        {"乐山路、夹江街、沙湾大桥", "nothing"},
        {"", "nothing"},
        {"。，！？…", "nothing"},
        {"x", "nothing"},
        {"😀", "nothing"},
    };
    TRY_ALL(trials);
}

Test(hints, a_place_in_the_address_wins)
{
    cr_expect_str_eq(said(look("夹江县漹城街道迎春路12号", "我在苏稽镇上班")), "夹江县/漹城街道");
    cr_expect_str_eq(said(look("夹江县迎春路12号", "漹城街道没人管")), "夹江县/漹城街道");
    cr_expect_str_eq(said(look("迎春路12号", "漹城街道没人管")), "夹江县/漹城街道");
    cr_expect_str_eq(said(look("乐山市迎春路12号", "漹城街道没人管")), "夹江县/漹城街道");
    cr_expect_str_eq(said(look("乐山市迎春路12号", "没人管")), "city");
    cr_expect_str_eq(said(look("红旗社区3组", "夹江县新场镇")), "夹江县/新场镇/红旗社区居委会");
    cr_expect_eq(look("红旗村3组", "没人管"), RESOLVED_AMBIGUOUS);
    uint32_t count = found.count;
    cr_expect_eq(look("红旗村3组", "我在成都"), RESOLVED_AMBIGUOUS);
    cr_expect_eq(found.count, count);
    cr_expect_str_eq(said(look("乐山市迎春路", "从夹江县到沙湾区")), "沙湾区 | 夹江县");
    cr_expect_str_eq(said(look("夹江县", "从峨眉山市到沙湾区")), "夹江县");
}

/* -- any place and any text -------------------------------------------------------------------- */

/* A sentence about a place by its path, with something between the names. */
static void sentence(char *text, const char *before, struct place place, const char *between,
                     const char *behind)
{
    char path[PLACE_PATH_BYTES_MAX];
    place_path(city_places(city), place, path);
    text += sprintf(text, "%s", before);
    for (char *rest = path, *name; (name = strsep(&rest, "/")) != NULL;)
        text += sprintf(text, "%s%s", name, rest != NULL ? between : "");
    sprintf(text, "%s", behind);
}

Test(hints, every_place_is_found_in_running_text)
{
    static const struct {
        const char *before, *between, *behind;
    } ways[] = {
        {"我住在", "", ",路灯坏了"},
        {"", "", "的路灯坏了"},
        {"反映四川省", "", "有人烧秸秆"},
        {"关于", " ", "拖欠工资的问题"},
        {"", "的", "有人扰民"},
        {"", "/", ""},
        {"咨询(", ",", ")的医保怎么报销?"},
    };
    for (uint32_t i = 0; i < places_count(city_places(city)); i++)
        for (size_t j = 0; j < sizeof ways / sizeof ways[0]; j++) {
            char text[2048];
            sentence(text, ways[j].before, (struct place){i}, ways[j].between, ways[j].behind);
            enum resolution resolution = look("", text);
            cr_assert_eq(resolution, RESOLVED, "%s: %s", text, said(resolution));
            cr_assert_eq(found.places[0].index, i, "%s: %s", text, said(resolution));
        }
}

/* What all who bear a name lie in. */
static struct place common_of(struct span text)
{
    const struct names *names = places_names(city_places(city));
    struct name_range range = names_find(names, text);
    struct place common = names_at(names, range.first)->place;
    for (uint32_t i = range.first; i < range.limit; i++)
        while (!place_is_within(city_places(city), names_at(names, i)->place, common))
            common = place_parent(city_places(city), common);
    return common;
}

/* What only counts behind another place's name. */
static bool is_ordinary(struct span name)
{
    static const char *const words[] = {"新农村", "中心村", "集体村", "群众村", "健康村"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (span_is(name, words[i]))
            return true;
    return name.bytes == strlen("江村");
}

Test(hints, a_village_alone_is_one_or_what_all_of_its_name_lie_in_or_ambiguous)
{
    const struct places *places = city_places(city);
    const struct names *names = places_names(places);
    uint32_t ambiguous = 0;
    for (uint32_t i = 0; i < names_count(names); i++) {
        const struct name *name = names_at(names, i);
        char text[256];
        snprintf(text, sizeof text, "我在%.*s,路灯坏了", SPAN_ARG(name->text));
        if (place_tier(places, name->place) != TIER_VILLAGE)
            continue;
        enum resolution resolution = look("", text);
        if (resolution == RESOLVED_NOTHING) {
            cr_assert(name->form == NAME_BARE || is_ordinary(name->text), "%s", text);
            continue;
        }
        struct place common = common_of(name->text);
        if (name->form == NAME_BARE)
            continue; /* also the bare name of a county or the full one of another */
        cr_assert_eq(resolution, common.index == 0 ? RESOLVED_AMBIGUOUS : RESOLVED, "%s", text);
        if (resolution == RESOLVED)
            cr_assert_eq(found.places[0].index, common.index, "%s", text);
        ambiguous += resolution == RESOLVED_AMBIGUOUS;
    }
    cr_expect_gt(ambiguous, 107);
}

/* Is a place, or one below it, called by something that stands in the text? Or a unit there? */
static bool is_named(struct place place, const char *text)
{
    const struct names *names = places_names(city_places(city));
    for (uint32_t i = 0; i < names_count(names); i++) {
        const struct name *name = names_at(names, i);
        if (place_is_within(city_places(city), name->place, place) &&
            memmem(text, strlen(text), name->text.data, name->text.bytes) != NULL)
            return true;
    }
    return false;
}

static size_t append_any(char *text, uint32_t *seed)
{
    static const char *const fillers[] = {"的", ",",  "在",   "路", "向", "。", "我",   "局", "县",
                                          "村", "街", "反映", "\n", "市", "区", "小区", "/",  " "};
    const struct names *names = places_names(city_places(city));
    *seed = *seed * 1664525 + 1013904223;
    uint32_t choice = *seed >> 8;
    if (choice % 3 == 0)
        return (size_t)sprintf(text, "%s", fillers[choice / 3 % 18]);
    if (choice % 3 == 1) {
        struct unit unit = {choice / 3 % city_units(city)};
        return (size_t)sprintf(text, "%.*s", SPAN_ARG(unit_name(city, unit)));
    }
    struct span name = names_at(names, choice / 3 % names_count(names))->text;
    return (size_t)sprintf(text, "%.*s", SPAN_ARG(name));
}

Test(hints, what_is_resolved_was_named_and_candidates_agree_on_nothing)
{
    uint32_t seed = 20251;
    uint32_t seen[3] = {0};
    for (uint32_t round = 0; round < 3000; round++) {
        char text[2048] = "";
        size_t used = 0;
        for (uint32_t i = 0; i < 1 + round % 7; i++)
            used += append_any(text + used, &seed);
        enum resolution resolution = look("", text);
        seen[resolution]++;
        for (uint32_t i = 0; i < found.count && i < PLACE_CANDIDATES_MAX; i++) {
            cr_assert(is_named(found.places[i], text), "%s: %s", text, said(resolution));
            for (uint32_t j = 0; j < found.count && j < PLACE_CANDIDATES_MAX; j++)
                cr_assert(i == j ||
                              !place_is_within(city_places(city), found.places[i], found.places[j]),
                          "%s", text);
        }
        cr_assert_eq(resolution == RESOLVED, found.count == 1);
        struct unit unit = hints_unit(texts.hints, texts_scan(&texts, "", text));
        cr_assert(unit.index == UNIT_NONE.index || is_named(unit_place(city, unit), text), "%s",
                  text);
    }
    for (size_t i = 0; i < 3; i++)
        cr_expect_gt(seen[i], 100);
}

/* More names than are looked at: the first count. */
Test(hints, a_text_full_of_names)
{
    static char text[32768];
    const struct places *places = city_places(city);
    size_t used = 0;
    for (uint32_t i = 0; used + 256 < sizeof text; i = (i + 97) % places_count(places))
        used +=
            (size_t)sprintf(text + used, "%.*s,", SPAN_ARG(place_name(places, (struct place){i})));
    cr_expect_eq(look("", text), RESOLVED_AMBIGUOUS, "%s", said(look("", text)));
    cr_expect_gt(found.count, 40);
    used = 0;
    for (uint32_t i = 0; i < 63; i++)
        used += (size_t)sprintf(text + used, "夹江县,");
    sprintf(text + used, "市中区");
    cr_expect_eq(look("", text), RESOLVED_AMBIGUOUS);
    sprintf(text + used, "夹江县,市中区");
    cr_expect_str_eq(place_in(text), "夹江县");
}
