/* doubles - rows of a table that adds up which ask the same, and for the same category.
 *
 * Both count, so that the category weighs more than either says, and nobody who reads one of them
 * sees it.
 */
#include "domain/check/looking.h"
#include "domain/check/witness.h"

static bool are_doubles(const struct looking *looking, const struct looked *looked, uint32_t one,
                        uint32_t other)
{
    const struct table_row *a = &looked->table->rows[one];
    const struct table_row *b = &looked->table->rows[other];
    const struct grid *grid = &looked->grid;
    return a->outputs.category.index == b->outputs.category.index &&
           memcmp(grid_box(grid, one), grid_box(grid, other),
                  grid->words * sizeof *grid_box(grid, one)) == 0 &&
           text_cell_implies(looking->keywords, &a->text, &b->text) &&
           text_cell_implies(looking->keywords, &b->text, &a->text);
}

static void add_double(struct looking *looking, const struct looked *looked, uint32_t row,
                       uint32_t other)
{
    struct point point;
    const struct table_row *rows = looked->table->rows;
    struct check_finding *finding =
        looking_add(looking, looked, row, NULL, FLAW_SUBSUMED, SEVERITY_WARNING);
    finding->text =
        findings_print(looking->findings,
                       "row %.*s asks what row %.*s (line %u) asks, and weighs for the "
                       "same category once more",
                       SPAN_ARG(rows[row].id), SPAN_ARG(rows[other].id), rows[other].where.line);
    finding->remedy = "write one row with the weight that both should have together";
    if (!seeker_both(looked->seeker, row, other, &point))
        return;
    struct aim aim = {looked, row, other, grid_box(&looked->grid, row), &point};
    witness_show(looking, &aim, "both count for", finding);
}

void look_for_doubles(struct looking *looking, const struct looked *looked)
{
    for (uint32_t row = 1; row < looked->table->rows_count; row++)
        for (uint32_t other = 0; other < row && !looked->dead[row]; other++)
            if (are_doubles(looking, looked, row, other)) {
                add_double(looking, looked, row, other);
                break;
            }
}
