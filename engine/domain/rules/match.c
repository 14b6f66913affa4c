#include "domain/rules/match.h"

#include "base/check.h"
#include "domain/rules/text_column.h"

#include <stdlib.h>

enum { WORD_BITS = 64 };

struct column {
    uint32_t input;            /* index of the table's input column */
    uint32_t size;             /* values are below this */
    const uint32_t *classes;   /* value -> class */
    const uint64_t *vectors;   /* [class][words] */
    const uint64_t *summaries; /* [class][summary_words] */
};

struct matcher {
    uint32_t columns_count;
    struct column columns[INPUT_COUNT];
    const struct text_column *text; /* NULL: the table asks for no words */
    uint32_t words;
    uint32_t summary_words;
    uint32_t *rows; /* rank, 0 the best -> index of the row in the table */
    uint32_t rows_count;
    uint32_t otherwise; /* where no row holds */
};

struct match_scratch {
    uint32_t *candidates;       /* that the words of a text name */
    uint64_t *vector, *summary; /* those that hold, while all are gathered; else 0 */
    uint32_t *rows;
};

_Static_assert(INPUT_TEXT < INPUT_COUNT, "the column of words has room among the others");

/* -- compiling --------------------------------------------------------------------------------- */

static void set_bit(uint64_t *vector, uint32_t bit)
{
    vector[bit / WORD_BITS] |= 1ULL << bit % WORD_BITS;
}

/* A row as it is ranked by P. */
struct ranked {
    const uint32_t *standing;
    uint32_t row;
};

static int by_standing(const void *a, const void *b)
{
    const struct ranked *left = a;
    const struct ranked *right = b;
    for (uint32_t i = 0; i < OUTPUT_COUNT; i++)
        if (left->standing[i] != right->standing[i])
            return left->standing[i] < right->standing[i] ? -1 : 1;
    return left->row < right->row ? -1 : 1;
}

/* Best first: by P's lists and then, as F and U do anyway, by the order of the file. */
static void rank_rows(const struct table *table, uint32_t *rows)
{
    struct ranked *ranked = calloc(table->rows_count + 1, sizeof *ranked);
    CHECK(ranked != NULL);
    for (uint32_t i = 0; i < table->rows_count; i++)
        ranked[i] = (struct ranked){table->rows[i].standing, i};
    if (table->hit_policy == HIT_PRIORITY)
        qsort(ranked, table->rows_count, sizeof *ranked, by_standing);
    for (uint32_t i = 0; i < table->rows_count; i++)
        rows[i] = ranked[i].row;
    free(ranked);
}

/* A value begins a new run where a cell's interval begins or ends; inside a run all are alike.
 * Writes each value's run; returns how many there are. */
static uint32_t number_runs(const struct table *table, uint32_t input, uint32_t size,
                            uint32_t *runs)
{
    uint8_t *begins = calloc(size + 1, 1);
    CHECK(begins != NULL);
    for (uint32_t i = 0; i < table->rows_count; i++) {
        const struct values *values = &table->rows[i].values[input];
        for (uint32_t j = 0; j < values->count; j++) {
            begins[values->intervals[j].first] = 1;
            begins[values->intervals[j].limit] = 1;
        }
    }
    runs[0] = 0;
    for (uint32_t value = 1; value < size; value++)
        runs[value] = runs[value - 1] + begins[value];
    free(begins);
    return runs[size - 1] + 1;
}

/* Sets each row's bit in the vectors of the runs that it lets pass. */
static void fill_vectors(const struct matcher *matcher, const struct table *table, uint32_t input,
                         const uint32_t *runs, uint32_t runs_count, uint64_t *vectors)
{
    for (uint32_t rank = 0; rank < table->rows_count; rank++) {
        const struct values *values = &table->rows[matcher->rows[rank]].values[input];
        for (uint32_t run = 0; values->any && run < runs_count; run++)
            set_bit(vectors + (size_t)run * matcher->words, rank);
        for (uint32_t i = 0; i < values->count; i++)
            for (uint32_t run = runs[values->intervals[i].first];
                 run <= runs[values->intervals[i].limit - 1]; run++)
                set_bit(vectors + (size_t)run * matcher->words, rank);
    }
}

/* Runs with the same vector become one class. Keeps the classes' vectors, one behind the other at
 * the front, and writes each run's class; returns how many there are. */
static uint32_t merge_runs(uint64_t *vectors, uint32_t runs_count, uint32_t words,
                           uint32_t *class_of_run)
{
    size_t bytes = words * sizeof *vectors;
    uint32_t classes = 0;
    for (uint32_t run = 0; run < runs_count; run++) {
        const uint64_t *vector = vectors + (size_t)run * words;
        uint32_t class = 0;
        while (class < classes && memcmp(vectors + (size_t) class * words, vector, bytes) != 0)
            class ++;
        if (class == classes)
            memmove(vectors + (size_t)classes++ * words, vector, bytes);
        class_of_run[run] = class;
    }
    return classes;
}

