#include "domain/explain_say.h"

#include "base/utf8.h"
#include "domain/city/date.h"

#include <stdarg.h>
#include <stdio.h>

enum { TEXT_BYTES = 1024 };

struct span explain_say(struct arena *arena, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int bytes = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct span all = span_of(text, (size_t)bytes < sizeof text ? (size_t)bytes : sizeof text - 1);
    struct span whole = span_of(text, utf8_check(all));
    return span_of(arena_copy(arena, whole), whole.bytes);
}

struct span explain_category(const struct city *city, struct category category, struct arena *arena)
{
    return explain_say(arena, "#%.*s %.*s", SPAN_ARG(category_code(city, category)),
                       SPAN_ARG(category_name(city, category)));
}

struct span explain_place(const struct city *city, struct place place, struct arena *arena)
{
    char path[PLACE_PATH_BYTES_MAX];
    size_t bytes = place_path(city_places(city), place, path);
    return explain_say(arena, "#%.*s %.*s", SPAN_ARG(place_code(city_places(city), place)),
                       (int)bytes, path);
}

struct span explain_line(const struct city *city, struct line line, struct arena *arena)
{
    return explain_say(arena, "%.*s %.*s", SPAN_ARG(line_number(city, line)),
                       SPAN_ARG(line_name(city, line)));
}

struct span explain_word(const struct word_list *words, uint32_t number, struct arena *arena)
{
    return explain_say(arena, "%s %s", word_name(words, number), word_label(words, number));
}

struct span explain_date(int32_t day, struct arena *arena)
{
    char text[DATE_BYTES_MAX];
    date_format(day, text);
    return explain_say(arena, "%s", text);
}

struct span explain_value(const struct city *city, enum input input, const struct facts *facts,
                          struct arena *arena)
{
    if (input_value(facts, input) == 0)
        return (struct span){0};
    switch (input) {
    case INPUT_CATEGORY:
        return explain_category(city, facts->category, arena);
    case INPUT_PLACE:
        return explain_place(city, facts->place, arena);
    case INPUT_LINE:
        return explain_line(city, facts->line, arena);
    case INPUT_HOUR:
        return explain_say(arena, "%u", facts->minute / 60);
    case INPUT_DATE:
        return explain_date(facts->date, arena);
    case INPUT_TIME:
        return explain_say(arena, "%02u:%02u", facts->minute / 60, facts->minute % 60);
    default:
        return explain_word(input_words(input), input_value(facts, input), arena);
    }
}

struct span explain_keywords(const struct city *city, const struct text_cell *cell,
                             const struct text_hits *hits, bool forbidden, struct arena *arena)
{
    char text[TEXT_BYTES];
    size_t used = 0;
    for (uint32_t c = 0; hits != NULL && c < cell->count; c++) {
        const struct text_clause *clause = &cell->clauses[c];
        for (uint32_t k = 0; k < clause->count && (forbidden || clause->kind != CLAUSE_NONE); k++) {
            struct span keyword = keyword_text(city_keywords(city), clause->keywords[k]);
            if (!text_has(hits, clause->keywords[k]) ||
                used + keyword.bytes + sizeof ", " > sizeof text)
                continue;
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s",
                                     used > 0 ? ", " : "", SPAN_ARG(keyword));
        }
    }
    return span_of(arena_copy(arena, span_of(text, used)), used);
}
