#include "domain/why_not.h"

#include "domain/city/hints.h"
#include "domain/rules/table.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

enum { TEXT_BYTES = 2048, CLIMB_BYTES = 1024, CANDIDATES_SHOWN = 3 };

/* What is asked, and of what. */
struct asking {
    const struct policy *policy;
    const struct excluded *excluded;
    const struct decision *decision;
    struct unit unit;
    struct function function;
    struct scratch *scratch;
    struct arena *arena;
    struct outputs outputs;
    struct facts seen[RULES_TABLES_MAX]; /* what each table sees */
    struct why_not *why;
};

__attribute__((format(printf, 3, 4))) static void say(struct asking *asking, enum obstacle obstacle,
                                                      const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct span whole = span_of_string(text);
    whole.bytes = utf8_check(whole);
    asking->why->obstacle = obstacle;
    asking->why->because = span_of(arena_copy(asking->arena, whole), whole.bytes);
}

static struct span name_of(const struct asking *asking, struct unit unit)
{
    return unit_name(asking->policy->city, unit);
}

static struct span place_of(const struct asking *asking, struct place place)
{
    char path[PLACE_PATH_BYTES_MAX];
    size_t bytes = place_path(city_places(asking->policy->city), place, path);
    return span_of(arena_copy(asking->arena, span_of(path, bytes)), bytes);
}

/* -- the closest row --------------------------------------------------------------------------- */

struct closest {
    bool any;
    bool leads; /* its output would lead to the unit */
    struct row row;
    uint32_t failing; /* as rules_failing() says */
    uint32_t failing_count;
};

static const struct table_row *written_row(const struct table *table, struct row row)
{
    return row.row < table->rows_count ? &table->rows[row.row] : table->otherwise;
}

/* The tier that holds where this row has said the function: its own, or else what another table
 * said. */
static enum tier tier_with(const struct asking *asking, struct row row,
                           const struct row_outputs *outputs)
{
    enum tier tier = TIER_NONE;
    for (uint32_t i = 0; i < asking->outputs.rows_count; i++) {
        struct row other = asking->outputs.rows[i];
        const struct table *table = rules_table(asking->policy->rules, other.table);
        enum tier said = written_row(table, other)->outputs.tier;
        if (other.table != row.table && said != TIER_NONE)
            tier = said;
    }
    if (outputs->tier != TIER_NONE)
        tier = outputs->tier;
    return tier != TIER_NONE ? tier : TIER_CITY;
}

static struct unit led_to(const struct asking *asking, struct row row,
                          const struct row_outputs *outputs)
{
    const struct decision *decision = asking->decision;
    return decide_climb(asking->policy->city, asking->function, decision->place,
                        tier_with(asking, row, outputs), asking->excluded, decision->kept_from);
}

static bool is_closer(const struct closest *a, const struct closest *b)
{
    if (!b->any || a->leads != b->leads)
        return !b->any || a->leads;
    return a->failing_count < b->failing_count;
}

static void consider(const struct asking *asking, struct row row, uint32_t failing,
                     struct closest *closest)
{
    const struct table *table = rules_table(asking->policy->rules, row.table);
    const struct row_outputs *outputs = &written_row(table, row)->outputs;
    if (outputs->function.index != asking->function.index)
        return;
    struct closest found = {
        .any = true,
        .leads = led_to(asking, row, outputs).index == asking->unit.index,
        .row = row,
        .failing = failing,
        .failing_count = (uint32_t)__builtin_popcount(failing),
    };
    if (is_closer(&found, closest))
        *closest = found;
}

/* By rank, so that among equals the first stays; the else row asks for nothing, and comes last. */
static struct closest find_closest(const struct asking *asking)
{
    const struct rules *rules = asking->policy->rules;
    struct closest closest = {.any = false};
    for (uint32_t t = 0; t < rules_tables(rules); t++) {
        const struct table *table = rules_table(rules, t);
        for (uint32_t rank = 0; rank < table->rows_count; rank++) {
            struct row row = rules_ranked(rules, t, rank);
            if (table->rows[row.row].outputs.function.index == asking->function.index)
                consider(asking, row,
                         rules_failing(rules, t, rank, &asking->seen[t], asking->scratch),
                         &closest);
        }
        if (table->otherwise != NULL)
            consider(asking, (struct row){(uint16_t)t, (uint16_t)table->rows_count}, 0, &closest);
    }
    return closest;
}

/* -- the book is right ------------------------------------------------------------------------- */

