/* clocks - an emergency has a clock in hours, and what is dispatched has one at all.
 *
 * Urgency, limit and limit to sign may come from rows of several tables, and a later one wins. So
 * rows are put together, one a table, as long as they may hold for one case, and a case is led to
 * those that end wrong.
 */
#include "domain/check/looking.h"
#include "domain/check/seek.h"
#include "domain/check/witness.h"

enum { LEADS_MAX = 256, STEPS_MAX = 1 << 16, SEEK_STEPS = 2048 };

/* What the rows so far come to. */
struct clock_state {
    uint32_t urgencies; /* that it may have, a bit each */
    struct time_limit limit, sign_limit;
};

struct clocks {
    struct looking *looking;
    struct row rows[RULES_TABLES_MAX]; /* put together so far */
    uint32_t rows_count;
    uint32_t steps, leads;
    bool unfinished;
    bool told[RULES_TABLES_MAX][2]; /* a finding a table, of each kind */
};

static bool writes_clock(const struct row_outputs *outputs)
{
    return outputs->urgency != URGENCY_NONE || outputs->limit.count > 0 ||
           outputs->sign_limit.count > 0;
}

static bool table_writes(const struct looked *looked)
{
    for (uint32_t i = 0; looked_row(looked, i) != NULL; i++)
        if (writes_clock(&looked_row(looked, i)->outputs))
            return true;
    return false;
}

static struct clock_state pass(struct clock_state state, const struct row_outputs *outputs)
{
    if (outputs->urgency != URGENCY_NONE)
        state.urgencies = 1u << outputs->urgency;
    if (outputs->limit.count > 0)
        state.limit = outputs->limit;
    if (outputs->sign_limit.count > 0)
        state.sign_limit = outputs->sign_limit;
    return state;
}

/* What the row lets pass of the urgencies, as a mask. */
static uint32_t urgencies_of(const struct looked *looked, uint32_t row, uint32_t urgencies)
{
    uint32_t passing = 0;
    for (uint32_t i = 0; i < looked->table->inputs_count; i++)
        if (looked->table->inputs[i] == INPUT_URGENCY) {
            for (uint32_t u = URGENCY_NORMAL; u < URGENCY_COUNT; u++)
                if (values_have(&looked_row(looked, row)->values[i], u))
                    passing |= 1u << u;
            return urgencies & passing;
        }
    return urgencies;
}

/* May both rows hold for one case, by what no table changes? */
static bool may_meet(const struct clocks *clocks, const struct looked *looked, uint32_t row,
                     struct row before)
{
    const struct looked *other = &clocks->looking->tables[before.table];
    for (uint32_t i = 0; i < looked->table->inputs_count; i++)
        for (uint32_t j = 0; j < other->table->inputs_count; j++) {
            enum input input = looked->table->inputs[i];
            if (input == other->table->inputs[j] && input != INPUT_CATEGORY &&
                input != INPUT_URGENCY && input != INPUT_TEXT &&
                !values_meet(&looked_row(looked, row)->values[i],
                             &looked_row(other, before.row)->values[j]))
                return false;
        }
    return true;
}

/* -- findings ---------------------------------------------------------------------------------- */

static const char *list_rows(const struct clocks *clocks)
{
    struct looking *looking = clocks->looking;
    const char *list = "";
    for (uint32_t i = 0; i < clocks->rows_count; i++)
        list = findings_print(looking->findings, "%s%s%.*s", list, i > 0 ? ", " : "",
                              SPAN_ARG(rules_row_name(looking->policy->rules, clocks->rows[i])));
    return list;
}

/* Of one row, is it proved that it never wins? */
static bool is_idle(const struct clocks *clocks)
{
    struct row row = clocks->rows[0];
    const struct looked *looked = &clocks->looking->tables[row.table];
    struct point point;
    if (clocks->rows_count != 1 || !looked_picks(looked))
        return false;
    if (row.row < looked->table->rows_count && looked->dead[row.row])
        return true;
    struct region *region = seeker_region(looked->seeker);
    if (row.row < looked->table->rows_count)
        region_keep_row(looked, row.row, region);
    return seek(looked->seeker, region, row.row, GOAL_WINS, SEEK_STEPS, &point) == FOUND_NO;
}

static void add_clock(struct clocks *clocks, bool emergency, const struct witness *witness)
{
    struct looking *looking = clocks->looking;
    struct row last = clocks->rows[clocks->rows_count - 1];
    enum severity severity = witness == NULL ? SEVERITY_UNDECIDED
                             : emergency     ? SEVERITY_ERROR
                                             : SEVERITY_WARNING;
    struct check_finding *finding = looking_add(looking, &looking->tables[last.table], last.row,
                                                "out:limit", FLAW_CLOCK, severity);
    finding->text = findings_print(
        looking->findings,
        emergency ? "by %s an emergency has no clock in minutes or hours, to answer and to sign"
                  : "by %s what is dispatched has no clock, to answer and to sign",
        list_rows(clocks));
    finding->remedy = emergency ? "write both limits in hours or minutes, such as 2h and 30min"
                                : "write both limits, such as 7wd and 24h";
    finding->witness = witness;
    finding->shows = witness != NULL ? findings_print(looking->findings, "so it is of %s",
                                                      witness_say(looking, witness))
                                     : "no case was found that comes to all of these rows";
}

