/* overlaps - rows that hold for the same case, where the hit policy has it that they do not, or
 * that they say the same, or that one stands before the other.
 *
 * Every pair, as bits. A row has one finding, with the first row that it meets for a case that
 * comes to the table; where it meets none so, what it means is undecided.
 */
#include "domain/check/looking.h"
#include "domain/check/witness.h"

enum { SEEK_STEPS = 256, LEADS_MAX = 16 };

static void show_both(struct looking *looking, const struct looked *looked, uint32_t one,
                      uint32_t other, const struct point *point, struct check_finding *finding)
{
    struct region *region = seeker_region(looked->seeker);
    region_keep_row(looked, one, region);
    region_keep_row(looked, other, region);
    struct aim aim = {looked, seeker_winner(looked->seeker, point), ROW_NONE, region->box, point};
    aim.with = aim.row == one ? other : one;
    witness_show(looking, &aim, "both hold for", finding);
}

static const char *and_more(struct looking *looking, uint32_t count)
{
    return count > 1 ? findings_print(looking->findings, " (and so with %u other row%s)", count - 1,
                                      count > 2 ? "s" : "")
                     : "";
}

/* -- U and A ----------------------------------------------------------------------------------- */

static bool clash(const struct looked *looked, uint32_t row, uint32_t other)
{
    const struct table_row *rows = looked->table->rows;
    return boxes_meet(&looked->grid, grid_box(&looked->grid, row),
                      grid_box(&looked->grid, other)) &&
           (looked->table->hit_policy == HIT_UNIQUE ||
            !outputs_alike(&rows[row].outputs, &rows[other].outputs));
}

/* The first from there on, above a row, that it clashes with; ROW_NONE where there is none. */
static uint32_t next_clash(const struct looked *looked, uint32_t row, uint32_t from)
{
    while (from < row && !clash(looked, row, from))
        from++;
    return from < row ? from : ROW_NONE;
}

/* The row to be told of, and a case of both; of those that clash the first is told of where no case
 * was found for any that was tried. */
static uint32_t choose_clash(struct looking *looking, const struct looked *looked, uint32_t row,
                             struct check_finding *shown)
{
    struct point point;
    uint32_t first = next_clash(looked, row, 0);
    uint32_t other = first;
    for (uint32_t leads = 0; leads < LEADS_MAX && other != ROW_NONE; leads++) {
        if (seeker_both(looked->seeker, other, row, &point))
            show_both(looking, looked, other, row, &point, shown);
        if (shown->witness != NULL)
            return other;
        other = next_clash(looked, row, other + 1);
    }
    return first;
}

static void add_overlap(struct looking *looking, const struct looked *looked, uint32_t row,
                        uint32_t count)
{
    struct check_finding shown = {.witness = NULL};
    const struct table_row *rows = looked->table->rows;
    bool unique = looked->table->hit_policy == HIT_UNIQUE;
    uint32_t other = choose_clash(looking, looked, row, &shown);
    enum output output = outputs_differ(&rows[row].outputs, &rows[other].outputs);
    struct check_finding *finding =
        looking_add(looking, looked, row, NULL, FLAW_OVERLAP,
                    shown.witness != NULL ? SEVERITY_ERROR : SEVERITY_UNDECIDED);
    finding->text = findings_print(
        looking->findings, "rows %.*s (line %u) and %.*s hold for the same cases%s%s, which %s",
        SPAN_ARG(rows[other].id), rows[other].where.line, SPAN_ARG(rows[row].id),
        unique ? "" : " and write another out:", unique ? "" : output_kinds[output].name,
        findings_print(looking->findings, "%s forbids%s", unique ? "U" : "A",
                       and_more(looking, count)));
    finding->remedy = unique
                          ? "narrow one until they lie apart, or use P, which says who goes first"
                          : "let them write the same, narrow one, or use P";
    finding->witness = shown.witness;
    finding->shows = shown.shows;
}

static void look_at_pairs(struct looking *looking, const struct looked *looked)
{
    for (uint32_t row = 1; row < looked->table->rows_count; row++) {
        uint32_t count = 0;
        for (uint32_t other = 0; other < row; other++)
            count += clash(looked, row, other);
        if (count > 0)
            add_overlap(looking, looked, row, count);
    }
}

/* -- P ----------------------------------------------------------------------------------------- */

static bool stand_alike(const struct table_row *a, const struct table_row *b)
{
    return memcmp(a->standing, b->standing, sizeof a->standing) == 0;
}

/* Both hold, they differ, and which of them comes out is settled by the file. */
static bool find_tie(const struct looked *looked, uint32_t one, uint32_t other, struct point *point)
{
    if (!boxes_meet(&looked->grid, grid_box(&looked->grid, one), grid_box(&looked->grid, other)))
        return false;
    struct region *region = seeker_region(looked->seeker);
    region_keep_row(looked, one, region);
    region_keep_row(looked, other, region);
    return seek(looked->seeker, region, one, GOAL_WINS, SEEK_STEPS, point) == FOUND_YES;
}

static void add_tie(struct looking *looking, const struct looked *looked, uint32_t row,
                    uint32_t other, const struct point *point)
{
    const struct table_row *rows = looked->table->rows;
    struct check_finding *finding =
        looking_add(looking, looked, row, NULL, FLAW_TIE, SEVERITY_WARNING);
    finding->text = findings_print(
        looking->findings,
        "row %.*s and row %.*s (line %u) stand alike, meet and differ, so that it is the order of "
        "the file that decides",
        SPAN_ARG(rows[row].id), SPAN_ARG(rows[other].id), rows[other].where.line);
    finding->remedy = "list the allowed values of another out: column in line 3, best first, or "
                      "narrow one of the two";
    show_both(looking, looked, other, row, point, finding);
}

static void look_at_priority(struct looking *looking, const struct looked *looked)
{
    const struct table_row *rows = looked->table->rows;
    for (uint32_t row = 1; row < looked->table->rows_count; row++)
        for (uint32_t other = 0; other < row; other++) {
            struct point point;
            if (!stand_alike(&rows[row], &rows[other]) ||
                outputs_alike(&rows[row].outputs, &rows[other].outputs) ||
                !find_tie(looked, other, row, &point))
                continue;
            add_tie(looking, looked, row, other, &point);
            break;
        }
}

void look_for_overlaps(struct looking *looking, struct looked *looked)
{
    uint32_t before = looking->findings->count;
    switch (looked->table->hit_policy) {
    case HIT_UNIQUE:
    case HIT_ANY:
        look_at_pairs(looking, looked);
        looked->apart =
            looked->table->hit_policy == HIT_UNIQUE && looking->findings->count == before;
        break;
    case HIT_PRIORITY:
        look_at_priority(looking, looked);
        break;
    case HIT_FIRST:
        look_at_first(looking, looked);
        break;
    default:
        look_for_doubles(looking, looked);
    }
}
