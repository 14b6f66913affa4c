/* A case with its circumstances as JSON: read and written alike, a bare case taken as one in none,
 * and whatever is wrong said with where, what, and what would be right.
 */
#include "tools/circumstances.h"

#include "domain/city/date.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct arena *arena;
static struct circumstances read;
static char fault[JSON_FAULT_BYTES];

static void set_up(void)
{
    arena = arena_create();
}

static void tear_down(void)
{
    arena_destroy(&arena);
}

TestSuite(circumstances, .init = set_up, .fini = tear_down);

static void expect_read(const char *text)
{
    fault[0] = '\0';
    cr_assert(circumstances_read(span_of_string(text), NULL, 0, arena, &read, fault), "%s: %s",
              text, fault);
}

static void expect_fault(const char *text, const char *expected)
{
    fault[0] = '\0';
    cr_expect(!circumstances_read(span_of_string(text), NULL, 0, arena, &read, fault), "%s", text);
    cr_expect_str_eq(fault, expected);
}

Test(circumstances, what_is_read_is_written_alike)
{
    static const char whole[] = "{\"case\":{\"source\":\"wx\",\"external_id\":\"1\",\"channel\":"
                                "\"wechat\",\"type\":\"help\",\"text\":\"积水\"},"
                                "\"at\":\"2026-10-03T09:00\",\"regime\":\"holiday\"}";
    expect_read(whole);
    cr_expect_str_eq(read.one->text, "积水");
    cr_expect_eq(read.regime, REGIME_HOLIDAY);
    cr_expect_eq(day_of_ms(read.at_ms), day_of_ms(1790989200000));
    cr_expect_eq(minute_of_ms(read.at_ms), 9 * 60);
    char *line = circumstances_write(&read, NULL, 0);
    cr_expect_str_eq(line, whole);
    free(line);
    expect_read("{\"at\": null, \"case\": {\"source\": \"a\", \"external_id\": \"b\"}, "
                "\"regime\": null}");
    cr_expect_eq(read.at_ms, 0);
    cr_expect_eq(read.regime, REGIME_NONE);
    line = circumstances_write(&read, NULL, 0);
    cr_expect_str_eq(line, "{\"case\":{\"source\":\"a\",\"external_id\":\"b\"}}");
    free(line);
}

Test(circumstances, a_case_by_itself_is_in_none)
{
    expect_read("\xef\xbb\xbf{\"source\": \"wx\", \"type\": \"report\"}");
    cr_expect_str_eq(read.one->source, "wx");
    cr_expect_str_eq(read.one->external_id, "", "as a submit would have it");
    cr_expect_eq(read.at_ms, 0);
    cr_expect_eq(read.regime, REGIME_NONE);
}

Test(circumstances, a_case_in_some_is_nobodys_unless_it_says_whose)
{
    expect_read("{\"case\": {\"channel\": \"phone\"}}");
    cr_expect_str_eq(read.one->source, "nobody");
    cr_expect_str_eq(read.one->external_id, "nobody");
    expect_read("{\"case\": {\"source\": \"wx\"}}");
    cr_expect_str_eq(read.one->external_id, "");
}

Test(circumstances, more_members_are_read_where_they_are_asked_for)
{
    struct circumstances_more more[] = {{"unit", {0}}, {"row", {0}}};
    const char *text = "{\"case\": {\"source\": \"a\", \"external_id\": \"b\"}, \"unit\": "
                       "\"511100000000.desk\"}";
    cr_assert(circumstances_read(span_of_string(text), more, 2, arena, &read, fault), "%s", fault);
    cr_expect(span_is(more[0].text, "511100000000.desk"));
    cr_expect_eq(more[1].text.bytes, 0);
    char *line = circumstances_write(&read, more, 2);
    cr_expect_str_eq(line, "{\"case\":{\"source\":\"a\",\"external_id\":\"b\"},\"unit\":"
                           "\"511100000000.desk\"}");
    free(line);
    cr_expect(!circumstances_read(span_of_string("{\"case\": {}, \"tier\": \"city\"}"), more, 2,
                                  arena, &read, fault));
    cr_expect_str_eq(fault,
                     "tier: there is no such field here; there are case, at, regime, unit, row");
    expect_fault(text, "unit: there is no such field here; there are case, at, regime");
}

Test(circumstances, faults_say_where_what_and_what_would_be_right)
{
    expect_fault("{\"at\": \"2026-10-03T09:00\"}",
                 "case: is missing; the case itself stands there, as for submit");
    expect_fault("{\"case\": 7}", "case: 7 is not an object in { }");
    expect_fault("{\"case\": null}", "case: null is not an object in { }");
    expect_fault("{\"case\": {\"channel\": \"fone\"}}",
                 "case.channel: \"fone\" is not one of phone, sms, email, wechat, weibo, app, "
                 "letter, visit");
    expect_fault("{\"case\": {\"chanel\": \"phone\"}}",
                 "case.chanel: there is no such field; is it channel?");
    expect_fault("{\"case\": {}, \"at\": \"3.10.2026\"}",
                 "at: \"3.10.2026\" is no moment; in the city's time they look like "
                 "2026-10-03T09:00");
    expect_fault("{\"case\": {}, \"at\": 7}", "at: 7 is not text in quotes");
    expect_fault("{\"case\": {}, \"at\": \"2026-10-03T09:00\\u0000\"}",
                 "at: \"2026-10-03T09:00\\u0000\" is not text in quotes");
    expect_fault("{\"case\": {}, \"regime\": \"calendar\"}",
                 "regime: \"calendar\" is not one of normal, holiday, emergency");
    expect_fault("{\"case\": {\"text\": \"a\\u0000\"}}",
                 "case.text: \"a\\u0000\" holds a zero character");
    expect_fault("[]", "case: [] is not an object in { }");
    expect_fault("", "not JSON at line 1, column 0: '[' or '{' expected near end of file");
    expect_fault("{\"case\": {}, \"case\": {}}",
                 "not JSON at line 1, column 19: duplicate object key near '\"case\"'");
}

/* Whatever is cut off a good one is a fault, and no more. */
Test(circumstances, what_is_cut_short_is_a_fault)
{
    static const char whole[] =
        "{\"case\":{\"source\":\"wx\",\"text\":\"积水\"},\"at\":\"2026-10-03T09:00\"}";
    for (size_t i = 0; i + 1 < sizeof whole - 1; i++) {
        fault[0] = '\0';
        cr_expect(!circumstances_read(span_of(whole, i), NULL, 0, arena, &read, fault), "%zu", i);
        cr_expect_neq(fault[0], '\0');
    }
}

/* A golden case expects a category, and a bare case may have one. */
Test(circumstances, a_bare_case_may_have_what_more_is_called_like)
{
    struct circumstances_more more[] = {{.name = "category"}, {.name = "unit"}};
    struct span bare = span_of_string("{\"category\": \"0701\", \"channel\": \"phone\"}");
    struct span lacking = span_of_string("{\"category\": \"0701\", \"unit\": \"x\"}");
    cr_assert(circumstances_read(bare, more, 2, arena, &read, fault), "%s", fault);
    cr_expect_str_eq(read.one->category, "0701");
    cr_expect_eq(more[0].text.bytes, 0);
    cr_expect_not(circumstances_read(lacking, more, 2, arena, &read, fault));
    cr_expect_str_eq(fault, "case: is missing; the case itself stands there, as for submit");
}
