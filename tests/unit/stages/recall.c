/* A stored case, looked at again: as it was submitted, as far as that has not been erased. What was
 * found in words that are gone is taken from what was decided. */
#include "stages/recall.h"

#include "base/check.h"
#include "lianxin.pb-c.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>

enum { ROOM_BYTES = 32 * 1024, CASE_BYTES_MAX = 2048, RECEIVED_MS = 1 };

static struct small_city small;
static struct policy policy;
static struct event_parts first; /* the event of the latest case */

static void set_up(void)
{
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\nwords,\nassign,\n");
    small_city_write(&small, "words",
                     "C+,关键词,事项,权重\n,in:text,out:category,out:weight\n,,category,number\n"
                     "rubbish,any(垃圾),#0102,5\n");
    small_city_write(
        &small, "assign",
        "F,事项,层级,职能\n,in:category,out:tier,out:function\n,category,tier,function\n"
        "urban,#01,county,urban\n"
        "else,-,city,desk\n");
    small_city_forget(&small);
    policy = (struct policy){.number = 1, .city = small.city};
    policy.rules = rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(policy.rules);
    small_city_scratch(&small, policy.rules);
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(recall, .init = set_up, .fini = tear_down);

static Lianxin__V1__Case least_case(void)
{
    Lianxin__V1__Case one = LIANXIN__V1__CASE__INIT;
    one.source = "test";
    one.external_id = "one";
    one.channel = LIANXIN__V1__CHANNEL__CHANNEL_WECHAT;
    one.type = LIANXIN__V1__TYPE__TYPE_COMPLAINT;
    return one;
}

/* Decides the case and writes the event that opens its ticket. */
static void store(const Lianxin__V1__Case *one)
{
    static uint8_t bytes[CASE_BYTES_MAX];
    static uint8_t room[ROOM_BYTES];
    struct ticket ticket;
    struct misfit misfit;
    struct decision decision;
    struct ticket_state state;
    cr_assert_lt(lianxin__v1__case__get_packed_size(one), sizeof bytes);
    struct span submitted = span_of(bytes, lianxin__v1__case__pack(one, bytes));
    wire_case_read(submitted, 0, RECEIVED_MS, &ticket, &misfit);
    cr_assert(ticket.valid, "%s", misfit.message);
    facts_set_moment(&ticket.facts, RECEIVED_MS);
    ticket.facts.regime = REGIME_NORMAL;
    cr_assert(
        facts_resolve(small.city, &ticket.words, false, small.scratch, &ticket.facts, &misfit));
    decide(&policy, &ticket.facts, NULL, small.scratch, &decision);
    struct dues dues = {.issued_ms = 1};
    tickets_begin(&state, small.city, &decision, &dues);
    struct event_text text = {.number = 1,
                              .serial = 1,
                              .kind = KIND_CASE,
                              .ticket = "20261124-000001-1",
                              .state = &state,
                              .policy = &policy,
                              .decision = &decision,
                              .submitted = submitted};
    cr_assert_leq(wire_event_bytes_max(&text), sizeof room);
    wire_event_write(&text, room, &first);
}

static struct facts recall(bool erased, const struct case_words *corrected)
{
    static const struct case_words none;
    struct facts facts;
    struct misfit misfit;
    struct event_parts parts = first;
    if (erased)
        parts.story.bytes = parts.reporter.bytes = 0;
    cr_assert(recall_facts(&policy, &parts, corrected != NULL ? corrected : &none, RECEIVED_MS,
                           REGIME_NORMAL, small.scratch, &facts, &misfit));
    return facts;
}

static void expect_place(const struct facts *facts, const char *code)
{
    cr_expect_eq(facts->place.index, small_city_place(&small, code).index, "%s", code);
}

Test(recall, takes_category_and_place_of_words_that_are_erased_from_the_decision)
{
    Lianxin__V1__Case one = least_case();
    one.text = "夹江县漹城街道的垃圾没有人收";
    store(&one);
    struct facts facts = recall(false, NULL);
    cr_expect_eq(facts.category.index, CATEGORY_NONE.index, "the book says it");
    expect_place(&facts, "511126001");
    cr_expect_eq(facts.doubts, 0);
    facts = recall(true, NULL);
    cr_expect_eq(facts.category.index, small_city_category(&small, "0102").index);
    expect_place(&facts, "511126001");
    cr_expect_eq(facts.doubts, 0);
}

Test(recall, takes_what_was_corrected_before_either)
{
    Lianxin__V1__Case one = least_case();
    struct case_words corrected = {.category = span_of_string("0101"),
                                   .place = span_of_string("511102")};
    one.text = "夹江县漹城街道的垃圾没有人收";
    store(&one);
    for (int erased = 0; erased < 2; erased++) {
        struct facts facts = recall(erased, &corrected);
        cr_expect_eq(facts.category.index, small_city_category(&small, "0101").index);
        expect_place(&facts, "511102");
    }
}

Test(recall, leaves_what_was_submitted_as_it_was)
{
    Lianxin__V1__Case one = least_case();
    one.category = "0101";
    one.place = "511126001001";
    one.text = "牟子镇的垃圾没有人收";
    store(&one);
    for (int erased = 0; erased < 2; erased++) {
        struct facts facts = recall(erased, NULL);
        cr_expect_eq(facts.category.index, small_city_category(&small, "0101").index);
        expect_place(&facts, "511126001001");
    }
}

Test(recall, knows_no_place_where_none_was_known)
{
    Lianxin__V1__Case one = least_case();
    one.text = "垃圾没有人收";
    store(&one);
    for (int erased = 0; erased < 2; erased++) {
        struct facts facts = recall(erased, NULL);
        cr_expect(place_is_none(facts.place));
    }
}

Test(recall, keeps_a_report_from_whom_its_erased_words_named)
{
    Lianxin__V1__Case one = least_case();
    one.type = LIANXIN__V1__TYPE__TYPE_REPORT;
    one.text = "夹江县城管局乱收费";
    store(&one);
    struct unit urban = city_unit_by_key(small.city, span_of_string("511126000000.urban"));
    for (int erased = 0; erased < 2; erased++) {
        struct facts facts = recall(erased, NULL);
        cr_expect_eq(facts.about.index, urban.index);
        cr_expect_eq(facts.respondent, RESPONDENT_UNIT);
    }
}
