/* gaps - cases that no row of a table holds for, and else rows that no case comes to.
 *
 * A table of which one row decides has to have an answer to everything, if only an else row.
 * Without words that is counted exactly (volume.h); where rows overlap and that would take too
 * long, and with words, a case is sought (seek.h).
 */
#include "domain/check/looking.h"
#include "domain/check/volume.h"
#include "domain/check/witness.h"

enum { SEEK_STEPS = 4096, VOLUME_STEPS = 1 << 22 };

static void add_gap(struct looking *looking, const struct looked *looked, const struct point *point,
                    volume missing)
{
    const struct grid *grid = &looked->grid;
    struct check_finding *finding = looking_add_table(looking, looked, FLAW_GAP, SEVERITY_ERROR);
    struct aim aim = {looked, ROW_NONE, ROW_NONE, NULL, point};
    double share = (double)missing / (double)box_volume(grid, grid->whole) * 100;
    finding->text =
        missing > 0 ? findings_print(looking->findings,
                                     "no row holds for %.4g combination%s of what table %.*s asks, "
                                     "%.2g %% of all, and there is no else row",
                                     (double)missing, missing > 1 ? "s" : "",
                                     SPAN_ARG(looked->table->name), share)
                    : findings_print(looking->findings,
                                     "table %.*s has cases that no row holds for, and no else row",
                                     SPAN_ARG(looked->table->name));
    finding->remedy = "add the rows that are missing, or an else row that says what then";
    witness_show(looking, &aim, "no row holds for", finding);
    if (finding->witness == NULL)
        finding->severity = SEVERITY_UNDECIDED;
}

static void add_open(struct looking *looking, const struct looked *looked)
{
    struct check_finding *finding =
        looking_add_table(looking, looked, FLAW_GAP, SEVERITY_UNDECIDED);
    finding->text = findings_print(
        looking->findings,
        "whether the %u rows of table %.*s leave out a case could not be told in %d steps",
        looked->table->rows_count, SPAN_ARG(looked->table->name), SEEK_STEPS);
    finding->remedy = "add an else row, which makes the table complete";
    finding->shows = "no case was found that is left out";
}

static void add_else(struct looking *looking, const struct looked *looked)
{
    struct check_finding *finding =
        looking_add(looking, looked, looked->table->rows_count, NULL, FLAW_ELSE, SEVERITY_WARNING);
    finding->text = findings_print(
        looking->findings, "the other rows of table %.*s hold for every case, so none comes here",
        SPAN_ARG(looked->table->name));
    finding->remedy = "take the else row out: the table is complete, and the check proves that it "
                      "stays so";
    finding->shows = "there is no case to show, which is what is wrong";
}

/* Has the table a case that only the else row is for, or nothing? */
static enum found find_left_out(struct looking *looking, const struct looked *looked,
                                struct point *point, volume *missing)
{
    const struct table *table = looked->table;
    uint32_t none = table->otherwise != NULL ? table->rows_count : UINT32_MAX;
    const struct region *region = seeker_region(looked->seeker);
    *missing = 0;
    if (table->has_text || table->otherwise != NULL) {
        enum found found = seek(looked->seeker, region, none, GOAL_WINS, SEEK_STEPS, point);
        if (table->has_text || found != FOUND_OPEN)
            return found;
    }
    struct volumes *volumes =
        volumes_create(&looked->grid, looked->apart, VOLUME_STEPS, looking->arena);
    if (!volumes_missing(volumes, region->box, missing))
        return seek(looked->seeker, region, none, GOAL_WINS, SEEK_STEPS, point);
    if (*missing == 0)
        return FOUND_NO;
    if (!volumes_bisect(volumes, region->box))
        return FOUND_OPEN;
    return seeker_point(looked->seeker, region, point) ? FOUND_YES : FOUND_OPEN;
}

void look_for_gaps(struct looking *looking, const struct looked *looked)
{
    struct point point;
    volume missing;
    bool complete = looked->table->otherwise != NULL;
    bool answers = looked_picks(looked) || looked->table->answer == ANSWER_LIMITS;
    if (!answers || (complete && looked->table->has_text))
        return;
    enum found found = find_left_out(looking, looked, &point, &missing);
    if (found == FOUND_YES && !complete)
        add_gap(looking, looked, &point, missing);
    if (found == FOUND_OPEN && !complete)
        add_open(looking, looked);
    if (found == FOUND_NO && complete)
        add_else(looking, looked);
}
