#include "tools/simulate/cases.h"

#include "domain/city/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    STREAM_TIMES = 0, /* of random numbers; a case has that of its index behind these */
    STREAM_CASES = 16,
    STREET_WEIGHT = 4,
    UNIT_TRIES = 64,
};

/* Per thousand. share: of all cases, and the telephone is what a hotline is. category, place,
 * answer: how often the adapter, or its operator, gives the first two beside the words, and tells
 * the citizen at once what can be told at once. */
static const struct {
    const char *source;
    const char *says, *asks; /* what the text begins with */
    uint32_t share;
    uint32_t category, place, answer;
} channels[CHANNEL_COUNT] = {
    [CHANNEL_PHONE] = {"sim-phone", "来电人称：", "来电人咨询：", 620, 950, 850, 960},
    [CHANNEL_SMS] = {"sim-sms", "", "", 40, 0, 100, 850},
    [CHANNEL_EMAIL] = {"sim-email", "您好，", "您好，", 30, 100, 300, 850},
    [CHANNEL_WECHAT] = {"sim-wechat", "", "你好，", 130, 500, 500, 900},
    [CHANNEL_WEIBO] = {"sim-weibo", "@乐山12345 ", "@乐山12345 ", 20, 0, 100, 800},
    [CHANNEL_APP] = {"sim-app", "", "", 110, 700, 700, 900},
    [CHANNEL_LETTER] = {"sim-letter", "来信反映：", "来信咨询：", 10, 300, 600, 500},
    [CHANNEL_VISIT] = {"sim-visit", "来访群众反映：", "来访群众咨询：", 40, 950, 900, 960},
};

/* Per thousand. */
static const uint32_t type_shares[TYPE_COUNT] = {
    [TYPE_ENQUIRY] = 828, [TYPE_HELP] = 70,       [TYPE_COMPLAINT] = 66,
    [TYPE_REPORT] = 12,   [TYPE_SUGGESTION] = 14, [TYPE_PRAISE] = 10,
};

/* Per thousand; what is none of these is drawn by type. */
static const uint32_t kind_shares[PHRASE_KIND_COUNT] = {
    [PHRASE_EMERGENCY] = 5,
    [PHRASE_ELSEWHERE] = 12,
    [PHRASE_UNIT] = 4,
};

enum {
    MERGED_LINE = 300,    /* of what a merged line is for, that comes over it */
    SECRET_REPORT = 300,  /* of reports */
    SECRET_OTHER = 10,    /* of the rest */
    ABOUT_EARLIER = 40,   /* of what is no enquiry */
    EARLIER_EXISTS = 900, /* of these */
    IN_VILLAGE = 450,     /* that name the village or community; */
    IN_TOWNSHIP = 300,    /* ... its township; the others its county */
    BARE_NAME = 200,      /* of what names a place in words, by its last name alone */
    BY_NAME = 300,        /* of places given, as a path and not as a code */
};

/* -- when -------------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static uint32_t place_weight(const struct places *places, struct place place)
{
    if (place_tier(places, place) != TIER_VILLAGE)
        return 0;
    return span_is(place_kind(places, place_parent(places, place)), "街道") ? STREET_WEIGHT : 1;
}

void case_maker_init(struct case_maker *maker, const struct city *city,
                     const struct phrases *phrases, const struct arrivals *arrivals, uint64_t seed,
                     int32_t day, uint32_t count, struct arena *arena)
{
    const struct places *places = city_places(city);
    struct random random = random_begin(seed, STREAM_TIMES);
    *maker = (struct case_maker){
        .city = city,
        .phrases = phrases,
        .seed = seed,
        .day = day,
        .weights = arena_take(arena, places_count(places) * sizeof *maker->weights),
        .count = count,
        .times_ms = arena_take(arena, count * sizeof *maker->times_ms),
    };
    uint32_t sum = 0;
    for (uint32_t i = 0; i < places_count(places); i++)
        maker->weights[i] = sum += place_weight(places, (struct place){i});
    for (uint32_t i = 0; i < count; i++)
        maker->times_ms[i] =
            ms_of_day(day) + arrivals_draw_ms(arrivals, weekday_of_day(day), &random);
    qsort(maker->times_ms, count, sizeof *maker->times_ms, by_time);
}

/* -- what -------------------------------------------------------------------------------------- */

static enum channel draw_channel(struct random *random)
{
    uint64_t draw = random_below(random, 1000);
    uint32_t channel = CHANNEL_PHONE;
    while (channel + 1 < CHANNEL_COUNT && draw >= channels[channel].share)
        draw -= channels[channel++].share;
    return (enum channel)channel;
}

static enum type draw_type(struct random *random)
{
    uint64_t draw = random_below(random, 1000);
    uint32_t type = TYPE_ENQUIRY;
    while (type + 1 < TYPE_COUNT && draw >= type_shares[type])
        draw -= type_shares[type++];
    return (enum type)type;
}

static bool is_such(const struct phrase *phrase, enum phrase_kind kind, enum type type)
{
    if (kind > PHRASE_ENTERPRISE)
        return phrase->kind == kind;
    return phrase->kind <= PHRASE_ENTERPRISE && phrase->type == type;
}

