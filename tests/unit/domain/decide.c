/* Decisions: the climb from a place to a unit, who else gets a part, and what ends at the desk.
 *
 * Facts go in and units come out, as text: "main 511126000000.urban < 511126001000 511126000000" is
 * the main unit and the places tried. The small city has no roads at 511102, and urban, police and
 * roads in counties only.
 */
#include "domain/decide.h"
#include "domain/rules/scratch.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct small_city small;
static struct policy policy;

static void set_up(void)
{
    small_city_make(&small);
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(decide, .init = set_up, .fini = tear_down);

/* A book of one table, in which the category decides. */
static void use_rows(const char *rows)
{
    char text[2048];
    snprintf(text, sizeof text,
             "F,,,,,,\n,in:category,out:function,out:tier,out:co,out:informed,out:reporter\n"
             ",category,function,tier,function,function,reporter\n%s",
             rows);
    small_city_write(&small, "book", "table,note\nassign,\n");
    small_city_write(&small, "assign", text);
    policy = (struct policy){.city = small.city};
    policy.rules = rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(policy.rules, "%s", small_city_finding(&small, 0));
    small_city_scratch(&small, policy.rules);
}

static struct facts facts_of(const char *category, const char *place)
{
    struct facts facts = small_city_facts();
    if (category != NULL)
        facts.category = small_city_category(&small, category);
    if (place != NULL)
        facts.place = small_city_place(&small, place);
    return facts;
}

static struct decision decide_facts(struct facts facts, const struct excluded *excluded)
{
    struct decision decision;
    memset(&decision, 0xA5, sizeof decision);
    decide(&policy, &facts, excluded, small.scratch, &decision);
    return decision;
}

static const char *show(const struct decision *decision)
{
    static char text[1024];
    size_t used = 0;
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        const struct assignment *assignment = &decision->assignments[i];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %.*s", i > 0 ? ", " : "",
                                 word_name(&role_words, (uint32_t)assignment->role),
                                 SPAN_ARG(unit_key(small.city, assignment->unit)));
    }
    used += (size_t)snprintf(text + used, sizeof text - used, " <");
    for (uint32_t i = 0; i < decision->climb_count; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, " %.*s",
                             SPAN_ARG(place_code12(city_places(small.city), decision->climb[i])));
    return text;
}

static void expect(const char *category, const char *place, const char *units)
{
    struct decision decision = decide_facts(facts_of(category, place), NULL);
    cr_expect_str_eq(show(&decision), units, "%s at %s: %s", category, place ? place : "no place",
                     show(&decision));
}

Test(decide, the_climb_starts_at_the_tier_asked_for)
{
    use_rows("v,#0101,general,village,-,-,-\n"
             "t,#0102,general,township,-,-,-\n"
             "c,#02,general,county,-,-,-\n"
             "y,#03,general,city,-,-,-\n");
    static const char village[] = "511126001201";
    expect("0101", village, "main 511126001201.general < 511126001201");
    expect("0102", village, "main 511126001000.general < 511126001000");
    expect("02", village, "main 511126000000.general < 511126000000");
    expect("03", village, "main 511100000000.general < 511100000000");
    /* A place coarser than the tier asked for is taken as it is. */
    expect("0101", "511126001", "main 511126001000.general < 511126001000");
    expect("0101", "511126", "main 511126000000.general < 511126000000");
    expect("0102", "5111", "main 511100000000.general < 511100000000");
    /* Without a place it begins at the city. */
    expect("0101", NULL, "main 511100000000.general < 511100000000");
}

Test(decide, where_nobody_has_the_function_it_climbs_on)
{
    use_rows("v,#01,urban,village,-,-,-\n"
             "r,#02,roads,county,-,-,-\n"
             "f,#03,fund,village,-,-,-\n");
    expect("01", "511126001201",
           "main 511126000000.urban < 511126001201 511126001000 511126000000");
    expect("02", "511126001201", "main 511126000000.roads < 511126000000");
    expect("02", "511102101201", "main 511100000000.roads < 511102000000 511100000000");
    expect("03", "511102101201",
           "main 511100000000.fund < 511102101201 511102101000 511102000000 511100000000");
}

