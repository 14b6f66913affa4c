#include "domain/rules/cell.h"

#include "base/check.h"
#include "base/utf8.h"
#include "domain/city/sheet.h"
#include "domain/rules/scale.h"

#include <stdio.h>
#include <stdlib.h>

enum { SHOWN_BYTES = 48 };

/* A set under construction. */
struct parsing {
    const struct city *city;
    enum input input;
    struct interval intervals[CELL_INTERVALS_MAX + 1]; /* not(...) may make one more */
    uint32_t count;
    char *fault;
    size_t fault_bytes;
};

/* -- text -------------------------------------------------------------------------------------- */

static const struct {
    const char *wide;
    char narrow;
} wide_forms[] = {{"，", ','}, {"、", ','}, {"（", '('}, {"）", ')'}, {"［", '['},
                  {"］", ']'}, {"＃", '#'}, {"－", '-'}, {"：", ':'}, {"＜", '<'},
                  {"＞", '>'}, {"＝", '='}, {"　", ' '}};

/* Does one of the wide forms begin with it? */
static bool is_wide_lead(uint8_t byte)
{
    return byte == 0xE3 || byte == 0xEF;
}

struct span cell_fold(struct span text, struct arena *arena)
{
    char *folded = arena_copy(arena, text);
    size_t used = 0;
    for (size_t i = 0; i < text.bytes;) {
        struct span rest = span_of(text.data + i, text.bytes - i);
        size_t f = 0;
        size_t forms = sizeof wide_forms / sizeof wide_forms[0];
        if (!is_wide_lead(rest.data[0]))
            f = forms;
        while (f < forms && !span_starts_with(rest, span_of_string(wide_forms[f].wide)))
            f++;
        if (f < forms) {
            folded[used++] = wide_forms[f].narrow;
            i += strlen(wide_forms[f].wide);
        } else {
            memcpy(&folded[used++], &text.data[i++], 1);
        }
    }
    return sheet_trim(span_of(folded, used));
}

bool cell_next_item(struct span *rest, struct span *item)
{
    if (rest->data == NULL)
        return false;
    const uint8_t *comma = rest->bytes > 0 ? memchr(rest->data, ',', rest->bytes) : NULL;
    size_t bytes = comma != NULL ? (size_t)(comma - rest->data) : rest->bytes;
    *item = sheet_trim(span_of(rest->data, bytes));
    *rest = comma != NULL ? span_of(comma + 1, rest->bytes - bytes - 1) : (struct span){0};
    return true;
}

/* As much of what was written as leaves room to say what would be right. */
static struct span shown(struct span item)
{
    return utf8_clip(item, SHOWN_BYTES);
}

/* -- one item ---------------------------------------------------------------------------------- */

static bool add(struct parsing *parsing, uint32_t first, uint32_t limit)
{
    if (parsing->count == CELL_INTERVALS_MAX) {
        snprintf(parsing->fault, parsing->fault_bytes, "lists more than %d things",
                 CELL_INTERVALS_MAX);
        return false;
    }
    parsing->intervals[parsing->count++] = (struct interval){first, limit};
    return true;
}

static bool parse_word(struct parsing *parsing, struct span item)
{
    const struct word_list *words = input_words(parsing->input);
    uint32_t number = word_find(words, item);
    if (number > 0)
        return add(parsing, number, number + 1);
    int used = snprintf(parsing->fault, parsing->fault_bytes, "'%.*s' is no %s; they are",
                        SPAN_ARG(shown(item)), words->what);
    for (uint32_t i = 1; i < words->count && (size_t)used < parsing->fault_bytes; i++)
        used += snprintf(parsing->fault + used, parsing->fault_bytes - (size_t)used, " %s",
                         words->names[i]);
    return false;
}

static struct span without_sign(struct span item)
{
    return item.bytes > 0 && item.data[0] == '#' ? span_of(item.data + 1, item.bytes - 1) : item;
}

static bool parse_line(struct parsing *parsing, struct span item)
{
    struct line line = city_line(parsing->city, without_sign(item));
    if (line.index != LINE_NONE.index)
        return add(parsing, line.index + 1, line.index + 2);
    snprintf(parsing->fault, parsing->fault_bytes, "'%.*s' is no line of lines.csv",
             SPAN_ARG(shown(item)));
    return false;
}

static bool has_lost_zero(const struct city *city, struct span code)
{
    char whole[8] = "0";
    if (code.bytes == 0 || code.bytes > sizeof whole - 1)
        return false;
    memcpy(whole + 1, code.data, code.bytes);
    return city_category(city, span_of(whole, code.bytes + 1)).index != CATEGORY_NONE.index;
}

static bool parse_category(struct parsing *parsing, struct span item)
{
    struct category category = city_category(parsing->city, without_sign(item));
    if (category.index != CATEGORY_NONE.index)
        return add(parsing, category.index + 1, category_limit(parsing->city, category) + 1);
    bool zero_lost = has_lost_zero(parsing->city, without_sign(item));
    snprintf(parsing->fault, parsing->fault_bytes,
             zero_lost ? "'%.*s' has lost its leading zero to a spreadsheet; write it with a # in "
                         "front, such as #0301"
                       : "'%.*s' is no category of categories.csv; write a code such as #0301",
             SPAN_ARG(shown(item)));
    return false;
}

