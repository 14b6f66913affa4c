#include "domain/facts.h"

#include "base/utf8.h"
#include "domain/scratch.h"

#include <stdarg.h>
#include <stdio.h>

enum { CANDIDATES_SHOWN = 3 };

const char *doubt_text(enum doubt bit)
{
    switch (bit) {
    case DOUBT_PLACE_UNKNOWN:
        return "no place is called so";
    case DOUBT_PLACE_AMBIGUOUS:
        return "several places are called so";
    case DOUBT_LINE_UNKNOWN:
        return "the line is not one of the city's";
    case DOUBT_CATEGORY_UNKNOWN:
        return "the category is not one of the city's";
    case DOUBT_NO_RULE:
        return "no row of the rule book matches";
    case DOUBT_NO_UNIT:
        return "no unit is left that could take it";
    case DOUBT_CATEGORY_UNCLEAR:
        return "the words fit no category, or several alike";
    case DOUBT_EARLIER_UNKNOWN:
        return "there is no earlier ticket of that number";
    }
    return "";
}

/* Fills the misfit; what does not fit is cut, but not through a character. */
__attribute__((format(printf, 4, 5))) static bool refuse(struct misfit *misfit, const char *field,
                                                         struct span value, const char *format, ...)
{
    size_t room = sizeof misfit->message;
    va_list arguments;
    *misfit = (struct misfit){.field = field, .value = value};
    va_start(arguments, format);
    int bytes = vsnprintf(misfit->message, room, format, arguments);
    va_end(arguments);
    if (bytes >= (int)room)
        misfit->message[utf8_clip(span_of(misfit->message, room - 1), room - 4).bytes] = '\0';
    return false;
}

/* 夹江县/漹城街道: the path without the city, which all have in common. */
static size_t path_in_city(const struct places *places, struct place place, char *text)
{
    size_t bytes = place_path(places, place, text);
    char *slash = memchr(text, '/', bytes);
    if (slash == NULL)
        return bytes;
    bytes -= (size_t)(slash + 1 - text);
    memmove(text, slash + 1, bytes);
    return bytes;
}

static bool refuse_ambiguous(const struct places *places, struct span text,
                             const struct place_candidates *candidates, struct misfit *misfit)
{
    char list[CANDIDATES_SHOWN * (PLACE_PATH_BYTES_MAX + 2)];
    size_t used = 0;
    for (uint32_t i = 0; i < candidates->count && i < CANDIDATES_SHOWN; i++) {
        if (i > 0)
            used += (size_t)sprintf(list + used, ", ");
        used += path_in_city(places, candidates->places[i], list + used);
    }
    return refuse(
        misfit, "place", text, "%u places are called so; write a code, or a path such as %.*s%s",
        candidates->count, (int)used, list, candidates->count > CANDIDATES_SHOWN ? " ..." : "");
}

/* The longest part of the code that there is says where it goes astray. */
static bool refuse_code(const struct city *city, struct span code, struct misfit *misfit)
{
    const struct places *places = city_places(city);
    static const uint8_t lengths[] = {9, 6, 4};
    for (size_t i = 0; i < sizeof lengths; i++) {
        if (code.bytes <= lengths[i])
            continue;
        struct place place = places_find_code(places, span_of(code.data, lengths[i]));
        if (!place_is_none(place))
            return refuse(misfit, "place", code,
                          "there is no such code; %.*s is %.*s, as far as it goes", (int)lengths[i],
                          (const char *)code.data, SPAN_ARG(place_name(places, place)));
    }
    struct place root = {0};
    return refuse(misfit, "place", code, "there is no such code; all of %.*s begin with %.*s",
                  SPAN_ARG(city_name(city)), SPAN_ARG(place_code(places, root)));
}

