/* doubles - rows that add nothing to a table in which all rows that hold speak.
 *
 * In lists a row whose functions another one names wherever it holds; of limits one that another
 * one always beats; in a vote one that another one outweighs, for the same category. Where votes
 * are added up there is no such row, but two that ask the same for the same category count twice,
 * and nobody who reads one of them sees it.
 */
#include "domain/check/looking.h"
#include "domain/check/witness.h"

static bool names_all(const struct function *functions, uint32_t count,
                      const struct function *others, uint32_t others_count)
{
    for (uint32_t i = 0; i < count; i++) {
        bool named = false;
        for (uint32_t j = 0; j < others_count && !named; j++)
            named = functions[i].index == others[j].index;
        if (!named)
            return false;
    }
    return true;
}

/* Where the rows' order is the list's, a row that comes later cannot stand in for an earlier one.
 */
static bool lists_hold(const struct looked *looked, uint32_t row, uint32_t other)
{
    const struct row_outputs *a = &looked->table->rows[row].outputs;
    const struct row_outputs *b = &looked->table->rows[other].outputs;
    return (looked->table->hit_policy == HIT_OUTPUT_ORDER || other < row) &&
           names_all(a->co, a->co_count, b->co, b->co_count) &&
           names_all(a->informed, a->informed_count, b->informed, b->informed_count);
}

/* Hours are shorter than working days; the loader sees to it that they are. */
static bool is_as_short(struct time_limit a, struct time_limit b)
{
    return a.natural != b.natural ? a.natural : a.count <= b.count;
}

static bool limit_holds(struct time_limit limit, struct time_limit other, bool least)
{
    if (limit.count == 0)
        return true;
    return other.count > 0 && (least ? is_as_short(other, limit) : is_as_short(limit, other));
}

static bool limits_hold(const struct looked *looked, uint32_t row, uint32_t other)
{
    const struct row_outputs *a = &looked->table->rows[row].outputs;
    const struct row_outputs *b = &looked->table->rows[other].outputs;
    bool least = looked->table->hit_policy == HIT_LEAST;
    return limit_holds(a->limit, b->limit, least) &&
           limit_holds(a->sign_limit, b->sign_limit, least);
}

static bool vote_holds(const struct looking *looking, const struct looked *looked, uint32_t row,
                       uint32_t other)
{
    const struct row_outputs *a = &looked->table->rows[row].outputs;
    const struct row_outputs *b = &looked->table->rows[other].outputs;
    if (a->category.index != b->category.index)
        return false;
    return looked->table->hit_policy == HIT_GREATEST ? b->weight >= a->weight
                                                     : looked_covers(looking, looked, other, row);
}

/* Does the other row say all that this one says? */
static bool holds(const struct looking *looking, const struct looked *looked, uint32_t row,
                  uint32_t other)
{
    switch (looked->table->answer) {
    case ANSWER_LISTS:
        return lists_hold(looked, row, other);
    case ANSWER_LIMITS:
        return limits_hold(looked, row, other);
    case ANSWER_VOTE:
        return vote_holds(looking, looked, row, other);
    default:
        return false;
    }
}

static void add_double(struct looking *looking, const struct looked *looked, uint32_t row,
                       uint32_t other)
{
    struct point point;
    const struct table_row *rows = looked->table->rows;
    bool twice = looked->table->answer == ANSWER_VOTE && looked->table->hit_policy != HIT_GREATEST;
    struct check_finding *finding =
        looking_add(looking, looked, row, NULL, FLAW_SUBSUMED, SEVERITY_WARNING);
    finding->text = findings_print(
        looking->findings,
        twice
            ? "row %.*s asks what row %.*s (line %u) asks, and speaks for the same category once "
              "more"
            : "row %.*s changes nothing: wherever it holds, row %.*s (line %u) holds too and says "
              "as much",
        SPAN_ARG(rows[row].id), SPAN_ARG(rows[other].id), rows[other].where.line);
    finding->remedy = twice ? "write one row with the weight that both should have together"
                            : "take it out, or let it say what the other one does not";
    finding->shows = "no case was found that both hold for";
    if (!seeker_both(looked->seeker, row, other, &point))
        return;
    struct aim aim = {looked, row, other, grid_box(&looked->grid, row), &point};
    witness_show(looking, &aim, twice ? "both count for" : "both hold for", finding);
}

void look_for_doubles(struct looking *looking, const struct looked *looked)
{
    for (uint32_t row = 0; row < looked->table->rows_count; row++)
        for (uint32_t other = 0; other < looked->table->rows_count && !looked->dead[row]; other++) {
            if (other == row || !holds(looking, looked, row, other) ||
                !looked_covers(looking, looked, row, other) ||
                (other > row && holds(looking, looked, other, row) &&
                 looked_covers(looking, looked, other, row))) /* of two alike the later is said */
                continue;
            add_double(looking, looked, row, other);
            break;
        }
}
