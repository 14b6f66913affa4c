#include "tools/compare/change.h"

#include "base/check.h"
#include "base/utf8.h"
#include "domain/rules/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct aspect_kind aspect_kinds[ASPECTS] = {
    [ASPECT_WHERE] = {"where", "go elsewhere", "去向"},
    [ASPECT_CO] = {"co", "other co-units", "协办"},
    [ASPECT_INFORMED] = {"informed", "others informed", "抄送"},
    [ASPECT_CATEGORY] = {"category", "another category", "事项"},
    [ASPECT_URGENCY] = {"urgency", "another urgency", "紧急程度"},
    [ASPECT_CLOCK] = {"clock", "another clock", "时限"},
    [ASPECT_REPORTER] = {"reporter", "the reporter shown or not", "来电人信息"},
};

/* -- ends -------------------------------------------------------------------------------------- */

uint32_t change_ends(const struct pair *pair)
{
    return pair->units.count + DISPOSITION_COUNT;
}

uint32_t change_end(const struct pair *pair, enum side side, const struct decision *decision)
{
    if (decision->disposition != DISPOSITION_DISPATCH)
        return pair->units.count + (uint32_t)decision->disposition;
    return pair->units.number[side][decision->assignments[0].unit.index];
}

bool change_end_is_unit(const struct pair *pair, uint32_t end)
{
    return end < pair->units.count;
}

enum disposition change_end_disposition(const struct pair *pair, uint32_t end)
{
    CHECK(end < change_ends(pair));
    return change_end_is_unit(pair, end) ? DISPOSITION_DISPATCH
                                         : (enum disposition)(end - pair->units.count);
}

/* -- values ------------------------------------------------------------------------------------ */

/* Functions and not units: which of its units it is goes by the place, which has not changed. */
static void put_functions(const struct pair *pair, enum side side, const struct decision *decision,
                          enum role role, struct value *value)
{
    const struct city *city = pair->policies[side]->city;
    uint32_t count = 0;
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        if (decision->assignments[i].role != role)
            continue;
        struct function function = unit_function(city, decision->assignments[i].unit);
        uint32_t number = pair->functions.number[side][function.index] + 1;
        uint32_t at = count++;
        for (; at > 0 && value->words[at - 1] > number; at--)
            value->words[at] = value->words[at - 1];
        value->words[at] = number;
    }
}

static uint32_t category_number(const struct pair *pair, enum side side,
                                const struct decision *decision)
{
    uint32_t index = decision->category.index;
    return index == CATEGORY_NONE.index ? COMMON_NONE : pair->categories.number[side][index];
}

static void put_limit(struct time_limit limit, size_t which, struct value *value)
{
    value->words[2 * which] = limit.count;
    value->words[2 * which + 1] = limit.count > 0 && limit.natural;
}

static struct value value_of(const struct pair *pair, enum side side,
                             const struct decision *decision, uint32_t aspect)
{
    struct value value = {.words = {0}};
    switch ((enum aspect)aspect) {
    case ASPECT_WHERE:
        value.words[0] = change_end(pair, side, decision);
        break;
    case ASPECT_CO:
        put_functions(pair, side, decision, ROLE_CO, &value);
        break;
    case ASPECT_INFORMED:
        put_functions(pair, side, decision, ROLE_INFORMED, &value);
        break;
    case ASPECT_CATEGORY:
        value.words[0] = category_number(pair, side, decision) + 1;
        break;
    case ASPECT_URGENCY:
        value.words[0] = (uint32_t)decision->urgency;
        break;
    case ASPECT_CLOCK:
        put_limit(decision->limit, 0, &value);
        put_limit(decision->sign_limit, 1, &value);
        break;
    case ASPECT_REPORTER:
        value.words[0] = decision->reporter_shown;
        break;
    case ASPECTS:
        break;
    }
    return value;
}

/* -- rows -------------------------------------------------------------------------------------- */