/* Why the climb of a row does not end at the unit. */
static void write_climb(const struct asking *asking, const struct closest *closest,
                        char text[CLIMB_BYTES])
{
    const struct city *city = asking->policy->city;
    const struct places *places = city_places(city);
    const struct decision *decision = asking->decision;
    struct place here = unit_place(city, asking->unit);
    struct span row = rules_row_name(asking->policy->rules, closest->row);
    const struct table *table = rules_table(asking->policy->rules, closest->row.table);
    const struct row_outputs *outputs = &written_row(table, closest->row)->outputs;
    enum tier tier = tier_with(asking, closest->row, outputs);
    struct place from = place_at_tier(places, decision->place, tier);
    struct unit end = led_to(asking, closest->row, outputs);
    if (!place_is_within(places, decision->place, here))
        snprintf(text, CLIMB_BYTES,
                 "it is for %.*s, and the case is about %.*s, so the climb never comes there",
                 SPAN_ARG(place_of(asking, here)), SPAN_ARG(place_of(asking, decision->place)));
    else if (!place_is_within(places, from, here))
        snprintf(text, CLIMB_BYTES,
                 "%.*s asks for tier %s, and the climb begins at %.*s, above the unit",
                 SPAN_ARG(row), word_name(&tier_words, (uint32_t)tier),
                 SPAN_ARG(place_of(asking, from)));
    else if (end.index != UNIT_NONE.index)
        snprintf(text, CLIMB_BYTES, "the climb for %.*s ends before it comes there, at %.*s",
                 SPAN_ARG(row), SPAN_ARG(name_of(asking, end)));
    else
        snprintf(text, CLIMB_BYTES, "the climb for %.*s ends at nobody", SPAN_ARG(row));
}

static void blame_climb(struct asking *asking, const struct closest *closest)
{
    char text[CLIMB_BYTES];
    write_climb(asking, closest, text);
    say(asking, OBSTACLE_CLIMB, "%s", text);
}

static void say_doubt(struct asking *asking)
{
    uint32_t doubts = asking->decision->doubts;
    say(asking, OBSTACLE_DOUBT, "the book says its function, but it is the desk's: %s",
        doubt_text((enum doubt)(doubts & -doubts)));
}

/* The row that said the function which the decision has. */
static struct row chosen_row(const struct asking *asking)
{
    return asking->outputs.rows[asking->outputs.function_row];
}

static bool book_says_it(const struct asking *asking)
{
    return asking->outputs.function.index == asking->function.index;
}

static bool is_chosen(const struct asking *asking, const struct closest *closest)
{
    struct row chosen = chosen_row(asking);
    return book_says_it(asking) && closest->row.table == chosen.table &&
           closest->row.row == chosen.row;
}

/* -- the book is not --------------------------------------------------------------------------- */

static void say_disposition(struct asking *asking)
{
    const struct policy *policy = asking->policy;
    for (uint32_t i = 0; i < asking->outputs.rows_count; i++) {
        struct row row = asking->outputs.rows[i];
        const struct table *table = rules_table(policy->rules, row.table);
        if (written_row(table, row)->outputs.disposition > DISPOSITION_DISPATCH) {
            asking->why->instead = rules_row_name(policy->rules, row);
            break;
        }
    }
    say(asking, OBSTACLE_DISPOSITION, "the case is not dispatched: %.*s says %s",
        SPAN_ARG(asking->why->instead),
        word_name(&disposition_words, (uint32_t)asking->decision->disposition));
}

static struct span row_instead(const struct asking *asking)
{
    if (asking->outputs.function.index == FUNCTION_NONE.index)
        return (struct span){0};
    return rules_row_name(asking->policy->rules, chosen_row(asking));
}

/* Where its output does not lead to the unit, that is said too. */
static void blame_row(struct asking *asking, const struct closest *closest)
{
    char climb[CLIMB_BYTES] = "";
    struct span row = rules_row_name(asking->policy->rules, closest->row);
    struct span instead = asking->why->instead = row_instead(asking);
    uint32_t failing = asking->why->failing;
    const char *even_then = closest->leads ? "" : "; even then ";
    bool none = instead.bytes == 0;
    if (!closest->leads)
        write_climb(asking, closest, climb);
    if (closest->failing_count > 0)
        say(asking, OBSTACLE_CELLS,
            "%.*s came closest, and %u of its cells do%s not hold%s%.*s%s%s", SPAN_ARG(row),
            failing, failing == 1 ? "es" : "", none ? "" : "; it went by ", SPAN_ARG(instead),
            even_then, climb);
    else
        say(asking, OBSTACLE_RANK, "%.*s would hold, but %.*s comes before it%s%s", SPAN_ARG(row),
            SPAN_ARG(none ? span_of_string("another row") : instead), even_then, climb);
}

/* -- the whole --------------------------------------------------------------------------------- */

static bool has_part(struct asking *asking)
{
    const struct decision *decision = asking->decision;
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        const struct assignment *assignment = &decision->assignments[i];
        if (assignment->unit.index != asking->unit.index)
            continue;
        say(asking, OBSTACLE_NOTHING, "it goes there: its part is %s %s",
            word_name(&role_words, (uint32_t)assignment->role),
            word_label(&role_words, (uint32_t)assignment->role));
        return true;
    }
    return false;
}

