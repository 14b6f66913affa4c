/* comparison_charts - the charts of a comparison's page. */
#include "base/check.h"
#include "base/utf8.h"
#include "domain/city/date.h"
#include "tools/compare/comparison.h"
#include "tools/compare/page.h"

#include <stdlib.h>

enum { CHART_ROWS = 14, COLUMNS_MAX = 48 };

static void draw_aspects(FILE *out, const struct difference *difference)
{
    struct chart_bar bars[ASPECTS];
    for (uint32_t i = 0; i < ASPECTS; i++) {
        bars[i] = (struct chart_bar){.value = difference->aspects[i]};
        snprintf(bars[i].label, sizeof bars[i].label, "%s %s", aspect_kinds[i].label,
                 aspect_kinds[i].name);
    }
    page_heading(out, "有哪些变化", "what changes");
    chart_bars(out, "办理方式的各方面有变的工单数 tickets that change in each aspect", bars,
               ASPECTS);
}

static const char *colour_of(uint32_t tier)
{
    static const char *const colours[GROUPS_TIERS] = {
        [GROUPS_DESK] = "#d9822b",
        [TIER_CITY] = "#1f4e8c",
        [TIER_COUNTY] = "#4a86c5",
        [TIER_TOWNSHIP] = "#45a58c",
        [TIER_VILLAGE] = "#8fc9a9",
        [TIER_COUNT + DISPOSITION_ON_THE_SPOT] = "#98a2ae",
        [TIER_COUNT + DISPOSITION_TRANSFER] = "#b42318",
        [TIER_COUNT + DISPOSITION_REDIRECT] = "#8d6cab",
        [TIER_COUNT + DISPOSITION_ATTACH] = "#c3ccd6",
    };
    return colours[tier] != NULL ? colours[tier] : "#98a2ae";
}

_Static_assert((int)GROUPS_TIERS <= (int)CHART_NODES_MAX, "a node each");

static void draw_tiers(FILE *out, const struct difference *difference)
{
    struct groups groups =
        groups_fold(difference->pair, &difference->groups, ASPECT_WHERE, KEEP_TIERS, NULL, 0);
    struct chart_node nodes[GROUPS_TIERS];
    struct chart_flow *flows = calloc(groups.count + 1, sizeof *flows);
    CHECK(flows != NULL);
    for (uint32_t i = 0; i < GROUPS_TIERS; i++) {
        nodes[i] = (struct chart_node){.colour = colour_of(i)};
        snprintf(nodes[i].label, sizeof nodes[i].label, "%s %s", groups_tier_label(i),
                 groups_tier_name(i));
    }
    for (uint32_t i = 0; i < groups.count; i++)
        flows[i] =
            (struct chart_flow){groups.list[i].key.values[SIDE_OLD].words[0],
                                groups.list[i].key.values[SIDE_NEW].words[0], groups.list[i].count};
    page_heading(out, "从哪一级到哪一级", "from which tier to which");
    chart_flows(out,
                "去向改变的工单：左为旧目录，右为新目录 tickets that go elsewhere: by the old book "
                "on the left, by the new one on the right",
                nodes, GROUPS_TIERS, flows, groups.count);
    free(flows);
    groups_free(&groups);
}

static void name_end(const struct pair *pair, uint32_t end, struct chart_bar *bar)
{
    struct span name = change_end_is_unit(pair, end)
                           ? pair_unit_name(pair, end)
                           : span_of_string(word_label(
                                 &disposition_words, (uint32_t)change_end_disposition(pair, end)));
    snprintf(bar->label, sizeof bar->label, "%.*s",
             SPAN_ARG(utf8_clip(name, sizeof bar->label - 1)));
}

static void draw_loads(FILE *out, const struct difference *difference)
{
    uint32_t *ends = calloc(change_ends(difference->pair), sizeof *ends);
    struct chart_bar bars[CHART_ROWS];
    CHECK(ends != NULL);
    uint32_t count = comparison_loads(difference, ends);
    uint32_t shown = count < CHART_ROWS ? count : CHART_ROWS;
    for (uint32_t i = 0; i < shown; i++) {
        bars[i] = (struct chart_bar){.before = difference->loads[SIDE_OLD][ends[i]],
                                     .value = difference->loads[SIDE_NEW][ends[i]]};
        name_end(difference->pair, ends[i], &bars[i]);
    }
    if (count > 0) {
        page_heading(out, "单位的办件量", "load of the units");
        chart_pairs(
            out,
            "变化最大的单位，灰为旧，蓝为新 where it changes most; grey by the old book, blue by "
            "the new one",
            bars, shown);
    }
    if (count > shown)
        fprintf(out, "<p class=\"pale\">另有 %u 个单位有变 others change as well.</p>\n",
                count - shown);
    free(ends);
}

