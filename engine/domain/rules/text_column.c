#include "domain/rules/text_column.h"

#include "base/check.h"

enum { WORD_BITS = 64, FORBIDDEN = 1 << 16 /* more than a row can want */ };

_Static_assert((int)TEXT_CELL_KEYWORDS_MAX < (int)FORBIDDEN,
               "what is forbidden outweighs what is wanted");

struct clause {
    uint32_t rank;
    uint32_t worth; /* 1, or FORBIDDEN */
};

struct text_column {
    uint32_t first, limit; /* numbers of the keywords that it knows */
    uint32_t *starts;      /* keyword - first -> its part of clause_of; one more at the end */
    uint32_t *clause_of;
    struct clause *clauses;
    uint32_t clauses_count;
    uint32_t *wanted; /* rank -> clauses to be met */
    uint32_t rows_count;
    uint32_t words, summary_words;
    uint64_t *vector, *summary; /* of a text without any keyword */
};

/* Between two texts all counts are 0. */
struct text_column_scratch {
    uint64_t *vector, *summary;
    uint8_t *met;     /* a clause each */
    uint32_t *counts; /* a rank each */
};

static void set_bit(uint64_t *vector, uint32_t bit)
{
    vector[bit / WORD_BITS] |= 1ULL << bit % WORD_BITS;
}

static void clear_bit(uint64_t *vector, uint32_t bit)
{
    vector[bit / WORD_BITS] &= ~(1ULL << bit % WORD_BITS);
}

/* -- compiling --------------------------------------------------------------------------------- */

typedef void visitor(struct text_column *column, uint32_t keyword, uint32_t clause);

/* Visits each keyword of each row, with the number of its clause; all(...) is a clause a keyword.
 */
static void walk(struct text_column *column, const struct table *table, const uint32_t *rows,
                 visitor *visit)
{
    uint32_t next = 0;
    for (uint32_t rank = 0; rank < table->rows_count; rank++) {
        const struct text_cell *cell = &table->rows[rows[rank]].text;
        for (uint32_t i = 0; i < cell->count; i++) {
            const struct text_clause *clause = &cell->clauses[i];
            for (uint32_t j = 0; j < clause->count; j++)
                visit(column, clause->keywords[j], clause->kind == CLAUSE_ALL ? next + j : next);
            next += clause->kind == CLAUSE_ALL ? clause->count : 1;
        }
    }
}

static void widen(struct text_column *column, uint32_t keyword, uint32_t clause)
{
    column->first = keyword < column->first ? keyword : column->first;
    column->limit = keyword >= column->limit ? keyword + 1 : column->limit;
    column->clauses_count = clause >= column->clauses_count ? clause + 1 : column->clauses_count;
}

/* Counts each keyword's clauses one place further on, so that adding up gives where they start. */
static void count(struct text_column *column, uint32_t keyword, uint32_t clause)
{
    (void)clause;
    column->starts[keyword - column->first + 1]++;
}

/* Takes the next place of the keyword; starts then stand where the next one's began. */
static void place(struct text_column *column, uint32_t keyword, uint32_t clause)
{
    column->clause_of[column->starts[keyword - column->first]++] = clause;
}

static void index_keywords(struct text_column *column, const struct table *table,
                           const uint32_t *rows, struct arena *arena)
{
    uint32_t keywords = column->limit - column->first;
    column->starts = arena_take(arena, (keywords + 1) * sizeof *column->starts);
    walk(column, table, rows, count);
    for (uint32_t i = 0; i < keywords; i++)
        column->starts[i + 1] += column->starts[i];
    column->clause_of =
        arena_take(arena, (column->starts[keywords] + 1) * sizeof *column->clause_of);
    walk(column, table, rows, place);
    memmove(column->starts + 1, column->starts, keywords * sizeof *column->starts);
    column->starts[0] = 0;
}

/* What each row wants, and which rows hold for a text without keywords. */
static void index_rows(struct text_column *column, const struct table *table, const uint32_t *rows)
{
    uint32_t next = 0;
    for (uint32_t rank = 0; rank < table->rows_count; rank++) {
        const struct text_cell *cell = &table->rows[rows[rank]].text;
        for (uint32_t i = 0; i < cell->count; i++) {
            enum clause_kind kind = cell->clauses[i].kind;
            uint32_t clauses = kind == CLAUSE_ALL ? cell->clauses[i].count : 1;
            for (uint32_t j = 0; j < clauses; j++)
                column->clauses[next++] =
                    (struct clause){rank, kind == CLAUSE_NONE ? FORBIDDEN : 1};
            column->wanted[rank] += kind == CLAUSE_NONE ? 0 : clauses;
        }
        if (column->wanted[rank] > 0)
            continue;
        set_bit(column->vector, rank);
        set_bit(column->summary, rank / WORD_BITS);
    }
}