Test(decide, others_are_found_by_the_same_climb_and_nobody_twice)
{
    use_rows("a,#01,urban,township,\"police, roads, urban, police\",\"general, police, desk\",-\n"
             "b,#02,general,village,general,\"urban, general\",-\n"
             "c,#03,urban,county,\"police, roads, general, fund\",\"desk\",-\n");
    expect("01", "511102101201",
           "main 511102000000.urban, co 511102000000.police, co 511100000000.roads, "
           "informed 511102101000.general, informed 511100000000.desk"
           " < 511102101000 511102000000");
    expect("02", "511126001201",
           "main 511126001201.general, informed 511126000000.urban < 511126001201");
    expect("03", "511126",
           "main 511126000000.urban, co 511126000000.police, co 511126000000.roads, "
           "co 511126000000.general, co 511100000000.fund, informed 511100000000.desk"
           " < 511126000000");
}

Test(decide, where_more_are_named_than_there_is_room_for_it_is_the_desks)
{
    use_rows(
        "a,#01,urban,city,\"police, roads, general, fund\",\"health, labour, water\",-\n"
        "b,#02,urban,city,\"police, roads, general, fund\",\"health, labour, water, desk\",-\n"
        "c,#03,urban,city,\"police, roads, general, fund\",\"health, labour, water, urban\",-\n");
    struct decision decision = decide_facts(facts_of("01", NULL), NULL);
    cr_expect_eq(decision.assignments_count, ASSIGNMENTS_MAX);
    cr_expect_eq(decision.doubts, 0);
    expect("02", NULL, "main 511100000000.desk < 511100000000");
    cr_expect_eq(decide_facts(facts_of("02", NULL), NULL).doubts, DOUBT_CROWDED);
    decision = decide_facts(facts_of("03", NULL), NULL);
    cr_expect_eq(decision.doubts, 0, "one is named twice");
}

Test(decide, who_returned_it_does_not_get_it_again)
{
    use_rows("a,#01,general,village,urban,police,-\n");
    struct facts facts = facts_of("01", "511126001201");
    struct excluded excluded = {.count = 0};
    static const char *const climb[] = {"511126001201.general", "511126001000.general",
                                        "511126000000.general", "511100000000.general"};
    for (uint32_t i = 0; i < 4; i++) {
        struct decision decision = decide_facts(facts, &excluded);
        struct unit unit = decision.assignments[0].unit;
        cr_expect(span_is(unit_key(small.city, unit), climb[i]), "%s", show(&decision));
        cr_expect_eq(decision.climb_count, i + 1);
        cr_expect_eq(decision.doubts, 0);
        excluded.units[excluded.count++] = unit;
    }
    struct decision decision = decide_facts(facts, &excluded);
    cr_expect_str_eq(show(&decision), "main 511100000000.desk < 511126001201 511126001000 "
                                      "511126000000 511100000000");
    cr_expect_eq(decision.doubts, DOUBT_NO_UNIT);

    /* Nor as a co-unit: it climbs past the county that returned it. */
    excluded.count = 1;
    excluded.units[0] = city_unit_by_key(small.city, span_of_string("511126000000.urban"));
    decision = decide_facts(facts, &excluded);
    cr_expect(strstr(show(&decision), "co 511100000000.urban") != NULL, "%s", show(&decision));
}

