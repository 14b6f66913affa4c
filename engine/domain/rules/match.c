#include "domain/rules/match.h"

#include "base/check.h"
#include "domain/rules/text_column.h"
#include "domain/text/room.h"

#include <stdlib.h>

enum { WORD_BITS = 64 };

/* A class has its summary and its vector one behind the other, a block. Where a value's block
 * begins stands beside where it does in the other tables' columns of that input: a case has one
 * value for all of them. */
struct column {
    enum input input;
    uint32_t size;          /* values are below this */
    const uint32_t *starts; /* value x step -> where its class's block begins */
    uint32_t step;
    const uint64_t *blocks;
};

struct matcher {
    uint32_t columns_count;
    struct column columns[INPUT_COUNT];
    const struct text_column *text; /* NULL: the table asks for no words */
    const uint64_t *always;         /* the block of the rows that need no word */
    uint32_t words, summary_words;
    uint32_t *rows; /* rank, 0 the best -> index of the row in the table */
    uint32_t rows_count;
    uint32_t otherwise; /* where no row holds */
};

struct match_scratch {
    uint32_t *candidates; /* that the words of a text name */
    uint64_t *block;      /* of the rows that hold, while all are gathered; else 0 */
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
    struct ranked *ranked = room_for(table->rows_count, sizeof *ranked);
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
    uint8_t *begins = room_for(size, 1);
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

static uint32_t hash_vector(const uint64_t *vector, uint32_t words)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < words; i++)
        hash = (hash ^ vector[i] ^ hash >> 29) * 0x9E3779B97F4A7C15;
    return (uint32_t)(hash >> 32);
}

/* Runs with the same vector become one class. Keeps the classes' vectors, one behind the other at
 * the front, and writes each run's class; returns how many there are. A day more or less is a run
 * of its own in a column of dates, so classes are found by their hash: buckets hold class + 1. */
static uint32_t merge_runs(uint64_t *vectors, uint32_t runs_count, uint32_t words,
                           uint32_t *class_of_run)
{
    size_t bytes = words * sizeof *vectors;
    uint32_t mask = UINT32_MAX >> (__builtin_clz(runs_count) - 1); /* at least twice as many */
    uint32_t *buckets = room_for((size_t)mask + 1, sizeof *buckets);
    uint32_t classes = 0;
    for (uint32_t run = 0; run < runs_count; run++) {
        const uint64_t *vector = vectors + (size_t)run * words;
        uint32_t at = hash_vector(vector, words) & mask;
        while (buckets[at] != 0 &&
               memcmp(vectors + (size_t)(buckets[at] - 1) * words, vector, bytes) != 0)
            at = (at + 1) & mask;
        if (buckets[at] == 0) {
            memmove(vectors + (size_t)classes * words, vector, bytes);
            buckets[at] = ++classes;
        }
        class_of_run[run] = buckets[at] - 1;
    }
    free(buckets);
    return classes;
}

static void mark(const struct matcher *matcher, uint64_t *block, uint32_t rank)
{
    set_bit(block, rank / WORD_BITS);
    set_bit(block + matcher->summary_words, rank);
}

/* The blocks of vectors that stand one behind the other. */
static uint64_t *make_blocks(const struct matcher *matcher, const uint64_t *vectors, uint32_t count,
                             struct arena *arena)
{
    uint32_t words = matcher->words;
    size_t block_words = matcher->summary_words + words;
    uint64_t *blocks = arena_take(arena, (count * block_words + 1) * sizeof *blocks);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *block = blocks + i * block_words;
        memcpy(block + matcher->summary_words, vectors + (size_t)i * words, words * sizeof *block);
        for (uint32_t word = 0; word < words; word++)
            if (vectors[(size_t)i * words + word] != 0)
                set_bit(block, word);
    }
    return blocks;
}

/* The starts of an input's columns, of all tables. */
struct shared {
    uint32_t *starts[INPUT_COUNT];
    uint32_t columns[INPUT_COUNT];
    uint32_t used[INPUT_COUNT]; /* of these are compiled */
};