/* A column a day, a month or a year: as many as can be told apart. */
enum period { PERIOD_DAY, PERIOD_MONTH, PERIOD_YEAR };

static void name_period(int32_t day, enum period period, char label[CHART_LABEL_BYTES])
{
    int32_t year, month, month_day;
    date_of_day(day, &year, &month, &month_day);
    if (period == PERIOD_DAY)
        snprintf(label, CHART_LABEL_BYTES, "%d-%02d-%02d", year, month, month_day);
    else if (period == PERIOD_MONTH)
        snprintf(label, CHART_LABEL_BYTES, "%d-%02d", year, month);
    else
        snprintf(label, CHART_LABEL_BYTES, "%d", year);
}

static uint32_t fill_columns(const struct difference *difference, int32_t first, int32_t last,
                             enum period period, struct chart_bar bars[COLUMNS_MAX])
{
    uint32_t count = 0;
    char label[CHART_LABEL_BYTES];
    for (int32_t day = first; day <= last; day++) {
        name_period(day, period, label);
        if (count == 0 || strcmp(bars[count - 1].label, label) != 0) {
            if (count == COLUMNS_MAX)
                break;
            bars[count] = (struct chart_bar){.value = 0};
            memcpy(bars[count++].label, label, sizeof label);
        }
        bars[count - 1].value += difference->moved_days[day - difference->first_day];
    }
    return count;
}

static void draw_days(FILE *out, const struct difference *difference)
{
    struct chart_bar bars[COLUMNS_MAX];
    int32_t first, last;
    if (!comparison_days(difference, &first, &last) || first == last)
        return;
    int32_t days = last - first + 1;
    enum period period = days <= COLUMNS_MAX              ? PERIOD_DAY
                         : days <= (COLUMNS_MAX - 1) * 30 ? PERIOD_MONTH
                                                          : PERIOD_YEAR;
    uint32_t count = fill_columns(difference, first, last, period, bars);
    page_heading(out, "什么时候", "when");
    chart_columns(out, "按受理日期，去向改变的工单 tickets that go elsewhere, by when they came in",
                  bars, count);
}

/* The field of a category is its first two digits. */
static uint32_t field_of(const struct pair *pair, uint32_t category)
{
    if (category == COMMON_NONE)
        return COMMON_NONE;
    struct span field = span_of(pair_category_code(pair, category).data, 2);
    while (category > 0 && !span_equal(pair_category_code(pair, category), field))
        category--;
    return category;
}

static int by_value(const void *a, const void *b)
{
    const struct chart_bar *first = a;
    const struct chart_bar *second = b;
    if (first->value != second->value)
        return first->value < second->value ? 1 : -1;
    return strcmp(first->label, second->label);
}

static void draw_fields(FILE *out, const struct difference *difference)
{
    const struct pair *pair = difference->pair;
    struct chart_bar *bars = calloc(pair->categories.count + 1, sizeof *bars);
    CHECK(bars != NULL);
    for (uint32_t i = 0; i < difference->groups.count; i++) {
        const struct group *group = &difference->groups.list[i];
        uint32_t field = field_of(pair, group->key.category);
        if (group->key.aspect != ASPECT_WHERE)
            continue;
        struct chart_bar *bar = &bars[field == COMMON_NONE ? pair->categories.count : field];
        bar->value += group->count;
        struct span name =
            field == COMMON_NONE ? span_of_string("无事项 none") : pair_category_name(pair, field);
        snprintf(bar->label, sizeof bar->label, "%.*s",
                 SPAN_ARG(utf8_clip(name, sizeof bar->label - 1)));
    }
    qsort(bars, pair->categories.count + 1, sizeof *bars, by_value);
    uint32_t count = 0;
    while (count < CHART_ROWS && bars[count].value > 0)
        count++;
    page_heading(out, "哪些事项", "about what");
    chart_bars(out, "去向改变的工单，按事项大类 tickets that go elsewhere, by field", bars, count);
    free(bars);
}

void comparison_draw(const struct difference *difference, FILE *out)
{
    if (difference->changed > 0)
        draw_aspects(out, difference);
    if (difference->aspects[ASPECT_WHERE] == 0)
        return;
    draw_tiers(out, difference);
    draw_loads(out, difference);
    draw_days(out, difference);
    draw_fields(out, difference);
}