Test(decide, every_doubt_goes_to_the_desk_and_nobody_beside_it)
{
    use_rows("a,#01,urban,county,police,general,shown\n"
             "b,#02,-,county,police,general,-\n");
    static const char desk[] = "main 511100000000.desk < 511100000000";
    struct decision decision;
    for (uint32_t bit = 0; bit < DOUBTS; bit++) {
        struct facts facts = facts_of("01", "511126");
        facts.doubts = 1U << bit;
        decision = decide_facts(facts, NULL);
        cr_expect_str_eq(show(&decision), desk);
        cr_expect_eq(decision.doubts, 1U << bit);
        cr_expect_neq(doubt_text((enum doubt)(1U << bit))[0], '\0');
    }
    decision = decide_facts(facts_of("03", "511126"), NULL);
    cr_expect_str_eq(show(&decision), desk, "no row matched");
    cr_expect_eq(decision.doubts, DOUBT_NO_RULE);
    cr_expect_eq(decision.rows_count, 0);
    decision = decide_facts(facts_of("02", "511126"), NULL);
    cr_expect_str_eq(show(&decision), desk, "no function was said");
    cr_expect_eq(decision.doubts, DOUBT_NO_RULE);

    /* The desk has it even where it is excluded: somebody must. */
    struct excluded excluded = {.units = {decision.assignments[0].unit}, .count = 1};
    decision = decide_facts(facts_of("02", "511126"), &excluded);
    cr_expect_str_eq(show(&decision), desk);
}

Test(decide, the_record_says_what_was_asked_and_by_which_row)
{
    small_city_write(&small, "co", "F,,\n,in:type,out:co\n,type,function\nx,complaint,police\n");
    small_city_write(&small, "who",
                     "F,,,\n,in:line,out:category,out:function\n,line,,function\n"
                     "y,-,#0102,urban\n");
    small_city_write(&small, "book", "table,note\nco,\nwho,\n");
    policy = (struct policy){.city = small.city};
    policy.rules = rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(policy.rules, "%s", small_city_finding(&small, 0));
    small_city_scratch(&small, policy.rules);

    struct decision decision = decide_facts(facts_of("01", "511126001"), NULL);
    cr_expect_eq(decision.place.index, small_city_place(&small, "511126001").index);
    cr_expect_eq(decision.category.index, small_city_category(&small, "0102").index);
    cr_expect(span_is(function_code(small.city, decision.function), "urban"));
    cr_expect_eq(decision.tier, TIER_CITY, "the city, where the book does not say");
    cr_expect_eq(decision.rows_count, 2);
    cr_assert_eq(decision.assignments_count, 2);
    cr_expect_eq(decision.assignments[0].row, 1, "the main unit by who/y");
    cr_expect_eq(decision.assignments[1].row, 0, "the co-unit by co/x");
    decision = decide_facts(facts_of("01", NULL), NULL);
    cr_expect_eq(decision.place.index, 0);

    /* One table that has nothing to say is a doubt, though another named the function. */
    struct facts praise = facts_of("01", "511126001");
    praise.type = TYPE_PRAISE;
    decision = decide_facts(praise, NULL);
    cr_expect_str_eq(show(&decision), "main 511100000000.desk < 511100000000");
    cr_expect_eq(decision.doubts, DOUBT_NO_RULE);
}

Test(decide, the_reporter_is_shown_where_the_book_says_so_and_never_for_a_report)
{
    use_rows("a,#01,urban,county,-,-,shown\n"
             "b,#02,urban,county,-,-,withheld\n"
             "c,#03,urban,county,-,-,-\n");
    struct facts facts = facts_of("01", "511126");
    cr_expect(decide_facts(facts, NULL).reporter_shown);
    cr_expect_not(decide_facts(facts_of("02", "511126"), NULL).reporter_shown);
    cr_expect_not(decide_facts(facts_of("03", "511126"), NULL).reporter_shown);
    facts.secret = true;
    cr_expect_not(decide_facts(facts, NULL).reporter_shown);
    facts.secret = false;
    facts.type = TYPE_REPORT;
    cr_expect_not(decide_facts(facts, NULL).reporter_shown);
}

