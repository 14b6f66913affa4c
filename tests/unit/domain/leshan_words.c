/* What Leshan's book makes of words: which category it finds, what it sends on to 119 and its kin,
 * what it tells to go another way, and which clock it sets.
 *
 * The texts are short, as people type them into a phone, one matter each. Beside each thing that
 * must be seen stands one that only looks like it: a hazard is no fire, a drill no rescue.
 */
#include "tests/support/leshan.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(leshan_words, .init = leshan_open, .fini = leshan_close);

static struct decision decide_words(struct facts facts, const char *line, const char *category,
                                    const char *text)
{
    struct case_words words = {.line = span_of_string(line),
                               .category = span_of_string(category),
                               .place = span_of_string("511126"),
                               .text = span_of_string(text)};
    return leshan_decide(facts, &words);
}

static struct span found(const struct decision *decision)
{
    return decision->category.index == CATEGORY_NONE.index
               ? span_of_string("")
               : category_code(leshan_policy()->city, decision->category);
}

Test(leshan_words, a_short_message_finds_its_category)
{
    static const struct {
        const char *category, *text;
    } messages[] = {
        {"010101", "我们小区门口每天晚上都有烧烤摊占道经营，走路都要绕"},
        {"010201", "楼下的垃圾已经三天没人清运了，臭得很"},
        {"010301", "柏杨路的路灯坏了半个月了，晚上黑灯瞎火的"},
        {"010302", "通江街道路口有个井盖不见了，很危险"},
        {"010303", "村口到镇上的路面坑坑洼洼，能不能修一下城区这条马路"},
        {"010304", "下雨天下水道堵塞，污水倒灌到一楼"},
        {"010401", "行道树树枝把窗户都遮住了，请修剪"},
        {"010501", "楼顶邻居私自搭建阳光房，违章搭建没人管"},
        {"010701", "最近院子里有很多流浪狗"},
        {"010702", "有人遛狗不牵绳，狗屎也不捡"},
        {"020101", "物业费涨价没有公示，物业乱收费"},
        {"020102", "物业公司不作为，单元门坏了不修"},
        {"020103", "我们想成立业主委员会，社区一直拖"},
        {"020104", "想用维修基金修电梯怎么申请"},
        {"020107", "小区地下车库车位只售不租"},
        {"020201", "新买的房子外墙渗水，墙面开裂"},
        {"020202", "开发商延期交房一年了，违约金也不给"},
        {"020302", "房东押金不退"},
        {"020304", "我买的楼盘停工烂尾了"},
        {"020402", "安置房什么时候分，过渡费也停发了"},
        {"020501", "我们楼想加装电梯，一楼住户反对"},
        {"020601", "公租房怎么申请"},
        {"020701", "房产证一直办不下来"},
        {"020802", "在工地做完了活，工程款一直不结"},
        {"030101", "包工头拖欠农民工工资，二十几个人没拿到钱"},
        {"030102", "公司三个月没发工资，老板跑路"},
        {"030201", "公司无故辞退我，不给经济补偿金"},
        {"030202", "上班一年了没签劳动合同"},
        {"030205", "劳动仲裁怎么申请"},
        {"030401", "在厂里受伤，想做工伤认定"},
        {"030501", "事业单位招聘什么时候面试"},
        {"030503", "中级职称评审条件"},
        {"040101", "职工养老保险交了15年还要交吗"},
        {"040103", "今年养老金调整什么时候发"},
        {"040104", "女职工退休年龄是多少，怎么办理退休"},
        {"040203", "居民医保什么时候缴费"},
        {"040202", "在成都住院异地就医怎么备案"},
        {"040204", "住院报销比例是多少"},
        {"040301", "失业金怎么领取"},
        {"040401", "公积金提取需要什么材料"},
        {"040402", "公积金贷款额度"},
        {"040601", "社保卡丢了怎么补"},
        {"040603", "公司不给我们买社保"},
        {"050101", "从昨天开始停水，什么时候来水"},
        {"050102", "自来水浑浊发黄"},
        {"050103", "水费突然多了一倍，水表有问题"},
        {"050201", "我们村经常停电"},
        {"050204", "村里电线杆倾斜，高压线垂得很低"},
        {"050302", "小区天然气安装要收多少初装费"},
        {"050304", "楼道里有煤气味，怀疑燃气泄漏"},
        {"050402", "家里宽带老是断网"},
        {"050401", "手机话费被乱扣费"},
        {"050501", "快递丢失，快递公司不赔"},
        {"060101", "学校门口早晚高峰堵车"},
        {"060102", "嘉州大道路口红绿灯时间太短"},
        {"060105", "停车被交警贴了罚单，想申诉"},
        {"060201", "人行道上车辆乱停乱放"},
        {"060203", "小区能不能装充电桩"},
        {"060301", "希望增加9路公交车次"},
        {"060302", "出租车拒载不打表"},
        {"060305", "火车站有黑车拉客"},
        {"060401", "村道损坏严重，没人维护"},
        {"060601", "驾驶证到期怎么换证"},
        {"070101", "楼下工地夜间施工，吵得睡不着"},
        {"070105", "广场舞音响声音太大"},
        {"070106", "楼下KTV通宵唱歌"},
        {"070201", "楼下餐馆油烟直排"},
        {"070202", "工地扬尘很大"},
        {"070203", "有人在田里焚烧秸秆"},
        {"070204", "砖厂冒黑烟，废气刺鼻"},
        {"070304", "附近养猪场恶臭难闻"},
        {"070301", "有工厂往河里偷排污水"},
        {"070501", "有人在大渡河非法采砂"},
        {"080101", "我家属于哪个学区"},
        {"080102", "外地户口小孩在乐山上学怎么报名"},
        {"080201", "学校乱收费，收补课费"},
        {"080202", "学校食堂饭菜有异味"},
        {"080301", "培训机构关门跑路不退学费"},
        {"080107", "孩子转学怎么办手续"},
        {"090101", "市人民医院怎么预约挂号"},
        {"090104", "医院误诊，医疗事故怎么处理"},
        {"090201", "哪里可以打狂犬疫苗"},
        {"090301", "三孩生育补贴怎么领"},
        {"100101", "网上买的衣服商家不给退货"},
        {"100102", "健身房关门跑路，会员卡里还有钱"},
        {"100201", "餐馆后厨很脏，餐饮卫生差"},
        {"100202", "超市卖过期食品"},
        {"100301", "加油站乱涨价"},
        {"100401", "买到假冒伪劣的白酒"},
        {"100601", "有人在小区搞传销"},
        {"110101", "峨眉山景区金顶索道排队太久"},
        {"110102", "乐山大佛景区九曲栈道怎么排队"},
        {"110201", "导游强制购物"},
        {"110301", "民宿酒店卫生差"},
        {"120101", "土地确权证什么时候发"},
        {"120102", "土地流转费没有给"},
        {"120301", "农村自建房宅基地怎么审批"},
        {"120401", "河边有人丢死猪"},
        {"120501", "灌溉水渠坏了，田里没水"},
        {"120801", "有人在青衣江电鱼"},
        {"130101", "低保怎么申请"},
        {"130202", "80岁老人高龄津贴"},
        {"130201", "养老院收费"},
        {"130301", "公墓价格"},
        {"130401", "残疾人补贴没有到账"},
        {"130501", "退役军人优待证怎么办"},
        {"130601", "结婚登记要带什么"},
        {"140102", "楼下麻将馆赌博"},
        {"140201", "身份证丢了怎么补办"},
        {"140203", "户口迁移手续"},
        {"140301", "护照怎么办"},
        {"140401", "接到诈骗电话被骗了五万"},
        {"150201", "消防通道被私家车堵塞"},
        {"150202", "出租屋堆满易燃物，有火灾隐患"},
        {"150203", "楼道里给电动车飞线充电"},
        {"150301", "屋后山体滑坡，有泥石流危险"},
        {"150401", "小区电梯故障，困人好几次"},
        {"160101", "个体工商户营业执照怎么办理"},
        {"160201", "项目审批能不能全代办"},
        {"160302", "企业奖补资金没有兑现"},
        {"160501", "餐馆不开发票"},
        {"170101", "两个部门互相推诿踢皮球"},
        {"170102", "窗口工作人员态度恶劣"},
        {"170301", "村委会从不公开村级财务"},
        {"170302", "邻居把水排到我家院子，邻里纠纷"},
        {"170401", "政务大厅窗口排队时间长"},
        {"180101", "网吧让未成年人上网"},
        {"180401", "广场上的健身器材坏了"},
        {"010202", "河边走几公里都没有公厕"},
        {"040105", "社保断了几个月，能不能补缴"},
        {"060203", "买了车位想装自用充电桩"},
        {"060303", "公交司机到站不停"},
        {"070103", "房子旁边是高架，能不能加隔音板"},
        {"090102", "住院清单里有几项检查没有做也收了钱"},
        {"100203", "农家乐聚餐后多人呕吐拉肚子"},
        {"150105", "外墙维修的脚手架歪了"},
        {"150203", "好多人把电瓶车推进楼道充电"},
        {"160102", "公司变更经营范围一直被退回"},
        {"170103", "上班时间打牌，群众办事找不到人"},
        {"180201", "图书馆周末开不开门"},
        {"010101", "学校门口小吃摊占了半边路"},
        {"010203", "洒水车半夜作业，喇叭声音大"},
        {"010204", "装修垃圾没有指定堆放点，物业不管"},
        {"050102", "自来水有股臭味，不敢喝"},
        {"060102", "幼儿园门口没有斑马线，建议施划"},
        {"060202", "商场停车场没有明码标价，乱收费"},
        {"060203", "小区充电口太少，建议增加集中充电点"},
        {"060301", "9路公交发车间隔太长，老人去医院不方便"},
        {"070301", "农家乐的污水直接排进水沟，下游鱼塘死了鱼"},
        {"070401", "货车凌晨偷倒渣土，倒在河滩上"},
        {"100401", "马边彝族自治县一家店卖假酒"},
        {"060201", "峨边彝族自治县小区出口两边停满车，乱停乱放"},
        {"010301", "峨眉山市桂花桥镇的路灯坏了"},
        {"160302", "完成技术改造，补贴一直没有兑现"},
    };
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct decision decision =
            decide_words(leshan_facts(TYPE_COMPLAINT), "", "", messages[i].text);
        cr_expect(span_is(found(&decision), messages[i].category), "%s: %.*s", messages[i].text,
                  SPAN_ARG(found(&decision)));
    }
}

