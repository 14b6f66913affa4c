#include "domain/city/province.h"

enum { CODE_DIGITS = 2 };

/* Mainland, in the order of codes. The four cities under the state are their own province. */
static const struct {
    char code[CODE_DIGITS + 1];
    const char *name, *short_name;
} provinces[] = {
    {"11", "北京市", "北京"},           {"12", "天津市", "天津"},
    {"13", "河北省", "河北"},           {"14", "山西省", "山西"},
    {"15", "内蒙古自治区", "内蒙古"},   {"21", "辽宁省", "辽宁"},
    {"22", "吉林省", "吉林"},           {"23", "黑龙江省", "黑龙江"},
    {"31", "上海市", "上海"},           {"32", "江苏省", "江苏"},
    {"33", "浙江省", "浙江"},           {"34", "安徽省", "安徽"},
    {"35", "福建省", "福建"},           {"36", "江西省", "江西"},
    {"37", "山东省", "山东"},           {"41", "河南省", "河南"},
    {"42", "湖北省", "湖北"},           {"43", "湖南省", "湖南"},
    {"44", "广东省", "广东"},           {"45", "广西壮族自治区", "广西"},
    {"46", "海南省", "海南"},           {"50", "重庆市", "重庆"},
    {"51", "四川省", "四川"},           {"52", "贵州省", "贵州"},
    {"53", "云南省", "云南"},           {"54", "西藏自治区", "西藏"},
    {"61", "陕西省", "陕西"},           {"62", "甘肃省", "甘肃"},
    {"63", "青海省", "青海"},           {"64", "宁夏回族自治区", "宁夏"},
    {"65", "新疆维吾尔自治区", "新疆"},
};

static size_t named(struct span code, struct span text, bool (*has)(struct span, struct span))
{
    for (size_t i = 0; i < sizeof provinces / sizeof provinces[0]; i++) {
        if (code.bytes < CODE_DIGITS || memcmp(code.data, provinces[i].code, CODE_DIGITS) != 0)
            continue;
        struct span name = span_of_string(provinces[i].name);
        struct span short_name = span_of_string(provinces[i].short_name);
        return has(text, name) ? name.bytes : has(text, short_name) ? short_name.bytes : 0;
    }
    return 0;
}

size_t province_at_start(struct span code, struct span text)
{
    return named(code, text, span_starts_with);
}

size_t province_at_end(struct span code, struct span text)
{
    return named(code, text, span_ends_with);
}
