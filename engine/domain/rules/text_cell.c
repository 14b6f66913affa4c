#include "domain/rules/text_cell.h"

#include "base/utf8.h"
#include "domain/rules/cell.h"
#include "domain/text/fold.h"

#include <stdio.h>

enum { SHOWN_BYTES = 48 };

static const char *const names[CLAUSE_KIND_COUNT] = {"any", "all", "none"};

struct parsing {
    struct keywords *keywords;
    struct text_clause clauses[TEXT_CLAUSES_MAX];
    uint32_t clauses_count;
    uint32_t list[TEXT_CELL_KEYWORDS_MAX]; /* of all clauses, one behind the other */
    uint32_t list_count;
    char *fault;
    size_t fault_bytes;
};

static struct span shown(struct span text)
{
    return utf8_clip(text, SHOWN_BYTES);
}

static struct span behind(struct span text, size_t bytes)
{
    return span_of(text.data + bytes, text.bytes - bytes);
}

/* -- one clause -------------------------------------------------------------------------------- */

static bool parse_keyword(struct parsing *parsing, enum clause_kind kind, struct span item)
{
    uint8_t folded[KEYWORD_BYTES_MAX];
    if (item.bytes > sizeof folded) {
        snprintf(parsing->fault, parsing->fault_bytes,
                 "'%.*s...' is too long for a keyword; one has at most %d bytes, which is %d "
                 "Chinese characters",
                 SPAN_ARG(shown(item)), KEYWORD_BYTES_MAX, KEYWORD_BYTES_MAX / 3);
        return false;
    }
    size_t bytes = fold(item, folded);
    if (bytes == 0) {
        snprintf(parsing->fault, parsing->fault_bytes,
                 "a keyword is missing in %s(...); write %s(噪音, 噪声)", names[kind], names[kind]);
        return false;
    }
    if (parsing->list_count == TEXT_CELL_KEYWORDS_MAX) {
        snprintf(parsing->fault, parsing->fault_bytes, "lists more than %d keywords",
                 TEXT_CELL_KEYWORDS_MAX);
        return false;
    }
    uint32_t keyword = keywords_add(parsing->keywords, span_of(folded, bytes), false);
    if (keyword == KEYWORD_NONE) {
        snprintf(parsing->fault, parsing->fault_bytes,
                 "'%.*s' is one keyword too many; a city and its book have at most %d",
                 SPAN_ARG(shown(item)), KEYWORDS_MAX);
        return false;
    }
    parsing->list[parsing->list_count++] = keyword;
    return true;
}

/* What stands between the brackets. */
static bool parse_keywords(struct parsing *parsing, enum clause_kind kind, struct span inside)
{
    struct span item;
    struct text_clause clause = {.kind = kind, .keywords = parsing->list + parsing->list_count};
    if (parsing->clauses_count == TEXT_CLAUSES_MAX) {
        snprintf(parsing->fault, parsing->fault_bytes, "has more than %d clauses",
                 TEXT_CLAUSES_MAX);
        return false;
    }
    if (memchr(inside.data, '(', inside.bytes) != NULL) {
        snprintf(parsing->fault, parsing->fault_bytes,
                 "has a bracket inside the brackets of %s(...); clauses stand side by side",
                 names[kind]);
        return false;
    }
    while (cell_next_item(&inside, &item)) {
        if (!parse_keyword(parsing, kind, item))
            return false;
        clause.count++;
    }
    parsing->clauses[parsing->clauses_count++] = clause;
    return true;
}

static bool is_separator(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == ',';
}

/* The word up to a bracket, a separator or the end. */
static struct span take_word(struct span *rest)
{
    size_t bytes = 0;
    while (bytes < rest->bytes && !is_separator(rest->data[bytes]) && rest->data[bytes] != '(')
        bytes++;
    struct span word = span_of(rest->data, bytes);
    *rest = behind(*rest, bytes);
    return word;
}

static struct span skip_separators(struct span rest)
{
    while (rest.bytes > 0 && is_separator(rest.data[0]))
        rest = behind(rest, 1);
    return rest;
}

