#include "bench/cases.h"

#include "base/check.h"

#include <inttypes.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *const openings[] = {
    "市民来电反映", "来电人称", "群众留言反映", "居民反映", "来信反映",
};
static const char *const times[] = {
    "从上周开始", "近一个月来", "昨天晚上十点以后", "今天早上", "入冬以来", "国庆节以后",
};
static const char *const details[] = {
    "一直没有人处理，附近二十多户居民的生活受到影响",
    "老人和小孩出入很不方便，之前向社区反映过，没有得到答复",
    "已经影响到正常经营，多次与对方沟通没有结果",
    "情况比较着急，担心下雨以后会更严重",
    "周围群众意见很大，现场有照片可以提供",
    "不清楚应该找哪个部门，也不知道需要准备哪些材料",
};
static const char *const wishes[] = {
    "希望有关部门到现场核实，尽快处理并回复。",
    "请问具体的政策和办理流程是什么，希望得到答复。",
    "要求相关单位给出明确的处理时间。",
    "建议加强管理，避免类似情况再次发生。",
};
static const char *const family_names[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "周", "罗"};
static const char *const courtesies[] = {"先生", "女士"};

/* Of a hundred cases; enquiries are most of what a hotline hears. */
static const struct {
    Lianxin__V1__Type type;
    uint32_t share;
} type_shares[] = {
    {LIANXIN__V1__TYPE__TYPE_ENQUIRY, 38},   {LIANXIN__V1__TYPE__TYPE_HELP, 26},
    {LIANXIN__V1__TYPE__TYPE_COMPLAINT, 22}, {LIANXIN__V1__TYPE__TYPE_SUGGESTION, 7},
    {LIANXIN__V1__TYPE__TYPE_REPORT, 4},     {LIANXIN__V1__TYPE__TYPE_PRAISE, 3},
};

uint64_t cases_random(struct cases *cases, uint64_t limit)
{
    return random_below(&cases->random, limit);
}

#define PICK(cases, array) ((array)[cases_random(cases, COUNT(array))])

void cases_init(struct cases *cases, const struct city *city, const char *source,
                enum channel channel, uint64_t seed)
{
    *cases = (struct cases){
        .city = city, .source = source, .channel = channel, .random = {seed * 2 + 1}};
    for (int i = 0; i < 8; i++)
        cases_random(cases, 2); /* small seeds begin alike */
}

static Lianxin__V1__Type random_type(struct cases *cases)
{
    uint64_t draw = cases_random(cases, 100);
    for (size_t i = 0; i < COUNT(type_shares); i++) {
        if (draw < type_shares[i].share)
            return type_shares[i].type;
        draw -= type_shares[i].share;
    }
    return LIANXIN__V1__TYPE__TYPE_ENQUIRY;
}

/* A category without children. */
static struct category random_category(struct cases *cases)
{
    for (;;) {
        struct category category = {(uint32_t)cases_random(cases, city_categories(cases->city))};
        if (category_limit(cases->city, category) == category.index + 1)
            return category;
    }
}

static struct line random_line(struct cases *cases)
{
    return (struct line){(uint32_t)cases_random(cases, city_lines(cases->city))};
}

static void copy(char *to, size_t bytes, struct span from)
{
    snprintf(to, bytes, "%.*s", SPAN_ARG(from));
}

static void write_words(struct cases *cases, struct made_case *made, struct place place,
                        struct span subject)
{
    char path[PLACE_PATH_BYTES_MAX];
    size_t path_bytes = place_path(city_places(cases->city), place, path);
    struct span where = span_of(path, path_bytes);
    snprintf(made->title, sizeof made->title, "%.*s：%.*s", SPAN_ARG(where), SPAN_ARG(subject));
    snprintf(made->text, sizeof made->text, "%s，%s，%.*s出现“%.*s”方面的问题，%s。%s",
             PICK(cases, openings), PICK(cases, times), SPAN_ARG(where), SPAN_ARG(subject),
             PICK(cases, details), PICK(cases, wishes));
}

static void say_where_and_what(const struct cases *cases, struct made_case *made, bool has_category)
{
    if (cases->text_only)
        return;
    made->message.place = made->place;
    if (has_category)
        made->message.category = made->category;
    else
        made->message.line = made->line;
}

void cases_next(struct cases *cases, struct made_case *made)
{
    const struct city *city = cases->city;
    Lianxin__V1__Case *message = &made->message;
    struct place place = {(uint32_t)cases_random(cases, places_count(city_places(city)))};
    struct category category = random_category(cases);
    bool has_category = cases_random(cases, 100) < 80;
    struct line line = random_line(cases);
    uint64_t number = ++cases->count;

    lianxin__v1__case__init(message);
    lianxin__v1__reporter__init(&made->reporter);
    copy(made->place, sizeof made->place, place_code(city_places(city), place));
    copy(made->category, sizeof made->category, category_code(city, category));
    copy(made->line, sizeof made->line, line_number(city, line));
    write_words(cases, made, place, category_name(city, category));
    snprintf(made->external_id, sizeof made->external_id, "%" PRIu64, number);
    snprintf(made->name, sizeof made->name, "%s%s", PICK(cases, family_names),
             PICK(cases, courtesies));
    /* No mobile number begins with 100. */
    snprintf(made->phone, sizeof made->phone, "100%08" PRIu64, cases_random(cases, 100000000));

    message->source = (char *)cases->source;
    message->external_id = made->external_id;
    message->channel =
        (Lianxin__V1__Channel)(cases->channel != CHANNEL_NONE ? (uint64_t)cases->channel
                                                              : 1 + number % (CHANNEL_COUNT - 1));
    message->type = random_type(cases);
    say_where_and_what(cases, made, has_category);
    if (cases_random(cases, 100) < 8)
        message->applicant = LIANXIN__V1__APPLICANT__APPLICANT_ENTERPRISE;
    made->reporter.name = made->name;
    made->reporter.phone = made->phone;
    message->reporter = &made->reporter;
    message->title = made->title;
    message->text = made->text;
}