static void compile_column(struct matcher *matcher, const struct table *table,
                           const struct city *city, uint32_t input, struct shared *shared,
                           struct arena *arena)
{
    enum input which = table->inputs[input];
    uint32_t size = input_size(city, which);
    uint32_t step = shared->columns[which];
    uint32_t *starts = shared->starts[which] + shared->used[which]++;
    uint32_t *run_of_value = room_for(size, sizeof *run_of_value);
    uint32_t runs_count = number_runs(table, input, size, run_of_value);
    uint64_t *runs = room_for((size_t)runs_count * matcher->words, sizeof *runs);
    uint32_t *class_of_run = room_for(runs_count, sizeof *class_of_run);
    fill_vectors(matcher, table, input, run_of_value, runs_count, runs);
    uint32_t count = merge_runs(runs, runs_count, matcher->words, class_of_run);
    for (uint32_t value = 0; value < size; value++)
        starts[(size_t)value * step] =
            class_of_run[run_of_value[value]] * (matcher->summary_words + matcher->words);
    matcher->columns[matcher->columns_count++] =
        (struct column){which, size, starts, step, make_blocks(matcher, runs, count, arena)};
    free(class_of_run);
    free(runs);
    free(run_of_value);
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

static void share(struct shared *shared, const struct table *const *tables, uint32_t count,
                  const struct city *city, struct arena *arena)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t input = 0; input < tables[i]->inputs_count; input++)
            shared->columns[tables[i]->inputs[input]] += !is_wild(tables[i], input);
    for (enum input input = 0; input < INPUT_COUNT; input++)
        shared->starts[input] = arena_take(arena, ((size_t)input_size(city, input) + 1) *
                                                      shared->columns[input] * sizeof(uint32_t));
}

static const struct matcher *compile(const struct table *table, const struct city *city,
                                     struct shared *shared, struct arena *arena)
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
            compile_column(matcher, table, city, input, shared, arena);
    if (!asks_for_words(table))
        return matcher;
    matcher->text = text_column_compile(table, matcher->rows, city_keywords(city), arena);
    matcher->always = make_blocks(matcher, text_column_always(matcher->text), 1, arena);
    return matcher;
}

void matchers_compile(const struct table *const *tables, uint32_t count, const struct city *city,
                      struct arena *arena, const struct matcher **matchers)
{
    struct shared shared = {.starts = {NULL}};
    share(&shared, tables, count, city, arena);
    for (uint32_t i = 0; i < count; i++)
        matchers[i] = compile(tables[i], city, &shared, arena);
}

const struct matcher *matcher_compile(const struct table *table, const struct city *city,
                                      struct arena *arena)
{
    const struct matcher *matcher;
    matchers_compile(&table, 1, city, arena, &matcher);
    return matcher;
}

struct match_scratch *match_scratch_create(const struct matcher *matcher, struct arena *arena)
{
    struct match_scratch *scratch = arena_take(arena, sizeof *scratch);
    scratch->rows = arena_take(arena, (matcher->rows_count + 1) * sizeof *scratch->rows);
    scratch->block =
        arena_take(arena, (matcher->summary_words + matcher->words + 1) * sizeof *scratch->block);
    if (matcher->text != NULL) {
        size_t count = text_column_candidates_max(matcher->text);
        scratch->candidates = arena_take(arena, (count + 1) * sizeof *scratch->candidates);
    }
    return scratch;
}

/* -- matching ---------------------------------------------------------------------------------- */

/* The blocks whose AND is the answer. Of none it is all ones: every row holds for everything. */
struct conjunction {
    const uint64_t *blocks[INPUT_COUNT];
    uint32_t count;
};

static void conjunction_of(const struct matcher *matcher, const uint32_t *values,
                           struct conjunction *all)
{
    all->count = matcher->columns_count;
    for (uint32_t i = 0; i < matcher->columns_count; i++) {
        const struct column *column = &matcher->columns[i];
        uint32_t value = values[column->input];
        VERIFY(value < column->size);
        all->blocks[i] = column->blocks + column->starts[(size_t)value * column->step];
    }
}

static uint64_t and_words(const struct conjunction *all, uint32_t word)
{
    uint64_t bits = UINT64_MAX;
    for (uint32_t i = 0; i < all->count; i++)
        bits &= all->blocks[i][word];
    return bits;
}

static bool is_empty(const struct matcher *matcher, const struct conjunction *all)
{
    uint64_t words = 0;
    for (uint32_t s = 0; s < matcher->summary_words; s++)
        words |= and_words(all, s);
    return words == 0;
}

static bool has_rank(const struct matcher *matcher, const struct conjunction *all, uint32_t rank)
{
    return (and_words(all, matcher->summary_words + rank / WORD_BITS) >> rank % WORD_BITS & 1) != 0;
}

/* On its way through the ranks of an AND. */
struct walk {
    uint32_t summary; /* up to here the summary is read */
    uint32_t word;    /* of the vector */
    uint64_t words;   /* not yet looked at of the summary's word, and bits of the vector's */
    uint64_t bits;
};

/* The next rank below the limit, or the limit. */
static uint32_t next_rank(const struct matcher *matcher, const struct conjunction *all,
                          struct walk *walk, uint32_t limit)
{
    while (walk->bits == 0) {
        while (walk->words == 0) {
            if (walk->summary == matcher->summary_words)
                return limit;
            walk->words = and_words(all, walk->summary++);
        }
        walk->word = (walk->summary - 1) * WORD_BITS + (uint32_t)__builtin_ctzll(walk->words);
        walk->words &= walk->words - 1;
        walk->bits = and_words(all, matcher->summary_words + walk->word);
    }
    uint32_t rank = walk->word * WORD_BITS + (uint32_t)__builtin_ctzll(walk->bits);
    walk->bits &= walk->bits - 1;
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
        if (scratch->candidates[i] < limit && has_rank(matcher, all, scratch->candidates[i]) &&
            words_hold(matcher, scratch->candidates[i], hits))
            limit = scratch->candidates[i];
    return limit;
}

