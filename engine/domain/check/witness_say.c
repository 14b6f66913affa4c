/* witness_say - a witness in words: what kind of case, about what, where, when. */
#include "base/utf8.h"
#include "domain/check/witness.h"
#include "domain/city/date.h"

#include <stdarg.h>
#include <stdio.h>

enum { SAID_BYTES = 4096, SHOWN_BYTES = 240, HOUR_MINUTES = 60 };

static const char *type_text(enum type type)
{
    static const char *const texts[TYPE_COUNT] = {"a case",      "an enquiry", "a call for help",
                                                  "a complaint", "a report",   "a suggestion",
                                                  "praise"};
    return texts[type];
}

struct saying {
    char text[SAID_BYTES];
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void say(struct saying *saying, const char *format,
                                                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    int bytes =
        vsnprintf(saying->text + saying->used, SAID_BYTES - saying->used, format, arguments);
    va_end(arguments);
    saying->used += (size_t)bytes;
    if (saying->used >= SAID_BYTES)
        saying->used = SAID_BYTES - 1;
}

static void say_where(struct looking *looking, const struct witness *witness, struct saying *saying)
{
    const struct city *city = looking->city;
    char path[PLACE_PATH_BYTES_MAX];
    if (witness->category.bytes > 0)
        say(saying, " about #%.*s %.*s", SPAN_ARG(witness->category),
            SPAN_ARG(category_name(city, city_category(city, witness->category))));
    if (witness->place.bytes > 0) {
        struct place place = places_find_code(city_places(city), witness->place);
        say(saying, " in %.*s", (int)place_path(city_places(city), place, path), path);
    }
    if (witness->respondent.bytes > 0)
        say(saying, " against %.*s", SPAN_ARG(witness->respondent));
    if (witness->text.bytes > 0)
        say(saying, " that says \"%.*s\"", SPAN_ARG(utf8_clip(witness->text, SHOWN_BYTES)));
}

const char *witness_say(struct looking *looking, const struct witness *witness)
{
    struct saying saying = {.used = 0};
    char date[DATE_BYTES_MAX];
    say(&saying, "%s", type_text(witness->type));
    if (witness->applicant == APPLICANT_ENTERPRISE)
        say(&saying, " of an enterprise");
    say(&saying, " by %s", word_name(&channel_words, witness->channel));
    if (witness->line.bytes > 0)
        say(&saying, " to %.*s", SPAN_ARG(witness->line));
    say_where(looking, witness, &saying);
    if (witness->urgency > URGENCY_NORMAL)
        say(&saying, ", marked %s", word_name(&urgency_words, witness->urgency));
    if (witness->earlier)
        say(&saying, ", about an earlier ticket");
    if (witness->answered)
        say(&saying, ", answered at once");
    date_format(day_of_ms(witness->at_ms), date);
    uint32_t minute = minute_of_ms(witness->at_ms);
    say(&saying, ", on %s at %02u:%02u", date, minute / HOUR_MINUTES, minute % HOUR_MINUTES);
    if (witness->regime > REGIME_NORMAL)
        say(&saying, ", regime %s", word_name(&regime_words, witness->regime));
    return findings_print(looking->findings, "%s", saying.text);
}

void witness_show(struct looking *looking, const struct aim *aim, const char *shows,
                  struct check_finding *finding)
{
    finding->witness = witness_lead(looking, aim);
    finding->shows =
        finding->witness != NULL
            ? findings_print(looking->findings, "%s %s", shows,
                             witness_say(looking, finding->witness))
            : "no case was found that comes to this through the tables before, so it may do no "
              "harm";
}
