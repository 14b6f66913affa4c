#include "domain/rules/input.h"

#include "base/check.h"

enum { HOURS = 24 };

static const char *const names[INPUT_COUNT] = {
    "channel", "type",   "applicant", "urgency",  "line",       "category", "place",
    "hour",    "regime", "earlier",   "answered", "respondent", "text"};

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
        return HOURS + 1;
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

uint32_t input_value(const struct facts *facts, enum input input)
{
    CHECK(input < INPUT_COUNT);
    switch (input) {
    case INPUT_CHANNEL:
        return (uint32_t)facts->channel;
    case INPUT_TYPE:
        return (uint32_t)facts->type;
    case INPUT_APPLICANT:
        return (uint32_t)facts->applicant;
    case INPUT_URGENCY:
        return (uint32_t)facts->urgency;
    case INPUT_LINE:
        return facts->line.index + 1; /* none is UINT32_MAX, and becomes 0 */
    case INPUT_CATEGORY:
        return facts->category.index + 1;
    case INPUT_PLACE:
        return facts->place.index + 1;
    case INPUT_HOUR:
        return facts->hour + 1;
    case INPUT_REGIME:
        return (uint32_t)facts->regime;
    case INPUT_EARLIER:
        return (uint32_t)facts->earlier;
    case INPUT_ANSWERED:
        return (uint32_t)facts->answered;
    case INPUT_RESPONDENT:
        return (uint32_t)facts->respondent;
    case INPUT_TEXT: /* matched by the hits, see text_cell.h */
    case INPUT_COUNT:
        break;
    }
    return 0;
}
