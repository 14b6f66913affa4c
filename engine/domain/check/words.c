/* words - keywords that add nothing to their clause.
 *
 * any(噪音, 夜间噪音): wherever the second stands, the first stands too. all(...) is the other way
 * about. They do no harm but to the reader, who thinks that each of them counts.
 */
#include "domain/check/looking.h"
#include "domain/check/witness.h"

/* A word that stands in another one of the clause; false where there is none. Notes the first two
 * and counts them. */
struct nested {
    uint32_t inner, outer;
    uint32_t count;
};

static struct nested find_nested(const struct looking *looking, const struct text_clause *clause)
{
    struct nested nested = {.count = 0};
    for (uint32_t i = 0; i < clause->count; i++) {
        struct span outer = keyword_text(looking->keywords, clause->keywords[i]);
        const struct text_hits *hits = text_scan(looking->scratch->text, &outer, 1);
        for (uint32_t j = 0; j < clause->count; j++) {
            if (clause->keywords[j] == clause->keywords[i] ? j >= i
                                                           : !text_has(hits, clause->keywords[j]))
                continue;
            if (nested.count++ == 0) {
                nested.inner = clause->keywords[j];
                nested.outer = clause->keywords[i];
            }
            break;
        }
    }
    return nested;
}

static void add_nested(struct looking *looking, const struct looked *looked, uint32_t row,
                       const struct text_clause *clause, struct nested nested)
{
    static const char *const kinds[CLAUSE_KIND_COUNT] = {"any", "all", "none"};
    uint32_t idle = clause->kind == CLAUSE_ALL ? nested.inner : nested.outer;
    struct check_finding *finding =
        looking_add(looking, looked, row, "in:text", FLAW_KEYWORD, SEVERITY_WARNING);
    finding->text = findings_print(
        looking->findings, "'%.*s' stands in '%.*s', so in %s(...) '%.*s' adds nothing%s",
        SPAN_ARG(keyword_text(looking->keywords, nested.inner)),
        SPAN_ARG(keyword_text(looking->keywords, nested.outer)), kinds[clause->kind],
        SPAN_ARG(keyword_text(looking->keywords, idle)),
        nested.count == 1 ? ""
                          : findings_print(looking->findings, ", nor do %u others of their kind",
                                           nested.count - 1));
    finding->remedy = "take it out of the cell: the row holds for the same cases as before";
    struct point point;
    struct region *region = seeker_region(looked->seeker);
    if (clause->kind != CLAUSE_NONE)
        wants_any(&region->wants, &nested.outer, 1);
    region_keep_row(looked, row, region);
    if (!seeker_point(looked->seeker, region, &point)) {
        finding->shows = "there is no case to show, since no text can have these words";
        return;
    }
    struct aim aim = {looked, row, ROW_NONE, grid_box(&looked->grid, row), &point};
    if (looked_picks(looked))
        aim.row = seeker_winner(looked->seeker, &point);
    aim.with = row;
    witness_show(looking, &aim, "the row holds, with or without it, for", finding);
}

void look_at_words(struct looking *looking, const struct looked *looked)
{
    for (uint32_t row = 0; looked->table->has_text && row < looked->table->rows_count; row++) {
        const struct text_cell *cell = &looked->table->rows[row].text;
        for (uint32_t i = 0; i < cell->count && !looked->dead[row]; i++) {
            struct nested nested = find_nested(looking, &cell->clauses[i]);
            if (nested.count > 0)
                add_nested(looking, looked, row, &cell->clauses[i], nested);
        }
    }
}