static const struct phrase *draw_such(const struct phrases *phrases, enum phrase_kind kind,
                                      enum type type, struct random *random)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < phrases->count; i++)
        count += is_such(&phrases->rows[i], kind, type);
    uint64_t left = random_below(random, count);
    for (uint32_t i = 0;; i++)
        if (is_such(&phrases->rows[i], kind, type) && left-- == 0)
            return &phrases->rows[i];
}

static const struct phrase *draw_phrase(const struct phrases *phrases, struct random *random)
{
    uint64_t draw = random_below(random, 1000);
    for (uint32_t kind = PHRASE_EMERGENCY; kind < PHRASE_KIND_COUNT; kind++) {
        if (draw < kind_shares[kind])
            return draw_such(phrases, (enum phrase_kind)kind, TYPE_NONE, random);
        draw -= kind_shares[kind];
    }
    return draw_such(phrases, PHRASE_ORDINARY, draw_type(random), random);
}

/* -- where ------------------------------------------------------------------------------------- */

static struct place draw_village(const struct case_maker *maker, struct random *random)
{
    uint32_t count = places_count(city_places(maker->city));
    if (maker->weights[count - 1] == 0)
        return (struct place){0};
    uint64_t draw = random_below(random, maker->weights[count - 1]);
    uint32_t low = 0;
    uint32_t high = count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (maker->weights[middle] > draw)
            high = middle;
        else
            low = middle + 1;
    }
    return (struct place){low};
}

static struct place draw_place(const struct case_maker *maker, struct random *random)
{
    const struct places *places = city_places(maker->city);
    struct place village = draw_village(maker, random);
    uint64_t draw = random_below(random, 1000);
    enum tier tier = draw < IN_VILLAGE                 ? TIER_VILLAGE
                     : draw < IN_VILLAGE + IN_TOWNSHIP ? TIER_TOWNSHIP
                                                       : TIER_COUNTY;
    return tier < place_tier(places, village) ? place_at_tier(places, village, tier) : village;
}

/* As people say it: 迎春社区, 红旗村. */
static struct span spoken_name(struct span name)
{
    static const struct {
        const char *ending, *kept;
    } endings[] = {{"村村民委员会", "村"}, {"村民委员会", "村"}, {"居民委员会", ""},
                   {"社区居委会", "社区"}, {"村委会", "村"},     {"居委会", ""}};
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t bytes = strlen(endings[i].ending);
        if (name.bytes > bytes &&
            memcmp(name.data + name.bytes - bytes, endings[i].ending, bytes) == 0)
            return span_of(name.data, name.bytes - bytes + strlen(endings[i].kept));
    }
    return name;
}

/* 夹江县漹城街道迎春社区, all in one word as people write it; or 迎春社区 alone. */
static struct span say_place(const struct places *places, struct place place, bool bare, char *text,
                             size_t bytes)
{
    enum tier tier = place_tier(places, place);
    size_t used = 0;
    for (enum tier at = bare ? tier : TIER_COUNTY; at <= tier; at++) {
        struct span name = spoken_name(place_name(places, place_at_tier(places, place, at)));
        used += (size_t)snprintf(text + used, bytes - used, "%.*s", SPAN_ARG(name));
    }
    return span_of(text, used);
}

static void give_place(const struct places *places, struct made_case *made, struct random *random)
{
    if (random_happens(random, BY_NAME))
        made->where[place_path(places, made->place, made->where)] = '\0';
    else
        snprintf(made->where, sizeof made->where, "%.*s",
                 SPAN_ARG(place_code(places, made->place)));
    made->message.place = made->where;
}

/* -- who --------------------------------------------------------------------------------------- */

/* A unit of the place's county, but neither the desk nor the government itself. */
static struct unit draw_unit(const struct case_maker *maker, struct place place,
                             struct random *random)
{
    const struct city *city = maker->city;
    const struct places *places = city_places(city);
    if (place_tier(places, place) > TIER_COUNTY)
        place = place_at_tier(places, place, TIER_COUNTY);
    for (int i = 0; i < UNIT_TRIES; i++) {
        struct function function = {(uint32_t)random_below(random, city_functions(city))};
        struct unit unit = city_unit(city, function, place);
        if (unit.index != UNIT_NONE.index && function.index != city_desk(city).index &&
            function.index != city_government(city).index)
            return unit;
    }
    return city_unit(city, city_desk(city), (struct place){0});
}

static void introduce(const struct case_maker *maker, struct made_case *made,
                      const struct span words[SLOTS_MAX], struct random *random)
{
    static const char *const courtesies[] = {"先生", "女士"};
    static const char *const family_names[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "周"};
    const struct phrase *phrase = made->phrase;
    snprintf(made->name, sizeof made->name, "%s%s",
             family_names[random_below(random, COUNT(family_names))],
             courtesies[random_below(random, COUNT(courtesies))]);
    /* No mobile number begins with 100. */
    snprintf(made->phone, sizeof made->phone, "100%08" PRIu64, random_below(random, 100000000));
    made->reporter.name = made->name;
    made->reporter.phone = made->phone;
    made->message.reporter = &made->reporter;
    if (phrase->kind == PHRASE_ENTERPRISE)
        made->message.applicant = LIANXIN__V1__APPLICANT__APPLICANT_ENTERPRISE;
    made->message.secret =
        random_happens(random, phrase->type == TYPE_REPORT ? SECRET_REPORT : SECRET_OTHER);
    if (phrase->kind == PHRASE_UNIT) {
        phrases_fill(maker->phrases, span_of_string("{unit}"), words, made->respondent_name,
                     sizeof made->respondent_name);
        made->respondent.name = made->respondent_name;
        made->message.respondent = &made->respondent;
    }
}