/* What was tied once is settled by a later table, and nobody is asked to choose any more. */
Test(decide, candidates_are_named_only_where_there_is_no_category)
{
    struct facts facts = small_city_facts();
    struct span text = span_of_string("又吵又脏");
    small_city_write(&small, "assign",
                     "F,,\n,in:category,out:function\n,category,function\n"
                     "a,#03,fund\nelse,-,desk\n");
    small_city_write(&small, "words",
                     "C+,,,\n,in:text,out:category,out:weight\n,,category,number\n"
                     "noise,any(吵),#01,5\ndirt,any(脏),#02,5\n");
    small_city_write(&small, "settle",
                     "F,,\n,in:channel,out:category\n,channel,category\nx,wechat,#03\nelse,-,-\n");
    small_city_write(&small, "book", "table,note\nwords,\nsettle,\nassign,\n");
    policy = (struct policy){.city = small.city};
    policy.rules = rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(policy.rules, "%s", small_city_finding(&small, 0));
    small_city_scratch(&small, policy.rules);
    for (int settled = 0; settled < 2; settled++) {
        facts.channel = settled ? CHANNEL_WECHAT : CHANNEL_PHONE;
        facts.hits = text_scan(small.scratch->text, &text, 1);
        struct decision decision = decide_facts(facts, NULL);
        cr_expect_eq(decision.category_candidates_count, settled ? 0 : 2);
        cr_expect_eq(decision.doubts, settled ? 0 : DOUBT_CATEGORY_UNCLEAR);
    }
}

/* Triage by type before assign by category. */
static void use_triage(const char *triage, const char *assign)
{
    char text[2048];
    snprintf(text, sizeof text,
             "F,,,,,,,\n,in:type,in:earlier,out:disposition,out:advice,out:tier,out:informed,"
             "out:limit\n,type,earlier,disposition,text,tier,function,limit\n%s",
             triage);
    use_rows(assign);
    small_city_write(&small, "triage", text);
    small_city_write(&small, "book", "table,note\ntriage,\nassign,\n");
    policy.rules = rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(policy.rules, "%s", small_city_finding(&small, 0));
}

Test(decide, what_is_not_dispatched_is_the_desks_and_those_are_informed_whom_triage_names)
{
    use_triage("spot,enquiry,-,on_the_spot,-,-,-,-\n"
               "fire,help,-,transfer,119，马上,county,police,-\n"
               "court,complaint,-,redirect,请向人民法院起诉,-,-,-\n"
               "else,-,-,dispatch,-,-,-,7wd\n",
               "a,#01,urban,village,police,general,shown\n");
    struct facts facts = facts_of("01", "511126001201");
    facts.type = TYPE_ENQUIRY;
    struct decision decision = decide_facts(facts, NULL);
    cr_expect_eq(decision.disposition, DISPOSITION_ON_THE_SPOT);
    cr_expect_str_eq(show(&decision), "main 511100000000.desk < 511100000000");
    cr_expect_eq(decision.rows_count, 2, "it is still classified");
    cr_expect_not(decision.reporter_shown);

    facts.type = TYPE_HELP;
    decision = decide_facts(facts, NULL);
    cr_expect_eq(decision.disposition, DISPOSITION_TRANSFER);
    cr_expect(span_is(decision.advice, "119，马上"), "the whole cell, as written");
    cr_expect_str_eq(show(&decision), "main 511100000000.desk, informed 511126000000.police "
                                      "< 511100000000");

    facts.type = TYPE_COMPLAINT;
    facts.doubts = DOUBT_PLACE_AMBIGUOUS;
    decision = decide_facts(facts, NULL);
    cr_expect_eq(decision.disposition, DISPOSITION_REDIRECT);
    cr_expect_eq(decision.doubts, 0, "who is not sent anywhere needs no place");

    facts.type = TYPE_SUGGESTION;
    facts.doubts = 0;
    decision = decide_facts(facts, NULL);
    cr_expect_eq(decision.disposition, DISPOSITION_DISPATCH);
    cr_expect(strstr(show(&decision), "main 511126000000.urban") != NULL, "%s", show(&decision));
    cr_expect(decision.reporter_shown);
    cr_expect_eq(decision.limit.count, 7);
}

Test(decide, a_desk_that_got_it_for_want_of_a_category_has_a_doubt)
{
    use_rows("a,#01,urban,county,-,-,-\nelse,-,desk,city,-,-,-\n");
    struct decision decision = decide_facts(facts_of(NULL, "511126"), NULL);
    cr_expect_eq(decision.doubts, DOUBT_CATEGORY_UNCLEAR);
    decision = decide_facts(facts_of("02", "511126"), NULL);
    cr_expect_eq(decision.doubts, 0, "the book means it for the desk");
}

