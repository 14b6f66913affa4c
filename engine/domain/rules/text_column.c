#include "domain/rules/text_column.h"

#include "base/check.h"

enum { WORD_BITS = 64 };

struct text_column {
    enum text_group group; /* of the keys' words */
    uint32_t first, limit; /* numbers of the keys' words */
    uint32_t *starts;      /* word - first -> its part of ranks; one more at the end */
    uint32_t *ranks;
    uint32_t ranks_count;
    const struct text_cell **cells; /* a rank each; NULL where the key is all that it asks for */
    uint64_t *always;               /* a bit a rank: it has no key */
};

/* -- compiling --------------------------------------------------------------------------------- */

/* The words of which a text must have one; none where there are no such. */
struct key {
    const uint32_t *words;
    uint32_t count;
};

/* How often a text will have one of the words, as far as their lengths tell. */
static uint64_t expected(const struct keywords *keywords, struct key key)
{
    enum { BYTES = 18, BITS_A_BYTE = 2 };
    uint64_t sum = 0;
    for (uint32_t i = 0; i < key.count; i++) {
        size_t bytes = keyword_text(keywords, key.words[i]).bytes;
        sum += (uint64_t)1 << (bytes < BYTES ? BYTES - bytes : 0) * BITS_A_BYTE;
    }
    return sum;
}

static struct key key_of(const struct keywords *keywords, const struct text_cell *cell)
{
    struct key best = {.count = 0};
    for (uint32_t i = 0; i < cell->count; i++) {
        const struct text_clause *clause = &cell->clauses[i];
        uint32_t step = clause->kind == CLAUSE_ALL ? 1 : clause->count; /* each is needed */
        for (uint32_t j = 0; clause->kind != CLAUSE_NONE && j < clause->count; j += step) {
            struct key key = {clause->keywords + j, step};
            if (best.count == 0 || expected(keywords, key) < expected(keywords, best))
                best = key;
        }
    }
    return best;
}

static bool is_all(const struct text_cell *cell, struct key key)
{
    return cell->count == 0 || (cell->count == 1 && cell->clauses[0].kind != CLAUSE_NONE &&
                                cell->clauses[0].count == key.count);
}

/* Makes starts of counts: each word's count stands one place further on. */
static void add_up(struct text_column *column, const struct key *keys, uint32_t keys_count)
{
    for (uint32_t rank = 0; rank < keys_count; rank++)
        for (uint32_t i = 0; i < keys[rank].count; i++)
            column->starts[keys[rank].words[i] - column->first + 1]++;
    for (uint32_t i = 0; i < column->limit - column->first; i++)
        column->starts[i + 1] += column->starts[i];
}

/* Takes each word's next place; starts then stand where the next one's began, and are moved on. */
static void fill(struct text_column *column, const struct key *keys, uint32_t keys_count)
{
    uint32_t words = column->limit - column->first;
    for (uint32_t rank = 0; rank < keys_count; rank++)
        for (uint32_t i = 0; i < keys[rank].count; i++)
            column->ranks[column->starts[keys[rank].words[i] - column->first]++] = rank;
    memmove(column->starts + 1, column->starts, words * sizeof *column->starts);
    column->starts[0] = 0;
}

static void index_words(struct text_column *column, const struct key *keys, uint32_t keys_count,
                        struct arena *arena)
{
    column->first = UINT32_MAX;
    for (uint32_t rank = 0; rank < keys_count; rank++)
        for (uint32_t i = 0; i < keys[rank].count; i++) {
            uint32_t word = keys[rank].words[i];
            column->first = word < column->first ? word : column->first;
            column->limit = word >= column->limit ? word + 1 : column->limit;
            column->ranks_count++;
        }
    if (column->ranks_count == 0)
        column->first = column->limit;
    column->starts =
        arena_take(arena, (column->limit - column->first + 1) * sizeof *column->starts);
    column->ranks = arena_take(arena, (column->ranks_count + 1) * sizeof *column->ranks);
    add_up(column, keys, keys_count);
    fill(column, keys, keys_count);
}

const struct text_column *text_column_compile(const struct table *table, const uint32_t *rows,
                                              struct keywords *keywords, struct arena *arena)
{
    struct text_column *column = arena_take(arena, sizeof *column);
    uint32_t count = table->rows_count;
    struct key *keys = arena_take(arena, (count + 1) * sizeof *keys);
    column->cells = arena_take(arena, (count + 1) * sizeof *column->cells);
    column->always = arena_take(arena, (count / WORD_BITS + 1) * sizeof *column->always);
    column->group = table->answer == ANSWER_VOTE ? TEXT_SUMMING : TEXT_PICKING;
    for (uint32_t rank = 0; rank < count; rank++) {
        const struct text_cell *cell = &table->rows[rows[rank]].text;
        keys[rank] = key_of(keywords, cell);
        for (uint32_t i = 0; i < keys[rank].count; i++)
            keywords_seek(keywords, keys[rank].words[i], column->group);
        column->cells[rank] = is_all(cell, keys[rank]) ? NULL : cell;
        if (keys[rank].count == 0)
            column->always[rank / WORD_BITS] |= 1ULL << rank % WORD_BITS;
    }
    index_words(column, keys, count, arena);
    return column;
}

/* -- matching ---------------------------------------------------------------------------------- */

const uint64_t *text_column_always(const struct text_column *column)
{
    return column->always;
}

uint32_t text_column_candidates_max(const struct text_column *column)
{
    return column->ranks_count;
}

uint32_t text_column_candidates(const struct text_column *column, const struct text_hits *hits,
                                uint32_t *ranks)
{
    uint32_t limit = column->limit - column->first;
    uint32_t count = 0;
    if (hits == NULL)
        return 0;
    struct text_words sought = text_sought(hits, column->group);
    for (uint32_t i = 0; i < sought.count; i++) {
        uint32_t word = sought.list[i] - column->first; /* beyond all where it is below the first */
        if (word >= limit)
            continue;
        for (uint32_t j = column->starts[word]; j < column->starts[word + 1]; j++)
            ranks[count++] = column->ranks[j];
    }
    return count;
}

static bool clause_holds(const struct text_clause *clause, const struct text_hits *hits)
{
    bool all = clause->kind == CLAUSE_ALL;
    for (uint32_t i = 0; i < clause->count; i++)
        if ((hits != NULL && text_has(hits, clause->keywords[i])) != all)
            return clause->kind == CLAUSE_ANY;
    return clause->kind != CLAUSE_ANY;
}

bool text_column_holds(const struct text_column *column, uint32_t rank,
                       const struct text_hits *hits)
{
    const struct text_cell *cell = column->cells[rank];
    for (uint32_t i = 0; cell != NULL && i < cell->count; i++)
        if (!clause_holds(&cell->clauses[i], hits))
            return false;
    return true;
}
