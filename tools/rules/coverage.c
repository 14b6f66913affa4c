#include "tools/rules/coverage.h"

#include "base/check.h"
#include "domain/rules/table.h"

/* Keywords that are weighed are too many to have a case each. */
static uint32_t rows_to_cover(const struct table *table)
{
    if (table->answer == ANSWER_WEIGHTS)
        return 0;
    return table->rows_count + (table->otherwise != NULL);
}

void coverage_init(struct coverage *coverage, const struct policy *policy, struct arena *arena)
{
    *coverage = (struct coverage){.policy = policy, .tables = rules_tables(policy->rules)};
    for (uint32_t i = 0; i < coverage->tables; i++) {
        const struct table *table = rules_table(policy->rules, i);
        coverage->rows[i] = rows_to_cover(table);
        coverage->hits[i] = arena_take(arena, (coverage->rows[i] + 1) * sizeof *coverage->hits[i]);
        if (coverage->rows[i] > coverage->held_max)
            coverage->held_max = coverage->rows[i];
    }
    coverage->held = arena_take(arena, (coverage->held_max + 1) * sizeof *coverage->held);
}

static void hit(struct coverage *coverage, struct row row)
{
    CHECK(row.table < coverage->tables && row.row < coverage->rows[row.table]);
    coverage->hits[row.table][row.row]++;
}

/* Where several rows answer together, all that hold. */
static void hit_held(struct coverage *coverage, uint32_t table, const struct facts *seen,
                     struct scratch *scratch)
{
    uint32_t count = rules_held(coverage->policy->rules, table, seen, scratch, coverage->held,
                                coverage->held_max);
    for (uint32_t i = 0; i < count; i++)
        hit(coverage, coverage->held[i]);
}

void coverage_add(struct coverage *coverage, const struct facts *facts, struct scratch *scratch)
{
    const struct rules *rules = coverage->policy->rules;
    struct facts seen[RULES_TABLES_MAX];
    struct outputs outputs;
    rules_trace(rules, facts, scratch, &outputs, seen);
    for (uint32_t i = 0; i < outputs.rows_count; i++) {
        struct row row = outputs.rows[i];
        const struct table *table = rules_table(rules, row.table);
        if (table->answer == ANSWER_WEIGHTS)
            continue;
        bool is_first = i == 0 || outputs.rows[i - 1].table != row.table;
        if (table->answer == ANSWER_ROW || row.row == table->rows_count)
            hit(coverage, row);
        else if (is_first)
            hit_held(coverage, row.table, &seen[row.table], scratch);
    }
}

void coverage_add_all(struct coverage *coverage, const struct coverage *more)
{
    CHECK(coverage->policy == more->policy);
    for (uint32_t i = 0; i < coverage->tables; i++)
        for (uint32_t j = 0; j < coverage->rows[i]; j++)
            coverage->hits[i][j] += more->hits[i][j];
}

uint32_t coverage_hit(const struct coverage *coverage, uint32_t table)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < coverage->rows[table]; i++)
        count += coverage->hits[table][i] > 0;
    return count;
}
