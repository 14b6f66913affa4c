#include "domain/rules/input.h"

#include "base/check.h"

enum { DATE_FIRST = 10957 /* 2000-01-01 */, HOUR_MINUTES = 60 };

static const char *const names[INPUT_COUNT] = {
    "channel", "type", "applicant", "urgency", "line",     "category",   "place", "hour",
    "date",    "time", "regime",    "earlier", "answered", "respondent", "text"};

const struct word_list *input_words(enum input input)
{
    switch (input) {
    case INPUT_CHANNEL:
        return &channel_words;
    case INPUT_TYPE:
        return &type_words;
    case INPUT_APPLICANT:
        return &applicant_words;
    case INPUT_URGENCY:
        return &urgency_words;
    case INPUT_REGIME:
        return &regime_in_force_words;
    case INPUT_EARLIER:
    case INPUT_ANSWERED:
        return &flag_words;
    case INPUT_RESPONDENT:
        return &respondent_words;
    default:
        return NULL;
    }
}

enum input input_find(struct span name)
{
    uint32_t input = 0;
    while (input < INPUT_COUNT && !span_is(name, names[input]))
        input++;
    return (enum input)input;
}

const char *input_name(enum input input)
{
    return names[input];
}

uint32_t input_size(const struct city *city, enum input input)
{
    switch (input) {
    case INPUT_LINE:
        return city_lines(city) + 1;
    case INPUT_CATEGORY:
        return city_categories(city) + 1;
    case INPUT_PLACE:
        return places_count(city_places(city)) + 1;
    case INPUT_HOUR:
        return DAY_HOURS + 1;
    case INPUT_DATE:
        return DATES_MAX + 1;
    case INPUT_TIME:
        return DAY_MINUTES + 1;
    case INPUT_TEXT:
        return 1;
    default:
        return input_words(input)->count;
    }
}

bool input_is_always_said(enum input input)
{
    return input != INPUT_LINE && input != INPUT_CATEGORY && input != INPUT_PLACE &&
           input != INPUT_RESPONDENT;
}

uint32_t input_date(int32_t day)
{
    int32_t from_first = day - DATE_FIRST;
    return from_first < 0 ? 1 : from_first < DATES_MAX ? (uint32_t)from_first + 1 : DATES_MAX;
}

int32_t input_day(uint32_t date)
{
    CHECK(date >= 1 && date <= DATES_MAX);
    return DATE_FIRST + (int32_t)date - 1;
}

void input_values_again(const struct facts *facts, uint32_t values[INPUT_COUNT])
{
    values[INPUT_URGENCY] = (uint32_t)facts->urgency;
    values[INPUT_CATEGORY] = facts->category.index + 1;
}

/* What is not said is NONE, which is 0, or UINT32_MAX, which becomes 0. */
void input_values(const struct facts *facts, uint32_t values[INPUT_COUNT])
{
    values[INPUT_CHANNEL] = (uint32_t)facts->channel;
    values[INPUT_TYPE] = (uint32_t)facts->type;
    values[INPUT_APPLICANT] = (uint32_t)facts->applicant;
    values[INPUT_LINE] = facts->line.index + 1;
    values[INPUT_PLACE] = facts->place.index + 1;
    values[INPUT_HOUR] = facts->minute / HOUR_MINUTES + 1;
    values[INPUT_DATE] = input_date(facts->date);
    values[INPUT_TIME] = facts->minute + 1;
    values[INPUT_REGIME] = (uint32_t)facts->regime;
    values[INPUT_EARLIER] = (uint32_t)facts->earlier;
    values[INPUT_ANSWERED] = (uint32_t)facts->answered;
    values[INPUT_RESPONDENT] = (uint32_t)facts->respondent;
    input_values_again(facts, values);
    values[INPUT_TEXT] = 0; /* matched by the hits, see text_cell.h */
}

uint32_t input_value(const struct facts *facts, enum input input)
{
    uint32_t values[INPUT_COUNT];
    CHECK(input < INPUT_COUNT);
    input_values(facts, values);
    return values[input];
}
