#include "domain/rules/facts.h"

#include "base/utf8.h"
#include "domain/city/city_parts.h"
#include "domain/city/date.h"
#include "domain/rules/scratch.h"

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
    case DOUBT_CROWDED:
        return "the book names more units than a ticket has room for";
    }
    return "";
}

void facts_set_moment(struct facts *facts, int64_t time_ms)
{
    facts->date = day_of_ms(time_ms);
    facts->minute = minute_of_ms(time_ms);
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

/* As many as a message has room for. */
static void list_places(const struct places *places, const struct place_candidates *candidates,
                        char *list)
{
    for (uint32_t i = 0; i < candidates->count && i < CANDIDATES_SHOWN; i++) {
        if (i > 0)
            list += sprintf(list, ", ");
        list += path_in_city(places, candidates->places[i], list);
    }
    sprintf(list, "%s", candidates->count > CANDIDATES_SHOWN ? " ..." : "");
}

/* Given, or found in the words; then there is no value. */
static bool refuse_ambiguous(const struct places *places, struct span given,
                             const struct place_candidates *candidates, struct misfit *misfit)
{
    char list[CANDIDATES_SHOWN * (PLACE_PATH_BYTES_MAX + 2) + 8];
    list_places(places, candidates, list);
    if (given.bytes > 0)
        return refuse(misfit, "place", given,
                      "%u places are called so; write a code, or a path such as %s",
                      candidates->count, list);
    return refuse(misfit, "place", given,
                  "is not given, and the words name %u places; write a code, or a path such as %s",
                  candidates->count, list);
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

/* What the words say of the place; the city alone says nothing. */
static enum resolution ask_words(const struct city *city, const struct facts *facts,
                                 struct place_candidates *found)
{
    found->count = 0;
    if (facts->hits == NULL)
        return RESOLVED_NOTHING;
    enum resolution resolution = hints_place(city_hints(city), facts->hits, found);
    if (resolution != RESOLVED || found->places[0].index != 0)
        return resolution;
    found->count = 0;
    return RESOLVED_NOTHING;
}

static bool find_place(const struct city *city, bool strict, struct facts *facts,
                       struct misfit *misfit)
{
    struct place_candidates found;
    switch (ask_words(city, facts, &found)) {
    case RESOLVED:
        facts->place = found.places[0];
        facts->place_from_words = true;
        return true;
    case RESOLVED_AMBIGUOUS:
        facts->places = found;
        facts->doubts |= DOUBT_PLACE_AMBIGUOUS;
        return !strict || refuse_ambiguous(city_places(city), (struct span){0}, &found, misfit);
    case RESOLVED_NOTHING:
        break;
    }
    return true;
}

/* The one candidate that lies where the words say, or has in it what they say; or PLACE_NONE. */
static struct place choose_by_words(const struct city *city, const struct facts *facts,
                                    const struct place_candidates *candidates)
{
    const struct places *places = city_places(city);
    struct place_candidates found;
    struct place chosen = PLACE_NONE;
    if (candidates->count > PLACE_CANDIDATES_MAX || ask_words(city, facts, &found) != RESOLVED)
        return PLACE_NONE;
    for (uint32_t i = 0; i < candidates->count; i++) {
        struct place place = candidates->places[i];
        if (!place_is_within(places, place, found.places[0]) &&
            !place_is_within(places, found.places[0], place))
            continue;
        if (!place_is_none(chosen))
            return PLACE_NONE;
        chosen = place;
    }
    return chosen;
}

static bool resolve_ambiguous(const struct city *city, struct span text, bool strict,
                              const struct place_candidates *candidates, struct facts *facts,
                              struct misfit *misfit)
{
    facts->place = choose_by_words(city, facts, candidates);
    facts->place_from_words = !place_is_none(facts->place);
    if (facts->place_from_words)
        return true;
    facts->places = *candidates;
    facts->doubts |= DOUBT_PLACE_AMBIGUOUS;
    return !strict || refuse_ambiguous(city_places(city), text, candidates, misfit);
}

/* A place given that there is not is not replaced by one that the words name: they become
 * candidates. */
static bool resolve_place(const struct city *city, struct span text, bool strict,
                          struct facts *facts, struct misfit *misfit)
{
    const struct places *places = city_places(city);
    facts->place = PLACE_NONE;
    facts->place_from_words = false;
    facts->places.count = 0;
    if (text.bytes == 0)
        return find_place(city, strict, facts, misfit);
    struct span code = sheet_code(text);
    if (place_looks_like_code(code)) {
        facts->place = places_find_code(places, code);
        return !place_is_none(facts->place) || refuse_code(city, code, misfit);
    }
    struct place_candidates candidates;
    switch (places_resolve(places, text, &candidates)) {
    case RESOLVED:
        facts->place = candidates.places[0];
        return true;
    case RESOLVED_AMBIGUOUS:
        return resolve_ambiguous(city, text, strict, &candidates, facts, misfit);
    case RESOLVED_NOTHING:
        break;
    }
    (void)ask_words(city, facts, &facts->places);
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

/* Whom the case is about is not looked for there. */
const struct text_hits *facts_scan(const struct case_words *words, struct scratch *scratch)
{
    const struct span parts[] = {words->address, words->title, words->text};
    if (words->address.bytes + words->title.bytes + words->text.bytes == 0)
        return NULL;
    return text_scan(scratch->text, parts, sizeof parts / sizeof parts[0]);
}

/* Where a person is named, a report's words may still say whose they are. Of other cases they do
 * not: a complaint names many a unit that it only hopes for. */
static void resolve_respondent(const struct city *city, struct span name, struct facts *facts)
{
    facts->about = UNIT_NONE;
    facts->respondent = RESPONDENT_NONE;
    if (name.bytes > 0) {
        facts->about = hints_unit_at_start(city_hints(city), name, facts->place);
        facts->respondent = RESPONDENT_OTHER;
    }
    if (facts->about.index == UNIT_NONE.index && facts->hits != NULL && facts->type == TYPE_REPORT)
        facts->about = hints_unit(city_hints(city), facts->hits);
    if (facts->about.index != UNIT_NONE.index)
        facts->respondent = RESPONDENT_UNIT;
}

bool facts_resolve(const struct city *city, const struct case_words *words, bool strict,
                   struct scratch *scratch, struct facts *facts, struct misfit *misfit)
{
    facts->doubts = 0;
    facts->hits = facts_scan(words, scratch);
    /* Where no category is given, words of all kinds will be asked for. */
    if (facts->hits != NULL && words->category.bytes == 0)
        text_find_all(facts->hits, words->place.bytes == 0);
    bool fits = resolve_place(city, words->place, strict, facts, misfit) &&
                resolve_line(city, words->line, strict, facts, misfit) &&
                resolve_category(city, words->category, strict, facts, misfit);
    resolve_respondent(city, words->respondent, facts);
    return fits;
}

/* 0301 道路养护, 0302 路灯: as many as a message has room for. */
static void list_categories(const struct city *city, const struct category *candidates,
                            uint32_t count, char *list)
{
    for (uint32_t i = 0; i < count && i < CANDIDATES_SHOWN; i++)
        list += sprintf(list, "%s%.*s %.*s", i > 0 ? ", " : "",
                        SPAN_ARG(category_code(city, candidates[i])),
                        SPAN_ARG(category_name(city, candidates[i])));
    sprintf(list, "%s", count > CANDIDATES_SHOWN ? " ..." : "");
}

static void refuse_unclear(const struct city *city, const struct category *candidates,
                           uint32_t count, struct misfit *misfit)
{
    char list[CANDIDATES_SHOWN * (CITY_NAME_BYTES_MAX + 32) + 8];
    struct span none = {0};
    list_categories(city, candidates, count, list);
    if (count > 0)
        refuse(misfit, "category", none,
               "is not given, and the words fit several alike; write a code, such as one of %s",
               list);
    else
        refuse(misfit, "category", none,
               "is not given, and the words fit no category of %.*s; write a code such as 0301",
               SPAN_ARG(city_name(city)));
}

void facts_refuse_doubts(const struct city *city, const struct facts *facts, uint32_t doubts,
                         const struct category *candidates, uint32_t candidates_count,
                         struct misfit *misfit)
{
    (void)facts;
    if (doubts & DOUBT_CATEGORY_UNCLEAR) {
        refuse_unclear(city, candidates, candidates_count, misfit);
        return;
    }
    refuse(misfit, "", (struct span){0}, "%s; say more, or submit without strict",
           doubt_text((enum doubt)(doubts & -doubts)));
}
