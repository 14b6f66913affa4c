#include "tools/rules/expectation.h"

#include "domain/city/sheet.h"
#include "domain/rules/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What is expected, in the order of `expected_names`. */
enum {
    EXPECT_UNIT,
    EXPECT_TIER,
    EXPECT_ROW,
    EXPECT_DISPOSITION,
    EXPECT_CATEGORY,
    EXPECT_URGENCY,
    EXPECT_LIMIT,
    EXPECT_CO,
    EXPECT_INFORMED,
    EXPECT_REPORTER,
    EXPECTED
};

static const char *const expected_names[EXPECTED] = {"unit",     "tier",    "row",   "disposition",
                                                     "category", "urgency", "limit", "co",
                                                     "informed", "reporter"};

enum { LIST_BYTES = 8 * (UNIT_KEY_BYTES_MAX + 2) };

_Static_assert((int)EXPECTED == (int)EXPECTATION_MEMBERS, "one for each");

void expectation_members(struct circumstances_more members[EXPECTATION_MEMBERS])
{
    for (uint32_t i = 0; i < EXPECTATION_MEMBERS; i++)
        members[i] = (struct circumstances_more){.name = expected_names[i]};
}

void expectation_begin(const struct policy *policy, struct expectation *expectation)
{
    *expectation = (struct expectation){.policy = policy};
    expectation_members(expectation->members);
}

void expectation_complain(struct expectation *expectation, const char *format, ...)
{
    va_list arguments;
    if (expectation->used > 0 && expectation->used + 2 < sizeof expectation->fault)
        expectation->used += (size_t)sprintf(expectation->fault + expectation->used, "; ");
    va_start(arguments, format);
    int bytes = vsnprintf(expectation->fault + expectation->used,
                          sizeof expectation->fault - expectation->used, format, arguments);
    va_end(arguments);
    expectation->used += (size_t)bytes;
    if (expectation->used >= sizeof expectation->fault)
        expectation->used = sizeof expectation->fault - 1;
}

static struct span expected(const struct expectation *expectation, uint32_t which)
{
    return expectation->members[which].text;
}

bool expectation_has_unit(const struct expectation *expectation)
{
    return expected(expectation, EXPECT_UNIT).bytes > 0;
}

/* -- units and rows ---------------------------------------------------------------------------- */

static struct span unit_of(const struct policy *policy, const struct decision *decision,
                           uint32_t index)
{
    return unit_key(policy->city, decision->assignments[index].unit);
}

/* Who named the main unit's function, or that it is not dispatched. */
static struct span deciding_row(const struct policy *policy, const struct decision *decision)
{
    const struct rules *rules = policy->rules;
    for (uint32_t i = 0; i < decision->rows_count; i++) {
        struct row row = decision->rows[i];
        const struct table *table = rules_table(rules, row.table);
        if (table->weights != NULL)
            continue;
        const struct row_outputs *outputs = row.row < table->rows_count
                                                ? &table->rows[row.row].outputs
                                                : &table->otherwise->outputs;
        if (decision->disposition == DISPOSITION_DISPATCH
                ? outputs->function.index != FUNCTION_NONE.index
                : outputs->disposition == decision->disposition)
            return rules_row_name(rules, row);
    }
    return span_of_string("no row");
}

static void check_unit(struct expectation *expectation, const struct decision *decision)
{
    const struct policy *policy = expectation->policy;
    const struct city *city = policy->city;
    struct span key = unit_of(policy, decision, 0);
    struct span wanted = expected(expectation, EXPECT_UNIT);
    if (span_equal(key, wanted))
        return;
    if (city_unit_by_key(city, wanted).index == UNIT_NONE.index)
        expectation_complain(expectation, "there is no unit %.*s", SPAN_ARG(wanted));
    expectation_complain(expectation, "it goes to %.*s %.*s by %.*s, and not to %.*s",
                         SPAN_ARG(key), SPAN_ARG(unit_name(city, decision->assignments[0].unit)),
                         SPAN_ARG(deciding_row(policy, decision)), SPAN_ARG(wanted));
}

/* The next of a list with commas, trimmed. False at its end. */
static bool next_item(struct span *list, struct span *item)
{
    while (list->bytes > 0) {
        const uint8_t *comma = memchr(list->data, ',', list->bytes);
        size_t bytes = comma != NULL ? (size_t)(comma - list->data) : list->bytes;
        *item = sheet_trim(span_of(list->data, bytes));
        bytes += comma != NULL;
        *list = span_of(list->data + bytes, list->bytes - bytes);
        if (item->bytes > 0)
            return true;
    }
    return false;
}

static bool cites(const struct policy *policy, const struct decision *decision, struct span name)
{
    for (uint32_t i = 0; i < decision->rows_count; i++)
        if (span_equal(rules_row_name(policy->rules, decision->rows[i]), name))
            return true;
    return false;
}

/* The row of the same table that is cited instead. */
static struct span cited_instead(const struct policy *policy, const struct decision *decision,
                                 struct row row)
{
    for (uint32_t i = 0; i < decision->rows_count; i++)
        if (decision->rows[i].table == row.table)
            return rules_row_name(policy->rules, decision->rows[i]);
    return span_of_string("no row of that table");
}

