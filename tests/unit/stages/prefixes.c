/* Subscriptions on the feed socket: what is kept of them, and which topics they want. */
#include "stages/prefixes.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>

static struct arena *arena;
static struct prefixes *prefixes;

static void set_up(void)
{
    arena = arena_create();
    prefixes = prefixes_create(arena);
    arena_seal(arena);
}

static void tear_down(void)
{
    arena_destroy(&arena);
}

TestSuite(prefixes, .init = set_up, .fini = tear_down);

static void add(const char *prefix)
{
    prefixes_add(prefixes, span_of_string(prefix));
}

static void take_away(const char *prefix)
{
    prefixes_remove(prefixes, span_of_string(prefix));
}

static bool want(const char *unit)
{
    return prefixes_overflowed(prefixes) ||
           prefixes_longest(prefixes, span_of_string(unit)) != PREFIX_NONE;
}

static bool covers(const char *prefix, const char *unit)
{
    return prefix_covers(span_of_string(prefix), span_of_string(unit));
}

static bool has(const char *prefix)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < prefixes_limit(prefixes); i++)
        found += prefixes_has(prefixes, i) && span_is(prefixes_at(prefixes, i), prefix);
    cr_expect_leq(found, 1);
    return found == 1;
}

Test(prefixes, a_prefix_covers_the_units_whose_topics_begin_with_it)
{
    static const char *const covering[] = {"",
                                           "u",
                                           "unit",
                                           "unit.",
                                           "unit.5",
                                           "unit.511126",
                                           "unit.511126000000.",
                                           "unit.511126000000.urban"};
    static const char *const others[] = {"x",
                                         "unix",
                                         "units",
                                         "Unit.",
                                         ".",
                                         "511126000000.urban",
                                         "topic511126000000.urban",
                                         "unit..",
                                         "unit.6",
                                         "unit.511126000000.urbans",
                                         "unit.511126000000.water"};
    for (size_t i = 0; i < sizeof covering / sizeof covering[0]; i++)
        cr_expect(covers(covering[i], "511126000000.urban"), "'%s'", covering[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        cr_expect(!covers(others[i], "511126000000.urban"), "'%s'", others[i]);
}

Test(prefixes, a_prefix_says_how_the_keys_below_it_begin)
{
    cr_expect_eq(prefix_key(span_of_string("")).bytes, 0);
    cr_expect_eq(prefix_key(span_of_string("uni")).bytes, 0);
    cr_expect_eq(prefix_key(span_of_string("unit.")).bytes, 0);
    cr_expect(span_is(prefix_key(span_of_string("unit.5")), "5"));
    cr_expect(span_is(prefix_key(span_of_string("unit.511126000000.urban")), "511126000000.urban"));
}

Test(prefixes, a_topic_is_below_every_prefix_of_itself_and_no_other)
{
    const char *const unit = "511126000000.urban";
    char topic[PREFIX_BYTES_MAX];
    struct span whole = prefix_topic(span_of_string(unit), topic);
    cr_assert(span_is(whole, "unit.511126000000.urban"));
    for (size_t bytes = 0; bytes <= whole.bytes; bytes++) {
        cr_expect(prefix_covers(span_of(topic, bytes), span_of_string(unit)), "%zu", bytes);
        if (bytes == 0)
            continue;
        topic[bytes - 1] ^= 1;
        cr_expect(!prefix_covers(span_of(topic, bytes), span_of_string(unit)), "%zu", bytes);
        topic[bytes - 1] ^= 1;
    }
}

Test(prefixes, nobody_wants_anything_at_first)
{
    cr_expect_eq(prefixes_count(prefixes), 0);
    cr_expect(!want("511126000000.urban"));
    cr_expect(!want(""));
}

Test(prefixes, a_unit_is_wanted_while_some_prefix_covers_it)
{
    add("unit.511126");
    add("unit.511126000000.urban");
    add("unit.511102");
    cr_expect(want("511126000000.urban") && want("511126000000.water"));
    cr_expect(!want("511100000000.desk"));
    take_away("unit.511126");
    cr_expect(want("511126000000.urban") && !want("511126000000.water"));
    take_away("unit.511126000000.urban");
    cr_expect(!want("511126000000.urban"));
    cr_expect(want("511102000000.police"));
}

Test(prefixes, the_empty_prefix_wants_everything)
{
    add("");
    cr_expect_eq(prefixes_count(prefixes), 1);
    cr_expect_eq(prefixes_at(prefixes, 0).bytes, 0);
    cr_expect(want("511126000000.urban"));
    take_away("");
    cr_expect(!want("511126000000.urban"));
}

Test(prefixes, each_is_kept_once_and_in_some_order)
{
    add("unit.1");
    add("unit.2");
    add("unit.1");
    add("unit.3");
    cr_expect_eq(prefixes_count(prefixes), 3);
    take_away("unit.1");
    cr_expect_eq(prefixes_count(prefixes), 2);
    cr_expect(!has("unit.1") && has("unit.2") && has("unit.3"));
    take_away("unit.1");
    take_away("unit.");
    cr_expect_eq(prefixes_count(prefixes), 2);
    add("unit.1");
    cr_expect(has("unit.1") && has("unit.2") && has("unit.3"));
}

Test(prefixes, an_index_stays_while_others_come_and_go)
{
    uint32_t first = prefixes_add(prefixes, span_of_string("unit.1"));
    uint32_t second = prefixes_add(prefixes, span_of_string("unit.2"));
    uint32_t third = prefixes_add(prefixes, span_of_string("unit.3"));
    cr_expect_eq(prefixes_add(prefixes, span_of_string("unit.2")), second);
    cr_expect_eq(prefixes_remove(prefixes, span_of_string("unit.1")), first);
    cr_expect_eq(prefixes_remove(prefixes, span_of_string("unit.1")), PREFIX_NONE);
    cr_expect(!prefixes_has(prefixes, first));
    cr_expect(span_is(prefixes_at(prefixes, second), "unit.2"));
    cr_expect(span_is(prefixes_at(prefixes, third), "unit.3"));
    cr_expect_eq(prefixes_add(prefixes, span_of_string("unit.4")), first);
    cr_expect_eq(prefixes_remove(prefixes, span_of_string("unit.3")), third);
    cr_expect_eq(prefixes_limit(prefixes), third);
    cr_expect(!prefixes_has(prefixes, third));
}

Test(prefixes, the_longest_that_covers_a_unit_is_found)
{
    static const char *const added[] = {"unit.511126", "", "unit.511126000000.urban", "unit.5111"};
    static const struct {
        const char *unit, *longest;
    } expected[] = {{"511126000000.urban", "unit.511126000000.urban"},
                    {"511126000000.water", "unit.511126"},
                    {"511102000000.urban", "unit.5111"},
                    {"510000000000.urban", ""}};
    for (size_t i = 0; i < sizeof added / sizeof added[0]; i++)
        add(added[i]);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        uint32_t longest = prefixes_longest(prefixes, span_of_string(expected[i].unit));
        cr_expect(span_is(prefixes_at(prefixes, longest), expected[i].longest), "%s",
                  expected[i].unit);
    }
    take_away("");
    cr_expect_eq(prefixes_longest(prefixes, span_of_string("510000000000.urban")), PREFIX_NONE);
}

static void fill(void)
{
    char prefix[PREFIX_BYTES_MAX];
    for (int i = 0; i < PREFIXES_MAX; i++) {
        snprintf(prefix, sizeof prefix, "unit.%06d", i);
        add(prefix);
    }
    cr_assert_eq(prefixes_count(prefixes), PREFIXES_MAX);
}

Test(prefixes, the_last_one_that_there_is_room_for_is_like_any_other)
{
    fill();
    add("unit.000007");
    cr_expect(want("008191"));
    cr_expect(!want("008192"));
    take_away("unit.000007");
    cr_expect(!want("000007"));
    add("unit.x");
    cr_expect(want("x") && !want("y"));
}

Test(prefixes, one_too_many_makes_every_topic_wanted_from_then_on)
{
    fill();
    add("unit.x");
    cr_expect_eq(prefixes_count(prefixes), PREFIXES_MAX);
    cr_expect(!has("unit.x"));
    cr_expect(want("x") && want("y") && want("000001"));
    take_away("unit.x");
    take_away("unit.000001");
    cr_expect(want("x") && want("y") && want("000001"));
    cr_expect_eq(prefixes_count(prefixes), PREFIXES_MAX - 1);
}

Test(prefixes, the_longest_prefix_is_kept_whole)
{
    char longest[PREFIX_BYTES_MAX + 1];
    memset(longest, 'x', PREFIX_BYTES_MAX);
    longest[PREFIX_BYTES_MAX] = '\0';
    add(longest);
    cr_expect(has(longest));
    take_away(longest);
    cr_expect_eq(prefixes_count(prefixes), 0);
}

Test(prefixes, a_longer_prefix_is_a_bug, .signal = SIGABRT)
{
    char longer[PREFIX_BYTES_MAX + 1] = {0};
    prefixes_add(prefixes, span_of(longer, sizeof longer));
}

Test(prefixes, an_index_without_a_prefix_is_a_bug, .signal = SIGABRT)
{
    add("unit.");
    prefixes_at(prefixes, 1);
}
