/* export - a table of made_table.h as a JSON decision model, and cases for it with the row that
 * holds.
 *
 *     export ROWS CASES FOLDER     writes FOLDER/table.json and FOLDER/cases.json
 *
 * For run.mjs, which asks the same of the ZEN engine. Its table has the rows in the order in which
 * they win, with the hit policy "first"; a cell is the numbers that it lets pass (input.h), which
 * spares ZEN all names and trees; words are asked by contains(), over the folded text.
 */
#include "base/check.h"
#include "base/clock.h"
#include "bench/made_table.h"
#include "bench/micro_parts.h"
#include "domain/text/fold.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEYWORDS = 2000, CELL_BYTES = 16384, TURNS = 20 };

/* Text that grows in a buffer of CELL_BYTES. */
struct cell_text {
    char text[CELL_BYTES];
    size_t used;
};

static void put(struct cell_text *cell, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct cell_text *cell, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    cell->used +=
        (size_t)vsnprintf(cell->text + cell->used, CELL_BYTES - cell->used, format, arguments);
    va_end(arguments);
    CHECK(cell->used < CELL_BYTES);
}

/* "3, [5..8]"; empty for anything. */
static void put_values(struct cell_text *cell, const struct values *values)
{
    for (uint32_t i = 0; i < values->count; i++) {
        struct interval interval = values->intervals[i];
        if (i > 0)
            put(cell, ", ");
        if (interval.limit - interval.first == 1)
            put(cell, "%u", interval.first);
        else
            put(cell, "[%u..%u]", interval.first, interval.limit - 1);
    }
}

static void put_clause(struct cell_text *cell, const struct text_clause *clause,
                       const struct keywords *keywords)
{
    const char *between = clause->kind == CLAUSE_ALL ? " and " : " or ";
    put(cell, clause->kind == CLAUSE_NONE ? "not(" : "(");
    for (uint32_t i = 0; i < clause->count; i++)
        put(cell, "%scontains(text, \"%.*s\")", i > 0 ? between : "",
            SPAN_ARG(keyword_text(keywords, clause->keywords[i])));
    put(cell, ")");
}

static void put_words(struct cell_text *cell, const struct text_cell *text,
                      const struct keywords *keywords)
{
    for (uint32_t i = 0; i < text->count; i++) {
        if (i > 0)
            put(cell, " and ");
        put_clause(cell, &text->clauses[i], keywords);
    }
}

/* -- the table --------------------------------------------------------------------------------- */

static const struct table *sorted_table;

/* As P ranks them: by what they write, and among equals as they stand. */
static int by_rank(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    const uint32_t *left_standing = sorted_table->rows[left].standing;
    const uint32_t *right_standing = sorted_table->rows[right].standing;
    for (uint32_t i = 0; i < OUTPUT_COUNT; i++)
        if (left_standing[i] != right_standing[i])
            return left_standing[i] < right_standing[i] ? -1 : 1;
    return left < right ? -1 : 1;
}

static json_t *rule_of(const struct made_table *made, uint32_t row)
{
    const struct table *table = made->table;
    json_t *rule = json_pack("{s:o, s:o}", "_id", json_sprintf("r%u", row), "row",
                             json_sprintf("%u", row)); /* an expression: a number */
    for (uint32_t i = 0; i < table->inputs_count; i++) {
        struct cell_text cell = {.used = 0};
        bool is_text = table->inputs[i] == INPUT_TEXT;
        if (row < table->rows_count && is_text)
            put_words(&cell, &table->rows[row].text, city_keywords(made->city));
        else if (row < table->rows_count)
            put_values(&cell, &table->rows[row].values[i]);
        json_object_set_new(rule, input_name(table->inputs[i]), json_string(cell.text));
    }
    return rule;
}

static json_t *columns_of(const struct table *table)
{
    json_t *columns = json_array();
    for (uint32_t i = 0; i < table->inputs_count; i++) {
        const char *name = input_name(table->inputs[i]);
        json_t *column = json_pack("{s:s, s:s}", "id", name, "name", name);
        if (table->inputs[i] != INPUT_TEXT) /* without a field a cell is an expression of its own */
            json_object_set_new(column, "field", json_string(name));
        json_array_append_new(columns, column);
    }
    return columns;
}