static void check_rows(struct expectation *expectation, const struct decision *decision)
{
    const struct policy *policy = expectation->policy;
    struct span list = expected(expectation, EXPECT_ROW);
    struct span name;
    struct row row;
    while (next_item(&list, &name))
        if (!rules_find_row(policy->rules, name, &row))
            expectation_complain(expectation, "the book has no row %.*s", SPAN_ARG(name));
        else if (!cites(policy, decision, name))
            expectation_complain(expectation, "%.*s holds, and not %.*s",
                                 SPAN_ARG(cited_instead(policy, decision, row)), SPAN_ARG(name));
}

/* -- all else ---------------------------------------------------------------------------------- */

static void check_text(struct expectation *expectation, uint32_t which, struct span came)
{
    struct span wanted = expected(expectation, which);
    if (came.bytes == 0)
        came = span_of_string("absent");
    if (wanted.bytes > 0 && !span_equal(wanted, came))
        expectation_complain(expectation, "%s is %.*s, and not %.*s", expected_names[which],
                             SPAN_ARG(came), SPAN_ARG(wanted));
}

static void check_category(struct expectation *expectation, const struct decision *decision)
{
    struct span wanted = expected(expectation, EXPECT_CATEGORY);
    struct span came = span_of_string("absent");
    if (decision->category.index != CATEGORY_NONE.index)
        came = category_code(expectation->policy->city, decision->category);
    expectation->members[EXPECT_CATEGORY].text = sheet_code(wanted);
    check_text(expectation, EXPECT_CATEGORY, came);
}

static void check_clock(struct expectation *expectation, const struct decision *decision)
{
    char limit[TIME_LIMIT_BYTES_MAX];
    check_text(expectation, EXPECT_LIMIT,
               span_of(limit, time_limit_format(decision->limit, limit)));
    check_text(expectation, EXPECT_URGENCY,
               span_of_string(word_name(&urgency_words, (uint32_t)decision->urgency)));
}

static bool has_unit(const struct policy *policy, const struct decision *decision, enum role role,
                     struct span key)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++)
        if (decision->assignments[i].role == role && span_equal(unit_of(policy, decision, i), key))
            return true;
    return false;
}

/* Does a list name all that have it in this role? */
static bool names_all(const struct policy *policy, const struct decision *decision, enum role role,
                      struct span list)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        struct span rest = list;
        struct span key = {0};
        bool named = decision->assignments[i].role != role;
        while (!named && next_item(&rest, &key))
            named = span_equal(key, unit_of(policy, decision, i));
        if (!named)
            return false;
    }
    return true;
}

static void list_units(const struct policy *policy, const struct decision *decision, enum role role,
                       char text[LIST_BYTES])
{
    uint32_t count = 0;
    text += sprintf(text, "%s", "");
    for (uint32_t i = 0; i < decision->assignments_count; i++)
        if (decision->assignments[i].role == role)
            text += sprintf(text, "%s%.*s", count++ > 0 ? ", " : "",
                            SPAN_ARG(unit_of(policy, decision, i)));
    if (count == 0)
        sprintf(text, "none");
}

_Static_assert(ASSIGNMENTS_MAX *(UNIT_KEY_BYTES_MAX + 2) <= LIST_BYTES, "all units there may be");

static void check_units(struct expectation *expectation, uint32_t which, enum role role,
                        const struct decision *decision)
{
    const struct policy *policy = expectation->policy;
    struct span wanted = expected(expectation, which);
    struct span rest = wanted;
    struct span key;
    char came[LIST_BYTES];
    if (wanted.bytes == 0)
        return;
    bool right = names_all(policy, decision, role, wanted);
    while (right && !span_is(wanted, "none") && next_item(&rest, &key))
        right = has_unit(policy, decision, role, key);
    list_units(policy, decision, role, came);
    if (!right)
        expectation_complain(expectation, "%s: %s, and not %.*s", expected_names[which], came,
                             SPAN_ARG(wanted));
}

void expectation_check(struct expectation *expectation, const struct decision *decision)
{
    struct circumstances_more *disposition = &expectation->members[EXPECT_DISPOSITION];
    if (disposition->text.bytes == 0)
        disposition->text = span_of_string("dispatch");
    check_text(expectation, EXPECT_DISPOSITION,
               span_of_string(word_name(&disposition_words, (uint32_t)decision->disposition)));
    check_unit(expectation, decision);
    check_text(expectation, EXPECT_TIER,
               span_of_string(word_name(&tier_words, (uint32_t)decision->tier)));
    check_rows(expectation, decision);
    check_category(expectation, decision);
    check_clock(expectation, decision);
    check_units(expectation, EXPECT_CO, ROLE_CO, decision);
    check_units(expectation, EXPECT_INFORMED, ROLE_INFORMED, decision);
    check_text(expectation, EXPECT_REPORTER,
               span_of_string(decision->reporter_shown ? "shown" : "withheld"));
}
