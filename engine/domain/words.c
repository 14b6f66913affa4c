#include "domain/words.h"

#define NAMES(...)                                                                                 \
    {                                                                                              \
        "", __VA_ARGS__                                                                            \
    }
#define WORDS(word, all_names, all_labels)                                                         \
    static const char *const word##_names[] = all_names;                                           \
    static const char *const word##_labels[] = all_labels;                                         \
    const struct word_list word##_words = {                                                        \
        .what = #word,                                                                             \
        .names = word##_names,                                                                     \
        .labels = word##_labels,                                                                   \
        .count = sizeof word##_names / sizeof word##_names[0],                                     \
    }

WORDS(channel, NAMES("phone", "sms", "email", "wechat", "weibo", "app", "letter", "visit"),
      NAMES("电话", "短信", "电子邮件", "微信", "微博", "手机应用", "来信", "来访"));
WORDS(type, NAMES("enquiry", "help", "complaint", "report", "suggestion", "praise"),
      NAMES("咨询", "求助", "投诉", "举报", "建议", "表扬"));
WORDS(applicant, NAMES("citizen", "enterprise"), NAMES("个人", "企业"));
WORDS(urgency, NAMES("normal", "urgent", "critical"), NAMES("一般", "紧急", "特急"));
WORDS(tier, NAMES("city", "county", "township", "village"),
      NAMES("市级", "县级", "乡镇级", "村级"));
WORDS(role, NAMES("main", "co", "informed", "supervisor"), NAMES("主办", "协办", "抄送", "督办"));
WORDS(state, NAMES("issued", "signed", "returned", "answered", "closed"),
      NAMES("已派", "已签收", "已退", "已答复", "已办结"));
WORDS(verb, NAMES("sign", "return", "reassign", "answer", "close", "correct", "regime"),
      NAMES("签收", "退单", "改派", "答复", "办结", "更正", "切换派单模式"));
WORDS(reason, NAMES("not_our_duty", "not_our_place", "facts_missing", "already_handled"),
      NAMES("非职责范围", "非辖区", "信息不全", "重复"));
WORDS(disposition, NAMES("dispatch", "on_the_spot", "transfer", "redirect", "attach"),
      NAMES("派单", "直接答复", "转接", "告知其他途径", "并入原工单"));
WORDS(regime, NAMES("normal", "holiday", "emergency", "calendar"),
      NAMES("常规", "假日", "应急", "按日历"));
/* What a case may come in under: an order to follow the calendar is never in force itself. */
const struct word_list regime_in_force_words = {
    .what = "regime", .names = regime_names, .labels = regime_labels, .count = REGIME_CALENDAR};
WORDS(need, NAMES("doubtful", "unsigned", "returned", "overdue"),
      NAMES("存疑", "超时未签收", "退单", "超期"));
WORDS(flag, NAMES("yes", "no"), NAMES("是", "否"));
WORDS(respondent, NAMES("unit", "other"), NAMES("本市单位", "其他"));
WORDS(how, NAMES("start", "load", "sighup", "rollback"), NAMES("启动", "换用", "重读", "退回"));

#define SAME_LENGTH(word, last)                                                                    \
    _Static_assert(sizeof word##_names / sizeof word##_names[0] == (last) &&                       \
                       sizeof word##_labels / sizeof word##_labels[0] == (last),                   \
                   "a name and a label for each " #word)

SAME_LENGTH(channel, CHANNEL_COUNT);
SAME_LENGTH(type, TYPE_COUNT);
SAME_LENGTH(applicant, APPLICANT_COUNT);
SAME_LENGTH(urgency, URGENCY_COUNT);
SAME_LENGTH(tier, TIER_COUNT);
SAME_LENGTH(role, ROLE_COUNT);
SAME_LENGTH(state, STATE_COUNT);
SAME_LENGTH(verb, VERB_COUNT);
SAME_LENGTH(reason, REASON_COUNT);
SAME_LENGTH(disposition, DISPOSITION_COUNT);
SAME_LENGTH(regime, REGIME_COUNT);
SAME_LENGTH(need, NEED_COUNT);
SAME_LENGTH(flag, FLAG_COUNT);
SAME_LENGTH(respondent, RESPONDENT_COUNT);
SAME_LENGTH(how, HOW_COUNT);

uint32_t word_find(const struct word_list *list, struct span name)
{
    for (uint32_t i = 1; i < list->count; i++)
        if (span_is(name, list->names[i]))
            return i;
    return 0;
}

const char *word_name(const struct word_list *list, uint32_t number)
{
    return number < list->count ? list->names[number] : "";
}

const char *word_label(const struct word_list *list, uint32_t number)
{
    return number < list->count ? list->labels[number] : "";
}