static bool resolve_place(const struct city *city, struct span text, bool strict,
                          struct facts *facts, struct misfit *misfit)
{
    const struct places *places = city_places(city);
    facts->place = PLACE_NONE;
    facts->place_from_words = false;
    facts->places.count = 0;
    if (text.bytes == 0)
        return true;
    if (place_looks_like_code(text)) {
        facts->place = places_find_code(places, text);
        return !place_is_none(facts->place) || refuse_code(city, text, misfit);
    }
    struct place_candidates candidates;
    switch (places_resolve(places, text, &candidates)) {
    case RESOLVED:
        facts->place = candidates.places[0];
        return true;
    case RESOLVED_AMBIGUOUS:
        facts->doubts |= DOUBT_PLACE_AMBIGUOUS;
        return !strict || refuse_ambiguous(places, text, &candidates, misfit);
    case RESOLVED_NOTHING:
        break;
    }
    facts->doubts |= DOUBT_PLACE_UNKNOWN;
    return !strict || refuse(misfit, "place", text,
                             "no place in %.*s is called so; write a code, or names such as "
                             "county/township",
                             SPAN_ARG(city_name(city)));
}

static bool resolve_line(const struct city *city, struct span text, bool strict,
                         struct facts *facts, struct misfit *misfit)
{
    facts->line = text.bytes > 0 ? city_line(city, text) : LINE_NONE;
    if (text.bytes == 0 || facts->line.index != LINE_NONE.index)
        return true;
    facts->doubts |= DOUBT_LINE_UNKNOWN;
    return !strict || refuse(misfit, "line", text,
                             "is not a line of %.*s; write the number as dialled, such as 12345, "
                             "or leave it out",
                             SPAN_ARG(city_name(city)));
}

/* A code that does not exist is a mistake, whoever sent it; words go to the desk. */
static bool resolve_category(const struct city *city, struct span text, bool strict,
                             struct facts *facts, struct misfit *misfit)
{
    struct span code = sheet_code(text);
    facts->category = text.bytes > 0 ? city_category(city, code) : CATEGORY_NONE;
    if (text.bytes == 0 || facts->category.index != CATEGORY_NONE.index)
        return true;
    facts->doubts |= DOUBT_CATEGORY_UNKNOWN;
    if (!strict && !place_looks_like_code(code))
        return true;
    return refuse(misfit, "category", text,
                  "is not a category of %.*s; write a code such as 0301, or leave it out",
                  SPAN_ARG(city_name(city)));
}

static const struct text_hits *scan(const struct case_words *words, struct scratch *scratch)
{
    const struct span parts[] = {words->address, words->title, words->text};
    if (words->address.bytes + words->title.bytes + words->text.bytes == 0)
        return NULL;
    return text_scan(scratch->text, parts, sizeof parts / sizeof parts[0]);
}

bool facts_resolve(const struct city *city, const struct case_words *words, bool strict,
                   struct scratch *scratch, struct facts *facts, struct misfit *misfit)
{
    facts->doubts = 0;
    facts->hits = scan(words, scratch);
    facts->about = UNIT_NONE;
    facts->respondent = words->respondent.bytes > 0 ? RESPONDENT_OTHER : RESPONDENT_NONE;
    return resolve_place(city, words->place, strict, facts, misfit) &&
           resolve_line(city, words->line, strict, facts, misfit) &&
           resolve_category(city, words->category, strict, facts, misfit);
}

void facts_refuse_doubts(const struct city *city, const struct facts *facts, uint32_t doubts,
                         const struct category *candidates, uint32_t candidates_count,
                         struct misfit *misfit)
{
    uint32_t bit = doubts & -doubts;
    const char *field = doubts & (DOUBT_CATEGORY_UNCLEAR | DOUBT_CATEGORY_UNKNOWN) ? "category"
                        : doubts & (DOUBT_PLACE_AMBIGUOUS | DOUBT_PLACE_UNKNOWN)   ? "place"
                                                                                   : "";
    (void)city;
    (void)facts;
    (void)candidates;
    (void)candidates_count;
    refuse(misfit, field, (struct span){0}, "%s; say it, or submit without strict",
           doubt_text((enum doubt)bit));
}