/* -- the whole --------------------------------------------------------------------------------- */

static void write_words(const struct case_maker *maker, enum channel channel, struct span words[],
                        struct made_case *made, struct random *random)
{
    const struct phrase *phrase = made->phrase;
    bool asks = phrase->type == TYPE_ENQUIRY;
    int used = snprintf(made->text, sizeof made->text, "%s",
                        asks ? channels[channel].asks : channels[channel].says);
    phrases_fill(maker->phrases, phrase->text, words, made->text + used,
                 sizeof made->text - (size_t)used);
    made->message.text = made->text;
    if (channel != CHANNEL_SMS && channel != CHANNEL_WEIBO) {
        phrases_fill(maker->phrases, phrase->title, words, made->title, sizeof made->title);
        made->message.title = made->title;
    }
    if (phrase->answer.bytes > 0 && random_happens(random, channels[channel].answer)) {
        phrases_fill(maker->phrases, phrase->answer, words, made->answer, sizeof made->answer);
        made->message.answer = made->answer;
    }
}

/* What the adapter, or its operator, says beside the words. */
static void classify(const struct case_maker *maker, enum channel channel, struct made_case *made,
                     struct random *random)
{
    const struct phrase *phrase = made->phrase;
    Lianxin__V1__Case *message = &made->message;
    if (phrase->category.index != CATEGORY_NONE.index && phrase->kind != PHRASE_EMERGENCY &&
        random_happens(random, channels[channel].category)) {
        snprintf(made->category, sizeof made->category, "%.*s",
                 SPAN_ARG(category_code(maker->city, phrase->category)));
        message->category = made->category;
    }
    if (random_happens(random, channels[channel].place))
        give_place(city_places(maker->city), made, random);
    if (channel == CHANNEL_PHONE) {
        bool merged = phrase->line.bytes > 0 && random_happens(random, MERGED_LINE);
        snprintf(made->line, sizeof made->line, "%.*s",
                 SPAN_ARG(merged ? phrase->line : span_of_string("12345")));
        message->line = made->line;
    }
    bool heard = channel == CHANNEL_PHONE || channel == CHANNEL_VISIT; /* by somebody who judges */
    if (heard && phrase->kind == PHRASE_URGENT)
        message->urgency = LIANXIN__V1__URGENCY__URGENCY_URGENT;
    if (heard && phrase->kind == PHRASE_EMERGENCY)
        message->urgency = LIANXIN__V1__URGENCY__URGENCY_CRITICAL;
}

void case_maker_make(const struct case_maker *maker, uint32_t index, struct made_case *made)
{
    const struct places *places = city_places(maker->city);
    struct random random = random_begin(maker->seed, STREAM_CASES + index);
    struct span words[SLOTS_MAX] = {0};
    char place_words[PLACE_PATH_BYTES_MAX];
    CHECK(index < maker->count);
    lianxin__v1__case__init(&made->message);
    lianxin__v1__reporter__init(&made->reporter);
    lianxin__v1__respondent__init(&made->respondent);
    enum channel channel = draw_channel(&random);
    made->phrase = draw_phrase(maker->phrases, &random);
    made->place = draw_place(maker, &random);
    phrases_choose(maker->phrases, &random, words);
    words[SLOT_PLACE] = say_place(places, made->place, random_happens(&random, BARE_NAME),
                                  place_words, sizeof place_words);
    words[SLOT_UNIT] = unit_name(maker->city, draw_unit(maker, made->place, &random));
    write_words(maker, channel, words, made, &random);
    classify(maker, channel, made, &random);
    introduce(maker, made, words, &random);
    made->about_earlier = made->phrase->type != TYPE_ENQUIRY &&
                          made->phrase->kind <= PHRASE_ENTERPRISE &&
                          random_happens(&random, ABOUT_EARLIER);
    made->earlier_exists = random_happens(&random, EARLIER_EXISTS);
    made->number_from = random_below(&random, UINT32_MAX);
    snprintf(made->source, sizeof made->source, "%s", channels[channel].source);
    snprintf(made->external_id, sizeof made->external_id, "%" PRIu32, index + 1);
    made->message.source = made->source;
    made->message.external_id = made->external_id;
    made->message.channel = (Lianxin__V1__Channel)channel;
    made->message.type = (Lianxin__V1__Type)made->phrase->type;
    made->message.received_ms = maker->times_ms[index];
}

uint32_t case_maker_index(const char *external_id)
{
    return (uint32_t)strtoul(external_id, NULL, 10) - 1;
}