Test(leshan_words, what_says_nothing_goes_to_the_desk)
{
    static const char *const texts[] = {"", "在吗", "。。。", "😀", "你好，请问一下"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct decision decision = decide_words(leshan_facts(TYPE_ENQUIRY), "", "", texts[i]);
        cr_expect(span_is(found(&decision), ""), "%s: %.*s", texts[i], SPAN_ARG(found(&decision)));
        cr_expect_eq(decision.doubts, DOUBT_CATEGORY_UNCLEAR);
    }
}

static bool informs(const struct decision *decision, const char *function)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        struct function its = unit_function(leshan_policy()->city, decision->assignments[i].unit);
        if (decision->assignments[i].role == ROLE_INFORMED &&
            span_is(function_code(leshan_policy()->city, its), function))
            return true;
    }
    return false;
}

Test(leshan_words, calls_for_help_are_sent_on_at_once)
{
    static const struct {
        const char *line, *category, *text, *number, *function;
    } calls[] = {
        {"119", "", "", "119", "fire"},
        {"12395", "", "", "12395", "transport"},
        {"12345", "150603", "", "120", "health"},
        {"12345", "", "隔壁3单元5楼着火了，楼里冒浓烟，还有老人", "119", "fire"},
        {"12345", "150202", "仓库起火了", "119", "fire"},
        {"12345", "", "街上有人持刀伤人", "110", "police"},
        {"12345", "", "楼下有人持刀打架，快来人", "110", "police"},
        {"12345", "", "老人突然昏迷，叫不醒", "120", "health"},
        {"12345", "", "路口两车相撞，有人卡在车里", "122", "traffic_police"},
        {"12345", "", "我老公昏迷不醒，叫救护车", "120", "health"},
        {"12345", "", "青衣大道出车祸了，两辆车堵在路上", "122", "traffic_police"},
        {"12345", "", "岷江边有人落水", "12395", "transport"},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct decision decision =
            decide_words(leshan_facts(TYPE_HELP), calls[i].line, calls[i].category, calls[i].text);
        cr_expect_eq(decision.disposition, DISPOSITION_TRANSFER, "%s", calls[i].text);
        cr_expect(span_is(decision.advice, calls[i].number), "%s", calls[i].text);
        cr_expect(informs(&decision, calls[i].function), "%s", calls[i].text);
        cr_expect_eq(decision.doubts, 0);
    }
}

