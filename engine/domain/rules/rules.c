#include "domain/rules/rules.h"

#include "base/check.h"
#include "domain/rules/match.h"
#include "domain/rules/scratch.h"
#include "domain/rules/vote.h"

#include <stdio.h>

struct compiled {
    const struct table *table;
    const struct matcher *matcher;
    const struct ballot *ballots; /* of C+, else NULL */
    struct row_outputs *outputs;  /* of all rows, close together; the else row's stand last */
    struct span *row_names;       /* table/row-id; likewise */
};

struct rules {
    const struct city *city;
    struct compiled tables[RULES_TABLES_MAX];
    uint32_t tables_count;
    struct source sources[RULES_TABLES_MAX + 1];
};

struct rules_scratch {
    struct match_scratch *tables[RULES_TABLES_MAX];
    struct vote *vote;
};

static const char *const header[] = {"table", "note"};
enum { COLUMNS = sizeof header / sizeof header[0] };

static struct span *name_rows(const struct table *table, struct arena *arena)
{
    struct span *names = arena_take(arena, (table->rows_count + 1) * sizeof *names);
    for (uint32_t i = 0; i <= table->rows_count; i++) {
        const struct table_row *row = i < table->rows_count ? &table->rows[i] : table->otherwise;
        char name[256];
        if (row == NULL)
            break;
        int bytes =
            snprintf(name, sizeof name, "%.*s/%.*s", SPAN_ARG(table->name), SPAN_ARG(row->id));
        names[i] = span_of(arena_copy(arena, span_of(name, (size_t)bytes)), (size_t)bytes);
    }
    return names;
}

static struct row_outputs *copy_outputs(const struct table *table, struct arena *arena)
{
    struct row_outputs *outputs = arena_take(arena, (table->rows_count + 1) * sizeof *outputs);
    for (uint32_t i = 0; i < table->rows_count; i++)
        outputs[i] = table->rows[i].outputs;
    if (table->otherwise != NULL)
        outputs[table->rows_count] = table->otherwise->outputs;
    return outputs;
}

static bool is_table_name(struct span name)
{
    bool good = name.bytes > 0 && name.bytes <= 64;
    for (size_t i = 0; good && i < name.bytes; i++)
        good = (name.data[i] >= 'a' && name.data[i] <= 'z') ||
               (name.data[i] >= '0' && name.data[i] <= '9') || name.data[i] == '_';
    return good;
}

static void add_table(struct rules *rules, struct folder folder, const struct sheet *book,
                      struct cell name, const struct city *city, struct arena *arena,
                      struct diag *diag)
{
    if (!is_table_name(name.text)) {
        sheet_complain(book, name, diag,
                       "'%.*s' is no name of a table; use lower-case letters, digits and '_'",
                       SPAN_ARG(name.text));
        return;
    }
    for (uint32_t i = 0; i < rules->tables_count; i++)
        if (span_equal(rules->tables[i].table->name, name.text)) {
            sheet_complain(book, name, diag, "table %.*s stands here twice", SPAN_ARG(name.text));
            return;
        }
    if (rules->tables_count == RULES_TABLES_MAX) {
        sheet_complain(book, name, diag, "is one table too many; a book has at most %d",
                       RULES_TABLES_MAX);
        return;
    }
    struct table *table = table_read(folder, name.text, city, arena, diag);
    if (table == NULL)
        return;
    struct compiled *compiled = &rules->tables[rules->tables_count++];
    compiled->table = table;
    compiled->row_names = name_rows(table, arena);
    rules->sources[rules->tables_count] = table->source;
}

static void compile_tables(struct rules *rules, struct arena *arena)
{
    const struct table *tables[RULES_TABLES_MAX];
    const struct matcher *matchers[RULES_TABLES_MAX];
    for (uint32_t i = 0; i < rules->tables_count; i++)
        tables[i] = rules->tables[i].table;
    matchers_compile(tables, rules->tables_count, rules->city, arena, matchers);
    for (uint32_t i = 0; i < rules->tables_count; i++) {
        struct compiled *compiled = &rules->tables[i];
        compiled->matcher = matchers[i];
        compiled->outputs = copy_outputs(tables[i], arena);
        if (tables[i]->answer == ANSWER_VOTE)
            compiled->ballots = vote_ballots(tables[i], arena);
    }
}

