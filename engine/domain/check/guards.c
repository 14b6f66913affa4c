/* guards - what must never come out at the end of all tables.
 *
 *      duty    a functional duty never lands on a township or village
 *      about   a report or complaint about a unit never reaches it, nor any unit below it
 *      clock   an emergency has a clock in hours, and what is dispatched has one at all
 *
 * Each is followed along the rows that bring it about, one a table, and a case is led to them and
 * decided as the engine decides it.
 */
#include "domain/check/looking.h"
#include "domain/check/posts.h"
#include "domain/check/witness.h"
#include "domain/decide.h"

static bool decide_witness(struct looking *looking, const struct witness *witness, struct run *run,
                           struct decision *decision)
{
    if (!witness_run(looking, witness, run))
        return false;
    decide(looking->policy, &run->facts, NULL, looking->scratch, decision);
    return true;
}

static struct witness *copy(struct looking *looking, const struct witness *witness)
{
    struct witness *copied = arena_take(looking->arena, sizeof *copied);
    *copied = *witness;
    return copied;
}

/* -- duty -------------------------------------------------------------------------------------- */

static bool is_functional(const struct city *city, struct function function)
{
    return function.index != FUNCTION_NONE.index && function.index != city_government(city).index;
}

static bool is_assigned(const struct decision *decision, struct unit unit)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++)
        if (decision->assignments[i].unit.index == unit.index)
            return true;
    return false;
}

/* A case that the row brings to the unit, in its place. */
static const struct witness *lead_to_unit(struct looking *looking, struct post post,
                                          struct unit unit)
{
    struct run run;
    struct decision decision;
    struct row row = {(uint16_t)post.table, (uint16_t)post.row};
    const struct witness *led = witness_lead_rows(looking, &row, 1, TYPE_NONE);
    if (led == NULL)
        return NULL;
    struct witness *placed = copy(looking, led);
    placed->place = place_code(city_places(looking->city), post.place);
    return decide_witness(looking, placed, &run, &decision) && is_assigned(&decision, unit) ? placed
                                                                                            : NULL;
}

static void show(struct looking *looking, const char *shows, const struct witness *witness,
                 struct check_finding *finding)
{
    finding->witness = witness;
    finding->shows =
        witness != NULL
            ? findings_print(looking->findings, "%s %s", shows, witness_say(looking, witness))
            : "no case was found that comes to this through the tables before";
}

static void add_landing(struct looking *looking, struct unit unit)
{
    const struct city *city = looking->city;
    struct post post = posts_way(looking->posts, unit);
    const struct looked *looked = &looking->tables[post.table];
    struct check_finding *finding =
        looking_add(looking, looked, post.row, NULL, FLAW_DUTY, SEVERITY_ERROR);
    finding->text = findings_print(looking->findings,
                                   "row %.*s gives a case to %.*s %.*s: %.*s is a functional duty, "
                                   "and those end at the county",
                                   SPAN_ARG(looked_row(looked, post.row)->id),
                                   SPAN_ARG(unit_key(city, unit)), SPAN_ARG(unit_name(city, unit)),
                                   SPAN_ARG(function_code(city, post.function)));
    finding->remedy = "ask for the tier county, or take the unit out of functions.csv or units.csv";
    show(looking, "it gets", lead_to_unit(looking, post, unit), finding);
    if (finding->witness == NULL)
        finding->severity = SEVERITY_UNDECIDED;
}

static void add_asking(struct looking *looking, const struct looked *looked, uint32_t row)
{
    const struct row_outputs *outputs = &looked_row(looked, row)->outputs;
    struct row which = {(uint16_t)looked->index, (uint16_t)row};
    struct check_finding *finding =
        looking_add(looking, looked, row, "out:tier", FLAW_DUTY, SEVERITY_ERROR);
    finding->text =
        findings_print(looking->findings,
                       "row %.*s asks for %.*s at the tier %s, and functional duties end at "
                       "the county",
                       SPAN_ARG(looked_row(looked, row)->id),
                       SPAN_ARG(function_code(looking->city, outputs->function)),
                       word_name(&tier_words, outputs->tier));
    finding->remedy = "ask for the tier county, or for the government of the place";
    show(looking, "it is asked for", witness_lead_rows(looking, &which, 1, TYPE_NONE), finding);
}