Test(leshan_words, what_only_sounds_like_a_call_for_help_is_not_sent_on)
{
    static const char *const texts[] = {
        "楼道堆满纸箱，万一着火了怎么跑",     "小区消防演练时喊着火了，吓到老人",
        "去年厂房着火了，到现在没有赔偿",     "垃圾场浓烟滚滚，污染很大",
        "父亲在医院昏迷不醒，医保不给报销",   "上次出车祸了，交警的认定书不公平",
        "这个路口容易发生车祸，建议装红绿灯", "河边没有护栏，担心小孩掉进河里",
        "法院去年判的，邻居以前持刀伤人",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct decision decision =
            decide_words(leshan_facts(TYPE_COMPLAINT), "12345", "", texts[i]);
        cr_expect_eq(decision.disposition, DISPOSITION_DISPATCH, "%s", texts[i]);
    }
    struct decision asked =
        decide_words(leshan_facts(TYPE_ENQUIRY), "12345", "", "家里着火了应该打什么电话");
    cr_expect_eq(asked.disposition, DISPOSITION_DISPATCH, "who only asks needs no engine");
}

Test(leshan_words, what_is_for_others_is_told_the_way)
{
    static const struct {
        enum type type;
        const char *line, *category, *text, *way;
    } cases[] = {
        {TYPE_COMPLAINT, "12368", "", "", "12368"},
        {TYPE_REPORT, "12388", "", "", "12388"},
        {TYPE_REPORT, "12389", "", "", "12389"},
        {TYPE_COMPLAINT, "12345", "170601", "", "12368"},
        {TYPE_ENQUIRY, "12345", "170603", "", "行政复议"},
        {TYPE_HELP, "12345", "170605", "", "信访"},
        {TYPE_COMPLAINT, "12345", "170607", "", "区号"},
        {TYPE_COMPLAINT, "12345", "", "我不服一审，法官不公", "12368"},
        {TYPE_REPORT, "12345", "", "镇长受贿，挪用公款修自己的房子", "12388"},
        {TYPE_HELP, "12345", "", "我要申请政府信息公开", "依申请公开"},
        {TYPE_HELP, "12345", "", "对信访处理意见书不满意", "复查"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decision decision = decide_words(leshan_facts(cases[i].type), cases[i].line,
                                                cases[i].category, cases[i].text);
        struct span way = span_of_string(cases[i].way);
        cr_expect_eq(decision.disposition, DISPOSITION_REDIRECT, "%s", cases[i].text);
        cr_expect(decision.advice.bytes > 0 && memmem(decision.advice.data, decision.advice.bytes,
                                                      way.data, way.bytes) != NULL,
                  "%s: %.*s", cases[i].text, SPAN_ARG(decision.advice));
    }
    /* Words do not overrule whoever listened and chose a category. */
    struct decision chosen =
        decide_words(leshan_facts(TYPE_REPORT), "12345", "120901", "村干部贪污集体的钱");
    cr_expect_eq(chosen.disposition, DISPOSITION_DISPATCH);
}

Test(leshan_words, what_needs_nobody_is_not_dispatched)
{
    struct facts facts = leshan_facts(TYPE_ENQUIRY);
    facts.answered = FLAG_YES;
    cr_expect_eq(decide_words(facts, "", "130101", "").disposition, DISPOSITION_ON_THE_SPOT);
    facts.type = TYPE_PRAISE;
    cr_expect_eq(decide_words(facts, "", "170502", "").disposition, DISPOSITION_ON_THE_SPOT);
    facts.type = TYPE_COMPLAINT;
    cr_expect_eq(decide_words(facts, "", "130101", "").disposition, DISPOSITION_DISPATCH);
    facts = leshan_facts(TYPE_HELP);
    facts.earlier = FLAG_YES;
    cr_expect_eq(decide_words(facts, "", "130101", "").disposition, DISPOSITION_ATTACH);
}

static const char *show(struct time_limit limit, char text[TIME_LIMIT_BYTES_MAX + 1])
{
    text[time_limit_format(limit, text)] = '\0';
    return text;
}

Test(leshan_words, the_clock_goes_by_type_and_danger)
{
    static const struct {
        enum type type;
        enum regime regime;
        enum urgency asked, urgency;
        const char *category, *text, *limit, *sign;
    } cases[] = {
        {TYPE_ENQUIRY, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_NORMAL, "0501", "", "3wd", "24h"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_NORMAL, "1301", "", "7wd", "24h"},
        {TYPE_SUGGESTION, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_NORMAL, "01", "", "7wd", "24h"},
        {TYPE_COMPLAINT, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_NORMAL, "02", "", "15wd", "24h"},
        {TYPE_REPORT, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_NORMAL, "07", "", "15wd", "24h"},
        {TYPE_PRAISE, REGIME_NORMAL, URGENCY_CRITICAL, URGENCY_NORMAL, "01", "", "7wd", "24h"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_URGENT, "050101", "", "24h", "2h"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_URGENT, "010302", "", "24h", "2h"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_URGENT, URGENCY_URGENT, "1301", "", "24h", "2h"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_CRITICAL, URGENCY_CRITICAL, "1301", "", "2h", "30min"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_CRITICAL, "",
         "楼道有煤气味，怀疑煤气泄漏", "2h", "30min"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_CRITICAL, "", "拿不到工资，我想跳楼",
         "2h", "30min"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_CRITICAL, "",
         "突然停电，家里有病人用呼吸机", "2h", "30min"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_CRITICAL, "140108",
         "老人早上走出去没有回来", "2h", "30min"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_CRITICAL, "140401",
         "今天被骗了三万元，银行让先报警", "2h", "30min"},
        {TYPE_COMPLAINT, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_URGENT, "",
         "广告牌被风吹松了，担心掉下来砸到人", "24h", "2h"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_URGENT, "090202",
         "幼儿园十几个孩子发烧呕吐", "24h", "2h"},
        {TYPE_HELP, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_URGENT, "0301",
         "工人聚在工地讨工资，情绪激动", "24h", "30min"},
        {TYPE_COMPLAINT, REGIME_NORMAL, URGENCY_NORMAL, URGENCY_NORMAL, "0301",
         "三个月没发工资，员工都快生活不下去了", "15wd", "24h"},
        {TYPE_HELP, REGIME_EMERGENCY, URGENCY_NORMAL, URGENCY_CRITICAL, "150302", "", "24h",
         "30min"},
        {TYPE_COMPLAINT, REGIME_HOLIDAY, URGENCY_NORMAL, URGENCY_URGENT, "110101", "", "24h", "2h"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct facts facts = leshan_facts(cases[i].type);
        facts.regime = cases[i].regime;
        facts.urgency = cases[i].asked;
        struct decision decision = decide_words(facts, "", cases[i].category, cases[i].text);
        cr_expect_eq(decision.urgency, cases[i].urgency, "case %zu", i);
        char text[TIME_LIMIT_BYTES_MAX + 1];
        cr_expect_str_eq(show(decision.limit, text), cases[i].limit, "case %zu", i);
        cr_expect_str_eq(show(decision.sign_limit, text), cases[i].sign, "case %zu", i);
    }
}

static const char *main_unit(const struct decision *decision)
{
    static char text[UNIT_KEY_BYTES_MAX];
    snprintf(text, sizeof text, "%.*s",
             SPAN_ARG(unit_key(leshan_policy()->city, decision->assignments[0].unit)));
    return text;
}

Test(leshan_words, holidays_and_emergencies_have_their_own_way)
{
    struct facts facts = leshan_facts(TYPE_COMPLAINT);
    facts.regime = REGIME_HOLIDAY;
    struct decision decision = decide_words(facts, "", "110201", "");
    cr_expect_str_eq(main_unit(&decision), "511100000000.tourism_dispatch");
    cr_expect(informs(&decision, "duty_office"));
    decision = decide_words(facts, "", "010201", "");
    cr_expect_str_eq(main_unit(&decision), "511126000000.general");
    cr_expect(informs(&decision, "duty_office"));
    facts.regime = REGIME_EMERGENCY;
    decision = decide_words(facts, "", "150302", "");
    cr_expect_str_eq(main_unit(&decision), "511126000000.emergency");
    cr_expect(informs(&decision, "duty_office"));
    facts.regime = REGIME_NORMAL;
    decision = decide_words(facts, "", "110201", "");
    cr_expect_str_eq(main_unit(&decision), "511126000000.culture_tourism");
    cr_expect_not(informs(&decision, "duty_office"));
}

Test(leshan_words, who_speaks_up_against_a_unit_is_not_shown_to_it)
{
    struct facts facts = leshan_facts(TYPE_COMPLAINT);
    struct decision decision = decide_words(facts, "", "170102", "");
    cr_expect(decision.reporter_shown);
    struct case_words words = {.category = span_of_string("170102"),
                               .place = span_of_string("511126"),
                               .respondent = span_of_string("夹江县城市管理行政执法局")};
    decision = leshan_decide(facts, &words);
    cr_expect_not(decision.reporter_shown);
    facts.type = TYPE_REPORT;
    decision = leshan_decide(facts, &words);
    cr_expect_not(decision.reporter_shown);
    cr_expect_str_eq(main_unit(&decision), "511100000000.conduct");
}
