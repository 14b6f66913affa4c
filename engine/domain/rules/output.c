#include "domain/rules/output.h"

#include "base/check.h"

const struct output_kind output_kinds[OUTPUT_COUNT] = {
    {"category", "category", 1, "is no category of categories.csv; write a code such as #0301"},
    {"function", "function", 1, "is no function of functions.csv; write its code, such as urban"},
    {"tier", "tier", 1, "is no tier; they are city, county, township, village"},
    {"co", "function", RULES_UNITS_MAX, "is no function of functions.csv; write its code"},
    {"informed", "function", RULES_UNITS_MAX, "is no function of functions.csv; write its code"},
    {"reporter", "reporter", 1, "makes no sense here; the reporter is shown or withheld"},
    {"disposition", "disposition", 1,
     "is no disposition; they are dispatch, on_the_spot, transfer, redirect, attach"},
    {"advice", "text", 0, "is longer than an advice may be"},
    {"urgency", "urgency", 1, "is no urgency; they are normal, urgent, critical"},
    {"limit", "limit", 1, "is no time limit; write 7wd (working days), 24h or 30min"},
    {"sign", "limit", 1, "is no time limit; write 1wd (working days), 24h or 30min"},
    {"weight", "number", 1, "is no weight; write a whole number from 1 to 100"},
};

enum output output_find(struct span name)
{
    uint32_t output = 0;
    while (output < OUTPUT_COUNT && !span_is(name, output_kinds[output].name))
        output++;
    return (enum output)output;
}

static uint32_t find_category(const struct city *city, struct span text)
{
    bool has_sign = text.bytes > 0 && text.data[0] == '#';
    struct span code = has_sign ? span_of(text.data + 1, text.bytes - 1) : text;
    return city_category(city, code).index;
}

static uint32_t find_reporter(struct span text)
{
    return span_is(text, "shown")      ? REPORTER_SHOWN
           : span_is(text, "withheld") ? REPORTER_WITHHELD
                                       : REPORTER_UNSAID;
}

/* A time limit as one number, and back. */
enum { NATURAL_BIT = 1u << 31 };

static uint32_t find_limit(struct span text)
{
    struct time_limit limit;
    if (!time_limit_parse(text, &limit))
        return 0;
    return limit.count | (limit.natural ? (uint32_t)NATURAL_BIT : 0);
}

static struct time_limit limit_of(uint32_t value)
{
    return (struct time_limit){.natural = (value & (uint32_t)NATURAL_BIT) != 0,
                               .count = value & ~(uint32_t)NATURAL_BIT};
}

static uint32_t find_weight(struct span text)
{
    uint32_t weight = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
        weight = weight * 10 + (uint32_t)(text.data[i] - '0');
        if (weight > WEIGHT_MAX)
            return 0;
    }
    return weight;
}

bool output_value(const struct city *city, enum output output, struct span item, uint32_t *value)
{
    uint32_t none = 0;
    CHECK(output < OUTPUT_COUNT);
    switch (output) {
    case OUTPUT_CATEGORY:
        *value = find_category(city, item);
        none = CATEGORY_NONE.index;
        break;
    case OUTPUT_FUNCTION:
    case OUTPUT_CO:
    case OUTPUT_INFORMED:
        *value = city_function(city, item).index;
        none = FUNCTION_NONE.index;
        break;
    case OUTPUT_TIER:
        *value = word_find(&tier_words, item);
        break;
    case OUTPUT_REPORTER:
        *value = find_reporter(item);
        break;
    case OUTPUT_DISPOSITION:
        *value = word_find(&disposition_words, item);
        break;
    case OUTPUT_URGENCY:
        *value = word_find(&urgency_words, item);
        break;
    case OUTPUT_LIMIT:
    case OUTPUT_SIGN:
        *value = find_limit(item);
        break;
    case OUTPUT_WEIGHT:
        *value = find_weight(item);
        break;
    case OUTPUT_ADVICE:
    case OUTPUT_COUNT:
        break;
    }
    return *value != none;
}

static bool functions_equal(const struct function *a, uint32_t a_count, const struct function *b,
                            uint32_t b_count)
{
    if (a_count != b_count)
        return false;
    for (uint32_t i = 0; i < a_count; i++)
        if (a[i].index != b[i].index)
            return false;
    return true;
}

static bool limits_equal(struct time_limit a, struct time_limit b)
{
    return a.natural == b.natural && a.count == b.count;
}

static bool output_equal(enum output output, const struct row_outputs *a,
                         const struct row_outputs *b)
{
    switch (output) {
    case OUTPUT_CATEGORY:
        return a->category.index == b->category.index;
    case OUTPUT_FUNCTION:
        return a->function.index == b->function.index;
    case OUTPUT_TIER:
        return a->tier == b->tier;
    case OUTPUT_CO:
        return functions_equal(a->co, a->co_count, b->co, b->co_count);
    case OUTPUT_INFORMED:
        return functions_equal(a->informed, a->informed_count, b->informed, b->informed_count);
    case OUTPUT_REPORTER:
        return a->reporter == b->reporter;
    case OUTPUT_DISPOSITION:
        return a->disposition == b->disposition;
    case OUTPUT_ADVICE:
        return span_equal(a->advice, b->advice);
    case OUTPUT_URGENCY:
        return a->urgency == b->urgency;
    case OUTPUT_LIMIT:
        return limits_equal(a->limit, b->limit);
    case OUTPUT_SIGN:
        return limits_equal(a->sign_limit, b->sign_limit);
    case OUTPUT_WEIGHT:
        return a->weight == b->weight;
    case OUTPUT_COUNT:
        break;
    }
    return true;
}

enum output outputs_differ(const struct row_outputs *a, const struct row_outputs *b)
{
    uint32_t output = 0;
    while (output < OUTPUT_COUNT && output_equal((enum output)output, a, b))
        output++;
    return (enum output)output;
}

void output_write(enum output output, uint32_t value, struct row_outputs *outputs)
{
    CHECK(output < OUTPUT_COUNT);
    switch (output) {
    case OUTPUT_CATEGORY:
        outputs->category.index = value;
        return;
    case OUTPUT_FUNCTION:
        outputs->function.index = value;
        return;
    case OUTPUT_TIER:
        outputs->tier = (enum tier)value;
        return;
    case OUTPUT_CO:
        outputs->co[outputs->co_count++].index = value;
        return;
    case OUTPUT_INFORMED:
        outputs->informed[outputs->informed_count++].index = value;
        return;
    case OUTPUT_REPORTER:
        outputs->reporter = (enum reporter)value;
        return;
    case OUTPUT_DISPOSITION:
        outputs->disposition = (enum disposition)value;
        return;
    case OUTPUT_URGENCY:
        outputs->urgency = (enum urgency)value;
        return;
    case OUTPUT_LIMIT:
        outputs->limit = limit_of(value);
        return;
    case OUTPUT_SIGN:
        outputs->sign_limit = limit_of(value);
        return;
    case OUTPUT_WEIGHT:
        outputs->weight = value;
        return;
    case OUTPUT_ADVICE: /* text: table.c copies it */
    case OUTPUT_COUNT:
        return;
    }
}