/* Takes the next clause off the rest. */
static bool parse_clause(struct parsing *parsing, struct span *rest)
{
    struct span word = take_word(rest);
    struct span open = *rest;
    while (open.bytes > 0 && open.data[0] == ' ')
        open = behind(open, 1);
    uint32_t kind = 0;
    while (kind < CLAUSE_KIND_COUNT && !span_is(word, names[kind]))
        kind++;
    if (kind == CLAUSE_KIND_COUNT || open.bytes == 0 || open.data[0] != '(') {
        snprintf(parsing->fault, parsing->fault_bytes,
                 "'%.*s' is no clause; write any(噪音, 噪声), all(夜间, 施工) or none(演练)",
                 SPAN_ARG(shown(word)));
        return false;
    }
    const uint8_t *closing = memchr(open.data, ')', open.bytes);
    if (closing == NULL) {
        snprintf(parsing->fault, parsing->fault_bytes, "the bracket of %s( is never closed; add )",
                 names[kind]);
        return false;
    }
    size_t bytes = (size_t)(closing - open.data);
    *rest = skip_separators(behind(open, bytes + 1));
    return parse_keywords(parsing, (enum clause_kind)kind, span_of(open.data + 1, bytes - 1));
}

/* -- the whole --------------------------------------------------------------------------------- */

/* Keywords are short, and a cell may hold each of hundreds against each: memmem prepares too much.
 */
static bool stands_in(struct span whole, struct span part)
{
    for (size_t at = 0; at + part.bytes <= whole.bytes; at++)
        if (whole.data[at] == part.data[0] && memcmp(whole.data + at, part.data, part.bytes) == 0)
            return true;
    return false;
}

/* The forbidden keyword that stands inside a wanted one, or KEYWORD_NONE. */
static uint32_t forbidden_part(const struct parsing *parsing, struct span wanted)
{
    for (uint32_t i = 0; i < parsing->clauses_count; i++) {
        const struct text_clause *clause = &parsing->clauses[i];
        for (uint32_t j = 0; clause->kind == CLAUSE_NONE && j < clause->count; j++) {
            struct span part = keyword_text(parsing->keywords, clause->keywords[j]);
            if (stands_in(wanted, part))
                return clause->keywords[j];
        }
    }
    return KEYWORD_NONE;
}

/* Can each keyword that is wanted ever count? */
static bool can_hold(const struct parsing *parsing)
{
    for (uint32_t i = 0; i < parsing->clauses_count; i++) {
        const struct text_clause *clause = &parsing->clauses[i];
        for (uint32_t j = 0; clause->kind != CLAUSE_NONE && j < clause->count; j++) {
            struct span wanted = keyword_text(parsing->keywords, clause->keywords[j]);
            uint32_t part = forbidden_part(parsing, wanted);
            if (part == KEYWORD_NONE)
                continue;
            snprintf(parsing->fault, parsing->fault_bytes,
                     "'%.*s' in %s(...) can never count, since none(...) forbids '%.*s'; take out "
                     "either",
                     SPAN_ARG(shown(wanted)), names[clause->kind],
                     SPAN_ARG(shown(keyword_text(parsing->keywords, part))));
            return false;
        }
    }
    return true;
}

static void keep(const struct parsing *parsing, struct arena *arena, struct text_cell *cell)
{
    size_t list_bytes = parsing->list_count * sizeof parsing->list[0];
    size_t bytes = parsing->clauses_count * sizeof parsing->clauses[0];
    const uint32_t *list = memcpy(arena_take(arena, list_bytes), parsing->list, list_bytes);
    struct text_clause *clauses = memcpy(arena_take(arena, bytes), parsing->clauses, bytes);
    for (uint32_t i = 0; i < parsing->clauses_count; i++)
        clauses[i].keywords = list + (clauses[i].keywords - parsing->list);
    *cell = (struct text_cell){clauses, parsing->clauses_count};
}

bool text_cell_parse(struct keywords *keywords, struct span text, struct arena *arena,
                     struct text_cell *cell, char *fault, size_t fault_bytes)
{
    struct parsing parsing = {.keywords = keywords, .fault = fault, .fault_bytes = fault_bytes};
    *cell = (struct text_cell){.count = 0};
    if (text.bytes == 0 || span_is(text, "-"))
        return true;
    while (text.bytes > 0)
        if (!parse_clause(&parsing, &text))
            return false;
    if (!can_hold(&parsing))
        return false;
    keep(&parsing, arena, cell);
    return true;
}
