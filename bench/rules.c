#include "bench/rules.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/made_table.h"
#include "bench/micro_parts.h"
#include "bench/ranks.h"
#include "bench/slow_match.h"
#include "domain/text/fold.h"

#include <jansson.h>
#include <stdlib.h>

enum {
    KEYWORDS = 2000,
    ROUNDS = 9,
    SLOW_CASES = 16,
    COLD_CASES = 48,
    COLD_BYTES = 64 * 1024 * 1024, /* more than any cache of these machines */
    CLOCK_READS = 1000,
};

static const uint32_t sizes[] = {500, 2000, 4096, 20000};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

struct asked {
    uint32_t values[INPUT_COUNT];
    struct span text;
};

/* One table, and cases to ask it. */
struct bout {
    struct made_table made;
    struct match_scratch *scratch;
    struct text_scratch *text;
    struct asked *asked;
    uint32_t count;
    uint8_t *ballast; /* what pushes all else out of the caches */
    double clock_ns;  /* what reading the clock takes */
};

/* Nanoseconds a case, the median. */
struct paces {
    double warm, cold, slow;
    bool same; /* all ways named the same rows */
};

typedef uint32_t ask(struct bout *bout, uint32_t i);

static uint32_t match(struct bout *bout, uint32_t i)
{
    return matcher_match(bout->made.matcher, bout->asked[i].values, NULL, bout->scratch);
}

static uint32_t match_text(struct bout *bout, uint32_t i)
{
    const struct asked *asked = &bout->asked[i];
    const struct text_hits *hits = text_scan(bout->text, &asked->text, 1);
    return matcher_match(bout->made.matcher, asked->values, hits, bout->scratch);
}

static uint32_t look(struct bout *bout, uint32_t i)
{
    return slow_match(bout->made.table,
                      (struct slow_case){.values = bout->asked[i].values,
                                         .keywords = city_keywords(bout->made.city)});
}

static uint32_t look_text(struct bout *bout, uint32_t i)
{
    uint8_t folded[MICRO_TEXT_BYTES];
    struct slow_case asked = {.values = bout->asked[i].values,
                              .keywords = city_keywords(bout->made.city)};
    asked.folded = span_of(folded, fold(bout->asked[i].text, folded));
    return slow_match(bout->made.table, asked);
}

/* -- measuring --------------------------------------------------------------------------------- */

static double now_ns(void)
{
    return (double)clock_monotonic_ns(&clock_system);
}

static double time_of_the_clock(void)
{
    double start = now_ns();
    for (int i = 0; i < CLOCK_READS; i++)
        (void)now_ns();
    return (now_ns() - start) / CLOCK_READS;
}

/* All cases one after the other, some rounds, of which the first only warms the caches. */
static double time_warm(struct bout *bout, ask *way, uint32_t count)
{
    double rounds[ROUNDS];
    uint64_t sum = way(bout, 0);
    for (int round = -1; round < ROUNDS; round++) {
        uint64_t rows = 0;
        int64_t start_ns = clock_own_cpu_ns();
        for (uint32_t i = 0; i < count; i++)
            rows += way(bout, i);
        if (round >= 0)
            rounds[round] = (double)(clock_own_cpu_ns() - start_ns) / count;
        CHECK(round <= 0 || rows == sum); /* deciding has no memory */
        sum = rows;
    }
    return ranks_median(rounds, ROUNDS);
}

/* One case at a time, after all that was in the caches has been pushed out. */
static double time_cold(struct bout *bout, ask *way)
{
    double times[COLD_CASES];
    uint32_t count = bout->count < COLD_CASES ? bout->count : COLD_CASES;
    for (uint32_t i = 0; i < count; i++) {
        memset(bout->ballast, (int)i, COLD_BYTES);
        double start_ns = now_ns();
        uint32_t row = way(bout, i);
        times[i] = now_ns() - start_ns - bout->clock_ns;
        CHECK(row <= bout->made.table->rows_count);
    }
    return ranks_median(times, count);
}

static bool are_same(struct bout *bout, ask *one, ask *other, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (one(bout, i) != other(bout, i))
            return false;
    return true;
}

static struct paces pace(struct bout *bout, ask *way, ask *slow_way)
{
    uint32_t slow_count = bout->count < SLOW_CASES ? bout->count : SLOW_CASES;
    return (struct paces){
        .warm = time_warm(bout, way, bout->count),
        .cold = time_cold(bout, way),
        .slow = time_warm(bout, slow_way, slow_count),
        .same = are_same(bout, way, slow_way, slow_count),
    };
}

