#include "domain/city/context.h"

enum { CHARACTER_BYTES = 3, ORGAN_CHARACTERS_MAX = 9 };

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool any_at_start(struct span text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_starts_with(text, span_of_string(list[i])))
            return true;
    return false;
}

static bool any_at_end(struct span text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_ends_with(text, span_of_string(list[i])))
            return true;
    return false;
}

/* Characters of three bytes in UTF-8 from U+4E00 on. */
static bool is_ideograph(const uint8_t *at)
{
    return *at >= 0xE4 && *at <= 0xE9;
}

static bool ideograph_at_start(struct span text)
{
    return text.bytes >= CHARACTER_BYTES && is_ideograph(text.data);
}

static bool ideograph_at_end(struct span text)
{
    return text.bytes >= CHARACTER_BYTES && is_ideograph(text.data + text.bytes - CHARACTER_BYTES);
}

/* 快乐山庄, 音乐山谷, 金沙湾, 斑马边, 油井研究: each has a county's bare name in it. */
bool context_binds_bare(struct span before)
{
    static const char *const list[] = {"快", "音", "欢", "娱", "金", "银", "白",
                                       "黄", "斑", "油", "水", "机", "钻"};
    return any_at_end(before, list, COUNT(list));
}

bool context_makes_other(struct span behind)
{
    static const char *const list[] = {
        "路",   "街",   "大道", "巷",   "桥",     "大桥", /* roads of any town */
        "小区", "花园", "苑",   "公馆", "庄",     "谷",     "广场",
        "公园", /* estates, with a fine name */
        "酒店", "宾馆", "饭店", "餐",   "超市",   "商场",   "店",
        "厂",                                                       /* shops and firms */
        "公司", "集团", "银行", "商会",                             /* ... wherever they are */
        "医院", "学校", "小学", "中学", "大学",   "学院",   "师范", /* called after a place */
        "豆腐", "腐乳", "茶",   "雪芽", "钵钵鸡", "甜皮鸭",         /* what it is known for */
        "河",   "江",   "水",   "派",         /* a river runs through several */
        "乡",   "镇",   "村",   "社区",       /* not the one known */
        "一平", "究",   "发",   "心",   "场", /* 五通一平, 井研究, 市中心 */
    };
    static const char *const but[] = {"街道", "水库", "水务", "发生", "发现", "心里"};
    return any_at_start(behind, list, COUNT(list)) && !any_at_start(behind, but, COUNT(but));
}

bool context_cuts_front(struct span name, struct span before)
{
    static const char *const list[] = {"城", "全", "本", "我", "各", "超", "夜", "股",
                                       "上", "都", "门", "早", "菜", "集", "闹", "州"};
    return span_starts_with(name, span_of_string("市")) && any_at_end(before, list, COUNT(list));
}

bool context_cuts_back(struct span name, struct span behind)
{
    static const struct {
        const char *end, *behind;
    } list[] = {{"街道", "路"}, {"村", "庄"}, {"市中区", "域"}, {"市中区", "别"}};
    for (size_t i = 0; i < COUNT(list); i++)
        if (span_ends_with(name, span_of_string(list[i].end)) &&
            span_starts_with(behind, span_of_string(list[i].behind)))
            return true;
    return false;
}

bool context_opens(struct span before)
{
    static const char *const list[] = {
        "在", "于", "是", "到", "从", "向", "往", "至", "去", "来", "住", "自", "由", "为", "对",
        "和", "与", "及", "或", "跟", "经", "给", "请", "让", "将", "把", "被", "的", "我", "们",
        "本", "该", "原", "现", "有", "映", "诉", "询", "报", "求", "议", "址", "处", "离", "称",
    };
    return !ideograph_at_end(before) || any_at_end(before, list, COUNT(list));
}

bool context_closes(struct span behind)
{
    static const char *const list[] = {"的", "在", "有", "某", "这", "那", "附近", "场镇", "境内"};
    return !ideograph_at_start(behind) || any_at_start(behind, list, COUNT(list));
}

bool context_is_foreign(struct span before)
{
    static const char *const kinds[] = {"省", "州", "市", "县", "区", "旗", "镇", "乡", "街道"};
    static const char *const ours[] = {"我", "本", "该", "全", "们", "各", "在", "城", "此"};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct span kind = span_of_string(kinds[i]);
        if (span_ends_with(before, kind))
            return !any_at_end(span_of(before.data, before.bytes - kind.bytes), ours, COUNT(ours));
    }
    return false;
}

bool context_is_organ(struct span behind)
{
    static const char *const organs[] = {"人民政府", "政府", "县委",   "区委", "市委",
                                         "委",       "法院", "检察院", "公安", "派出所"};
    static const char *const breaks[] = {"的", "在", "有", "到", "去", "向", "被", "和", "邮政局"};
    if (any_at_start(behind, organs, COUNT(organs)))
        return true;
    for (size_t i = 0; i < ORGAN_CHARACTERS_MAX && ideograph_at_start(behind); i++) {
        if (any_at_start(behind, breaks, COUNT(breaks)))
            return false;
        if (i > 0 && span_starts_with(behind, span_of_string("局")))
            return true;
        behind = span_of(behind.data + CHARACTER_BYTES, behind.bytes - CHARACTER_BYTES);
    }
    return false;
}

bool context_is_addressed(struct span before)
{
    static const char *const list[] = {"向", "请", "望", "求", "让", "由",    "吁",
                                       "致", "找", "到", "去", "给", "尊敬的"};
    return any_at_end(before, list, COUNT(list));
}

bool context_is_ordinary(struct span name)
{
    static const char *const words[] = {"新农村", "中心村", "集体村", "群众村", "健康村"};
    bool ordinary = name.bytes <= (size_t)2 * CHARACTER_BYTES;
    for (size_t i = 0; i < COUNT(words); i++)
        ordinary |= span_is(name, words[i]);
    return ordinary;
}
