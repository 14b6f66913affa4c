#include "domain/check/wants.h"

static void add(struct wants *wants, struct keyword_list *lists, uint32_t *count,
                struct keyword_list list)
{
    if (*count == WANTS_MAX)
        wants->crowded = true;
    else
        lists[(*count)++] = list;
}

void wants_any(struct wants *wants, const uint32_t *keywords, uint32_t count)
{
    add(wants, wants->any, &wants->any_count, (struct keyword_list){keywords, count});
}

static void want_none(struct wants *wants, const uint32_t *keywords, uint32_t count)
{
    add(wants, wants->none, &wants->none_count, (struct keyword_list){keywords, count});
}

void wants_cell(struct wants *wants, const struct text_cell *cell)
{
    for (uint32_t i = 0; i < cell->count; i++) {
        const struct text_clause *clause = &cell->clauses[i];
        if (clause->kind == CLAUSE_ANY)
            wants_any(wants, clause->keywords, clause->count);
        if (clause->kind == CLAUSE_NONE)
            want_none(wants, clause->keywords, clause->count);
        for (uint32_t j = 0; clause->kind == CLAUSE_ALL && j < clause->count; j++)
            wants_any(wants, &clause->keywords[j], 1);
    }
}

bool wants_break(struct wants *wants, const struct text_clause *clause, uint32_t way)
{
    if (way >= (clause->kind == CLAUSE_ANY ? 1 : clause->count))
        return false;
    if (clause->kind == CLAUSE_ANY)
        want_none(wants, clause->keywords, clause->count);
    else if (clause->kind == CLAUSE_ALL)
        want_none(wants, &clause->keywords[way], 1);
    else
        wants_any(wants, &clause->keywords[way], 1);
    return true;
}

static bool stands_in(struct span whole, struct span part)
{
    for (size_t at = 0; at + part.bytes <= whole.bytes; at++)
        if (whole.data[at] == part.data[0] && memcmp(whole.data + at, part.data, part.bytes) == 0)
            return true;
    return false;
}

static bool is_forbidden(const struct wants *wants, const struct keywords *keywords,
                         struct span word)
{
    for (uint32_t i = 0; i < wants->none_count; i++)
        for (uint32_t j = 0; j < wants->none[i].count; j++)
            if (stands_in(word, keyword_text(keywords, wants->none[i].keywords[j])))
                return true;
    return false;
}

/* Is one of the list there already? */
static bool is_met(const struct keyword_list *list, const struct keywords *keywords,
                   struct span text)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (stands_in(text, keyword_text(keywords, list->keywords[i])))
            return true;
    return false;
}

static bool append(const struct wants *wants, const struct keyword_list *list,
                   const struct keywords *keywords, char *text, size_t *bytes)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct span word = keyword_text(keywords, list->keywords[i]);
        if (is_forbidden(wants, keywords, word))
            continue;
        if (*bytes > 0)
            text[(*bytes)++] = ',';
        memcpy(text + *bytes, word.data, word.bytes);
        *bytes += word.bytes;
        return true;
    }
    return false;
}

bool wants_text(const struct wants *wants, const struct keywords *keywords, char *text,
                size_t *bytes)
{
    *bytes = 0;
    for (uint32_t i = 0; i < wants->any_count; i++)
        if (!is_met(&wants->any[i], keywords, span_of(text, *bytes)) &&
            !append(wants, &wants->any[i], keywords, text, bytes))
            return false;
    return true;
}

/* -- one cell within another ------------------------------------------------------------------- */

/* Has every word of the one a word of the other standing in it? */
static bool words_imply(const struct keywords *keywords, const uint32_t *one, uint32_t one_count,
                        const uint32_t *other, uint32_t other_count)
{
    for (uint32_t i = 0; i < one_count; i++) {
        bool found = false;
        for (uint32_t j = 0; j < other_count && !found; j++)
            found = stands_in(keyword_text(keywords, one[i]), keyword_text(keywords, other[j]));
        if (!found)
            return false;
    }
    return true;
}

/* Does the cell see to it that one of these words stands there? */
static bool sees_to(const struct keywords *keywords, const struct text_cell *cell,
                    const uint32_t *words, uint32_t count)
{
    for (uint32_t i = 0; i < cell->count; i++) {
        const struct text_clause *clause = &cell->clauses[i];
        if (clause->kind == CLAUSE_ANY &&
            words_imply(keywords, clause->keywords, clause->count, words, count))
            return true;
        for (uint32_t j = 0; clause->kind == CLAUSE_ALL && j < clause->count; j++)
            if (words_imply(keywords, &clause->keywords[j], 1, words, count))
                return true;
    }
    return false;
}

/* Does the cell see to it that a word does not stand there? */
static bool keeps_out(const struct keywords *keywords, const struct text_cell *cell, uint32_t word)
{
    for (uint32_t i = 0; i < cell->count; i++) {
        const struct text_clause *clause = &cell->clauses[i];
        if (clause->kind == CLAUSE_NONE &&
            words_imply(keywords, &word, 1, clause->keywords, clause->count))
            return true;
    }
    return false;
}

static bool implies_clause(const struct keywords *keywords, const struct text_cell *cell,
                           const struct text_clause *clause)
{
    if (clause->kind == CLAUSE_ANY)
        return sees_to(keywords, cell, clause->keywords, clause->count);
    for (uint32_t i = 0; i < clause->count; i++)
        if (clause->kind == CLAUSE_ALL ? !sees_to(keywords, cell, &clause->keywords[i], 1)
                                       : !keeps_out(keywords, cell, clause->keywords[i]))
            return false;
    return true;
}

bool text_cell_implies(const struct keywords *keywords, const struct text_cell *one,
                       const struct text_cell *other)
{
    for (uint32_t i = 0; i < other->count; i++)
        if (!implies_clause(keywords, one, &other->clauses[i]))
            return false;
    return true;
}
