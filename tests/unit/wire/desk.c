/* What the desk asks, and what it is told: the list of tickets that need a human, and a day in
 * numbers. */
#include "made.h"
#include "wire/put.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct policy *policy;
static struct arena *arena;
static struct made made;
static struct misfit misfit;

static void set_up(void)
{
    struct diag *diag = diag_create();
    enum err err = policy_load("cities/leshan", diag, &policy);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    cr_assert_eq(err, OK);
    arena = arena_create();
}

static void tear_down(void)
{
    policy_destroy(&policy);
    arena_destroy(&arena);
}

TestSuite(desk_reply, .init = set_up, .fini = tear_down);

static struct span content_of(const ProtobufCMessage *message)
{
    made_pack(message, &made);
    return made_span(&made);
}

/* -- requests ---------------------------------------------------------------------------------- */

Test(desk_request, is_for_256_tickets_at_most)
{
    struct wire_desk desk;
    Lianxin__V1__Desk asked = LIANXIN__V1__DESK__INIT;
    cr_assert(wire_desk_read(content_of(&asked.base), &desk, &misfit));
    cr_expect_eq(desk.after, 0);
    cr_expect_eq(desk.limit, (uint32_t)WIRE_DESK_ITEMS_MAX);
    cr_expect_eq(desk.unit.bytes, 0);
    asked.after = UINT64_MAX;
    asked.limit = 256;
    asked.unit = "511126";
    cr_assert(wire_desk_read(content_of(&asked.base), &desk, &misfit));
    cr_expect_eq(desk.after, UINT64_MAX);
    cr_expect_eq(desk.limit, 256);
    cr_expect(span_is(desk.unit, "511126"));
    asked.limit = 257;
    cr_assert_not(wire_desk_read(content_of(&asked.base), &desk, &misfit));
    cr_expect_str_eq(misfit.field, "limit");
    cr_expect_str_eq(misfit.message, "at most 256; this asks for 257");
    asked.limit = 0;
    asked.unit = "\x01";
    cr_assert_not(wire_desk_read(content_of(&asked.base), &desk, &misfit));
    cr_expect_str_eq(misfit.field, "unit");
}