static const struct row_outputs *outputs_of(const struct table *table, struct row row)
{
    return row.row < table->rows_count ? &table->rows[row.row].outputs : &table->otherwise->outputs;
}

static bool writes(const struct row_outputs *outputs, const struct decision *decision,
                   uint32_t aspect)
{
    switch ((enum aspect)aspect) {
    case ASPECT_WHERE:
        return decision->disposition == DISPOSITION_DISPATCH
                   ? outputs->function.index != FUNCTION_NONE.index
                   : outputs->disposition == decision->disposition;
    case ASPECT_CO:
        return outputs->co_count > 0;
    case ASPECT_INFORMED:
        return outputs->informed_count > 0;
    case ASPECT_CATEGORY:
        return outputs->category.index != CATEGORY_NONE.index;
    case ASPECT_URGENCY:
        return outputs->urgency != URGENCY_NONE;
    case ASPECT_CLOCK:
        return outputs->limit.count + outputs->sign_limit.count > 0;
    case ASPECT_REPORTER:
        return outputs->reporter != REPORTER_UNSAID;
    case ASPECTS:
        break;
    }
    return false;
}

/* The last that wrote it, which is what counted. */
static struct row row_of(const struct policy *policy, const struct decision *decision,
                         uint32_t aspect)
{
    if (aspect == ASPECT_WHERE && decision->disposition == DISPOSITION_DISPATCH &&
        decision->doubts != 0)
        return ROW_DOUBT;
    for (uint32_t i = decision->rows_count; i-- > 0;) {
        struct row row = decision->rows[i];
        const struct table *table = rules_table(policy->rules, row.table);
        /* Keywords that are weighed write nothing, but may leave one category. */
        if (table->weights != NULL ? aspect == ASPECT_CATEGORY
                                   : writes(outputs_of(table, row), decision, aspect))
            return row;
    }
    return ROW_NONE;
}

struct span change_row_text(const struct pair *pair, enum side side, struct row row)
{
    if (row.table == ROW_NONE.table)
        return span_of_string(row.row == ROW_NONE.row ? "(no row)" : "(in doubt)");
    return rules_row_name(pair->policies[side]->rules, row);
}

/* What is not dispatched has no co-unit, no clock and nobody to be shown the reporter. */
static bool is_of_dispatched(uint32_t aspect)
{
    return aspect == ASPECT_CO || aspect == ASPECT_URGENCY || aspect == ASPECT_CLOCK ||
           aspect == ASPECT_REPORTER;
}

/* -- both -------------------------------------------------------------------------------------- */

uint32_t change_find(const struct pair *pair, const struct decision *const decisions[SIDES],
                     struct change changes[ASPECTS])
{
    uint32_t count = 0;
    bool dispatched = decisions[SIDE_OLD]->disposition == DISPOSITION_DISPATCH &&
                      decisions[SIDE_NEW]->disposition == DISPOSITION_DISPATCH;
    for (uint32_t aspect = 0; aspect < ASPECTS; aspect++) {
        struct value values[SIDES];
        if (!dispatched && is_of_dispatched(aspect))
            continue;
        for (enum side side = 0; side < SIDES; side++)
            values[side] = value_of(pair, side, decisions[side], aspect);
        if (memcmp(&values[SIDE_OLD], &values[SIDE_NEW], sizeof values[0]) == 0)
            continue;
        struct change *change = &changes[count++];
        change->aspect = aspect;
        change->category = category_number(pair, SIDE_OLD, decisions[SIDE_OLD]);
        if (change->category == COMMON_NONE)
            change->category = category_number(pair, SIDE_NEW, decisions[SIDE_NEW]);
        for (enum side side = 0; side < SIDES; side++) {
            change->values[side] = values[side];
            change->rows[side] = row_of(pair->policies[side], decisions[side], aspect);
        }
    }
    return count;
}

