/* What Leshan's book turns away by the words alone, since it is the court's, the party's or another
 * city's, and what it tells them.
 *
 * Beside what must be turned away stands what only sounds like it: a street called after the court,
 * a road that comes from another city.
 */
#include "tests/support/leshan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(leshan_elsewhere, .init = leshan_open, .fini = leshan_close);

static struct decision decide_words(enum type type, const char *category, const char *text)
{
    struct case_words words = {.category = span_of_string(category), .text = span_of_string(text)};
    return leshan_decide(leshan_facts(type), &words);
}

Test(leshan_elsewhere, what_is_not_the_hotlines_is_told_the_way)
{
    static const struct {
        enum type type;
        const char *way, *text;
    } cases[] = {
        {TYPE_COMPLAINT, "12368", "对法院判决不服"},
        {TYPE_COMPLAINT, "12368", "我和邻居的官司，法院已经判决了，我不服"},
        {TYPE_COMPLAINT, "12368", "老赖欠钱，法院判了不执行"},
        {TYPE_COMPLAINT, "12368", "申请强制执行半年了，法院没有动静"},
        {TYPE_COMPLAINT, "12368", "法院不立案，起诉状退回来三次"},
        {TYPE_HELP, "12368", "我的案子什么时候开庭"},
        {TYPE_COMPLAINT, "12368", "官司打输了，想上诉"},
        {TYPE_COMPLAINT, "12368", "法官偏袒对方"},
        {TYPE_HELP, "12368", "欠款不还，胜诉了拿不到钱"},
        {TYPE_COMPLAINT, "12368", "一审判决认定事实错误"},
        {TYPE_HELP, "12368", "被列入失信名单，怎么解除"},
        {TYPE_COMPLAINT, "12348", "劳动仲裁结果不公"},
        {TYPE_COMPLAINT, "12348", "对仲裁裁决不服"},
        {TYPE_HELP, "12348", "仲裁庭什么时候开庭审理"},
        {TYPE_COMPLAINT, "12348", "仲裁委不受理我的申请"},
        {TYPE_REPORT, "12388", "举报党员干部违纪"},
        {TYPE_REPORT, "12388", "举报镇长收受礼金，违反八项规定"},
        {TYPE_REPORT, "12388", "局长公款吃喝，公车私用"},
        {TYPE_COMPLAINT, "12388", "要求纪委监委查处一名公职人员违法违纪"},
        {TYPE_REPORT, "12389", "派出所民警收钱放人，民警收钱的事大家都知道"},
        {TYPE_COMPLAINT, "行政复议", "行政复议没有结果"},
        {TYPE_ENQUIRY, "行政复议", "行政复议怎么申请"},
        {TYPE_HELP, "行政复议", "不服交警处罚，申请行政复议"},
        {TYPE_COMPLAINT, "行政复议", "行政复议决定书一直没有寄来"},
        {TYPE_COMPLAINT, "信访", "信访事项重复反映"},
        {TYPE_COMPLAINT, "信访", "我的事情信访局已经受理，还想在这里再登记一次"},
        {TYPE_COMPLAINT, "信访", "对信访处理意见不满意"},
        {TYPE_HELP, "信访", "网上信访三个月了没有回音"},
        {TYPE_ENQUIRY, "依申请公开", "申请信息公开"},
        {TYPE_HELP, "依申请公开", "我要申请公开征地批文"},
        {TYPE_COMPLAINT, "依申请公开", "信息公开申请交了一个月没有答复"},
        {TYPE_COMPLAINT, "区号", "成都的小区物业问题"},
        {TYPE_COMPLAINT, "区号", "我住在成都市武侯区的一个小区，物业不修电梯"},
        {TYPE_COMPLAINT, "区号", "眉山的工地拖欠我的工资"},
        {TYPE_COMPLAINT, "区号", "自贡那边的健身房跑路了"},
        {TYPE_HELP, "区号", "我在宜宾打工，老板不发钱"},
        {TYPE_COMPLAINT, "区号", "在雅安租房，房东不退押金"},
        {TYPE_COMPLAINT, "区号", "凉山某工厂排污"},
        {TYPE_HELP, "区号", "这是外地的事，不在乐山"},
        {TYPE_COMPLAINT, "区号", "在重庆被出租车宰客"},
        {TYPE_COMPLAINT, "12309", "检察院不起诉，我不服"},
        {TYPE_REPORT, "12339", "举报有人出卖情报给境外势力"},
        {TYPE_ENQUIRY, "12371", "怎么交党费"},
        {TYPE_COMPLAINT, "人大", "人大代表不履职"},
        {TYPE_COMPLAINT, "军队", "部队训练打靶声音大"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decision decision = decide_words(cases[i].type, "", cases[i].text);
        struct span advice = decision.advice;
        cr_expect(decision.disposition == DISPOSITION_REDIRECT &&
                      memmem(advice.data, advice.bytes, cases[i].way, strlen(cases[i].way)) != NULL,
                  "%s: %.*s", cases[i].text, SPAN_ARG(advice));
        cr_expect(span_starts_with(category_code(leshan_policy()->city, decision.category),
                                   span_of_string("1706")),
                  "%s", cases[i].text);
        /* Whoever listened and chose a category knows better than the words. */
        cr_expect_eq(decide_words(cases[i].type, "010301", cases[i].text).disposition,
                     DISPOSITION_DISPATCH, "%s", cases[i].text);
    }
}

Test(leshan_elsewhere, what_only_sounds_like_somebody_elses_is_dispatched)
{
    static const struct {
        enum type type;
        const char *text;
    } cases[] = {
        {TYPE_COMPLAINT, "法院路的路灯坏了"},
        {TYPE_COMPLAINT, "法院小区门口垃圾没人清运"},
        {TYPE_COMPLAINT, "法院旁边的停车场乱收费"},
        {TYPE_COMPLAINT, "对职称评审结果申请复议"},
        {TYPE_COMPLAINT, "高考成绩复议怎么办"},
        {TYPE_COMPLAINT, "伤残鉴定要求复议"},
        {TYPE_COMPLAINT, "从成都到乐山的高速堵车"},
        {TYPE_COMPLAINT, "成都来的游客在乐山大佛被宰客"},
        {TYPE_COMPLAINT, "在成都住院，异地报销比例太低"},
        {TYPE_COMPLAINT, "成都户口的孩子在这里上学怎么报名"},
        {TYPE_COMPLAINT, "高铁去成都的班次太少"},
        {TYPE_COMPLAINT, "我在成都上班，老家夹江的房子漏水"},
        {TYPE_COMPLAINT, "北京路口红绿灯坏了"},
        {TYPE_COMPLAINT, "重庆火锅店油烟扰民"},
        {TYPE_COMPLAINT, "成都银行乐山分行乱扣手续费"},
        {TYPE_COMPLAINT, "社保从成都转移到乐山，手续太慢"},
        {TYPE_COMPLAINT, "信访局门口的人行道坏了"},
        {TYPE_COMPLAINT, "信访局旁边的公厕没有水"},
        {TYPE_HELP, "工人准备集体上访，拿不到工资"},
        {TYPE_ENQUIRY, "劳动仲裁怎么申请"},
        {TYPE_HELP, "公司不给钱，想去劳动仲裁"},
        {TYPE_COMPLAINT, "综上诉求，请修复路面"},
        {TYPE_COMPLAINT, "材料交了还要再审核，已经半年"},
        {TYPE_COMPLAINT, "考试违纪被取消成绩，我没有作弊"},
        {TYPE_COMPLAINT, "村里财务不公开，要求公开账目"},
        {TYPE_COMPLAINT, "物业账目没有信息公开"},
        {TYPE_COMPLAINT, "小区公开栏被撕"},
        {TYPE_COMPLAINT, "部队大院旁边的下水道堵了"},
        {TYPE_HELP, "退伍军人从部队回来怎么落户"},
        {TYPE_COMPLAINT, "反间谍宣传栏破损"},
        {TYPE_COMPLAINT, "检察院门口乱停车"},
        {TYPE_COMPLAINT, "人大代表上次来调研说要修的路还没修"},
        {TYPE_COMPLAINT, "开发商逾期交房，业主准备起诉"},
        {TYPE_COMPLAINT, "官司街的路面破损"},
        {TYPE_COMPLAINT, "党员活动室漏雨"},
        {TYPE_COMPLAINT, "镇政府干部态度恶劣"},
        {TYPE_REPORT, "窗口工作人员吃拿卡要"},
        {TYPE_COMPLAINT, "老板拖欠工资，让我们去法院起诉"},
        {TYPE_COMPLAINT, "行政复议局门口停车难"},
        {TYPE_COMPLAINT, "房子被法院拍卖后过户，房产证办不下来"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_eq(decide_words(cases[i].type, "", cases[i].text).disposition,
                     DISPOSITION_DISPATCH, "%s", cases[i].text);
}
