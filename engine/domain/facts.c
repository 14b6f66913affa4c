#include "domain/facts.h"

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
    }
    return "";
}

static bool misfits(struct misfit *misfit, const char *field, struct span value)
{
    *misfit = (struct misfit){.field = field, .value = value};
    return false;
}

static void name_candidates(const struct places *places, const struct place_candidates *candidates,
                            char *message, size_t bytes)
{
    size_t used = (size_t)snprintf(message, bytes, "%u places are called so:", candidates->count);
    for (uint32_t i = 0; i < candidates->count && i < CANDIDATES_SHOWN && used < bytes; i++)
        used += (size_t)snprintf(message + used, bytes - used, " %.*s",
                                 SPAN_ARG(place_code(places, candidates->places[i])));
    if (used < bytes)
        snprintf(message + used, bytes - used, "%s; write its code, or the path above it",
                 candidates->count > CANDIDATES_SHOWN ? " ..." : "");
}

static bool resolve_place(const struct city *city, struct span text, bool strict,
                          struct facts *facts, struct misfit *misfit)
{
    const struct places *places = city_places(city);
    facts->place = PLACE_NONE;
    if (text.bytes == 0)
        return true;
    if (place_looks_like_code(text)) {
        facts->place = places_find_code(places, text);
        if (!place_is_none(facts->place))
            return true;
        misfits(misfit, "place", text);
        snprintf(misfit->message, sizeof misfit->message, "%.*s has no place with this code",
                 SPAN_ARG(city_name(city)));
        return false;
    }
    struct place_candidates candidates;
    enum resolution resolution = places_resolve(places, text, &candidates);
    if (resolution == RESOLVED) {
        facts->place = candidates.places[0];
        return true;
    }
    facts->doubts |= resolution == RESOLVED_AMBIGUOUS ? DOUBT_PLACE_AMBIGUOUS : DOUBT_PLACE_UNKNOWN;
    if (!strict)
        return true;
    misfits(misfit, "place", text);
    if (resolution == RESOLVED_AMBIGUOUS)
        name_candidates(places, &candidates, misfit->message, sizeof misfit->message);
    else
        snprintf(misfit->message, sizeof misfit->message,
                 "%.*s has no place called so; write a code, or names such as county/township",
                 SPAN_ARG(city_name(city)));
    return false;
}

static bool resolve_line(const struct city *city, struct span text, bool strict,
                         struct facts *facts, struct misfit *misfit)
{
    facts->line = text.bytes > 0 ? city_line(city, text) : LINE_NONE;
    if (text.bytes == 0 || facts->line.index != LINE_NONE.index)
        return true;
    facts->doubts |= DOUBT_LINE_UNKNOWN;
    if (!strict)
        return true;
    misfits(misfit, "line", text);
    snprintf(misfit->message, sizeof misfit->message,
             "is not a line of %.*s; leave it out, or add it to lines.csv",
             SPAN_ARG(city_name(city)));
    return false;
}

/* A code that does not exist is a mistake, whoever sent it; words go to the desk. */
static bool resolve_category(const struct city *city, struct span text, bool strict,
                             struct facts *facts, struct misfit *misfit)
{
    struct span code = text;
    if (code.bytes > 0 && code.data[0] == '#')
        code = span_of(code.data + 1, code.bytes - 1);
    facts->category = code.bytes > 0 ? city_category(city, code) : CATEGORY_NONE;
    if (text.bytes == 0 || facts->category.index != CATEGORY_NONE.index)
        return true;
    facts->doubts |= DOUBT_CATEGORY_UNKNOWN;
    if (!strict && !place_looks_like_code(code))
        return true;
    misfits(misfit, "category", text);
    snprintf(misfit->message, sizeof misfit->message,
             "is not a category of %.*s; codes look like 0301 and stand in categories.csv",
             SPAN_ARG(city_name(city)));
    return false;
}

bool facts_resolve(const struct city *city, const struct case_words *words, bool strict,
                   struct facts *facts, struct misfit *misfit)
{
    facts->doubts = 0;
    return resolve_place(city, words->place, strict, facts, misfit) &&
           resolve_line(city, words->line, strict, facts, misfit) &&
           resolve_category(city, words->category, strict, facts, misfit);
}