Test(report_request, names_a_day)
{
    struct wire_report report;
    Lianxin__V1__Report asked = LIANXIN__V1__REPORT__INIT;
    asked.day = "1970-01-11";
    asked.after = 7;
    cr_assert(wire_report_read(content_of(&asked.base), &report, &misfit));
    cr_expect_eq(report.day, 10);
    cr_expect_eq(report.after, 7);
    const struct {
        const char *day, *message;
    } wrong[] = {
        {"", "is required, such as 2026-11-26"},
        {"2026-13-01", "there is no such day; write it as 2026-11-26"},
        {"20261126", "is no day; write it as 2026-11-26"},
        {"2026-11-26 00:00", "is no day; write it as 2026-11-26"},
        {"2026-11-26-000000", "at most 16 bytes; this has 17"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        asked.day = (char *)wrong[i].day;
        cr_assert_not(wire_report_read(content_of(&asked.base), &report, &misfit), "%s",
                      wrong[i].day);
        cr_expect_str_eq(misfit.field, "day");
        cr_expect_str_eq(misfit.message, wrong[i].message);
    }
}

/* -- the list ---------------------------------------------------------------------------------- */

static Lianxin__V1__Reply *unpack(struct span bytes)
{
    Lianxin__V1__Reply *reply = lianxin__v1__reply__unpack(NULL, bytes.bytes, bytes.data);
    cr_assert_not_null(reply);
    cr_assert_eq(reply->id, 7);
    return reply;
}

static struct span pack(const ProtobufCMessage *message)
{
    uint8_t *out = arena_take(arena, protobuf_c_message_get_packed_size(message) + 1);
    return span_of(out, protobuf_c_message_pack(message, out));
}

static struct span make_decided(void)
{
    static char *doubts[] = {"the words fit no category, or several alike", "no rule"};
    static char *categories[] = {"0701", "9999"};
    static char *places[] = {"511126001000", "511199000000", "511100000000"};
    Lianxin__V1__Event event = LIANXIN__V1__EVENT__INIT;
    Lianxin__V1__Decision decision = LIANXIN__V1__DECISION__INIT;
    decision.doubts = doubts;
    decision.n_doubts = 2;
    decision.categories = categories;
    decision.n_categories = 2;
    decision.places = places;
    decision.n_places = 3;
    event.decision = &decision;
    return pack(&event.base);
}

static struct span make_story(char *title, char *text)
{
    Lianxin__V1__Event event = LIANXIN__V1__EVENT__INIT;
    Lianxin__V1__Story story = LIANXIN__V1__STORY__INIT;
    story.title = title;
    story.text = text;
    event.story = &story;
    return pack(&event.base);
}

static struct span make_first(char *place)
{
    Lianxin__V1__Event event = LIANXIN__V1__EVENT__INIT;
    Lianxin__V1__Case one = LIANXIN__V1__CASE__INIT;
    one.place = place;
    event.case_ = &one;
    return pack(&event.base);
}

static void full_item(struct wire_desk_item *item)
{
    *item = (struct wire_desk_item){
        .ticket = "20261126-000123-3",
        .serial = 9,
        .needs = 1 << NEED_DOUBTFUL | 1 << NEED_OVERDUE,
        .waited = {.unit = span_of_string("511100000000.desk"),
                   .dues = {.due_ms = 5, .sign_by_ms = 4}},
        .received_ms = 3,
        .returns = 2,
        .reason = REASON_FACTS_MISSING,
        .first = make_first("红旗村"),
        .story = make_story("夜间施工", "半夜还在打桩"),
        .decided = make_decided(),
    };
}

Test(desk_reply, says_of_a_ticket_what_a_human_needs_to_decide)
{
    struct wire_desk_item items[2];
    struct wire_desk_list list = {
        .items = items, .items_count = 2, .next = 12, .open = 300, .now_ms = 6};
    full_item(&items[0]);
    items[1] = (struct wire_desk_item){.needs = 1 << NEED_UNSIGNED,
                                       .waited = {.unit = span_of_string("511199000000.urban")}};
    Lianxin__V1__Reply *reply = unpack(wire_desk_reply(arena, 7, policy, &list));
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_DESK);
    cr_expect_eq(reply->desk->next, 12);
    cr_expect_eq(reply->desk->open, 300);
    cr_expect_eq(reply->desk->now_ms, 6);
    cr_assert_eq(reply->desk->n_items, 2);
    const Lianxin__V1__DeskItem *item = reply->desk->items[0];
    cr_expect_str_eq(item->ticket, "20261126-000123-3");
    cr_expect_eq(item->serial, 9);
    cr_assert_eq(item->n_needs, 2);
    cr_expect_eq(item->needs[0], LIANXIN__V1__NEED__NEED_DOUBTFUL);
    cr_expect_eq(item->needs[1], LIANXIN__V1__NEED__NEED_OVERDUE);
    cr_expect_str_eq(item->unit, "511100000000.desk");
    struct unit desk = city_unit_by_key(policy->city, span_of_string("511100000000.desk"));
    cr_expect(span_is(unit_name(policy->city, desk), item->unit_name));
    cr_expect(item->received_ms == 3 && item->sign_by_ms == 4 && item->due_ms == 5);
    cr_expect_eq(item->returns, 2);
    cr_expect_eq(item->reason, LIANXIN__V1__REASON__REASON_FACTS_MISSING);
    cr_expect_str_eq(item->title, "夜间施工");
    cr_expect_str_eq(item->given_place, "红旗村");
    cr_assert_eq(item->n_doubts, 2);
    cr_expect_str_eq(item->doubts[1], "no rule");
    cr_expect_str_eq(reply->desk->items[1]->title, "", "its story was erased");
    cr_expect_str_eq(reply->desk->items[1]->unit_name, "(no longer a unit)");
    cr_expect_eq(reply->desk->items[1]->n_doubts, 0);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

Test(desk_reply, names_candidates_as_far_as_the_city_still_has_them)
{
    struct wire_desk_item item;
    struct wire_desk_list list = {.items = &item, .items_count = 1};
    char expected[128];
    full_item(&item);
    Lianxin__V1__Reply *reply = unpack(wire_desk_reply(arena, 7, policy, &list));
    const Lianxin__V1__DeskItem *got = reply->desk->items[0];
    struct category noise = city_category(policy->city, span_of_string("0701"));
    snprintf(expected, sizeof expected, "0701 %.*s", SPAN_ARG(category_name(policy->city, noise)));
    cr_assert_eq(got->n_categories, 2);
    cr_expect_str_eq(got->categories[0], expected);
    cr_expect_str_eq(got->categories[1], "9999");
    cr_assert_eq(got->n_places, 3);
    cr_expect_str_eq(got->places[0], "511126001000 夹江县/青衣街道");
    cr_expect_str_eq(got->places[1], "511199000000");
    cr_expect_str_eq(got->places[2], "511100000000 乐山市");
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

/* Texts around the longest beginning, in characters of one and of three bytes: cut between two. */
Test(desk_reply, says_how_the_text_begins_where_there_is_no_title)
{
    enum { BEGINNING_BYTES = 240 };
    char text[2 * BEGINNING_BYTES];
    char expected[2 * BEGINNING_BYTES];
    for (int ahead = 0; ahead < 4; ahead++)
        for (int characters = 78; characters < 83; characters++) {
            struct wire_desk_item item;
            struct wire_desk_list list = {.items = &item, .items_count = 1};
            snprintf(text, sizeof text, "%.*s", ahead, "123");
            snprintf(expected, sizeof expected, "%s", text);
            for (int i = 0; i < characters; i++) {
                strcat(text, "灯");
                if (strlen(expected) + strlen("灯") <= BEGINNING_BYTES)
                    strcat(expected, "灯");
            }
            full_item(&item);
            item.story = make_story("", text);
            Lianxin__V1__Reply *reply = unpack(wire_desk_reply(arena, 7, policy, &list));
            cr_expect_str_eq(reply->desk->items[0]->title, expected);
            lianxin__v1__reply__free_unpacked(reply, NULL);
        }
}

/* -- the day ----------------------------------------------------------------------------------- */

static void expect_count(const Lianxin__V1__Count *count, const char *name, const char *label,
                         uint64_t number)
{
    cr_expect_str_eq(count->name, name);
    cr_expect_str_eq(count->label, label);
    cr_expect_eq(count->count, number, "%s", name);
}

Test(desk_reply, counts_a_day_with_names_and_labels)
{
    struct span units[] = {span_of_string("511199000000.urban"),
                           span_of_string("511100000000.desk"),
                           span_of_string("511199000000.urban")};
    struct span categories[] = {span_of_string("0701"), span_of_string("9901"),
                                span_of_string("070101"), span_of_string("07")};
    struct wire_day day = {
        .cases = 1,
        .doubtful = 2,
        .open = 3,
        .late = 4,
        .provisional = 5,
        .next = 6,
        .channels = {[CHANNEL_PHONE] = 7, [CHANNEL_VISIT] = 1},
        .types = {[TYPE_PRAISE] = 8},
        .dispositions = {[DISPOSITION_ATTACH] = 9},
        .tiers = {[TIER_NONE] = 99, [TIER_VILLAGE] = 10},
        .acts = {[VERB_RETURN] = 11},
        .units = units,
        .units_count = 3,
        .categories = categories,
        .categories_count = 4,
    };
    Lianxin__V1__Reply *reply = unpack(wire_day_reply(arena, 7, policy, &day));
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_REPORT);
    const Lianxin__V1__DayReport *report = reply->report;
    const uint64_t numbers[] = {report->cases, report->doubtful,    report->open,
                                report->late,  report->provisional, report->next};
    for (uint64_t i = 0; i < 6; i++)
        cr_expect_eq(numbers[i], i + 1);
    cr_assert(report->n_channels == 2 && report->n_types == 1 && report->n_dispositions == 1 &&
              report->n_tiers == 1 && report->n_acts == 1);
    expect_count(report->channels[0], "phone", "电话", 7);
    expect_count(report->channels[1], "visit", "来访", 1);
    expect_count(report->types[0], "praise", "表扬", 8);
    expect_count(report->dispositions[0], "attach", "并入原工单", 9);
    expect_count(report->tiers[0], "village", "村级", 10);
    expect_count(report->acts[0], "return", "退单", 11);
    cr_assert(report->n_units == 2 && report->n_categories == 2);
    cr_expect_str_eq(report->units[0]->name, "511100000000.desk");
    cr_expect_eq(report->units[0]->count, 1);
    expect_count(report->units[1], "511199000000.urban", "(no longer a unit)", 2);
    cr_expect_str_eq(report->categories[0]->name, "07");
    cr_expect_eq(report->categories[0]->count, 3);
    expect_count(report->categories[1], "99", "(no longer a category)", 1);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}