static struct facts report_about(const char *category, const char *place, const char *unit)
{
    struct facts facts = facts_of(category, place);
    facts.type = TYPE_REPORT;
    facts.respondent = RESPONDENT_UNIT;
    facts.about = city_unit_by_key(small.city, span_of_string(unit));
    cr_assert_neq(facts.about.index, UNIT_NONE.index);
    return facts;
}

Test(decide, a_report_goes_past_whom_it_is_about_and_all_below)
{
    use_rows("a,#01,urban,county,general,\"police, general\",-\n"
             "b,#02,general,village,urban,-,-\n"
             "c,#03,fund,city,-,-,-\n");
    struct decision decision =
        decide_facts(report_about("01", "511126001201", "511126000000.urban"), NULL);
    cr_expect_str_eq(show(&decision),
                     "main 511100000000.urban, co 511126000000.general, informed "
                     "511126000000.police < 511126000000 511100000000",
                     "%s", show(&decision));
    cr_expect_eq(decision.kept_from.index,
                 city_unit_by_key(small.city, span_of_string("511126000000.urban")).index);

    /* A government: whatever stands in its place stands below it. */
    decision = decide_facts(report_about("01", "511126001201", "511126000000.general"), NULL);
    cr_expect_str_eq(show(&decision),
                     "main 511100000000.urban, co 511100000000.general, informed "
                     "511100000000.police < 511126000000 511100000000",
                     "%s", show(&decision));
    decision = decide_facts(report_about("02", "511126001201", "511126001000.general"), NULL);
    cr_expect_str_eq(show(&decision),
                     "main 511126000000.general, co 511126000000.urban < 511126001201 "
                     "511126001000 511126000000",
                     "%s", show(&decision));

    /* Nobody is above the city; the desk has it. */
    decision = decide_facts(report_about("03", "511126", "511100000000.fund"), NULL);
    cr_expect_str_eq(show(&decision), "main 511100000000.desk < 511100000000");
    cr_expect_eq(decision.doubts, DOUBT_NO_UNIT);

    /* Nor does a complaint reach it; a call for help does. */
    struct facts facts = report_about("03", "511126", "511100000000.fund");
    facts.type = TYPE_COMPLAINT;
    decision = decide_facts(facts, NULL);
    cr_expect_str_eq(show(&decision), "main 511100000000.desk < 511100000000");
    facts.type = TYPE_HELP;
    decision = decide_facts(facts, NULL);
    cr_expect_str_eq(show(&decision), "main 511100000000.fund < 511100000000");
    cr_expect_eq(decision.kept_from.index, UNIT_NONE.index);
}

Test(decide, dues_are_counted_in_working_days_or_by_the_clock)
{
    /* 2026-11-26 10:00 in China, a Thursday; Friday and Saturday are worked, Sunday is not. */
    enum { HOUR_MS = 3600 * 1000 };
    static const int64_t now_ms = 1795658400000;
    struct decision decision = {
        .disposition = DISPOSITION_DISPATCH,
        .limit = {.count = 2},
        .sign_limit = {.natural = true, .count = 120},
    };
    policy = (struct policy){.city = small.city};
    struct dues dues = decide_dues(&policy, &decision, now_ms);
    cr_expect_eq(dues.issued_ms, now_ms);
    cr_expect_eq(dues.due_ms, now_ms + (14 + 2 * 24) * HOUR_MS, "the end of Saturday");
    cr_expect_eq(dues.sign_by_ms, now_ms + 2 * HOUR_MS);
    cr_expect_not(dues.provisional);
    decision.limit.count = 3;
    dues = decide_dues(&policy, &decision, now_ms);
    cr_expect_eq(dues.due_ms, now_ms + (14 + 4 * 24) * HOUR_MS, "Monday, beyond the calendar");
    cr_expect(dues.provisional);
    decision.disposition = DISPOSITION_REDIRECT;
    dues = decide_dues(&policy, &decision, now_ms);
    cr_expect_eq(dues.due_ms, 0);
    cr_expect_eq(dues.sign_by_ms, 0);
}