static bool comes_out_wrong(const struct run *run, bool emergency)
{
    const struct outputs *outputs = &run->outputs;
    if (outputs->disposition != DISPOSITION_DISPATCH)
        return false;
    if (emergency && outputs->urgency != URGENCY_CRITICAL)
        return false;
    return emergency ? !outputs->limit.natural || !outputs->sign_limit.natural
                     : outputs->limit.count == 0 || outputs->sign_limit.count == 0;
}

/* The rows come out wrong; a case is led to them. */
static void try_lead(struct clocks *clocks, bool emergency)
{
    struct looking *looking = clocks->looking;
    uint32_t table = clocks->rows[clocks->rows_count - 1].table;
    struct run run;
    if (clocks->told[table][emergency] || is_idle(clocks))
        return;
    if (clocks->leads++ == LEADS_MAX) {
        clocks->unfinished = true;
        return;
    }
    for (enum type type = TYPE_NONE; type < TYPE_COUNT; type++) {
        const struct witness *witness =
            witness_lead_rows(looking, clocks->rows, clocks->rows_count, type);
        if (witness == NULL)
            continue;
        struct witness *marked = arena_take(looking->arena, sizeof *marked);
        *marked = *witness;
        for (uint32_t urgency = URGENCY_NONE; urgency < URGENCY_COUNT; urgency++) {
            marked->urgency = urgency == URGENCY_NONE ? witness->urgency : (enum urgency)urgency;
            if (!witness_run(looking, marked, &run) || !comes_out_wrong(&run, emergency))
                continue;
            clocks->told[table][emergency] = true;
            add_clock(clocks, emergency, marked);
            return;
        }
    }
    clocks->unfinished = true;
}

/* -- putting rows together --------------------------------------------------------------------- */

static void end(struct clocks *clocks, struct clock_state state)
{
    bool emergency = (state.urgencies & 1u << URGENCY_CRITICAL) != 0;
    if (clocks->rows_count == 0)
        return;
    if (emergency && (!state.limit.natural || !state.sign_limit.natural))
        try_lead(clocks, true);
    else if (state.limit.count == 0 || state.sign_limit.count == 0)
        try_lead(clocks, false);
}

static void put_together(struct clocks *clocks, uint32_t table, struct clock_state state)
{
    struct looking *looking = clocks->looking;
    while (table < looking->tables_count && !table_writes(&looking->tables[table]))
        table++;
    if (table == looking->tables_count) {
        end(clocks, state);
        return;
    }
    const struct looked *looked = &looking->tables[table];
    for (uint32_t i = 0; looked_row(looked, i) != NULL; i++) {
        uint32_t urgencies = urgencies_of(looked, i, state.urgencies);
        bool meets = urgencies != 0;
        for (uint32_t r = 0; r < clocks->rows_count; r++)
            meets = meets && may_meet(clocks, looked, i, clocks->rows[r]);
        if (!meets)
            continue;
        if (clocks->steps++ > STEPS_MAX) {
            clocks->unfinished = true;
            return;
        }
        struct clock_state next = state;
        next.urgencies = urgencies;
        clocks->rows[clocks->rows_count++] = (struct row){(uint16_t)table, (uint16_t)i};
        put_together(clocks, table + 1, pass(next, &looked_row(looked, i)->outputs));
        clocks->rows_count--;
    }
}

/* Some rows put together come out wrong, but no case was found that comes to them. */
static void add_unfinished(struct clocks *clocks)
{
    struct looking *looking = clocks->looking;
    for (uint32_t t = looking->tables_count; t-- > 0;) {
        if (!table_writes(&looking->tables[t]))
            continue;
        struct check_finding *finding =
            looking_add_table(looking, &looking->tables[t], FLAW_CLOCK, SEVERITY_UNDECIDED);
        finding->text = "whether every emergency has a clock in hours could not be told for all "
                        "rows of the tables that write clocks, put together";
        finding->remedy = "write urgency and both limits in one table";
        finding->shows = "no case was found that has none";
        return;
    }
}

void guard_clocks(struct looking *looking)
{
    struct clocks *clocks = arena_take(looking->arena, sizeof *clocks);
    clocks->looking = looking;
    bool timed = false;
    for (uint32_t t = 0; t < looking->tables_count; t++)
        for (uint32_t i = 0; looked_row(&looking->tables[t], i) != NULL; i++)
            timed |= looked_row(&looking->tables[t], i)->outputs.limit.count > 0;
    if (!timed)
        return; /* a book without clocks says so by having no such column */
    const uint32_t all = 1u << URGENCY_NORMAL | 1u << URGENCY_URGENT | 1u << URGENCY_CRITICAL;
    put_together(clocks, 0, (struct clock_state){.urgencies = all});
    bool told = false;
    for (uint32_t t = 0; t < RULES_TABLES_MAX; t++)
        told |= clocks->told[t][0] || clocks->told[t][1];
    if (clocks->unfinished && !told)
        add_unfinished(clocks);
}
