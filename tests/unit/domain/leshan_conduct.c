/* What Leshan's book makes of reports and complaints about the conduct of a unit.
 *
 * A unit's name says what it is for, 农业农村局 or 教育局, and must not make the case one of its
 * trade; and whoever is reported must not get the report.
 */
#include "tests/support/leshan.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(leshan_conduct, .init = leshan_open, .fini = leshan_close);

static struct decision decide_words(enum type type, const char *respondent, const char *text)
{
    struct case_words words = {.respondent = span_of_string(respondent),
                               .text = span_of_string(text)};
    return leshan_decide(leshan_facts(type), &words);
}

static struct span found(const struct decision *decision)
{
    return decision->category.index == CATEGORY_NONE.index
               ? span_of_string("")
               : category_code(leshan_policy()->city, decision->category);
}

static struct span main_unit(const struct decision *decision)
{
    return unit_key(leshan_policy()->city, decision->assignments[0].unit);
}

Test(leshan_conduct, a_report_about_a_unit_is_the_citys_to_look_into)
{
    static const struct {
        const char *category, *text;
    } reports[] = {
        {"170104", "夹江县漹城街道的夹江县城市管理行政执法局工作人员办事时暗示要好处，不给就拖着不"
                   "办，请上级查处，不要把我的信息给他们。"},
        {"170104", "夹江县城市管理行政执法局工作人员吃拿卡要"},
        {"170106", "夹江县城市管理行政执法局在夹江县漹城街道执法时只罚我们几家，隔壁有关系的不罚，"
                   "请派人调查。"},
        {"170106", "夹江县城市管理行政执法局执法不公"},
        {"170103", "夹江县城市管理行政执法局的人上班时间关着门打牌，夹江县漹城街道的群众去办事找不"
                   "到人，请核实处理。"},
        {"170103", "夹江县城市管理行政执法局上班时间打牌"},
        {"170104", "峨眉山市农业农村局工作人员吃拿卡要"},
        {"170106", "峨眉山市农业农村局执法不公，养殖场只罚我们"},
        {"170104", "峨眉山市教育局收了学校好处，补课不查"},
        {"170103", "犍为县卫生健康局的人上班打牌"},
        {"170106", "沐川县民政局低保评定优亲厚友"},
        {"170103", "井研县自然资源局对违法占地不处理"},
        {"170106", "乐山市沙湾区生态环境局通风报信，检查组一来厂里就停机"},
        {"1701", "五通桥区市场监督管理局执法人员吃饭不给钱"},
        {"170102", "乐山市人力资源和社会保障局窗口态度恶劣"},
        {"170104", "马边彝族自治县林业局林木采伐许可证卡着不批，要送烟"},
        {"170102", "夹江县公安局民警态度粗暴"},
        {"170102", "夹江县漹城街道办事处工作人员骂群众"},
        {"170105", "夹江县人民政府弄虚作假，报假数据"},
        {"170103", "夹江县生态环境局不查处砖厂冒黑烟"},
    };
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        struct decision decision = decide_words(TYPE_REPORT, "", reports[i].text);
        cr_expect(span_is(found(&decision), reports[i].category), "%s: %.*s", reports[i].text,
                  SPAN_ARG(found(&decision)));
        cr_expect(span_is(main_unit(&decision), "511100000000.conduct"), "%s: %.*s",
                  reports[i].text, SPAN_ARG(main_unit(&decision)));
        cr_expect_neq(decision.kept_from.index, UNIT_NONE.index);
        cr_expect_not(decision.reporter_shown);
    }
}

Test(leshan_conduct, a_report_that_only_mentions_a_unit_keeps_its_matter)
{
    struct decision decision =
        decide_words(TYPE_REPORT, "", "多次向夹江县生态环境局举报砖厂冒黑烟，没人管");
    cr_expect(span_is(found(&decision), "070204"));
    decision = decide_words(TYPE_REPORT, "鑫达食品厂", "鑫达食品厂夜里往河里偷排污水");
    cr_expect(span_is(found(&decision), "070301"));
}

Test(leshan_conduct, a_complaint_about_service_is_not_one_of_the_units_trade)
{
    static const struct {
        const char *category, *text;
    } complaints[] = {
        {"170101", "峨眉山市农业农村局办事拖拉推诿，补贴跑了五六趟"},
        {"170102", "夹江县教育局工作人员态度恶劣"},
        {"170103", "夹江县交通运输局窗口上班时间没人"},
        {"170102", "峨眉山市住房和城乡建设局工作人员爱理不理"},
        {"170102", "乐山市医疗保障局窗口工作人员态度很差"},
        {"170103", "犍为县自然资源局不作为，问了三次没有答复"},
        {"170103", "夹江县民政局工作人员上班玩手机"},
    };
    for (size_t i = 0; i < sizeof complaints / sizeof complaints[0]; i++) {
        struct decision decision = decide_words(TYPE_COMPLAINT, "", complaints[i].text);
        cr_expect(span_is(found(&decision), complaints[i].category), "%s: %.*s", complaints[i].text,
                  SPAN_ARG(found(&decision)));
        cr_expect(span_is(function_code(leshan_policy()->city, decision.function), "conduct"), "%s",
                  complaints[i].text);
    }
    static const char *const strong_names[] = {
        "乐山市烟草专卖局窗口态度不好", "峨眉山市文化广播电视和旅游局工作人员上班打牌",
        "乐山海关工作人员上班时间打牌", "峨眉山市总工会办事互相推诿"};
    for (size_t i = 0; i < sizeof strong_names / sizeof strong_names[0]; i++) {
        struct decision decision = decide_words(TYPE_COMPLAINT, "", strong_names[i]);
        cr_expect(span_starts_with(found(&decision), span_of_string("1701")), "%s",
                  strong_names[i]);
    }
    struct decision matter =
        decide_words(TYPE_COMPLAINT, "夹江县城市管理行政执法局", "占道经营没人管");
    cr_expect(span_is(found(&matter), "010101"), "what is not done is the matter");
    matter = decide_words(TYPE_COMPLAINT, "夹江县教育局", "窗口的人玩手机，问什么都不耐烦");
    cr_expect(span_starts_with(found(&matter), span_of_string("1701")));
}