static bool parse_place(struct parsing *parsing, struct span item)
{
    const struct places *places = city_places(parsing->city);
    struct span code = without_sign(item);
    struct place_candidates found = {.count = 0};
    if (place_looks_like_code(code)) {
        found.places[0] = places_find_code(places, code);
        found.count = !place_is_none(found.places[0]);
    } else {
        (void)places_resolve(places, item, &found);
    }
    if (found.count == 1)
        return add(parsing, found.places[0].index + 1, place_limit(places, found.places[0]) + 1);
    snprintf(
        parsing->fault, parsing->fault_bytes,
        sheet_is_mangled(code)
            ? "'%.*s' is what a spreadsheet makes of a long code; write it in full with a # in "
              "front"
        : found.count == 0 ? "'%.*s' is no place of places.csv; write a code such as #511126, or "
                             "a path of names"
                           : "'%.*s' may be several places; write a code, or the path above it",
        SPAN_ARG(shown(item)));
    return false;
}

/* An hour, a date, a time of day, or some that follow each other. */
static bool parse_point(struct parsing *parsing, struct span item)
{
    struct interval parts[SCALE_PARTS_MAX];
    uint32_t count = scale_parse(parsing->input, item, parts, parsing->fault, parsing->fault_bytes);
    bool good = count > 0;
    for (uint32_t i = 0; good && i < count; i++)
        good = add(parsing, parts[i].first, parts[i].limit);
    return good;
}

/* 0 stands for what is not said. */
static bool parse_absent(struct parsing *parsing)
{
    if (!input_is_always_said(parsing->input))
        return add(parsing, 0, 1);
    snprintf(parsing->fault, parsing->fault_bytes,
             "'absent' never holds here: a case always has its %s", input_name(parsing->input));
    return false;
}

static bool parse_item(struct parsing *parsing, struct span item)
{
    if (item.bytes == 0) {
        snprintf(parsing->fault, parsing->fault_bytes,
                 "has a comma with nothing before or behind it");
        return false;
    }
    if (span_is(item, "absent"))
        return parse_absent(parsing);
    switch (parsing->input) {
    case INPUT_LINE:
        return parse_line(parsing, item);
    case INPUT_CATEGORY:
        return parse_category(parsing, item);
    case INPUT_PLACE:
        return parse_place(parsing, item);
    case INPUT_HOUR:
    case INPUT_DATE:
    case INPUT_TIME:
        return parse_point(parsing, item);
    default:
        return parse_word(parsing, item);
    }
}

/* -- the whole --------------------------------------------------------------------------------- */

static bool parse_list(struct parsing *parsing, struct span text)
{
    struct span item;
    while (cell_next_item(&text, &item))
        if (!parse_item(parsing, item))
            return false;
    return true;
}

static int by_first(const void *a, const void *b)
{
    const struct interval *left = a;
    const struct interval *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

static void merge(struct parsing *parsing)
{
    qsort(parsing->intervals, parsing->count, sizeof parsing->intervals[0], by_first);
    uint32_t count = 0;
    for (uint32_t i = 0; i < parsing->count; i++) {
        struct interval next = parsing->intervals[i];
        struct interval *last = count > 0 ? &parsing->intervals[count - 1] : NULL;
        if (last != NULL && next.first <= last->limit)
            last->limit = next.limit > last->limit ? next.limit : last->limit;
        else
            parsing->intervals[count++] = next;
    }
    parsing->count = count;
}

/* What the list does not name, of all that can be said: never what is absent. */
static bool complement(struct parsing *parsing)
{
    struct interval rest[CELL_INTERVALS_MAX + 1];
    uint32_t count = 0;
    uint32_t next = 1;
    for (uint32_t i = 0; i < parsing->count; i++) {
        if (next < parsing->intervals[i].first)
            rest[count++] = (struct interval){next, parsing->intervals[i].first};
        next = parsing->intervals[i].limit;
    }
    uint32_t size = input_size(parsing->city, parsing->input);
    if (next < size)
        rest[count++] = (struct interval){next, size};
    if (count == 0) {
        snprintf(parsing->fault, parsing->fault_bytes,
                 "lets nothing pass: not(...) names everything there is");
        return false;
    }
    memcpy(parsing->intervals, rest, count * sizeof rest[0]);
    parsing->count = count;
    return true;
}

/* not(...), with or without blanks before the bracket; leaves what stands inside. */
static bool is_negated(struct span *text)
{
    if (!span_starts_with(*text, span_of_string("not")) || text->data[text->bytes - 1] != ')')
        return false;
    struct span inside = sheet_trim(span_of(text->data + 3, text->bytes - 4));
    if (inside.bytes == 0 || inside.data[0] != '(')
        return false;
    *text = sheet_trim(span_of(inside.data + 1, inside.bytes - 1));
    return true;
}

bool cell_parse(const struct city *city, enum input input, struct span text, struct arena *arena,
                struct values *values, char *fault, size_t fault_bytes)
{
    struct parsing parsing = {
        .city = city, .input = input, .fault = fault, .fault_bytes = fault_bytes};
    *values = (struct values){.any = text.bytes == 0 || span_is(text, "-")};
    if (values->any)
        return true;
    bool negated = is_negated(&text);
    if (!parse_list(&parsing, text))
        return false;
    merge(&parsing);
    if (negated && !complement(&parsing))
        return false;
    size_t bytes = parsing.count * sizeof parsing.intervals[0];
    values->intervals = memcpy(arena_take(arena, bytes), parsing.intervals, bytes);
    values->count = parsing.count;
    return true;
}