const struct rules *rules_load(struct folder folder, const struct city *city, struct arena *arena,
                               struct diag *diag)
{
    struct sheet book;
    size_t before = diag_count(diag);
    if (folder_read(folder, "rules/book.csv", arena, diag, &book) != OK ||
        !sheet_has_header(&book, header, COLUMNS, diag))
        return NULL;
    struct rules *rules = arena_take(arena, sizeof *rules);
    rules->city = city;
    rules->sources[0] = (struct source){"rules/book.csv", book.source};
    for (uint32_t i = 1; i < book.count; i++)
        if (sheet_fits(&book, &book.rows[i], COLUMNS, diag))
            add_table(rules, folder, &book, book.rows[i].cells[0], city, arena, diag);
    if (rules->tables_count == 0)
        diag_add(diag, book.path, 0, 0, "lists no table that can be read");
    if (diag_count(diag) > before)
        return NULL;
    compile_tables(rules, arena);
    return rules;
}

struct rules_scratch *rules_scratch_create(const struct rules *rules, struct arena *arena)
{
    struct rules_scratch *scratch = arena_take(arena, sizeof *scratch);
    for (uint32_t i = 0; i < rules->tables_count; i++)
        scratch->tables[i] = match_scratch_create(rules->tables[i].matcher, arena);
    scratch->vote = vote_create(rules->city, arena);
    return scratch;
}

/* -- running ----------------------------------------------------------------------------------- */

/* Urgency, limits and advice: they stand beside the assignment. */
static void write_handling(const struct row_outputs *row, struct facts *facts,
                           struct outputs *outputs)
{
    if (row->disposition != DISPOSITION_NONE)
        outputs->disposition = row->disposition;
    if (row->advice.bytes > 0)
        outputs->advice = row->advice;
    if (row->urgency != URGENCY_NONE)
        outputs->urgency = facts->urgency = row->urgency;
    if (row->limit.count > 0)
        outputs->limit = row->limit;
    if (row->sign_limit.count > 0)
        outputs->sign_limit = row->sign_limit;
}

/* Lets the row last noted speak; its category and urgency are facts for the tables after it. */
static void write_outputs(const struct row_outputs *row, struct facts *facts,
                          struct outputs *outputs)
{
    uint8_t noted = (uint8_t)(outputs->rows_count - 1);
    if (row->category.index != CATEGORY_NONE.index) {
        outputs->category = facts->category = row->category;
        outputs->category_from_words = false;
    }
    if (outputs->disposition != DISPOSITION_DISPATCH)
        return;
    write_handling(row, facts, outputs);
    if (row->function.index != FUNCTION_NONE.index) {
        outputs->function = row->function;
        outputs->function_row = noted;
    }
    if (row->tier != TIER_NONE)
        outputs->tier = row->tier;
    if (row->co_count > 0) {
        memcpy(outputs->co, row->co, sizeof row->co);
        outputs->co_count = row->co_count;
        outputs->co_row = noted;
    }
    if (row->informed_count > 0) {
        memcpy(outputs->informed, row->informed, sizeof row->informed);
        outputs->informed_count = row->informed_count;
        outputs->informed_row = noted;
    }
    if (row->reporter != REPORTER_UNSAID)
        outputs->reporter_shown = row->reporter == REPORTER_SHOWN;
}

static void begin_outputs(const struct facts *facts, struct outputs *outputs)
{
    outputs->category = facts->category;
    outputs->function = FUNCTION_NONE;
    outputs->tier = TIER_NONE;
    outputs->co_count = outputs->informed_count = outputs->rows_count = 0;
    outputs->function_row = outputs->co_row = outputs->informed_row = 0;
    outputs->disposition = DISPOSITION_DISPATCH;
    outputs->advice = (struct span){0};
    outputs->urgency = facts->urgency;
    outputs->limit = outputs->sign_limit = (struct time_limit){0};
    outputs->category_from_words = false;
    outputs->candidates_count = 0;
    outputs->reporter_shown = outputs->missed = false;
}

static void note_row(uint32_t table, uint32_t row, struct outputs *outputs)
{
    outputs->rows[outputs->rows_count++] = (struct row){(uint16_t)table, (uint16_t)row};
}