static uint64_t *summarise(const struct matcher *matcher, const uint64_t *vectors, uint32_t classes,
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
    uint32_t *classes = arena_take(arena, size * sizeof *classes);
    uint32_t runs_count = number_runs(table, input, size, classes);
    uint64_t *runs = calloc((size_t)runs_count * matcher->words, sizeof *runs);
    uint32_t *class_of_run = calloc(runs_count, sizeof *class_of_run);
    CHECK(runs != NULL && class_of_run != NULL);
    fill_vectors(matcher, table, input, classes, runs_count, runs);
    uint32_t count = merge_runs(runs, runs_count, matcher->words, class_of_run);
    for (uint32_t value = 0; value < size; value++)
        classes[value] = class_of_run[classes[value]];
    size_t bytes = (size_t)count * matcher->words * sizeof *runs;
    uint64_t *vectors = memcpy(arena_take(arena, bytes), runs, bytes);
    free(class_of_run);
    free(runs);
    matcher->columns[matcher->columns_count++] =
        (struct column){input, size, classes, vectors, summarise(matcher, vectors, count, arena)};
}

static bool is_wild(const struct table *table, uint32_t input)
{
    for (uint32_t i = 0; i < table->rows_count; i++)
        if (!table->rows[i].values[input].any)
            return false;
    return true;
}

static bool asks_for_words(const struct table *table)
{
    for (uint32_t i = 0; i < table->rows_count; i++)
        if (table->rows[i].text.count > 0)
            return true;
    return false;
}

struct matcher *matcher_compile(const struct table *table, const struct city *city,
                                struct arena *arena)
{
    struct matcher *matcher = arena_take(arena, sizeof *matcher);
    matcher->rows = arena_take(arena, (table->rows_count + 1) * sizeof *matcher->rows);
    matcher->rows_count = table->rows_count;
    matcher->words = (table->rows_count + WORD_BITS - 1) / WORD_BITS;
    matcher->summary_words = (matcher->words + WORD_BITS - 1) / WORD_BITS;
    matcher->otherwise = table->otherwise != NULL ? table->rows_count : UINT32_MAX;
    rank_rows(table, matcher->rows);
    for (uint32_t input = 0; input < table->inputs_count; input++)
        if (!is_wild(table, input))
            compile_column(matcher, table, city, input, arena);
    if (asks_for_words(table))
        matcher->text = text_column_compile(table, matcher->rows, city_keywords(city), arena);
    return matcher;
}

struct match_scratch *match_scratch_create(const struct matcher *matcher, struct arena *arena)
{
    struct match_scratch *scratch = arena_take(arena, sizeof *scratch);
    scratch->rows = arena_take(arena, (matcher->rows_count + 1) * sizeof *scratch->rows);
    scratch->vector = arena_take(arena, (matcher->words + 1) * sizeof *scratch->vector);
    scratch->summary = arena_take(arena, (matcher->summary_words + 1) * sizeof *scratch->summary);
    if (matcher->text != NULL) {
        size_t count = text_column_candidates_max(matcher->text);
        scratch->candidates = arena_take(arena, (count + 1) * sizeof *scratch->candidates);
    }
    return scratch;
}

/* -- matching ---------------------------------------------------------------------------------- */

/* The vectors whose AND is the answer. Of none it is all ones: every row holds for everything. */
struct conjunction {
    const uint64_t *vectors[INPUT_COUNT];
    const uint64_t *summaries[INPUT_COUNT];
    uint32_t count;
};

static void conjunction_of(const struct matcher *matcher, const uint32_t *values,
                           struct conjunction *all)
{
    all->count = matcher->columns_count;
    for (uint32_t i = 0; i < matcher->columns_count; i++) {
        const struct column *column = &matcher->columns[i];
        VERIFY(values[column->input] < column->size);
        size_t class = column->classes[values[column->input]];
        all->vectors[i] = column->vectors + class * matcher->words;
        all->summaries[i] = column->summaries + class * matcher->summary_words;
    }
}

static uint64_t and_words(const uint64_t *const *vectors, uint32_t count, uint32_t word)
{
    uint64_t bits = UINT64_MAX;
    for (uint32_t i = 0; i < count; i++)
        bits &= vectors[i][word];
    return bits;
}

static bool is_empty(const struct matcher *matcher, const struct conjunction *all)
{
    uint64_t words = 0;
    for (uint32_t s = 0; s < matcher->summary_words; s++)
        words |= and_words(all->summaries, all->count, s);
    return words == 0;
}

static bool has_rank(const struct conjunction *all, uint32_t rank)
{
    return (and_words(all->vectors, all->count, rank / WORD_BITS) >> rank % WORD_BITS & 1) != 0;
}

/* From here on it is about the rows that need no word. */
static void leave_always(const struct matcher *matcher, struct conjunction *all)
{
    struct text_vector always = text_column_always(matcher->text);
    all->vectors[all->count] = always.vector;
    all->summaries[all->count++] = always.summary;
}