const struct text_column *text_column_compile(const struct table *table, const uint32_t *rows,
                                              struct arena *arena)
{
    struct text_column *column = arena_take(arena, sizeof *column);
    *column = (struct text_column){.first = UINT32_MAX, .rows_count = table->rows_count};
    column->words = (table->rows_count + WORD_BITS - 1) / WORD_BITS;
    column->summary_words = (column->words + WORD_BITS - 1) / WORD_BITS;
    walk(column, table, rows, widen);
    if (column->first > column->limit)
        column->first = column->limit;
    index_keywords(column, table, rows, arena);
    column->clauses = arena_take(arena, (column->clauses_count + 1) * sizeof *column->clauses);
    column->wanted = arena_take(arena, (table->rows_count + 1) * sizeof *column->wanted);
    column->vector = arena_take(arena, (column->words + 1) * sizeof *column->vector);
    column->summary = arena_take(arena, (column->summary_words + 1) * sizeof *column->summary);
    index_rows(column, table, rows);
    return column;
}

/* -- matching ---------------------------------------------------------------------------------- */

struct text_column_scratch *text_column_scratch_create(const struct text_column *column,
                                                       struct arena *arena)
{
    struct text_column_scratch *scratch = arena_take(arena, sizeof *scratch);
    scratch->vector = arena_take(arena, (column->words + 1) * sizeof *scratch->vector);
    scratch->summary = arena_take(arena, (column->summary_words + 1) * sizeof *scratch->summary);
    scratch->met = arena_take(arena, column->clauses_count + 1);
    scratch->counts = arena_take(arena, (column->rows_count + 1) * sizeof *scratch->counts);
    return scratch;
}

/* The clauses of one keyword that was found. */
struct postings {
    const uint32_t *clauses;
    uint32_t count;
};

static struct postings postings_of(const struct text_column *column, uint32_t keyword)
{
    if (keyword < column->first || keyword >= column->limit)
        return (struct postings){.count = 0};
    uint32_t start = column->starts[keyword - column->first];
    uint32_t limit = column->starts[keyword - column->first + 1];
    return (struct postings){column->clause_of + start, limit - start};
}

/* A clause is met once, however many of its keywords are found. */
static void meet(const struct text_column *column, uint32_t number,
                 struct text_column_scratch *scratch)
{
    struct clause clause = column->clauses[number];
    if (scratch->met[number])
        return;
    scratch->met[number] = 1;
    scratch->counts[clause.rank] += clause.worth;
    if (clause.worth == FORBIDDEN) {
        clear_bit(scratch->vector, clause.rank);
    } else if (scratch->counts[clause.rank] == column->wanted[clause.rank]) {
        set_bit(scratch->vector, clause.rank);
        set_bit(scratch->summary, clause.rank / WORD_BITS);
    }
}

static void forget(const struct text_column *column, const struct text_hits *hits,
                   struct text_column_scratch *scratch)
{
    for (uint32_t i = 0; i < hits->words_count; i++) {
        struct postings postings = postings_of(column, hits->words[i]);
        for (uint32_t j = 0; j < postings.count; j++) {
            scratch->met[postings.clauses[j]] = 0;
            scratch->counts[column->clauses[postings.clauses[j]].rank] = 0;
        }
    }
}

struct text_vector text_column_match(const struct text_column *column, const struct text_hits *hits,
                                     struct text_column_scratch *scratch)
{
    if (hits == NULL)
        return (struct text_vector){column->vector, column->summary};
    memcpy(scratch->vector, column->vector, column->words * sizeof *scratch->vector);
    memcpy(scratch->summary, column->summary, column->summary_words * sizeof *scratch->summary);
    for (uint32_t i = 0; i < hits->words_count; i++) {
        struct postings postings = postings_of(column, hits->words[i]);
        for (uint32_t j = 0; j < postings.count; j++)
            meet(column, postings.clauses[j], scratch);
    }
    forget(column, hits, scratch);
    return (struct text_vector){scratch->vector, scratch->summary};
}