/* One row decides. */
static void run_pick(const struct rules *rules, uint32_t index, const uint32_t *values,
                     struct match_scratch *scratch, struct facts *now, struct outputs *outputs)
{
    const struct compiled *compiled = &rules->tables[index];
    uint32_t row = matcher_match(compiled->matcher, values, now->hits, scratch);
    if (row == UINT32_MAX) {
        outputs->missed = true;
        return;
    }
    note_row(index, row, outputs);
    write_outputs(&compiled->outputs[row], now, outputs);
}

/* All rows that hold decide together; it is no miss where none does. */
static void run_sum(const struct rules *rules, uint32_t index, const uint32_t *values,
                    struct rules_scratch *scratch, struct facts *now, struct outputs *outputs)
{
    const struct compiled *compiled = &rules->tables[index];
    struct match_rows rows =
        matcher_match_all(compiled->matcher, values, now->hits, scratch->tables[index]);
    struct vote_result result;
    vote_count(scratch->vote, compiled->ballots, rows, &result);
    if (result.row == UINT32_MAX)
        return;
    note_row(index, result.row, outputs);
    memcpy(outputs->candidates, result.candidates, sizeof result.candidates);
    outputs->candidates_count = result.candidates_count;
    if (result.category.index == CATEGORY_NONE.index)
        return;
    outputs->category = now->category = result.category;
    outputs->category_from_words = true;
}

static void run(const struct rules *rules, const struct facts *facts, struct scratch *scratch,
                struct outputs *outputs, struct facts *seen)
{
    struct facts now = *facts;
    begin_outputs(facts, outputs);
    for (uint32_t i = 0; i < rules->tables_count; i++) {
        uint32_t values[INPUT_COUNT];
        input_values(&now, values);
        if (seen != NULL)
            seen[outputs->rows_count] = now;
        if (rules->tables[i].ballots != NULL)
            run_sum(rules, i, values, scratch->rules, &now, outputs);
        else
            run_pick(rules, i, values, scratch->rules->tables[i], &now, outputs);
    }
}

void rules_run(const struct rules *rules, const struct facts *facts, struct scratch *scratch,
               struct outputs *outputs)
{
    run(rules, facts, scratch, outputs, NULL);
}

void rules_trace(const struct rules *rules, const struct facts *facts, struct scratch *scratch,
                 struct outputs *outputs, struct facts seen[RULES_TABLES_MAX])
{
    run(rules, facts, scratch, outputs, seen);
}

uint32_t rules_held(const struct rules *rules, uint32_t table, const struct facts *seen,
                    struct scratch *scratch, struct row *rows, uint32_t rows_max)
{
    const struct compiled *compiled = &rules->tables[table];
    uint32_t values[INPUT_COUNT];
    CHECK(table < rules->tables_count && compiled->table->hit_policy == HIT_SUM);
    input_values(seen, values);
    struct match_rows held =
        matcher_match_all(compiled->matcher, values, seen->hits, scratch->rules->tables[table]);
    for (uint32_t i = 0; i < held.count && i < rows_max; i++)
        rows[i] = (struct row){(uint16_t)table, (uint16_t)held.rows[i]};
    return held.count;
}

const struct table *rules_table(const struct rules *rules, uint32_t table)
{
    CHECK(table < rules->tables_count);
    return rules->tables[table].table;
}

static uint32_t rows_of(const struct table *table)
{
    return table->rows_count + (table->otherwise != NULL);
}

bool rules_find_row(const struct rules *rules, struct span name, struct row *row)
{
    for (uint32_t t = 0; t < rules->tables_count; t++)
        for (uint32_t r = 0; r < rows_of(rules->tables[t].table); r++)
            if (span_equal(rules->tables[t].row_names[r], name)) {
                *row = (struct row){(uint16_t)t, (uint16_t)r};
                return true;
            }
    return false;
}

struct span rules_row_name(const struct rules *rules, struct row row)
{
    CHECK(row.table < rules->tables_count && row.row <= rules->tables[row.table].table->rows_count);
    return rules->tables[row.table].row_names[row.row];
}

uint32_t rules_sources(const struct rules *rules)
{
    return rules->tables_count + 1;
}

const struct source *rules_source(const struct rules *rules, uint32_t index)
{
    CHECK(index <= rules->tables_count);
    return &rules->sources[index];
}
