#include "domain/city/province.h"

enum { CODE_DIGITS = 2 };

struct province {
    char code[CODE_DIGITS + 1];
    struct span name, short_name;
};

#define SPAN(text)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
#define PROVINCE(code, name, short_name)                                                           \
    {                                                                                              \
        code, SPAN(name), SPAN(short_name)                                                         \
    }

/* Mainland, in the order of codes. The four cities under the state are their own province. */
static const struct province provinces[] = {
    PROVINCE("11", "北京市", "北京"),           PROVINCE("12", "天津市", "天津"),
    PROVINCE("13", "河北省", "河北"),           PROVINCE("14", "山西省", "山西"),
    PROVINCE("15", "内蒙古自治区", "内蒙古"),   PROVINCE("21", "辽宁省", "辽宁"),
    PROVINCE("22", "吉林省", "吉林"),           PROVINCE("23", "黑龙江省", "黑龙江"),
    PROVINCE("31", "上海市", "上海"),           PROVINCE("32", "江苏省", "江苏"),
    PROVINCE("33", "浙江省", "浙江"),           PROVINCE("34", "安徽省", "安徽"),
    PROVINCE("35", "福建省", "福建"),           PROVINCE("36", "江西省", "江西"),
    PROVINCE("37", "山东省", "山东"),           PROVINCE("41", "河南省", "河南"),
    PROVINCE("42", "湖北省", "湖北"),           PROVINCE("43", "湖南省", "湖南"),
    PROVINCE("44", "广东省", "广东"),           PROVINCE("45", "广西壮族自治区", "广西"),
    PROVINCE("46", "海南省", "海南"),           PROVINCE("50", "重庆市", "重庆"),
    PROVINCE("51", "四川省", "四川"),           PROVINCE("52", "贵州省", "贵州"),
    PROVINCE("53", "云南省", "云南"),           PROVINCE("54", "西藏自治区", "西藏"),
    PROVINCE("61", "陕西省", "陕西"),           PROVINCE("62", "甘肃省", "甘肃"),
    PROVINCE("63", "青海省", "青海"),           PROVINCE("64", "宁夏回族自治区", "宁夏"),
    PROVINCE("65", "新疆维吾尔自治区", "新疆"),
};

const struct province *province_of(struct span code)
{
    for (size_t i = 0; i < sizeof provinces / sizeof provinces[0]; i++)
        if (code.bytes >= CODE_DIGITS && memcmp(code.data, provinces[i].code, CODE_DIGITS) == 0)
            return &provinces[i];
    return NULL;
}

size_t province_at_start(const struct province *province, struct span text)
{
    if (province == NULL || !span_starts_with(text, province->short_name))
        return 0;
    return span_starts_with(text, province->name) ? province->name.bytes
                                                  : province->short_name.bytes;
}

size_t province_at_end(const struct province *province, struct span text)
{
    if (province == NULL)
        return 0;
    return span_ends_with(text, province->name)         ? province->name.bytes
           : span_ends_with(text, province->short_name) ? province->short_name.bytes
                                                        : 0;
}
