/* shadow - rows that never win, and rows without which every case would go as it goes with them.
 *
 * Of a table of which one row decides. Whether a row can win is sought until it does, or until
 * nothing is left where it could; so too whether somebody else would say the same in its place.
 */
#include "domain/check/looking.h"
#include "domain/check/witness.h"

enum { SEEK_STEPS = 2048, TABLE_STEPS = 1 << 18 };

static bool boxes_of_meet(const struct looked *looked, uint32_t one, uint32_t other)
{
    return boxes_meet(&looked->grid, grid_box(&looked->grid, one), grid_box(&looked->grid, other));
}

/* -- rows that never win ----------------------------------------------------------------------- */

/* A row that is picked before this one wherever this one holds; or ROW_NONE. */
static uint32_t find_cover(const struct looking *looking, const struct looked *looked, uint32_t row)
{
    for (uint32_t other = 0; !looked->apart && other < looked->table->rows_count; other++)
        if (other != row && !looked->dead[other] && looked_ranks(looked, other, row) &&
            looked_covers(looking, looked, row, other))
            return other;
    return ROW_NONE;
}

static struct region *region_of(const struct looked *looked, uint32_t row)
{
    struct region *region = seeker_region(looked->seeker);
    region_keep_row(looked, row, region);
    return region;
}

/* Some case that the row holds for, and who wins it. */
static uint32_t find_usurper(const struct looked *looked, uint32_t row, struct point *point)
{
    struct region *region = region_of(looked, row);
    return seeker_point(looked->seeker, region, point) ? seeker_winner(looked->seeker, point)
                                                       : ROW_NONE;
}

static void add_shadowed(struct looking *looking, const struct looked *looked, uint32_t row,
                         uint32_t cover)
{
    struct point point;
    char shows[192];
    const struct table_row *rows = looked->table->rows;
    struct check_finding *finding =
        looking_add(looking, looked, row, NULL, FLAW_SHADOWED, SEVERITY_WARNING);
    uint32_t winner = find_usurper(looked, row, &point);
    looked->dead[row] = 1;
    finding->text =
        cover != ROW_NONE
            ? findings_print(looking->findings,
                             "row %.*s never wins: wherever it holds, row %.*s (line %u) holds too "
                             "and goes first",
                             SPAN_ARG(rows[row].id), SPAN_ARG(rows[cover].id),
                             rows[cover].where.line)
            : findings_print(looking->findings,
                             "row %.*s never wins: wherever it holds, one of the rows that go "
                             "first holds too, such as %.*s",
                             SPAN_ARG(rows[row].id), SPAN_ARG(looked_row(looked, winner)->id));
    finding->remedy = "take it out, or let it go first, or narrow what goes before it";
    struct aim aim = {looked, cover != ROW_NONE ? cover : winner, row, grid_box(&looked->grid, row),
                      &point};
    if (seeker_winner(looked->seeker, &point) != aim.row)
        aim.row = winner;
    snprintf(shows, sizeof shows, "%.*s wins for", SPAN_ARG(looked_row(looked, aim.row)->id));
    witness_show(looking, &aim, shows, finding);
}

static void add_open(struct looking *looking, const struct looked *looked, uint32_t row,
                     enum flaw flaw, const char *what)
{
    struct check_finding *finding =
        looking_add(looking, looked, row, NULL, flaw, SEVERITY_UNDECIDED);
    finding->text =
        findings_print(looking->findings, "whether row %.*s %s could not be told in %d steps",
                       SPAN_ARG(looked->table->rows[row].id), what, SEEK_STEPS);
    finding->remedy = "narrow the row, or those that go before it, so that it can be told";
    finding->shows = "no case was found that tells";
}

/* -- rows that change nothing ------------------------------------------------------------------ */

/* Might another row that comes later say the same? Only then is it worth looking. */
static bool has_double(const struct looked *looked, uint32_t row)
{
    const struct table *table = looked->table;
    const struct row_outputs *outputs = &table->rows[row].outputs;
    if (table->otherwise != NULL && outputs_alike(outputs, &table->otherwise->outputs))
        return true;
    for (uint32_t other = 0; !looked->apart && other < table->rows_count; other++)
        if (other != row && looked_ranks(looked, row, other) && boxes_of_meet(looked, row, other) &&
            outputs_alike(outputs, &table->rows[other].outputs))
            return true;
    return false;
}