static json_t *model_of(const struct made_table *made)
{
    const struct table *table = made->table;
    uint32_t *ranks = arena_take(made->arena, (table->rows_count + 1) * sizeof *ranks);
    json_t *rules = json_array();
    for (uint32_t i = 0; i <= table->rows_count; i++)
        ranks[i] = i;
    sorted_table = table;
    qsort(ranks, table->rows_count, sizeof *ranks, by_rank);
    for (uint32_t i = 0; i <= table->rows_count; i++) /* the else row stands last */
        json_array_append_new(rules, rule_of(made, ranks[i]));
    json_t *content = json_pack("{s:s, s:o, s:[{s:s, s:s, s:s}], s:o}", "hitPolicy", "first",
                                "inputs", columns_of(table), "outputs", "id", "row", "name", "row",
                                "field", "row", "rules", rules);
    return json_pack("{s:[{s:s, s:s, s:s}, {s:s, s:s, s:s, s:o}, {s:s, s:s, s:s}],"
                     " s:[{s:s, s:s, s:s, s:s}, {s:s, s:s, s:s, s:s}]}",
                     "nodes", "id", "in", "type", "inputNode", "name", "in", "id", "table", "type",
                     "decisionTableNode", "name", "table", "content", content, "id", "out", "type",
                     "outputNode", "name", "out", "edges", "id", "e1", "type", "edge", "sourceId",
                     "in", "targetId", "table", "id", "e2", "type", "edge", "sourceId", "table",
                     "targetId", "out");
}

/* -- cases ------------------------------------------------------------------------------------- */

struct asked {
    uint32_t values[INPUT_COUNT];
    struct span text;
    uint32_t row;
};

static json_t *case_of(const struct made_table *made, const struct asked *asked)
{
    uint8_t folded[MICRO_TEXT_BYTES];
    json_t *input = json_object();
    for (uint32_t i = 0; i < made->table->inputs_count; i++) {
        enum input which = made->table->inputs[i];
        if (which != INPUT_TEXT)
            json_object_set_new(input, input_name(which),
                                json_integer((json_int_t)asked->values[which]));
    }
    size_t bytes = fold(asked->text, folded);
    json_object_set_new(input, input_name(INPUT_TEXT), json_stringn((char *)folded, bytes));
    return json_pack("{s:o, s:i}", "input", input, "row", (int)asked->row);
}

/* Asks all of them, some times over; nanoseconds a case. */
static double ask_all(struct made_table *made, struct asked *asked, uint32_t count)
{
    struct match_scratch *scratch = match_scratch_create(made->matcher, made->arena);
    struct text_scratch *text = text_scratch_create(city_keywords(made->city));
    int64_t start_ns = clock_own_cpu_ns();
    for (int turn = 0; turn < TURNS; turn++)
        for (uint32_t i = 0; i < count; i++)
            asked[i].row = matcher_match(made->matcher, asked[i].values,
                                         text_scan(text, &asked[i].text, 1), scratch);
    double spent_ns = (double)(clock_own_cpu_ns() - start_ns);
    text_scratch_destroy(&text);
    return spent_ns / TURNS / count;
}

static void write_file(const char *folder, const char *name, json_t *content)
{
    char path[MICRO_PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK(content != NULL);
    micro_must(json_dump_file(content, path, JSON_COMPACT) == 0, path);
    json_decref(content);
}

int main(int argc, char **argv)
{
    struct made_table made;
    uint32_t rows = argc == 4 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    uint32_t count = argc == 4 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    if (rows == 0 || rows > RULES_ROWS_MAX || count == 0) {
        fprintf(stderr, "usage: export ROWS CASES FOLDER\n");
        return EXIT_FAILURE;
    }
    made_table_make(&made, rows, KEYWORDS);
    struct asked *asked = arena_take(made.arena, count * sizeof *asked);
    for (uint32_t i = 0; i < count; i++) {
        made_table_values(&made, asked[i].values);
        asked[i].text = made_table_text(&made, MICRO_TEXT_BYTES);
    }
    double ns = ask_all(&made, asked, count);
    json_t *cases = json_array();
    for (uint32_t i = 0; i < count; i++)
        json_array_append_new(cases, case_of(&made, &asked[i]));
    write_file(argv[3], "table.json", model_of(&made));
    write_file(argv[3], "cases.json",
               json_pack("{s:i, s:f, s:o}", "rows", (int)rows, "lianxin_ns", ns, "cases", cases));
    made_table_free(&made);
    return EXIT_SUCCESS;
}
