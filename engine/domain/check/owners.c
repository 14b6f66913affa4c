/* owners - categories that no row has an owner for, functions and units that no row reaches.
 *
 * Whether a category has an owner is asked of the book itself: a case of each type, with nothing
 * said but that. Which units are reached follows from who names their function, at which tiers and
 * for which places, and from the climb that decide.h makes from there.
 */
#include "domain/check/looking.h"
#include "domain/check/posts.h"
#include "domain/check/witness.h"
#include "domain/city/date.h"

/* -- categories -------------------------------------------------------------------------------- */

static int64_t morning(const struct looking *looking)
{
    enum { TEN_HOURS_MS = 10 * 3600 * 1000 };
    return ms_of_day(looking->today) + TEN_HOURS_MS;
}

static struct facts plain_facts(enum type type, uint32_t category)
{
    return (struct facts){
        .channel = CHANNEL_PHONE,
        .type = type,
        .applicant = APPLICANT_CITIZEN,
        .urgency = URGENCY_NORMAL,
        .regime = REGIME_NORMAL,
        .earlier = FLAG_NO,
        .answered = FLAG_NO,
        .about = UNIT_NONE,
        .line = LINE_NONE,
        .category = {category},
        .place = PLACE_NONE,
    };
}

/* Is a case of it for the desk only since nobody else is named? What is not dispatched needs no
 * owner. */
static bool lacks_owner(struct looking *looking, enum type type, uint32_t category)
{
    struct outputs outputs;
    struct facts facts = plain_facts(type, category);
    facts_set_moment(&facts, morning(looking));
    rules_run(looking->policy->rules, &facts, looking->scratch, &outputs);
    if (outputs.disposition != DISPOSITION_DISPATCH)
        return false;
    if (outputs.function.index == FUNCTION_NONE.index)
        return true;
    struct row row = outputs.rows[outputs.function_row];
    return row.row == looking->tables[row.table].table->rows_count;
}

/* The types for which it lacks one, a bit each. */
static uint32_t types_without_owner(struct looking *looking, uint32_t category)
{
    uint32_t types = 0;
    for (uint32_t type = 1; type < TYPE_COUNT; type++)
        if (lacks_owner(looking, (enum type)type, category))
            types |= 1u << type;
    return types;
}

static const char *list_types(struct looking *looking, uint32_t types)
{
    const char *list = "";
    for (uint32_t type = 1; type < TYPE_COUNT; type++)
        if (types & 1u << type)
            list = findings_print(looking->findings, "%s%s%s", list, list[0] != '\0' ? ", " : "",
                                  word_name(&type_words, type));
    return list;
}

static void add_unowned(struct looking *looking, uint32_t category, uint32_t types, uint32_t below)
{
    const uint32_t all = (1u << TYPE_COUNT) - 2;
    struct category which = {category};
    struct span code = category_code(looking->city, which);
    struct check_finding *finding =
        looking_add_line(looking, "categories.csv", code, FLAW_UNOWNED, SEVERITY_WARNING);
    finding->about = findings_print(looking->findings, "#%.*s", SPAN_ARG(code));
    finding->text = findings_print(
        looking->findings,
        "category #%.*s %.*s has no owner%s%s%s: no row but the else row names a "
        "function for it",
        SPAN_ARG(code), SPAN_ARG(category_name(looking->city, which)), types == all ? "" : " for ",
        types == all ? "" : list_types(looking, types),
        below > 0 ? findings_print(looking->findings, ", nor have %u below it", below) : "");
    finding->remedy = "add a row to the table that names the function, or to one above it";
    struct witness *witness = arena_take(looking->arena, sizeof *witness);
    *witness = (struct witness){.channel = CHANNEL_PHONE,
                                .type = (enum type)__builtin_ctz(types),
                                .category = code,
                                .at_ms = morning(looking),
                                .regime = REGIME_NORMAL};
    finding->witness = witness;
    finding->shows = findings_print(looking->findings, "the desk has, for want of anybody else, %s",
                                    witness_say(looking, witness));
}

