/* What two policies have in common: the facts of a case are found once, and both decide by them as
 * if each had found its own. */
#include "domain/alike.h"
#include "domain/decide.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>

static const char first_words[] = "C+,关键词,事项,权重\n,in:text,out:category,out:weight\n"
                                  ",,category,number\nrubbish,any(垃圾),#0102,5\n";
static const char second_words[] = "C+,关键词,事项,权重\n,in:text,out:category,out:weight\n"
                                   ",,category,number\nstall,any(摊),#0101,9\n"
                                   "rubbish,any(垃圾),#0102,5\n";
static const char first_assign[] = "F,事项,层级,职能\n,in:category,out:tier,out:function\n"
                                   ",category,tier,function\nurban,#01,county,urban\n"
                                   "else,-,city,desk\n";
static const char second_assign[] = "F,事项,层级,职能\n,in:category,out:tier,out:function\n"
                                    ",category,tier,function\nroads,#01,county,roads\n"
                                    "else,-,city,desk\n";

static struct small_city cities[2];
static struct policy *policies[2];

static void write_books(const char *words, const char *assign)
{
    for (int i = 0; i < 2; i++) {
        small_city_make(&cities[i]);
        small_city_write(&cities[i], "book", "table,note\nwords,\nassign,\n");
        small_city_write(&cities[i], "words", i == 0 ? first_words : words);
        small_city_write(&cities[i], "assign", i == 0 ? first_assign : assign);
        small_city_forget(&cities[i]);
    }
}

static void load(void)
{
    for (int i = 0; i < 2; i++) {
        enum err err = policy_load(cities[i].directory, cities[i].diag, &policies[i]);
        diag_print(cities[i].diag, stderr);
        cr_assert_eq(err, OK);
    }
}

static void tear_down(void)
{
    for (int i = 0; i < 2; i++) {
        policy_destroy(&policies[i]);
        small_city_remove(&cities[i]);
    }
}

TestSuite(alike, .fini = tear_down);

/* The second policy decides by the first one's facts as by its own. */
static void expect_shared(const char *text)
{
    struct scratch *scratches[2] = {scratch_create(policies[0]), scratch_create(policies[1])};
    struct case_words words = {.place = span_of_string("511126"), .text = span_of_string(text)};
    struct facts facts = small_city_facts();
    struct facts own = facts;
    struct misfit misfit;
    struct decision decided;
    struct decision expected;
    cr_assert(facts_resolve(policies[1]->city, &words, false, scratches[1], &own, &misfit));
    decide(policies[1], &own, NULL, scratches[1], &expected);
    cr_assert(facts_resolve(policies[0]->city, &words, false, scratches[0], &facts, &misfit));
    facts = facts_shared(policies_alike(policies[0], policies[1]), &facts, &words, scratches[1]);
    decide(policies[1], &facts, NULL, scratches[1], &decided);
    cr_expect_eq(decided.assignments[0].unit.index, expected.assignments[0].unit.index, "%s", text);
    cr_expect_eq(decided.category.index, expected.category.index, "%s", text);
    scratch_destroy(&scratches[0]);
    scratch_destroy(&scratches[1]);
}

Test(alike, books_that_ask_for_the_same_words_share_all)
{
    write_books(first_words, second_assign);
    load();
    cr_expect_eq(policies_alike(policies[0], policies[1]), ALIKE_WORDS);
    expect_shared("路边的垃圾没有人管");
    expect_shared("什么也没有");
}

Test(alike, books_that_ask_for_others_share_the_city)
{
    write_books(second_words, second_assign);
    load();
    cr_expect_eq(policies_alike(policies[0], policies[1]), ALIKE_CITY);
    expect_shared("路边的垃圾没有人管");
    expect_shared("摊子占了路");
}

Test(alike, another_city_shares_nothing)
{
    write_books(first_words, first_assign);
    small_city_write(&cities[1], "../units", "place,function,name,basis\n");
    load();
    cr_expect_eq(policies_alike(policies[0], policies[1]), ALIKE_NOTHING);
    cr_expect_eq(policies_alike(policies[0], policies[0]), ALIKE_WORDS);
}