/* Does another row say otherwise, between two in the order in which they are picked? */
static bool is_cut_off(const struct looked *looked, uint32_t row, uint32_t heir)
{
    const struct table *table = looked->table;
    for (uint32_t i = 0; i < table->rows_count; i++)
        if (i != row && i != heir && looked_ranks(looked, row, i) &&
            (heir == table->rows_count || looked_ranks(looked, i, heir)) &&
            boxes_of_meet(looked, row, i) &&
            !outputs_alike(&table->rows[row].outputs, &table->rows[i].outputs))
            return true;
    return false;
}

/* The row that has all cases of this one, and would say the same: another, or the else row, which
 * has all. ROW_NONE where it takes several. */
static uint32_t find_heir(const struct looking *looking, const struct looked *looked, uint32_t row)
{
    const struct table *table = looked->table;
    for (uint32_t other = 0; other < table->rows_count; other++)
        if (other != row && looked_ranks(looked, row, other) &&
            outputs_alike(&table->rows[row].outputs, &table->rows[other].outputs) &&
            looked_covers(looking, looked, row, other) && !is_cut_off(looked, row, other))
            return other;
    bool otherwise = table->otherwise != NULL &&
                     outputs_alike(&table->rows[row].outputs, &table->otherwise->outputs) &&
                     !is_cut_off(looked, row, table->rows_count);
    return otherwise ? table->rows_count : ROW_NONE;
}

static void add_redundant(struct looking *looking, const struct looked *looked, uint32_t row,
                          const struct point *point)
{
    char shows[192];
    struct match_rows held = seeker_held(looked->seeker, point);
    uint32_t second = held.count > 1 ? held.rows[1] : looked->table->rows_count;
    uint32_t heir = find_heir(looking, looked, row);
    const struct table_row *other = looked_row(looked, heir != ROW_NONE ? heir : second);
    struct check_finding *finding =
        looking_add(looking, looked, row, NULL, heir != ROW_NONE ? FLAW_SUBSUMED : FLAW_REDUNDANT,
                    SEVERITY_WARNING);
    finding->text = findings_print(
        looking->findings, "row %.*s changes nothing: without it %srow %.*s (line %u) %s",
        SPAN_ARG(looked->table->rows[row].id), heir != ROW_NONE ? "" : "other rows, such as ",
        SPAN_ARG(other->id), other->where.line, "would say the same for all of its cases");
    finding->remedy = "take it out, or let it say what is different about its cases";
    struct aim aim = {looked, row, heir < looked->table->rows_count ? heir : ROW_NONE,
                      grid_box(&looked->grid, row), point};
    snprintf(shows, sizeof shows, "%.*s wins, and %.*s would say the same, for",
             SPAN_ARG(looked->table->rows[row].id), SPAN_ARG(other->id));
    witness_show(looking, &aim, shows, finding);
}

/* -- the table --------------------------------------------------------------------------------- */

static enum found ask(const struct looked *looked, uint32_t row, enum goal goal, uint32_t steps,
                      struct point *point)
{
    return seek(looked->seeker, region_of(looked, row), row, goal, steps, point);
}

/* The row can win: does it change anything? */
static void look_at_double(struct looking *looking, const struct looked *looked, uint32_t row,
                           uint32_t steps)
{
    struct point point;
    enum found differs = ask(looked, row, GOAL_DIFFERS, steps, &point);
    if (differs == FOUND_OPEN)
        add_open(looking, looked, row, FLAW_REDUNDANT, "changes anything");
    if (differs == FOUND_NO && ask(looked, row, GOAL_WINS, steps, &point) == FOUND_YES)
        add_redundant(looking, looked, row, &point);
}

static void look_at_row(struct looking *looking, const struct looked *looked, uint32_t row,
                        uint32_t steps)
{
    struct point point;
    uint32_t cover = find_cover(looking, looked, row);
    if (cover != ROW_NONE) {
        add_shadowed(looking, looked, row, cover);
        return;
    }
    enum found wins = ask(looked, row, GOAL_WINS, steps, &point);
    if (wins == FOUND_NO)
        add_shadowed(looking, looked, row, ROW_NONE);
    if (wins == FOUND_OPEN)
        add_open(looking, looked, row, FLAW_SHADOWED, "can win");
    if (wins == FOUND_YES && has_double(looked, row))
        look_at_double(looking, looked, row, steps);
}

void look_for_shadows(struct looking *looking, const struct looked *looked)
{
    uint32_t count = looked->table->rows_count;
    if (!looked_picks(looked) || count == 0)
        return;
    uint32_t steps = TABLE_STEPS / count < SEEK_STEPS ? TABLE_STEPS / count + 16 : SEEK_STEPS;
    for (uint32_t row = 0; row < count; row++)
        if (!looked->dead[row])
            look_at_row(looking, looked, row, steps);
}