/* Whoever asks for what no unit has there is told so, though the climb would mend it. One unit of a
 * function shows what is wrong with all. */
static void guard_duties(struct looking *looking)
{
    const struct city *city = looking->city;
    if (city_government(city).index == FUNCTION_NONE.index)
        return; /* without governments there are only duties, wherever they end */
    for (uint32_t t = 0; t < looking->tables_count; t++)
        for (uint32_t i = 0; looked_row(&looking->tables[t], i) != NULL; i++) {
            const struct row_outputs *outputs = &looked_row(&looking->tables[t], i)->outputs;
            if (outputs->tier >= TIER_TOWNSHIP && is_functional(city, outputs->function))
                add_asking(looking, &looking->tables[t], i);
        }
    uint8_t *told = arena_take(looking->arena, city_functions(city) + 1);
    for (uint32_t i = 0; i < city_units(city); i++) {
        struct unit unit = {i};
        struct function function = unit_function(city, unit);
        if (place_tier(city_places(city), unit_place(city, unit)) >= TIER_TOWNSHIP &&
            is_functional(city, function) && posts_reach(looking->posts, unit) &&
            !told[function.index]++)
            add_landing(looking, unit);
    }
}

/* -- about ------------------------------------------------------------------------------------- */

/* The unit, of those that get the case, that it is to be kept from; UNIT_NONE: none does. The desk
 * is never kept from a case. */
static struct unit find_reached(const struct city *city, const struct decision *decision,
                                struct unit about)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        struct unit unit = decision->assignments[i].unit;
        if (decide_is_kept_from(city, about, unit) &&
            unit_function(city, unit).index != city_desk(city).index)
            return unit;
    }
    return UNIT_NONE;
}

static void add_about(struct looking *looking, const struct looked *looked, uint32_t row,
                      const struct witness *witness, struct unit about, struct unit reached)
{
    const struct city *city = looking->city;
    struct check_finding *finding =
        looking_add(looking, looked, row, NULL, FLAW_ABOUT, SEVERITY_ERROR);
    finding->text =
        findings_print(looking->findings, "what is said about %.*s comes to %.*s",
                       SPAN_ARG(unit_name(city, about)), SPAN_ARG(unit_name(city, reached)));
    finding->remedy = "give it to somebody above";
    show(looking, "so does", witness, finding);
}

/* Of a case that a row wins: once more, now about the very unit that got it. */
static bool guard_row(struct looking *looking, const struct looked *looked, uint32_t row,
                      enum type type)
{
    struct run run;
    struct decision decision;
    struct row which = {(uint16_t)looked->index, (uint16_t)row};
    const struct witness *led = witness_lead_rows(looking, &which, 1, type);
    if (led == NULL || !decide_witness(looking, led, &run, &decision))
        return true;
    struct unit main = decision.assignments[0].unit;
    struct witness *again = copy(looking, led);
    again->respondent = leader_name_of(looking, main);
    if (again->respondent.bytes == 0 || !decide_witness(looking, again, &run, &decision) ||
        run.facts.about.index == UNIT_NONE.index)
        return true;
    struct unit reached = find_reached(looking->city, &decision, run.facts.about);
    if (reached.index == UNIT_NONE.index)
        return true;
    add_about(looking, looked, row, again, run.facts.about, reached);
    return false;
}

static void guard_reports(struct looking *looking)
{
    for (uint32_t t = 0; t < looking->tables_count; t++)
        for (uint32_t i = 0; looked_row(&looking->tables[t], i) != NULL; i++) {
            const struct looked *looked = &looking->tables[t];
            bool dead = i < looked->table->rows_count && looked->dead[i];
            if (!dead && looked_row(looked, i)->outputs.function.index != FUNCTION_NONE.index &&
                guard_row(looking, looked, i, TYPE_REPORT))
                (void)guard_row(looking, looked, i, TYPE_COMPLAINT);
        }
}

void look_for_breaches(struct looking *looking)
{
    guard_duties(looking);
    guard_reports(looking);
    guard_clocks(looking);
}