/* -- telling ----------------------------------------------------------------------------------- */

struct result {
    uint32_t rows;
    double read_ms, compile_ms, check_ms;
    uint32_t findings;
    size_t bytes; /* of the compiled table */
    struct paces bare, worded;
};

static void measure(uint32_t rows, uint32_t cases, struct result *result)
{
    struct bout bout = {.count = cases, .clock_ns = time_of_the_clock()};
    struct made_table *made = &bout.made;
    made_table_make(made, rows, KEYWORDS);
    bout.ballast = malloc(COLD_BYTES);
    CHECK(bout.ballast != NULL);
    bout.scratch = match_scratch_create(made->matcher, made->arena);
    bout.text = text_scratch_create(city_keywords(made->city));
    bout.asked = arena_take(made->arena, cases * sizeof *bout.asked);
    for (uint32_t i = 0; i < cases; i++) {
        made_table_values(made, bout.asked[i].values);
        bout.asked[i].text = made_table_text(made, MICRO_TEXT_BYTES);
    }
    *result = (struct result){.rows = rows,
                              .read_ms = made->read_ms,
                              .compile_ms = made->compile_ms,
                              .bytes = made->matcher_bytes,
                              .bare = pace(&bout, match, look),
                              .worded = pace(&bout, match_text, look_text)};
    result->check_ms = made_table_check(rows, KEYWORDS, &result->findings);
    text_scratch_destroy(&bout.text);
    free(bout.ballast);
    made_table_free(made);
}

static json_t *paces_object(const struct paces *paces)
{
    return json_pack("{s:f, s:f, s:f}", "ns", paces->warm, "cold_ns", paces->cold, "slow_ns",
                     paces->slow);
}

static json_t *table_object(const struct result *result)
{
    return json_pack("{s:i, s:f, s:f, s:f, s:i, s:I, s:o, s:o}", "rows", (int)result->rows,
                     "read_ms", result->read_ms, "compile_ms", result->compile_ms, "check_ms",
                     result->check_ms, "findings", (int)result->findings, "bytes",
                     (json_int_t)result->bytes, "match", paces_object(&result->bare), "match_text",
                     paces_object(&result->worded));
}

static void print_document(const struct result *results, uint32_t count, FILE *out)
{
    json_t *tables = json_array();
    for (uint32_t i = 0; i < count; i++)
        json_array_append_new(tables, table_object(&results[i]));
    json_t *document = json_pack("{s:s, s:o}", "profile", "rules", "tables", tables);
    CHECK(document != NULL);
    json_dumpf(document, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(document);
}

static void print_paces(const char *what, const struct paces *paces, FILE *out)
{
    fprintf(out, "  %-28s %10.0f %10.0f %12.0f %9.0f x\n", what, paces->warm, paces->cold,
            paces->slow, paces->slow / paces->warm);
}

static void print_table(const struct result *results, uint32_t count, uint32_t cases, FILE *out)
{
    fprintf(out,
            "%u cases, 10 columns, %d keywords, texts of %d bytes; ns a case, half of all\n\n"
            "                                   warm       cold   row by row\n",
            cases, KEYWORDS, MICRO_TEXT_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        const struct result *result = &results[i];
        fprintf(out,
                "%u rows: read in %.1f ms, compiled in %.1f ms to %zu KiB, checked in %.0f ms with "
                "%u findings\n",
                result->rows, result->read_ms, result->compile_ms, result->bytes / 1024,
                result->check_ms, result->findings);
        print_paces("match", &result->bare, out);
        print_paces("scan a text, and match", &result->worded, out);
    }
}

int bench_rules(uint32_t cases, uint32_t rows_max, bool json, FILE *out)
{
    struct result results[SIZES];
    uint32_t count = 0;
    bool good = true;
    CHECK(cases > 0);
    for (size_t i = 0; i < SIZES && sizes[i] <= rows_max; i++, count++) {
        measure(sizes[i], cases, &results[i]);
        good &= results[i].bare.same && results[i].worded.same;
        if (!results[i].bare.same || !results[i].worded.same)
            fprintf(stderr, "lianxin: of %u rows the matcher names others than the slow one\n",
                    sizes[i]);
    }
    if (json)
        print_document(results, count, out);
    else
        print_table(results, count, cases, out);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
