/* micro_table - a large decision table: 4,096 rows of 10 columns and 2,000 keywords.
 *
 * By match.h, and beside it the obvious way, every row as it is written.
 */
#include "bench/made_table.h"
#include "bench/micro_parts.h"
#include "domain/rules/match.h"
#include "domain/text/fold.h"
#include "bench/slow_match.h"

enum { ROWS = 4096, KEYWORDS = 2000, SLOW_SHARE = 128 };

struct asked {
    uint32_t values[INPUT_COUNT];
    struct span text;
};

struct table_bench {
    struct made_table made;
    struct match_scratch *scratch;
    struct text_scratch *text;
    struct asked *asked;
    uint8_t folded[MICRO_TEXT_BYTES];
};

static uint64_t match(void *self, uint32_t i)
{
    struct table_bench *bench = self;
    return matcher_match(bench->made.matcher, bench->asked[i].values, NULL, bench->scratch);
}

static uint64_t match_words(void *self, uint32_t i)
{
    struct table_bench *bench = self;
    const struct asked *asked = &bench->asked[i];
    const struct text_hits *hits = text_scan(bench->text, &asked->text, 1);
    return matcher_match(bench->made.matcher, asked->values, hits, bench->scratch);
}

static uint64_t scan(void *self, uint32_t i)
{
    struct table_bench *bench = self;
    const struct text_hits *hits = text_scan(bench->text, &bench->asked[i].text, 1);
    return text_sought(hits, TEXT_PICKING).count;
}

static uint64_t look_at_rows(void *self, uint32_t i)
{
    struct table_bench *bench = self;
    struct slow_case asked = {.values = bench->asked[i].values,
                              .keywords = city_keywords(bench->made.city)};
    return slow_match(bench->made.table, asked);
}

static uint64_t look_at_rows_and_words(void *self, uint32_t i)
{
    struct table_bench *bench = self;
    struct slow_case asked = {.values = bench->asked[i].values,
                              .keywords = city_keywords(bench->made.city)};
    asked.folded = span_of(bench->folded, fold(bench->asked[i].text, bench->folded));
    return slow_match(bench->made.table, asked);
}

static void *table_open(const struct micro_inputs *inputs)
{
    struct table_bench *bench = arena_take(inputs->arena, sizeof *bench);
    struct made_table *made = &bench->made;
    made_table_make(made, ROWS, KEYWORDS);
    bench->scratch = match_scratch_create(made->matcher, made->arena);
    bench->text = text_scratch_create(city_keywords(made->city));
    bench->asked = arena_take(made->arena, inputs->count * sizeof *bench->asked);
    for (uint32_t i = 0; i < inputs->count; i++) {
        made_table_values(made, bench->asked[i].values);
        bench->asked[i].text = made_table_text(made, MICRO_TEXT_BYTES);
    }
    return bench;
}

static void table_close(void *self)
{
    struct table_bench *bench = self;
    text_scratch_destroy(&bench->text);
    made_table_free(&bench->made);
}

static const struct micro micros[] = {
    {.name = "match without words", .share = 1, .run = match},
    {.name = "the same, row by row",
     .share = SLOW_SHARE,
     .run = look_at_rows,
     .same_as = "match without words"},
    {.name = "scan a text", .share = 1, .run = scan},
    {.name = "scan and match it", .share = 1, .run = match_words},
    {.name = "the same, row by row and word by word",
     .share = SLOW_SHARE,
     .run = look_at_rows_and_words,
     .same_as = "scan and match it"},
};

const struct micro_group micro_table = {.name = "a table of 4,096 rows, 10 columns, 2,000 keywords",
                                        .micros = micros,
                                        .count = sizeof micros / sizeof micros[0],
                                        .open = table_open,
                                        .close = table_close};
