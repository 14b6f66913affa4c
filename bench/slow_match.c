#include "bench/slow_match.h"

#include "bench/slow_weights.h"

#include <stdio.h>

static bool has(struct slow_case asked, uint32_t keyword)
{
    if (asked.stands != NULL)
        return asked.stands[keyword];
    struct span text = keyword_text(asked.keywords, keyword);
    return asked.folded.bytes > 0 &&
           memmem(asked.folded.data, asked.folded.bytes, text.data, text.bytes) != NULL;
}

static bool clause_holds(const struct text_clause *clause, struct slow_case asked)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < clause->count; i++)
        found += has(asked, clause->keywords[i]);
    return clause->kind == CLAUSE_ANY   ? found > 0
           : clause->kind == CLAUSE_ALL ? found == clause->count
                                        : found == 0;
}

bool slow_match_row(const struct table *table, const struct table_row *row, struct slow_case asked)
{
    for (uint32_t i = 0; i < table->inputs_count; i++) {
        const struct values *cell = &row->values[i];
        bool holds = cell->any;
        for (uint32_t j = 0; j < cell->count; j++)
            holds |= cell->intervals[j].first <= asked.values[table->inputs[i]] &&
                     asked.values[table->inputs[i]] < cell->intervals[j].limit;
        if (!holds)
            return false;
    }
    for (uint32_t i = 0; i < row->text.count; i++)
        if (!clause_holds(&row->text.clauses[i], asked))
            return false;
    return true;
}

/* By P: the first output whose value stands elsewhere in its list decides. */
static bool stands_before(const struct table_row *a, const struct table_row *b)
{
    for (uint32_t i = 0; i < OUTPUT_COUNT; i++)
        if (a->standing[i] != b->standing[i])
            return a->standing[i] < b->standing[i];
    return false;
}

uint32_t slow_match(const struct table *table, struct slow_case asked)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < table->rows_count; i++) {
        if (!slow_match_row(table, &table->rows[i], asked))
            continue;
        if (best == UINT32_MAX || (table->hit_policy == HIT_PRIORITY &&
                                   stands_before(&table->rows[i], &table->rows[best])))
            best = i;
    }
    if (best == UINT32_MAX && table->otherwise != NULL)
        return table->rows_count;
    return best;
}

/* Rows that hold, as they stand in the table. */
struct held {
    const struct table_row *rows[RULES_ROWS_MAX];
    uint32_t count;
};

static void hold(const struct city *city, const struct table *table, struct slow_case asked,
                 struct held *held)
{
    held->count = 0;
    for (uint32_t i = 0; i < table->rows_count; i++)
        if (slow_match_row(table, &table->rows[i], asked) &&
            (asked.left == NULL || slow_is_left(city, asked.left, table->rows[i].outputs.category)))
            held->rows[held->count++] = &table->rows[i];
}

/* How many allowed values stand before it in line 3. */
static uint32_t place_in_line_3(const struct city *city, const struct table *table,
                                enum output output, struct function function)
{
    char kind[32];
    uint32_t place = 0;
    uint32_t column = 0;
    struct span item;
    snprintf(kind, sizeof kind, "out:%s", output_kinds[output].name);
    while (!span_is(table->sheet.rows[1].cells[column].text, kind))
        column++;
    struct span rest = table->sheet.rows[2].cells[column].text;
    while (cell_next_item(&rest, &item) && !span_equal(item, function_code(city, function)))
        place++;
    return place;
}

/* Each that is not among them yet. */
static uint32_t gather(const struct function *named, uint32_t named_count,
                       struct function *functions, uint32_t count)
{
    for (uint32_t i = 0; i < named_count; i++) {
        uint32_t at = 0;
        while (at < count && functions[at].index != named[i].index)
            at++;
        if (at == count)
            functions[count++] = named[i];
    }
    return count;
}

struct time_limit slow_limit(const struct city *city, const struct table *table,
                             struct slow_case asked, enum output output, int64_t time_ms)
{
    static struct held held;
    const struct calendar *calendar = city_calendar(city);
    struct time_limit best = {.count = 0};
    hold(city, table, asked, &held);
    if (held.count == 0 && table->otherwise != NULL)
        held.rows[held.count++] = table->otherwise;
    for (uint32_t i = 0; i < held.count; i++) {
        const struct row_outputs *row = &held.rows[i]->outputs;
        struct time_limit limit = output == OUTPUT_LIMIT ? row->limit : row->sign_limit;
        bool provisional;
        int64_t due_ms = calendar_due_ms(calendar, time_ms, limit, &provisional);
        int64_t best_ms = calendar_due_ms(calendar, time_ms, best, &provisional);
        bool better = table->hit_policy == HIT_GREATEST ? due_ms > best_ms : due_ms < best_ms;
        if (limit.count > 0 && (best.count == 0 || better))
            best = limit;
    }
    return best;
}

uint32_t slow_list(const struct city *city, const struct table *table, struct slow_case asked,
                   enum output output, struct function *functions)
{
    static struct held held;
    uint32_t count = 0;
    hold(city, table, asked, &held);
    if (held.count == 0 && table->otherwise != NULL)
        held.rows[held.count++] = table->otherwise;
    for (uint32_t i = 0; i < held.count; i++) {
        const struct row_outputs *row = &held.rows[i]->outputs;
        count = output == OUTPUT_CO ? gather(row->co, row->co_count, functions, count)
                                    : gather(row->informed, row->informed_count, functions, count);
    }
    for (uint32_t i = 0; table->hit_policy == HIT_OUTPUT_ORDER && i < count; i++)
        for (uint32_t j = i + 1; j < count; j++)
            if (place_in_line_3(city, table, output, functions[j]) <
                place_in_line_3(city, table, output, functions[i])) {
                struct function moved = functions[i];
                functions[i] = functions[j];
                functions[j] = moved;
            }
    return count;
}

/* All that begins with a code, together. */
static uint32_t weight_of(const struct city *city, enum hit_policy hit_policy,
                          const struct held *held, struct span code)
{
    uint32_t sum = 0;
    uint32_t greatest = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < held->count; i++) {
        uint32_t weight = held->rows[i]->outputs.weight;
        if (!span_starts_with(category_code(city, held->rows[i]->outputs.category), code))
            continue;
        sum += weight;
        greatest = weight > greatest ? weight : greatest;
        count++;
    }
    return hit_policy == HIT_SUM ? sum : hit_policy == HIT_NUMBER ? count : greatest;
}

bool slow_holds_any(const struct city *city, const struct table *table, struct slow_case asked)
{
    static struct held held;
    hold(city, table, asked, &held);
    return held.count > 0;
}

struct span slow_vote(const struct city *city, const struct table *table, struct slow_case asked)
{
    struct held held;
    struct span at = {0};
    hold(city, table, asked, &held);
    while (held.count > 0) {
        uint32_t most = 0;
        uint32_t alike = 0;
        struct span heaviest = {0};
        for (uint32_t i = 0; i < city_categories(city); i++) {
            struct span code = category_code(city, (struct category){i});
            if (code.bytes != at.bytes + 2 || !span_starts_with(code, at))
                continue;
            uint32_t weight = weight_of(city, table->hit_policy, &held, code);
            alike = weight > most ? 1 : alike + (weight == most);
            heaviest = weight > most ? code : heaviest;
            most = weight > most ? weight : most;
        }
        if (most == 0 || alike > 1)
            return at;
        at = heaviest;
    }
    return at;
}
