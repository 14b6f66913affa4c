#include "domain/match.h"

#include "base/check.h"

#include <stdlib.h>

enum { WORD_BITS = 64 };

struct column {
    uint32_t input;            /* index of the table's input column */
    const uint32_t *classes;   /* value -> class */
    const uint64_t *vectors;   /* [class][words] */
    const uint64_t *summaries; /* [class][summary_words] */
};

struct matcher {
    uint32_t columns_count;
    struct column columns[INPUT_COUNT];
    uint32_t words;
    uint32_t summary_words;
    const uint32_t *rows; /* rank -> index of the row in the table */
    uint32_t rows_count;
    uint32_t otherwise; /* where no row holds */
};

static void set_bit(uint64_t *vector, uint32_t bit)
{
    vector[bit / WORD_BITS] |= 1ULL << bit % WORD_BITS;
}

/* Row vector of one value. */
static void fill_vector(const struct table *table, uint32_t input, uint32_t value, uint64_t *vector,
                        uint32_t words)
{
    memset(vector, 0, words * sizeof *vector);
    for (uint32_t i = 0; i < table->rows_count; i++)
        if (values_have(&table->rows[i].values[input], value))
            set_bit(vector, table->rows[i].rank);
}

/* A value begins a new run where a cell's interval begins or ends; inside a run all are alike. */
static void mark_runs(const struct table *table, uint32_t input, uint8_t *begins)
{
    begins[0] = 1;
    for (uint32_t i = 0; i < table->rows_count; i++) {
        const struct values *values = &table->rows[i].values[input];
        for (uint32_t j = 0; j < values->count; j++) {
            begins[values->intervals[j].first] = 1;
            begins[values->intervals[j].limit] = 1;
        }
    }
}

static uint32_t find_class(const uint64_t *vectors, uint32_t classes, uint32_t words)
{
    const uint64_t *made = vectors + (size_t)classes * words;
    for (uint32_t i = 0; i < classes; i++)
        if (memcmp(vectors + (size_t)i * words, made, words * sizeof *made) == 0)
            return i;
    return classes;
}

static uint64_t *summarise(const uint64_t *vectors, uint32_t classes, const struct matcher *matcher,
                           struct arena *arena)
{
    uint64_t *summaries =
        arena_take(arena, (size_t)classes * matcher->summary_words * sizeof *summaries);
    for (uint32_t i = 0; i < classes; i++)
        for (uint32_t word = 0; word < matcher->words; word++)
            if (vectors[(size_t)i * matcher->words + word] != 0)
                set_bit(summaries + (size_t)i * matcher->summary_words, word);
    return summaries;
}

static void compile_column(struct matcher *matcher, const struct table *table,
                           const struct city *city, uint32_t input, struct arena *arena)
{
    uint32_t size = input_size(city, table->inputs[input]);
    uint8_t *begins = calloc(size + 1, 1);
    uint32_t *classes = arena_take(arena, size * sizeof *classes);
    CHECK(begins != NULL);
    mark_runs(table, input, begins);
    uint32_t runs = 0;
    for (uint32_t value = 0; value < size; value++)
        runs += begins[value];
    uint64_t *vectors = arena_take(arena, (size_t)(runs + 1) * matcher->words * sizeof *vectors);
    uint32_t count = 0;
    uint32_t class = 0;
    for (uint32_t value = 0; value < size; value++) {
        if (begins[value]) {
            fill_vector(table, input, value, vectors + (size_t)count * matcher->words,
                        matcher->words);
            class = find_class(vectors, count, matcher->words);
            count += class == count;
        }
        classes[value] = class;
    }
    free(begins);
    matcher->columns[matcher->columns_count++] =
        (struct column){input, classes, vectors, summarise(vectors, count, matcher, arena)};
}

static bool is_wild(const struct table *table, uint32_t input)
{
    for (uint32_t i = 0; i < table->rows_count; i++)
        if (!table->rows[i].values[input].any)
            return false;
    return true;
}

struct matcher *matcher_compile(const struct table *table, const struct city *city,
                                struct arena *arena)
{
    struct matcher *matcher = arena_take(arena, sizeof *matcher);
    uint32_t *rows = arena_take(arena, (table->rows_count + 1) * sizeof *rows);
    matcher->rows = rows;
    matcher->rows_count = table->rows_count;
    matcher->words = (table->rows_count + WORD_BITS - 1) / WORD_BITS;
    matcher->summary_words = (matcher->words + WORD_BITS - 1) / WORD_BITS;
    matcher->otherwise = table->otherwise != NULL ? table->rows_count : UINT32_MAX;
    for (uint32_t i = 0; i < table->rows_count; i++)
        rows[table->rows[i].rank] = i;
    for (uint32_t input = 0; input < table->inputs_count; input++)
        if (!is_wild(table, input))
            compile_column(matcher, table, city, input, arena);
    return matcher;
}

/* Lowest rank among the 64 rows of a word, or UINT32_MAX. */
static uint32_t match_word(const struct matcher *matcher, const uint64_t *const *vectors,
                           uint32_t word)
{
    uint64_t bits = UINT64_MAX;
    for (uint32_t i = 0; i < matcher->columns_count; i++)
        bits &= vectors[i][word];
    return bits == 0 ? UINT32_MAX : word * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
}

uint32_t matcher_match(const struct matcher *matcher, const uint32_t *values)
{
    const uint64_t *vectors[INPUT_COUNT];
    const uint64_t *summaries[INPUT_COUNT];
    if (matcher->columns_count == 0) /* every row holds for everything */
        return matcher->rows_count > 0 ? matcher->rows[0] : matcher->otherwise;
    for (uint32_t i = 0; i < matcher->columns_count; i++) {
        const struct column *column = &matcher->columns[i];
        size_t class = column->classes[values[column->input]];
        vectors[i] = column->vectors + class * matcher->words;
        summaries[i] = column->summaries + class * matcher->summary_words;
    }
    for (uint32_t s = 0; s < matcher->summary_words; s++) {
        uint64_t words = UINT64_MAX;
        for (uint32_t i = 0; i < matcher->columns_count; i++)
            words &= summaries[i][s];
        for (; words != 0; words &= words - 1) {
            uint32_t rank =
                match_word(matcher, vectors, s * WORD_BITS + (uint32_t)__builtin_ctzll(words));
            if (rank != UINT32_MAX)
                return matcher->rows[rank];
        }
    }
    return matcher->otherwise;
}