/* Of a category and all below it that lack the same only the uppermost is said. */
static void look_at_categories(struct looking *looking)
{
    const struct city *city = looking->city;
    uint32_t count = city_categories(city);
    uint32_t *types = arena_take(looking->arena, (count + 1) * sizeof *types);
    uint8_t *said = arena_take(looking->arena, count + 1);
    for (uint32_t i = 0; i < count; i++)
        types[i] = types_without_owner(looking, i);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t below = 0;
        if (types[i] == 0 || said[i])
            continue;
        for (uint32_t j = i + 1; j < category_limit(city, (struct category){i}); j++) {
            said[j] |= types[j] == types[i];
            below += types[j] == types[i];
        }
        add_unowned(looking, i, types[i], below);
    }
}

/* -- functions and units ----------------------------------------------------------------------- */

static void add_unreached(struct looking *looking, uint32_t function)
{
    struct span code = function_code(looking->city, (struct function){function});
    struct check_finding *finding =
        looking_add_line(looking, "functions.csv", code, FLAW_UNREACHED, SEVERITY_WARNING);
    finding->about = findings_print(looking->findings, "%.*s", SPAN_ARG(code));
    finding->text = findings_print(
        looking->findings, "no row names %.*s %.*s, so its units never get a case", SPAN_ARG(code),
        SPAN_ARG(function_name(looking->city, (struct function){function})));
    finding->remedy = "name it in the rows of its duty, or take it out of functions.csv";
    finding->shows = "there is no case to show, which is what is wrong";
}

struct tally {
    uint32_t units, missed;
    struct unit first;
};

static void add_missed(struct looking *looking, uint32_t function, uint32_t tier,
                       struct tally tally)
{
    const struct city *city = looking->city;
    struct span code = function_code(city, (struct function){function});
    struct check_finding *finding =
        looking_add_line(looking, "functions.csv", code, FLAW_UNREACHED, SEVERITY_WARNING);
    finding->about =
        findings_print(looking->findings, "%.*s.%s", SPAN_ARG(code), word_name(&tier_words, tier));
    finding->text = findings_print(
        looking->findings,
        "%u of the %u units of %.*s at the tier %s get no case by any row, such as %.*s %.*s",
        tally.missed, tally.units, SPAN_ARG(code), word_name(&tier_words, tier),
        SPAN_ARG(unit_key(city, tally.first)), SPAN_ARG(unit_name(city, tally.first)));
    finding->remedy = "let a row ask for this tier and these places, or take the units out";
    finding->shows = "there is no case to show, which is what is wrong";
}

static void look_at_units(struct looking *looking, const struct posts *posts)
{
    const struct city *city = looking->city;
    for (uint32_t f = 0; f < city_functions(city); f++) {
        struct tally tallies[TIER_COUNT] = {0};
        for (uint32_t i = 0; i < city_units(city); i++) {
            struct unit unit = {i};
            if (unit_function(city, unit).index != f)
                continue;
            struct tally *tally = &tallies[place_tier(city_places(city), unit_place(city, unit))];
            tally->units++;
            if (!posts_reach(posts, unit) && tally->missed++ == 0)
                tally->first = unit;
        }
        if (!posts_name(posts, (struct function){f})) {
            add_unreached(looking, f);
            continue;
        }
        for (uint32_t tier = TIER_CITY; tier < TIER_COUNT; tier++)
            if (tallies[tier].missed > 0)
                add_missed(looking, f, tier, tallies[tier]);
    }
}

void look_for_owners(struct looking *looking)
{
    bool named = false;
    for (uint32_t i = 0; i < looking->tables_count; i++)
        named |= posts_names_main(&looking->tables[i]);
    if (!named)
        return; /* a book that assigns nothing leaves all to the desk, and says so */
    look_at_categories(looking);
    look_at_units(looking, looking->posts);
}