static bool is_out_of_the_question(struct asking *asking)
{
    const struct excluded *excluded = asking->excluded;
    struct unit about = asking->decision->kept_from;
    for (uint32_t i = 0; excluded != NULL && i < excluded->count; i++)
        if (excluded->units[i].index == asking->unit.index) {
            say(asking, OBSTACLE_RETURNED, "it has returned it, and does not get it again");
            return true;
        }
    if (!decide_is_kept_from(asking->policy->city, about, asking->unit))
        return false;
    say(asking, OBSTACLE_KEPT_FROM, "the case is a report about %.*s%s",
        SPAN_ARG(name_of(asking, about)),
        about.index == asking->unit.index ? "" : ", and the unit stands below it");
    return true;
}

static void note_closest(struct asking *asking, const struct closest *closest)
{
    struct why_not *why = asking->why;
    why->has_nearest = true;
    explain_row_failing(asking->policy, closest->row, &asking->seen[closest->row.table],
                        closest->failing, asking->arena, &why->nearest);
    for (uint32_t i = 0; i < why->nearest.conditions_count; i++)
        why->failing += why->nearest.conditions[i].fails;
}

static void ask_the_book(struct asking *asking)
{
    struct closest closest = find_closest(asking);
    struct span function = function_name(asking->policy->city, asking->function);
    if (!closest.any) {
        say(asking, OBSTACLE_NO_ROW, "no row of the book says its function, %.*s",
            SPAN_ARG(function));
        return;
    }
    note_closest(asking, &closest);
    if (asking->decision->disposition != DISPOSITION_DISPATCH)
        say_disposition(asking);
    else if (is_chosen(asking, &closest) && closest.leads)
        say_doubt(asking);
    else if (is_chosen(asking, &closest))
        blame_climb(asking, &closest);
    else
        blame_row(asking, &closest);
}

void why_not(const struct policy *policy, const struct facts *facts,
             const struct excluded *excluded, const struct decision *decision, struct unit unit,
             struct scratch *scratch, struct arena *arena, struct why_not *why)
{
    struct asking asking = {
        .policy = policy,
        .excluded = excluded,
        .decision = decision,
        .unit = unit,
        .function = unit_function(policy->city, unit),
        .scratch = scratch,
        .arena = arena,
        .why = why,
    };
    *why = (struct why_not){.unit = unit};
    if (has_part(&asking) || is_out_of_the_question(&asking))
        return;
    rules_trace(policy->rules, facts, asking.scratch, &asking.outputs, asking.seen);
    ask_the_book(&asking);
}

/* -- by name ----------------------------------------------------------------------------------- */

static bool contains(struct span text, struct span part)
{
    return memmem(text.data, text.bytes, part.data, part.bytes) != NULL;
}

/* Units whose name has this in it, or is this; how many, and the first few. */
static uint32_t find_named(const struct city *city, struct span text, bool whole,
                           struct unit found[CANDIDATES_SHOWN])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < city_units(city); i++) {
        struct span name = unit_name(city, (struct unit){i});
        if (whole ? !span_equal(name, text) : !contains(name, text))
            continue;
        if (count < CANDIDATES_SHOWN)
            found[count] = (struct unit){i};
        count++;
    }
    return count;
}

static bool refuse(const struct city *city, struct span text, const struct unit *found,
                   uint32_t count, struct misfit *misfit)
{
    char *out = misfit->message;
    size_t room = sizeof misfit->message;
    misfit->field = "why_not";
    misfit->value = text;
    if (count == 0) {
        snprintf(out, room, "no unit of %.*s has this key or is called so; keys look like %.*s",
                 SPAN_ARG(city_name(city)), SPAN_ARG(unit_key(city, (struct unit){0})));
        return false;
    }
    size_t used =
        (size_t)snprintf(out, room, "%u units are called so; name one by its key: ", count);
    for (uint32_t i = 0; i < count && i < CANDIDATES_SHOWN; i++) {
        struct span key = unit_key(city, found[i]);
        if (used + key.bytes + sizeof ", ..." < room)
            used += (size_t)snprintf(out + used, room - used, "%s%.*s", i == 0 ? "" : ", ",
                                     SPAN_ARG(key));
    }
    snprintf(out + used, room - used, "%s", count > CANDIDATES_SHOWN ? ", ..." : "");
    return false;
}

bool why_not_unit(const struct city *city, struct span text, struct place place, struct unit *unit,
                  struct misfit *misfit)
{
    struct unit found[CANDIDATES_SHOWN] = {{0}};
    *unit = city_unit_by_key(city, text);
    if (unit->index != UNIT_NONE.index)
        return true;
    if (text.bytes == 0)
        return refuse(city, text, found, 0, misfit);
    uint32_t count = find_named(city, text, true, found);
    if (count == 0) {
        *unit = hints_unit_at_start(city_hints(city), text, place);
        if (unit->index != UNIT_NONE.index)
            return true;
        count = find_named(city, text, false, found);
    }
    if (count != 1)
        return refuse(city, text, found, count, misfit);
    *unit = found[0];
    return true;
}