uint32_t matcher_match(const struct matcher *matcher, const uint32_t *values,
                       const struct text_hits *hits, struct match_scratch *scratch)
{
    struct conjunction all;
    struct walk walk = {.summary = 0};
    uint32_t limit = matcher->rows_count;
    conjunction_of(matcher, values, &all);
    if (matcher->text != NULL) {
        if (is_empty(matcher, &all))
            return matcher->otherwise;
        limit = first_candidate(matcher, &all, hits, scratch, limit);
        all.blocks[all.count++] = matcher->always;
    }
    uint32_t rank = next_rank(matcher, &all, &walk, limit);
    while (rank < limit && !words_hold(matcher, rank, hits))
        rank = next_rank(matcher, &all, &walk, limit);
    return rank < matcher->rows_count ? matcher->rows[rank] : matcher->otherwise;
}

uint32_t matcher_row(const struct matcher *matcher, uint32_t rank)
{
    CHECK(rank < matcher->rows_count);
    return matcher->rows[rank];
}

/* What a candidate need not be asked again is asked by its being one. */
static bool words_let_pass(const struct matcher *matcher, uint32_t rank,
                           const struct text_hits *hits, struct match_scratch *scratch)
{
    if (matcher->text == NULL)
        return true;
    bool reached =
        (text_column_always(matcher->text)[rank / WORD_BITS] >> rank % WORD_BITS & 1) != 0;
    uint32_t count = reached ? 0 : text_column_candidates(matcher->text, hits, scratch->candidates);
    for (uint32_t i = 0; i < count && !reached; i++)
        reached = scratch->candidates[i] == rank;
    return reached && words_hold(matcher, rank, hits);
}

uint32_t matcher_failing(const struct matcher *matcher, uint32_t rank, const uint32_t *values,
                         const struct text_hits *hits, struct match_scratch *scratch)
{
    struct conjunction all;
    uint32_t failing = 0;
    uint32_t word = matcher->summary_words + rank / WORD_BITS;
    CHECK(rank < matcher->rows_count);
    conjunction_of(matcher, values, &all);
    for (uint32_t i = 0; i < all.count; i++)
        if ((all.blocks[i][word] >> rank % WORD_BITS & 1) == 0)
            failing |= 1U << matcher->columns[i].input;
    if (!words_let_pass(matcher, rank, hits, scratch))
        failing |= 1U << INPUT_TEXT;
    return failing;
}

static void mark_candidates(const struct matcher *matcher, const struct conjunction *all,
                            const struct text_hits *hits, struct match_scratch *scratch)
{
    uint32_t count = text_column_candidates(matcher->text, hits, scratch->candidates);
    for (uint32_t i = 0; i < count; i++)
        if (has_rank(matcher, all, scratch->candidates[i]) &&
            words_hold(matcher, scratch->candidates[i], hits))
            mark(matcher, scratch->block, scratch->candidates[i]);
}

/* The rows marked, in the order of their ranks; the marks are taken away. */
static struct match_rows gather(const struct matcher *matcher, struct match_scratch *scratch)
{
    struct conjunction marked = {.blocks = {scratch->block}, .count = 1};
    struct walk walk = {.summary = 0};
    uint32_t limit = matcher->rows_count;
    uint32_t count = 0;
    for (uint32_t rank = next_rank(matcher, &marked, &walk, limit); rank < limit;
         rank = next_rank(matcher, &marked, &walk, limit)) {
        scratch->rows[count++] = matcher->rows[rank];
        scratch->block[matcher->summary_words + rank / WORD_BITS] = 0;
    }
    memset(scratch->block, 0, matcher->summary_words * sizeof *scratch->block);
    return (struct match_rows){scratch->rows, count};
}

struct match_rows matcher_match_all(const struct matcher *matcher, const uint32_t *values,
                                    const struct text_hits *hits, struct match_scratch *scratch)
{
    struct conjunction all;
    struct walk walk = {.summary = 0};
    uint32_t limit = matcher->rows_count;
    conjunction_of(matcher, values, &all);
    if (is_empty(matcher, &all))
        return (struct match_rows){scratch->rows, 0};
    if (matcher->text != NULL) {
        mark_candidates(matcher, &all, hits, scratch);
        all.blocks[all.count++] = matcher->always;
    }
    for (uint32_t rank = next_rank(matcher, &all, &walk, limit); rank < limit;
         rank = next_rank(matcher, &all, &walk, limit))
        if (words_hold(matcher, rank, hits))
            mark(matcher, scratch->block, rank);
    return gather(matcher, scratch);
}
