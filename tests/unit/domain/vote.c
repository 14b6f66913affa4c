/* How weights find a category: small votes that one can follow, and then random ones against the
 * obvious way, which adds up anew for each code. The tree has 2 and 3 levels and ties in all of
 * them. */
#include "domain/rules/vote.h"
#include "tests/support/city_file.h"
#include "bench/slow_match.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct small_city small;
static struct vote *vote;

static const char categories[] = "code,name\n"
                                 "#01,城市管理\n#0101,市容\n#010101,占道\n#010102,广告\n"
                                 "#0102,环卫\n#010201,垃圾\n#010202,公厕\n"
                                 "#02,公积金\n#0201,提取\n#0202,贷款\n"
                                 "#03,其他\n#04,供水\n#05,供电\n#06,供气\n";

static void set_up(void)
{
    small_city_make(&small);
    city_file_write_text(&small, "categories.csv", categories);
    small.city = city_load(folder_of(small.directory), small.arena, small.diag);
    cr_assert_not_null(small.city);
    vote = vote_create(small.city, small.arena);
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(vote, .init = set_up, .fini = tear_down);

/* A table of rows "category,weight", which all hold; by C# the weights are notes. */
static const struct table *table_by(const char *policy, const char *rows)
{
    char text[8192];
    snprintf(text, sizeof text, "%s,,,\n,in:hour,out:category,%s:weight\n,number,,\n%s", policy,
             strcmp(policy, "C#") == 0 ? "note" : "out", rows);
    const struct table *table = small_city_table(&small, text);
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    return table;
}

static const struct table *table_of(const char *rows)
{
    return table_by("C+", rows);
}

static struct vote_result count_all(const struct table *table)
{
    uint32_t rows[64];
    struct vote_result result;
    cr_assert_leq(table->rows_count, 64);
    for (uint32_t i = 0; i < table->rows_count; i++)
        rows[i] = i;
    memset(&result, 0xA5, sizeof result);
    vote_count(vote, table->hit_policy, vote_ballots(table, small.arena),
               (struct match_rows){rows, table->rows_count}, &result);
    return result;
}

static struct span code_of(struct category category)
{
    return category.index == CATEGORY_NONE.index ? span_of_string("")
                                                 : category_code(small.city, category);
}

/* "010101 by 2", "- by 0: 01 02": the category, its row, and the candidates. */
static const char *show(const struct vote_result *result)
{
    static char text[256];
    struct span code = code_of(result->category);
    size_t used = (size_t)snprintf(text, sizeof text, "%.*s by %d%s",
                                   SPAN_ARG(code.bytes > 0 ? code : span_of_string("-")),
                                   (int)result->row, result->candidates_count > 0 ? ":" : "");
    for (uint32_t i = 0; i < result->candidates_count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, " %.*s",
                                 SPAN_ARG(code_of(result->candidates[i])));
    return text;
}

static void expect_by(const char *policy, const char *rows, const char *shown)
{
    struct vote_result result = count_all(table_by(policy, rows));
    cr_expect_str_eq(show(&result), shown, "%s, not %s, by %s for\n%s", show(&result), shown,
                     policy, rows);
}

static void expect(const char *rows, const char *shown)
{
    expect_by("C+", rows, shown);
}

Test(vote, one_row_decides_where_it_stands_alone)
{
    expect("a,-,#010102,1\n", "010102 by 0");
    expect("a,-,#0102,100\n", "0102 by 0");
    expect("a,-,#03,5\n", "03 by 0");
}

Test(vote, a_subtree_weighs_what_its_rows_weigh_together)
{
    expect("a,-,#0201,5\nb,-,#010101,2\nc,-,#0102,2\nd,-,#01,2\n", "01 by 1: 010101 0102");
    expect("a,-,#0201,5\nb,-,#010101,3\nc,-,#0102,2\nd,-,#01,1\n", "010101 by 1");
    expect("a,-,#0101,9\nb,-,#010202,1\nc,-,#010201,9\n", "010201 by 2");
}

Test(vote, what_stands_above_does_not_stop_the_way_down)
{
    expect("a,-,#01,50\nb,-,#010101,1\n", "010101 by 1");
}

Test(vote, a_tie_below_the_top_stays_above_it)
{
    expect("a,-,#0201,5\nb,-,#0202,5\n", "02 by 0: 0201 0202");
    expect("a,-,#010101,5\nb,-,#010102,5\nc,-,#0102,9\n", "0101 by 0: 010101 010102");
}

Test(vote, a_tie_at_the_top_has_candidates_but_no_category)
{
    expect("a,-,#03,5\nb,-,#010101,5\n", "- by 1: 010101 03");
    expect("a,-,#0201,2\nb,-,#0202,3\nc,-,#01,5\n", "- by 2: 01 0202");
    expect("a,-,#0201,2\nb,-,#0202,2\nc,-,#01,4\n", "- by 2: 01 02");
    expect("a,-,#06,1\nb,-,#05,1\nc,-,#04,1\nd,-,#03,1\ne,-,#02,1\nf,-,#01,1\n",
           "- by 5: 01 02 03 04");
}

Test(vote, of_rows_alike_the_first_in_the_file_is_cited)
{
    expect("a,-,#0101,2\nb,-,#010101,3\nc,-,#010101,3\n", "010101 by 1");
}

Test(vote, no_row_is_no_category)
{
    struct vote_result result;
    vote_count(vote, HIT_SUM, vote_ballots(table_of("a,-,#01,1\n"), small.arena),
               (struct match_rows){.count = 0}, &result);
    cr_expect_str_eq(show(&result), "- by -1");
}

Test(vote, by_number_each_row_counts_one)
{
    expect_by("C#", "a,-,#0201,100\nb,-,#010101,1\nc,-,#0102,1\n", "01 by 1: 010101 0102");
    expect_by("C#", "a,-,#0201,100\nb,-,#010101,1\nc,-,#010102,1\nd,-,#010102,1\n", "010102 by 2");
    expect_by("C#", "a,-,#02,9\nb,-,#03,1\n", "- by 0: 02 03");
}

Test(vote, by_the_greatest_many_weak_rows_do_not_beat_a_strong_one)
{
    expect_by("C>", "a,-,#0201,5\nb,-,#010101,4\nc,-,#0102,4\nd,-,#01,4\n", "0201 by 0");
    expect_by("C>", "a,-,#0201,5\nb,-,#010101,6\nc,-,#0102,6\n", "01 by 1: 010101 0102");
    expect_by("C>", "a,-,#02,5\nb,-,#0101,5\nc,-,#010101,1\n", "- by 2: 010101 02");
    expect_by("C>", "a,-,#01,50\nb,-,#010101,1\nc,-,#0102,2\n", "0102 by 2");
}

Test(vote, votes_go_the_obvious_way)
{
    static const char *const policies[] = {"C+", "C#", "C>"};
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "vote: SEED=%u\n", seed);
    srandom(seed);
    for (int i = 0; i < 2000; i++) {
        char rows[2048] = "";
        size_t used = 0;
        for (long r = 0, count = 1 + random() % 20; r < count; r++)
            used += (size_t)snprintf(
                rows + used, sizeof rows - used, "r%ld,-,#%.*s,%ld\n", r,
                SPAN_ARG(category_code(small.city, (struct category){(uint32_t)random() %
                                                                     city_categories(small.city)})),
                1 + random() % 3);
        const struct table *table = table_by(policies[i % 3], rows);
        struct vote_result result = count_all(table);
        struct span slow =
            slow_vote(small.city, table,
                      (struct slow_case){.values = (uint32_t[INPUT_COUNT]){[INPUT_HOUR] = 1}});
        cr_assert(span_equal(code_of(result.category), slow), "%s, not %.*s; seed %u for\n%s",
                  show(&result), SPAN_ARG(slow), seed, rows);
    }
}
