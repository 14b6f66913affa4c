#include "domain/city/context.h"

#include "base/utf8.h"

#include <uchar.h>

enum { CHARACTER_BYTES = 3, ORGAN_CHARACTERS_MAX = 9 };

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* The words of these lists are Chinese, so none is shorter than a character; and most are one. They
 * are compared here, since to measure and call for each costs more than all else about a name. */

static bool starts_with(struct span text, const char *word)
{
    if (text.bytes < CHARACTER_BYTES || memcmp(text.data, word, CHARACTER_BYTES) != 0)
        return false;
    size_t i = CHARACTER_BYTES;
    while (i < text.bytes && word[i] != '\0' && text.data[i] == (uint8_t)word[i])
        i++;
    return word[i] == '\0';
}

static bool any_at_start(struct span text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (starts_with(text, list[i]))
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

/* The last one, or 0. */
static char32_t last_ideograph(struct span text)
{
    size_t bytes;
    return ideograph_at_end(text) ? utf8_decode(text.data + text.bytes - CHARACTER_BYTES, &bytes)
                                  : 0;
}

static struct span without_last(struct span text)
{
    return span_of(text.data, text.bytes - (ideograph_at_end(text) ? CHARACTER_BYTES : 0));
}

static bool is_any(char32_t character, const char32_t *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == character)
            return true;
    return false;
}

/* 快乐山庄, 音乐山谷, 金沙湾, 斑马边, 油井研究: each has a county's bare name in it. */
bool context_binds_bare(struct span before)
{
    static const char32_t list[] = {U'快', U'音', U'欢', U'娱', U'金', U'银', U'白',
                                    U'黄', U'斑', U'油', U'水', U'机', U'钻'};
    return is_any(last_ideograph(before), list, COUNT(list));
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
    static const char32_t list[] = {U'城', U'全', U'本', U'我', U'各', U'超', U'夜', U'股',
                                    U'上', U'都', U'门', U'早', U'菜', U'集', U'闹', U'州'};
    return starts_with(name, "市") && is_any(last_ideograph(before), list, COUNT(list));
}

bool context_cuts_back(struct span name, struct span behind)
{
    static const struct {
        const char *end, *behind;
    } list[] = {{"街道", "路"}, {"村", "庄"}, {"市中区", "域"}, {"市中区", "别"}};
    for (size_t i = 0; i < COUNT(list); i++)
        if (starts_with(behind, list[i].behind) &&
            span_ends_with(name, span_of_string(list[i].end)))
            return true;
    return false;
}

bool context_opens(struct span before)
{
    static const char32_t list[] = {
        U'在', U'于', U'是', U'到', U'从', U'向', U'往', U'至', U'去', U'来', U'住', U'自',
        U'由', U'为', U'对', U'和', U'与', U'及', U'或', U'跟', U'经', U'给', U'请', U'让',
        U'将', U'把', U'被', U'的', U'我', U'们', U'本', U'该', U'原', U'现', U'有', U'映',
        U'诉', U'询', U'报', U'求', U'议', U'址', U'处', U'离', U'称',
    };
    return !ideograph_at_end(before) || is_any(last_ideograph(before), list, COUNT(list));
}

bool context_closes(struct span behind)
{
    static const char *const list[] = {"的", "在", "有", "某", "这", "那", "附近", "场镇", "境内"};
    return !ideograph_at_start(behind) || any_at_start(behind, list, COUNT(list));
}

bool context_is_foreign(struct span before)
{
    static const char32_t kinds[] = {U'省', U'州', U'市', U'县', U'区', U'旗', U'镇', U'乡'};
    static const char32_t ours[] = {U'我', U'本', U'该', U'全', U'们', U'各', U'在', U'城', U'此'};
    char32_t kind = last_ideograph(before);
    struct span rest = without_last(before);
    if (kind == U'道' && last_ideograph(rest) == U'街')
        rest = without_last(rest);
    else if (!is_any(kind, kinds, COUNT(kinds)))
        return false;
    return !is_any(last_ideograph(rest), ours, COUNT(ours));
}

static struct span without_first(struct span text)
{
    return span_of(text.data + CHARACTER_BYTES, text.bytes - CHARACTER_BYTES);
}

/* How many ideographs stand before the first 局 that is near, one at least; 0 where there is none.
 */
static size_t to_bureau(struct span behind)
{
    for (size_t i = 0; i < ORGAN_CHARACTERS_MAX && ideograph_at_start(behind); i++) {
        if (i > 0 && starts_with(behind, "局"))
            return i;
        behind = without_first(behind);
    }
    return 0;
}

bool context_is_organ(struct span behind)
{
    static const char *const organs[] = {"人民政府", "政府", "县委",   "区委", "市委",
                                         "委",       "法院", "检察院", "公安", "派出所"};
    static const char *const breaks[] = {"的", "在", "有", "到", "去", "向", "被", "和", "邮政局"};
    if (any_at_start(behind, organs, COUNT(organs)))
        return true;
    size_t characters = to_bureau(behind);
    for (size_t i = 0; i < characters; i++) {
        if (any_at_start(behind, breaks, COUNT(breaks)))
            return false;
        behind = without_first(behind);
    }
    return characters > 0;
}

bool context_is_addressed(struct span before)
{
    static const char32_t list[] = {U'向', U'请', U'望', U'求', U'让', U'由',
                                    U'吁', U'致', U'找', U'到', U'去', U'给'};
    return is_any(last_ideograph(before), list, COUNT(list)) ||
           span_ends_with(before, span_of_string("尊敬的"));
}

bool context_is_ordinary(struct span name)
{
    static const char *const words[] = {"新农村", "中心村", "集体村", "群众村", "健康村"};
    bool ordinary = name.bytes <= (size_t)2 * CHARACTER_BYTES;
    for (size_t i = 0; i < COUNT(words); i++)
        ordinary |= span_is(name, words[i]);
    return ordinary;
}
