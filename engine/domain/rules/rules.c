#include "domain/rules/rules.h"

#include "base/check.h"
#include "domain/rules/answer.h"
#include "domain/rules/scratch.h"
#include "domain/rules/waivers.h"

#include <stdio.h>

struct rules {
    const struct city *city;
    struct compiled tables[RULES_TABLES_MAX];
    uint32_t tables_count;
    struct waivers waivers;
    struct source sources[RULES_TABLES_MAX + 2];
    uint32_t sources_count;
};

struct rules_scratch {
    struct match_scratch *tables[RULES_TABLES_MAX];
    struct vote *vote;
    uint32_t *kept; /* room for the rows of any vote */
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

static void check_citations(const struct rules *rules, const char *path, struct diag *diag)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < rules->tables_count; i++)
        count += answer_citations_max(rules->tables[i].table);
    if (count > RULES_CITED_MAX)
        diag_add(diag, path, 0, 0,
                 "%u rows of these tables may decide one case together, and a decision cites %d at "
                 "most; let fewer tables gather lists (R, C, O), or make one of several",
                 count, RULES_CITED_MAX);
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
        compiled->answer = tables[i]->answer;
        compiled->outputs = copy_outputs(tables[i], arena);
        if (tables[i]->answer == ANSWER_VOTE)
            compiled->ballots = vote_ballots(tables[i], arena);
        if (tables[i]->answer == ANSWER_WEIGHTS)
            compiled->weigher = weigher_create(tables[i]->weights, rules->city, arena);
        for (uint32_t j = i + 1; j < rules->tables_count; j++)
            compiled->vote_follows |= tables[j]->answer == ANSWER_VOTE;
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
    rules->sources_count = rules->tables_count + 1;
    waivers_read(folder, arena, diag, &rules->waivers);
    if (rules->waivers.source.data != NULL)
        rules->sources[rules->sources_count++] =
            (struct source){WAIVERS_FILE, rules->waivers.source};
    if (rules->tables_count == 0)
        diag_add(diag, book.path, 0, 0, "lists no table that can be read");
    check_citations(rules, book.path, diag);
    if (diag_count(diag) > before)
        return NULL;
    compile_tables(rules, arena);
    return rules;
}

struct rules_scratch *rules_scratch_create(const struct rules *rules, struct arena *arena)
{
    struct rules_scratch *scratch = arena_take(arena, sizeof *scratch);
    uint32_t rows_max = 0;
    for (uint32_t i = 0; i < rules->tables_count; i++) {
        const struct table *table = rules->tables[i].table;
        scratch->tables[i] = match_scratch_create(rules->tables[i].matcher, arena);
        if (table->answer == ANSWER_VOTE && table->rows_count > rows_max)
            rows_max = table->rows_count;
    }
    scratch->kept = arena_take(arena, (rows_max + 1) * sizeof *scratch->kept);
    scratch->vote = vote_create(rules->city, arena);
    return scratch;
}

/* -- running ----------------------------------------------------------------------------------- */

static void begin_outputs(const struct facts *facts, struct outputs *outputs)
{
    outputs->category = facts->category;
    outputs->function = FUNCTION_NONE;
    outputs->tier = TIER_NONE;
    outputs->co.count = outputs->informed.count = outputs->rows_count = 0;
    outputs->function_row = 0;
    outputs->disposition = DISPOSITION_DISPATCH;
    outputs->advice = (struct span){0};
    outputs->urgency = facts->urgency;
    outputs->limit = outputs->sign_limit = (struct time_limit){0};
    outputs->category_from_words = false;
    outputs->candidates_count = 0;
    outputs->reporter_shown = outputs->missed = outputs->crowded = false;
}

/* seen may be NULL. */
static void run(const struct rules *rules, const struct facts *facts, struct scratch *scratch,
                struct outputs *outputs, struct facts *seen)
{
    struct rules_scratch *room = scratch->rules;
    struct asking asking;
    asking.now = *facts;
    asking.now.narrowing = (struct narrowing){.only = CATEGORY_NONE};
    asking.kept = room->kept;
    asking.vote = room->vote;
    asking.outputs = outputs;
    input_values(facts, asking.values);
    begin_outputs(facts, outputs);
    for (uint32_t i = 0; i < rules->tables_count; i++) {
        if (seen != NULL)
            seen[i] = asking.now;
        answer_table(&rules->tables[i], i, room->tables[i], &asking);
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
    CHECK(table < rules->tables_count);
    input_values(seen, values);
    struct match_scratch *room = scratch->rules->tables[table];
    struct match_rows held =
        compiled->answer == ANSWER_VOTE
            ? answer_vote_rows(compiled, seen, values, room, scratch->rules->kept)
            : matcher_match_all(compiled->matcher, values, seen->hits, room);
    for (uint32_t i = 0; i < held.count && i < rows_max; i++)
        rows[i] = (struct row){(uint16_t)table, (uint16_t)held.rows[i]};
    return held.count;
}

bool rules_weigh(const struct rules *rules, uint32_t table, const struct facts *seen,
                 struct weighing *weighing)
{
    CHECK(table < rules->tables_count && rules->tables[table].weigher != NULL);
    if (seen->category.index != CATEGORY_NONE.index)
        return false;
    weigher_weigh(rules->tables[table].weigher, seen->hits, weighing);
    return true;
}

uint32_t rules_weigh_row(const struct rules *rules, uint32_t table, uint32_t keyword)
{
    CHECK(table < rules->tables_count && rules->tables[table].weigher != NULL);
    return weigher_row(rules->tables[table].weigher, keyword);
}

uint32_t rules_tables(const struct rules *rules)
{
    return rules->tables_count;
}

struct row rules_ranked(const struct rules *rules, uint32_t table, uint32_t rank)
{
    CHECK(table < rules->tables_count);
    return (struct row){(uint16_t)table, (uint16_t)matcher_row(rules->tables[table].matcher, rank)};
}

uint32_t rules_failing(const struct rules *rules, uint32_t table, uint32_t rank,
                       const struct facts *seen, struct scratch *scratch)
{
    uint32_t values[INPUT_COUNT];
    CHECK(table < rules->tables_count);
    input_values(seen, values);
    return matcher_failing(rules->tables[table].matcher, rank, values, seen->hits,
                           scratch->rules->tables[table]);
}

const struct table *rules_table(const struct rules *rules, uint32_t table)
{
    CHECK(table < rules->tables_count);
    return rules->tables[table].table;
}

const struct matcher *rules_matcher(const struct rules *rules, uint32_t table)
{
    CHECK(table < rules->tables_count);
    return rules->tables[table].matcher;
}

const struct waivers *rules_waivers(const struct rules *rules)
{
    return &rules->waivers;
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
    return rules->sources_count;
}

const struct source *rules_source(const struct rules *rules, uint32_t index)
{
    CHECK(index < rules->sources_count);
    return &rules->sources[index];
}