bool change_is_of_rows(const struct pair *pair, const struct decision *const decisions[SIDES])
{
    struct span names[SIDES];
    for (enum side side = 0; side < SIDES; side++)
        names[side] = change_row_text(pair, side,
                                      row_of(pair->policies[side], decisions[side], ASPECT_WHERE));
    return !span_equal(names[SIDE_OLD], names[SIDE_NEW]);
}

/* -- words ------------------------------------------------------------------------------------- */

struct writing {
    char *text;
    size_t used;
};

/* Cut where there is no room, but not through a character. */
__attribute__((format(printf, 2, 3))) static void write_more(struct writing *writing,
                                                             const char *format, ...)
{
    size_t room = CHANGE_TEXT_BYTES_MAX - writing->used;
    va_list arguments;
    va_start(arguments, format);
    int bytes = vsnprintf(writing->text + writing->used, room, format, arguments);
    va_end(arguments);
    if ((size_t)bytes < room) {
        writing->used += (size_t)bytes;
        return;
    }
    writing->used = utf8_check(span_of(writing->text, CHANGE_TEXT_BYTES_MAX - 1));
    writing->text[writing->used] = '\0';
}

static void write_end(const struct pair *pair, uint32_t end, struct writing *writing)
{
    uint32_t disposition = (uint32_t)change_end_disposition(pair, end);
    if (change_end_is_unit(pair, end))
        write_more(writing, "%.*s %.*s", SPAN_ARG(pair_unit_key(pair, end)),
                   SPAN_ARG(pair_unit_name(pair, end)));
    else
        write_more(writing, "%s %s", word_name(&disposition_words, disposition),
                   word_label(&disposition_words, disposition));
}

static void write_functions(const struct pair *pair, const struct value *value,
                            struct writing *writing)
{
    if (value->words[0] == 0)
        write_more(writing, "-");
    for (uint32_t i = 0; i < ASSIGNMENTS_MAX && value->words[i] != 0; i++)
        write_more(writing, "%s%.*s", i > 0 ? "、" : "",
                   SPAN_ARG(pair_function_name(pair, value->words[i] - 1)));
}

static void write_category(const struct pair *pair, uint32_t number, struct writing *writing)
{
    if (number == 0)
        write_more(writing, "-");
    else
        write_more(writing, "#%.*s %.*s", SPAN_ARG(pair_category_code(pair, number - 1)),
                   SPAN_ARG(pair_category_name(pair, number - 1)));
}

static void write_clock(const struct value *value, struct writing *writing)
{
    for (size_t i = 0; i < 2; i++) {
        struct time_limit limit = {.count = value->words[2 * i],
                                   .natural = value->words[2 * i + 1] != 0};
        char text[TIME_LIMIT_BYTES_MAX];
        size_t bytes = time_limit_format(limit, text);
        write_more(writing, "%s%.*s", i > 0 ? ", sign " : "", bytes > 0 ? (int)bytes : 1,
                   bytes > 0 ? text : "-");
    }
}

size_t change_value_text(const struct pair *pair, uint32_t aspect, const struct value *value,
                         char text[CHANGE_TEXT_BYTES_MAX])
{
    struct writing writing = {.text = text};
    text[0] = '\0';
    switch ((enum aspect)aspect) {
    case ASPECT_WHERE:
        write_end(pair, value->words[0], &writing);
        break;
    case ASPECT_CO:
    case ASPECT_INFORMED:
        write_functions(pair, value, &writing);
        break;
    case ASPECT_CATEGORY:
        write_category(pair, value->words[0], &writing);
        break;
    case ASPECT_URGENCY:
        write_more(&writing, "%s %s", word_name(&urgency_words, value->words[0]),
                   word_label(&urgency_words, value->words[0]));
        break;
    case ASPECT_CLOCK:
        write_clock(value, &writing);
        break;
    case ASPECT_REPORTER:
        write_more(&writing, "%s", value->words[0] != 0 ? "shown 显示" : "withheld 隐去");
        break;
    case ASPECTS:
        break;
    }
    return writing.used;
}