/* The next rank of the AND from one on; the limit where there is none below it. */
static uint32_t next_rank(const struct matcher *matcher, const struct conjunction *all,
                          uint32_t from, uint32_t limit)
{
    uint32_t word = from / WORD_BITS;
    if (from >= limit)
        return limit;
    uint64_t bits = and_words(all->vectors, all->count, word) & UINT64_MAX << from % WORD_BITS;
    uint64_t words = and_words(all->summaries, all->count, word / WORD_BITS);
    words &= (UINT64_MAX << 1) << word % WORD_BITS; /* behind the word */
    while (bits == 0) {
        for (uint32_t s = word / WORD_BITS + 1; words == 0 && s < matcher->summary_words; s++) {
            word = s * WORD_BITS;
            words = and_words(all->summaries, all->count, s);
        }
        if (words == 0)
            return limit;
        word = word / WORD_BITS * WORD_BITS + (uint32_t)__builtin_ctzll(words);
        bits = and_words(all->vectors, all->count, word);
        words &= words - 1;
    }
    uint32_t rank = word * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
    return rank < limit ? rank : limit;
}

static bool words_hold(const struct matcher *matcher, uint32_t rank, const struct text_hits *hits)
{
    return matcher->text == NULL || text_column_holds(matcher->text, rank, hits);
}

/* The lowest rank below the limit that holds of the rows that need words, or the limit. */
static uint32_t first_candidate(const struct matcher *matcher, const struct conjunction *all,
                                const struct text_hits *hits, struct match_scratch *scratch,
                                uint32_t limit)
{
    uint32_t count = text_column_candidates(matcher->text, hits, scratch->candidates);
    for (uint32_t i = 0; i < count; i++)
        if (scratch->candidates[i] < limit && has_rank(all, scratch->candidates[i]) &&
            words_hold(matcher, scratch->candidates[i], hits))
            limit = scratch->candidates[i];
    return limit;
}

uint32_t matcher_match(const struct matcher *matcher, const uint32_t *values,
                       const struct text_hits *hits, struct match_scratch *scratch)
{
    struct conjunction all;
    uint32_t limit = matcher->rows_count;
    conjunction_of(matcher, values, &all);
    if (is_empty(matcher, &all))
        return matcher->otherwise;
    if (matcher->text != NULL) {
        limit = first_candidate(matcher, &all, hits, scratch, limit);
        leave_always(matcher, &all);
    }
    uint32_t rank = next_rank(matcher, &all, 0, limit);
    while (rank < limit && !words_hold(matcher, rank, hits))
        rank = next_rank(matcher, &all, rank + 1, limit);
    return rank < matcher->rows_count ? matcher->rows[rank] : matcher->otherwise;
}

static void mark(struct match_scratch *scratch, uint32_t rank)
{
    set_bit(scratch->vector, rank);
    set_bit(scratch->summary, rank / WORD_BITS);
}

static void mark_candidates(const struct matcher *matcher, const struct conjunction *all,
                            const struct text_hits *hits, struct match_scratch *scratch)
{
    uint32_t count = text_column_candidates(matcher->text, hits, scratch->candidates);
    for (uint32_t i = 0; i < count; i++)
        if (has_rank(all, scratch->candidates[i]) &&
            words_hold(matcher, scratch->candidates[i], hits))
            mark(scratch, scratch->candidates[i]);
}

/* The rows marked, in the order of their ranks; the marks are taken away. */
static struct match_rows gather(const struct matcher *matcher, struct match_scratch *scratch)
{
    uint32_t count = 0;
    for (uint32_t s = 0; s < matcher->summary_words; s++) {
        for (uint64_t words = scratch->summary[s]; words != 0; words &= words - 1) {
            uint32_t word = s * WORD_BITS + (uint32_t)__builtin_ctzll(words);
            for (uint64_t bits = scratch->vector[word]; bits != 0; bits &= bits - 1)
                scratch->rows[count++] =
                    matcher->rows[word * WORD_BITS + (uint32_t)__builtin_ctzll(bits)];
            scratch->vector[word] = 0;
        }
        scratch->summary[s] = 0;
    }
    return (struct match_rows){scratch->rows, count};
}

struct match_rows matcher_match_all(const struct matcher *matcher, const uint32_t *values,
                                    const struct text_hits *hits, struct match_scratch *scratch)
{
    struct conjunction all;
    uint32_t limit = matcher->rows_count;
    conjunction_of(matcher, values, &all);
    if (is_empty(matcher, &all))
        return (struct match_rows){scratch->rows, 0};
    if (matcher->text != NULL) {
        mark_candidates(matcher, &all, hits, scratch);
        leave_always(matcher, &all);
    }
    for (uint32_t rank = next_rank(matcher, &all, 0, limit); rank < limit;
         rank = next_rank(matcher, &all, rank + 1, limit))
        if (words_hold(matcher, rank, hits))
            mark(scratch, rank);
    return gather(matcher, scratch);
}
